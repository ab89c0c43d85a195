"""What the network shall say of a frame whose truth is known. Numpy only; the conventions are network.py's."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision.geometry import mean_width, share_inside
from kyc_vision.types import Quad
from samples.pool import Truth, outline, turns

SIZE, HEAT_PX, VOTE_PX, VOTE_UNIT_PX = 256, 4, 16, 64.0
#: Cells of 4 px: the decoder's centre of mass over ±2 cells needs a peak of about that width.
SIGMA = 1.2
#: How much a vote counts beside the card, against 1 on it: the decoder may ask a cell that is a bit off.
_BESIDE = 0.15
#: A card of which less than this share is seen counts less, down to a tenth: whether it still is one is taste.
_PLAIN, _LEAST = 0.3, 0.1
Map = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Targets:
    """Of one frame; without a card all are 0. Another document's card is placed as an e-KTP's is, its presence is 0.

    Attributes:
        heat: (4, 64, 64) float32, 0–1: a Gaussian at each corner inside the frame, TL TR BR BL of the print.
        mask: (1, 64, 64) float32, 0–1: the share of the cell that the card covers, fingers on it or not.
        votes: (8, 16, 16) float32, units of 64 px: x, y from the cell's centre to TL, TR, BR, BL, inside or not.
        vote_weight: (16, 16) float32, 0–1: the share of the cell on the card, a little beside it.
        width: the card's mean width, px.
        weight: 0–1, how much the frame's card counts: less where little of it is seen.
        there: 1 where any card is, an e-KTP's or another document's; presence: 1 for an e-KTP; mirrored: 0 or 1.
        turns: quarter turns clockwise, 0–3.
    """

    heat: Map
    mask: Map
    votes: Map
    vote_weight: Map
    width: float
    weight: float
    there: float
    presence: float
    mirrored: float
    turns: int


def targets(truth: Truth) -> Targets:
    """The targets of a frame of 256 px from the truth in its px."""
    heat_cells, vote_cells = SIZE // HEAT_PX, SIZE // VOTE_PX
    card = truth.document_quad if truth.quad is None else truth.quad
    if card is None:
        return Targets(
            np.zeros((4, heat_cells, heat_cells), np.float32),
            np.zeros((1, heat_cells, heat_cells), np.float32),
            np.zeros((8, vote_cells, vote_cells), np.float32),
            np.zeros((vote_cells, vote_cells), np.float32),
            1.0, 1.0, 0.0, 0.0, 0.0, 0,
        )  # fmt: skip
    quad = np.asarray(card, dtype=np.float32)
    area = _area(quad)
    on_card = _shares(area, VOTE_PX)
    near = np.asarray(cv2.dilate(on_card, np.ones((3, 3), np.uint8)), dtype=np.float32)
    # Of a document nothing is known but its outline.
    frame = outline((0, 0, SIZE, SIZE))
    shown = share_inside(card, frame) if truth.quad is None else truth.visible * (1 - truth.occlusion)
    return Targets(
        heat=np.stack([_gaussian(corner) for corner in quad]),
        mask=_shares(area, HEAT_PX)[None],
        votes=_votes(quad),
        vote_weight=np.maximum(on_card, _BESIDE * near),
        width=mean_width(quad),
        weight=float(np.clip(shown / _PLAIN, _LEAST, 1.0)),
        there=1.0,
        presence=float(truth.quad is not None),
        mirrored=float(truth.mirrored),
        turns=turns(quad),
    )


def _gaussian(corner: NDArray[np.float32]) -> Map:
    """(64, 64): of height 1 at the corner itself, which mostly lies between cells; zeros for one outside the frame."""
    cells = np.arange(SIZE // HEAT_PX, dtype=np.float32)
    if corner.min() < -0.5 or corner.max() > SIZE - 0.5:
        return np.zeros((len(cells), len(cells)), np.float32)
    across, down = (np.exp(-((cells - at) ** 2) / (2 * SIGMA**2)) for at in (corner - (HEAT_PX - 1) / 2) / HEAT_PX)
    return np.asarray(np.outer(down, across), dtype=np.float32)


def _area(quad: Quad) -> NDArray[np.uint8]:
    """(512, 512) uint8, 255 on the card: twice as fine as the frame, since a fill is half a sample too large."""
    fine = 2
    area = np.zeros((SIZE * fine, SIZE * fine), np.uint8)
    # Far corners are cut off by OpenCV, which counts in 32 bits: 1/16 px of a corner 10,000 px away still fit.
    points = np.rint(((quad + 0.5) * fine - 0.5) * 16).astype(np.int32)
    cv2.fillConvexPoly(area, points, 255, cv2.LINE_8, 4)
    return area


def _shares(area: NDArray[np.uint8], cell_px: int) -> Map:
    """Mean of the area over cells of so many px of the frame, 0–1."""
    cells = SIZE // cell_px
    return np.asarray(cv2.resize(area, (cells, cells), interpolation=cv2.INTER_AREA), dtype=np.float32) / np.float32(
        255
    )


def _votes(quad: NDArray[np.float32]) -> Map:
    """(8, 16, 16): for every cell, on the card or not."""
    centres = np.arange(SIZE // VOTE_PX, dtype=np.float32) * VOTE_PX + (VOTE_PX - 1) / 2
    votes = np.empty((8, len(centres), len(centres)), np.float32)
    votes[0::2] = quad[:, 0, None, None] - centres[None, None, :]
    votes[1::2] = quad[:, 1, None, None] - centres[None, :, None]
    return votes / np.float32(VOTE_UNIT_PX)
