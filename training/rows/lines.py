"""Rows as cards print them: a line with the lines above and below it, and the colon before it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kyc_vision import layout
from kyc_vision.ocr.ctc import CHARSET
from training.ctc.size import Size
from training.ctc.strip import FINE_PX_PER_MM, Drawn, draw
from training.ctc.typeface import any_sans
from training.rows.text import row

SYMBOLS = CHARSET
#: Share of cuts that reach beyond the text: specks of a noisy ground were taken for ink.
_TAILED = 0.25
SIZE = Size(half=24, quarter=40, eighth=72, columns=136, blocks=4)


#: Share of lines that are the blood group's; its letter is alone, so it needs many.
_BLOOD = 0.05
#: Label, colon and value of the blood group stand so far apart; the label is narrow.
_COLON_MM, _VALUE_MM, _NARROW = 0.112 * layout.CARD_WH_MM[0], 0.134 * layout.CARD_WH_MM[0], 0.85


def draw_line(rng: np.random.Generator) -> Drawn:
    """A row's value; one in eight a line of the header, whose capitals are higher, one in twenty the blood group."""
    if rng.random() < _BLOOD:
        return blood_group(rng)
    header = rng.random() < 0.12
    cap_mm = (layout.HEADER_HEIGHT_MM if header else layout.CAP_HEIGHT_MM) * float(rng.uniform(0.95, 1.05))
    above, below = (row(rng) if rng.random() < 0.8 and not header else "" for _ in range(2))
    colon = ":" if rng.random() < 0.8 and not header else ""
    tail_mm = float(rng.uniform(0, 14)) if rng.random() < _TAILED else 0.0
    return draw(row(rng), any_sans(rng), cap_mm, (above, below, colon), tail_mm)


def blood_group(rng: np.random.Generator) -> Drawn:
    """Label, colon and value, each where it is printed."""
    value = ("A", "B", "AB", "O", "-", "A+", "B+", "AB+", "O+", "A-", "B-", "AB-", "O-")[int(rng.integers(13))]
    face = any_sans(rng)
    label = draw("Gol. Darah", replace(face, narrow=_NARROW * face.narrow), layout.CAP_HEIGHT_MM, ("", "", ""), 12.0)
    mask = label.mask.copy()
    for text, at_mm in ((":", _COLON_MM), (value, _VALUE_MM)):
        piece = draw(text, face, layout.CAP_HEIGHT_MM, ("", "", ""))
        shift = round(at_mm * FINE_PX_PER_MM)
        width = min(piece.mask.shape[1], mask.shape[1] - shift)
        mask[:, shift : shift + width] = np.maximum(mask[:, shift : shift + width], piece.mask[:, :width])
        end_mm = piece.ink_mm[1] + at_mm
    tail_mm = mask.shape[1] / FINE_PX_PER_MM - end_mm - label.ink_mm[0]
    ink = (label.ink_mm[0], end_mm, label.ink_mm[2])
    return Drawn(mask, f"Gol. Darah : {value}", ink, label.height_mm, tail_mm)
