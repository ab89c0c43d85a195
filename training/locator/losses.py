"""One number for a batch, and the parts of it: so weighted that no part drowns another once training has settled.

Source: Li et al., Generalized Focal Loss (2020), eq. 4 (focal loss with soft targets); Milletari et al., V-Net (2016),
eq. 3 (dice).
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, smooth_l1_loss

from training.locator.frames import Batch
from training.locator.network import VOTE_UNIT, Outputs

_SMOOTHING = 0.02
#: Of the card's width: a vote that is off by less is pulled gently, one off by more steadily.
_VOTE_BETA = 0.03
#: Where a corner's Gaussian is above this, cells count in full; elsewhere as far as the network is wrong.
_AT_CORNER = 0.02


class Losses(NamedTuple):
    """The parts, each a scalar already weighted; their sum is what is minimised."""

    heat: Tensor
    mask: Tensor
    dice: Tensor
    votes: Tensor
    presence: Tensor
    mirrored: Tensor
    turns: Tensor

    @property
    def total(self) -> Tensor:
        """The sum."""
        return torch.stack(tuple(self)).sum()


def losses(said: Outputs, batch: Batch) -> Losses:
    """What is wrong with what the network said."""
    n = len(batch.presence)
    card = batch.there * batch.weight  # (N,): votes, way up and dice have no meaning without a card
    cards = card.sum().clamp(min=1)
    frame = torch.where(batch.there > 0, batch.weight, torch.ones_like(batch.weight))
    presence = _smooth(batch.presence)
    return Losses(
        heat=0.25 * (_heat(said.heat, batch.heat) * frame).sum() / cards,
        mask=10.0 * (_excess(said.mask, batch.mask).mean((1, 2, 3)) * frame).sum() / n,
        dice=1.0 * (_dice(said.mask, batch.mask) * card).sum() / cards,
        votes=2.0 * (_votes(said.votes, batch) * card).sum() / cards,
        presence=(binary_cross_entropy_with_logits(said.flags[:, 0], presence, reduction="none") * frame).sum() / n,
        mirrored=0.7 * (binary_cross_entropy_with_logits(
            said.flags[:, 1], _smooth(batch.mirrored), reduction="none") * card).sum() / cards,
        turns=0.7 * (cross_entropy(
            said.flags[:, 2:], batch.turns, reduction="none", label_smoothing=_SMOOTHING) * card).sum() / cards,
    )  # fmt: skip


def _smooth(flag: Tensor) -> Tensor:
    return flag * (1 - _SMOOTHING) + _SMOOTHING / 2


def _excess(logits: Tensor, target: Tensor) -> Tensor:
    """Cross entropy less the target's own entropy: 0 when all is right, with the same gradient."""
    entropy: Tensor = -(torch.special.xlogy(target, target) + torch.special.xlogy(1 - target, 1 - target))
    crossed: Tensor = binary_cross_entropy_with_logits(logits, target, reduction="none")
    excess: Tensor = crossed - entropy
    return excess


def _heat(logits: Tensor, target: Tensor) -> Tensor:
    """(N,): summed over the cells. At a corner the plain cross entropy, whose minimum is the exact shape that the
    decoder's centre of mass needs; elsewhere focal, or 4,000 quiet cells would outweigh the 30 that matter."""
    wrong = (torch.sigmoid(logits) - target).abs().detach()
    weight = torch.where(target > _AT_CORNER, torch.ones_like(wrong), wrong**2 * 4)
    return (weight * _excess(logits, target)).sum((1, 2, 3))


def _dice(logits: Tensor, target: Tensor) -> Tensor:
    """(N,), 0–1: a small card counts as much as a large one."""
    area = torch.sigmoid(logits)
    both = (area * target).sum((1, 2, 3))
    squares = (area**2).sum((1, 2, 3)) + (target**2).sum((1, 2, 3))
    return 1 - (2 * both + 1) / (squares + 1)


def _votes(said: Tensor, batch: Batch) -> Tensor:
    """(N,): as shares of the card's width, mean over its cells and the eight numbers."""
    scale = (VOTE_UNIT / batch.width)[:, None, None, None]
    off = smooth_l1_loss(said * scale, batch.votes * scale, reduction="none", beta=_VOTE_BETA).mean(1)
    return (off * batch.vote_weight).sum((1, 2)) / batch.vote_weight.sum((1, 2)).clamp(min=1e-3)
