"""The plan of a run, and the network in training: one step, the averaged weights, saving and taking up."""

from __future__ import annotations

import ctypes
import math
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from samples.errors import SampleError
from samples.pool import Pool
from training.locator.frames import Batch, network_input
from training.locator.losses import Losses, losses
from training.locator.network import Locator, channels_last, parameters
from training.locator.state import Average, State, load, save

_WEIGHT_DECAY, _DECAY, _MAX_NORM = 0.02, 0.999, 5.0
_WARM_UP, _LAST_LR = 0.03, 0.01


@dataclass(frozen=True, slots=True)
class Plan:
    """The command's arguments; see --help."""

    pools: tuple[Path, ...]
    out: Path
    minutes: float
    steps: int | None
    seed: int
    batch: int
    lr: float
    workers: int
    threads: int
    validate_minutes: float

    def progress(self, step: int, minutes: float) -> float:
        """How much of the run is over, 0–1."""
        return min(1.0, minutes / self.minutes if self.steps is None else step / self.steps)

    def rate(self, progress: float) -> float:
        """The learning rate: up in a straight line, down along half a cosine wave."""
        down = _LAST_LR + (1 - _LAST_LR) * 0.5 * (1 + math.cos(math.pi * progress))
        return self.lr * min(1.0, progress / _WARM_UP + 1e-3) * down


class Trainer:
    """The network in training and all that goes with it."""

    def __init__(self, plan: Plan, pools: list[Pool]) -> None:
        """Take up the run in plan.out, or begin one.

        Raises:
            SampleError: the run there is made of other pools, batches or numbers.
        """
        torch.manual_seed(plan.seed)
        self.network = channels_last(Locator())
        self.average = Average(self.network, _DECAY)
        flat = [value for value in self.network.parameters() if value.ndim < 2]
        deep = [value for value in self.network.parameters() if value.ndim >= 2]
        groups = [{"params": deep, "weight_decay": _WEIGHT_DECAY}, {"params": flat, "weight_decay": 0.0}]
        self.optimizer = torch.optim.AdamW(groups, lr=plan.lr)
        self.step, self.minutes_before = 0, 0.0
        self.made_of: dict[str, Any] = {
            "seed": plan.seed,
            "batch": plan.batch,
            "pools": [pool.source_sha256 for pool in pools],
            "parameters": parameters(self.network),
        }
        if (state := load(plan.out)) is not None:
            self._take_up(state, plan.out)
        self._begin = time.monotonic()

    @property
    def minutes(self) -> float:
        """So far, over all sittings."""
        return self.minutes_before + (time.monotonic() - self._begin) / 60

    def learn(self, batch: Batch, lr: float) -> Losses:
        """One step; returns the losses before it, detached."""
        self.network.train()
        for group in self.optimizer.param_groups:
            group["lr"] = lr
        parts = losses(self.network(network_input(batch.frames)), batch)
        self.optimizer.zero_grad()
        parts.total.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), _MAX_NORM)
        self.optimizer.step()
        self.step += 1
        self.average.update(self.network, self.step)
        return Losses(*(part.detach() for part in parts))

    def averaged(self) -> Locator:
        """A copy with the averaged weights, which are what is exported."""
        network = channels_last(Locator())
        self.average.copy_to(network)
        return network.eval()

    def save(self, folder: Path) -> None:
        """Write the checkpoint."""
        network, optimizer = self.network.state_dict(), self.optimizer.state_dict()
        save(State(self.step, self.minutes, network, self.average.values, optimizer, self.made_of), folder)

    def _take_up(self, state: State, folder: Path) -> None:
        if state.made_of != self.made_of:
            raise SampleError(
                f"The run in {folder} is made of {state.made_of}, not {self.made_of}: choose another --out"
            )
        self.network.load_state_dict(state.network)
        self.optimizer.load_state_dict(state.optimizer)
        self.average.values = state.average
        self.step, self.minutes_before = state.step, state.minutes


def keep_freed_memory() -> None:
    """Let malloc keep what tensors give back: fetching it anew from Linux for each took 10 % of a step."""
    if sys.platform == "linux":
        m_trim_threshold, m_mmap_threshold = -1, -3
        libc = ctypes.CDLL(None)
        if hasattr(libc, "mallopt"):  # glibc
            libc.mallopt(m_mmap_threshold, 1 << 30)
            libc.mallopt(m_trim_threshold, (1 << 31) - 1)
