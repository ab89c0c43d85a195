"""What the verdict's confidence is worth: calibration, what passes at each threshold, and what that costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.cases import GENUINE, Case
from benchmarks.metrics import (
    Costs,
    approved_at,
    attacks_approved,
    expected_calibration_error,
    expected_cost,
    prior_weights,
    reliability,
)

#: How dear an approved fraud may be, in selfies that somebody has to handle. An assumption, measured nowhere: hence
#: three powers of ten instead of one number.
FRAUD_COSTS = (10.0, 100.0, 1000.0)
#: The thresholds that the table shows; the curve has more. At 1.01 nothing is approved.
SHOWN = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99)
DRAWN = (*(round(0.02 * step, 2) for step in range(50)), 0.99, 0.995, 0.999, 1.01)


def confidence_figures(genuine: Sequence[Case], attacks: Sequence[Case]) -> dict[str, Any]:
    """Calibration of the verdict's confidence at the stated prior and per class; approvals and cost by threshold."""
    costs, both = Costs(), [*genuine, *attacks]
    if not genuine or not attacks:
        return {}
    confidence = [c.confidence for c in both]
    # What the confidence claims: genuine, read right, this person's.
    right = [c.group == GENUINE and c.read_right for c in both]
    weights = prior_weights([c.group == GENUINE for c in both], costs.prior_genuine)
    return {
        "prior_genuine": costs.prior_genuine,
        "at the prior": calibration(confidence, right, weights),
        "genuine": calibration(confidence[: len(genuine)], right[: len(genuine)]),
        "attacks": calibration(confidence[len(genuine) :], right[len(genuine) :]),
        "approved by threshold": approved_by_threshold(both),
        "cost of one handled": costs.handled,
        "cost curves": {f"{dear:g}": cost_curve(both, replace(costs, approved_fraud=dear)) for dear in FRAUD_COSTS},
    }


def approved_by_threshold(cases: Sequence[Case]) -> dict[str, dict[str, Any]]:
    """Of the genuine and of each kind of attack, what is approved if approval needs so much confidence."""
    confidence, open_ = np.array([c.confidence for c in cases]), np.array([c.open_to_approval for c in cases])
    labels = [GENUINE if c.group == GENUINE else c.kind for c in cases]
    found: dict[str, dict[str, Any]] = {}
    for threshold in SHOWN:
        for label, one in attacks_approved(labels, approved_at(confidence, open_, threshold).tolist()).items():
            found.setdefault(label, {})[f"{threshold:g}"] = one.as_json()
    return found


def cost_curve(cases: Sequence[Case], costs: Costs) -> list[list[float]]:
    """[threshold, mean cost of a selfie]; kinds of attack weigh as in the set."""
    confidence, open_ = np.array([c.confidence for c in cases]), np.array([c.open_to_approval for c in cases])
    genuine = np.array([c.group == GENUINE for c in cases])
    return [[at, round(expected_cost(confidence, open_, genuine, at, costs), 5)] for at in DRAWN]


def calibration(
    confidence: Sequence[float], right: Sequence[bool], weights: Sequence[float] | None = None
) -> dict[str, Any]:
    """Bins and expected calibration error as JSON; weights that are not given are equal."""
    bins = reliability(confidence, right, weights)
    return {
        "n": len(confidence),
        "ece": round(expected_calibration_error(bins), 5) if bins else None,
        "bins": [
            {
                "n": one.n,
                "weight": round(one.weight, 5),
                "confidence": round(one.confidence, 5),
                "accuracy": round(one.accuracy, 5),
                "bounds": [round(b, 5) for b in one.bounds],
            }
            for one in bins
        ],
    }
