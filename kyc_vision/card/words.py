"""Selfie → where the card is: label words, a robust fit to the layout, the portrait's face as the first hint.

Reading a whole selfie is slow and blind where print is small. So the card is first looked for around each face
that could be its portrait, upright and at a fixed scale as that face implies; only when no face leads to a card
is the whole picture searched.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np

from kyc_vision import layout
from kyc_vision.card.anchors import BOX_LEAD_MM, Anchor, from_lines, labels_in, row_point_mm
from kyc_vision.card.fit import CardFit, fit_card
from kyc_vision.card.outline import settle
from kyc_vision.card.view import MIN_BOXES, VIEW_PX_PER_MM, View, around, by_side, upright, ways_up
from kyc_vision.geometry import apply_homography
from kyc_vision.types import CardLocation, CardNotFound, Face, Image, Pixels, Quad, TextLine

#: Whole picture: longer side at which text is detected.
WHOLE_LONG_SIDE_PX = 1280
#: Faces tried as the portrait, and lines read to tell which way up a whole picture is.
MAX_FACES = 3
PROBE_LINES = 6
#: Indented labels begin 4.6 mm right of the others; headers, dates and the NIK begin farther right.
COLUMN_PX = 6.0 * VIEW_PX_PER_MM
#: With as many agreeing anchors, and edges that agree with them, the other lines need not be read.
ENOUGH_ANCHORS = 8


class TextSpotter(Protocol):
    """Finds and reads lines of text."""

    def detect(self, pixels: Pixels) -> list[Quad]:
        """Lines of text, TL, TR, BR, BL in reading direction."""

    def recognize(self, pixels: Pixels, quad: Quad) -> TextLine:
        """The text in one line."""


@dataclass(frozen=True, slots=True)
class WordLocator:
    """Finds the card by what is printed on it."""

    spotter: TextSpotter

    def locate(self, selfie: Image, faces: tuple[Face, ...]) -> CardLocation | CardNotFound:
        """Where the card is, any way up, mirrored or not.

        Args:
            selfie: the upright picture.
            faces: every face in it, largest first; the portrait's may be among them.
        """
        most = 0
        for view in self._views(selfie, faces):
            found: list[CardLocation] = []
            for fit, anchors in self._fits(view):
                most = max(most, len(anchors))
                if fit is not None:
                    found.append(_location(selfie, view, fit, anchors))
                    if found[-1].edges == 4:
                        break
            if found:
                return max(found, key=lambda location: (location.edges, location.anchors))
        return CardNotFound("CARD_NOT_FOUND", most)

    def _views(self, selfie: Image, faces: tuple[Face, ...]) -> Iterator[View]:
        # The largest face is the customer's own, most likely: it is tried last.
        for face in (*faces[1 : MAX_FACES + 1], *faces[:1]):
            pixels, homography = around(selfie.pixels, face)
            view = View(pixels, homography, self.spotter.detect(pixels))
            if len(view.boxes) >= MIN_BOXES:
                yield from by_side(view)
                # A small face upside down is at times found as an upright one.
                yield next(by_side(view.turned()))
        yield from self._whole(selfie)

    def _whole(self, selfie: Image) -> Iterator[View]:
        scale = min(1.0, WHOLE_LONG_SIDE_PX / max(selfie.size_wh))
        small_wh = (round(selfie.size_wh[0] * scale), round(selfie.size_wh[1] * scale))
        small = np.asarray(cv2.resize(selfie.pixels, small_wh, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        boxes = self.spotter.detect(small)
        if len(boxes) < MIN_BOXES:
            return
        pixels, homography = upright(selfie.pixels, [np.asarray(box / scale) for box in boxes])
        view = View(pixels, homography, self.spotter.detect(pixels))
        if len(view.boxes) >= MIN_BOXES:
            yield from sorted(ways_up(view), key=self._readable, reverse=True)[:2]

    def _readable(self, view: View) -> float:
        """How much the longest lines of a view read like this card, to order the four ways up."""
        longest = sorted(view.boxes, key=lambda box: float(np.linalg.norm(box[1] - box[0])), reverse=True)
        lines = [self.spotter.recognize(view.pixels, box) for box in longest[:PROBE_LINES]]
        certainty = sum(float(np.mean(line.confidences)) for line in lines if len(line.text) >= 4) / PROBE_LINES
        return certainty + labels_in(lines)

    def _fits(self, view: View) -> Iterator[tuple[CardFit | None, list[Anchor]]]:
        """Fits to more and more lines: on a legible card half of the labels are enough to know every other line."""
        starts, others = _row_starts(view.boxes)
        anchors: list[Anchor] = []
        # Labels stand in one column: what begins right of it spans the card's width, and is read first.
        column = float(np.median([box[0, 0] for box in starts])) + COLUMN_PX
        right = [box for box in starts if box[0, 0] > column]
        labels = [box for box in starts if box[0, 0] <= column]
        for boxes in (right + labels[::2], labels[1::2], others):
            anchors += from_lines([self.spotter.recognize(view.pixels, box) for box in boxes])
            fit = fit_card(anchors)
            if fit is None or (len(fit.inliers) < ENOUGH_ANCHORS and boxes is not others):
                yield None, anchors
                continue
            # The fit says which boxes, read or not, must be values: their left ends are anchors too.
            every = anchors + _value_anchors(view.boxes, fit)
            yield fit_card(every) or fit, every


def _row_starts(boxes: list[Quad]) -> tuple[list[Quad], list[Quad]]:
    """Boxes with no other box close on their left, from top to bottom, and all others."""
    starts: list[Quad] = []
    others: list[Quad] = []
    for box in boxes:
        height = float(np.linalg.norm(box[3] - box[0]))
        x, y = (box[0] + box[3]) / 2
        before = any(
            other is not box
            and abs(float(other[1, 1] + other[2, 1]) / 2 - y) < 0.5 * height
            and -0.5 * height < x - float(other[1, 0] + other[2, 0]) / 2 < 6 * height
            for other in boxes
        )
        (others if before else starts).append(box)
    return sorted(starts, key=lambda box: float(box[0, 1])), others


def _value_anchors(boxes: list[Quad], fit: CardFit) -> list[Anchor]:
    """Boxes that begin where a colon or a value must begin, by the first fit: one anchor a row at most."""
    back = np.linalg.inv(fit.homography)
    starts = apply_homography(back, np.array([(box[0] + box[3]) / 2 for box in boxes]))
    centres = layout.row_centres_mm(fit.wrapped)
    anchors = []
    for row in layout.ROWS:
        for x_mm in (layout.VALUE_X_MM, layout.COLON_X_MM):
            place = np.array([x_mm - BOX_LEAD_MM, centres[row.field]])
            distance = np.abs(starts - place)
            near = np.flatnonzero((distance[:, 0] < 1.0) & (distance[:, 1] < 0.9))
            if len(near) == 1:
                box = boxes[int(near[0])]
                point = np.asarray((box[0] + box[3]) / 2, dtype=np.float64)
                anchors.append(Anchor(f"{row.field}_value", point, row_point_mm(row.field, place[0]), 0.5))
                break
    return anchors


def _location(selfie: Image, view: View, fit: CardFit, anchors: list[Anchor]) -> CardLocation:
    back = np.linalg.inv(view.homography)
    by_print = apply_homography(back, apply_homography(fit.homography, layout.outline_mm()))
    agreeing = [anchor for anchor in anchors if anchor.name in fit.inliers]
    outline = settle(
        selfie.pixels,
        np.asarray(by_print, dtype=np.float32),
        apply_homography(back, np.array([anchor.point for anchor in agreeing])),
        np.array([anchor.card_mm[layout.WRAPS.index(fit.wrapped)] for anchor in agreeing]),
    )
    return CardLocation(
        quad=outline.quad,
        confidence=_confidence(fit),
        mirrored=view.mirrored,
        anchors=len(fit.inliers),
        residual_mm=outline.residual_mm,
        edges=outline.edges,
        print_offset_mm=outline.print_offset_mm,
        wrapped=fit.wrapped,
    )


def _confidence(fit: CardFit) -> float:
    """0–1: many agreeing anchors, closely, over a wide part of the card."""
    many = min(1.0, len(fit.inliers) / 14)
    close = float(np.exp(-((fit.residual_mm / 1.0) ** 2)))
    wide = min(1.0, fit.spread_mm[0] / 8.0) * min(1.0, fit.spread_mm[1] / 8.0)
    return round(many * close * wide, 4)
