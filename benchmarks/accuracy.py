"""How right the verdicts are: ``python -m benchmarks.accuracy --labels DIR --out benchmarks/results/NAME.json``.

DIR holds pictures and labels.jsonl (``python -m samples``). Every picture is judged by the real Verifier, one at a
time; the raw answers are appended to DIR/predictions.jsonl, and a run that was broken off goes on where it stopped:
an answer is taken again only for the same bytes, weights, policy, calibration, engines and source. The result holds
figures and no printed value. The pictures are invented; predictions.jsonl holds what was read and stays in DIR.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path

from benchmarks.cases import case
from benchmarks.figures import figures
from benchmarks.latency import machine, peak_resident_mb
from benchmarks.store import Judge, Row, described, digest, judged, load_labels, tree_digest
from kyc_vision.build import load_verifier
from kyc_vision.errors import InputError, ModelError
from kyc_vision.image import read
from kyc_vision.pipeline import Stopwatch, Verifier
from kyc_vision.report import describe

#: The day of judgement: fixed, so that a run next year asks the same questions.
TODAY = date(2026, 11, 24)
SOURCE = Path(__file__).parents[1] / "kyc_vision"


def main() -> int:
    """Judge, compare, write; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__)
    parser.add_argument("--labels", type=Path, required=True, help="folder with pictures and labels.jsonl")
    parser.add_argument("--out", type=Path, required=True, help="the result, JSON")
    parser.add_argument("--limit", type=int, help="only the first N pictures")
    parser.add_argument("--seconds", type=float, help="stop judging after this long; run again to go on")
    arguments = parser.parse_args()
    try:
        labels = load_labels(arguments.labels, arguments.limit)
        verifier = load_verifier()
    except (OSError, ModelError) as error:
        print(f"benchmarks.accuracy: {error}", file=sys.stderr)
        return 2
    run = provenance(verifier)
    ours = Judge(arguments.labels / "predictions.jsonl", run["digest"], partial(metered, verifier))
    answers = list(judged(arguments.labels, labels, ours, seconds=arguments.seconds))
    cases = [case(label, answer) for label, answer in answers]
    if len(cases) < len(labels):
        print(f"{len(cases)} of {len(labels)} are judged; the same command goes on", file=sys.stderr)
        return 3
    run["judging"] = judging([answer for _, answer in answers])
    result = {"set": described(arguments.labels, labels), "run": run, "figures": figures(cases)}
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(arguments.out)
    return 0


def judge(verifier: Verifier, data: bytes) -> Row:
    """The answer to one picture; one that the door refuses is no decision of the policy, and counts as refused."""
    watch = Stopwatch()
    try:
        with watch.stage("decode"):
            selfie = read(data)
    except InputError as error:
        return {"decision": "refused", "confidence": 0.0, "reasons": [type(error).__name__], "size_wh": [0, 0]}
    answer = describe(verifier.verify(selfie, today=TODAY, stopwatch=watch))
    return {"size_wh": list(selfie.size_wh), **answer}


def metered(verifier: Verifier, data: bytes) -> Row:
    """The answer with what it took: seconds by the wall clock, and the process's peak memory in MB until then."""
    begin = time.perf_counter()
    answer = judge(verifier, data)
    return {**answer, "wall_s": round(time.perf_counter() - begin, 4), "peak_resident_mb": peak_resident_mb()}


def judging(answers: Sequence[Row]) -> Row:
    """Memory and pace of the processes that judged, one at a time, from the answers themselves.

    A kept answer keeps its own figures, so a run that was broken off and went on covers all its pictures; one kept
    from before these figures were taken is not covered.
    """
    covered = [answer for answer in answers if "wall_s" in answer]
    seconds = sum(answer["wall_s"] for answer in covered)
    return {
        "pictures": len(covered),
        "of": len(answers),
        "images_per_s": round(len(covered) / seconds, 3) if covered else None,
        "peak_resident_mb": max((answer["peak_resident_mb"] for answer in covered), default=None),
    }


def provenance(verifier: Verifier) -> Row:
    """What judged, where and when; digest names what can change an answer."""
    made = verifier.provenance
    what = {
        "code": made.code,
        "source_sha256": tree_digest(SOURCE),
        "weights": dict(made.weights),
        "policy": made.policy,
        "calibration": made.calibration,
        "engines": dict(made.engines),
        "today": TODAY.isoformat(),
    }
    at = datetime.now().astimezone().isoformat(timespec="seconds")
    return {"digest": digest(what), "measured_at": at, "machine": machine(), **what}


if __name__ == "__main__":
    sys.exit(main())
