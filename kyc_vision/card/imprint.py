"""What the print itself says of where the card is: label rows and the portrait's sides, without reading a word.

On a view of the card that is about right, the rows' comb (comb.py) is found first; then, one by one, the labels' middle
lines and left ends and the portrait's sides. They are landmarks: they tell whether this is an e-KTP, which way up, how
far the print floats, and where the outline is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision import layout
from kyc_vision.card.comb import LETTER_MM, Comb, match
from kyc_vision.geometry import homography_from_points, warp
from kyc_vision.ink import STROKE_MM, strokes
from kyc_vision.types import Pixels, Quad

Profile = NDArray[np.float64]

#: Resolution of the view: capitals of 1.55 mm are 12 px high.
VIEW_PX_PER_MM = 8.0
#: Rows are looked for one by one this near to where the comb has them, left ends this near to where they belong.
ROW_REACH_MM, START_REACH_MM, SIDE_REACH_MM = 0.9, 2.2, 3.0
#: Ink of a row over what is beside it, at least, for its landmarks to count.
MIN_CONTRAST = 0.08


@dataclass(frozen=True, slots=True, eq=False)
class Imprint:
    """Landmarks of the print on a view of the card.

    Attributes:
        score: −1 to 1, how well the labels' column agrees with the comb of the best hypothesis.
        wrapped: the rows that take a further line, once for each, by that hypothesis.
        found_mm: (N, 2) landmarks on the view; NaN along a line, or where a label's left end was not found.
        places_mm: (N, 2) where the layout puts them.
    """

    score: float
    wrapped: tuple[str, ...]
    found_mm: Profile
    places_mm: Profile


def imprint(pixels: Pixels, quad: Quad) -> Imprint:
    """Look for the print on the card that quad outlines.

    Args:
        pixels: (H, W, 3) uint8 RGB, upright selfie.
        quad: TL, TR, BR, BL of the card, to about 4 % of its width.
    """
    target = layout.outline_mm() * VIEW_PX_PER_MM - 0.5
    size = (round(layout.CARD_WH_MM[0] * VIEW_PX_PER_MM), round(layout.CARD_WH_MM[1] * VIEW_PX_PER_MM))
    view = warp(pixels, homography_from_points(np.asarray(quad, dtype=np.float64), target), size)
    grey = np.asarray(cv2.cvtColor(view, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    ink = _ink(grey)
    comb = match(ink, VIEW_PX_PER_MM)
    marks = [*_rows(ink, comb), *_portrait_sides(view)]
    return Imprint(
        comb.score,
        comb.wrapped,
        np.array([found for found, _ in marks]).reshape(-1, 2),
        np.array([place for _, place in marks]).reshape(-1, 2),
    )


def _ink(grey: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(H, W) 0–1: thin dark strokes, in units of the strongest in their neighbourhood."""
    dark = strokes(grey, VIEW_PX_PER_MM)
    size = 8 * (round(STROKE_MM * VIEW_PX_PER_MM) | 1)
    level = cv2.blur(dark, (size, size))
    return np.asarray(np.clip(dark / (3.0 * level + 4.0), 0, 1), dtype=np.float32)


def _mm(value: float) -> int:
    """Millimetres → pixels of the view."""
    return round(value * VIEW_PX_PER_MM)


def _rows(ink: NDArray[np.float32], comb: Comb) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Left end and middle line of each label that shows."""
    first = layout.ROWS[0].y_mm
    centres = layout.row_centres_mm(comb.wrapped)
    marks = []
    for row in layout.ROWS:
        expected = first + (centres[row.field] - first) * comb.scale + comb.shift_mm
        width = LETTER_MM * len(row.label)
        y_mm = _middle(ink, row.label_x_mm, width, expected)
        if y_mm is None:
            continue
        x_mm = _start(ink, row.label_x_mm, y_mm)
        marks.append(((np.nan if x_mm is None else x_mm, y_mm), (row.label_x_mm, centres[row.field])))
    return marks


def _middle(ink: NDArray[np.float32], x_mm: float, width_mm: float, expected_mm: float) -> float | None:
    """Middle line of a label: where a window of its height holds the most ink; None where none stands out."""
    part = ink[:, _mm(x_mm) : _mm(x_mm + width_mm)].mean(axis=1)
    tall = _mm(1.55) | 1
    held = cv2.blur(part.reshape(-1, 1).astype(np.float32), (1, tall))[:, 0]
    low, high = _mm(expected_mm - ROW_REACH_MM), _mm(expected_mm + ROW_REACH_MM) + 1
    if low < 1 or high > len(held) - 1:
        return None
    peak = low + int(held[low:high].argmax())
    beside = (held[max(0, peak - _mm(1.25))] + held[min(len(held) - 1, peak + _mm(1.25))]) / 2
    if held[peak] - beside < MIN_CONTRAST or peak in (low, high - 1):
        return None
    a, b, c = held[peak - 1], held[peak], held[peak + 1]
    finer = 0.5 * (a - c) / (a - 2 * b + c) if a - 2 * b + c < 0 else 0.0
    return float((peak + 0.5 + finer) / VIEW_PX_PER_MM)


def _start(ink: NDArray[np.float32], x_mm: float, y_mm: float) -> float | None:
    """Left end of a label on a line: the strongest rise from empty to ink."""
    half = 0.85
    line = ink[_mm(y_mm - half) : _mm(y_mm + half)].mean(axis=0)
    wide = _mm(0.9)
    sums = np.concatenate([[0.0], np.cumsum(line, dtype=np.float64)])
    at = np.arange(max(wide, _mm(x_mm - START_REACH_MM)), _mm(x_mm + START_REACH_MM))
    rise = (sums[at + wide] - sums[at]) / wide - 2.0 * (sums[at] - sums[at - wide]) / wide
    best = int(rise.argmax())
    return float(at[best] / VIEW_PX_PER_MM) if rise[best] > MIN_CONTRAST else None


def _portrait_sides(view: Pixels) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """The portrait's four sides, each a line across x or y; only those with a clear step of colour."""
    lab = cv2.cvtColor(cv2.GaussianBlur(view, (3, 3), 0), cv2.COLOR_RGB2LAB).astype(np.float32)
    x, y, w, h = layout.PORTRAIT_MM
    marks: list[tuple[tuple[float, float], tuple[float, float]]] = []
    across = lab[_mm(y + 2) : _mm(y + 0.45 * h), :].mean(axis=0)
    down = lab[:, _mm(x + 2) : _mm(x + w - 2)].mean(axis=1)
    for place in (x, x + w):
        if (found := _step(across, place)) is not None:
            marks.append(((found, np.nan), (place, y + h / 2)))
    for place in (y, y + h):
        if (found := _step(down, place)) is not None:
            marks.append(((np.nan, found), (x + w / 2, place)))
    return marks


def _step(profile: NDArray[np.float32], place_mm: float) -> float | None:
    """Where (mm) a (N, 3) profile of colours changes most, near a place; None where it changes little."""
    wide = _mm(0.8)
    at = np.arange(max(wide, _mm(place_mm - SIDE_REACH_MM)), min(len(profile) - wide, _mm(place_mm + SIDE_REACH_MM)))
    sums = np.concatenate([np.zeros((1, 3)), np.cumsum(profile, axis=0, dtype=np.float64)])
    change = np.linalg.norm(sums[at + wide] - 2 * sums[at] + sums[at - wide], axis=1) / wide
    best = int(change.argmax())
    return float(at[best] / VIEW_PX_PER_MM) if change[best] > 12.0 else None
