"""A line cut out of a picture at the size that our own readers look at; training cuts the same way."""

from __future__ import annotations

import cv2
import numpy as np

from kyc_vision.types import Pixels, Quad

#: Height of a cut line. Capitals of 1.55 mm in a cut of 3.2 mm are 11.6 px high: a card 480 px wide shows them 8.7 px.
HEIGHT_PX = 24
#: Lines are widened by so much: narrow letters in pairs (II, LL) need steps of their own.
_WIDEN = 1.33
#: Columns of the network's steps, and the least and greatest width.
_STEP_PX, _MIN_PX, _MAX_PX = 4, 48, 800


def line_width_px(width_mm: float, height_mm: float) -> int:
    """Width of a cut line, a whole number of steps."""
    steps = round(HEIGHT_PX * _WIDEN * width_mm / max(height_mm, 1e-3) / _STEP_PX)
    return int(np.clip(steps * _STEP_PX, _MIN_PX, _MAX_PX))


def cut_line(pixels: Pixels, quad: Quad) -> Pixels:
    """(HEIGHT_PX, W, 3) uint8 RGB of the line inside a quad (TL, TR, BR, BL in reading direction)."""
    return straightened(pixels, quad, (line_width_px(*line_size(quad)), HEIGHT_PX))


def line_size(quad: Quad) -> tuple[float, float]:
    """Width and height of a quad, each the mean of two sides."""
    sides = np.linalg.norm(np.roll(quad, -1, axis=0) - quad, axis=1)
    return float(sides[[0, 2]].mean()), float(sides[[1, 3]].mean())


def straightened(pixels: Pixels, quad: Quad, size_wh: tuple[int, int]) -> Pixels:
    """(H, W, 3) uint8 RGB of what is inside a quad, its corners in those of the picture."""
    width, height = size_wh
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    transform = cv2.getPerspectiveTransform(np.asarray(quad, dtype=np.float32), target)
    line = cv2.warpPerspective(pixels, transform, size_wh, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(line, dtype=np.uint8)
