"""Rows as cards print them: a line with the lines above and below it, and the colon before it."""

from __future__ import annotations

import numpy as np

from kyc_vision import layout
from kyc_vision.ocr.ctc import CHARSET
from training.ctc.size import Size
from training.ctc.strip import Drawn, draw
from training.ctc.typeface import any_sans
from training.rows.text import row

SYMBOLS = CHARSET
#: Share of cuts that reach beyond the text: specks of a noisy ground were taken for ink.
_TAILED = 0.25
SIZE = Size(half=24, quarter=40, eighth=72, columns=136, blocks=4)


def draw_line(rng: np.random.Generator) -> Drawn:
    """A row's value, or in one of eight a line of the header, whose capitals are higher."""
    header = rng.random() < 0.12
    cap_mm = (layout.HEADER_HEIGHT_MM if header else layout.CAP_HEIGHT_MM) * float(rng.uniform(0.95, 1.05))
    above, below = (row(rng) if rng.random() < 0.8 and not header else "" for _ in range(2))
    colon = ":" if rng.random() < 0.8 and not header else ""
    tail_mm = float(rng.uniform(0, 14)) if rng.random() < _TAILED else 0.0
    return draw(row(rng), any_sans(rng), cap_mm, (above, below, colon), tail_mm)
