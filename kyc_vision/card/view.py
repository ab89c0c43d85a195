"""Parts of a selfie, resampled so that the card is upright in them and its print large enough to find."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kyc_vision.geometry import warp
from kyc_vision.types import Face, Pixels, Quad

#: Scale of the view around a face: capitals of 1.55 mm become 11 px high, which the text detector needs.
VIEW_PX_PER_MM = 7.0
#: A portrait's face, brow to chin as the detector boxes it, is 11–14.5 mm high.
FACE_HEIGHT_MM = 13.0
#: What the view shows around that face, mm: the whole card on either side (it may be mirrored), and slack.
VIEW_MM = (-86.0, -38.0, 86.0, 48.0)
#: The height that a line of text is brought to where no face gives the scale.
LINE_HEIGHT_PX = 18.0
#: A card shows 25 lines or more; fewer boxes than this in a view hold no readable card.
MIN_BOXES = 7


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A resampled part of the selfie, the card presumably upright in it."""

    pixels: Pixels
    homography: NDArray[np.float64]  # selfie px → view px
    boxes: list[Quad]
    mirrored: bool = False

    def turned(self) -> View:
        """The same view upside down. The face it was cut around stays at its place only in width."""
        height, width = self.pixels.shape[:2]
        turn = np.array([[-1.0, 0, width - 1], [0, -1, height - 1], [0, 0, 1]])
        boxes = [np.asarray(([width - 1, height - 1] - box)[[2, 3, 0, 1]], dtype=np.float32) for box in self.boxes]
        pixels = np.ascontiguousarray(self.pixels[::-1, ::-1])
        return View(pixels, turn @ self.homography, boxes, self.mirrored)

    def flipped(self) -> View:
        """The same view seen in a mirror."""
        width = self.pixels.shape[1]
        flip = np.array([[-1.0, 0, width - 1], [0, 1, 0], [0, 0, 1]])
        boxes = [np.asarray((box * [-1, 1] + [width - 1, 0])[[1, 0, 3, 2]], dtype=np.float32) for box in self.boxes]
        pixels = np.ascontiguousarray(self.pixels[:, ::-1])
        return View(pixels, flip @ self.homography, boxes, not self.mirrored)


def around(pixels: Pixels, face: Face) -> tuple[Pixels, NDArray[np.float64]]:
    """The view around a face, upright as its eyes say, at VIEW_PX_PER_MM if it is a card's portrait."""
    right_eye, left_eye, mouth = face.landmarks[0], face.landmarks[1], face.landmarks[3:].mean(axis=0)
    down = mouth - (right_eye + left_eye) / 2
    # Eyes and mouth each give the roll; in a mirrored face the eyes' order is still left to right.
    across = (left_eye - right_eye) + np.array([down[1], -down[0]])
    angle = float(np.arctan2(across[1], across[0]))
    scale = VIEW_PX_PER_MM * FACE_HEIGHT_MM / _upright_height(face, angle)
    x, y, w, h = face.box
    left, top, right, bottom = (value * VIEW_PX_PER_MM for value in VIEW_MM)
    cos, sin = scale * np.cos(angle), scale * np.sin(angle)
    cx, cy = x + w / 2, y + h / 2
    homography = np.array([[cos, sin, -cos * cx - sin * cy - left], [-sin, cos, sin * cx - cos * cy - top], [0, 0, 1]])
    return warp(pixels, homography, (round(right - left), round(bottom - top))), homography


def _upright_height(face: Face, angle: float) -> float:
    """Height of the face along its own down direction: the box is axis-aligned, the face may not be."""
    quarter = abs(np.sin(angle)) > np.sqrt(0.5)
    return max(1.0, face.box[2] if quarter else face.box[3])


def by_side(view: View) -> Iterator[View]:
    """The text stands left of the portrait, or right of it in a mirrored selfie: the fuller side first."""
    middle = -VIEW_MM[0] * VIEW_PX_PER_MM
    reach = 8.0 * VIEW_PX_PER_MM
    left = sum(bool(box[:, 0].max() < middle + reach) for box in view.boxes)
    right = sum(bool(box[:, 0].min() > middle - reach) for box in view.boxes)
    ways = [view, view.flipped()] if left >= right else [view.flipped(), view]
    counts = sorted((left, right), reverse=True)
    yield ways[0]
    if counts[1] >= MIN_BOXES:
        yield ways[1]


def upright(pixels: Pixels, boxes: list[NDArray[np.float64]]) -> tuple[Pixels, NDArray[np.float64]]:
    """The part of the picture that holds the boxes, turned so that lines run level, at a readable scale."""
    directions = np.array([box[1] - box[0] for box in boxes])
    lengths = np.linalg.norm(directions, axis=1)
    doubled = np.arctan2(directions[:, 1], directions[:, 0]) * 2  # a line has no arrow: angles modulo 180°
    angle = float(np.arctan2((lengths * np.sin(doubled)).sum(), (lengths * np.cos(doubled)).sum()) / 2)
    heights = [float(np.linalg.norm(box[3] - box[0])) for box in boxes]
    scale = float(np.clip(LINE_HEIGHT_PX / np.median(heights), 0.1, 3.0))
    turn = scale * np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    corners = np.concatenate(boxes) @ turn.T
    low, high = np.percentile(corners, 2, axis=0) - 80, np.percentile(corners, 98, axis=0) + 80
    size = np.minimum(np.ceil(high - low), 1600).astype(int)
    homography = np.array([[*turn[0], -low[0]], [*turn[1], -low[1]], [0, 0, 1]])
    return warp(pixels, homography, (int(size[0]), int(size[1]))), homography


def ways_up(view: View) -> list[View]:
    """The four ways that a card whose lines run level can be seen."""
    return [view, view.turned(), view.flipped(), view.turned().flipped()]
