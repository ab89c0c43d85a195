"""Is the card framed: does a straight strip of one colour run around it, as a display's rim or a paper's margin do?

A card in the hand ends at its own edge. A copy that was not cut close, and a display, go on beyond the print and end in
a second edge parallel to the first. Stripes of a shirt lie on two opposite sides at most, a shadow on two that meet:
so the third strongest side is what counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision import layout
from kyc_vision.card.cues.surround import AROUND_MM, PX_PER_MM, Surround
from kyc_vision.types import Cue, cannot_tell

NAME = "card_frame"
#: An outline that is found up to this far off makes a strip of the card's own rim.
NEAREST_MM = 2.5
#: A second edge is the step between the means of two bands so wide, with a gap between them for its blur.
BAND_MM, GAP_MM = 1.25, 0.25
#: Along a side its ends are left out: corners are rounded there, and cards a little turned against the frame.
_END_MM = 6.0
#: What a uniform strip's tones scatter by for sensor noise and uneven light, in tones.
_FLOOR = 5.0
#: A strip's scatter counts so many times: a pattern's edges are as clear as its own scatter is large.
_UNEVEN = 3.0
#: A side is judged where so much of its length is inside the picture; sides needed; and how far out they must show.
_SEEN, _SIDES, _LEAST_MM = 0.7, 3, 6.0
#: Fingers may cover this share of a side.
_COVERED = 0.3
_SIDE_NAMES = ("above", "right", "below", "left")


@dataclass(frozen=True, slots=True)
class Line:
    """The clearest second edge along one side.

    Attributes:
        strength: its step over the scatter of the strip between it and the card; 0 when there is none.
        out_mm: its distance from the card's edge.
        tone: mean tone of the strip just inside it, 0–255.
    """

    strength: float
    out_mm: float
    tone: float


def card_frame(around: Surround) -> Cue:
    """Strength of the third strongest second edge among the card's four sides, 0 up."""
    lines = [second_edge(*_strip(around, side)) for side in range(4)]
    found = [(line, side) for side, line in enumerate(lines) if line is not None]
    if len(found) < _SIDES:
        return cannot_tell(NAME, "too little around the card is inside the picture")
    found.sort(key=lambda pair: pair[0].strength, reverse=True)
    line = found[_SIDES - 1][0]
    out = [0.0 if one is None else one.out_mm for one in lines]
    width, height = layout.CARD_WH_MM
    place = around.place((-out[3], -out[0], width + out[1] + out[3], height + out[0] + out[2]))
    what = ", ".join(f"{_SIDE_NAMES[side]} {one.out_mm:.0f} mm, tone {one.tone:.0f}" for one, side in found[:_SIDES])
    return Cue(NAME, round(line.strength, 3), place, f"second edges: {what}")


def _strip(around: Surround, side: int) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """(D, T, 3) tones and (D, T) seen beyond one side: D outwards in px, T along it in mm; sides clockwise from top."""
    tone, seen = np.rot90(around.tone, side), np.rot90(around.seen, side)
    length = layout.CARD_WH_MM[side % 2]
    start, end = round((AROUND_MM + _END_MM) * PX_PER_MM), round((AROUND_MM + length - _END_MM) * PX_PER_MM)
    rows = round(AROUND_MM * PX_PER_MM)
    outwards, there = tone[:rows, start:end][::-1], seen[:rows, start:end][::-1]
    wh = (round((end - start) / PX_PER_MM), rows)
    small = cv2.resize(np.ascontiguousarray(outwards), wh, interpolation=cv2.INTER_AREA)
    share = cv2.resize(np.ascontiguousarray(there, dtype=np.float32), wh, interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.float32), share > 0.99


def second_edge(strip: NDArray[np.float32], seen: NDArray[np.bool_]) -> Line | None:
    """The clearest edge that runs along a whole side of the card.

    Args:
        strip: (D, T, 3) tones, D outwards at PX_PER_MM from the card's edge, T along it.
        seen: (D, T) what of that is inside the picture.

    Returns:
        The line; None when too little of the side is inside the picture.
    """
    far = int(np.argmin(np.append(seen.mean(axis=1) >= _SEEN, False)))
    if far < _LEAST_MM * PX_PER_MM:
        return None
    columns = seen[:far].all(axis=0)
    if columns.mean() < 0.5:
        return None
    tone = strip[:far, columns]
    band, gap = round(BAND_MM * PX_PER_MM), round(GAP_MM * PX_PER_MM)
    sums = np.concatenate([np.zeros((1, *tone.shape[1:]), np.float32), np.cumsum(tone, axis=0)])
    means = (sums[band:] - sums[:-band]) / band
    # means[i] is of rows i … i + band − 1; an edge at row d has inner band d − gap − band, outer band d + gap.
    edges = np.arange(round(NEAREST_MM * PX_PER_MM), far - gap - band, 2)
    inner, outer = means[edges - gap - band], means[edges + gap]
    step = inner - outer
    middle = _quantile(step, 0.5)
    size = np.linalg.norm(middle, axis=2, keepdims=True) + 1e-6
    along = (step * middle / size).sum(axis=2)
    clear = _quantile(along, _COVERED)[:, 0]
    # Scatter along the side of all that lies between the card and the edge.
    off = np.abs(tone - _quantile(tone, 0.5)).mean(axis=2)
    start = round(GAP_MM * PX_PER_MM) + band // 2
    run = np.cumsum(off[start:], axis=0)[edges - gap - start - 1] / (edges - gap - start)[:, None]
    uneven = _quantile(run, 1 - _COVERED)[:, 0]
    strength = np.maximum(clear, 0) / (_FLOOR + _UNEVEN * uneven)
    best = int(strength.argmax())
    return Line(float(strength[best]), float(edges[best] / PX_PER_MM), float(np.median(inner[best])))


def _quantile(values: NDArray[np.floating], share: float) -> NDArray[np.float32]:
    """(D, 1, …) quantiles of (D, T, …) along T, between the nearest two; sorting so few is a fourth of np.quantile."""
    ordered = np.sort(np.ascontiguousarray(np.moveaxis(values, 1, -1)), axis=-1)
    place = (ordered.shape[-1] - 1) * share
    low, high = ordered[..., int(place)], ordered[..., int(np.ceil(place))]
    return np.asarray((low + (high - low) * np.float32(place - int(place)))[:, None], dtype=np.float32)
