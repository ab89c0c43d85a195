"""The card's true edges: each side of a coarse quad moved onto the line where the card's ground ends.

The print says where the card is to about 2 % of its width at the corners far from text, and the print itself floats
on the card by up to 1 %. The edges are sharper, where they can be seen: each side is searched for on its own, and
one that is covered or without contrast stays where the print put it.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision import layout
from kyc_vision.geometry import apply_homography, homography_from_points, is_convex, mean_width, meet, warp
from kyc_vision.types import Pixels, Quad

#: How far from the coarse side the edge is looked for: the corner error of the print's fit on 19 of 20 cards.
REACH_MM = 4.0
#: Colours are compared in two bands this near and far from the edge, in and out: beyond the edge's own blur.
BAND_MM = (0.25, 1.05)
#: Where the strongest step is weaker than this many CIE units it counts in proportion. JPEG noise stays under 3.
FULL_STEP = 12.0
#: A band that differs this much from the card's ground is not ground: print, the portrait, a finger, the table.
#: Lightness changes over a card in uneven light, colour hardly: L* and a*b* apart.
GROUND_SPREAD_L, GROUND_SPREAD_AB = 22.0, 9.0
#: Share of the side that must show the edge; fingers may cover the rest.
MIN_SHOWN = 0.35
#: Corners are rounded and are left out; positions along a side; grid of the line search.
CORNER_MM, POSITIONS, GRID_MM = 5.0, 48, 0.1
#: The edge is expected near the coarse side: standard deviation of the print's fit, per end of a side.
EXPECTED_MM = 2.2


@dataclass(frozen=True, slots=True, eq=False)
class RefinedQuad:
    """A quad on the card's edges.

    Attributes:
        quad: TL, TR, BR, BL of the printed card.
        found: which of its sides (top, right, bottom, left of the print) were found as edges.
    """

    quad: Quad
    found: tuple[bool, bool, bool, bool] = (False, False, False, False)

    @property
    def sides(self) -> int:
        """How many sides were found."""
        return sum(self.found)


def refine(pixels: Pixels, coarse: Quad, reach_mm: float = REACH_MM) -> RefinedQuad:
    """Move the sides of a coarse quad onto the card's edges, where they show.

    Args:
        pixels: (H, W, 3) uint8 RGB, upright.
        coarse: TL, TR, BR, BL of the printed card, mirrored or not.
        reach_mm: how far from the coarse sides the edges are looked for.
    """
    px_per_mm = float(np.clip(mean_width(coarse) / layout.CARD_WH_MM[0], 4.0, 8.0))
    margin = reach_mm + BAND_MM[1] + 0.5
    origin = np.array([margin, margin])
    to_view = homography_from_points(coarse, (layout.outline_mm() + origin) * px_per_mm - 0.5)
    size = np.ceil((np.array(layout.CARD_WH_MM) + 2 * margin) * px_per_mm).astype(int)
    lab = _lab(warp(pixels, to_view, (int(size[0]), int(size[1]))))
    # The ground's colour: the median over the text block, where print is thin and no portrait stands.
    left, top, right, bottom = ((np.array([3.0, 8.0, layout.VALUE_END_X_MM, 46.0]) + margin) * px_per_mm).astype(int)
    ground = np.median(lab[top:bottom, left:right].reshape(-1, 3), axis=0).astype(np.float32)
    corners = layout.outline_mm()
    found = []
    lines = []
    for side in range(4):
        start, end = corners[side], corners[(side + 1) % 4]
        inward = np.array([-(end - start)[1], (end - start)[0]]) / np.linalg.norm(end - start)
        ends = (np.array([start, end]) + origin) * px_per_mm - 0.5
        profile, at = _profile(lab, ends, px_per_mm, reach_mm)
        offsets = _best_line(_steps(profile, ground), at, reach_mm)
        found.append(offsets is not None)
        near, far = offsets if offsets else (0.0, 0.0)
        lines.append(np.cross([*(start + inward * near), 1.0], [*(end + inward * far), 1.0]))
    refined = np.array([meet(lines[side - 1], lines[side]) for side in range(4)])
    quad = apply_homography(np.linalg.inv(to_view), (refined + origin) * px_per_mm - 0.5)
    if not any(found) or np.abs(refined - corners).max() > reach_mm * 1.5 or not is_convex(quad):
        return RefinedQuad(coarse)
    return RefinedQuad(np.asarray(quad, dtype=np.float32), (found[0], found[1], found[2], found[3]))


def _profile(
    lab: NDArray[np.float32], ends: NDArray[np.float64], px_per_mm: float, reach_mm: float
) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Colours across a side, from outside inwards.

    Returns:
        (POSITIONS, depths, 3) colours, GRID_MM apart in depth, and (POSITIONS,) places along the side, 0–1.
    """
    length = float(np.linalg.norm(ends[1] - ends[0]))
    along = (ends[1] - ends[0]) / length
    inward = np.array([-along[1], along[0]])
    at = np.linspace(CORNER_MM * px_per_mm, length - CORNER_MM * px_per_mm, POSITIONS)
    reach = reach_mm + BAND_MM[1]
    depth = np.arange(-reach, reach + GRID_MM / 2, GRID_MM) * px_per_mm
    x, y = (ends[0] + at[:, None, None] * along + depth[None, :, None] * inward).astype(np.float32).transpose(2, 0, 1)
    return np.asarray(cv2.remap(lab, x, y, cv2.INTER_LINEAR), dtype=np.float32), at / length


def _steps(profile: NDArray[np.float32], ground: NDArray[np.float32]) -> NDArray[np.float64]:
    """(POSITIONS, offsets) strength 0–1 of a step from something else (outside) to the card's ground (inside)."""
    near, far = (round(value / GRID_MM) for value in BAND_MM)
    sums = np.concatenate([np.zeros_like(profile[:, :1]), profile.cumsum(axis=1)], axis=1)
    width = far - near
    middle = np.arange(far, profile.shape[1] - far)
    inside = (sums[:, middle + far] - sums[:, middle + near]) / width
    outside = (sums[:, middle - near] - sums[:, middle - far]) / width
    step = np.linalg.norm(inside - outside, axis=2)
    # Against the strongest step of its own position: a mere cap would make strong edges plateaus a millimetre wide.
    contrast = step / np.maximum(step.max(axis=1, keepdims=True), FULL_STEP)
    likeness, outside_likeness = (_likeness(band, ground) for band in (inside, outside))
    return np.asarray(contrast * likeness * np.sqrt(1 - outside_likeness), dtype=np.float64)


def _likeness(colours: NDArray[np.float32], ground: NDArray[np.float32]) -> NDArray[np.float32]:
    """How much colours are the ground's, 0–1."""
    away = colours - ground
    lightness = (away[..., 0] / GROUND_SPREAD_L) ** 2
    colour = (away[..., 1] ** 2 + away[..., 2] ** 2) / GROUND_SPREAD_AB**2
    return np.asarray(np.exp(-lightness - colour), dtype=np.float32)


def _best_line(steps: NDArray[np.float64], at: NDArray[np.float64], reach_mm: float) -> tuple[float, float] | None:
    """Of all straight lines along a side the one with the most edge under it (an exhaustive vote).

    Returns:
        How far inward (mm) it lies at the start and at the end of the side; None where too little edge shows.
    """
    offsets = np.arange(-reach_mm, reach_mm + GRID_MM / 2, GRID_MM)
    count = len(offsets)
    coarse = slice(0, count, 3)
    starts, ends = np.meshgrid(offsets[coarse], offsets[coarse], indexing="ij")
    near, far, _ = _vote(steps, offsets, at, starts.ravel(), ends.ravel())
    around = np.arange(-4, 5) * GRID_MM
    starts, ends = np.meshgrid(near + around, far + around, indexing="ij")
    near, far, shown = _vote(steps, offsets, at, starts.ravel(), ends.ravel())
    return (near, far) if shown >= MIN_SHOWN else None


def _vote(
    steps: NDArray[np.float64],
    offsets: NDArray[np.float64],
    at: NDArray[np.float64],
    starts: NDArray[np.float64],
    ends: NDArray[np.float64],
) -> tuple[float, float, float]:
    """The best of the lines from starts to ends (mm inward), and the mean strength of the edge under it."""
    where = starts[:, None] * (1 - at) + ends[:, None] * at
    index = np.clip(np.rint((where - offsets[0]) / GRID_MM).astype(int), 0, len(offsets) - 1)
    shown = steps[np.arange(len(at)), index].mean(axis=1)
    expected = np.exp(-(starts**2 + ends**2) / (2 * EXPECTED_MM**2))
    best = int((shown * (0.5 + 0.5 * expected)).argmax())
    return float(starts[best]), float(ends[best]), float(shown[best])


def _lab(pixels: Pixels) -> NDArray[np.float32]:
    """CIE L*a*b* in their own units, slightly smoothed."""
    smooth = cv2.GaussianBlur(pixels, (3, 3), 0)
    return np.asarray(cv2.cvtColor(smooth.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), dtype=np.float32)
