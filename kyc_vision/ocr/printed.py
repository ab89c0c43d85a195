"""Characters as they were read, and the fields that spans of them make."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kyc_vision.ocr.lines import box_of
from kyc_vision.types import Box, Field, NotRead, TextLine

#: What a cut may begin or end with besides the value: the row's colon, specks, the laminate's edge. A dash at the end
#: is printed: O-, 013/-.
_SPECKS = " :;.,'`_|·"
#: Letters that end in a stop and have one before them.
_STOPPED = re.compile(r"[A-Za-z]\. ?[A-Za-z]{1,4}\.$")


@dataclass(frozen=True, slots=True, repr=False)
class Printed:
    """Characters as they were read, each with its confidence, and the box that they came from."""

    text: str
    confidences: tuple[float, ...]
    box: Box

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
        return cls(text, tuple(confidences), box_of(lines))

    def field(self, start: int, end: int) -> Field | NotRead:
        """The field in a span of the text.

        Its confidence is the product of its characters', spaces left out: the reader drops and adds those, and
        every comparison is space-free.
        """
        text = self.text[start:end]
        read = clean(text)
        if not read:
            return NotRead("OCR_FIELD_UNREADABLE")
        first = start + text.index(read)
        pairs = zip(read, self.confidences[first : first + len(read)], strict=True)
        confidence = float(np.prod([c for character, c in pairs if character != " "]))
        return Field(read, read, round(confidence, 4), self.box, (("ppocr", read),))

    def whole(self) -> Field | NotRead:
        """All of it as one field."""
        return self.field(0, len(self.text))


def clean(text: str) -> str:
    """Without specks at either end; the stop of an abbreviation is none (S.H., M.KN.)."""
    bare = text.lstrip(_SPECKS + "-").rstrip(_SPECKS)
    return f"{bare}." if _STOPPED.search(text.rstrip(" :;,'`_|·")) else bare
