"""Lines and letters of the overlay, in colours that people with any colour vision tell apart.

Colours are near those of Okabe & Ito, Color Universal Design (2008), darker where white letters stand on them. None of
them says anything alone: what is odd is dashed and has a letter, what to do better is dotted and has a number.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision.types import Decision, Pixels

Colour = tuple[int, int, int]
#: x, y, width, height, px.
Area = tuple[int, int, int, int]
INK: Colour = (40, 40, 40)
FAINT: Colour = (205, 205, 205)
PAPER: Colour = (255, 255, 255)
BLUE: Colour = (0, 114, 178)
RED: Colour = (200, 20, 20)
ORANGE: Colour = (185, 95, 0)
OF_DECISION = {
    Decision.APPROVED: (0, 135, 95),
    Decision.REVIEW: ORANGE,
    Decision.RETAKE: BLUE,
    Decision.REJECTED: RED,
}
#: Height of a line of text of size 1, px.
LINE_PX = 42


def text(canvas: Pixels, words: str, at: tuple[int, int], size: float = 0.6, colour: Colour = INK) -> None:
    """Write at the left end of a base line; letters that the font lacks become a question mark."""
    plain = words.encode("ascii", "replace").decode()
    cv2.putText(canvas, plain, at, cv2.FONT_HERSHEY_DUPLEX, size, colour, 1, cv2.LINE_AA)


def width_px(words: str, size: float = 0.6) -> int:
    """How wide text() makes it."""
    (wide, _), _ = cv2.getTextSize(words, cv2.FONT_HERSHEY_DUPLEX, size, 1)
    return int(wide)


def wrapped(words: str, width: int, size: float = 0.6) -> list[str]:
    """Lines that are at most so many px wide; a single word that is wider is not broken."""
    lines: list[str] = []
    for word in words.split():
        if lines and width_px(f"{lines[-1]} {word}", size) <= width:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    return lines


def outline(canvas: Pixels, corners: NDArray[np.floating], colour: Colour, thick: int, dash_px: int = 0) -> None:
    """A closed polygon of (N, 2) corners, dashed where dash_px is above 0, on a white seam that shows on any ground."""
    for ink, wide in ((PAPER, thick + 2), (colour, thick)):
        for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
            pieces = max(1, round(float(np.linalg.norm(end - start)) / dash_px) | 1) if dash_px else 1
            for i in range(0, pieces, 2):
                a, b = (np.rint(start + (end - start) * k / pieces).astype(int).tolist() for k in (i, i + 1))
                cv2.line(canvas, a, b, ink, wide, cv2.LINE_AA)


def tag(canvas: Pixels, words: str, corners: NDArray[np.floating], colour: Colour, taken: list[Area]) -> None:
    """White words on a coloured ground beside (N, 2) corners; where no other tag is, which are kept in `taken`."""
    wide, high = width_px(words) + 12, round(LINE_PX * 0.6)
    (left, top), (_, bottom) = corners.min(axis=0), corners.max(axis=0)
    places = [(left, top - high - 3), (left, bottom + 3), (left + 3, top + 3)]
    if bottom - top < 2 * high:
        # A single row: to its left, so that neither it nor its neighbours are hidden.
        row = (top + bottom - high) / 2
        places = [(left - wide - 5, row + (high + 2) * step) for step in (0, -1, 1, -2, 2)] + places
    places += [(left, y) for y in np.arange(top + high, canvas.shape[0] - high, high + 2)]
    limits = (max(0, canvas.shape[1] - wide), max(0, canvas.shape[0] - high))
    areas = [_clipped(place, limits, (wide, high)) for place in places]
    free = [one for one in areas if not any(_meet(one, other) for other in taken)]
    x, y, _, _ = area = (free or areas)[0]
    taken.append(area)
    cv2.rectangle(canvas, (x, y), (x + wide, y + high), colour, -1)
    text(canvas, words, (x + 6, y + round(0.72 * high)), 0.6, PAPER)


def _clipped(place: tuple[float, float], limits: tuple[int, int], size_wh: tuple[int, int]) -> Area:
    x, y = (min(max(0, round(float(value))), limit) for value, limit in zip(place, limits, strict=True))
    return x, y, *size_wh


def _meet(one: Area, other: Area) -> bool:
    return all(one[i] < other[i] + other[i + 2] and other[i] < one[i] + one[i + 2] for i in (0, 1))
