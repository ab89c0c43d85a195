"""Selfie → where the card is: the network says about where, edges and print say exactly; in doubt, words are read.

What the network saw is not believed until the card's own print agrees: the labels' rows are a comb that no other thing
has. Where they cannot be seen (blur, glare, a card that is cut) the word-based locator is asked as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from kyc_vision.card.agree import Agreement, bring_together
from kyc_vision.card.confidence import LocationConfidence
from kyc_vision.card.heatmaps import MIN_PEAK, Coarse
from kyc_vision.card.imprint import imprint
from kyc_vision.geometry import is_convex, mean_width, polygon_iou, signed_area
from kyc_vision.types import CardLocation, CardNotFound, Face, Image, Pixels, Quad, polygon

#: The network is sure that there is no e-KTP below the first, and believed without the words above the second.
ABSENT, PRESENT = 0.02, 0.90
#: Rows agree with the comb: 0.69–0.95 the right way up, at most 0.35 turned or mirrored and 0.70 upside down in a
#: mirror, which leaves the labels in their column (56 pictures of `samples make --seed 91`, of which two that are cut
#: or blurred agree less). Above the second nothing else need be tried.
PRINT_SEEN, PRINT_SURE = 0.60, 0.72
#: Two cards are two when their outlines share less than this (IoU).
APART = 0.2
#: Other ways to take a quad: turned by half, and each as seen in a mirror.
OTHER_WAYS = ((2, 3, 0, 1), (1, 0, 3, 2), (3, 2, 1, 0))


class Looker(Protocol):
    """The network."""

    def look(self, pixels: Pixels) -> Coarse:
        """About where the card is, and how likely there is one."""

    def look_turned(self, pixels: Pixels) -> Coarse:
        """The same, the picture turned and mirrored as it is seen best."""

    def beside(self, pixels: Pixels, quad: Quad) -> Coarse:
        """Another card than the one at quad."""


class Words(Protocol):
    """The locator that reads."""

    def locate(self, selfie: Image, faces: tuple[Face, ...]) -> CardLocation | CardNotFound:
        """Where the card is by its words."""


@dataclass(frozen=True, slots=True)
class CardLocator:
    """Finds the card any way up, mirrored or not: what takes longer is done only where the print was not seen."""

    looker: Looker
    words: Words
    confidence: LocationConfidence

    def locate(self, selfie: Image, faces: tuple[Face, ...]) -> CardLocation | CardNotFound:
        """Where the card is, or why it was not found.

        Args:
            selfie: the upright picture.
            faces: every face in it, largest first.
        """
        seen = self.looker.look(selfie.pixels)
        if seen.presence < ABSENT:
            return _nothing(seen)
        found = by_print(selfie.pixels, seen)
        if found is not None and (location := self._believed(selfie.pixels, found, seen)):
            return location
        turned = self.looker.look_turned(selfie.pixels)
        if (again := by_print(selfie.pixels, turned)) and (location := self._believed(selfie.pixels, again, turned)):
            return location
        by_words = self.words.locate(selfie, faces)
        if isinstance(by_words, CardLocation):
            # Words are a coarse outline, too: edges and print say how far it is right.
            by_both = bring_together(selfie.pixels, by_words.quad)
            return self._believed(selfie.pixels, by_both, seen) or by_words
        if found is not None and seen.presence >= PRESENT:
            return _location(found, seen, self.confidence, several=False)
        return _nothing(seen, by_words.anchors)

    def _believed(self, pixels: Pixels, found: Agreement, seen: Coarse) -> CardLocation | None:
        """The location, where the print is seen."""
        if found.print_.score < PRINT_SEEN:
            return None
        return _location(found, seen, self.confidence, several=self._another(pixels, found.quad))

    def _another(self, pixels: Pixels, quad: Quad) -> bool:
        """Whether a second card is there, its print to be seen: a person holds one, and a copy may lie beside it."""
        other = self.looker.beside(pixels, quad)
        if other.presence < PRESENT:
            return False
        found = by_print(pixels, other)
        return found is not None and found.print_.score >= PRINT_SURE and polygon_iou(found.quad, quad) < APART


def by_print(pixels: Pixels, seen: Coarse) -> Agreement | None:
    """The outline the way up that the print shows best, beginning with the one that the network saw."""
    if not is_convex(seen.quad) or mean_width(seen.quad) < 8:
        return None
    found = bring_together(pixels, seen.quad)
    if found.print_.score >= PRINT_SURE:
        return found
    turned = [np.asarray(found.quad[list(way)], dtype=np.float32) for way in OTHER_WAYS]
    scores = [imprint(pixels, quad).score for quad in turned]
    best = int(np.argmax(scores))
    # Where nothing shows any way up, the network's own is the likeliest.
    better = scores[best] >= max(PRINT_SEEN, found.print_.score)
    return bring_together(pixels, turned[best]) if better else found


def _nothing(seen: Coarse, anchors: int = 0) -> CardNotFound:
    """No e-KTP; where the heat shows all corners of some card, that it is another one.

    Chosen on one half of 300 pictures (`samples make --seed 888`); on the other it was said of 67 of 79 documents, the
    outline right of 66, and of none of 71 pictures without any card.
    """
    if seen.presence < 0.5 and seen.peaks.min() >= MIN_PEAK and is_convex(seen.quad):
        return CardNotFound("CARD_NOT_EKTP", anchors, polygon(seen.quad))
    return CardNotFound("CARD_NOT_FOUND", anchors)


def _location(found: Agreement, seen: Coarse, confidence: LocationConfidence, *, several: bool) -> CardLocation:
    alignment = found.alignment
    return CardLocation(
        quad=found.quad,
        confidence=confidence.of(found, seen),
        mirrored=_mirrored(found.quad),
        anchors=alignment.marks if alignment else 0,
        residual_mm=alignment.residual_mm if alignment else 0.0,
        edges=found.edges,
        print_offset_mm=alignment.offset_mm if alignment else (0.0, 0.0),
        wrapped=found.print_.wrapped if found.print_.score >= PRINT_SEEN else (),
        several=several,
    )


def _mirrored(quad: Quad) -> bool:
    """A print seen the right way round winds clockwise on the screen."""
    return signed_area(quad) < 0
