"""How fast a pool gives frames to train on: ``python -m benchmarks.pool --pool DIR [--seconds 20]``.

Reads and augments pictures at random in 1 and in 2 processes, each with one OpenCV thread, and counts what they
finish within the given seconds, after a warm-up of a second. Prints frames per second and what it was measured on.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np

from benchmarks.latency import machine
from samples.augment import augment
from samples.errors import SampleError
from samples.pool import Pool, open_pool

SIZE = 320
_WARM_UP_S = 1.0


def main() -> int:
    """Measure and print; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pool", description=__doc__)
    parser.add_argument("--pool", type=Path, required=True, help="a folder that python -m samples pool wrote")
    parser.add_argument("--seconds", type=float, default=20.0, help="for each number of processes")
    arguments = parser.parse_args()
    if arguments.seconds <= 0:
        parser.error("--seconds is above 0")
    try:
        pool = open_pool(arguments.pool, measuring=True)
    except SampleError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"{len(pool)} pictures, frames of {SIZE} px, {arguments.seconds:g} s each")
    for processes in (1, 2):
        print(f"{processes} process{'es' * (processes > 1)}: {rate(pool, processes, arguments.seconds):.0f} frames/s")
    host = machine()
    print(f"{host['cpu']}, {host['cores']} cores, {host['system']}, Python {host['python']}")
    print(f"load average {os.getloadavg()[0]:.2f} at the end")
    return 0


def rate(pool: Pool, processes: int, seconds: float) -> float:
    """Frames per second of all processes together; each counts its own seconds, which all but coincide."""
    # Spawned: a forked child may hang on a lock of its parent's OpenCV threads.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as workers:
        return sum(workers.map(_work, [pool] * processes, range(processes), [seconds] * processes))


def _work(pool: Pool, seed: int, seconds: float) -> float:
    """Frames per second of this process."""
    cv2.setNumThreads(1)
    rng = np.random.default_rng(seed)
    _count(pool, rng, _WARM_UP_S)
    begin = time.perf_counter()
    done = _count(pool, rng, seconds)
    return done / (time.perf_counter() - begin)


def _count(pool: Pool, rng: np.random.Generator, seconds: float) -> int:
    """How many frames are made before the time is over."""
    end, done = time.perf_counter() + seconds, 0
    while time.perf_counter() < end:
        augment(*pool.read(int(rng.integers(len(pool)))), rng, SIZE)
        done += 1
    return done


if __name__ == "__main__":
    sys.exit(main())
