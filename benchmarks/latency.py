"""How long a selfie takes: ``python -m benchmarks.latency [--runs 3] [--json OUT]``.

Judges every picture of samples/gallery R times in one process, after a warm-up of one picture, one at a time.
Prints p50, p95 and maximum per stage with the number of selfies that reached it, the load of the machine while it
was measured, peak resident memory, and what it was measured on. ``total`` is wall clock from the file's bytes to
the verdict; loading the weights is named apart.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from kyc_vision.build import load_verifier
from kyc_vision.image import read
from kyc_vision.pipeline import Stopwatch, Verifier

GALLERY = Path("samples/gallery")


def main() -> int:
    """Measure, print, write; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.latency", description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="how often each picture is judged")
    parser.add_argument("--gallery", type=Path, default=GALLERY, help="a folder of JPEGs")
    parser.add_argument("--json", type=Path, metavar="OUT", help="also write the figures to this file")
    arguments = parser.parse_args()
    pictures = sorted(arguments.gallery.glob("*.jpg"))
    if not pictures or arguments.runs < 1:
        parser.error(f"there is nothing to measure: {len(pictures)} pictures, {arguments.runs} runs")
    figures = measure(pictures, arguments.runs)
    show(figures)
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


def measure(pictures: list[Path], runs: int) -> dict[str, Any]:
    """All figures as plain JSON; times are milliseconds, memory MB (10⁶ bytes)."""
    load_before = os.getloadavg()[0]
    begin = time.perf_counter()
    verifier = load_verifier()
    loaded = time.perf_counter()
    judge(verifier, pictures[0])
    warm = time.perf_counter()
    answers = [judge(verifier, picture) for _ in range(runs) for picture in pictures]
    stages = max(answers, key=len)  # a selfie without a card skips some; one that skips none has them in order
    return {
        "measured_at": datetime.now().astimezone().isoformat(timespec="seconds"),
        "pictures": len(pictures),
        "runs": runs,
        "stages_ms": {stage: summary([times[stage] for times in answers if stage in times]) for stage in stages},
        "load_weights_ms": round((loaded - begin) * 1000, 1),
        "first_selfie_ms": round((warm - loaded) * 1000, 1),
        "peak_resident_mb": peak_resident_mb(),
        "machine": machine(),
        "load_average": {"before": round(load_before, 2), "after": round(os.getloadavg()[0], 2)},
        "engines": dict(verifier.provenance.engines),
    }


def judge(verifier: Verifier, picture: Path) -> dict[str, float]:
    """Milliseconds of each stage of one selfie and, by the wall clock, of the whole."""
    watch = Stopwatch()
    begin = time.perf_counter()
    with watch.stage("decode"):
        selfie = read(picture.read_bytes())
    verification = verifier.verify(selfie, today=datetime.now().astimezone().date(), stopwatch=watch)
    return {**verification.timings_ms, "total": (time.perf_counter() - begin) * 1000}


def peak_resident_mb() -> int:
    """The most memory that this process has held so far, MB (10⁶ bytes).

    Source: getrusage(2), ru_maxrss in KiB on Linux.
    """
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6)


def summary(values: list[float]) -> dict[str, float]:
    """Count, p50, p95 (linear interpolation) and maximum."""
    p50, p95 = np.percentile(values, [50, 95])
    return {"n": len(values), "p50": round(p50, 1), "p95": round(p95, 1), "max": round(max(values), 1)}


def machine() -> dict[str, str | int]:
    """What was measured on: processor, the cores that this process may use, Python."""
    model = ""
    if (cpuinfo := Path("/proc/cpuinfo")).is_file():
        lines = cpuinfo.read_text(encoding="utf-8").splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    return {
        "cpu": model or platform.processor() or platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "python": platform.python_version(),
        "system": platform.platform(terse=True),
    }


def show(figures: dict[str, Any]) -> None:
    """The figures for people."""
    print(f"{figures['pictures']} selfies × {figures['runs']} runs, one process, one at a time; milliseconds\n")
    print(f"{'stage':10}{'n':>6}{'p50':>10}{'p95':>10}{'max':>10}")
    for stage, row in figures["stages_ms"].items():
        print(f"{stage:10}{row['n']:6}{row['p50']:10.1f}{row['p95']:10.1f}{row['max']:10.1f}")
    host, load = figures["machine"], figures["load_average"]
    print(f"\nweights loaded in {figures['load_weights_ms']:.0f} ms, first selfie {figures['first_selfie_ms']:.0f} ms")
    print(f"peak resident memory {figures['peak_resident_mb']} MB")
    print(f"{host['cpu']}, {host['cores']} cores, {host['system']}, Python {host['python']}")
    print(f"load average {load['before']} before, {load['after']} after", end="")
    print(" (1 alone is this benchmark)" if load["after"] <= host["cores"] else ": other work took part of the machine")
    print(", ".join(f"{name} {version}" for name, version in figures["engines"].items()))


if __name__ == "__main__":
    sys.exit(main())
