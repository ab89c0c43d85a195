"""Where on the card a cue is, as a polygon in the selfie."""

from __future__ import annotations

import numpy as np

from kyc_vision.geometry import apply_homography
from kyc_vision.types import Box, Polygon, RectifiedCard


def in_selfie(card: RectifiedCard, box_mm: Box) -> Polygon:
    """Corners, px of the selfie, of a box on the card given in millimetres from its top left corner."""
    x, y, w, h = (value * card.px_per_mm for value in box_mm)
    corners = np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h]])
    points = apply_homography(np.linalg.inv(card.homography), corners)
    return tuple((round(float(u), 1), round(float(v), 1)) for u, v in points)
