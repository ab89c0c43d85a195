"""The comb of printed rows: which rows wrap, how far the print is shifted and scaled, and whether there is a print.

Labels stand in one column at even distances; a value that takes a second line leaves a gap. Which label is long and
which short, and the wide spaces about header and NIK above the rows, tell a comb from the same one upside down or
mirrored. Nothing is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision import layout

Profile = NDArray[np.float32]

#: Printed labels are this wide a letter (median of the twelve).
LETTER_MM = 1.03
#: The labels' column in three parts: where indented labels have not begun, where all are, where only long ones reach.
PARTS_MM = ((layout.LABEL_X_MM, 7.0), (7.4, 12.5), (12.5, layout.COLON_X_MM - 0.8))
#: Above the rows: header and NIK, in the columns that most of their lengths reach, down to the first row's capitals.
ABOVE_MM, ABOVE_TO_MM = (26.0, 54.0), layout.ROWS[0].y_mm + 1.0
#: The comb is searched for this far up and down, at these scales: what an outline that is about right leaves open.
SHIFTS_MM = np.arange(-2.5, 2.51, 0.125)
SCALES = (0.96, 0.98, 1.0, 1.02, 1.04)
#: Profiles are sampled this finely; a tooth is a Gaussian of this width.
PX_PER_MM, TOOTH_MM = 4.0, 0.39
#: Of combs that agree alike, the one with fewer wrapped rows.
WRAP_COST = 0.005


@dataclass(frozen=True, slots=True)
class Comb:
    """The comb that agrees best.

    Attributes:
        score: −1 to 1, its correlation with the ink.
        wrapped: the rows that take a further line, once for each.
        shift_mm: how far down the first row is from its place.
        scale: of the distances between rows.
    """

    score: float
    wrapped: tuple[str, ...]
    shift_mm: float
    scale: float


def match(ink: NDArray[np.float32], px_per_mm: float) -> Comb:
    """The best comb for a view of the card.

    Args:
        ink: (H, W) 0–1 of dark strokes, the card filling the view.
        px_per_mm: of the view.
    """
    rows = round(layout.CARD_WH_MM[1] * PX_PER_MM)
    small = cv2.resize(ink, (ink.shape[1], rows), interpolation=cv2.INTER_AREA)
    parts = [
        small[:, round(left * px_per_mm) : round(right * px_per_mm)].mean(axis=1)
        for left, right in (*PARTS_MM, ABOVE_MM)
    ]
    seen = _windowed(np.stack(parts).astype(np.float32)).ravel()
    agree = _combs(rows) @ (seen / (np.linalg.norm(seen) + 1e-9))
    agree -= WRAP_COST * np.array([len(wrapped) for wrapped in layout.WRAPS], dtype=np.float32)[:, None, None]
    hypothesis, scale, shift = np.unravel_index(int(agree.argmax()), agree.shape)
    return Comb(float(agree.max()), layout.WRAPS[hypothesis], float(SHIFTS_MM[shift]), SCALES[scale])


@lru_cache(maxsize=1)
def _combs(rows: int) -> Profile:
    """(hypotheses, scales, shifts, 4 · rows) of unit length."""
    y = (np.arange(rows) + 0.5) / PX_PER_MM
    first = layout.ROWS[0].y_mm
    above = np.array([layout.PROVINCE_Y_MM, layout.REGENCY_Y_MM, layout.NIK_Y_MM])
    labels = np.array([list(layout.row_centres_mm(wrapped).values()) for wrapped in layout.WRAPS])
    lines = np.concatenate([labels, np.tile(above, (len(labels), 1))], axis=1) - first
    placed = first + (lines[:, None] * np.array(SCALES)[:, None])[:, :, None] + SHIFTS_MM[:, None]
    # In single precision: this is built once, while the first selfie waits.
    away = (y.astype(np.float32) - placed.astype(np.float32)[..., None]) / np.float32(TOOTH_MM)
    teeth = np.exp(away**2 / -2)
    combs = _windowed(np.einsum("pl,...ly->...py", _shares(), teeth))
    flat = combs.reshape(*placed.shape[:3], -1)
    return np.asarray(flat / np.linalg.norm(flat, axis=-1, keepdims=True), dtype=np.float32)


def _shares() -> Profile:
    """(parts, lines): the share of a part that a line's ink covers; the first row's value shows below NIK."""
    starts = np.array([row.label_x_mm for row in layout.ROWS])
    ends = starts + LETTER_MM * np.array([len(row.label) for row in layout.ROWS])
    labels = [
        np.clip(np.minimum(ends, right) - np.maximum(starts, left), 0, None) / (right - left)
        for left, right in PARTS_MM
    ]
    shares = np.zeros((len(PARTS_MM) + 1, len(layout.ROWS) + 3), dtype=np.float32)
    shares[:-1, : len(layout.ROWS)] = labels
    shares[-1, 0] = shares[-1, len(layout.ROWS) :] = 0.6
    return shares


def _windowed(profiles: NDArray[np.float32]) -> Profile:
    """(…, 4, rows) less their mean over one and a half row pitches; the part above the rows ends where they begin."""
    flat = np.ascontiguousarray(profiles.reshape(-1, profiles.shape[-1]))
    size = round(1.5 * layout.ROW_PITCH_MM * PX_PER_MM) | 1
    rest = (flat - cv2.blur(flat, (size, 1), borderType=cv2.BORDER_REPLICATE)).reshape(profiles.shape)
    rest[..., -1, round(ABOVE_TO_MM * PX_PER_MM) :] = 0
    rest[..., :-1, : round((layout.ROWS[0].y_mm - 4.0) * PX_PER_MM)] = 0
    return np.asarray(rest, dtype=np.float32)
