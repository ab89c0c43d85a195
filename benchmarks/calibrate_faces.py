"""Fit the faces' calibration: ``python -m benchmarks.calibrate_faces --faces ../shared/faces/lfw_dev``.

Every genuine pair is two photographs of one person; one side is degraded to a printed portrait seen by a phone
(small, blurred, tinted, noisy, JPEG). The identities are halved at random (seeded): one half fits, the other
reports. Writes models/calibration.json with the fitted numbers, what they were fitted on and what they cost.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.metrics import wilson
from kyc_vision.build import dlib_face, face_detector, sface
from kyc_vision.face.quality import face_quality
from kyc_vision.image import read
from kyc_vision.types import Face, FaceQuality, Pixels

SEED = 20261124
#: Height range of the printed face in the selfie, px: cards 25–60 % of the width of a phone picture.
PORTRAIT_HEIGHT_PX = (50, 120)
#: Impostor pairs sampled of each half: enough for a false match rate of 1e-4 (Rule of 30: 300,000 pairs).
IMPOSTORS = 400_000
#: Similarities between which the second opinion is asked. Wider ones ask more often and gain nothing: the table of the
#: report is of the system as it runs, and of everybody asked.
BAND = (0.30, 0.45)
#: What is measured of a face, in the order in which it is kept.
QUALITIES = ("height_px", "sharpness", "yaw", "pitch", "roll_deg", "brightness", "contrast")
#: Of so many in a hundred faces of the fit each quality lies beyond the range, on a side.
BEYOND = 0.01


def main() -> int:
    """Embed, fit, report, write; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faces", type=Path, required=True, help="folder of NAME_0001.jpg pictures (LFW names)")
    parser.add_argument("--out", type=Path, default=Path("models/calibration.json"))
    parser.add_argument("--cache", type=Path, default=Path("var/face_embeddings.npz"))
    arguments = parser.parse_args()
    if not arguments.faces.is_dir():
        print(f"{arguments.faces} is not there; faces for calibration are not part of the project", file=sys.stderr)
        return 2
    names, vectors = embeddings(arguments.faces, arguments.cache)
    fit_half, report_half = halves(names)
    fitted = fit(names, vectors, fit_half)
    report = {
        "source": f"{arguments.faces.name}: {len(names)} pictures of {len(set(names))} people",
        "seed": SEED,
        "data_sha256": hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()[:16],
        "portrait_height_px": list(PORTRAIT_HEIGHT_PX),
        "fit_people": len(fit_half),
        "report_people": len(report_half),
        "report": rates(names, vectors, report_half, fitted),
    }
    # What else is calibrated in this file stays.
    kept = json.loads(arguments.out.read_text(encoding="utf-8")) if arguments.out.is_file() else {}
    kept["face"] = {**fitted, "fitted_on": report}
    arguments.out.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    print(json.dumps({**fitted, **report}, indent=2))
    return 0


def as_printed(pixels: Pixels, face: Face, height_px: float, rng: np.random.Generator) -> tuple[Pixels, float]:
    """A photograph as a card's portrait in a selfie: shrunk, softened, tinted, noisy, JPEG, then enlarged again.

    Args:
        pixels: (H, W, 3) uint8 RGB, the photograph.
        face: the person's face in it.
        height_px: of the printed face in the selfie.
        rng: draws blur, tone, noise and JPEG quality.

    Returns:
        The picture, and its scale against the photograph.
    """
    scale = height_px / face.box[3]
    small_wh = (round(pixels.shape[1] * scale), round(pixels.shape[0] * scale))
    small = cv2.resize(pixels, small_wh, interpolation=cv2.INTER_AREA).astype(np.float32)
    soft = np.asarray(cv2.GaussianBlur(small, (0, 0), rng.uniform(0.3, 1.0)), dtype=np.float64)
    contrast, tint = rng.uniform(0.7, 1.1), rng.uniform(-12, 12, size=3)
    toned = (soft - 128) * contrast + 128 + rng.uniform(-15, 25) + tint
    noisy = np.clip(toned + rng.normal(0, rng.uniform(1, 6), toned.shape), 0, 255).astype(np.uint8)
    _, coded = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, int(rng.uniform(60, 95))])
    decoded = np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), dtype=np.uint8)
    enlarge = max(1.0, 160 / height_px)  # As rectification does.
    large_wh = (round(decoded.shape[1] * enlarge), round(decoded.shape[0] * enlarge))
    view = np.asarray(cv2.resize(decoded, large_wh, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
    return view, scale * enlarge


def embeddings(folder: Path, cache: Path) -> tuple[list[str], dict[str, NDArray[np.float32]]]:
    """Per picture: SFace's and dlib's vectors and quality, clean (the probe) and as printed (the reference); cached."""
    if cache.is_file():
        stored = np.load(cache, allow_pickle=False)
        return [str(n) for n in stored["names"]], {k: stored[k] for k in stored.files if k != "names"}
    detector, main_engine, second = face_detector(), sface(), dlib_face()
    rng = np.random.default_rng(SEED)
    names: list[str] = []
    rows: dict[str, list[NDArray[np.float32]]] = defaultdict(list)
    paths = sorted(folder.glob("*.jpg"))
    for i, path in enumerate(paths):
        pixels = read(path.read_bytes()).pixels
        # LFW's person is the one in the middle; others may stand beside.
        probe = nearest(detector.detect(pixels), np.array(pixels.shape[1::-1]) / 2)
        if probe is None:
            continue
        height_px = rng.uniform(*PORTRAIT_HEIGHT_PX)
        printed, scale = as_printed(pixels, probe, height_px, rng)
        reference = nearest(detector.detect(printed), middle(probe) * scale)
        if reference is None or np.linalg.norm(middle(reference) - middle(probe) * scale) > reference.box[2] / 2:
            continue
        names.append(path.stem.rsplit("_", 1)[0])
        for key, engine in (("sface", main_engine), ("dlib", second)):
            rows[f"{key}_probe"].append(engine.embed(pixels, probe))
            rows[f"{key}_reference"].append(engine.embed(printed, reference))
        rows["quality_probe"].append(_measured(face_quality(pixels, probe, probe.box[3])))
        rows["quality_reference"].append(_measured(face_quality(printed, reference, height_px)))
        if i % 50 == 0:
            print(f"\r{i}/{len(paths)} pictures", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    vectors = {key: np.stack(value) for key, value in rows.items()}
    cache.parent.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, Any] = {"names": np.array(names), **vectors}
    np.savez_compressed(cache, **arrays)
    return names, vectors


def _measured(quality: FaceQuality) -> NDArray[np.float32]:
    """(7,) in the order of QUALITIES."""
    return np.array([getattr(quality, name) for name in QUALITIES], dtype=np.float32)


def middle(face: Face) -> NDArray[np.float64]:
    """(2,) middle of a face's box."""
    x, y, w, h = face.box
    return np.array([x + w / 2, y + h / 2])


def nearest(faces: Sequence[Face], point: NDArray[np.float64]) -> Face | None:
    """The face nearest to a point."""
    return min(faces, key=lambda face: float(np.linalg.norm(middle(face) - point)), default=None)


def halves(names: list[str]) -> tuple[set[str], set[str]]:
    """The identities in two halves: to fit on, to report on."""
    people = sorted(set(names))
    order = np.random.default_rng(SEED).permutation(len(people))
    half = len(people) // 2
    return {people[i] for i in order[:half]}, {people[i] for i in order[half:]}


def scores(
    names: list[str], vectors: dict[str, NDArray[np.float32]], people: set[str]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(N, 2) similarity and dlib distance of all genuine pairs and of a sample of impostor pairs.

    A person's pair of two different pictures counts once in each direction; nobody weighs more than ten pairs.
    """
    rng = np.random.default_rng(SEED + 1)
    by_person: dict[str, list[int]] = defaultdict(list)
    for i, name in enumerate(names):
        if name in people:
            by_person[name].append(i)
    genuine: list[tuple[int, int]] = []
    for rows in by_person.values():
        pairs = [(a, b) for a in rows for b in rows if a != b]
        genuine += [pairs[i] for i in rng.permutation(len(pairs))[:10]]
    everyone = np.array([i for rows in by_person.values() for i in rows])
    identity = np.array(names)
    drawn = rng.choice(everyone, size=(IMPOSTORS, 2))
    drawn = drawn[identity[drawn[:, 0]] != identity[drawn[:, 1]]]

    def measure(pairs: NDArray[np.int64]) -> NDArray[np.float64]:
        probe, reference = pairs.T
        cosine = np.einsum("ij,ij->i", vectors["sface_probe"][probe], vectors["sface_reference"][reference])
        distance = np.linalg.norm(vectors["dlib_probe"][probe] - vectors["dlib_reference"][reference], axis=1)
        return np.column_stack([cosine, distance]).astype(np.float64)

    return measure(np.array(genuine)), measure(drawn)


def logistic(features: NDArray[np.float64], labels: NDArray[np.float64], weights: NDArray[np.float64]) -> list[float]:
    """Weighted logistic regression by Newton's method: intercept first. Source: Bishop, PRML, §4.3.3."""
    design = np.column_stack([np.ones(len(features)), features])
    beta = np.zeros(design.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(design @ beta, -60, 60)))
        gradient = design.T @ (weights * (labels - p)) - 1e-6 * beta
        hessian = (design * (weights * p * (1 - p))[:, None]).T @ design + 1e-6 * np.eye(len(beta))
        beta += np.linalg.solve(hessian, gradient)
    return [round(float(b), 4) for b in beta]


def fit(names: list[str], vectors: dict[str, NDArray[np.float32]], people: set[str]) -> dict[str, object]:
    """Logistic models at even prior odds: of the similarity alone, and of both engines in the band of doubt."""
    genuine, impostor = scores(names, vectors, people)

    def at_even_odds(good: NDArray[np.float64], bad: NDArray[np.float64]) -> list[float]:
        weights = np.concatenate([np.full(len(good), 1 / len(good)), np.full(len(bad), 1 / len(bad))])
        labels = np.concatenate([np.ones(len(good)), np.zeros(len(bad))])
        return logistic(np.concatenate([good, bad]), labels, weights * (len(good) + len(bad)) / 2)

    return {
        "sface": at_even_odds(genuine[:, :1], impostor[:, :1]),
        "dlib": at_even_odds(genuine[:, 1:], impostor[:, 1:]),
        "sface_dlib": at_even_odds(genuine, impostor),
        "band": list(BAND),
        "quality": quality_range(names, vectors, people),
    }


def quality_range(
    names: list[str], vectors: dict[str, NDArray[np.float32]], people: set[str]
) -> dict[str, float | list[float]]:
    """Between which values the faces of the fit lie, probes and prints together, as QualityRange takes them.

    Of light the whole range: luma and contrast of a face depend on skin, too, and must not be held against anybody.
    """
    rows = np.array([name in people for name in names])
    values = np.concatenate([vectors["quality_probe"][rows], vectors["quality_reference"][rows]]).astype(np.float64)
    low, high = np.quantile(values, [BEYOND, 1 - BEYOND], axis=0)
    at = {name: (round(float(a), 3), round(float(b), 3)) for name, a, b in zip(QUALITIES, low, high, strict=True)}
    return {
        "height_px": float(PORTRAIT_HEIGHT_PX[0]),
        "sharpness": at["sharpness"][0],
        "contrast": round(float(values[:, QUALITIES.index("contrast")].min()), 1),
        "brightness": [round(float(edge(values[:, QUALITIES.index("brightness")])), 1) for edge in (np.min, np.max)],
        "yaw": max(-at["yaw"][0], at["yaw"][1]),
        "pitch": list(at["pitch"]),
    }


def as_it_runs(pairs: NDArray[np.float64], fitted: dict[str, object]) -> NDArray[np.float64]:
    """(N,) log-likelihood ratios of the system: both engines inside the band, the first alone outside.

    Args:
        pairs: (N, 2) similarity and distance.
        fitted: as fit() gives it.
    """
    alone, both = (np.array(fitted[key], dtype=np.float64) for key in ("sface", "sface_dlib"))
    asked = (BAND[0] <= pairs[:, 0]) & (pairs[:, 0] <= BAND[1])
    return np.asarray(np.where(asked, pairs @ both[1:] + both[0], pairs[:, 0] * alone[1] + alone[0]))


def rates(
    names: list[str], vectors: dict[str, NDArray[np.float32]], people: set[str], fitted: dict[str, object]
) -> dict[str, object]:
    """What the thresholds cost on identities that the fit never saw."""
    genuine, impostor = scores(names, vectors, people)
    beta = np.array(fitted["sface_dlib"], dtype=np.float64)
    report: dict[str, object] = {"genuine_pairs": len(genuine), "impostor_pairs": len(impostor)}
    for title, good, bad in (
        ("sface", genuine[:, 0], impostor[:, 0]),
        ("dlib", -genuine[:, 1], -impostor[:, 1]),
        ("sface_dlib", genuine @ beta[1:] + beta[0], impostor @ beta[1:] + beta[0]),
        ("system", as_it_runs(genuine, fitted), as_it_runs(impostor, fitted)),
    ):
        for fmr in (1e-2, 1e-3, 1e-4):
            threshold = float(np.quantile(bad, 1 - fmr))
            report[f"{title}: TAR at FMR {fmr:g}"] = round(float((good > threshold).mean()), 4)
            low, high = wilson(int((good > threshold).sum()), len(good))
            report[f"{title}: TAR at FMR {fmr:g}, 95 %"] = [round(low, 4), round(high, 4)]
            report[f"{title}: threshold at FMR {fmr:g}"] = round(threshold, 4)
    for cosine in (0.05, 0.10, 0.15, 0.20, 0.25, 0.30, 0.35, 0.40, 0.45):
        fmr, tar = float((impostor[:, 0] > cosine).mean()), float((genuine[:, 0] > cosine).mean())
        report[f"similarity > {cosine:.2f}"] = {"FMR": round(fmr, 6), "TAR": round(tar, 4)}
    fused = {"TAR": as_it_runs(genuine, fitted), "FMR": as_it_runs(impostor, fitted)}
    for logit in (1.0, 2.0, 3.0, 4.0, 4.5, 5.0, 5.5, 6.0):
        report[f"system llr > {logit:g}"] = {k: round(float((v > logit).mean()), 6) for k, v in fused.items()}
    asked = [float(((BAND[0] <= x[:, 0]) & (x[:, 0] <= BAND[1])).mean()) for x in (genuine, impostor)]
    return report | {"share asked: genuine, impostor": [round(share, 4) for share in asked]}


if __name__ == "__main__":
    sys.exit(main())
