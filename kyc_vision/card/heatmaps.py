"""The locator network's outputs → corners: plain numpy, so that it is tested on maps made by hand.

The network sees a letterboxed picture of SIDE px. It says three things about the corners: a heat-map each, sharp but
silent about a corner that is covered or outside; votes, where every cell on the card points at all four; and flags.
The votes say where to look, the heat-map says where exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kyc_vision.types import Quad

#: Input side of the network, px; px of it per cell of the heat-maps and of the votes.
SIDE, HEAT_PX, VOTE_PX = 256, 4, 16
#: Votes are in units of this many px.
VOTE_UNIT_PX = 64.0
#: A heat-map says something about a corner above this probability, its peak for a visible corner being near 1.
MIN_PEAK = 0.25
#: A corner is looked for this near to its vote, as a share of the card's width, and at least as many px.
REACH_WIDTHS, REACH_PX = 0.20, 8.0
#: Around a corner the heat is a Gaussian of this σ, in cells; it is fitted on a window of so many cells to each side.
SIGMA_CELLS, WINDOW_CELLS = 1.2, 2

Map = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Coarse:
    """What the network says of one picture.

    Attributes:
        quad: TL, TR, BR, BL of the printed card, px of the network's input; corners may lie outside it.
        presence: probability that an e-KTP is shown.
        mirrored: probability that its print is mirrored.
        turns: (4,) probability of each number of clockwise quarter turns.
        peaks: (4,) height of each corner's heat, 0–1; a corner below MIN_PEAK was placed by the votes.
    """

    quad: Quad
    presence: float
    mirrored: float
    turns: NDArray[np.float32]
    peaks: NDArray[np.float32]


def decode(heat: Map, mask: Map, votes: Map, flags: Map) -> Coarse:
    """Corners and flags of one picture.

    Args:
        heat: (4, H, W) logits, a map per corner TL, TR, BR, BL, HEAT_PX px a cell.
        mask: (H, W) logits of the card's area.
        votes: (8, h, w) x and y from a cell's centre to each corner in VOTE_UNIT_PX, VOTE_PX px a cell.
        flags: (6,) logits: presence, mirrored, four turns.
    """
    warm, area = _sigmoid(heat), _sigmoid(mask)
    voted = _voted(votes, area)
    width = float(np.linalg.norm(voted[1] - voted[0]) + np.linalg.norm(voted[2] - voted[3])) / 2
    reach = max(REACH_PX, REACH_WIDTHS * width)
    found = [_corner(warm[corner], voted[corner], reach) for corner in range(4)]
    turns = np.exp(flags[2:] - flags[2:].max())
    return Coarse(
        quad=np.array([point for point, _ in found], dtype=np.float32),
        presence=float(_sigmoid(flags[0])),
        mirrored=float(_sigmoid(flags[1])),
        turns=np.asarray(turns / turns.sum(), dtype=np.float32),
        peaks=np.array([peak for _, peak in found], dtype=np.float32),
    )


def _voted(votes: Map, area: Map) -> NDArray[np.float64]:
    """(4, 2) px: the median of what the cells on the card point at; one cell at least speaks."""
    rows, columns = votes.shape[1:]
    share = area.reshape(rows, area.shape[0] // rows, columns, area.shape[1] // columns).mean(axis=(1, 3))
    on_card = share >= min(0.5, float(share.max()))
    y, x = np.nonzero(on_card)
    centres = np.column_stack([x, y]) * VOTE_PX + (VOTE_PX - 1) / 2
    points = votes[:, y, x].T.reshape(-1, 4, 2) * VOTE_UNIT_PX + centres[:, None]
    return np.asarray(np.median(points, axis=0), dtype=np.float64)


def _corner(warm: Map, voted: NDArray[np.float64], reach: float) -> tuple[NDArray[np.float64], float]:
    """The middle of the Gaussian about the highest heat within reach of the vote, else the vote; and how high it is.

    A centre of mass would be pulled inwards where the picture's edge cuts the window off. So the logarithm is fitted:
    ln p + (x² + y²) / 2σ² is a plane whose slopes are the middle over σ².
    """
    rows, columns = warm.shape
    y, x = np.mgrid[0:rows, 0:columns]
    centre = (voted - (HEAT_PX - 1) / 2) / HEAT_PX
    near = (x - centre[0]) ** 2 + (y - centre[1]) ** 2 <= (reach / HEAT_PX) ** 2
    if not near.any():
        return voted, 0.0
    row, column = np.unravel_index(int(np.where(near, warm, -1).argmax()), warm.shape)
    peak = float(warm[row, column])
    if peak < MIN_PEAK:
        return voted, peak
    k = WINDOW_CELLS
    window = (slice(max(0, row - k), row + k + 1), slice(max(0, column - k), column + k + 1))
    p = np.maximum(warm[window].ravel().astype(np.float64), 1e-4)
    across, down = (x[window] - column).ravel(), (y[window] - row).ravel()
    plane = np.log(p) + (across**2 + down**2) / (2 * SIGMA_CELLS**2)
    basis = np.column_stack([np.ones(len(p)), across, down])
    # Weighted by the heat itself: its feet are the floor of the map.
    normal = (basis * (p**2)[:, None]).T
    slopes = np.linalg.solve(normal @ basis + 1e-9 * np.eye(3), normal @ plane)[1:]
    point = np.array([column, row]) + np.clip(slopes * SIGMA_CELLS**2, -1.5, 1.5)
    return np.asarray(point * HEAT_PX + (HEAT_PX - 1) / 2), peak


def _sigmoid(logits: Map | np.float32) -> Map:
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))), dtype=np.float32)
