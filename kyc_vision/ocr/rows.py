"""The value column: which printed line belongs to which row.

A further line of name, birth place or address pushes every row below it down by one pitch. Geometry proposes which
rows wrap; what the lines say decides: a religion stands in the row of religions, RT/RW looks like 003/004.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from rapidfuzz import fuzz

from kyc_vision import layout
from kyc_vision.ocr import vocabulary
from kyc_vision.ocr.lines import Zone
from kyc_vision.ocr.printed import Printed
from kyc_vision.types import NotRead, TextLine

#: A blind cut (no text box found) is believed only when its characters are this certain on the average.
MIN_BLIND_CONFIDENCE = 0.80
#: What geometry proposed is worth so much of the label's likeness, percent.
GEOMETRY_WORTH = 15.0
#: Further lines of these change places without a telling row's noticing.
_ALIKE = frozenset({"name", "birth_place"})

_VALUE_FROM_MM = layout.COLON_X_MM - 0.6
_VALUE_TO_MM = layout.VALUE_END_X_MM + 1.5
_FIRST_Y_MM = layout.ROWS[0].y_mm
#: Letters of the longest date, 05 - 07 - 1985: letters of a place before it may be taken for digits.
_DATE_LETTERS = 14
#: What begins the blood group's label, as it is read.
_BLOOD = re.compile(r"(?i)\s*g[o0][l1i]")

_TELLS: Mapping[str, Callable[[str], bool]] = {
    "birth_place": lambda text: vocabulary.parse_date(text[-_DATE_LETTERS:]) is not None and text[:1].isalpha(),
    "sex": lambda text: vocabulary.closest(_BLOOD.split(text)[0], vocabulary.SEX) is not None,
    "rt_rw": lambda text: re.fullmatch(r"[\dO]{1,3}/[\dO]{1,3}", text.replace(" ", "")) is not None,
    "religion": lambda text: vocabulary.closest(text, vocabulary.RELIGION) is not None,
    "marital_status": lambda text: vocabulary.closest(text, vocabulary.MARITAL_STATUS) is not None,
    "valid_until": lambda text: vocabulary.closest(text, {vocabulary.FOR_LIFE: ""}) is not None,
}


#: Read first: with the NIK, what a verdict hangs on.
FIRST = ("name", "birth_place", "sex")
#: Of these every reader is asked.
WEIGHTY = ("name", "birth_place")
#: So many rows can tell.
TELLING = len(_TELLS)


class RowText(Protocol):
    """The lines of a card."""

    def read(self, zone: Zone) -> TextLine | None:
        """The text in a zone; None where nothing stands."""

    def read_blind(self, zone: Zone) -> TextLine:
        """The text in the whole of a zone."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The lines of the value column and the rows that they belong to.

    Attributes:
        wrapped: the rows that take a further line, once for each.
        values: each row's value, or that nothing was found there.
        told: how many rows say themselves that they are the right ones, of TELLING.
    """

    wrapped: tuple[str, ...]
    values: Mapping[str, Printed | NotRead]
    told: int


class _Column:
    """The value column's lines, each read when it is first asked for."""

    def __init__(self, lines: RowText, proposed: tuple[str, ...]) -> None:
        self.lines = lines
        slot_of = _slots(proposed)
        self._weighty = {slot_of[f] + line for f in WEIGHTY for line in range(1 + proposed.count(f))}
        self._read: dict[int, TextLine | None] = {}

    def __getitem__(self, slot: int) -> TextLine | None:
        if slot not in self._read:
            self._read[slot] = self.lines.read(_zone(slot, both=slot in self._weighty))
        return self._read[slot]

    def read_first(self, proposed: tuple[str, ...]) -> None:
        """The lines that a verdict hangs on, so that they are there when the others are still being read."""
        for field in FIRST:
            for line in range(1 + proposed.count(field)):
                self[_slots(proposed)[field] + line]

    def told(self, wrapped: tuple[str, ...]) -> int:
        """How many rows say what can stand there only, if these rows wrap."""
        slot_of = _slots(wrapped)
        return sum(tells(self._text(slot_of[field], 1 + wrapped.count(field))) for field, tells in _TELLS.items())

    def _text(self, slot: int, count: int) -> str:
        read = (self[at] for at in range(slot, slot + count))
        return " ".join(line.text.lstrip(" :;.") if line else "" for line in read)


def read_rows(lines: RowText, proposed: tuple[str, ...]) -> Rows:
    """Read the value column line by line, then decide which line is which row.

    Args:
        lines: the card's lines.
        proposed: the rows that wrap, as the locator's fit has it.
    """
    column = _Column(lines, proposed)
    column.read_first(proposed)
    wrapped, told = proposed, column.told(proposed)
    if told < TELLING or not _ALIKE.isdisjoint(proposed):
        said = {each: column.told(each) for each in layout.WRAPS}
        told = max(said.values())
        best = [each for each in layout.WRAPS if said[each] == told]
        wrapped = best[0] if len(best) == 1 else _by_birth_label(lines, best, proposed)
    slot_of = _slots(wrapped)
    values = {field: _value(column, slot, field, wrapped.count(field)) for field, slot in slot_of.items()}
    return Rows(wrapped, values, told)


def _by_birth_label(lines: RowText, tied: list[tuple[str, ...]], proposed: tuple[str, ...]) -> tuple[str, ...]:
    """A name and a birth place of two lines look alike in the value column: where its label stands settles it."""

    def agreement(wrapped: tuple[str, ...]) -> float:
        y_mm = _FIRST_Y_MM + _slots(wrapped)["birth_place"] * layout.ROW_PITCH_MM
        label = lines.read(Zone(layout.LABEL_X_MM - 1.0, layout.COLON_X_MM - 0.3, y_mm))
        likeness = fuzz.ratio("TEMPAT/TGL LAHIR", label.text.upper()) if label else 0.0
        return likeness + GEOMETRY_WORTH * (wrapped == proposed)

    return max(tied, key=agreement)


def _slots(wrapped: tuple[str, ...]) -> Mapping[str, int]:
    """Which line of the column each row begins on."""
    slots: dict[str, int] = {}
    below = 0
    for index, row in enumerate(layout.ROWS):
        slots[row.field] = index + below
        below += wrapped.count(row.field)
    return slots


def _zone(slot: int, end_x_mm: float = _VALUE_TO_MM, both: bool = False) -> Zone:
    y_mm = _FIRST_Y_MM + slot * layout.ROW_PITCH_MM
    return Zone(_VALUE_FROM_MM, end_x_mm, y_mm, ink_x_mm=layout.VALUE_X_MM, both=both)


def _value(column: _Column, slot: int, field: str, more: int) -> Printed | NotRead:
    """The value that begins on a slot and takes so many more lines."""
    first = column[slot]
    if field == "sex":
        first = _without_blood(column.lines, slot, first)
    if first is None:
        first = column.lines.read_blind(_zone(slot))
        if not first.text.strip(" :;.") or float(np.mean(first.confidences)) < MIN_BLIND_CONFIDENCE:
            return NotRead("OCR_FIELD_NOT_FOUND")
    further = (column[slot + line] for line in range(1, more + 1))
    return Printed.of([first, *(line for line in further if line)])


def _without_blood(lines: RowText, slot: int, line: TextLine | None) -> TextLine | None:
    """The blood group shares the sex's line, far to its right: where both were read, the sex is read alone."""
    if line is None or not _BLOOD.search(line.text):
        return line
    return lines.read(_zone(slot, layout.BLOOD_LABEL_X_MM - 0.8))
