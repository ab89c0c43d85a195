"""What is approved of each kind: ``python -m benchmarks.fraud --scores REPORT.jsonl --fitted DEV.jsonl --out FILE``.

REPORT holds scores (benchmarks.scores) of seeds and people that nothing was fitted or chosen on. Written is the part
of each kind that is approved, with n and interval; genuine cases by difficulty; how well the confidence is calibrated
at the stated prior; for each cue how well it tells its attacks, on a renderer that the fit never saw too (--variant),
and how often it alarms on untouched photographs (--photographs); for each kind, what is approved when the fit knows
nothing of that kind.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.calibrate_attacks import ATTACKS, GENUINE, PRIOR_GENUINE, auc, choose, fit, scores
from benchmarks.fraud_page import page
from benchmarks.metrics import Rate, expected_calibration_error, prior_weights, reliability
from benchmarks.scores import Scored, load
from benchmarks.thresholds import CALIBRATION, Judged, by_kind, judge
from kyc_vision.confidence import ConfidenceModel
from kyc_vision.policy import Action, Policy
from kyc_vision.weighing import AttackModel

#: Kinds that no single picture can tell; they are listed apart.
APART = ("reupload",)
#: Log-likelihood ratio from which a cue speaks up: an attack is ten times as likely.
SPEAKS = 2.3
LEVELS: Mapping[str, tuple[str, ...]] = {
    "easy": ("easy",),
    "medium": ("medium",),
    "easy and medium": ("easy", "medium"),
    "hard": ("hard",),
    "all": ("easy", "medium", "hard", "beyond"),
}


def main() -> int:
    """Count and write; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fraud", description=__doc__)
    parser.add_argument("--scores", type=Path, nargs="+", required=True, help="lines to report on")
    parser.add_argument("--fitted", type=Path, nargs="+", required=True, help="lines that were fitted on")
    parser.add_argument(
        "--variant", type=Path, nargs="*", default=[], help="lines of a renderer that was not fitted on"
    )
    parser.add_argument("--chosen-by", type=Path, nargs="*", default=[], help="lines by which cues were chosen")
    parser.add_argument("--photographs", type=Path, nargs="*", default=[], help="lines of untouched photographs")
    parser.add_argument("--out", type=Path, required=True, help="the figures, JSON")
    parser.add_argument("--page", type=Path, help="the same as a page, Markdown")
    arguments = parser.parse_args()
    report, fitted, variant, chosen_by, photographs = (
        [one for path in paths for one in load(path)]
        for paths in (arguments.scores, arguments.fitted, arguments.variant, arguments.chosen_by, arguments.photographs)
    )
    policy = Policy.load()
    limit = policy.thresholds.approve_confidence
    judged = judge(report)
    result: dict[str, Any] = {
        "approve_confidence": limit,
        "policy": policy.digest,
        "calibration": [AttackModel.load(CALIBRATION).digest, ConfidenceModel.load(CALIBRATION).digest],
        "people": len({one.person for one in report}),
        "kinds": kinds(judged, policy),
        "genuine": genuine(judged, policy),
        "ece": calibration(judged),
        "cues": cues(report, variant, photographs),
        "variant": kinds(judge(variant), policy) if variant else {},
        "left_out": left_out(fitted, chosen_by, photographs, report, limit),
    }
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    if arguments.page:
        arguments.page.write_text(page(result), encoding="utf-8")
    print(page(result))
    return 0


def kinds(judged: Sequence[Judged], policy: Policy) -> dict[str, Any]:
    """Approved share of each kind of attack, and their mean."""
    limit = policy.thresholds.approve_confidence
    found = {
        kind: Rate(sum(one.approved(limit) for one in ones), len(ones)) for kind, ones in by_kind(judged, ()).items()
    }
    told = [rate for kind, rate in found.items() if kind not in APART]
    macro = float(np.mean([rate.hits / rate.n for rate in told])) if told else None
    whole = Rate(sum(rate.hits for rate in told), sum(rate.n for rate in told))
    return {"macro": macro, "together": whole.as_json(), **{kind: found[kind].as_json() for kind in sorted(found)}}


def genuine(judged: Sequence[Judged], policy: Policy) -> dict[str, Any]:
    """Approved and rejected genuine cases, by difficulty."""
    limit, found = policy.thresholds.approve_confidence, {}
    for name, levels in LEVELS.items():
        ones = [one for one in judged if one.one.kind == GENUINE and one.one.difficulty in levels]
        refused = [one for one in ones if any(policy.action(code) is Action.REJECT for code in one.one.codes)]
        found[name] = {
            "approved": Rate(sum(one.approved(limit) for one in ones), len(ones)).as_json(),
            "rejected": Rate(len(refused), len(ones)).as_json(),
        }
    return found


def calibration(judged: Sequence[Judged]) -> dict[str, Any]:
    """Expected calibration error of the confidence at the stated prior, of all cases that have one."""
    ones = [one for one in judged if one.one.parts is not None]
    good = [one.one.kind == GENUINE for one in ones]
    bins = reliability(
        [one.confidence for one in ones], [one.one.right for one in ones], prior_weights(good, PRIOR_GENUINE)
    )
    return {"n": len(ones), "prior_genuine": PRIOR_GENUINE, "ece": round(expected_calibration_error(bins), 4)}


def cues(
    report: Sequence[Scored], variant: Sequence[Scored], photographs: Sequence[Scored]
) -> dict[str, dict[str, Any]]:
    """Each attack's cues: how well they tell, here and on the variant, and how often they speak falsely."""
    found: dict[str, dict[str, Any]] = {}
    for attack, one in AttackModel.load(CALIBRATION).attacks.items():
        of_kind = ATTACKS[attack][0]
        for cue, curve in one.curves.items():
            good, bad = scores(report, (GENUINE,), cue), scores(report, of_kind, cue)
            other, photos = scores(variant, of_kind, cue), scores(photographs, None, cue)
            n = sum(row.kind in of_kind for row in report)
            found[f"{attack}: {cue}"] = {
                "auc": auc(good, bad),
                "auc_variant": auc(good, other),
                "speaks": Rate(sum(curve.at(x) >= SPEAKS for x in bad), n).as_json(),
                "speaks_variant": Rate(
                    sum(curve.at(x) >= SPEAKS for x in other), sum(row.kind in of_kind for row in variant)
                ).as_json(),
                "false_genuine": Rate(sum(curve.at(x) >= SPEAKS for x in good), len(good)).as_json(),
                "false_photographs": Rate(sum(curve.at(x) >= SPEAKS for x in photos), len(photos)).as_json(),
                "cannot_tell": Rate(n - len(bad), n).as_json(),
            }
    return found


def left_out(
    fitted: Sequence[Scored],
    chosen_by: Sequence[Scored],
    photographs: Sequence[Scored],
    report: Sequence[Scored],
    limit: float,
) -> dict[str, Any]:
    """For each kind: what is approved of it when neither curves nor slopes ever saw it."""
    model = ConfidenceModel.load(CALIBRATION)
    found = {}
    for kind in (kind for of_kind, _ in ATTACKS.values() for kind in of_kind):
        seen = [one for one in fitted if one.kind != kind and one.difficulty != "beyond"]
        chosen, _ = choose(seen, [one for one in chosen_by if one.kind != kind])
        rows = fit(seen, photographs, chosen)
        attacks = AttackModel.parse({"kinds": {name: row for name, row in rows.items() if row["cues"]}})
        ones = judge([one for one in report if one.kind == kind], models=(attacks, model))
        found[kind] = Rate(sum(one.approved(limit) for one in ones), len(ones)).as_json()
    return found


if __name__ == "__main__":
    sys.exit(main())
