"""From pools to batches: a sample's number and the run's seed decide everything about it, so any run can go on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from kyc_vision.card.look import letterboxed
from kyc_vision.types import Pixels
from samples.augment import augment
from samples.pool import Pool, Truth, open_pool, outline, split
from training.locator.targets import SIZE, Targets, targets

HELD_OUT = 0.15  # of the people
#: Of the pictures that are drawn. About 13 % of the frames of a picture with a card show none of it (augment), so
#: that frames without an e-KTP are 23 %, and a third of those shows another document.
_DOCUMENT, _NONE = 0.07, 0.05
_RARER = {"dark": 0.4, "over_exposed": 0.4}
#: Grey level of a frame in which nothing can be seen.
_BLACK, _WHITE = 8, 247
_VALIDATION, _TRAINING = 0x7A, 0x71  # so that no training sample has the seed of a validation frame


class Picture(NamedTuple):
    """Number of a pool and of a picture in it."""

    pool: int
    picture: int


@dataclass(frozen=True, slots=True)
class Sides:
    """Which pictures train and which validate; nobody is on both sides, in whichever pools they are."""

    train: tuple[Picture, ...]
    held_out: tuple[Picture, ...]
    train_people: int
    held_out_people: int


class Batch(NamedTuple):
    """N frames and their targets; shapes as in Targets, with N in front. Scalars are (N,) float32, turns int64."""

    frames: Tensor  # (N, 256, 256, 3) uint8 RGB: its permuted view is channels_last
    heat: Tensor
    mask: Tensor
    votes: Tensor
    vote_weight: Tensor
    width: Tensor
    weight: Tensor
    there: Tensor
    presence: Tensor
    mirrored: Tensor
    turns: Tensor


def network_input(frames: Tensor) -> Tensor:
    """(N, 256, 256, 3) uint8 → (N, 3, 256, 256) float32 in 0–1, channels last in memory."""
    return frames.permute(0, 3, 1, 2).float() / 255


def open_pools(folders: Sequence[Path]) -> list[Pool]:
    """The pools, none of which is for measuring only; raises SampleError."""
    return [open_pool(folder) for folder in folders]


def sides(pools: Sequence[Pool], seed: int) -> Sides:
    """Split each pool by people, then take out of the training what shows anybody whom another pool holds out."""
    splits = [split(pool, HELD_OUT, seed) for pool in pools]
    held = [Picture(p, i) for p, s in enumerate(splits) for i in s.held_out]
    held_people = _people(pools, held)
    train = [
        Picture(p, i)
        for p, s in enumerate(splits)
        for i in s.train
        if not _people(pools, [Picture(p, i)]) & held_people
    ]
    return Sides(tuple(train), tuple(held), len(_people(pools, train)), len(held_people))


def draw_weights(pools: Sequence[Pool], pictures: Sequence[Picture]) -> NDArray[np.float64]:
    """Chance of each picture; they sum to 1. Within a group pictures are as likely as one another, but for _RARER."""
    truths = [pools[p].entries[i].truth for p, i in pictures]
    groups = Counter(truth.group for truth in truths)
    shares = {"ektp": 1 - _DOCUMENT - _NONE, "document": _DOCUMENT, "none": _NONE}
    weights = np.array([shares[t.group] / groups[t.group] * _RARER.get(t.kind, 1.0) for t in truths])
    return np.asarray(weights / weights.sum(), dtype=np.float64)


class Stream(IterableDataset[Batch]):
    """Batches without end from a given one on; however many workers make them, they are the same and in order."""

    def __init__(self, pools: Sequence[Pool], pictures: Sequence[Picture], seed: int, size: int, first: int) -> None:
        """Args: pools, and which pictures of them; the run's seed; frames in a batch; number of the first batch."""
        super().__init__()
        self._pools, self._pictures = pools, pictures
        self._chances = np.cumsum(draw_weights(pools, pictures))
        self._seed, self._size, self._first = seed, size, first

    def __iter__(self) -> Iterator[Batch]:
        cv2.setNumThreads(1)
        worker = get_worker_info()
        start, step = (0, 1) if worker is None else (worker.id, worker.num_workers)
        number = self._first + start
        while True:
            yield self.batch(number)
            number += step

    def batch(self, number: int) -> Batch:
        """Batch so-and-so, always the same."""
        return collate([self._sample(i) for i in range(number * self._size, (number + 1) * self._size)])

    def _sample(self, number: int) -> tuple[Pixels, Truth]:
        rng = np.random.default_rng([self._seed, _TRAINING, number])
        for _ in range(4):  # nearly all are good at once
            drawn = min(int(np.searchsorted(self._chances, rng.random())), len(self._pictures) - 1)
            pool, picture = self._pictures[drawn]
            frame, truth = augment(*self._pools[pool].read(picture), rng, SIZE)
            if _BLACK <= frame.mean() <= _WHITE:
                break
        return frame, truth


def loader(stream: Stream, workers: int) -> DataLoader[Batch]:
    """The stream, made by so many processes ahead of the training; none: by this one."""
    if workers == 0:
        return DataLoader(stream, batch_size=None)
    # Spawned: a forked child may hang on a lock of its parent's OpenCV or OpenMP threads.
    return DataLoader(stream, None, num_workers=workers, prefetch_factor=4, multiprocessing_context="spawn")


def collate(samples: Sequence[tuple[Pixels, Truth]]) -> Batch:
    """Frames of 256 px and their truths → a batch."""
    wanted = [targets(truth) for _, truth in samples]
    stacked: dict[str, Any] = {
        field.name: torch.from_numpy(np.stack([np.asarray(getattr(one, field.name)) for one in wanted]))
        for field in fields(Targets)
    }
    maps = {name: tensor if name == "turns" else tensor.float() for name, tensor in stacked.items()}
    return Batch(torch.from_numpy(np.stack([frame for frame, _ in samples])), **maps)


def validation_frames(pools: Sequence[Pool], pictures: Sequence[Picture], n: int, seed: int) -> Iterator[
    tuple[Pixels, Truth]
]:  # fmt: skip
    """n augmented frames, always the same: the pictures in turn, each as often as the others."""
    order = np.random.default_rng([seed, _VALIDATION]).permutation(len(pictures))
    for number in range(n):
        pool, picture = pictures[int(order[number % len(order)])]
        rng = np.random.default_rng([seed, _VALIDATION, number])
        yield augment(*pools[pool].read(picture), rng, SIZE)


def plain_frames(pools: Sequence[Pool], pictures: Sequence[Picture], n: int, seed: int) -> Iterator[
    tuple[Pixels, Truth]
]:  # fmt: skip
    """Up to n of the pictures themselves, whole and letterboxed on black: what the product shows the network."""
    order = np.random.default_rng([seed, _VALIDATION]).permutation(len(pictures))
    for number in order[:n]:
        pool, picture = pictures[int(number)]
        yield plain(*pools[pool].read(picture))


def plain(pixels: Pixels, truth: Truth) -> tuple[Pixels, Truth]:
    """A picture as the product's first look shows it."""
    height, width = pixels.shape[:2]
    frame, to_frame = letterboxed(pixels, np.array([0.0, 0.0, width, height]))
    return frame, truth.seen(to_frame, False, outline((0, 0, width, height)))


def _people(pools: Sequence[Pool], pictures: Sequence[Picture]) -> set[str]:
    entries = [pools[p].entries[i] for p, i in pictures]
    return {person for entry in entries for person in (entry.probe, entry.reference) if person is not None}
