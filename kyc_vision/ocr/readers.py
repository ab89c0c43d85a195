"""Two readers of one line: ours, taught on an e-KTP's print, and PP-OCRv6, taught on all print.

They fail apart: ours knows this face in any blur and no other, the other knows every face and blurs badly. Ours is
asked of every line. The other is asked where a verdict hangs on the line, and wherever ours is not sure.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Protocol

from kyc_vision.ocr.ctc_score import log_likelihoods
from kyc_vision.types import Pixels, Quad, TextLine

#: Ours alone is enough above this probability of the whole line. On 3,345 lines of 518 development cards (closeups of
#: seeds 43,000 and 44,000 on, none of them beyond reading): of 2,621 lines above it one was wrong, of 2,868 above 0.95
#: seven.
SURE = 0.98
#: Share of our reader's say where the two differ. On the same lines right: 3,244 at 1, 3,261 at 0.85 to 0.75, 3,259 at
#: 0.6, 3,222 at 0.4; PP-OCRv6 alone 2,479.
OUR_SHARE = 0.75
#: PP-OCRv6 reads lines narrowed to this share as well, and its time is less by as much. On 50 cards 310–470 px wide,
#: values right (stops and spaces left out): 797 at 1.0, 800 at 0.85, 802 at 0.75, 784 at 0.65.
SQUEEZE = 0.75


class OurReader(Protocol):
    """A reader of cut lines."""

    def recognize(self, pixels: Pixels, quad: Quad) -> TextLine:
        """The text in the line inside a quad of RGB pixels, with its lattice."""


class OtherReader(Protocol):
    """A reader of any line."""

    def recognize(self, pixels: Pixels, quad: Quad, squeeze: float = 1.0) -> TextLine:
        """The text in the line inside a quad of RGB pixels, with its lattice."""


@dataclass(frozen=True, slots=True)
class TwoReaders:
    """Ours first."""

    ours: OurReader
    other: OtherReader

    def recognize(self, pixels: Pixels, quad: Quad, both: bool = False) -> TextLine:
        """The text in the line inside a quad (TL, TR, BR, BL in reading direction) of RGB pixels.

        Args:
            pixels: (H, W, 3) uint8 RGB.
            quad: of the line.
            both: ask both, however sure ours is.
        """
        ours = self.ours.recognize(pixels, quad)
        if not both and math.prod(ours.confidences) >= SURE and ours.text:
            return ours
        return settled(ours, self.other.recognize(pixels, quad, SQUEEZE))


def settled(ours: TextLine, theirs: TextLine) -> TextLine:
    """The likelier of two texts by both readers' probabilities; the other reader's text is kept beside it."""
    if ours.lattice is None or theirs.lattice is None or ours.text == theirs.text:
        return replace(ours, other=(theirs.reader, theirs.text))
    texts = [ours.text, theirs.text]
    said = OUR_SHARE * log_likelihoods(ours.lattice, texts) + (1 - OUR_SHARE) * log_likelihoods(theirs.lattice, texts)
    if ours.text and said[0] >= said[1]:
        return replace(ours, other=(theirs.reader, theirs.text))
    return replace(theirs, lattice=ours.lattice, other=(ours.reader, ours.text))
