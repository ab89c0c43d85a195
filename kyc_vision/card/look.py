"""The locator network at work: one look at the whole selfie, a second at where the card seems to be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision.card.heatmaps import SIDE, Coarse, decode
from kyc_vision.geometry import apply_homography, averaged_down, is_convex, mean_width
from kyc_vision.types import Pixels, Quad

#: Letterbox bars, as most are in training.
BAR = (0, 0, 0)
#: The second look shows this many times the card's longer extent: the surroundings tell what is a corner.
SECOND_LOOK = 1.5
#: A card that already fills this share of the frame is seen well enough by the first look.
LARGE = 0.6
#: A pixel of the frame is the mean of so many by so many of the picture, where there are as many.
SAMPLES = 4
#: Without at least this probability of a card in the first look there is nothing to look at twice.
WORTH_A_LOOK = 0.05
#: A card is covered to this share of its size, so that its edge is not taken for another card's.
COVER = 1.08


#: Mirrored or not, and quarter turns clockwise.
Way = tuple[bool, int]
OTHER_WAYS: tuple[Way, ...] = ((False, 2), (True, 0), (True, 2), (False, 1), (False, 3), (True, 1), (True, 3))


class Network(Protocol):
    """The locator network."""

    def run(self, batch: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        """heat, mask, votes, flags of a (1, 3, SIDE, SIDE) float32 RGB batch in 0–1."""


@dataclass(frozen=True, slots=True)
class CardLooker:
    """Sees a card in a selfie, to about a hundredth of its width.

    Attributes:
        network: the locator network.
        looks: 2; one is what an ablation measures.
    """

    network: Network
    looks: int = 2

    def look(self, pixels: Pixels) -> Coarse:
        """Corners in px of the picture, from (H, W, 3) uint8 RGB; presence is low where there is no e-KTP."""
        whole = letterboxed(pixels, _window(pixels))
        return self._closer(pixels, self._answer(*whole), (False, 0))

    def look_turned(self, pixels: Pixels) -> Coarse:
        """As look, but turned and mirrored so that the corners are seen best: most cards are upright, and best known.

        It takes seven first looks instead of one.
        """
        frame, to_frame = letterboxed(pixels, _window(pixels))
        seen = {way: self._answer(*_turned(frame, to_frame, way)) for way in OTHER_WAYS}
        way = max(seen, key=lambda way: seen[way].presence * float(seen[way].peaks.mean()))
        return self._closer(pixels, seen[way], way)

    def _closer(self, pixels: Pixels, first: Coarse, way: Way) -> Coarse:
        """The second look, where the first saw a card that is not large already."""
        low, high = first.quad.min(axis=0), first.quad.max(axis=0)
        side = float(max(high - low)) * SECOND_LOOK
        large = side > LARGE * SECOND_LOOK * max(pixels.shape[:2])
        if self.looks == 1 or large or first.presence < WORTH_A_LOOK or not is_convex(first.quad):
            return first
        middle = (low + high) / 2
        frame = letterboxed(pixels, np.array([*(middle - side / 2), *(middle + side / 2)]))
        second = self._answer(*_turned(*frame, way))
        # The second look may be fooled by what it cuts off; then the first one stands.
        near = np.abs(second.quad - first.quad).max() < 0.35 * mean_width(first.quad)
        if not near or not is_convex(second.quad):
            return first
        return replace(second, presence=(first.presence + second.presence) / 2)

    def beside(self, pixels: Pixels, quad: Quad) -> Coarse:
        """One look at the picture with the card at quad covered: is there another one?"""
        frame, to_frame = letterboxed(pixels, _window(pixels))
        middle = quad.mean(axis=0)
        cover = np.rint(apply_homography(to_frame, middle + (quad - middle) * COVER)).astype(np.int32)
        cv2.fillConvexPoly(frame, cover, BAR)
        return self._answer(frame, to_frame)

    def _answer(self, frame: Pixels, to_frame: NDArray[np.float64]) -> Coarse:
        batch = (frame.astype(np.float32) / 255).transpose(2, 0, 1)[None]
        heat, mask, votes, flags = self.network.run(np.ascontiguousarray(batch))
        coarse = decode(heat[0], mask[0].reshape(mask.shape[-2:]), votes[0], flags[0])
        quad = apply_homography(np.linalg.inv(to_frame), coarse.quad)
        return replace(coarse, quad=np.asarray(quad, dtype=np.float32))


def _window(pixels: Pixels) -> NDArray[np.float64]:
    """The whole picture as a window."""
    return np.array([0.0, 0.0, pixels.shape[1], pixels.shape[0]])


def _turned(frame: Pixels, to_frame: NDArray[np.float64], way: Way) -> tuple[Pixels, NDArray[np.float64]]:
    """The frame mirrored or not, then turned clockwise by quarters, and the map of px to there."""
    mirrored, quarters = way
    last = SIDE - 1.0
    if mirrored:
        frame, to_frame = frame[:, ::-1], np.array([[-1.0, 0, last], [0, 1, 0], [0, 0, 1]]) @ to_frame
    for _ in range(quarters):
        frame, to_frame = np.rot90(frame, -1), np.array([[0.0, -1, last], [1, 0, 0], [0, 0, 1]]) @ to_frame
    return np.ascontiguousarray(frame), to_frame


def letterboxed(pixels: Pixels, window: NDArray[np.float64]) -> tuple[Pixels, NDArray[np.float64]]:
    """A window of the picture, as large as it fits into the middle of (SIDE, SIDE, 3), and the map of px to there.

    Averaged down over SAMPLES px a side at least: of a large picture every second or third px is enough for that.
    """
    x0, y0, x1, y1 = window
    scale = SIDE / max(x1 - x0, y1 - y0)
    left, top = (SIDE - (x1 - x0) * scale) / 2, (SIDE - (y1 - y0) * scale) / 2
    # Pixel centres: x_frame = (x − x0 + 0.5) · scale + left − 0.5.
    shift = (scale * (0.5 - x0) + left - 0.5, scale * (0.5 - y0) + top - 0.5)
    to_frame = np.array([[scale, 0.0, shift[0]], [0.0, scale, shift[1]], [0.0, 0.0, 1.0]])
    height, width = pixels.shape[:2]
    a, b = max(0, int(np.floor(x0))), max(0, int(np.floor(y0)))
    part = pixels[b : min(height, int(np.ceil(y1)) + 1), a : min(width, int(np.ceil(x1)) + 1)]
    inner = to_frame @ np.array([[1.0, 0, a], [0, 1, b], [0, 0, 1]])
    step = int(1 / (SAMPLES * scale))
    if step > 1:
        part = part[::step, ::step]
        inner = inner @ np.diag([step, step, 1.0])
        scale *= step
    if scale < 1:
        part, to_small = averaged_down(part, scale)
        inner = inner @ np.linalg.inv(to_small)
    frame = cv2.warpAffine(part, inner[:2], (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderValue=BAR)
    return np.asarray(frame, dtype=np.uint8), to_frame
