"""Edges and print brought together: sides that both vouch for are kept, the others are put where the print has them.

Edges are sharp but may be covered, pale, or another thing's; the print is seldom lost and never another thing's, but it
floats on the card by up to a millimetre. The float is the same on opposite sides, so one good side tells the other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kyc_vision import layout
from kyc_vision.card.alignment import Alignment, align
from kyc_vision.card.imprint import Imprint, imprint
from kyc_vision.card.refine import RefinedQuad, refine
from kyc_vision.geometry import apply_homography, averaged_down, homography_from_points, is_convex, mean_width, meet
from kyc_vision.types import Pixels, Quad

#: The print floats by 0.010 of the card's width and height (0.86 and 0.54 mm); an edge that implies more than this
#: much float, with what landmarks (0.2 mm) and a slight bend (0.3 mm) add, is another thing's.
MAX_FLOAT_MM = 1.4
#: Opposite sides that imply floats this much apart cannot both be the card's.
MAX_APART_MM = 0.8
#: Sides that were put by the print are looked for once more, this near.
AGAIN_MM = 1.6
#: A print that agrees less may have been hidden by wrong edges.
SURE, WORTH = 0.72, 0.55
#: An outline on which the print agrees so much less is not taken.
WORSE = 0.08
#: A larger card is made this wide: views are 685 px wide, and edges are found to a fraction of a pixel.
FINEST_PX = 860.0
#: What is kept around it, as a share of its larger extent: beyond what edges are looked for.
MARGIN = 0.12
#: So often, at most.
ROUNDS = 2


@dataclass(frozen=True, slots=True, eq=False)
class Agreement:
    """The card's outline as edges and print have it.

    Attributes:
        quad: TL, TR, BR, BL of the printed card, selfie px.
        edges: how many of its sides are edges that the print vouches for, or edges alone where the print is lost.
        print_: what the print's landmarks were on the last view.
        alignment: how they lie against the outline; None where the print is lost.
    """

    quad: Quad
    edges: int
    print_: Imprint
    alignment: Alignment | None


def bring_together(pixels: Pixels, coarse: Quad) -> Agreement:
    """The outline from a coarse one, right way up already.

    Args:
        pixels: (H, W, 3) uint8 RGB, upright selfie.
        coarse: TL, TR, BR, BL of the printed card, to about 4 % of its width.
    """
    part, to_part = _cut(pixels, coarse)
    found = _bring_together(part, np.asarray(apply_homography(to_part, coarse), dtype=np.float32))
    quad = apply_homography(np.linalg.inv(to_part), found.quad)
    return replace(found, quad=np.asarray(quad, dtype=np.float32))


def _cut(pixels: Pixels, coarse: Quad) -> tuple[Pixels, NDArray[np.float64]]:
    """What is near the card, no finer than is looked at, and the map of px to there: each view costs less then."""
    height, width = pixels.shape[:2]
    low, high = coarse.min(axis=0), coarse.max(axis=0)
    margin = MARGIN * float(max(high - low))
    x0, y0 = (int(v) for v in np.clip(np.floor(low - margin), 0, [width - 2, height - 2]))
    x1, y1 = (int(v) for v in np.clip(np.ceil(high + margin), [x0 + 2, y0 + 2], [width, height]))
    part = pixels[y0:y1, x0:x1]
    scale = FINEST_PX / mean_width(coarse)
    to_part = np.array([[1.0, 0, -x0], [0, 1, -y0], [0, 0, 1]])
    if scale >= 1:
        return part, to_part
    small, to_small = averaged_down(part, scale)
    return small, to_small @ to_part


def _bring_together(pixels: Pixels, coarse: Quad) -> Agreement:
    refined = refine(pixels, coarse)
    print_ = imprint(pixels, refined.quad)
    if print_.score < SURE:
        # Edges of another thing, all the same distance outside, would hide the print: was it seen before?
        before = imprint(pixels, coarse)
        if before.score > max(print_.score + 0.05, WORTH):
            refined, print_ = RefinedQuad(coarse), before
    alignment = align(print_)
    if alignment is None:
        return Agreement(refined.quad, refined.sides, print_, None)
    best = Agreement(*_vouched(refined, alignment), print_, alignment)
    for _ in range(ROUNDS):
        if best.edges == 4:
            break
        # The print has put what was lost near to its place: there it is looked for again.
        refined = refine(pixels, best.quad, AGAIN_MM)
        print_ = imprint(pixels, refined.quad)
        alignment = align(print_)
        if alignment is None or print_.score < best.print_.score - WORSE:
            break
        best = Agreement(*_vouched(refined, alignment), print_, alignment)
    return best


def _vouched(refined: RefinedQuad, alignment: Alignment) -> tuple[Quad, int]:
    """Sides where edges and print agree stay, the others follow the print; and how many stayed.

    Args:
        refined: the quad whose view the alignment was measured on, and which of its sides are edges.
        alignment: of the print on that view.
    """
    corners = layout.outline_mm()
    # The outline as it was seen, in the print's own millimetres: without float it would be the layout's outline.
    matrix, shift = alignment.places_to_found[:, :2], alignment.places_to_found[:, 2]
    in_print = (corners - shift) @ np.linalg.inv(matrix).T
    away = in_print - corners
    # Top and bottom tell of y, right and left of x: mean and difference of a side's two ends.
    axis = (1, 0, 1, 0)
    ends = [(away[side, axis[side]], away[(side + 1) % 4, axis[side]]) for side in range(4)]
    kept = [bool(refined.found[side] and max(abs(v) for v in ends[side]) <= MAX_FLOAT_MM) for side in range(4)]
    for one, other in ((0, 2), (3, 1)):
        if kept[one] and kept[other] and abs(np.mean(ends[one]) - np.mean(ends[other])) > MAX_APART_MM:
            # The one that is less parallel to the print is another thing's edge.
            wrong = one if np.ptp(ends[one]) > np.ptp(ends[other]) else other
            kept[wrong] = False
    floats = [0.0, 0.0]
    for direction, pair in ((0, (3, 1)), (1, (0, 2))):
        told = [float(np.mean(ends[side])) for side in pair if kept[side]]
        floats[direction] = float(np.mean(told)) if told else 0.0
    by_print = (corners + floats) @ matrix.T + shift
    lines = []
    for side in range(4):
        source = corners if kept[side] else by_print
        lines.append(np.cross([*source[side], 1.0], [*source[(side + 1) % 4], 1.0]))
    outline = np.array([meet(lines[side - 1], lines[side]) for side in range(4)])
    to_selfie = homography_from_points(corners, np.asarray(refined.quad, dtype=np.float64))
    quad = np.asarray(apply_homography(to_selfie, outline), dtype=np.float32)
    return (quad, sum(kept)) if is_convex(quad) else (refined.quad, 0)
