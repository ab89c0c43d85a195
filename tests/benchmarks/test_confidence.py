"""What passes at each threshold and what it costs, on verdicts worked by hand."""

from __future__ import annotations

import pytest

from benchmarks.cases import case
from benchmarks.confidence import confidence_figures

LABEL = {"kind": "genuine", "expected": ["approved"], "quad": [[0, 0], [400, 0], [400, 252], [0, 252]]}


def verdict(kind: str, confidence: float, decision: str = "approved", reasons: tuple[str, ...] = ()):
    """A case of a kind with a verdict."""
    expected = ["approved"] if kind == "genuine" else ["review"]
    answer = {"decision": decision, "confidence": confidence, "reasons": list(reasons), "size_wh": [1200, 1600]}
    return case({**LABEL, "kind": kind, "expected": expected}, answer)


GENUINE = [
    verdict("genuine", 0.97),
    verdict("genuine", 0.85, "review", ("POLICY_LOW_CONFIDENCE",)),
    verdict("genuine", 0.99, "retake", ("OCR_NIK_UNREADABLE",)),
    verdict("genuine", 0.92),
]
ATTACKS = [
    verdict("colour_copy", 0.96),
    verdict("colour_copy", 0.6, "review", ("POLICY_LOW_CONFIDENCE",)),
    verdict("bw_copy", 0.98, "review", ("FRAUD_BLACK_AND_WHITE",)),
]


def test_every_kind_of_attack_has_its_approvals_at_each_threshold():
    found = confidence_figures(GENUINE, ATTACKS)["approved by threshold"]
    hits = {kind: [row[t]["hits"] for t in ("0", "0.7", "0.9", "0.95", "0.99")] for kind, row in found.items()}
    # A check that stands against approval stands at every threshold.
    assert hits == {"genuine": [3, 3, 2, 1, 0], "colour_copy": [2, 1, 1, 1, 0], "bw_copy": [0, 0, 0, 0, 0]}
    assert {kind: row["0.9"]["n"] for kind, row in found.items()} == {"genuine": 4, "colour_copy": 2, "bw_copy": 1}


def test_cost_follows_the_stated_price_of_a_fraud():
    curves = confidence_figures(GENUINE, ATTACKS)["cost curves"]
    assert list(curves) == ["10", "100", "1000"]
    for dear, rows in curves.items():
        cost = dict(map(tuple, rows))
        # At 0.9 half of the genuine and a third of the frauds are approved; nine of ten selfies are genuine.
        assert cost[0.9] == pytest.approx(0.9 / 2 + 0.1 * 2 / 3 + 0.1 / 3 * float(dear), abs=1e-5)
        # Nothing is approved: every selfie is handled once.
        assert cost[1.01] == 1.0


def test_without_attacks_nothing_is_measurable():
    assert confidence_figures(GENUINE, []) == {}
