"""Characters as they were read, and the fields that spans of them make."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from kyc_vision.ocr.ctc import Lattice
from kyc_vision.ocr.lines import box_of
from kyc_vision.types import Box, Field, NotRead, TextLine

#: What a cut may begin or end with besides the value: the row's colon, specks, the laminate's edge. A dash at the end
#: is printed: O-, 013/-.
_SPECKS = " :;.,'`_|·"
#: Letters that end in a stop and have one before them.
_STOPPED = re.compile(r"[A-Za-z]\. ?[A-Za-z]{1,4}\.$")


@dataclass(frozen=True, slots=True, repr=False)
class Printed:
    """Characters as they were read, each with its confidence, and the box that they came from.

    Attributes:
        text: of all lines.
        confidences: one per character.
        box: around all lines, px of the rectified card.
        reader: who read it.
        other: (reader, text) of who else was asked of every line; None if nobody was.
        lattice: of the only line; None where there are several or none was given.
    """

    text: str
    confidences: tuple[float, ...]
    box: Box
    reader: str = "ppocr"
    other: tuple[str, str] | None = None
    lattice: Lattice | None = field(default=None, compare=False)

    def __repr__(self) -> str:
        return f"Printed(<{len(self.text)} characters>)"

    @classmethod
    def of(cls, lines: Sequence[TextLine]) -> Printed:
        """Lines joined by a space; the colon that a cut may begin with is dropped from each."""
        text, confidences = "", []
        for line in lines:
            start = len(line.text) - len(line.text.lstrip(_SPECKS))
            if text:
                text += " "
                confidences.append(1.0)
            text += line.text[start:]
            confidences += line.confidences[start:]
        others = [line.other for line in lines if line.other]
        joined = " ".join(read.strip(_SPECKS) for _, read in others)
        other = (others[0][0], joined) if others and len(others) == len(lines) else None
        lattice = lines[0].lattice if len(lines) == 1 else None
        return cls(text, tuple(confidences), box_of(lines), lines[0].reader, other, lattice)

    def field(self, start: int, end: int, part: Callable[[str], str] | None = None) -> Field | NotRead:
        """The field in a span of the text.

        Its confidence is the product of its characters', spaces left out: the reader drops and adds those, and
        every comparison is space-free.

        Args:
            start, end: of the span.
            part: finds the same part in what another reader made of the lines; all of it without one.
        """
        text = self.text[start:end]
        read = clean(text)
        if not read:
            return NotRead("OCR_FIELD_UNREADABLE")
        first = start + text.index(read)
        letters = self.confidences[first : first + len(read)]
        confidence = float(np.prod([c for c, letter in zip(letters, read, strict=True) if letter != " "]))
        readings: tuple[tuple[str, str], ...] = ((self.reader, read),)
        if self.other is not None:
            readings += ((self.other[0], (part or clean)(self.other[1])),)
        return Field(read, read, round(confidence, 6), self.box, readings, letters=letters)

    def whole(self) -> Field | NotRead:
        """All of it as one field."""
        return self.field(0, len(self.text))


def clean(text: str) -> str:
    """Without specks at either end; the stop of an abbreviation is none (S.H., M.KN.)."""
    bare = text.lstrip(_SPECKS + "-").rstrip(_SPECKS)
    return f"{bare}." if _STOPPED.search(text.rstrip(" :;,'`_|·")) else bare
