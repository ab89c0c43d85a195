"""Fit CardLocation.confidence: ``python -m benchmarks.calibrate_locator --labels DIR [--out FILE]``.

DIR is a set of ``python -m samples make`` that is neither the benchmark's nor the locator's training pool. Every
picture in which the network sees anything is located as the product does it, without words; the model says how likely
the outline is right (IoU ≥ 0.9, way up and mirroring). Half of the people fit, the other half tell how well it holds.
"""

from __future__ import annotations

import argparse
import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.calibrate_faces import logistic
from benchmarks.metrics import place
from benchmarks.store import described, load_labels, person
from kyc_vision.build import LOCATOR_CALIBRATION, card_looker
from kyc_vision.card.confidence import features
from kyc_vision.card.locate import ABSENT, by_print
from kyc_vision.image import read

SEED = 20261124
RIGHT_IOU = 0.9
BINS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.99, 1.0)


def main() -> int:
    """Locate, fit, report, write; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.calibrate_locator", description=__doc__)
    parser.add_argument("--labels", type=Path, required=True, help="folder with pictures and labels.jsonl")
    parser.add_argument("--out", type=Path, default=LOCATOR_CALIBRATION)
    arguments = parser.parse_args()
    labels = load_labels(arguments.labels)
    rows, right, people = measured(arguments.labels, labels)
    names = sorted(set(people))
    half = set(np.random.default_rng(SEED).permutation(names)[: len(names) // 2].tolist())
    fits = np.array([name in half for name in people])
    # The intercept is logistic's own.
    weights = logistic(rows[fits, 1:], right[fits], np.ones(int(fits.sum())))
    told = 1 / (1 + np.exp(-(rows[~fits] @ np.array(weights))))
    report = {
        "set": described(arguments.labels, labels),
        "right": f"IoU ≥ {RIGHT_IOU}, way up and mirroring",
        "fit_pictures": int(fits.sum()),
        "report_pictures": int((~fits).sum()),
        "report_right": int(right[~fits].sum()),
        "reliability": reliability(told, right[~fits]),
    }
    fitted = {"weights": [round(float(w), 4) for w in weights], "fitted_on": report}
    arguments.out.write_text(json.dumps(fitted, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(fitted, indent=2, ensure_ascii=False))
    return 0


def measured(folder: Path, labels: list[dict[str, Any]]) -> tuple[NDArray[np.float64], NDArray[np.float64], list[str]]:
    """(N, F) features, (N,) 1 where the outline is right, and whose selfie each is."""
    looker = card_looker()
    rows, right, people = [], [], []
    for done, label in enumerate(labels, 1):
        pixels = read((folder / label["file"]).read_bytes()).pixels
        seen = looker.look(pixels)
        found = by_print(pixels, seen) if seen.presence >= ABSENT else None
        print(f"\r{done}/{len(labels)} pictures ", end="", file=sys.stderr, flush=True)
        if found is None:
            continue
        truth = place(found.quad, np.array(label["quad"])) if label["quad"] else None
        rows.append(features(found, seen))
        right.append(bool(truth and truth.iou >= RIGHT_IOU and truth.same_way_up and truth.same_winding))
        people.append(person(str(label["probe"])))
    print(file=sys.stderr)
    return np.array(rows), np.array(right, dtype=np.float64), people


def reliability(told: NDArray[np.float64], right: NDArray[np.float64]) -> list[dict[str, Any]]:
    """Of each band of told confidence: how many, the mean told, the share that was right."""
    bands = []
    for low, high in pairwise(BINS):
        inside = (told >= low) & ((told < high) | (high == 1.0))
        if inside.any():
            told_mean, was_right = float(told[inside].mean()), float(right[inside].mean())
            bands.append(
                {
                    "from": low,
                    "to": high,
                    "n": int(inside.sum()),
                    "told": round(told_mean, 3),
                    "right": round(was_right, 3),
                }
            )
    return bands


if __name__ == "__main__":
    sys.exit(main())
