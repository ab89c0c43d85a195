"""Anchors → the homography from card millimetres to picture pixels, robust to wrong anchors.

For every hypothesis of wrapped rows an affine map is drawn from random triples of anchors (RANSAC), the best
one grows into a homography by iteratively reweighted least squares, and the hypothesis whose anchors lie
closest to their places wins: counting inliers alone cannot tell hypotheses apart.

Source: Fischler & Bolles, Random Sample Consensus, CACM 24(6), 1981; Huber & Ronchetti, Robust Statistics,
2nd ed., §7.8 (reweighting; Tukey's biweight).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kyc_vision import layout
from kyc_vision.card.anchors import Anchor

#: RANSAC: distance in mm that still counts as agreement with an affine map. Perspective at 35° out of plane
#: bends the card by up to 2.5 mm off any affine map.
AFFINE_TOLERANCE_MM = 2.5
#: Draws per hypothesis: with half of the anchors wrong, 120 draws miss a good triple once in 10 million.
DRAWS = 120
#: Refinement: the biweight's reach, wide then narrow. The print floats by 0.8 mm as a whole, which the fit
#: absorbs; single lines sit within 0.4 mm of their row.
REACH_MM = (3.0, 2.0, 1.2, 1.2)
#: Pull of the two perspective terms towards zero, in mm of bend at the card's edge: a few anchors on one side
#: of the card say little about them.
PERSPECTIVE_PRIOR = 0.15
#: Fewer agreeing anchors than this say nothing: four points fix a homography exactly.
MIN_ANCHORS = 5
#: A card's view keeps its proportions within these (width of a mm against height of a mm): 45° out of plane.
MAX_STRETCH = 1.6
SEED = 7


@dataclass(frozen=True, slots=True, eq=False)
class CardFit:
    """A homography and how well it is supported.

    Attributes:
        homography: (3, 3), card mm → picture px.
        wrapped: the rows that take a further line, once for each.
        inliers: names of the anchors that agree.
        residual_mm: their median distance from their place on the card.
        spread_mm: standard deviation of the agreeing anchors along the card's x and y: a fit is only as good
            as the area its anchors span.
    """

    homography: NDArray[np.float64]
    wrapped: tuple[str, ...]
    inliers: tuple[str, ...]
    residual_mm: float
    spread_mm: tuple[float, float]


def fit_card(anchors: list[Anchor]) -> CardFit | None:
    """The best fit over every hypothesis of wrapped rows; None when too few anchors agree."""
    if len(anchors) < MIN_ANCHORS:
        return None
    points = np.array([a.point for a in anchors])
    weights = np.array([a.weight for a in anchors])
    centre, scale = points.mean(axis=0), float(points.std()) or 1.0
    normal = (points - centre) / scale
    to_pixels = np.array([[scale, 0, centre[0]], [0, scale, centre[1]], [0, 0, 1]])
    best: tuple[float, CardFit] | None = None
    for index, wrapped in enumerate(layout.WRAPS):
        places = np.array([a.card_mm[index] for a in anchors])
        affine = _ransac_affine(places, normal, weights)
        if affine is None:
            continue
        homography, support = _refine(places, normal, weights, affine)
        distance = _distance_mm(homography, places, normal)
        agree = support > 0.1
        if agree.sum() < MIN_ANCHORS or not _plausible(homography):
            continue
        # The cost of the whole set of anchors, each capped: residuals decide, not counts.
        cost = float((weights * np.minimum(distance / REACH_MM[-1], 1.0) ** 2).sum()) + 0.02 * len(wrapped)
        fit = CardFit(
            homography=to_pixels @ homography,
            wrapped=wrapped,
            inliers=tuple(a.name for a, ok in zip(anchors, agree, strict=True) if ok),
            residual_mm=float(np.median(distance[agree])),
            spread_mm=(float(places[agree, 0].std()), float(places[agree, 1].std())),
        )
        if best is None or cost < best[0]:
            best = (cost, fit)
    return best[1] if best else None


def _ransac_affine(
    places: NDArray[np.float64], points: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64] | None:
    """The (3, 3) affine map, card mm → normalised points, with the most support among random triples."""
    rng = np.random.default_rng(SEED)
    n = len(places)
    picks = np.argsort(rng.random((DRAWS, n)), axis=1)[:, :3]
    source = np.concatenate([places[picks], np.ones((DRAWS, 3, 1))], axis=2)
    target = points[picks]
    area = np.abs(np.linalg.det(source)) / 2
    wide = area > 20.0  # mm²: nearer to a line, a triple fixes no map
    if not wide.any():
        return None
    maps = np.linalg.solve(source[wide], target[wide])  # (D, 3, 2)
    homogeneous = np.column_stack([places, np.ones(n)])
    offsets = np.linalg.norm(homogeneous @ maps - points, axis=2)
    linear = maps[:, :2, :].transpose(0, 2, 1)
    determinant = np.linalg.det(linear)
    columns = np.linalg.norm(linear, axis=1)
    stretch = columns.max(axis=1) / np.maximum(columns.min(axis=1), 1e-9)
    # Same winding, proportions of a card, axes within 30° of square.
    valid = (determinant > 0) & (stretch < MAX_STRETCH) & (determinant > 0.85 * columns.prod(axis=1))
    mm = offsets / np.sqrt(np.maximum(determinant, 1e-12))[:, None]
    support = (weights * np.maximum(0.0, 1 - (mm / AFFINE_TOLERANCE_MM) ** 2)).sum(axis=1) * valid
    winner = int(support.argmax())
    if support[winner] <= 0:
        return None
    return np.vstack([maps[winner].T, [0, 0, 1]])


def _refine(
    places: NDArray[np.float64], points: NDArray[np.float64], weights: NDArray[np.float64], affine: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Grow an affine map into a homography; returns it and each anchor's final weight, 0–1."""
    centre = np.array(layout.CARD_WH_MM) / 2
    half = layout.CARD_WH_MM[0] / 2
    unit = (places - centre) / half  # −1…1 across the card: keeps the normal equations well conditioned
    to_unit = np.array([[1 / half, 0, -centre[0] / half], [0, 1 / half, -centre[1] / half], [0, 0, 1]])
    params = (affine @ np.linalg.inv(to_unit)).ravel()[:8]
    support = np.ones(len(points))
    for reach in REACH_MM:
        for _ in range(4):
            homography = np.append(params, 1.0).reshape(3, 3)
            scale = np.sqrt(abs(np.linalg.det(homography[:2, :2]))) / half  # normalised points per mm
            predicted, jacobian = _project(homography, unit)
            residual = (points - predicted) / scale
            distance = np.linalg.norm(residual, axis=1)
            support = np.clip(1 - (distance / reach) ** 2, 0, None) ** 2
            w = np.repeat(weights * support, 2)
            j = jacobian.reshape(-1, 8) / scale
            prior = np.zeros((8, 8))
            prior[6, 6] = prior[7, 7] = (half * PERSPECTIVE_PRIOR) ** 2
            normal = (j * w[:, None]).T @ j + prior + 1e-9 * np.eye(8)
            step = np.linalg.solve(normal, (j * w[:, None]).T @ residual.ravel() - prior @ params)
            params = params + step
    homography = np.append(params, 1.0).reshape(3, 3)
    return homography @ to_unit, support


def _project(
    homography: NDArray[np.float64], unit: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(N, 2) projected points and their (N, 2, 8) derivative by the first eight entries of the homography."""
    n = len(unit)
    x, y = unit.T
    mapped = np.column_stack([unit, np.ones(n)]) @ homography.T
    w = mapped[:, 2]
    u, v = mapped[:, 0] / w, mapped[:, 1] / w
    jacobian = np.zeros((n, 2, 8))
    jacobian[:, 0, 0], jacobian[:, 0, 1], jacobian[:, 0, 2] = x / w, y / w, 1 / w
    jacobian[:, 1, 3], jacobian[:, 1, 4], jacobian[:, 1, 5] = x / w, y / w, 1 / w
    jacobian[:, 0, 6], jacobian[:, 0, 7] = -u * x / w, -u * y / w
    jacobian[:, 1, 6], jacobian[:, 1, 7] = -v * x / w, -v * y / w
    return np.column_stack([u, v]), jacobian


def _distance_mm(
    homography: NDArray[np.float64], places: NDArray[np.float64], points: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(N,) distance on the card, in mm, between each point mapped back and its place."""
    mapped = np.column_stack([points, np.ones(len(points))]) @ np.linalg.inv(homography).T
    return np.asarray(np.linalg.norm(mapped[:, :2] / mapped[:, 2:] - places, axis=1))


def _plausible(homography: NDArray[np.float64]) -> bool:
    """Whether the card's outline stays convex, keeps its winding and shows no side more than twice its opposite."""
    outline = np.column_stack([layout.outline_mm(), np.ones(4)]) @ homography.T
    if (outline[:, 2] <= 0).any():
        return False
    quad = outline[:, :2] / outline[:, 2:]
    sides = np.roll(quad, -1, axis=0) - quad
    after = np.roll(sides, -1, axis=0)
    turns = sides[:, 0] * after[:, 1] - sides[:, 1] * after[:, 0]
    lengths = np.linalg.norm(sides, axis=1)
    ratios = lengths[:2] / np.maximum(lengths[2:], 1e-9)
    return bool((turns > 0).all() and (ratios < 2).all() and (ratios > 0.5).all())
