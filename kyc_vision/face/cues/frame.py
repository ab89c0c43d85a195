"""Four nearly straight lines about the whole scene: the rim of a display or of a sheet of paper.

A door, a window or a wall's corner behind a person is straight too, but the person stands before it: its lower side
is hidden. The rim of a picture of a picture runs on below, across what would be the person's chest.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision.geometry import Points, is_convex, meet, polygon_area, thumbnail
from kyc_vision.types import Cue, Image, Pixels, cannot_tell, polygon

Array = NDArray[np.float32]
#: Lines are looked for in a picture this long, px: a rim of 2 % is 4 px wide there.
_LONG_PX = 200
#: A side is looked for within this share of the picture from its border, and so steep at most (10°).
_REACH, _STEEPEST, _STEPS = 0.32, 0.18, 19
#: Share of a side's length that is looked at, in its middle: corners may be rounded or out of the picture.
_MIDDLE = 0.8
#: A step in grey per px that counts half: paper on a table and a bezel on a dark room both have more.
_FAINT = 2.5


@dataclass(frozen=True, slots=True)
class Side:
    """The straightest line near one border.

    Attributes:
        support: 0–1, mean of the step across it, of one sign, over all edges there.
        at, slope: its place at the border's middle and its change per px along the border, px of the small picture.
    """

    support: float
    at: float
    slope: float


def scene_frame(selfie: Image) -> Cue:
    """How well the least of four sides is a straight step from end to end, 0–1."""
    width, height = selfie.size_wh
    scale = _LONG_PX / max(width, height)
    if scale >= 1:
        return cannot_tell("scene_frame", "the picture is too small")
    small = thumbnail(selfie.pixels, (max(1, round(width * scale)), max(1, round(height * scale))))
    sides = _sides(small)
    corners = _corners(sides, small.shape[:2])
    if not is_convex(corners) or polygon_area(corners) < 0.2 * small.shape[0] * small.shape[1]:
        return Cue("scene_frame", 0.0, None, "no four lines close")
    # Pixel centres: x = (x_small + 0.5) / scale − 0.5.
    place = (corners + 0.5) * [width / small.shape[1], height / small.shape[0]] - 0.5
    names = ("left", "right", "upper", "lower")
    least = min(range(4), key=lambda i: sides[i].support)
    detail = f"the weakest of the four sides is the {names[least]} one"
    return Cue("scene_frame", round(sides[least].support, 4), polygon(place), detail)


def _sides(small: Pixels) -> tuple[Side, Side, Side, Side]:
    """Left, right, upper and lower."""
    grey = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32), (0, 0), 0.8)
    gx, gy = (cv2.Scharr(grey, cv2.CV_32F, *order) / np.float32(32) for order in ((1, 0), (0, 1)))
    length = np.sqrt(gx * gx + gy * gy + np.float32(_FAINT**2))
    across, down = (np.asarray(g / length, dtype=np.float32) for g in (gx, gy))
    left, right = _side(across), _mirrored(_side(across[:, ::-1]), small.shape[1])
    upper, lower = _side(down.T), _mirrored(_side(down.T[:, ::-1]), small.shape[0])
    return left, right, upper, lower


def _side(steps: Array) -> Side:
    """The best line near the left border of (H, W) steps to the right, −1 to 1."""
    height, width = steps.shape
    rows = np.arange(round((1 - _MIDDLE) / 2 * height), round((1 + _MIDDLE) / 2 * height), 2)
    reach = round(_REACH * width)
    columns = np.arange(2, reach)
    best = Side(-1.0, 0.0, 0.0)
    for slope in np.linspace(-_STEEPEST, _STEEPEST, _STEPS):
        shift = np.round(slope * (rows - height / 2)).astype(int)
        x = np.clip(columns[None, :] + shift[:, None], 0, width - 1)
        support = np.abs(steps[rows[:, None], x].mean(axis=0))
        at = int(support.argmax())
        if support[at] > best.support:
            best = Side(float(support[at]), float(columns[at]), float(slope))
    return best


def _mirrored(side: Side, width: int) -> Side:
    return Side(side.support, width - 1 - side.at, -side.slope)


def _corners(sides: tuple[Side, Side, Side, Side], size_hw: tuple[int, int]) -> Points:
    """(4, 2) TL, TR, BR, BL where the sides meet, px of the small picture."""
    height, width = size_hw
    left, right = (np.array([1.0, -s.slope, s.slope * height / 2 - s.at]) for s in sides[:2])
    upper, lower = (np.array([-s.slope, 1.0, s.slope * width / 2 - s.at]) for s in sides[2:])
    return np.stack([meet(left, upper), meet(right, upper), meet(right, lower), meet(left, lower)])
