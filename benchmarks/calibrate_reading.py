"""Fit the readers' confidence: ``python -m benchmarks.calibrate_reading --n 1500 --seed 50000 [--workers 2]``.

Cards of benchmarks.reading, of other seeds than its own, are read with the readers' own numbers; for every kind of
value and every way in which the readers agree, a logistic line says how likely the value is exactly right. Even seeds
fit, odd seeds tell how well it holds.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.calibrate_faces import logistic
from benchmarks.reading import measured
from benchmarks.reading_page import MIX, Record
from kyc_vision.build import READING_CALIBRATION
from kyc_vision.ocr.confidence import KINDS, Agreement, kind_of, log_odds
from samples.progress import Progress

#: A line of its own needs so many values; with fewer, those of all kinds with that agreement fit together.
_FEWEST = 60
#: Values invented for each line, right and wrong alike at even log odds: so that none is fitted to certainty.
_INVENTED = 1.0


def main() -> int:
    """Read, fit, report, write; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.calibrate_reading", description=__doc__)
    parser.add_argument("--n", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=50_000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--records", type=Path, help="what benchmarks.reading --raw --records wrote")
    parser.add_argument("--out", type=Path, default=READING_CALIBRATION)
    given = parser.parse_args()
    records = list(_stored(given.records) if given.records else _read(given.n, given.seed, given.workers))
    fits = [r for r in records if r.read and r.seed % 2 == 0]
    holds = [r for r in records if r.read and r.seed % 2]
    lines = {f"{kind}/{way.value}": fitted(fits, kind, way.value) for kind in KINDS for way in Agreement}
    report = {
        "cards": f"{len({r.seed for r in records})} of benchmarks.reading, seeds {min(r.seed for r in records)}"
        f"–{max(r.seed for r in records)}; even seeds fit, odd ones report",
        "mix": dict(MIX),
        "report": {kind: held_against(holds, kind, lines) for kind in KINDS},
    }
    text = json.dumps({"lines": lines, "fitted_on": report}, indent=1, ensure_ascii=False)
    given.out.write_text(text + "\n", encoding="utf-8")
    print(text)
    return 0


def fitted(records: Sequence[Record], kind: str, way: str) -> dict[str, Any]:
    """Intercept and slope on the log odds, and the highest probability that the data can tell from certainty."""
    mine = [r for r in records if kind_of(r.name) == kind and r.agreement == way]
    own = len(mine) >= _FEWEST
    used = mine if own else [r for r in records if r.agreement == way and r.name != "nik"]
    x = np.array([log_odds(r.confidence) for r in used] + [0.0, 0.0])
    y = np.array([float(r.right) for r in used] + [1.0, 0.0])
    weights = np.array([1.0] * len(used) + [_INVENTED, _INVENTED])
    intercept, slope = logistic(x[:, None], y, weights)
    if slope <= 0:  # the readers' number tells nothing here: one rate for all
        rate = float(np.average(y, weights=weights))
        intercept, slope = round(float(np.log(rate / (1 - rate))), 4), 0.0
    # Laplace's rule of succession: had all been right, so many could tell no more.
    highest = (len(used) + 1) / (len(used) + 2)
    return {
        "line": [intercept, slope, round(highest, 4)],
        "n": len(mine), "right": sum(r.right for r in mine), "own": own,
    }  # fmt: skip


def held_against(records: Sequence[Record], kind: str, lines: dict[str, Any]) -> dict[str, Any]:
    """Reliability of the fitted lines on cards that they never saw."""
    mine = [r for r in records if kind_of(r.name) == kind]
    told = np.array([_told(r, lines) for r in mine])
    right = np.array([r.right for r in mine])
    bins = np.minimum((told * 10).astype(int), 9)
    rows = {
        f"{b / 10:.1f}–{(b + 1) / 10:.1f}": [
            round(float(told[bins == b].mean()), 4), round(float(right[bins == b].mean()), 4), int((bins == b).sum())
        ]
        for b in sorted(set(bins.tolist()))
    }  # fmt: skip
    error = sum(abs(t - r) * n for t, r, n in rows.values()) / max(1, len(mine))
    return {"n": len(mine), "reliability_error": round(error, 4), "told, right, n": rows}


def _told(record: Record, lines: dict[str, Any]) -> float:
    intercept, slope, highest = lines[f"{kind_of(record.name)}/{record.agreement}"]["line"]
    return float(min(highest, 1 / (1 + np.exp(-(intercept + slope * log_odds(record.confidence))))))


def _read(n: int, seed: int, workers: int) -> Iterator[Record]:
    progress = Progress(n, sys.stderr)
    for done, (found, _) in enumerate(measured(range(seed, seed + n), workers, raw=True), start=1):
        progress.show(done)
        yield from found
    progress.close()


def _stored(path: Path) -> Iterator[Record]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield Record(**json.loads(line))


if __name__ == "__main__":
    sys.exit(main())
