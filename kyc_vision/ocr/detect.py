"""Where text stands in a picture: PP-OCRv6's detector and the reading of its map.

Source: Liao et al., Real-time Scene Text Detection with Differentiable Binarization, AAAI 2020, §3.4 (box
formation: binarise, contours, grow each region by area · ratio / perimeter).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision.inference import OnnxModel
from kyc_vision.types import Pixels, Quad

#: Values that the detector's authors publish for PP-OCRv6.
MAP_THRESHOLD = 0.3
BOX_THRESHOLD = 0.5
GROW_RATIO = 1.6
#: The network halves its input five times.
STRIDE = 32
#: A region thinner than this many pixels is noise.
MIN_SIDE_PX = 3.0


@dataclass(frozen=True, slots=True)
class TextDetector:
    """Finds lines of text in any orientation."""

    model: OnnxModel

    def detect(self, pixels: Pixels) -> list[Quad]:
        """The lines of text in (H, W, 3) uint8 RGB pixels.

        Returns:
            A quad for each line, TL, TR, BR, BL such that TL→TR is its long side, running to the right.
        """
        height, width = pixels.shape[:2]
        padded_hw = (-(-height // STRIDE) * STRIDE, -(-width // STRIDE) * STRIDE)
        batch = np.zeros((1, 3, *padded_hw), dtype=np.float32)
        # The network was trained on BGR, scaled to −1…1.
        batch[0, :, :height, :width] = pixels[:, :, ::-1].transpose(2, 0, 1) / np.float32(127.5) - np.float32(1)
        return read_map(self.model.run(batch)[0][0, 0, :height, :width])


def read_map(probabilities: NDArray[np.float32]) -> list[Quad]:
    """Text quads from an (H, W) map of text probability, 0–1."""
    mask = (probabilities > MAP_THRESHOLD).astype(np.uint8)
    mask = np.asarray(cv2.dilate(mask, np.ones((2, 2), dtype=np.uint8)), dtype=np.uint8)
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    quads = []
    for contour in contours:
        centre, size_wh, angle = cv2.minAreaRect(contour)
        if (
            min(size_wh) < MIN_SIDE_PX
            or _mean_inside(probabilities, np.asarray(contour, dtype=np.int32)) < BOX_THRESHOLD
        ):
            continue
        grow = 2 * GROW_RATIO * size_wh[0] * size_wh[1] / (2 * (size_wh[0] + size_wh[1]))
        grown = (centre, (size_wh[0] + grow, size_wh[1] + grow), angle)
        quads.append(_in_reading_order(np.asarray(cv2.boxPoints(grown), dtype=np.float32)))
    return quads


def _mean_inside(probabilities: NDArray[np.float32], contour: NDArray[np.int32]) -> float:
    x, y, w, h = cv2.boundingRect(contour)
    inside = np.zeros((h, w), dtype=np.uint8)
    cv2.fillPoly(inside, [contour - np.array([[x, y]], dtype=np.int32)], 1)
    return float(probabilities[y : y + h, x : x + w][inside > 0].mean())


def _in_reading_order(corners: Quad) -> Quad:
    """Order the corners of a rectangle so that the first side is long and runs to the right (or down)."""
    sides = np.roll(corners, -1, axis=0) - corners
    long_side = int(np.linalg.norm(sides[1]) > np.linalg.norm(sides[0]))
    ordered = np.roll(corners, -long_side, axis=0)
    direction = ordered[1] - ordered[0]
    if direction[0] < -1e-3 or (abs(direction[0]) <= 1e-3 and direction[1] < 0):
        ordered = np.roll(ordered, -2, axis=0)
    cross = float(np.cross(np.append(ordered[1] - ordered[0], 0), np.append(ordered[3] - ordered[0], 0))[2])
    return np.asarray(ordered if cross > 0 else ordered[[1, 0, 3, 2]], dtype=np.float32)
