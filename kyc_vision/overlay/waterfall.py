"""From 1.00 down to the confidence: one bar for each doubt, the longest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from kyc_vision.overlay.pens import FAINT, INK, PAPER, RED, Colour, text, width_px
from kyc_vision.types import Doubt, Pixels

OTHERS = "others"
#: A confidence above the first number is drawn on an axis that begins at the second: small losses would not show.
_CLOSE, _CLOSE_FROM = 0.85, 0.8
#: Doubts that take less (on the long axis, on the short one), and all beyond so many, are summed as one.
_SMALL, _SMALL_CLOSE, _MOST = 0.01, 0.002, 7
_ROW_PX, _LABEL_PX, _NUMBER_PX, _AXIS_PX = 32, 212, 84, 48


@dataclass(frozen=True, slots=True)
class Step:
    """One bar: its cause, and the confidence before and after it, 0–1."""

    cause: str
    before: float
    after: float


def steps(doubts: Sequence[Doubt], confidence: float) -> tuple[Step, ...]:
    """Bars that lead from 1 to the confidence without a gap; the small ones come last, as one."""
    falling = sorted(doubts, key=lambda one: one.lost, reverse=True)
    small = _SMALL_CLOSE if confidence > _CLOSE else _SMALL
    large = [one for one in falling[:_MOST] if one.lost >= small]
    found, level = [], 1.0
    for one in large:
        found.append(Step(one.cause, level, max(confidence, level - one.lost)))
        level = found[-1].after
    if level > confidence and len(falling) > len(large):
        found.append(Step(OTHERS, level, confidence))
    return tuple(found)


def waterfall(doubts: Sequence[Doubt], confidence: float, colour: Colour, width: int, needed: float | None) -> Pixels:
    """The bars as a picture on white.

    Args:
        doubts: what the confidence lost, and by what.
        confidence: what remained.
        colour: of the bar of what remained.
        width: of the picture, px.
        needed: the confidence that approval needs, drawn as a line where it is known.
    """
    bars = steps(doubts, confidence)
    low = _CLOSE_FROM if confidence > _CLOSE else 0.0
    left, right = _LABEL_PX, width - _NUMBER_PX
    canvas = np.full((_ROW_PX * (len(bars) + 2) + _AXIS_PX, width, 3), PAPER[0], dtype=np.uint8)

    def x_of(level: float) -> int:
        return round(left + (right - left) * (level - low) / (1 - low))

    bottom = _ROW_PX * (len(bars) + 2)
    for tick in np.linspace(low, 1.0, 5):
        cv2.line(canvas, (x_of(tick), 0), (x_of(tick), bottom), FAINT, 1)
        text(canvas, f"{tick:.2f}", (x_of(tick) - 18, bottom + 20), 0.45)
    if needed is not None and needed >= low:
        for y in range(0, bottom, 10):
            cv2.line(canvas, (x_of(needed), y), (x_of(needed), y + 5), INK, 2)
        words = f"needed {needed:.3f}"
        text(canvas, words, (min(x_of(needed), width - width_px(words, 0.45)) - 20, bottom + 42), 0.45)
    rows = [("before any doubt", (left, x_of(1.0)), "1.000", INK)]
    for step in bars:
        lost = f"-{step.before - step.after:.3f}"
        rows.append((step.cause.replace("_", " "), (x_of(step.after), x_of(step.before)), lost, RED))
    rows.append(("confidence", (left, x_of(confidence)), f"{confidence:.3f}", colour))
    for i, (label, (start, end), number, ink) in enumerate(rows):
        top, base = i * _ROW_PX + 6, (i + 1) * _ROW_PX - 6
        text(canvas, label, (0, base - 3), 0.55)
        cv2.rectangle(canvas, (start, top), (max(end, start + 2), base), ink, -1)
        text(canvas, number, (right + 12, base - 3), 0.55)
    return canvas
