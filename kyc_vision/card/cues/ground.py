"""The ground under NIK, name and birth against the ground above and below: was a line covered and set again?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision import layout
from kyc_vision.card.cues.places import in_selfie
from kyc_vision.card.cues.rows import ValueLine
from kyc_vision.ink import strokes
from kyc_vision.types import Box, Cue, RectifiedCard, cannot_tell

PX_PER_MM = 8.0
#: On narrower cards blur carries the ink's tint over all the ground between letters: genuine steps double below.
MIN_WIDTH_PX = 420.0
#: The part of the card that is looked at: left, top, right, bottom.
_BLOCK_MM = (18.0, 5.0, 60.0, 50.0)
#: Strokes so much darker than beside them are ink; so much about them, and so many px of the picture, is no ground.
_INK, _BESIDE_MM, _BESIDE_PX = 0.10, 0.12, 0.6
#: Half of a line's height with the ground that a patch under it takes; the NIK's, a row's.
_NIK_HALF_MM, _HALF_MM = 1.65, 1.1
#: So much ground, mm², must be free of ink on a line and beside it.
_MIN_FREE_MM2 = 2.3


@dataclass(frozen=True, slots=True, eq=False)
class _Ground:
    """Tint, (H, W, 2) logarithms of red and blue over green at PX_PER_MM; free, (H, W) where no ink is."""

    tint: NDArray[np.float32]
    free: NDArray[np.bool_]


def ground_patch(card: RectifiedCard, lines: Sequence[ValueLine]) -> Cue:
    """How far the tint of the ground under NIK, name or birth is from that above and below; hypot of logarithms.

    The ground's tint changes slowly over a card, whatever the light; a patch that hides a line was mixed by hand or
    by a program. Tint and not light is compared: ink's blur and bends darken the ground, and hardly tint it.
    """
    if card.source_width_px < MIN_WIDTH_PX:
        why = f"the card is {card.source_width_px:.0f} px wide in the picture, {MIN_WIDTH_PX:.0f} are needed"
        return cannot_tell("ground_patch", why)
    ground = _ground(card)
    worst: Cue | None = None
    for name, (own, beside) in _places(lines).items():
        here, around = _tint(ground, own), [tint for box in beside if (tint := _tint(ground, box)) is not None]
        if here is None or len(around) < len(beside):
            continue
        score = round(float(np.hypot(*(here - np.mean(around, axis=0)))), 4)
        if worst is None or worst.score is None or score > worst.score:
            worst = Cue("ground_patch", score, in_selfie(card, own), f"the ground of {name}")
    return worst or cannot_tell("ground_patch", "no line shows enough ground about it")


def _places(lines: Sequence[ValueLine]) -> dict[str, tuple[Box, tuple[Box, Box]]]:
    """Line → its box, and those of the ground above and below it; mm."""
    left, width = layout.NIK_X_MM - 0.3, layout.NIK_END_X_MM - layout.NIK_X_MM + 0.6
    y, half, pitch = layout.NIK_Y_MM, _NIK_HALF_MM, layout.ROW_PITCH_MM
    # Bands of 0.9 mm between the NIK and the lines above and below it.
    places = {
        "the NIK": (
            (left, y - half, width, 2 * half),
            ((left, y - 2.9, width, 0.9), (left, y + 2.0, width, 0.9)),
        )
    }
    for line in lines:
        if line.field not in ("name", "birth_place"):
            continue
        left, width, middle = line.start_mm - 0.3, line.end_mm - line.start_mm + 0.6, line.middle_mm
        # No line stands right above the name.
        above = middle - (_HALF_MM + 1.4 if line.field == "name" else pitch + _HALF_MM)
        high = 1.25 if line.field == "name" else 2 * _HALF_MM
        below = middle + pitch - _HALF_MM
        places[f"row {line.field}"] = (
            (left, middle - _HALF_MM, width, 2 * _HALF_MM),
            ((left, above, width, high), (left, below, width, 2 * _HALF_MM)),
        )
    return places


def _ground(card: RectifiedCard) -> _Ground:
    x0, y0, x1, y1 = (round(v * card.px_per_mm) for v in _BLOCK_MM)
    size_wh = (
        round((_BLOCK_MM[2] - _BLOCK_MM[0]) * PX_PER_MM),
        round((_BLOCK_MM[3] - _BLOCK_MM[1]) * PX_PER_MM),
    )
    small = np.asarray(cv2.resize(card.pixels[y0:y1, x0:x1], size_wh, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    grey = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    dark = strokes(grey, PX_PER_MM)
    ink = (dark / (grey + dark + 1.0) > _INK).astype(np.uint8)
    about_mm = _BESIDE_MM + _BESIDE_PX * layout.CARD_WH_MM[0] / card.source_width_px
    size = 2 * round(about_mm * PX_PER_MM) + 1
    near = cv2.dilate(ink, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))
    logs = np.asarray(cv2.LUT(small, np.log(np.arange(256, dtype=np.float32) + 4)), dtype=np.float32)
    return _Ground(logs[..., ::2] - logs[..., 1:2], np.asarray(near == 0))


def _tint(ground: _Ground, box_mm: Box) -> NDArray[np.float32] | None:
    """(2,) mean tint of the free ground in a box on the card; None where too little is free."""
    x, y, w, h = box_mm
    left, top = x - _BLOCK_MM[0], y - _BLOCK_MM[1]
    rows = slice(max(0, int(top * PX_PER_MM)), max(0, int((top + h) * PX_PER_MM)))
    columns = slice(max(0, int(left * PX_PER_MM)), max(0, int((left + w) * PX_PER_MM)))
    free = ground.free[rows, columns]
    if free.sum() < _MIN_FREE_MM2 * PX_PER_MM**2:
        return None
    return np.asarray(ground.tint[rows, columns][free].mean(axis=0), dtype=np.float32)
