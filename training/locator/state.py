"""What a run needs to go on, in one file that is never half written."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

CHECKPOINT = "checkpoint.pt"


class Average:
    """An exponential moving average of all that a network learns, BatchNorm's statistics included."""

    def __init__(self, network: nn.Module, decay: float) -> None:
        """Start from the network as it is."""
        self._decay = decay
        self.values = {name: value.detach().clone() for name, value in network.state_dict().items()}

    def update(self, network: nn.Module, step: int) -> None:
        """Take in step so-and-so, counted from 1; early steps count more, so that the start is soon forgotten."""
        share = 1 - min(self._decay, (1 + step) / (10 + step))
        now = network.state_dict()
        floats = [name for name, value in self.values.items() if value.is_floating_point()]
        torch._foreach_lerp_([self.values[name] for name in floats], [now[name] for name in floats], share)
        for name in self.values.keys() - set(floats):
            self.values[name].copy_(now[name])

    def copy_to(self, network: nn.Module) -> None:
        """Give a network of the same shape these values."""
        network.load_state_dict(self.values)


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """A run at the end of a step.

    Attributes:
        step: steps done. It is the position in the random numbers too: a batch's number decides all that is in it.
        minutes: of the run, the time between stopping and going on not counted.
        network, average, optimizer: their state_dicts.
        made_of: what must not change when the run goes on: seed, batch, pools, parameters.
    """

    step: int
    minutes: float
    network: dict[str, Tensor]
    average: dict[str, Tensor]
    optimizer: dict[str, Any]
    made_of: dict[str, Any]


def save(state: State, folder: Path) -> None:
    """Write the checkpoint, then put it in the place of the last one."""
    part = folder / f"{CHECKPOINT}.part"
    with part.open("wb") as file:
        torch.save({name: getattr(state, name) for name in State.__slots__}, file)
        file.flush()
        os.fsync(file.fileno())
    part.replace(folder / CHECKPOINT)


def load(folder: Path) -> State | None:
    """The last checkpoint; None where a run has none yet."""
    path = folder / CHECKPOINT
    if not path.is_file():
        return None
    return State(**torch.load(path, map_location="cpu", weights_only=True))
