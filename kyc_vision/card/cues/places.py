"""Where on the card a cue is, as a polygon in the selfie."""

from __future__ import annotations

import numpy as np

from kyc_vision.geometry import apply_homography, corners
from kyc_vision.types import Box, Polygon, RectifiedCard, polygon


def in_selfie(card: RectifiedCard, box_mm: Box) -> Polygon:
    """Corners, px of the selfie, of a box on the card given in millimetres from its top left corner."""
    points = apply_homography(np.linalg.inv(card.homography), corners(box_mm) * card.px_per_mm)
    return polygon(points)
