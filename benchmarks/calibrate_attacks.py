"""Fit what cues are worth: ``python -m benchmarks.calibrate_attacks --scores DEV.jsonl --photographs P.jsonl …``.

DEV holds the scores (benchmarks.scores) of a development set: other seeds and other people than what is reported on.
For each attack and each of its cues a curve score → log-likelihood ratio is fitted (curves.py); then, on folds of
people that the curves did not see, one slope for the sum of each attack's ratios, and the logistic map on top of the
confidence, at the stated prior. With --variant, scores of a renderer that the fit does not see: a cue that tells its
attacks there has its whole curve; one that stays silent there may accuse, within bounds, and never absolve, since a
better forger is silent too; one that takes those attacks for genuine rather than not has no weight. Writes the sections
``attacks`` and ``confidence`` of models/calibration.json.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.calibrate_faces import logistic
from benchmarks.curves import LEAST, MOST, curve
from benchmarks.metrics import Floats
from benchmarks.scores import Scored, load
from kyc_vision.confidence import ConfidenceModel
from kyc_vision.types import Cue
from kyc_vision.weighing import Attack, AttackModel
from kyc_vision.weights import MODELS

SEED, FOLDS = 20261124, 5
GENUINE = "genuine"
#: How often each is expected among all selfies that are sent; nobody has counted: an assumption, stated in the answer.
PRIOR_GENUINE, PRIOR_IMPOSTOR, PRIOR_CONTRADICTION = 0.90, 0.02, 0.01
#: Attack → the kinds of samples/kinds.py that are made so, and the cues that physics gives it.
ATTACKS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "card_on_screen": (("card_on_phone", "card_on_monitor"), ("card_frame", "card_moire", "copy_texture", "card_held")),
    "selfie_on_screen": (("selfie_on_screen",), ("moire_face", "moire_scene", "scene_frame", "card_moire")),
    "selfie_printed": (("selfie_print",), ("scene_frame", "face_grain", "copy_texture", "card_colour")),
    "grey_copy": (("bw_copy",), ("card_colour", "card_frame", "card_corners")),
    "colour_copy": (("colour_copy",), ("card_frame", "card_corners", "copy_texture")),
    "portrait_replaced": (("portrait_pasted",), ("portrait_turn", "portrait_shadow")),
    "name_edited": (("edited_name",), ("line_place", "line_ink", "row_face", "ground_patch")),
    "nik_edited": (("edited_nik",), ("nik_typeface", "nik_digit", "nik_place", "ground_patch")),
    "card_inserted": (("pasted_card",), ("card_held",)),
    "paper_face": (("cut_out_face",), ("face_contour",)),
    "same_picture": (("card_face_as_selfie",), ("same_picture", "face_grain")),
}
#: Area under the ROC curve from which a cue tells, and below which it is misled.
TELLS, MISLED = 0.60, 0.40
#: Log-likelihood ratios that a cue may reach that is silent about the other renderer's attacks.
ACCUSES = (0.0, MOST)
#: An absolute level of grain is no more than a hint: a dim room gives it too, and services are at night. No set
#: of noisy photographs was at hand to bound it by data: it can never stop an approval by itself.
HINT, HINTS = (-0.7, 1.5), ("face_grain", "copy_texture")
Bounds = tuple[float, float]


def main() -> int:
    """Fit, write, print; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.calibrate_attacks", description=__doc__)
    parser.add_argument("--scores", type=Path, nargs="+", required=True, help="lines of benchmarks.scores to fit on")
    parser.add_argument("--photographs", type=Path, nargs="*", default=[], help="lines of untouched photographs")
    parser.add_argument("--variant", type=Path, nargs="*", default=[], help="lines of a renderer that is not fitted on")
    parser.add_argument("--out", type=Path, default=MODELS / "calibration.json")
    arguments = parser.parse_args()
    seen = [one for path in arguments.scores for one in load(path) if one.difficulty != "beyond"]
    untouched = [one for path in arguments.photographs for one in load(path)]
    other = [one for path in arguments.variant for one in load(path)]
    chosen, said = choose(seen, other)
    kinds = fit(seen, untouched, chosen)
    fitted_on = {
        "pictures": {kind: sum(one.kind == kind for one in seen) for kind in sorted({one.kind for one in seen})},
        "people": len({one.person for one in seen}),
        "photographs": len(untouched),
        "variant": len(other),
        "cues": said,
        "data_sha256": _digest([*arguments.scores, *arguments.photographs, *arguments.variant]),
    }
    table = json.loads(arguments.out.read_text(encoding="utf-8")) if arguments.out.is_file() else {}
    table["attacks"] = {"kinds": kinds, "fitted_on": fitted_on}
    table["confidence"] = confidence(seen, untouched, chosen)
    arguments.out.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
    print(json.dumps({"cues": said, "confidence": table["confidence"]}, indent=1))
    return 0


def choose(seen: Sequence[Scored], other: Sequence[Scored]) -> tuple[dict[str, dict[str, Bounds]], dict[str, str]]:
    """Attack → the bounds of each cue that has weight; and what was found of the cues that are bounded or have none."""
    chosen: dict[str, dict[str, Bounds]] = {}
    said = {}
    for attack, (kinds, cues) in ATTACKS.items():
        chosen[attack] = {}
        for cue in cues:
            here = auc(scores(seen, (GENUINE,), cue), scores(seen, kinds, cue))
            there = auc(scores(seen, (GENUINE,), cue), scores(other, kinds, cue))
            if here is None or here < MISLED or (there is not None and there < MISLED):
                said[f"{attack}: {cue}"] = f"no weight: {_area(here)} here, {_area(there)} on the other renderer"
            elif here < TELLS or there is None or there < TELLS:
                chosen[attack][cue] = ACCUSES
                said[f"{attack}: {cue}"] = f"only accuses: {_area(here)} here, {_area(there)} on the other renderer"
            else:
                chosen[attack][cue] = HINT if cue in HINTS else (LEAST, MOST)
    return chosen, said


def _area(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.3f}"


def fit(
    seen: Sequence[Scored], untouched: Sequence[Scored], chosen: Mapping[str, Mapping[str, Bounds]]
) -> dict[str, dict[str, Any]]:
    """Every attack's curves, and its slope from folds of people that the curves did not see."""
    model = curves(seen, untouched, chosen)
    sums: dict[str, list[tuple[float, bool]]] = {attack: [] for attack in ATTACKS}
    for held, rest in folds(seen):
        part = AttackModel(curves(rest, untouched, chosen), "")
        for one in held:
            for found in part.weigh([Cue(name, score) for name, score in one.cues.items()]):
                is_attack = one.kind in ATTACKS[found.attack][0]
                if is_attack or one.kind == GENUINE:
                    sums[found.attack].append((found.log_ratio, is_attack))
    return {
        attack: {
            "prior_odds": round(one.prior_odds, 6),
            "slope": slope(sums[attack]),
            "cues": {name: {"scores": list(c.scores), "ratios": list(c.ratios)} for name, c in one.curves.items()},
        }
        for attack, one in model.items()
    }


def curves(
    seen: Sequence[Scored], untouched: Sequence[Scored], chosen: Mapping[str, Mapping[str, Bounds]]
) -> dict[str, Attack]:
    """Every attack with its curves and no shrinking."""
    odds = (1 - PRIOR_GENUINE - PRIOR_IMPOSTOR - PRIOR_CONTRADICTION) / len(ATTACKS) / PRIOR_GENUINE
    found = {}
    for attack, cues in chosen.items():
        fitted = {}
        for cue, bounds in cues.items():
            of_kinds = [scores(seen, (kind,), cue) for kind in ATTACKS[attack][0]]
            one = curve(scores(seen, (GENUINE,), cue), of_kinds, scores(untouched, None, cue), bounds)
            if one is not None:
                fitted[cue] = one
        found[attack] = Attack(odds, 1.0, fitted)
    return found


def folds(seen: Sequence[Scored]) -> list[tuple[list[Scored], list[Scored]]]:
    """(held out, rest), split by people."""
    people = np.random.default_rng(SEED).permutation(sorted({one.person for one in seen}))
    fold = {str(name): i % FOLDS for i, name in enumerate(people)}
    return [
        ([one for one in seen if fold[one.person] == k], [one for one in seen if fold[one.person] != k])
        for k in range(FOLDS)
    ]


def slope(sums: Sequence[tuple[float, bool]]) -> float:
    """Of a logistic model, both sides of the same weight; between 0.05 and 1: never more than the cues claim."""
    x = np.array([one for one, _ in sums])
    y = np.array([float(attack) for _, attack in sums])
    if not 0 < y.sum() < len(y) or x.std() == 0:
        return 1.0
    weights = np.where(y == 1, 0.5 / y.sum(), 0.5 / (len(y) - y.sum())) * len(y)
    return float(np.clip(logistic(x[:, None], y, weights)[1], 0.05, 1.0))


def confidence(
    seen: Sequence[Scored], untouched: Sequence[Scored], chosen: Mapping[str, Mapping[str, Bounds]]
) -> dict[str, Any]:
    """Prior odds, and the logistic map from folds of people that the curves did not see, at the stated prior."""
    base: dict[str, Any] = {
        "impostor_odds": round(PRIOR_IMPOSTOR / PRIOR_GENUINE, 6),
        "contradiction_odds": round(PRIOR_CONTRADICTION / PRIOR_GENUINE, 6),
    }
    raw = ConfidenceModel(base["impostor_odds"], base["contradiction_odds"], 0.0, 1.0, "")
    logits, right, kinds = [], [], []
    for held, rest in folds(seen):
        rows = fit(rest, untouched, chosen)
        table = curves(rest, untouched, chosen)
        model = AttackModel(
            {name: Attack(one.prior_odds, rows[name]["slope"], one.curves) for name, one in table.items()}, ""
        )
        for one in held:
            suspicions = model.weigh([Cue(name, score) for name, score in one.cues.items()])
            if doubts := raw.doubts(one.known(), suspicions):
                logits.append(-math.log(sum(doubt.odds for doubt in doubts)))
                right.append(float(one.right))
                kinds.append(one.kind)
    good = np.array([kind == GENUINE for kind in kinds])
    weights = np.where(good, PRIOR_GENUINE / good.sum(), (1 - PRIOR_GENUINE) / max(1, (~good).sum())) * len(good)
    intercept, steep = logistic(np.array(logits)[:, None], np.array(right), weights)
    return {
        "platt": [intercept, max(0.05, steep)],
        **base,
        "prior": {"genuine": PRIOR_GENUINE, "impostor": PRIOR_IMPOSTOR, "contradiction": PRIOR_CONTRADICTION},
        "fitted_on": {"pictures": len(logits), "right": int(sum(right))},
    }


def scores(seen: Sequence[Scored], kinds: Sequence[str] | None, cue: str) -> Floats:
    """(N,) scores of a cue on some kinds (None: all), those that cannot tell left out."""
    found = [one.cues.get(cue) for one in seen if kinds is None or one.kind in kinds]
    return np.array([score for score in found if score is not None], dtype=np.float64)


def auc(good: Floats, bad: Floats) -> float | None:
    """Chance that a score of bad lies above one of good, ties counted half; None where a side has fewer than five."""
    if min(len(good), len(bad)) < 5:
        return None
    ranked = np.sort(good)
    below = np.searchsorted(ranked, bad, "left") + np.searchsorted(ranked, bad, "right")
    return float(below.mean() / 2 / len(good))


def _digest(paths: Sequence[Path]) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()[:16]


if __name__ == "__main__":
    sys.exit(main())
