"""Rectified card → the printed lines, each cut where the layout says and as tall as the ink says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision import layout
from kyc_vision.types import Box, Pixels, Quad, RectifiedCard, TextLine

#: Scale at which lines are detected: capitals of 1.55 mm are 11 px high; a finer map finds no more lines.
DETECT_PX_PER_MM = 7.0
#: A box belongs to a row when its centre line is this near, in rows; half would be the row's border.
NEAR_ROWS = 0.45
#: Vertical reach of a cut where no box was found, in rows.
BLIND_REACH_ROWS = 0.55
#: Vertical reach of a cut between lines that stand closer than rows do (2.05 mm below the portrait).
SLIM_REACH_MM = 1.05
#: A cut reaches this far beyond the capitals, above and below together: lines cut at 3.2 mm read better than at 2.6
#: (56 % of lines on cards below 460 px right against 52 %) and are shorter at the network's height.
AROUND_MM = 1.65


class TextSpotter(Protocol):
    """Finds and reads lines of text."""

    def detect(self, pixels: Pixels) -> list[Quad]:
        """Lines of text, TL, TR, BR, BL in reading direction."""

    def recognize(self, pixels: Pixels, quad: Quad, squeeze: float = 1.0) -> TextLine:
        """The text in one line, narrowed to a share of its width."""


class StripReader(Protocol):
    """Reads lines that are cut as the layout has them."""

    def recognize(self, pixels: Pixels, quad: Quad, both: bool = False) -> TextLine:
        """The text in one line; of every reader there is where both are asked for."""


@dataclass(frozen=True, slots=True)
class Zone:
    """Where a line may stand: from x_mm to end_x_mm, around y_mm; a centred line is cut to its ink.

    Attributes:
        reach_mm: how near to y_mm a box must be.
        capital_mm: height of its capitals.
        ink_x_mm: left edge of its first letter; None when it begins anywhere.
        both: a verdict hangs on it, so every reader is asked.
    """

    x_mm: float
    end_x_mm: float
    y_mm: float
    reach_mm: float = NEAR_ROWS * layout.ROW_PITCH_MM
    capital_mm: float = layout.CAP_HEIGHT_MM
    ink_x_mm: float | None = None
    both: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class CardLines:
    """A card's text boxes, found once, and the reading of any zone among them."""

    card: RectifiedCard
    spotter: TextSpotter
    boxes_mm: NDArray[np.float64]  # (N, 4): left, centre line's y, right, height

    @classmethod
    def find(cls, card: RectifiedCard, spotter: TextSpotter) -> CardLines:
        """Detect the lines of a rectified card."""
        scale = DETECT_PX_PER_MM / card.px_per_mm
        small_wh = (round(card.pixels.shape[1] * scale), round(card.pixels.shape[0] * scale))
        small = np.asarray(cv2.resize(card.pixels, small_wh, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        quads = spotter.detect(small)
        boxes = [
            (q[:, 0].min(), q[:, 1].mean(), q[:, 0].max(), np.linalg.norm(q[3] - q[0]))
            for q in (quad / DETECT_PX_PER_MM for quad in quads)
        ]
        return cls(card, spotter, np.array(boxes, dtype=np.float64).reshape(-1, 4))

    def read(self, zone: Zone) -> TextLine | None:
        """The text in a zone, all of its boxes as one line; None where nothing stands."""
        inside = self._boxes_in(zone)
        if not len(inside):
            return None
        left = max(zone.x_mm, float(inside[:, 0].min()))
        right = min(zone.end_x_mm, float(inside[:, 2].max()))
        middle = float(np.average(inside[:, 1], weights=inside[:, 2] - inside[:, 0]))
        height = float(np.clip(np.median(inside[:, 3]), 1.6, 4.2))
        if right - left < 0.8:
            return None
        return self._recognize(left, right, middle - height / 2, middle + height / 2)

    def cut(self, zone: Zone) -> Quad | None:
        """Corners of a zone's line, px, as high as its capitals and the room around them; None where no box is."""
        inside = self._boxes_in(zone)
        if not len(inside):
            return None
        middle, half = float(np.average(inside[:, 1])), (zone.capital_mm + AROUND_MM) / 2
        left, right = max(zone.x_mm, float(inside[:, 0].min())), min(zone.end_x_mm, float(inside[:, 2].max()))
        low, high = (left, middle - half), (right, middle + half)
        corners = np.array([low, (right, middle - half), high, (left, middle + half)])
        return np.asarray(corners * self.card.px_per_mm, dtype=np.float32)

    def read_blind(self, zone: Zone) -> TextLine:
        """The text in the whole of a zone, whether or not a box was found there."""
        reach = BLIND_REACH_ROWS * layout.ROW_PITCH_MM
        return self._recognize(zone.x_mm, zone.end_x_mm, zone.y_mm - reach, zone.y_mm + reach)

    def read_slim(self, zone: Zone) -> TextLine:
        """The text around a zone's centre line, cut to the ink found in the zone's width but not by its boxes."""
        near = self.boxes_mm[
            (np.abs(self.boxes_mm[:, 1] - zone.y_mm) < layout.ROW_PITCH_MM)
            & (self.boxes_mm[:, 0] > zone.x_mm - 1.0)
            & (self.boxes_mm[:, 2] < zone.end_x_mm + 1.0)
        ]
        left, right = (near[:, 0].min(), near[:, 2].max()) if len(near) else (zone.x_mm, zone.end_x_mm)
        return self._recognize(float(left), float(right), zone.y_mm - SLIM_REACH_MM, zone.y_mm + SLIM_REACH_MM)

    def _boxes_in(self, zone: Zone) -> NDArray[np.float64]:
        left, y, right, _ = self.boxes_mm.T
        overlap = np.minimum(right, zone.end_x_mm) - np.maximum(left, zone.x_mm)
        inside = (np.abs(y - zone.y_mm) < zone.reach_mm) & (overlap > 0.5)
        return np.asarray(self.boxes_mm[inside])

    def _recognize(self, left: float, right: float, top: float, bottom: float) -> TextLine:
        corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
        return self.spotter.recognize(self.card.pixels, np.asarray(corners * self.card.px_per_mm, dtype=np.float32))


def box_of(lines: Sequence[TextLine]) -> Box:
    """The box (x, y, width, height) around lines, in pixels of the rectified card."""
    return box_around(np.array([point for line in lines for point in line.quad], dtype=np.float32))


def box_around(corners: NDArray[np.float32]) -> Box:
    """The box (x, y, width, height) around (N, 2) points."""
    low, high = corners.min(axis=0), corners.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1])


def cut(card: RectifiedCard, box: Box) -> Pixels:
    """The pixels of a box of the rectified card."""
    x, y, w, h = (round(value) for value in box)
    return card.pixels[max(0, y) : y + h, max(0, x) : x + w]
