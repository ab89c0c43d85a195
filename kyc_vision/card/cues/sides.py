"""The portrait's sides: how each lies against the print, and how light the card's ground is close beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision import layout
from kyc_vision.card.cues.robust import smooth
from kyc_vision.types import RectifiedCard

Lab = NDArray[np.float32]
#: What is looked at beyond the portrait's box, and within.
REACH_MM = 3.0
#: Quarter turns that bring each side up, and the ground's width beyond it that neither text nor the card's end takes.
#: Below the portrait stands a line of text, so that its lower side is left out.
_SIDES: Mapping[str, tuple[int, float]] = {"top": (0, 2.4), "left": (3, 1.7), "right": (1, 2.4)}
#: A side is measured at every such step, each place averaged this far along it; ends are left out: hair, corners.
_STEP_PX, _ALONG_MM, _END_SHARE = 6, 1.0, 0.08
#: A portrait that differs by less from the ground beside it, CIE L*a*b*, shows no edge: a shirt, a scarf, glare.
_MIN_CONTRAST = 14.0
#: Share of a side's places that must show an edge.
_MIN_SEEN = 0.5
#: What lies beyond a side is card if it is no further off the card's ground than this, a*b* and L*: else a finger.
_SAME_TINT, _SAME_LIGHT = 12.0, 20.0
#: The ground close beside an edge begins this far off it, in pixels of the picture (blur, sharpening) and mm; it is so
#: wide, and what it is held against begins so much further out.
_CLEAR_PX, _CLEAR_MM, _NEAR_MM, _FAR_MM = 1.2, 0.08, 0.30, 0.42


@dataclass(frozen=True, slots=True)
class Side:
    """One side of the portrait.

    Attributes:
        turn_deg: from the print's rows or columns, clockwise.
        step: natural logarithm of the ground's L* close beside the edge over that further out: below 0 is a shadow.
    """

    turn_deg: float
    step: float


def portrait_sides(card: RectifiedCard) -> dict[str, Side]:
    """The upper, left and right side, those that show."""
    crop, edge = _crop(card), round(REACH_MM * card.px_per_mm)
    ground = _ground(card)
    found = {}
    for name, (turns, free_mm) in _SIDES.items():
        strip = _strip(np.rot90(crop, turns), edge, card.px_per_mm)
        side = _measure(strip, free_mm, ground, card)
        if side is not None:
            found[name] = side
    return found


def _crop(card: RectifiedCard) -> Lab:
    """L*a*b* of the portrait and REACH_MM about it, the card's last row and column gone on with."""
    x, y, w, h = layout.PORTRAIT_MM
    x0, y0, x1, y1 = (
        round(v * card.px_per_mm) for v in (x - REACH_MM, y - REACH_MM, x + w + REACH_MM, y + h + REACH_MM)
    )
    part = card.pixels[y0:y1, x0:x1].astype(np.float32) / np.float32(255)
    short = max(0, x1 - card.pixels.shape[1])
    whole = cv2.copyMakeBorder(part, 0, 0, 0, short, cv2.BORDER_REPLICATE)
    return np.asarray(cv2.cvtColor(whole, cv2.COLOR_RGB2LAB), dtype=np.float32)


def _ground(card: RectifiedCard) -> Lab:
    """(3,) median L*a*b* of the lighter half of the text block: the card's ground as it is lit here."""
    x0, y0, x1, y1 = (round(v * card.px_per_mm) for v in (3.0, 13.0, 57.0, 46.0))
    part = card.pixels[y0:y1:3, x0:x1:3].astype(np.float32) / np.float32(255)
    lab = cv2.cvtColor(part, cv2.COLOR_RGB2LAB).reshape(-1, 3)
    return np.asarray(np.median(lab[lab[:, 0] >= np.median(lab[:, 0])], axis=0), dtype=np.float32)


def _strip(crop: NDArray[np.float32], edge: int, px_per_mm: float) -> Lab:
    """(2 · edge + 1, N, 3) of the crop's upper side, outside first, at places along it."""
    width = crop.shape[1]
    end = edge + round(_END_SHARE * (width - 2 * edge))
    held = cv2.blur(np.ascontiguousarray(crop[: 2 * edge + 1]), (round(_ALONG_MM * px_per_mm) | 1, 1))
    return np.asarray(held[:, end : width - end : _STEP_PX], dtype=np.float32)


def _measure(strip: Lab, free_mm: float, ground: Lab, card: RectifiedCard) -> Side | None:
    mm, edge = card.px_per_mm, len(strip) // 2
    beyond = np.median(strip[edge - round(free_mm * mm) : edge - round(0.9 * mm)].reshape(-1, 3), axis=0)
    light, *tint = beyond - ground
    if abs(light) > _SAME_LIGHT or float(np.hypot(*tint)) > _SAME_TINT:
        return None
    away = np.linalg.norm(strip - beyond.astype(np.float32), axis=2)
    seen, rows = _edge_rows(away, edge, mm)
    if seen.mean() < _MIN_SEEN:
        return None
    along = np.linspace(-1, 1, len(seen))
    line, _ = smooth(along[seen], rows[seen], 1)
    length_px = (len(seen) - 1) * _STEP_PX
    turn = float(np.degrees(np.arctan(2 * line[0] / length_px)))
    edges = np.asarray(np.polyval(line, along[seen]), dtype=np.float64)
    return Side(turn, _step(strip[..., 0][:, seen], edges, free_mm, card))


def _edge_rows(away: NDArray[np.float32], edge: int, mm: float) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Which places show an edge, and the row, to a fraction, where the difference first rises to half of the inside."""
    half = 0.5 * np.median(away[edge + round(0.8 * mm) : edge + round(2.0 * mm)], axis=0)
    low = edge - round(1.6 * mm)
    over = away[low:] > half
    first = over.argmax(axis=0)
    seen = (2 * half > _MIN_CONTRAST) & over.any(axis=0) & (first > 0)
    at, places = low + np.maximum(first, 1), np.arange(away.shape[1])
    before, after = away[at - 1, places], away[at, places]
    return seen, np.asarray(at - 1 + (half - before) / np.maximum(after - before, 1e-6), dtype=np.float64)


def _step(light: NDArray[np.float32], edges: NDArray[np.float64], free_mm: float, card: RectifiedCard) -> float:
    """How much lighter the ground is close beside the edge than further out; see Side.step."""
    mm, edge = card.px_per_mm, len(light) // 2
    clear = _CLEAR_PX * layout.CARD_WH_MM[0] / card.source_width_px + _CLEAR_MM
    sums = np.vstack([np.zeros(light.shape[1]), np.cumsum(light, axis=0, dtype=np.float64)])
    places = np.arange(light.shape[1])

    def mean(start_mm: float, end_mm: float) -> NDArray[np.float64]:
        low = np.clip(np.rint(edges - end_mm * mm).astype(int), 0, edge)
        high = np.maximum(np.rint(edges - start_mm * mm).astype(int) + 1, low + 1)
        return np.asarray((sums[high, places] - sums[low, places]) / (high - low))

    near = mean(clear, clear + _NEAR_MM)
    far = mean(clear + _FAR_MM, max(clear + _FAR_MM + 0.3, free_mm))
    return float(np.median(np.log((near + 2) / (far + 2))))
