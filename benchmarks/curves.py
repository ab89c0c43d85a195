"""Scores → log-likelihood ratios that never fall: isotonic regression, bounded by how much was seen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from benchmarks.metrics import Floats
from kyc_vision.weighing import Curve

#: Natural log-likelihood ratios that one cue may reach: one that finds nothing halves and halves again, no more (an
#: attack of a better make would find it silent too); one that finds something may multiply by 150.
LEAST, MOST = -1.5, 5.0
#: Scores in one step of the curve, as a share of either side: steps of a handful would be noise.
_STEP = 0.04


def curve(
    genuine: Floats,
    attacks: Sequence[Floats],
    photographs: Floats | None = None,
    bounds: tuple[float, float] = (LEAST, MOST),
) -> Curve | None:
    """The curve of one cue for one attack.

    Args:
        genuine: (N,) scores of genuine pictures.
        attacks: scores of the attack, one array for each way of making it, each of the same weight.
        photographs: (M,) scores of untouched photographs; where they are as suspicious as the attack, the curve is low.
        bounds: least and greatest log-likelihood ratio.

    Returns:
        None where a side has fewer than ten scores.
    """
    if len(genuine) < 10 or sum(len(one) for one in attacks) < 10:
        return None
    edges = _edges(genuine, np.concatenate(attacks))
    shares = np.mean([_shares(one, edges) for one in attacks if len(one)], axis=0)
    ratios = _isotonic(np.log(shares / _shares(genuine, edges)), shares + _shares(genuine, edges))
    if photographs is not None and len(photographs) >= 10:
        # Alarms on photographs are false: what stands above a score there must not weigh more than that.
        above = np.cumsum(_shares(photographs, edges)[::-1])[::-1]
        caught = np.cumsum(shares[::-1])[::-1]
        ratios = np.minimum(ratios, np.maximum(np.log(caught / above), np.minimum(ratios, 0)))
        ratios = np.minimum.accumulate(ratios[::-1])[::-1]
    ratios = np.clip(ratios, *bounds)
    middles = _middles(edges, np.concatenate([genuine, *attacks]))
    return _curve(middles, ratios)


def _edges(genuine: Floats, attacks: Floats) -> Floats:
    """Bounds between steps: quantiles of either side, so that each step holds enough of one of them."""
    shares = np.arange(_STEP, 1, _STEP)
    return np.unique(np.concatenate([np.quantile(genuine, shares), np.quantile(attacks, shares)]))


def _shares(scores: Floats, edges: Floats) -> Floats:
    """Share of the scores in each step; half a score is added to the whole, spread evenly: nothing is impossible."""
    counts = np.bincount(np.searchsorted(edges, scores, side="right"), minlength=len(edges) + 1).astype(np.float64)
    return np.asarray((counts + 0.5 / len(counts)) / (len(scores) + 0.5))


def _isotonic(values: Floats, weights: Floats) -> Floats:
    """The nearest sequence that never falls, weighted least squares, by pooling adjacent violators."""
    blocks: list[list[float]] = []
    for value, weight in zip(values, weights, strict=True):
        blocks.append([float(value), float(weight), 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            last, before = blocks.pop(), blocks.pop()
            mass = last[1] + before[1]
            blocks.append([(last[0] * last[1] + before[0] * before[1]) / mass, mass, last[2] + before[2]])
    return np.concatenate([np.full(int(count), value) for value, _, count in blocks])


def _middles(edges: Floats, scores: Floats) -> Floats:
    """Median score of each step; of an empty one the middle of its bounds."""
    steps = np.searchsorted(edges, scores, side="right")
    bounds = np.concatenate([[edges[0]], edges, [edges[-1]]])
    return np.array(
        [
            np.median(scores[steps == i]) if (steps == i).any() else (bounds[i] + bounds[i + 1]) / 2
            for i in range(len(edges) + 1)
        ]
    )


def _curve(scores: Floats, ratios: Floats) -> Curve:
    """Knots where the ratio changes; scores that round to the same are one knot."""
    knots: dict[float, float] = {}
    for i, (score, ratio) in enumerate(zip(scores, ratios, strict=True)):
        inner = 0 < i < len(ratios) - 1 and ratios[i - 1] == ratio == ratios[i + 1]
        if not inner:
            knots[float(f"{score:.5g}")] = max(round(float(ratio), 3), max(knots.values(), default=-np.inf))
    return Curve(tuple(sorted(knots)), tuple(knots[score] for score in sorted(knots)))
