"""How well faces are told apart: ``python -m benchmarks.faces --faces DIR --out benchmarks/results/NAME.json``.

DIR holds NAME_0001.jpg pictures (LFW names) or NNNn.jpg and NNNs.jpg with an index.json that knows sex, age and
ethnicity (Face Research Lab London Set). Every picture is embedded as it is and as a card's portrait in a selfie
(`as_printed` of benchmarks.calibrate_faces, seeded by the picture's name); all ordered pairs of pictures are
compared, the first clean (probe), the second clean or as printed (reference). Only people on whom the calibration
was not fitted are counted. Embeddings are cached in var/; --seconds stops embedding, the same command goes on.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.calibrate_faces import PORTRAIT_HEIGHT_PX, SEED, as_printed, halves, middle, nearest
from benchmarks.latency import machine
from benchmarks.metrics import Bools, Floats, det_points, false_matches, false_non_matches, rate, threshold_at
from benchmarks.store import digest, person
from kyc_vision.build import face_detector, sface
from kyc_vision.image import read
from kyc_vision.policy import Policy
from kyc_vision.weights import MODELS, manifest

FMRS = (1e-2, 1e-3, 1e-4)
DET_FMRS = tuple(float(f) for f in np.logspace(-5, -0.5, 28))
HEIGHTS_PX = (50, 60, 70, 80, 100, 120)
#: Impostor pairs below which a group's rate is not stated (issue 3).
MEASURABLE = 3_000
CALIBRATION = MODELS / "calibration.json"


@dataclass
class Embedded:
    """Per picture: clean and printed vectors, the printed face's height in px; and what was not found in print."""

    names: list[str] = field(default_factory=list)
    clean: list[NDArray[np.float32]] = field(default_factory=list)
    printed: list[NDArray[np.float32]] = field(default_factory=list)
    height_px: list[float] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    @classmethod
    def load(cls, path: Path) -> Embedded:
        """From the cache; empty where there is none."""
        if not path.is_file():
            return cls()
        with np.load(path, allow_pickle=False) as kept:
            rows = [list(kept[key]) for key in ("names", "clean", "printed", "height_px", "lost")]
        return cls([str(n) for n in rows[0]], rows[1], rows[2], [float(h) for h in rows[3]], [str(n) for n in rows[4]])

    def save(self, path: Path) -> None:
        """Into the cache, by a temporary file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part.npz")
        names, lost = np.array(self.names, dtype=str), np.array(self.lost, dtype=str)
        np.savez(part, names=names, clean=self.clean, printed=self.printed, height_px=self.height_px, lost=lost)
        part.replace(path)


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
    cache = Path("var") / f"bench_{arguments.faces.name}_{_maker()}.npz"
    embedded = embed(paths, cache, arguments.seconds)
    if len(embedded.names) + len(embedded.lost) < len(paths):
        print(f"{len(embedded.names)} of {len(paths)} are embedded; the same command goes on", file=sys.stderr)
        return 3
    result = {
        "set": {"name": arguments.faces.name, "pictures": len(paths), "split": split},
        "run": {
            "measured_at": datetime.now().astimezone().isoformat(timespec="seconds"),
            "machine": machine(),
            "weights": {key: manifest()[key].sha256[:16] for key in ("sface", "yunet")},
            "seed": SEED,
            "portrait_height_px": list(PORTRAIT_HEIGHT_PX),
        },
        "figures": figures(embedded, groups),
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


def embed(paths: Sequence[Path], cache: Path, seconds: float | None) -> Embedded:
    """Every picture clean and as printed; cached, resumable."""
    kept = Embedded.load(cache)
    known, begin = {*kept.names, *kept.lost}, time.monotonic()
    detector, engine = face_detector(), sface()
    for i, path in enumerate(paths):
        if path.stem in known:
            continue
        if seconds is not None and time.monotonic() - begin > seconds:
            break
        pixels = read(path.read_bytes()).pixels
        # The person is the one in the middle; others may stand beside.
        probe = nearest(detector.detect(pixels), np.array(pixels.shape[1::-1]) / 2)
        if probe is None:
            kept.lost.append(path.stem)
            continue
        seed = [SEED, zlib.crc32(path.stem.encode())]
        printed, scale = as_printed(pixels, probe, np.random.default_rng(seed))
        at = middle(probe) * scale
        reference = nearest(detector.detect(printed), at)
        if reference is None or np.linalg.norm(middle(reference) - at) > reference.box[2] / 2:
            kept.lost.append(path.stem)
            continue
        kept.names.append(path.stem)
        kept.clean.append(engine.embed(pixels, probe))
        kept.printed.append(engine.embed(printed, reference))
        # The first number that as_printed draws.
        kept.height_px.append(float(np.random.default_rng(seed).uniform(*PORTRAIT_HEIGHT_PX)))
        if i % 20 == 0:
            print(f"\r{i}/{len(paths)} pictures", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    kept.save(cache)
    return kept


def figures(embedded: Embedded, groups: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """All figures as plain JSON."""
    people = np.array([person(name) for name in embedded.names])
    clean, printed = np.stack(embedded.clean), np.stack(embedded.printed)
    same = people[:, None] == people[None, :]
    # A picture is not compared with itself, nor with its own print.
    genuine, impostor = same & ~np.eye(len(people), dtype=bool), ~same
    found: dict[str, Any] = {
        "pictures": len(people),
        "people": len(set(people)),
        "not found in print": rate([False] * len(people) + [True] * len(embedded.lost)).as_json(),
    }
    for title, references in (("clean", clean), ("card", printed)):
        scores = (clean @ references.T).astype(np.float64)
        found[title] = curve(scores[genuine], scores[impostor])
    general = threshold_at(scores[impostor], 1e-3)
    if general is None:
        return found
    height = np.broadcast_to(np.array(embedded.height_px)[None, :], scores.shape)
    found["card by printed height"] = {
        f"{low}–{high} px": part(scores, genuine & inside, impostor & inside, general)
        for low, high in pairwise(HEIGHTS_PX)
        if (inside := (low <= height) & (height < high)).any()
    }
    if groups:
        found["card by group"] = by_group(embedded.names, groups, scores, general)
    return found


def by_group(
    names: Sequence[str], groups: Mapping[str, Mapping[str, str]], scores: Floats, threshold: float
) -> dict[str, Any]:
    """Each group among itself, at the threshold that has an FMR of 1e-3 on everybody."""
    people = np.array([person(name) for name in names])
    same = people[:, None] == people[None, :]
    off_diagonal = ~np.eye(len(people), dtype=bool)
    found = {}
    for kind in next(iter(groups.values())):
        values = np.array([groups[name].get(kind, "unknown") for name in people])
        for value in sorted(Counter(values)):
            both = (values == value)[:, None] & (values == value)[None, :]
            found[f"{kind}: {value}"] = part(scores, both & same & off_diagonal, both & ~same, threshold)
    return found


def curve(genuine: Floats, impostor: Floats) -> dict[str, Any]:
    """TAR at the usual false match rates, the trade-off, and both errors where the policy approves."""
    accepted = {}
    for fmr in FMRS:
        at = threshold_at(impostor, fmr)
        if at is not None:
            missed = false_non_matches(genuine, at)
            accepted[f"{fmr:g}"] = {"threshold": round(at, 4), "tar": rate_of(missed.n - missed.hits, missed.n)}
    approve = approving_similarity()
    return {
        "genuine pairs": len(genuine),
        "impostor pairs": len(impostor),
        "tar at fmr": accepted,
        "where the policy approves": {
            "similarity": round(approve, 4),
            "fmr": false_matches(impostor, approve).as_json(),
            "fnmr": false_non_matches(genuine, approve).as_json(),
        },
        "det": [
            [round(t, 4), fmr.as_json(), fnmr.as_json()] for t, fmr, fnmr in det_points(genuine, impostor, DET_FMRS)
        ],
    }


def part(scores: Floats, genuine: Bools, impostor: Bools, threshold: float) -> dict[str, Any]:
    """Both errors of some pairs at a threshold; whether there are enough impostors to state a false match rate."""
    measured = {
        "fmr": false_matches(scores[impostor], threshold).as_json(),
        "tar": rate_of(int((scores[genuine] >= threshold).sum()), int(genuine.sum())),
    }
    return {"threshold": round(threshold, 4), "measurable": int(impostor.sum()) >= MEASURABLE, **measured}


def rate_of(hits: int, n: int) -> dict[str, Any]:
    """A rate as JSON."""
    return rate([True] * hits + [False] * (n - hits)).as_json()


def approving_similarity() -> float:
    """The similarity at which SFace alone reaches the policy's approving probability."""
    intercept, slope = json.loads(CALIBRATION.read_text(encoding="utf-8"))["face"]["sface"]
    wanted = Policy.load().thresholds.approve_face_probability
    return float((np.log(wanted / (1 - wanted)) - intercept) / slope)


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


def _maker() -> str:
    """What the cached vectors depend on."""
    return digest(
        {key: manifest()[key].sha256 for key in ("sface", "yunet")} | {"seed": SEED, "px": PORTRAIT_HEIGHT_PX}
    )


if __name__ == "__main__":
    sys.exit(main())
