"""Where a run comes from: what run.json says."""

from __future__ import annotations

import platform
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from benchmarks.latency import machine
from samples.pool import Pool
from training.locator.frames import Sides
from training.locator.network import multiply_adds, parameters
from training.locator.trainer import Plan, Trainer


def description(plan: Plan, pools: Sequence[Pool], split: Sides, trainer: Trainer) -> dict[str, Any]:
    """What run.json says."""
    return {
        "arguments": {name: str(value) if isinstance(value, Path) else value for name, value in asdict(plan).items()}
        | {"pools": [str(pool) for pool in plan.pools]},
        "commit": commit(),
        "seed": plan.seed,
        "step": trainer.step,
        "samples": trainer.step * plan.batch,
        "hours": trainer.minutes / 60,
        "machine": machine(),
        "torch": torch.__version__.partition("+")[0],
        "python": platform.python_version(),
        "parameters": parameters(trainer.network),
        "multiply_adds": multiply_adds(trainer.network),
        "pools": [{"source_sha256": pool.source_sha256, "pictures": len(pool)} for pool in pools],
        "train": {"pictures": len(split.train), "people": split.train_people},
        "held_out": {"pictures": len(split.held_out), "people": split.held_out_people},
    }


def commit() -> str:
    """The repository's commit, and whether files differ from it; "unknown" outside a repository."""
    git = shutil.which("git")
    if git is None:
        return "unknown"
    done = subprocess.run(  # noqa: S603
        [git, "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"],
        cwd=Path(__file__).parent, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout.strip() or "unknown"
