"""Batches of lines without end, each drawn from the seed and its own number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import NamedTuple

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from training.ctc.strip import Strip, photograph

#: Lines of this many batches are sorted by width before they are divided: little of a batch is padding.
_SORTED = 6
_VALIDATION = 0x7A


class Batch(NamedTuple):
    """N lines.

    Attributes:
        lines: (N, 24, W, 3) uint8 RGB, the right edge repeated where a line is shorter.
        targets: classes of all lines, one after the other; class 0 is the blank.
        lengths: (N,) of the targets.
        widths: (N,) px.
    """

    lines: Tensor
    targets: Tensor
    lengths: Tensor
    widths: Tensor


@dataclass(frozen=True, slots=True)
class Recipe:
    """What is taught: a module with SYMBOLS, SIZE and draw_line (training.nik.lines, training.rows.lines)."""

    module: ModuleType

    def strip(self, rng: np.random.Generator) -> Strip:
        """One line."""
        return photograph(self.module.draw_line(rng), rng)


class Stream(IterableDataset[Batch]):
    """Batches from number `first` on; workers share them out."""

    def __init__(self, recipe: Recipe, seed: int, size: int, first: int) -> None:
        self._recipe, self._seed, self._size, self._first = recipe, seed, size, first

    def __iter__(self) -> Iterator[Batch]:
        """Batches without end."""
        cv2.setNumThreads(1)
        info = get_worker_info()
        count, mine = (info.num_workers, info.id) if info else (1, 0)
        chunk = self._first // _SORTED
        while True:
            if chunk % count == mine:
                yield from self._batches(chunk)
            chunk += 1

    def _batches(self, chunk: int) -> list[Batch]:
        rng = np.random.default_rng([self._seed, chunk])
        strips = [self._recipe.strip(rng) for _ in range(self._size * _SORTED)]
        strips.sort(key=lambda strip: strip.pixels.shape[1])
        parts = [strips[at : at + self._size] for at in range(0, len(strips), self._size)]
        return [batch(parts[i], self._recipe.module.SYMBOLS) for i in rng.permutation(len(parts))]


def batch(strips: list[Strip], symbols: str) -> Batch:
    """Lines as tensors."""
    widest = max(strip.pixels.shape[1] for strip in strips)
    lines = [np.pad(s.pixels, ((0, 0), (0, widest - s.pixels.shape[1]), (0, 0)), mode="edge") for s in strips]
    targets = [symbols.index(c) + 1 for strip in strips for c in strip.text]
    return Batch(
        torch.from_numpy(np.stack(lines)),
        torch.tensor(targets),
        torch.tensor([len(strip.text) for strip in strips]),
        torch.tensor([strip.pixels.shape[1] for strip in strips]),
    )


def loader(stream: Stream, workers: int) -> DataLoader[Batch]:
    """The stream from processes of its own."""
    more = {"prefetch_factor": 12} if workers else {}
    return DataLoader(stream, batch_size=None, num_workers=workers, **more)


def validation(recipe: Recipe, seed: int, count: int) -> list[Strip]:
    """Lines that no batch holds."""
    rng = np.random.default_rng([seed, _VALIDATION, 1])
    return [recipe.strip(rng) for _ in range(count)]
