"""Choose approve_confidence by the fraud one can bear: ``python -m benchmarks.thresholds --scores DEV.jsonl …``.

The operator states the greatest share of frauds that may be approved, averaged over kinds, and how sure that must be.
Confidences are those of folds of people that the curves did not see (calibrate_attacks); the committed curves, from all
of them, are a little better, so the bound is meant and not proved for those.
Confidences are tried from the strictest on; for each the hypothesis *the true share is greater* is tested, and the last
one before the first that cannot be refuted is chosen, so that with the stated certainty the share is kept on pictures
drawn as these were, whatever their distribution. What it costs is printed beside it: genuine cases that a person sees.

Source: fixed sequence testing as in Angelopoulos, Bates, Candès, Jordan, Lei, Learn then Test, arXiv 2110.01052,
§2.2–2.3, with the tail bound of Hoeffding and Bentkus (Bates et al., Distribution-free, risk-controlling prediction
sets, J. ACM 68(6), 2021, §3.1), which needs independent losses and not equal ones (Hoeffding, JASA 58, 1963, theorem
1): the kinds are brought to one size by leaving out by lot, so that their mean is the mean over kinds.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.calibrate_attacks import ACCUSES, confidence, fit, folds
from benchmarks.calibrate_attacks import choose as choose_cues
from benchmarks.markdown import rate_text, table
from benchmarks.metrics import Floats, Rate
from benchmarks.scores import Scored, load
from kyc_vision.confidence import ConfidenceModel
from kyc_vision.types import Cue
from kyc_vision.weighing import AttackModel
from kyc_vision.weights import MODELS
from samples.kinds import KINDS

CALIBRATION = MODELS / "calibration.json"
GRID = tuple(round(0.9995 - 0.0005 * i, 4) for i in range(1000))
SEED = 20261124


@dataclass(frozen=True, slots=True)
class Judged:
    """A picture's confidence by the calibration in force.

    Attributes:
        one: its scores.
        confidence: 0–1.
        worst: probability of its likeliest attack.
    """

    one: Scored
    confidence: float
    worst: float

    def approved(self, limit: float) -> bool:
        """Whether it passes where approval needs this confidence, and no attack takes more than the rest of 1."""
        return self.one.open and self.confidence >= limit and self.worst <= 1 - limit


def main() -> int:
    """Choose and print; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.thresholds", description=__doc__)
    parser.add_argument("--scores", type=Path, nargs="+", required=True, help="lines of benchmarks.scores")
    parser.add_argument("--variant", type=Path, nargs="*", default=[], help="lines by which cues are chosen")
    parser.add_argument("--photographs", type=Path, nargs="*", default=[], help="lines of untouched photographs")
    parser.add_argument("--fraud", type=float, default=0.005, help="greatest share of frauds approved, over kinds")
    parser.add_argument("--certainty", type=float, default=0.95, help="how sure that must be")
    parser.add_argument("--strict", action="store_true", help="cues silent on the other renderer have no weight at all")
    parser.add_argument("--without", nargs="*", default=["reupload"], help="kinds that no single picture can tell")
    arguments = parser.parse_args()
    rows, other, untouched = (
        [one for path in paths for one in load(path)]
        for paths in (arguments.scores, arguments.variant, arguments.photographs)
    )
    known = [one for one in rows if one.difficulty != "beyond"]
    seen = cross_fitted(known, other, untouched, strict=arguments.strict)
    frauds = by_kind(seen, arguments.without)
    chosen = choose(frauds, arguments.fraud, 1 - arguments.certainty)
    if chosen is None:
        print("no confidence keeps that share with this certainty on so few pictures", file=sys.stderr)
        return 1
    print(f"approve_confidence = {chosen}\n")
    print(costs(seen, frauds, [chosen, *(c for c in (0.5, 0.8, 0.9, 0.95, 0.98, 0.99) if c != chosen)]))
    return 0


def judge(seen: Sequence[Scored], models: tuple[AttackModel, ConfidenceModel] | None = None) -> list[Judged]:
    """Confidence and likeliest attack of each picture; by the committed calibration unless other models are given."""
    attacks, model = models or (AttackModel.load(CALIBRATION), ConfidenceModel.load(CALIBRATION))
    found = []
    for one in seen:
        suspicions = attacks.weigh([Cue(name, score) for name, score in one.cues.items()])
        doubts = model.doubts(one.known(), suspicions)
        blind = any(not suspicion.shares for suspicion in suspicions)
        worst = 1.0 if blind else max((suspicion.probability for suspicion in suspicions), default=0.0)
        found.append(Judged(one, model.confidence(doubts), worst))
    return found


def cross_fitted(
    seen: Sequence[Scored], other: Sequence[Scored], untouched: Sequence[Scored], *, strict: bool = False
) -> list[Judged]:
    """Each picture as judged by curves that never saw its person; strict: a cue that may only accuse has no weight."""
    chosen, _ = choose_cues(seen, other)
    if strict:
        chosen = {name: {c: b for c, b in cues.items() if b != ACCUSES} for name, cues in chosen.items()}
    model = ConfidenceModel.parse(confidence(seen, untouched, chosen))
    found = []
    for held, rest in folds(seen):
        # An attack that is left without any cue is not looked for.
        kinds = {name: row for name, row in fit(rest, untouched, chosen).items() if row["cues"]}
        found += judge(held, (AttackModel.parse({"kinds": kinds}), model))
    return found


def by_kind(seen: Sequence[Judged], without: Sequence[str]) -> dict[str, list[Judged]]:
    """The attacks, by kind."""
    found: dict[str, list[Judged]] = {}
    for one in seen:
        kind = KINDS.get(one.one.kind)
        if kind is not None and kind.group == "attack" and one.one.kind not in without:
            found.setdefault(one.one.kind, []).append(one)
    return found


def choose(frauds: Mapping[str, Sequence[Judged]], share: float, error: float) -> float | None:
    """The least confidence of GRID down to which every one is refuted; None where the strictest is not."""
    rng = np.random.default_rng(SEED)
    n = min(len(ones) for ones in frauds.values())
    rounds = [[ones[i] for i in rng.permutation(len(ones))[:n]] for ones in frauds.values()]
    chosen = None
    for limit in GRID:
        losses = np.array([[one.approved(limit) for one in kind] for kind in rounds], dtype=np.float64)
        if p_value(losses.ravel(), share) > error:
            break
        chosen = limit
    return chosen


def p_value(losses: Floats, share: float) -> float:
    """Chance of a mean loss as small as this if the true one were greater than share: Hoeffding–Bentkus.

    Args:
        losses: (n,) independent, 0–1.
        share: the greatest mean that may be.
    """
    n, mean = len(losses), float(losses.mean())
    if mean >= share:
        return 1.0
    relative = mean * math.log(mean / share) if mean > 0 else 0.0
    relative += (1 - mean) * math.log((1 - mean) / (1 - share))
    return min(math.exp(-n * relative), math.e * _binomial_tail(math.ceil(n * mean), n, share))


def _binomial_tail(most: int, n: int, p: float) -> float:
    """Chance of at most so many of n."""
    logs = [
        math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) + k * math.log(p) + (n - k) * math.log1p(-p)
        for k in range(most + 1)
    ]
    return min(1.0, sum(math.exp(one) for one in logs))


def costs(seen: Sequence[Judged], frauds: Mapping[str, Sequence[Judged]], limits: Sequence[float]) -> str:
    """What each confidence approves: frauds averaged over kinds, the worst kind, genuine by difficulty."""
    rows = []
    for limit in limits:
        rates = {kind: Rate(sum(o.approved(limit) for o in ones), len(ones)) for kind, ones in frauds.items()}
        worst = max(rates, key=lambda kind: rates[kind].hits / max(1, rates[kind].n))
        macro = float(np.mean([one.hits / max(1, one.n) for one in rates.values()]))
        genuine = [_genuine(seen, levels, limit) for levels in (("easy", "medium"), ("hard",))]
        rows.append(
            [
                f"{limit:g}",
                f"{macro:.2%}",
                f"{worst}: {rate_text(rates[worst].as_json())}",
                *(rate_text(one.as_json()) for one in genuine),
            ]
        )
    head = ["approve_confidence", "frauds, over kinds", "worst kind", "genuine, easy and medium", "genuine, hard"]
    return table(head, rows)


def _genuine(seen: Sequence[Judged], levels: Sequence[str], limit: float) -> Rate:
    ones = [one for one in seen if one.one.kind == "genuine" and one.one.difficulty in levels]
    return Rate(sum(one.approved(limit) for one in ones), len(ones))


if __name__ == "__main__":
    sys.exit(main())
