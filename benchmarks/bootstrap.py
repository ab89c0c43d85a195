"""How sure a rate is when pictures of one person are alike: people are drawn anew, each with all their pictures.

Convention: a percentile interval of 95 %, at fixed thresholds. It knows only the errors that were seen: where there
were none (or nothing else) it has no width, and Wilson's interval is the one to quote.

Source: Field & Welsh (2007), JRSS B 69:369–390, §2 (cluster bootstrap); Efron & Tibshirani (1993), §13.3 (percentiles).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmarks.metrics import Bools, Floats, rate

RESAMPLES = 2_000
SEED = 20261124


def rate_by_people(flags: Sequence[bool] | Bools, people: Sequence[str]) -> dict[str, Any]:
    """The rate as JSON with Wilson's interval and, as "people", the one that draws people.

    Args:
        flags: (N,) whether each case is a hit.
        people: (N,) whose case it is.
    """
    listed = np.asarray(flags, dtype=bool)
    low, high = people_bounds(listed, people)
    drawn = {"low": round(low, 6), "high": round(high, 6), "clusters": len(set(people))}
    return {**rate(listed.tolist()).as_json(), "people": drawn}


def people_bounds(flags: Bools, people: Sequence[str]) -> tuple[float, float]:
    """Lower and upper bound of the (N,) flags' rate; 0 and 1 where there are not two people to draw from."""
    _, at = np.unique(np.asarray(people, dtype=str), return_inverse=True)
    hits, cases = (np.bincount(at, weights=w).astype(np.float64) for w in (flags, np.ones(len(flags))))
    if len(cases) < 2:
        return 0.0, 1.0
    low, high = np.percentile(redrawn(hits, cases), [2.5, 97.5])
    return float(low), float(high)


def redrawn(hits: Floats, cases: Floats) -> Floats:
    """(RESAMPLES,) pooled rates of as many people as there are, drawn with replacement.

    Args:
        hits: (K,) of each person.
        cases: (K,) of each person, 1 or more.
    """
    k = len(cases)
    times = np.random.default_rng(SEED).multinomial(k, np.full(k, 1 / k), size=RESAMPLES)
    return np.asarray((times @ hits) / (times @ cases), dtype=np.float64)
