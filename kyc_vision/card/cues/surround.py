"""The card's plane beyond the card: what lies around it, as if seen from straight above."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision import layout
from kyc_vision.geometry import Points, apply_homography, averaged_down, corners, polygon_area
from kyc_vision.types import Box, CardLocation, Pixels, Polygon, RectifiedCard, polygon

#: Resolution: a card 340 px wide in the selfie is seen as finely.
PX_PER_MM = 4.0
#: So far around the card: a phone on its side ends about 25 mm beyond the card that it shows in full.
AROUND_MM = 30.0
#: Of a card seen very much from the side the plane goes on behind the camera: it is followed until it is so near, as a
#: share of the distance of its middle.
_NEAREST = 0.2
_ROOT = (16 * np.sqrt(np.arange(256))).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Surround:
    """The plane of the card, AROUND_MM to each side of its outline, the print the right way round.

    Attributes:
        tone: (H, W, 3) float32 RGB, 16 times the square root of the pixel, 0–255.5: noise is about as strong in the
            dark as in the light.
        seen: (H, W) bool, whether that place is inside the picture.
        to_plane: (3, 3), px of the selfie → px here.

    Source: F. J. Anscombe, The transformation of Poisson, binomial and negative-binomial data, 1948, for the root.
    """

    tone: NDArray[np.float32]
    seen: NDArray[np.bool_]
    to_plane: Points

    def place(self, box_mm: Box) -> Polygon:
        """Corners, px of the selfie, of a box in millimetres from the top left corner of the card's outline."""
        in_plane = (corners(box_mm) + AROUND_MM) * PX_PER_MM - 0.5
        return polygon(apply_homography(np.linalg.inv(self.to_plane), in_plane))


def surround(pixels: Pixels, location: CardLocation, card: RectifiedCard) -> Surround:
    """What lies around the card.

    Args:
        pixels: (H, W, 3) uint8 RGB, the selfie.
        location: the card's outline floats about the print by its print_offset_mm.
        card: its homography places the print.
    """
    scale = PX_PER_MM / card.px_per_mm
    # Pixel centres: mm = (px + 0.5) / px_per_mm on both planes.
    right, down = (PX_PER_MM * (AROUND_MM + float_mm) + 0.5 * scale - 0.5 for float_mm in location.print_offset_mm)
    to_plane = np.array([[scale, 0, right], [0, scale, down], [0, 0, 1.0]]) @ card.homography
    width, height = (round((side + 2 * AROUND_MM) * PX_PER_MM) for side in layout.CARD_WH_MM)
    to_selfie = np.asarray(np.linalg.inv(to_plane), dtype=np.float64)
    before = _before_the_camera(to_selfie, (width, height))
    part, to_part = _cut(pixels, apply_homography(to_selfie, before))
    to_here = to_plane @ np.linalg.inv(to_part)
    millimetre_px = float(np.sqrt(polygon_area(location.quad) / (layout.CARD_WH_MM[0] * layout.CARD_WH_MM[1])))
    if millimetre_px > 1.5 * PX_PER_MM:
        part, to_small = averaged_down(part, PX_PER_MM / millimetre_px)
        to_here = to_here @ np.linalg.inv(to_small)
    view = cv2.warpPerspective(part, to_here, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    whole = np.full(part.shape[:2], 255, np.uint8)
    inside = cv2.warpPerspective(whole, to_here, (width, height), flags=cv2.INTER_NEAREST) == 255
    depth = _depth(to_selfie, np.arange(width), np.arange(height)[:, None])
    inside &= depth > _NEAREST
    return Surround(np.asarray(cv2.LUT(view, _ROOT), dtype=np.float32), inside, to_plane)


def _depth(to_selfie: Points, x: NDArray[np.number], y: NDArray[np.number]) -> NDArray[np.float64]:
    """Distance from the camera of places on the plane (px), as a share of that of the card's middle."""
    last = to_selfie[2]
    middle = (np.array(layout.CARD_WH_MM) / 2 + AROUND_MM) * PX_PER_MM
    return np.asarray((last[0] * x + last[1] * y + last[2]) / (last[0] * middle[0] + last[1] * middle[1] + last[2]))


def _before_the_camera(to_selfie: Points, size_wh: tuple[int, int]) -> Points:
    """(N, 2) places on a coarse grid over the plane (px) that are before the camera."""
    x, y = np.meshgrid(np.linspace(0, size_wh[0], 13), np.linspace(0, size_wh[1], 13))
    grid = np.column_stack([x.ravel(), y.ravel()])
    return np.asarray(grid[_depth(to_selfie, grid[:, 0], grid[:, 1]) > _NEAREST])


def _cut(pixels: Pixels, needed: Points) -> tuple[Pixels, Points]:
    """The part of the picture that is needed, at most the whole, and the map of px to there."""
    height, width = pixels.shape[:2]
    low, high = np.floor(needed.min(axis=0)).astype(int) - 4, np.ceil(needed.max(axis=0)).astype(int) + 5
    x0, y0 = int(np.clip(low[0], 0, width - 1)), int(np.clip(low[1], 0, height - 1))
    x1, y1 = int(np.clip(high[0], x0 + 1, width)), int(np.clip(high[1], y0 + 1, height))
    return pixels[y0:y1, x0:x1], np.array([[1.0, 0, -x0], [0, 1, -y0], [0, 0, 1]])
