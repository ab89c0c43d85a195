"""How good a network is on frames of people whom it never saw: what the product gets, after the product's decoding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray

from kyc_vision.card.heatmaps import Coarse, decode
from kyc_vision.geometry import is_convex, mean_width, polygon_iou
from kyc_vision.types import Pixels, Quad
from samples.pool import Truth, turns
from training.locator.frames import network_input
from training.locator.network import Locator

_BATCH = 16
#: Corners are judged where at least this share of the card is seen: below, whether it is one is a question of taste.
SEEN = 0.3
#: Of the card's width: how far the refinement at full resolution reaches from a coarse corner.
REPAIRABLE = 0.04
#: Limits of the bands of card widths, px of the network's input.
BANDS = (0.0, 32.0, 64.0, 128.0, float("inf"))


@dataclass(frozen=True, slots=True, eq=False)
class Frames:
    """Validation frames held in memory: (n, 256, 256, 3) uint8 RGB, and what is true of each."""

    pixels: Pixels
    truths: tuple[Truth, ...]


@dataclass(frozen=True, slots=True)
class Fit:
    """How well corners fit, over cards of which enough is seen.

    Attributes:
        cards: how many there are.
        median, p95: distance of a corner from its place, share of the card's width.
        repairable: share of the cards whose four corners are all within REPAIRABLE; a wrong order is a miss.
        iou_80: share of the cards whose quad overlaps the true one by IoU > 0.8, in whatever order.
    """

    cards: int
    median: float
    p95: float
    repairable: float
    iou_80: float


@dataclass(frozen=True, slots=True)
class Figures:
    """All that is measured on one set of frames; what nothing is there to measure by is nan.

    Attributes:
        precision, recall: of presence at 0.5.
        auc: area under presence's ROC curve.
        mirrored, turns: share right, over the cards that count for the fit.
        fit, bands: over all those cards, and by their width in px of the frame.
    """

    frames: int
    precision: float
    recall: float
    auc: float
    mirrored: float
    turns: float
    fit: Fit
    bands: dict[str, Fit]


def hold(frames: Iterable[tuple[Pixels, Truth]]) -> Frames:
    """Make the frames now, to be looked at many times."""
    pixels, truths = zip(*frames, strict=True)
    return Frames(np.stack(pixels), truths)


def answers(network: Locator, frames: Frames) -> list[Coarse]:
    """What network and decoder say of each frame; the network is in evaluation mode afterwards."""
    network.eval()
    said: list[Coarse] = []
    with torch.inference_mode():
        for start in range(0, len(frames.truths), _BATCH):
            batch = network(network_input(torch.from_numpy(frames.pixels[start : start + _BATCH])))
            outputs = [np.ascontiguousarray(one.numpy()) for one in batch]
            said += [decode(heat, mask[0], votes, flags) for heat, mask, votes, flags in zip(*outputs, strict=True)]
    return said


def figures(said: Sequence[Coarse], truths: Sequence[Truth]) -> Figures:
    """Compare what was said with what is true."""
    there = np.array([truth.quad is not None for truth in truths])
    presence = np.array([one.presence for one in said])
    claimed = presence > 0.5
    cards = [
        (one, truth, truth.quad)
        for one, truth in zip(said, truths, strict=True)
        if truth.quad is not None and truth.visible * (1 - truth.occlusion) >= SEEN
    ]
    pairs = [(one.quad, quad) for one, _, quad in cards]
    widths = np.array([mean_width(quad) for _, _, quad in cards])
    bands = {
        f"{low:g}-{high:g}": fit([pair for pair, w in zip(pairs, widths, strict=True) if low < w <= high])
        for low, high in pairwise(BANDS)
    }
    return Figures(
        frames=len(truths),
        precision=_mean(there[claimed]),
        recall=_mean(claimed[there]),
        auc=_auc(presence[there], presence[~there]),
        mirrored=_mean([(one.mirrored > 0.5) == truth.mirrored for one, truth, _ in cards]),
        turns=_mean([int(one.turns.argmax()) == turns(quad) for one, _, quad in cards]),
        fit=fit(pairs),
        bands=bands,
    )


def fit(pairs: Sequence[tuple[Quad, Quad]]) -> Fit:
    """Of pairs of a found and a true quad, both (4, 2) px."""
    if not pairs:
        return Fit(0, float("nan"), float("nan"), float("nan"), float("nan"))
    off = np.array([np.linalg.norm(found - true, axis=1) / mean_width(true) for found, true in pairs])
    overlaps = [polygon_iou(found, true) if is_convex(found) else 0.0 for found, true in pairs]
    return Fit(
        cards=len(pairs),
        median=float(np.median(off)),
        p95=float(np.quantile(off, 0.95)),
        repairable=float((off.max(axis=1) <= REPAIRABLE).mean()),
        iou_80=_mean([overlap > 0.8 for overlap in overlaps]),
    )


def told(of: Figures) -> str:
    """The figures in a line."""
    return (
        f"precision {of.precision:.3f} recall {of.recall:.3f} auc {of.auc:.4f} mirrored {of.mirrored:.3f} "
        f"turns {of.turns:.3f} corners median {of.fit.median:.2%} p95 {of.fit.p95:.1%} "
        f"within 4 % {of.fit.repairable:.1%} IoU>0.8 {of.fit.iou_80:.1%} of {of.fit.cards}"
    )


def _auc(positive: NDArray[np.float64], negative: NDArray[np.float64]) -> float:
    """The chance that a frame with a card scores above one without; equal scores count half (Mann–Whitney)."""
    if len(positive) == 0 or len(negative) == 0:
        return float("nan")
    above = (positive[:, None] > negative).mean() + 0.5 * (positive[:, None] == negative).mean()
    return float(above)


def _mean(values: Sequence[bool] | NDArray[np.bool_]) -> float:
    return float(np.mean(values)) if len(values) else float("nan")
