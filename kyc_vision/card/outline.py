"""The card's outline, from its print and from its edges, where the two agree.

The print floats on the card by up to a millimetre, but it floats as a whole: with the right outline every printed
landmark is off by the same small offset. An edge that was found wrongly bends the card, and the landmarks with it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kyc_vision import layout
from kyc_vision.card.refine import REACH_MM, RefinedQuad, refine
from kyc_vision.geometry import apply_homography, homography_from_points
from kyc_vision.types import Pixels, Quad

#: The print floats by 0.010 of the card's width and height (0.86 and 0.54 mm); more is an edge found wrongly.
MAX_PRINT_OFFSET_MM = 1.5
#: Distances are capped here, so that a landmark that was taken for another does not decide.
CAP_MM = 3.0
#: With the right outline the landmarks lie this close to their places: 99 % of 163 scenes with IoU > 0.97 (median
#: 0.5 mm, which is what text boxes are good for). The fit to the print alone hugs them closer, and is worse for it.
AGREE_MM = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """Where the card is.

    Attributes:
        quad: TL, TR, BR, BL of the printed card.
        edges: how many of its sides were found as edges.
        print_offset_mm: by how much the print floats on the card, right and down.
        residual_mm: root mean square distance of the landmarks from their places, the float taken off.
    """

    quad: Quad
    edges: int
    print_offset_mm: tuple[float, float]
    residual_mm: float


def settle(pixels: Pixels, by_print: Quad, points: NDArray[np.float64], places_mm: NDArray[np.float64]) -> Outline:
    """The outline on the card's edges if the print agrees with them, else the one that the print implies.

    Args:
        pixels: (H, W, 3) uint8 RGB, upright.
        by_print: TL, TR, BR, BL from the fit to the print.
        points: (N, 2) printed landmarks, selfie pixels.
        places_mm: (N, 2) where they belong on the card.
    """
    print_only = _outline(RefinedQuad(by_print), points, places_mm)
    first = refine(pixels, by_print)
    # Once more from there: sides are near now, and one that was out of reach is looked for farther off.
    second = refine(pixels, first.quad, REACH_MM if first.sides == 4 else 2 * REACH_MM) if first.sides else first
    for found in sorted((second, first), key=lambda refined: refined.sides, reverse=True):
        outline = _outline(found, points, places_mm)
        floats = max(abs(value) for value in outline.print_offset_mm) <= MAX_PRINT_OFFSET_MM
        if found.sides and floats and outline.residual_mm <= AGREE_MM:
            return outline
    return print_only


def _outline(found: RefinedQuad, points: NDArray[np.float64], places_mm: NDArray[np.float64]) -> Outline:
    on_card = apply_homography(homography_from_points(found.quad, layout.outline_mm()), points)
    offset = np.median(on_card - places_mm, axis=0)
    distance = np.minimum(np.linalg.norm(on_card - places_mm - offset, axis=1), CAP_MM)
    residual = float(np.sqrt((distance**2).mean()))
    return Outline(found.quad, found.sides, (float(offset[0]), float(offset[1])), residual)
