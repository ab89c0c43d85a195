"""What every cue says of every picture: ``python -m benchmarks.scores --labels DIR --out FILE.jsonl [--workers 2]``.

Each picture is judged as the product does, from its bytes; the line that is kept holds the cues' scores, the parts of
the confidence and the other reasons, and no printed value. Attacks are weighed from these lines (calibrate_attacks),
thresholds chosen (thresholds) and rates reported (fraud) without looking at a pixel again. A run that was broken off
goes on where it stopped. With --photographs DIR instead, untouched photographs: no card, or a virtual one
(untouched.py).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import cv2

from benchmarks.store import Row, load_labels, person, rows
from benchmarks.untouched import look
from kyc_vision.build import load_verifier
from kyc_vision.confidence import Parts
from kyc_vision.image import read
from kyc_vision.pipeline import Verifier
from kyc_vision.reasons import ATTACKS

TODAY = date(2026, 11, 24)
#: Codes that the attacks and the confidence give: what is chosen afterwards.
WEIGHED = frozenset({*ATTACKS.values(), "FRAUD_CANNOT_TELL", "POLICY_LOW_CONFIDENCE"})
PHOTOGRAPH = "photograph"


@dataclass(frozen=True, slots=True)
class Scored:
    """One picture's scores.

    Attributes:
        file: its name.
        kind: of samples/kinds.py, or ``photograph``.
        difficulty: of samples/difficulty.py; empty for a photograph.
        variant: of the forger; empty for the first.
        person: who took the selfie; the folder of a photograph.
        cues: name → score, None where the picture cannot tell.
        parts: the other parts of the confidence, as confidence.Parts; None where one is missing.
        right: whether everything that the confidence is about is true.
        codes: reasons apart from WEIGHED.
        open: whether nothing but attacks and confidence stands in the way of approval.
    """

    file: str
    kind: str
    difficulty: str
    variant: str
    person: str
    cues: Mapping[str, float | None]
    parts: tuple[float, float, float, bool] | None
    right: bool
    codes: tuple[str, ...]
    open: bool

    def known(self) -> Parts | None:
        """The parts of the confidence."""
        return Parts(*self.parts) if self.parts else None


def main() -> int:
    """Judge and keep; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scores", description=__doc__)
    given = parser.add_mutually_exclusive_group(required=True)
    given.add_argument("--labels", type=Path, help="folder with pictures and labels.jsonl")
    given.add_argument("--photographs", type=Path, help="folder of untouched photographs (*.jpg)")
    parser.add_argument("--out", type=Path, required=True, help="lines of scores; added to")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--limit", type=int, help="only the first N pictures")
    arguments = parser.parse_args()
    folder: Path = arguments.labels or arguments.photographs
    if not folder.is_dir():
        print(f"{folder} is not there; it is not part of the project", file=sys.stderr)
        return 2
    known = {one.file for one in load(arguments.out)}
    if arguments.labels:
        jobs = [(folder, label) for label in load_labels(folder, arguments.limit) if label["file"] not in known]
        found = _spread(_judged, jobs, arguments.workers)
    else:
        names = sorted(path.name for path in folder.glob("*.jpg") if not path.stem.endswith("_a"))
        todo = [(folder, {"file": name}) for name in names[: arguments.limit] if name not in known]
        jobs, found = todo, _spread(_looked_at, todo, arguments.workers)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    with arguments.out.open("a", encoding="utf-8") as lines:
        for done, row in enumerate(found, 1):
            lines.write(json.dumps(asdict(row)) + "\n")
            lines.flush()
            print(f"\r{done}/{len(jobs)} pictures ", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return 0


def load(path: Path) -> list[Scored]:
    """The lines that are kept; none where there is no file."""
    return [_scored(row) for row in rows(path)]


def _scored(row: Row) -> Scored:
    parts = tuple(row.pop("parts") or ())
    return Scored(**{**row, "codes": tuple(row["codes"])}, parts=parts or None)


def _spread(
    work: Callable[[tuple[Path, Row]], Scored], jobs: Sequence[tuple[Path, Row]], workers: int
) -> Iterator[Scored]:
    # Spawned, not forked: what the parent's libraries hold does not survive a fork.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(work, jobs, chunksize=4)


@cache
def _verifier() -> Verifier:
    cv2.setNumThreads(1)
    return load_verifier()


def _judged(job: tuple[Path, Row]) -> Scored:
    folder, label = job
    verifier = _verifier()
    found = verifier.verify(read((folder / label["file"]).read_bytes()), today=TODAY)
    evidence, verdict = found.evidence, found.verdict
    parts = Parts.of(evidence, verdict.checks)
    codes = tuple(code for code in verdict.reasons if code not in WEIGHED)
    text = evidence.fields.text if evidence.fields else lambda _: None
    printed = label.get("fields") or {}
    right = label["kind"] == "genuine" and all(text(field) == printed.get(field) for field in ("nik", "name"))
    return Scored(
        file=label["file"],
        kind=label["kind"],
        difficulty=label["difficulty"],
        variant=label.get("variant", ""),
        person=person(str(label["probe"])),
        cues={cue.name: cue.score for cue in evidence.cues},
        parts=(parts.same_person, parts.nik_right, parts.name_right, parts.contradicts) if parts else None,
        right=right,
        codes=codes,
        open=parts is not None and all(verifier.policy.action(code) == "note" for code in codes),
    )


def _looked_at(job: tuple[Path, Row]) -> Scored:
    folder, label = job
    cues = look(_verifier(), read((folder / label["file"]).read_bytes()), label["file"])
    scores = {cue.name: cue.score for cue in cues}
    return Scored(label["file"], PHOTOGRAPH, "", "", folder.name, scores, None, False, (), False)


if __name__ == "__main__":
    sys.exit(main())
