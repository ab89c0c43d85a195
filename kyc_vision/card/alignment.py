"""Landmarks of the print → how the print lies against the outline: its float, and what the outline bends.

The print floats on the card by up to a millimetre, but as a whole. With the right outline every landmark is off by the
same small offset; an outline with a wrong side stretches or shears the print, and that much of the outline is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kyc_vision import layout
from kyc_vision.card.imprint import Imprint

#: Fewer landmarks than this span no affine map.
MIN_MARKS = 6
#: Tukey's biweight lets go of a landmark this far off: a label's start that was taken elsewhere. Wide, then narrow.
REACH_MM = (3.0, 1.5, 0.8, 0.8)
#: Pull of the four linear terms towards none, in landmarks that say so.
PRIOR = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """How the print lies on a view of the card.

    Attributes:
        places_to_found: (2, 3) affine map, millimetres of the layout → millimetres of the view.
        offset_mm: the print's float, right and down, at the card's middle.
        bend_mm: how far the map moves a corner of the outline beyond that float, at most.
        marks: landmarks that agree.
        residual_mm: root mean square of what is left of theirs.
    """

    places_to_found: NDArray[np.float64]
    offset_mm: tuple[float, float]
    bend_mm: float
    marks: int
    residual_mm: float


def align(print_: Imprint) -> Alignment | None:
    """The affine map that brings most landmarks from their places to where they were found; None with too few.

    Source: iteratively reweighted least squares with Tukey's biweight; Huber & Ronchetti, Robust Statistics, 2nd ed.,
    §7.8.
    """
    if len(print_.found_mm) < MIN_MARKS:
        return None
    centre = np.array(layout.CARD_WH_MM) / 2
    unit = (print_.places_mm - centre) / centre
    off = print_.found_mm - print_.places_mm
    seen = ~np.isnan(off)
    basis = np.column_stack([np.ones(len(unit)), unit])
    linear = np.zeros((3, 2))
    linear[0] = [float(np.median(off[seen[:, axis], axis])) for axis in range(2) if seen[:, axis].any()] or 0.0
    weight = np.zeros_like(off)
    for reach in REACH_MM:
        left = np.where(seen, off - basis @ linear, 0.0)
        weight = np.where(seen, np.clip(1 - (left / reach) ** 2, 0, None) ** 2, 0.0)
        for axis in range(2):
            w = weight[:, axis]
            normal = (basis * w[:, None]).T @ basis + np.diag([1e-6, PRIOR, PRIOR])
            linear[:, axis] = np.linalg.solve(normal, (basis * w[:, None]).T @ np.where(seen, off, 0.0)[:, axis])
    left = np.where(seen, off - basis @ linear, 0.0)
    agree = weight > 0.1
    if int(agree.any(axis=1).sum()) < MIN_MARKS:
        return None
    corners = (layout.outline_mm() - centre) / centre
    moved = corners @ linear[1:]
    matrix = np.eye(2) + linear[1:].T / centre
    shift = linear[0] - linear[1:].T @ np.ones(2)
    return Alignment(
        places_to_found=np.column_stack([matrix, shift]),
        offset_mm=(float(linear[0, 0]), float(linear[0, 1])),
        bend_mm=float(np.linalg.norm(moved, axis=1).max()),
        marks=int(agree.any(axis=1).sum()),
        residual_mm=float(np.sqrt((left[agree] ** 2).mean())),
    )
