"""Fit how often two names that agree in a way are one person's: ``python -m benchmarks.calibrate_names``.

Pairs are invented (name_pairs.py) of words in two halves that share none: one half fits, the other reports. Half of
the pairs are one person's, so the rates are probabilities at even prior odds. Writes models/name_calibration.json;
the eight numbers are constants of kyc_vision/ocr/name_agreement.py, and a test holds the two together.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.calibrate_faces import logistic
from benchmarks.metrics import Rate, expected_calibration_error, prior_weights, rate, reliability
from benchmarks.name_lists import Half, halves
from benchmarks.name_pairs import (
    FIRST,
    HABITS,
    LENGTHS,
    NAMESAKE,
    OTHERS,
    READING_SLIP,
    SAME_PERSON,
    SPACE_LOST,
    TITLE_ON_CARD,
    TYPING_SLIP,
    pair,
)
from kyc_vision.ocr.name_agreement import Agreement, NameOutcome
from kyc_vision.ocr.name_alignment import Relation
from kyc_vision.ocr.names import NameComparison, compare
from kyc_vision.weights import MODELS

SEED = 20261124
#: Pairs of each half. The rarest agreement (initials, 1.2 % of the pairs) is then seen 1,200 times.
PAIRS = 100_000
THRESHOLDS = (0.5, 0.9, 0.98, 0.99)
Table = dict[Agreement, float]


@dataclass(frozen=True, slots=True)
class Judged:
    """A compared pair: whose it is (SAME_PERSON or one of OTHERS), and the answer."""

    kind: str
    found: NameComparison

    @property
    def same(self) -> bool:
        """Whether it is one person's."""
        return self.kind == SAME_PERSON


def main() -> int:
    """Compare, count, report, write; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.calibrate_names", description=__doc__)
    parser.add_argument("--pairs", type=int, default=PAIRS, help="of each half")
    parser.add_argument("--out", type=Path, default=MODELS / "name_calibration.json")
    arguments = parser.parse_args()
    fit_half, report_half = halves(SEED)
    fitted_on, unseen = judged(fit_half, SEED + 1, arguments.pairs), judged(report_half, SEED + 2, arguments.pairs)
    table = rates(fitted_on)
    result = {
        "probability": {agreement.value: value for agreement, value in table.items()},
        "prior": "even: half of the pairs are one person's",
        "seed": SEED,
        "words": {"fit": size(fit_half), "report": size(report_half)},
        "pairs": {"fit": len(fitted_on), "report": len(unseen)},
        "assumed": {
            "words of a name": LENGTHS,
            "first word": FIRST,
            "habits": HABITS,
            "typing slip a letter": TYPING_SLIP,
            "reading slip a letter": READING_SLIP,
            "space lost": SPACE_LOST,
            "title on the card": TITLE_ON_CARD,
            "different people": OTHERS,
        },
        "report": report(table, fitted_on, unseen),
    }
    arguments.out.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=2, ensure_ascii=False))
    return 0


def judged(half: Half, seed: int, pairs: int) -> list[Judged]:
    """So many invented pairs of a half's words, every other one person's, compared."""
    rng = np.random.default_rng(seed)
    drawn = (pair(rng, half, same=at % 2 == 0) for at in range(pairs))
    return [Judged(one.kind, compare(one.booking, one.card)) for one in drawn]


def size(half: Half) -> int:
    """How many words a half has."""
    return len({*half.given, *half.second, *half.single})


def rates(pairs: Sequence[Judged]) -> Table:
    """Of the pairs that agree in a way, the share that is one person's; between 0.0001 and 0.9999.

    Source: Jeffreys' estimate (hits + ½) / (n + 1): Brown, Cai & DasGupta (2001), Statistical Science 16, §4.
    """
    seen = {one: rate(p.same for p in pairs if p.found.agreement is one) for one in Agreement}
    return {one: min(0.9999, max(0.0001, round((r.hits + 0.5) / (r.n + 1), 4))) for one, r in seen.items()}


def report(table: Table, fitted_on: Sequence[Judged], unseen: Sequence[Judged]) -> dict[str, Any]:
    """How well the table holds on words it was not fitted on, and what passes."""
    others = [one for one in unseen if not one.same]
    alike = [one for one in unseen if one.kind != "stranger"]
    told = [table[one.found.agreement] for one in unseen]
    return {
        "ece": round(calibration_error(table, unseen), 5),
        "ece without strangers": round(calibration_error(table, alike), 5),
        "log loss": round(log_loss(told, unseen), 4),
        "log loss of a logistic model of outcome, similarity and counts": round(by_logistic(fitted_on, unseen), 4),
        "agreements": {
            one.value: {"told": table[one], **rate(p.same for p in unseen if p.found.agreement is one).as_json()}
            for one in Agreement
        },
        "one person: passed": passed(one for one in unseen if one.same).as_json(),
        "different people: passed": passed(others).as_json(),
        "different people but namesakes: passed": passed(o for o in others if o.kind != NAMESAKE).as_json(),
        "different people: passed at a probability of": {
            f"{at:g}": passed(others, table, at).as_json() for at in THRESHOLDS
        },
        "outcomes": {
            kind: {
                outcome.value: rate(p.found.outcome is outcome for p in unseen if p.kind == kind).as_json()
                for outcome in NameOutcome
            }
            for kind in (SAME_PERSON, *OTHERS)
        },
    }


def passed(pairs: Iterable[Judged], table: Table | None = None, least: float = 0.0) -> Rate:
    """How many come out the same, with at least that probability."""
    return rate(
        one.found.outcome is NameOutcome.SAME and (table is None or table[one.found.agreement] >= least)
        for one in pairs
    )


def calibration_error(table: Table, pairs: Sequence[Judged]) -> float:
    """Expected calibration error at even odds, ten bins."""
    same = [one.same for one in pairs]
    bins = reliability([table[one.found.agreement] for one in pairs], same, prior_weights(same, 0.5))
    return expected_calibration_error(bins)


def log_loss(told: Sequence[float], pairs: Sequence[Judged]) -> float:
    """Mean of −ln of what was told of the truth. Source: Good (1952), JRSS B 14:107–114."""
    p, same = np.array(told), np.array([one.same for one in pairs])
    return float(-np.log(np.where(same, p, 1 - p)).mean())


def by_logistic(fitted_on: Sequence[Judged], unseen: Sequence[Judged]) -> float:
    """Log loss of the model that the table was chosen over."""
    same = np.array([one.same for one in fitted_on], dtype=np.float64)
    weights = np.array(logistic(features(fitted_on), same, np.ones(len(same))))
    score = weights[0] + features(unseen) @ weights[1:]
    return log_loss((1 / (1 + np.exp(-score))).tolist(), unseen)


def features(pairs: Sequence[Judged]) -> NDArray[np.float64]:
    """(N, 7): same, close, similarity, words that are equal, near, initials, alone."""
    return np.array([_features(one.found) for one in pairs], dtype=np.float64)


def _features(found: NameComparison) -> tuple[float, ...]:
    relations = [row.relation for row in found.aligned]
    outcomes = (found.outcome is NameOutcome.SAME, found.outcome is NameOutcome.CLOSE)
    return (*outcomes, found.similarity, *(relations.count(relation) for relation in Relation))


if __name__ == "__main__":
    sys.exit(main())
