"""The value column: which printed line belongs to which row.

A second line of name, birth place or address pushes every row below it down by one pitch. Geometry proposes which
rows wrap; what the lines say decides: a religion stands in the row of religions, RT/RW looks like 003/004.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz

from kyc_vision import layout
from kyc_vision.ocr import vocabulary
from kyc_vision.ocr.lines import CardLines, Zone
from kyc_vision.ocr.printed import Printed
from kyc_vision.types import NotRead, TextLine

#: A blind cut (no text box found) is believed only when its characters are this certain on the average.
MIN_BLIND_CONFIDENCE = 0.80
#: What geometry proposed is worth half a row that says the same.
GEOMETRY_WORTH = 0.5

_VALUE_FROM_MM = layout.COLON_X_MM - 0.6
_VALUE_TO_MM = layout.VALUE_END_X_MM + 1.5
_FIRST_Y_MM = layout.ROWS[0].y_mm
#: Every row and the most second lines that a hypothesis holds.
_SLOTS = len(layout.ROWS) + max(len(wrapped) for wrapped in layout.WRAPS)

_TELLS: Mapping[str, Callable[[str], bool]] = {
    "birth_place": lambda text: vocabulary.parse_date(text) is not None and text[:1].isalpha(),
    "sex": lambda text: vocabulary.closest(re.split(r"(?i)\s*g[o0]l", text)[0], vocabulary.SEX) is not None,
    "rt_rw": lambda text: re.fullmatch(r"[\dO]{1,3}/[\dO]{1,3}", text.replace(" ", "")) is not None,
    "religion": lambda text: vocabulary.closest(text, vocabulary.RELIGION) is not None,
    "marital_status": lambda text: vocabulary.closest(text, vocabulary.MARITAL_STATUS) is not None,
    "valid_until": lambda text: vocabulary.closest(text, {vocabulary.FOR_LIFE: ""}) is not None,
}


@dataclass(frozen=True, slots=True)
class Rows:
    """The lines of the value column and the rows that they belong to.

    Attributes:
        wrapped: the rows that take a second line.
        values: each row's value, or that nothing was found there.
    """

    wrapped: tuple[str, ...]
    values: Mapping[str, Printed | NotRead]


def read_rows(lines: CardLines, proposed: tuple[str, ...]) -> Rows:
    """Read the value column line by line, then decide which line is which row.

    Args:
        lines: the card's lines.
        proposed: the rows that wrap, as the locator's fit has it.
    """
    slots = [lines.read(_zone(slot)) for slot in range(_SLOTS)]
    texts = [line.text.lstrip(" :;.") if line else "" for line in slots]

    def worth(wrapped: tuple[str, ...]) -> float:
        slot_of = _slots(wrapped)
        agree = sum(
            tells(" ".join(texts[slot_of[field] : slot_of[field] + 1 + (field in wrapped)]))
            for field, tells in _TELLS.items()
        )
        return agree + GEOMETRY_WORTH * (wrapped == proposed)

    most = max(worth(wrapped) for wrapped in layout.WRAPS)
    best = [wrapped for wrapped in layout.WRAPS if worth(wrapped) == most]
    wrapped = best[0] if len(best) == 1 else _by_birth_label(lines, best)
    slot_of = _slots(wrapped)
    # The blood group shares the sex's line, far to its right: the sex is read again without it.
    slots[slot_of["sex"]] = lines.read(_zone(slot_of["sex"], layout.BLOOD_LABEL_X_MM - 0.8))
    return Rows(wrapped, {field: _value(lines, slots, slot_of[field], field in wrapped) for field in slot_of})


def _by_birth_label(lines: CardLines, tied: list[tuple[str, ...]]) -> tuple[str, ...]:
    """A name and a birth place of two lines look alike in the value column: where its label stands settles it."""

    def agreement(wrapped: tuple[str, ...]) -> float:
        y_mm = _FIRST_Y_MM + _slots(wrapped)["birth_place"] * layout.ROW_PITCH_MM
        label = lines.read(Zone(layout.LABEL_X_MM - 1.0, layout.COLON_X_MM - 0.3, y_mm))
        return fuzz.ratio("TEMPAT/TGL LAHIR", label.text.upper()) if label else 0.0

    return max(tied, key=agreement)


def _slots(wrapped: tuple[str, ...]) -> Mapping[str, int]:
    """Which line of the column each row begins on."""
    slots: dict[str, int] = {}
    below = 0
    for index, row in enumerate(layout.ROWS):
        slots[row.field] = index + below
        below += row.field in wrapped
    return slots


def _zone(slot: int, end_x_mm: float = _VALUE_TO_MM) -> Zone:
    return Zone(_VALUE_FROM_MM, end_x_mm, _FIRST_Y_MM + slot * layout.ROW_PITCH_MM)


def _value(lines: CardLines, slots: list[TextLine | None], slot: int, two_lines: bool) -> Printed | NotRead:
    first = slots[slot]
    if first is None:
        first = lines.read_blind(_zone(slot))
        if not first.text.strip(" :;.") or float(np.mean(first.confidences)) < MIN_BLIND_CONFIDENCE:
            return NotRead("OCR_FIELD_NOT_FOUND")
    second = slots[slot + 1] if two_lines else None
    return Printed.of([first, second] if second else [first])
