"""The card seen from straight above."""

from __future__ import annotations

import numpy as np

from kyc_vision import layout
from kyc_vision.geometry import homography_from_points, mean_width, warp
from kyc_vision.types import CardLocation, Image, RectifiedCard

#: 300 dpi: capitals of 1.55 mm become 18 px, the portrait 237 × 294 px. Finer adds nothing to a phone picture.
PX_PER_MM = 11.8


def rectify(selfie: Image, location: CardLocation) -> RectifiedCard:
    """Warp the card to a fronto-parallel view, print the right way round and where layout.py has it.

    The view is as large as the ISO/IEC 7810 ID-1 outline and follows the print, which floats on the card: the
    outline itself lies up to a millimetre off the view's border.

    Source: Hartley & Zisserman, Multiple View Geometry, 2nd ed., §4.1 (DLT from four points).
    """
    # Pixel centres: the outline's millimetre 0 is the outer edge of pixel 0, half a pixel before its centre.
    target = (layout.outline_mm() - np.array(location.print_offset_mm)) * PX_PER_MM - 0.5
    homography = homography_from_points(np.asarray(location.quad, dtype=np.float64), target)
    size_wh = (round(layout.CARD_WH_MM[0] * PX_PER_MM), round(layout.CARD_WH_MM[1] * PX_PER_MM))
    return RectifiedCard(
        pixels=warp(selfie.pixels, homography, size_wh),
        homography=homography,
        px_per_mm=PX_PER_MM,
        source_width_px=mean_width(location.quad),
        wrapped=location.wrapped,
        anchors=location.anchors,
    )
