"""How well faces are told apart: ``python -m benchmarks.faces --faces DIR --out benchmarks/results/NAME.json``.

DIR holds NAME_0001.jpg pictures (LFW names) or NNNn.jpg and NNNs.jpg with an index.json that knows sex, age and
ethnicity (Face Research Lab London Set). Every picture is embedded as it is and as a card's portrait in a selfie
(`as_printed` of benchmarks.calibrate_faces, seeded by the picture's name), of the heights that the calibration knows
and smaller; all ordered pairs of pictures are compared, the first clean (probe), the second clean or as printed
(reference), by the score that the system gives them: SFace's, and inside its band of doubt both engines' together. Only
people on whom the calibration was not fitted are counted. Embeddings are cached in var/; --seconds
stops embedding, the same command goes on.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.bootstrap import rate_by_people
from benchmarks.calibrate_faces import PORTRAIT_HEIGHT_PX, SEED, as_it_runs, halves
from benchmarks.embedded import Embedded, embed
from benchmarks.latency import machine
from benchmarks.metrics import Bools, Floats, Rate, det_points, false_matches, false_non_matches, threshold_at
from benchmarks.store import person
from kyc_vision.policy import Policy
from kyc_vision.weights import MODELS, manifest

FMRS = (1e-2, 1e-3, 1e-4)
DET_FMRS = tuple(float(f) for f in np.logspace(-5, -0.5, 28))
HEIGHTS_PX = (50, 60, 70, 80, 100, 120)
#: Prints that the policy thinks too small (min_reference_height_px), to see what it gives away by that.
SMALL_PORTRAIT_HEIGHT_PX = (25, 50)
SMALL_HEIGHTS_PX = (25, 30, 40, 50)
#: Impostor pairs below which a group's rate is not stated (issue 3).
MEASURABLE = 3_000
CALIBRATION = MODELS / "calibration.json"


def main() -> int:
    """Embed, compare, write; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faces", description=__doc__)
    parser.add_argument("--faces", type=Path, required=True, help="a folder of faces")
    parser.add_argument("--out", type=Path, required=True, help="the result, JSON")
    parser.add_argument("--seconds", type=float, help="stop embedding after this long; run again to go on")
    arguments = parser.parse_args()
    if not arguments.faces.is_dir():
        print(f"{arguments.faces} is not there; faces for measuring are not part of the project", file=sys.stderr)
        return 2
    groups = groups_of(arguments.faces)
    fit, split = fitted_on(arguments.faces)
    paths = [
        p for p in sorted(arguments.faces.glob("*.jpg")) if not p.stem.endswith("_a") and person(p.stem) not in fit
    ]
    prints = []
    for heights_px in (PORTRAIT_HEIGHT_PX, SMALL_PORTRAIT_HEIGHT_PX):
        prints.append(embed(paths, heights_px, arguments.seconds))
        if (done := len(prints[-1].names) + len(prints[-1].lost)) < len(paths):
            print(f"{done} of {len(paths)} are embedded; the same command goes on", file=sys.stderr)
            return 3
    embedded, small = prints
    result = {
        "set": {"name": arguments.faces.name, "pictures": len(paths), "split": split},
        "run": {
            "measured_at": datetime.now().astimezone().isoformat(timespec="seconds"),
            "machine": machine(),
            "weights": {key: manifest()[key].sha256[:16] for key in ("sface", "yunet", "dlib_encoder")},
            "calibration": hashlib.sha256(CALIBRATION.read_bytes()).hexdigest()[:16],
            "policy": Policy.load().digest,
            "seed": SEED,
            "portrait_height_px": list(PORTRAIT_HEIGHT_PX),
            "small_portrait_height_px": list(SMALL_PORTRAIT_HEIGHT_PX),
        },
        "figures": figures(embedded, small, groups),
    }
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(arguments.out)
    return 0


def fitted_on(folder: Path) -> tuple[set[str], str]:
    """The people the calibration was fitted on, and a word on the split.

    The halves are those of benchmarks.calibrate_faces over the pictures it could use; which ones those were, the
    digest in models/calibration.json tells: all of the folder, or all but one.
    """
    fitted = json.loads(CALIBRATION.read_text(encoding="utf-8"))["face"]["fitted_on"]
    if not str(fitted["source"]).startswith(f"{folder.name}:"):
        return set(), "every person; the calibration was fitted on another set"
    everyone = sorted(person(path.stem) for path in folder.glob("*.jpg"))
    for names in (everyone, *([*everyone[:i], *everyone[i + 1 :]] for i in range(len(everyone)))):
        if hashlib.sha256("\n".join(names).encode()).hexdigest()[:16] == fitted["data_sha256"]:
            fit, report = halves(names)
            return fit, f"{len(report)} people the calibration was not fitted on"
    return set(), "every person: the folder is not what the calibration was fitted on, its people cannot be left out"


@dataclass(frozen=True, slots=True)
class Comparisons:
    """Every probe with every reference, but no picture with itself nor with its own print.

    Attributes:
        scores: (P, R) log-likelihood ratios of the system as it runs: both engines inside the band of doubt.
        genuine: (P, R) whether it is two pictures of one person.
        impostor: (P, R) whether it is two people.
        people: (P,) the probes'.
    """

    scores: Floats
    genuine: Bools
    impostor: Bools
    people: NDArray[np.str_]

    def of(self, pairs: Bools) -> Comparisons:
        """Only some pairs, by a mask of (P, R) or (R,)."""
        return Comparisons(self.scores, self.genuine & pairs, self.impostor & pairs, self.people)


def compare(probes: Embedded, references: Embedded, *, printed: bool) -> Comparisons:
    """The clean pictures of probes with the clean or printed ones of references."""
    people, others = (np.array([person(name) for name in side.names]) for side in (probes, references))
    same = people[:, None] == others[None, :]
    itself = np.array(probes.names)[:, None] == np.array(references.names)[None, :]
    first, second = (
        (references.printed, references.second_printed) if printed else (references.clean, references.second_clean)
    )
    cosines = (np.stack(probes.clean) @ np.stack(first).T).astype(np.float64)
    a, b = (np.stack(side).astype(np.float64) for side in (probes.second_clean, second))
    squares = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1)[None, :] - 2 * a @ b.T
    pairs = np.column_stack([cosines.ravel(), np.sqrt(np.maximum(0, squares)).ravel()])
    fitted = json.loads(CALIBRATION.read_text(encoding="utf-8"))["face"]
    return Comparisons(as_it_runs(pairs, fitted).reshape(cosines.shape), same & ~itself, ~same, people)


def figures(embedded: Embedded, small: Embedded, groups: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """All figures as plain JSON; `small` are the same pictures printed smaller, against the same probes."""
    clean = compare(embedded, embedded, printed=False)
    card = compare(embedded, embedded, printed=True)
    small_card = compare(embedded, small, printed=True)
    found: dict[str, Any] = {
        "pictures": len(embedded.names),
        "people": len(set(card.people)),
        "not found in print": lost(embedded),
        "not found in small print": lost(small),
        "clean": curve(clean),
        "card": curve(card),
        "small card": curve(small_card),
    }
    general = threshold_at(card.scores[card.impostor], 1e-3)
    if general is None:
        return found
    found["card by printed height"] = {
        **by_height(small_card, small.height_px, SMALL_HEIGHTS_PX, general),
        **by_height(card, embedded.height_px, HEIGHTS_PX, general),
    }
    if groups:
        found["card by group"] = by_group(card, groups, general)
        found["card by group, where the policy approves"] = by_group(card, groups, approving_llr())
    return found


def lost(embedded: Embedded) -> dict[str, Any]:
    """How many of the pictures no face was found in, as JSON."""
    return Rate(len(embedded.lost), len(embedded.names) + len(embedded.lost)).as_json()


def by_height(
    pairs: Comparisons, heights_px: Sequence[float], edges_px: Sequence[int], threshold: float
) -> dict[str, Any]:
    """By the height of the printed face, (R,) in px; classes that hold any."""
    height = np.array(heights_px)
    return {
        f"{low}–{high} px": part(pairs.of(inside), threshold)
        for low, high in pairwise(edges_px)
        if (inside := (low <= height) & (height < high)).any()
    }


def by_group(pairs: Comparisons, groups: Mapping[str, Mapping[str, str]], threshold: float) -> dict[str, Any]:
    """Each group among itself, at the threshold that has an FMR of 1e-3 on everybody; probes and references alike."""
    found = {}
    for kind in next(iter(groups.values())):
        values = np.array([groups[name].get(kind, "unknown") for name in pairs.people])
        for value in sorted(Counter(values)):
            both = (values == value)[:, None] & (values == value)[None, :]
            found[f"{kind}: {value}"] = part(pairs.of(both), threshold)
    return found


def curve(pairs: Comparisons) -> dict[str, Any]:
    """TAR at the usual false match rates, the trade-off, and both errors where the policy approves."""
    genuine, impostor = pairs.scores[pairs.genuine], pairs.scores[pairs.impostor]
    people = pairs.people[np.nonzero(pairs.genuine)[0]].tolist()
    accepted = {
        f"{fmr:g}": {"threshold": round(at, 4), "tar": rate_by_people(genuine >= at, people)}
        for fmr in FMRS
        if (at := threshold_at(impostor, fmr)) is not None
    }
    approve = approving_llr()
    return {
        "genuine pairs": len(genuine),
        "impostor pairs": len(impostor),
        "tar at fmr": accepted,
        "where the policy approves": {
            "llr": round(approve, 4),
            "fmr": false_matches(impostor, approve).as_json(),
            "fnmr": false_non_matches(genuine, approve).as_json(),
        },
        "det": [
            [round(t, 4), fmr.as_json(), fnmr.as_json()] for t, fmr, fnmr in det_points(genuine, impostor, DET_FMRS)
        ],
    }


def part(pairs: Comparisons, threshold: float) -> dict[str, Any]:
    """Both errors of some pairs at a threshold; whether there are enough impostors to state a false match rate."""
    genuine, impostor = pairs.scores[pairs.genuine], pairs.scores[pairs.impostor]
    return {
        "threshold": round(threshold, 4),
        "measurable": len(impostor) >= MEASURABLE,
        "fmr": false_matches(impostor, threshold).as_json(),
        "tar": Rate(int((genuine >= threshold).sum()), len(genuine)).as_json(),
    }


def approving_llr() -> float:
    """The log-likelihood ratio at the policy's approving probability."""
    wanted = Policy.load().thresholds.approve_face_probability
    return float(np.log(wanted / (1 - wanted)))


def groups_of(folder: Path) -> dict[str, dict[str, str]]:
    """Sex, age group and ethnicity by person, from index.json; empty where nothing is known."""
    index = folder / "index.json"
    if not index.is_file():
        return {}
    found = {}
    for row in json.loads(index.read_text(encoding="utf-8")):
        age = float(row.get("age") or "nan")
        band = "unknown" if np.isnan(age) else "under 25" if age < 25 else "25–34" if age < 35 else "35 and over"
        found[person(Path(row["file"]).stem)] = {
            "sex": str(row.get("sex") or "unknown"),
            "age": band,
            "ethnicity": str(row.get("ethnicity") or row.get("eth") or "unknown"),
        }
    return found


if __name__ == "__main__":
    sys.exit(main())
