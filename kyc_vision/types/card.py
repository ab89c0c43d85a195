"""Where the card is and what is printed on it."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from kyc_vision.types.picture import Box, Pixels, Quad


@dataclass(frozen=True, slots=True, eq=False)
class CardLocation:
    """Where the card lies in the selfie.

    Attributes:
        quad: TL, TR, BR, BL of the printed card, upright selfie pixels.
        confidence: 0–1, from how many printed landmarks agree and how closely.
        mirrored: the print is seen mirrored (a front camera's preview was saved).
        anchors: how many printed landmarks supported the fit.
        residual_mm: root mean square distance of those landmarks from their places, the print's float taken off.
        edges: how many of the four sides were found as edges; the others lie where the print puts them.
        print_offset_mm: by how much the print floats on the card, right and down.
        wrapped: rows that take a further line, each time pushing the rows below down by one pitch.
        several: whether a second e-KTP is in the picture.
    """

    quad: Quad
    confidence: float
    mirrored: bool
    anchors: int
    residual_mm: float
    edges: int = 0
    print_offset_mm: tuple[float, float] = (0.0, 0.0)
    wrapped: tuple[str, ...] = ()
    several: bool = False


@dataclass(frozen=True, slots=True)
class CardNotFound:
    """No e-KTP was found, and why.

    Attributes:
        reason: a code of the catalogue.
        anchors: printed landmarks that were seen all the same.
        other: corners TL, TR, BR, BL of the card that is there and is no e-KTP, px; empty when none is.
    """

    reason: str
    anchors: int = 0
    other: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class RectifiedCard:
    """The card seen from straight above, print the right way round.

    Attributes:
        pixels: (637, 1010, 3) uint8 RGB at px_per_mm.
        homography: (3, 3), selfie pixels → card pixels.
        px_per_mm: resolution of pixels.
        source_width_px: the card's width in the selfie: the resolution that was really there.
        wrapped: rows that take a further line, as in CardLocation.
        anchors: printed landmarks that placed the print, as in CardLocation.
    """

    pixels: Pixels
    homography: NDArray[np.float64]
    px_per_mm: float
    source_width_px: float
    wrapped: tuple[str, ...] = ()
    anchors: int = 0


@dataclass(frozen=True, slots=True, repr=False)
class TextLine:
    """One recognised line of text.

    Attributes:
        text: what was recognised.
        confidences: one value, 0–1, per character of text: the recogniser's own.
        quad: four corners (x, y) px: TL, TR, BR, BL in reading direction.
        reader: who read it.
        other: (reader, text) of who else was asked.
        lattice: (T, 1 + 95) class probabilities of the line's columns, for questions that have a closed answer; None
            where the reader does not give them.
    """

    text: str
    confidences: tuple[float, ...]
    quad: tuple[tuple[float, float], ...]
    reader: str = "ppocr"
    other: tuple[str, str] | None = None
    lattice: NDArray[np.float32] | None = field(default=None, compare=False)

    def __repr__(self) -> str:
        return f"TextLine(<{len(self.text)} characters>)"

    @property
    def confidence(self) -> float:
        """The least certain character's confidence; 0 for an empty line."""
        return min(self.confidences, default=0.0)


@dataclass(frozen=True, slots=True, repr=False)
class Field:
    """One printed value.

    Attributes:
        read: what is printed, as it was recognised.
        text: its normalised value (dates YYYY-MM-DD, sex M or F, upper case else).
        confidence: 0–1, the calibrated probability that text is exactly what is printed.
        box: where it stands, in pixels of the rectified card.
        readings: (reader, what it read) of every reader that was asked, the main one first.
        repaired: positions in text that differ from what was read.
        letters: one probability, 0–1, per character of read, by the picture alone; empty where nobody gave them.
    """

    read: str
    text: str
    confidence: float
    box: Box
    readings: tuple[tuple[str, str], ...] = ()
    repaired: tuple[int, ...] = ()
    letters: tuple[float, ...] = ()

    def __repr__(self) -> str:
        return f"Field(<{len(self.text)} characters>, confidence={self.confidence:.2f})"


@dataclass(frozen=True, slots=True)
class NotRead:
    """A value that is not there, and why: a reason code of the catalogue."""

    reason: str


@dataclass(frozen=True, slots=True)
class CardFields:
    """What is printed on the card; each value is a Field or says why it is not there."""

    nik: Field | NotRead
    name: Field | NotRead
    birth_place: Field | NotRead
    birth_date: Field | NotRead
    sex: Field | NotRead
    blood_type: Field | NotRead
    address: Field | NotRead
    rt_rw: Field | NotRead
    village: Field | NotRead
    district: Field | NotRead
    religion: Field | NotRead
    marital_status: Field | NotRead
    occupation: Field | NotRead
    nationality: Field | NotRead
    valid_until: Field | NotRead
    province: Field | NotRead
    regency: Field | NotRead
    issue_place: Field | NotRead
    issue_date: Field | NotRead

    def items(self) -> list[tuple[str, Field | NotRead]]:
        """(name, value) of every field, in the card's order."""
        return [(f.name, getattr(self, f.name)) for f in fields(self)]

    def text(self, name: str) -> str | None:
        """The normalised value of one field, or None where it was not read."""
        value = getattr(self, name)
        return value.text if isinstance(value, Field) else None
