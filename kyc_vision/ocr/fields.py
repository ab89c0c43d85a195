"""Rectified card → CardFields: each line read where it is printed, then taken for what it can mean.

*read* keeps what is printed, *text* what it means; neither is changed to agree with another field, but for the text
of the four lines of a place, which are settled together.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from kyc_vision import layout
from kyc_vision.ocr import values, vocabulary
from kyc_vision.ocr.lines import CardLines, TextSpotter, Zone, cut
from kyc_vision.ocr.printed import Printed, clean
from kyc_vision.ocr.rows import RowText, read_rows
from kyc_vision.ocr.strips import CardStrips
from kyc_vision.ocr.values import NOT_FOUND, UNREADABLE, upper, whole
from kyc_vision.types import CardFields, Field, NotRead, Pixels, RectifiedCard, TextLine

#: The print is where the layout has it when so many of its landmarks agree.
MIN_ANCHORS = 8
#: Lines were cut in the wrong places when fewer of the NIK and the six telling rows can be what they must be. Where
#: some can, blur is what hides the others: on 12 such cards boxes read 59 values and strips 88.
MIN_TOLD = 1
#: The place of issue is cut by the layout alone; below this confidence the cut holds something else.
MIN_BLIND_FIELD = 0.20
#: The second reader is asked when the first is less sure of the whole line than this.
DOUBT = 0.90

_W, _H = layout.CARD_WH_MM
_NIK_ZONE = Zone(
    layout.NIK_X_MM - 1.6, layout.NIK_END_X_MM + 2.0, layout.NIK_Y_MM, 1.6, layout.NIK_HEIGHT_MM, layout.NIK_X_MM
)
_PROVINCE_ZONE, _REGENCY_ZONE = (
    Zone(0.10 * _W, 0.90 * _W, y_mm, 1.35, layout.HEADER_HEIGHT_MM)
    for y_mm in (layout.PROVINCE_Y_MM, layout.REGENCY_Y_MM)
)
_ISSUE_X = (0.700 * _W, 0.985 * _W)
#: Place of issue, date of issue, and the date where the place takes two lines.
_ISSUE_Y = (layout.ISSUE_PLACE_Y_MM, layout.ISSUE_DATE_Y_MM, 0.770 * _H)
#: What the reader takes for digits may stand in a date; its separators may be lost.
_BLOOD_LABEL = re.compile(r"(?i)^.*?\bd\w{2,4}[ .,:;]*")
_DATE_AT_END = re.compile(r"[,.]?\s*[\dOoIlDSB]{2}\s?[-./~_ ]?\s?[\dOoIlDSB]{2}\s?[-./~_ ]?\s?[\dOoIlDSB]{4}\s*$")


class SecondReader(Protocol):
    """An independent engine that may be missing."""

    name: str

    def missing(self) -> str:
        """Why it cannot run here; empty when it can."""

    def read(self, pixels: Pixels) -> str:
        """The text of one line of RGB pixels."""


class CardText(RowText, Protocol):
    """The lines of a card, found one way or the other."""

    def read_slim(self, zone: Zone) -> TextLine:
        """The text around a zone's centre line, where lines stand closer than rows do."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """The fields, and how many of them (the NIK and the rows that can) say that they are the right ones."""

    fields: CardFields
    told: int


@dataclass(frozen=True, slots=True)
class FieldReader:
    """Reads every field of a rectified card."""

    spotter: TextSpotter
    second: SecondReader

    def read(self, card: RectifiedCard) -> CardFields:
        """Every printed value, or why it is not there.

        Where landmarks placed the print, lines are cut by the layout; text is detected where they did not, or where
        what was cut does not read like the rows of a card.
        """
        by_layout = None
        if card.anchors >= MIN_ANCHORS:
            by_layout = self._fields(card, CardStrips.of(card, self.spotter))
            if by_layout.told >= MIN_TOLD:
                return by_layout.fields
        by_boxes = self._fields(card, CardLines.find(card, self.spotter))
        return by_boxes.fields if by_layout is None or by_boxes.told > by_layout.told else by_layout.fields

    def _fields(self, card: RectifiedCard, lines: CardText) -> _Reading:
        nik = _nik(lines)
        column = read_rows(lines, card.wrapped)
        rows = column.values
        birth_place, birth_date = self._birth(rows["birth_place"], card)
        places = values.places(
            province=_line(lines, _PROVINCE_ZONE),
            regency=_line(lines, _REGENCY_ZONE),
            district=whole(rows["district"]),
            village=whole(rows["village"]),
        )
        issue_place, issue_date = _issue(lines)
        fields = CardFields(
            nik=nik,
            name=self._confirmed(upper(whole(rows["name"])), card),
            birth_place=birth_place,
            birth_date=birth_date,
            sex=values.one_of(whole(rows["sex"]), vocabulary.SEX),
            blood_type=_blood_type(lines, rows["sex"], card.px_per_mm),
            address=values.address(whole(rows["address"])),
            rt_rw=values.rt_rw(whole(rows["rt_rw"])),
            religion=values.one_of(whole(rows["religion"]), vocabulary.RELIGION),
            marital_status=values.one_of(whole(rows["marital_status"]), vocabulary.MARITAL_STATUS),
            occupation=values.occupation(whole(rows["occupation"])),
            nationality=values.nationality(whole(rows["nationality"])),
            valid_until=values.valid_until(whole(rows["valid_until"])),
            issue_place=issue_place,
            issue_date=issue_date,
            **places,
        )
        return _Reading(fields, column.told + isinstance(nik, Field))

    def _birth(self, printed: Printed | NotRead, card: RectifiedCard) -> tuple[Field | NotRead, Field | NotRead]:
        """Place and date of one printed row, split before its date."""
        if isinstance(printed, NotRead):
            return printed, printed
        place, day = _parted(printed)
        if isinstance(day, NotRead) and (again := self._in_full(printed, card)):
            place, day = again
        return place, self._confirmed(day, card, _date_part)

    def _in_full(self, printed: Printed, card: RectifiedCard) -> tuple[Field | NotRead, Field] | None:
        """The parts of a row of one line, read once more without squeezing: then like digits in a row keep apart."""
        x, y, w, h = printed.box
        if h > 2 * layout.ROW_PITCH_MM * card.px_per_mm:
            return None
        quad = np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h]], dtype=np.float32)
        place, day = _parted(Printed.of([self.spotter.recognize(card.pixels, quad)]))
        return None if isinstance(day, NotRead) else (place, day)

    def _confirmed(
        self, value: Field | NotRead, card: RectifiedCard, part: Callable[[str], str] = clean
    ) -> Field | NotRead:
        """The same value; in doubt, with what the second reader made of the same line, or of the value's part of it."""
        if isinstance(value, NotRead) or value.confidence >= DOUBT or self.second.missing():
            return value
        reading = part(self.second.read(cut(card, value.box)))
        return replace(value, readings=(*value.readings, (self.second.name, reading)))


def _parted(printed: Printed) -> tuple[Field | NotRead, Field | NotRead]:
    """Place and date of birth."""
    found = _DATE_AT_END.search(printed.text)
    if found is None:
        return upper(printed.whole()), UNREADABLE
    return upper(printed.field(0, found.start())), values.day(printed.field(found.start(), len(printed.text)))


def _date_part(line: str) -> str:
    """The date at the end of a line that was read; empty when there is none."""
    found = _DATE_AT_END.search(line)
    return clean(found.group()) if found else ""


def _line(lines: CardText, zone: Zone) -> Field | NotRead:
    """One line as it is printed."""
    line = lines.read(zone)
    return NOT_FOUND if line is None else Printed.of([line]).whole()


def _nik(lines: CardText) -> Field | NotRead:
    """Sixteen digits; letters taken for digits are mended and said so."""
    value = _line(lines, _NIK_ZONE)
    if isinstance(value, NotRead):
        return NotRead("OCR_NIK_UNREADABLE")
    text, repaired = vocabulary.digits_only(value.read)
    if len(text) != 16 or not text.isdigit():
        return NotRead("OCR_NIK_UNREADABLE")
    return replace(value, text=text, repaired=repaired)


def _blood_type(lines: CardText, sex_row: Printed | NotRead, px_per_mm: float) -> Field | NotRead:
    """Read from its label to where its value must end: a single letter is too small to be found by itself."""
    if isinstance(sex_row, NotRead):
        return NOT_FOUND
    y_mm = (sex_row.box[1] + sex_row.box[3] / 2) / px_per_mm
    printed = Printed.of([lines.read_blind(Zone(layout.BLOOD_LABEL_X_MM - 1.0, layout.BLOOD_END_X_MM + 1.0, y_mm))])
    label = _BLOOD_LABEL.search(printed.text)
    if label is None:
        return UNREADABLE
    value = printed.field(label.end(), len(printed.text))
    if isinstance(value, NotRead):  # A dash, or nothing, behind a label that was read: not recorded.
        whole = printed.whole()
        return replace(whole, read="", text="-") if isinstance(whole, Field) else UNREADABLE
    meant = vocabulary.BLOOD_TYPE.get(value.read.upper().replace(" ", ""))
    return replace(value, text=meant) if meant else UNREADABLE


def _issue(lines: CardText) -> tuple[Field | NotRead, Field | NotRead]:
    """Place and date below the portrait. A place of two lines pushes the date down.

    The two lines stand closer than rows do and are often found as one box, so both are cut by the layout.
    """
    place, date_line = (_slim(lines, y_mm) for y_mm in _ISSUE_Y[:2])
    issued = values.day(date_line)
    if isinstance(issued, NotRead) and isinstance(place, Field) and isinstance(date_line, Field):
        issued = values.day(_slim(lines, _ISSUE_Y[2]))
        if isinstance(issued, Field):
            read = f"{place.read} {date_line.read}"
            confidence = round(place.confidence * date_line.confidence, 4)
            place = replace(place, read=read, text=read, confidence=confidence, readings=(("ppocr", read),))
    return _believed(values.regency(place)), issued if isinstance(issued, Field) else NOT_FOUND


def _slim(lines: CardText, y_mm: float) -> Field | NotRead:
    return Printed.of([lines.read_slim(Zone(*_ISSUE_X, y_mm))]).whole()


def _believed(value: Field | NotRead) -> Field | NotRead:
    """A blind cut may hold anything: what reads too badly is said to be unreadable."""
    return value if isinstance(value, Field) and value.confidence >= MIN_BLIND_FIELD else UNREADABLE
