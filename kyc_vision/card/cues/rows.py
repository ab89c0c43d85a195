"""Rows of values: where the middle line of each is, to a few hundredths of a millimetre."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision import layout
from kyc_vision.ink import strokes
from kyc_vision.types import RectifiedCard

Ink = NDArray[np.float32]
PX_PER_MM = 8.0
#: The part of the card that holds the values: left, top, right, bottom.
_BLOCK_MM = (layout.VALUE_X_MM - 2.0, layout.ROWS[0].y_mm - 3.5, layout.VALUE_END_X_MM + 1.0, 53.0)
#: A line is looked for this far up and down from its place, measured within a band this high.
_REACH_MM, _BAND_MM = 0.8, 1.9
#: Of the darkest strokes at a value's beginning, the share that makes a column one with ink; ink beyond a gap so wide
#: is another thing's.
_INKED, _GAP_MM = 0.13, 2.2
#: Of a line's columns so many hold ink, at least: where few do, it is the ground's pattern on a blurred card.
_SHORTEST_MM, _FILLED = 3.0, 0.6
#: Capitals are as high as the card's, or it was not capitals that were measured.
_LOW, _HIGH = 0.6, 1.5


@dataclass(frozen=True, slots=True)
class ValueLine:
    """One line of a value.

    Attributes:
        field: of the row.
        number: of the line in the text block, from 0; a row's further lines count.
        middle_mm: halfway between the upper and lower edge of its capitals.
        start_mm, end_mm: of its ink.
    """

    field: str
    number: int
    middle_mm: float
    start_mm: float
    end_mm: float


def value_lines(card: RectifiedCard) -> list[ValueLine]:
    """Every line of values that shows clearly enough to be measured, from top to bottom."""
    ink = _ink(card)
    found, number = [], 0
    centres = layout.row_centres_mm(card.wrapped)
    for row in layout.ROWS:
        for k in range(1 + card.wrapped.count(row.field)):
            end = layout.BLOOD_LABEL_X_MM - 1.0 if row.field == "sex" else layout.VALUE_END_X_MM
            y_mm = centres[row.field] + k * layout.ROW_PITCH_MM
            if (line := _measure(ink, (layout.VALUE_X_MM - 0.55, end), y_mm)) is not None:
                found.append(ValueLine(row.field, number, *line))
            number += 1
    return found


def _ink(card: RectifiedCard) -> Ink:
    """(H, W) 0–1 of _BLOCK_MM at PX_PER_MM, by how much strokes are darker than the ground beside them."""
    x0, y0, x1, y1 = (round(v * card.px_per_mm) for v in _BLOCK_MM)
    grey = cv2.cvtColor(card.pixels[y0:y1, x0:x1], cv2.COLOR_RGB2GRAY)
    size_wh = (_px((x1 - x0) / card.px_per_mm), _px((y1 - y0) / card.px_per_mm))
    small = np.asarray(cv2.resize(grey, size_wh, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    dark = strokes(small, PX_PER_MM)
    return np.asarray(dark / (small + dark + 1.0), dtype=np.float32)


def _px(mm: float) -> int:
    return round(mm * PX_PER_MM)


def _measure(ink: Ink, across_mm: tuple[float, float], y_mm: float) -> tuple[float, float, float] | None:
    """Middle line, start and end (mm) of the capitals near y_mm; None where there are none to be measured."""
    left, top = _px(across_mm[0] - _BLOCK_MM[0]), _px(y_mm - _BAND_MM - _BLOCK_MM[1])
    band = ink[top : top + _px(2 * _BAND_MM), left : _px(across_mm[1] - _BLOCK_MM[0])]
    ends = _ends(band)
    if ends is None:
        return None
    profile = band[:, ends[0] : ends[1] + 1].mean(axis=1)
    profile = profile - min(profile[:3].mean(), profile[-3:].mean())
    edges = _edges(profile)
    if edges is None:
        return None
    middle = _BLOCK_MM[1] + (top + (edges[0] + edges[1]) / 2 + 0.5) / PX_PER_MM
    start, end = (_BLOCK_MM[0] + (left + column) / PX_PER_MM for column in (ends[0], ends[1] + 1))
    return middle, start, end


def _ends(band: Ink) -> tuple[int, int] | None:
    """First and last column of the line's ink."""
    half = len(band) // 2
    columns = band[half - _px(0.7) : half + _px(0.7)].mean(axis=0)
    columns = cv2.blur(columns.reshape(1, -1), (3, 1))[0]
    inked = np.flatnonzero(columns > _INKED * np.percentile(band[:, : _px(12.5)], 97))
    if not len(inked):
        return None
    gaps = np.flatnonzero(np.diff(inked) > _px(_GAP_MM))
    first, last = int(inked[0]), int(inked[gaps[0] if len(gaps) else -1])
    filled = np.count_nonzero(inked <= last) / (last - first + 1)
    return (first, last) if last - first >= _px(_SHORTEST_MM) and filled >= _FILLED else None


def _edges(profile: Ink) -> tuple[float, float] | None:
    """Upper and lower edge of the capitals, px: where the rows' ink falls to half of what it is between."""
    half, middle = _px(layout.CAP_HEIGHT_MM) // 2, len(profile) // 2
    held = cv2.blur(profile.reshape(-1, 1), (1, _px(layout.CAP_HEIGHT_MM) | 1))[:, 0]
    reach = _px(_REACH_MM)
    centre = middle - reach + int(held[middle - reach : middle + reach + 1].argmax())
    level = 0.5 * float(np.median(profile[centre - half + 1 : centre + half]))
    # Within the capitals rows may hold little: looked for from near their edges outward.
    above = np.flatnonzero(profile[: centre - half + 2] < level)
    below = centre + half - 1 + np.flatnonzero(profile[centre + half - 1 :] < level)
    if level <= 0 or not len(above) or not len(below):
        return None
    i, j = int(above[-1]), int(below[0])
    # Where a profile does not rise at once (a pattern, no letters) its edge is at the row itself.
    upper = i + (level - profile[i]) / max(profile[i + 1] - profile[i], level - profile[i])
    lower = j - (level - profile[j]) / max(profile[j - 1] - profile[j], level - profile[j])
    return (float(upper), float(lower)) if _LOW <= (lower - upper) / _px(layout.CAP_HEIGHT_MM) <= _HIGH else None
