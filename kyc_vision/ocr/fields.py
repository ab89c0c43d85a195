"""Rectified card → CardFields: each line read where it is printed, then taken for what it can mean.

*read* keeps what is printed, *text* what it means; neither is changed to agree with another field, but for the text
of the four lines of a place, which are settled together.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from kyc_vision import layout
from kyc_vision.ocr import values, vocabulary
from kyc_vision.ocr.closed import one_of
from kyc_vision.ocr.confidence import ReadingConfidence
from kyc_vision.ocr.lines import CardLines, StripReader, TextSpotter, Zone, box_around, cut
from kyc_vision.ocr.nik_decoder import decode_nik
from kyc_vision.ocr.nik_prior import PrintedHolder
from kyc_vision.ocr.nik_reader import NikReading
from kyc_vision.ocr.printed import Printed, clean
from kyc_vision.ocr.rows import RowText, read_rows
from kyc_vision.ocr.strips import CardStrips
from kyc_vision.ocr.values import NOT_FOUND, UNREADABLE, upper, whole
from kyc_vision.types import CardFields, Field, NotRead, Pixels, Quad, RectifiedCard, TextLine

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


class NumberReader(Protocol):
    """Reads the NIK's line."""

    def read(self, pixels: Pixels, quad: Quad) -> NikReading | None:
        """What the line says of each digit; None where it is not sixteen digits."""


class CardText(RowText, Protocol):
    """The lines of a card, found one way or the other."""

    def cut(self, zone: Zone) -> Quad | None:
        """Corners of a zone's line, px of the card; None where nothing stands."""

    def read_slim(self, zone: Zone) -> TextLine:
        """The text around a zone's centre line, where lines stand closer than rows do."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """The fields, and how many of them (the NIK and the rows that can) say that they are the right ones."""

    fields: CardFields
    told: int


@dataclass(frozen=True, slots=True)
class FieldReader:
    """Reads every field of a rectified card.

    Attributes:
        spotter: finds lines where the layout does not say where they are.
        lines: reads lines that are cut as the layout has them.
        number: reads the NIK's line.
        second: votes on name and birth date, in doubt.
        confidence: the readers' own numbers → probabilities.
    """

    spotter: TextSpotter
    lines: StripReader
    number: NumberReader
    second: SecondReader
    confidence: ReadingConfidence

    def read(self, card: RectifiedCard) -> CardFields:
        """Every printed value, or why it is not there.

        Where landmarks placed the print, lines are cut by the layout; text is detected where they did not, or where
        what was cut does not read like the rows of a card.
        """
        by_layout = None
        if card.anchors >= MIN_ANCHORS:
            by_layout = self._fields(card, CardStrips.of(card, self.lines))
            if by_layout.told >= MIN_TOLD:
                return by_layout.fields
        by_boxes = self._fields(card, CardLines.find(card, self.spotter))
        return by_boxes.fields if by_layout is None or by_boxes.told > by_layout.told else by_layout.fields

    def _fields(self, card: RectifiedCard, lines: CardText) -> _Reading:
        number = self._number(card, lines)
        column = read_rows(lines, card.wrapped)
        rows = column.values
        believed = self.confidence.of
        birth_place, birth_date = self._birth(rows["birth_place"], card)
        birth_date = believed("birth_date", birth_date)
        sex = believed("sex", one_of(rows["sex"], vocabulary.SEX))
        places = values.places(
            province=_line(lines, _PROVINCE_ZONE),
            regency=_line(lines, _REGENCY_ZONE),
            district=whole(rows["district"]),
            village=whole(rows["village"]),
        )
        issue_place, issue_date = _issue(lines)
        read: dict[str, Field | NotRead] = {
            "name": self._confirmed(upper(whole(rows["name"])), card),
            "birth_place": birth_place,
            "blood_type": _blood_type(lines, rows["sex"], card.px_per_mm),
            "address": values.address(whole(rows["address"])),
            "rt_rw": values.rt_rw(whole(rows["rt_rw"])),
            "religion": one_of(rows["religion"], vocabulary.RELIGION),
            "marital_status": one_of(rows["marital_status"], vocabulary.MARITAL_STATUS),
            "occupation": values.occupation(whole(rows["occupation"])),
            "nationality": values.nationality(whole(rows["nationality"])),
            "valid_until": values.valid_until(whole(rows["valid_until"])),
            **places,
            "issue_place": issue_place,
            "issue_date": issue_date,
        }
        nik = believed("nik", decoded(number, birth_date, sex))
        rest = {name: believed(name, value) for name, value in read.items()}
        fields = CardFields(nik=nik, birth_date=birth_date, sex=sex, **rest)
        return _Reading(fields, column.told + isinstance(nik, Field))

    def _number(self, card: RectifiedCard, lines: CardText) -> tuple[NikReading, Quad] | None:
        """What the NIK's line says, and where it is."""
        quad = lines.cut(_NIK_ZONE)
        reading = None if quad is None else self.number.read(card.pixels, quad)
        return None if reading is None or quad is None else (reading, quad)

    def _birth(self, printed: Printed | NotRead, card: RectifiedCard) -> tuple[Field | NotRead, Field | NotRead]:
        """Place and date of one printed row, split before its date."""
        if isinstance(printed, NotRead):
            return printed, printed
        place, day = _parted(printed)
        return place, self._confirmed(day, card, _date_part)

    def _confirmed(
        self, value: Field | NotRead, card: RectifiedCard, part: Callable[[str], str] = clean
    ) -> Field | NotRead:
        """The same value; in doubt, with what the second reader made of the same line, or of the value's part of it."""
        if isinstance(value, NotRead) or value.confidence >= DOUBT or self.second.missing():
            return value
        reading = part(self.second.read(cut(card, value.box)))
        return replace(value, readings=(*value.readings, (self.second.name, reading)))


def decoded(
    number: tuple[NikReading, Quad] | None, birth_date: Field | NotRead, sex: Field | NotRead
) -> Field | NotRead:
    """The likeliest number; *read* is what the picture alone says, and what *text* mended says so."""
    if number is None:
        return NotRead("OCR_NIK_UNREADABLE")
    reading, quad = number
    born = birth_date if isinstance(birth_date, Field) else None
    of_sex = sex if isinstance(sex, Field) else None
    printed = PrintedHolder(
        birth_date=date.fromisoformat(born.text) if born else None,
        birth_date_right=born.confidence if born else 0.0,
        sex=None if of_sex is None else "F" if of_sex.text == "F" else "M",
        sex_right=of_sex.confidence if of_sex else 0.0,
    )
    answer = decode_nik(reading.lattice.posteriors, printed)
    return Field(
        read=answer.read,
        text=answer.text,
        confidence=round(answer.probability, 6),
        box=box_around(quad),
        readings=reading.readings,
        repaired=tuple(repair.position for repair in answer.repaired),
        letters=answer.read_confidences,
    )


def _parted(printed: Printed) -> tuple[Field | NotRead, Field | NotRead]:
    """Place and date of birth."""
    found = _DATE_AT_END.search(printed.text)
    if found is None:
        return upper(printed.whole()), UNREADABLE
    place = upper(printed.field(0, found.start(), lambda line: clean(_DATE_AT_END.sub("", line))))
    return place, values.day(printed.field(found.start(), len(printed.text), _date_part))


def _date_part(line: str) -> str:
    """The date at the end of a line that was read; empty when there is none."""
    found = _DATE_AT_END.search(line)
    return clean(found.group()) if found else ""


def _line(lines: CardText, zone: Zone) -> Field | NotRead:
    """One line as it is printed."""
    line = lines.read(zone)
    return NOT_FOUND if line is None else Printed.of([line]).whole()


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
            readings = ((place.readings[0][0], read),)
            place = replace(place, read=read, text=read, confidence=confidence, readings=readings, letters=())
    return _believed(values.regency(place)), issued if isinstance(issued, Field) else NOT_FOUND


def _slim(lines: CardText, y_mm: float) -> Field | NotRead:
    return Printed.of([lines.read_slim(Zone(*_ISSUE_X, y_mm))]).whole()


def _believed(value: Field | NotRead) -> Field | NotRead:
    """A blind cut may hold anything: what reads too badly is said to be unreadable."""
    return value if isinstance(value, Field) and value.confidence >= MIN_BLIND_FIELD else UNREADABLE
