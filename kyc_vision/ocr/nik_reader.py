"""The NIK's line → what it says of each of its sixteen digits: two readers, pooled."""

from __future__ import annotations

from dataclasses import dataclass

from kyc_vision.ocr.ctc import CHARSET
from kyc_vision.ocr.lattice import NumberLattice, fuse, number_lattice
from kyc_vision.ocr.line_reader import LineReader
from kyc_vision.ocr.readers import SQUEEZE, OtherReader
from kyc_vision.types import Pixels, Quad

DIGITS = "0123456789"


@dataclass(frozen=True, slots=True)
class NikReading:
    """What was read of the line.

    Attributes:
        lattice: of the readers together.
        readings: (reader, its text) of each.
    """

    lattice: NumberLattice
    readings: tuple[tuple[str, str], ...]

    def __repr__(self) -> str:
        return f"NikReading({self.lattice!r})"


#: How much each reader counts: ours, taught on this print, and PP-OCRv6. On 496 development cards every NIK was right
#: with any weights from (1, 0) to (0.5, 0.5); the other counts because ours has seen no real card. They sum to 1, so
#: that readers who look at one line are not counted as two lines.
WEIGHTS = (0.8, 0.2)
#: A reader that sees another number of digits is not heard: least natural log of P(sixteen digits). On those cards it
#: was −0.005 and more where our reader was right, −38 and less where it was not.
MIN_LOG_EVIDENCE = -5.0


@dataclass(frozen=True, slots=True)
class NikReader:
    """Our network for the NIK's two faces, and PP-OCRv6."""

    ours: LineReader
    other: OtherReader

    def read(self, pixels: Pixels, quad: Quad) -> NikReading | None:
        """The line inside a quad of RGB pixels; None where no reader sees sixteen digits."""
        ours = number_lattice(self.ours.lattice(pixels, quad), DIGITS)
        line = self.other.recognize(pixels, quad, SQUEEZE)
        heard = [(ours, WEIGHTS[0], "nik")] if ours.log_evidence >= MIN_LOG_EVIDENCE else []
        if line.lattice is not None:
            theirs = number_lattice(line.lattice, CHARSET)
            if theirs.log_evidence >= MIN_LOG_EVIDENCE:
                heard.append((theirs, WEIGHTS[1], line.reader))
        if not heard:
            return None
        pooled = fuse([lattice for lattice, _, _ in heard], [weight for _, weight, _ in heard])
        readings = tuple((name, "".join(map(str, lattice.posteriors.argmax(axis=1)))) for lattice, _, name in heard)
        evidence = max(lattice.log_evidence for lattice, _, _ in heard)
        return NikReading(NumberLattice(pooled, evidence), readings)
