"""Rectified card → the printed lines without detecting any: where the print is known, the layout says where they are.

The locator places the print to some tenths of a millimetre. What is left of that is the same on the whole card and
shows in the ink: the drift is measured once over all rows, then each line has little left of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision import layout
from kyc_vision.ink import strokes
from kyc_vision.ocr.lines import AROUND_MM, StripReader, Zone
from kyc_vision.types import Quad, RectifiedCard, TextLine

Ink = NDArray[np.float32]

#: Resolution of the ink map: capitals of 1.55 mm are 12 px high.
INK_PX_PER_MM = 8.0
#: The text block, left, top, right, bottom; of it, this share in percent is not stroke.
_BLOCK_MM, _GROUND_PCT = (2.5, 8.0, 58.0, 45.0), 97.0
#: What of a value tells its middle line: all values are this long or begin with it.
_TELLING_MM = 12.5
#: A column of a line holds ink above this share of a stroke's darkness, mean over the capitals' height.
_INKED = 0.13
#: Ink further on than this is another thing's: no space is so wide. On the same pictures the ends found are 1.0 mm
#: short at most (pale last letters), so that much and a bit is added.
_GAP_MM, _END_MM, _START_MM = 3.0, 1.1, 0.55


@dataclass(frozen=True, slots=True)
class _Search:
    """How near a middle line is looked for, mm, and how strongly it is pulled to where it belongs."""

    reach_mm: float
    pull: float


#: First for the whole card, then for each row; the pull is in shares of a stroke's darkness at one millimetre. Measured
#: on 90 pictures of cards 280–560 px wide: drift of the card −0.7 to +0.7 mm, of a row beside it −0.25 to +0.20 mm.
_CARD, _ROW = _Search(0.9, 0.05), _Search(0.6, 0.2)


@dataclass(frozen=True, slots=True, eq=False)
class CardStrips:
    """A card whose print lies where the layout has it, up to a drift."""

    card: RectifiedCard
    reader: StripReader
    ink: Ink
    drift_mm: tuple[float, float]

    @classmethod
    def of(cls, card: RectifiedCard, reader: StripReader) -> CardStrips:
        """Measure ink and drift of a rectified card whose print was seen."""
        ink = _ink(card)
        rows_mm = list(layout.row_centres_mm(card.wrapped).values())
        return cls(card, reader, ink, _drift(ink, rows_mm))

    def read(self, zone: Zone) -> TextLine | None:
        """The text in a zone, from where it must begin (a centred line: from its ink) to where its ink ends."""
        quad = self.cut(zone)
        return None if quad is None else self.reader.recognize(self.card.pixels, quad, zone.both)

    def read_blind(self, zone: Zone) -> TextLine:
        """The text in the whole of a zone, at its very height."""
        left, right = zone.x_mm + self.drift_mm[0], zone.end_x_mm + self.drift_mm[0]
        quad = self._quad(left, right, zone.y_mm, zone.capital_mm + AROUND_MM)
        return self.reader.recognize(self.card.pixels, quad, zone.both)

    def read_slim(self, zone: Zone) -> TextLine:
        """The text of a centred line among others that stand closer than rows do."""
        drift_x, drift_y = self.drift_mm
        y_mm, left, right = zone.y_mm + drift_y, zone.x_mm + drift_x, zone.end_x_mm + drift_x
        inked = _inked(self.ink, (left, right), y_mm, zone.capital_mm)
        if len(inked):
            left, right = max(left, float(inked[0]) - _END_MM), min(right, float(inked[-1]) + _END_MM)
        quad = self._quad(left, right, y_mm, zone.capital_mm + AROUND_MM)
        return self.reader.recognize(self.card.pixels, quad, zone.both)

    def cut(self, zone: Zone) -> Quad | None:
        """Corners of a zone's line, px; None where there is no ink."""
        drift_x, drift_y = self.drift_mm
        left, right = zone.x_mm + drift_x, zone.end_x_mm + drift_x
        if zone.ink_x_mm is None:
            middle = (left + right - _TELLING_MM) / 2
        else:
            left = zone.ink_x_mm + drift_x - _START_MM
            middle = left + _START_MM
        y_mm = _middle(self.ink, (middle, middle + _TELLING_MM), zone.y_mm + drift_y, zone.capital_mm, _ROW)
        inked = _inked(self.ink, (left, right), y_mm, zone.capital_mm)
        if not len(inked):
            return None
        if zone.ink_x_mm is None:
            left, right = max(left, float(inked[0]) - _END_MM), min(right, float(inked[-1]) + _END_MM)
        else:
            gaps = np.flatnonzero(np.diff(inked) > _GAP_MM)
            right = min(right, float(inked[gaps[0] if len(gaps) else -1]) + _END_MM)
        return self._quad(left, right, y_mm, zone.capital_mm + AROUND_MM)

    def _quad(self, left: float, right: float, y_mm: float, height_mm: float) -> Quad:
        top, bottom = y_mm - height_mm / 2, y_mm + height_mm / 2
        corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]]) * self.card.px_per_mm
        return np.asarray(corners, dtype=np.float32)


def _px(mm: float) -> int:
    """Millimetres → pixels of the ink map."""
    return max(0, round(mm * INK_PX_PER_MM))


def _ink(card: RectifiedCard) -> Ink:
    """(H, W) at INK_PX_PER_MM: 1 is as dark as the strokes of the text block are."""
    grey = cv2.cvtColor(card.pixels, cv2.COLOR_RGB2GRAY)
    size_wh = (_px(layout.CARD_WH_MM[0]), _px(layout.CARD_WH_MM[1]))
    small = np.asarray(cv2.resize(grey, size_wh, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    ink = strokes(small, INK_PX_PER_MM)
    left, top, right, bottom = (_px(v) for v in _BLOCK_MM)
    darkest = float(np.percentile(ink[top:bottom, left:right], _GROUND_PCT))
    return np.asarray(ink / max(darkest, 1.0), dtype=np.float32)


def _drift(ink: Ink, rows_mm: list[float]) -> tuple[float, float]:
    """How far right and down the values' column is from its place."""
    across = (layout.VALUE_X_MM, layout.VALUE_X_MM + _TELLING_MM)
    down = [_middle(ink, across, y, layout.CAP_HEIGHT_MM, _CARD) - y for y in rows_mm]
    drift_y = float(np.median(down))
    bands = [ink[_px(y + drift_y - 0.78) : _px(y + drift_y + 0.78)].mean(axis=0) for y in rows_mm]
    # Values begin in one column; before it there is a gap, and then only the colons' dots.
    sums = np.concatenate([[0.0], np.cumsum(np.mean(bands, axis=0), dtype=np.float64)])
    at, wide = np.arange(_px(layout.VALUE_X_MM - 0.8), _px(layout.VALUE_X_MM + 0.8) + 1), _px(0.75)
    rise = sums[at + wide] - 2 * sums[at] + sums[at - wide]
    pull = 0.1 * (at / INK_PX_PER_MM - layout.VALUE_X_MM) ** 2 * wide
    return float(at[int((rise - pull).argmax())] / INK_PX_PER_MM - layout.VALUE_X_MM), drift_y


def _middle(ink: Ink, across_mm: tuple[float, float], y_mm: float, capital_mm: float, search: _Search) -> float:
    """Middle line of the text near y_mm: where a window as high as its capitals holds the most ink."""
    profile = ink[:, _px(across_mm[0]) : _px(across_mm[1])].mean(axis=1).reshape(-1, 1)
    held = cv2.blur(profile, (1, _px(capital_mm) | 1))[:, 0]
    at = np.arange(_px(y_mm - search.reach_mm), min(_px(y_mm + search.reach_mm) + 1, len(held)))
    if not len(at):
        return y_mm
    middles = (at + 0.5) / INK_PX_PER_MM
    return float(middles[int((held[at] - search.pull * (middles - y_mm) ** 2).argmax())])


def _inked(ink: Ink, across_mm: tuple[float, float], y_mm: float, capital_mm: float) -> NDArray[np.float64]:
    """Where (mm, ascending) a line's columns hold ink."""
    band = ink[_px(y_mm - capital_mm / 2) : _px(y_mm + capital_mm / 2), _px(across_mm[0]) : _px(across_mm[1])]
    if not band.size:
        return np.zeros(0)
    profile = cv2.blur(band.mean(axis=0).reshape(1, -1), (3, 1))[0]
    return np.asarray((np.flatnonzero(profile > _INKED) + 0.5) / INK_PX_PER_MM + across_mm[0], dtype=np.float64)
