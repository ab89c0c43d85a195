"""Print as ink: dark strokes thinner than a millimetre, apart from ground, shade and pattern."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

#: Strokes are narrower than this: what closing fills is ink.
STROKE_MM = 1.0


def strokes(grey: NDArray[np.uint8], px_per_mm: float) -> NDArray[np.float32]:
    """(H, W) grey levels by which thin dark strokes are darker than what is beside them.

    Source: the black top-hat; Serra, Image Analysis and Mathematical Morphology, 1982, ch. XII.
    """
    size = round(STROKE_MM * px_per_mm) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    return np.asarray(cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, kernel), dtype=np.float32)
