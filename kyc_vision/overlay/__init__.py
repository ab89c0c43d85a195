"""What was found, as one picture: for people who would rather look than read.

The selfie with what has a place on it; beside it, or below where it is wider than high, what the verdict rests on. No
printed value is written out.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from kyc_vision.overlay.marks import marked
from kyc_vision.overlay.panel import blocks
from kyc_vision.overlay.pens import PAPER
from kyc_vision.types import Pixels, Verification

#: Of the whole, and of the selfie where it stands beside the panel; px.
WIDTH_PX, BESIDE_WH_PX = 1600, (900, 1500)
_BELOW_WH_PX = (1600, 1200)
_MARGIN_PX = 24


def draw(verification: Verification, needed: float | None = None) -> Pixels:
    """(H, 1600, 3) RGB: the selfie with its marks at the top left, and the panel.

    Args:
        verification: what was found.
        needed: the confidence that approval needs, to be drawn beside the one that was reached.
    """
    wide, high = verification.evidence.image.size_wh
    if wide > high:
        selfie = marked(verification, _BELOW_WH_PX)
        column = (WIDTH_PX - 3 * _MARGIN_PX) // 2
        found = list(blocks(verification, column, needed))
        middle = _half(found)
        below = _beside([_stacked(found[:middle]), _stacked(found[middle:])])
        return _stacked([selfie, below], 0)
    selfie = marked(verification, BESIDE_WH_PX)
    column = WIDTH_PX - selfie.shape[1] - 2 * _MARGIN_PX
    return _beside([_stacked(list(blocks(verification, column, needed)))], selfie)


def save_overlay(verification: Verification, path: Path, needed: float | None = None) -> None:
    """Write draw()'s picture as a PNG; its folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _, coded = cv2.imencode(".png", cv2.cvtColor(draw(verification, needed), cv2.COLOR_RGB2BGR))
    path.write_bytes(coded.tobytes())


def _half(found: Sequence[Pixels]) -> int:
    """How many of the blocks make the first of two columns that are about as long as each other."""
    heights = np.cumsum([one.shape[0] for one in found])
    return int(np.abs(heights - heights[-1] / 2).argmin()) + 1


def _stacked(found: Sequence[Pixels], gap: int = 14) -> Pixels:
    """One below the other, as wide as the widest."""
    wide = max((one.shape[1] for one in found), default=1)
    canvas = np.full((sum(one.shape[0] + gap for one in found), wide, 3), PAPER[0], dtype=np.uint8)
    top = 0
    for one in found:
        canvas[top : top + one.shape[0], : one.shape[1]] = one
        top += one.shape[0] + gap
    return canvas


def _beside(columns: Sequence[Pixels], selfie: Pixels | None = None) -> Pixels:
    """(H, WIDTH_PX, 3): the selfie at the very left, where there is one, then the columns with margins about them."""
    high = max(one.shape[0] + 2 * _MARGIN_PX for one in columns)
    canvas = np.full((max(high, selfie.shape[0] if selfie is not None else 0), WIDTH_PX, 3), PAPER[0], dtype=np.uint8)
    left = 0
    if selfie is not None:
        canvas[: selfie.shape[0], : selfie.shape[1]] = selfie
        left = selfie.shape[1]
    for one in columns:
        left += _MARGIN_PX
        canvas[_MARGIN_PX : _MARGIN_PX + one.shape[0], left : left + one.shape[1]] = one
        left += one.shape[1]
    return canvas
