"""Rectified card → CardFields: each line read where it is printed, then taken for what it can mean.

*read* keeps what is printed, *text* what it means; neither is ever changed to agree with the other fields.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from kyc_vision import layout
from kyc_vision.ocr import vocabulary
from kyc_vision.ocr.lines import CardLines, TextSpotter, Zone, box_of, cut
from kyc_vision.ocr.regions import closest_province, closest_regency
from kyc_vision.types import CardFields, Field, NotRead, Pixels, RectifiedCard, TextLine

NOT_FOUND = NotRead("OCR_FIELD_NOT_FOUND")
UNREADABLE = NotRead("OCR_FIELD_UNREADABLE")
#: A blind cut (no text box found) is believed only when its characters are this certain on the average.
MIN_BLIND_CONFIDENCE = 0.80
#: The second reader is asked when the first is less sure of the whole line than this.
DOUBT = 0.90
#: Printed regions are matched to the table when this share of letters agrees.
MIN_REGION_AGREEMENT = 0.85

_W, _H = layout.CARD_WH_MM
_VALUE_FROM = layout.COLON_X_MM - 0.6
_NIK_ZONE = Zone(layout.NIK_X_MM - 1.6, layout.NIK_END_X_MM + 2.0, layout.NIK_Y_MM, 1.6)
_PROVINCE_ZONE = Zone(0.10 * _W, 0.90 * _W, layout.PROVINCE_Y_MM, 1.35)
_REGENCY_ZONE = Zone(0.10 * _W, 0.90 * _W, layout.REGENCY_Y_MM, 1.35)
_ISSUE_X = (0.700 * _W, 0.985 * _W)
#: From the place of issue down to a date pushed one line lower; the portrait ends above.
_ISSUE_Y = (0.672 * _H, 0.705 * _H, 0.735 * _H, 0.772 * _H)


class SecondReader(Protocol):
    """An independent engine that may be missing."""

    name: str

    def missing(self) -> str:
        """Why it cannot run here; empty when it can."""

    def read(self, pixels: Pixels) -> str:
        """The text of one line of RGB pixels."""


@dataclass(frozen=True, slots=True)
class FieldReader:
    """Reads every field of a rectified card."""

    spotter: TextSpotter
    second: SecondReader

    def read(self, card: RectifiedCard) -> CardFields:
        """Every printed value, or why it is not there."""
        lines = CardLines.find(card, self.spotter)
        rows = {row.field: _row(lines, card.wrapped, row.field) for row in layout.ROWS}
        province = _region(_line(lines, _PROVINCE_ZONE), "province")
        birth_place, birth_date = self._birth(rows["birth_place"], card)
        issue_place, issue_date = _issue(lines)
        return CardFields(
            nik=_nik(lines),
            name=self._confirmed(_upper(rows["name"]), card),
            birth_place=birth_place,
            birth_date=birth_date,
            sex=_vocabulary(rows["sex"], vocabulary.SEX),
            blood_type=_blood_type(lines, card.wrapped),
            address=_upper(rows["address"]),
            rt_rw=_rt_rw(rows["rt_rw"]),
            village=_upper(rows["village"]),
            district=_upper(rows["district"]),
            religion=_vocabulary(rows["religion"], vocabulary.RELIGION),
            marital_status=_vocabulary(rows["marital_status"], vocabulary.MARITAL_STATUS),
            occupation=_upper(rows["occupation"]),
            nationality=_upper(rows["nationality"]),
            valid_until=_valid_until(rows["valid_until"]),
            province=province,
            regency=_region(_line(lines, _REGENCY_ZONE), "regency"),
            issue_place=issue_place,
            issue_date=issue_date,
        )

    def _birth(self, value: Field | NotRead, card: RectifiedCard) -> tuple[Field | NotRead, Field | NotRead]:
        """Place and date of one printed row, split before its date."""
        if isinstance(value, NotRead):
            return value, value
        asked = self._confirmed(value, card)
        assert isinstance(asked, Field)
        found = re.search(r"[,.]?\s*([\dOoIlDSB]{2}\s*[-./~_ ]?\s*[\dOoIlDSB]{2}\s*[-./~_ ]?\s*[\dOoIlDSB]{4})\s*$", value.read)
        birth = vocabulary.parse_date(found.group(1)) if found else None
        place_text = _clean(value.read[: found.start()] if found else value.read)
        place = replace(asked, read=place_text, text=place_text, readings=()) if place_text else UNREADABLE
        if birth is None or found is None:
            return place, UNREADABLE
        return place, replace(asked, read=found.group(1), text=birth.isoformat())

    def _confirmed(self, value: Field | NotRead, card: RectifiedCard) -> Field | NotRead:
        """The same value; in doubt, with what the second reader made of the same pixels."""
        if isinstance(value, NotRead) or value.confidence >= DOUBT or self.second.missing():
            return value
        reading = _clean(self.second.read(cut(card, value.box)))
        return replace(value, readings=(*value.readings, (self.second.name, reading)))


def _line(lines: CardLines, zone: Zone) -> Field | NotRead:
    """One line as it is printed; the text is only cleaned."""
    line = lines.read(zone)
    if line is None:
        return NOT_FOUND
    return _field([line])


def _row(lines: CardLines, wrapped: tuple[str, ...], name: str) -> Field | NotRead:
    """The value of a labelled row, its second line joined where the row is known to wrap."""
    y = layout.row_centres_mm(wrapped)[name]
    end = layout.BLOOD_LABEL_X_MM - 0.8 if name == "sex" else layout.VALUE_END_X_MM + 1.5
    first = lines.read(Zone(_VALUE_FROM, end, y))
    if first is None:
        first = lines.read_blind(Zone(_VALUE_FROM, end, y))
        if not first.text.strip(" :;.") or float(np.mean(first.confidences)) < MIN_BLIND_CONFIDENCE:
            return NOT_FOUND
    found = [first]
    if name in wrapped:
        second = lines.read(Zone(layout.VALUE_X_MM - 1.0, end, y + layout.ROW_PITCH_MM))
        found += [second] if second else []
    return _field(found)


def _field(found: list[TextLine]) -> Field | NotRead:
    parts = [_clean(line.text) for line in found]
    read = " ".join(part for part in parts if part)
    if not read:
        return UNREADABLE
    confidence = round(float(np.prod([c for line in found for c in line.confidences])), 4)
    return Field(read=read, text=read, confidence=confidence, box=box_of(found), readings=(("ppocr", read),))


def _clean(text: str) -> str:
    """Without the colon that the cut may begin with, nor specks at either end; spaces single."""
    return re.sub(r"\s+", " ", text).strip(" :;.,'`_|·-")


def _upper(value: Field | NotRead) -> Field | NotRead:
    return value if isinstance(value, NotRead) else replace(value, text=value.read.upper())


def _nik(lines: CardLines) -> Field | NotRead:
    """Sixteen digits; letters taken for digits are mended and said so."""
    value = _line(lines, _NIK_ZONE)
    if isinstance(value, NotRead):
        return NotRead("OCR_NIK_UNREADABLE")
    text, repaired = vocabulary.digits_only(value.read)
    if len(text) != 16 or not text.isdigit():
        return NotRead("OCR_NIK_UNREADABLE")
    return replace(value, text=text, repaired=repaired)


def _vocabulary(value: Field | NotRead, values: Mapping[str, str]) -> Field | NotRead:
    if isinstance(value, NotRead):
        return value
    meant = vocabulary.closest(value.read, values)
    return replace(value, text=meant) if meant else UNREADABLE


def _blood_type(lines: CardLines, wrapped: tuple[str, ...]) -> Field | NotRead:
    y = layout.row_centres_mm(wrapped)["sex"]
    line = lines.read(Zone(layout.BLOOD_LABEL_X_MM - 1.0, layout.BLOOD_END_X_MM + 1.5, y))
    if line is None:
        return NOT_FOUND
    printed = re.sub(r"(?i)^.*dara[hn]?", "", line.text).replace(" ", "").strip(":;.,")
    meant = vocabulary.BLOOD_TYPE.get(printed.upper())
    if meant is None:  # The label alone is a blank; anything else could not be read.
        return UNREADABLE if printed else NOT_FOUND
    value = _field([line])
    return value if isinstance(value, NotRead) else replace(value, read=printed, text=meant)


def _rt_rw(value: Field | NotRead) -> Field | NotRead:
    """Neighbourhood numbers: 003/004, 02/05, 013/-."""
    if isinstance(value, NotRead):
        return value
    found = re.fullmatch(r"(\d{1,3}|-)/(\d{1,3}|-)?", value.read.upper().replace(" ", "").replace("O", "0"))
    if found is None:
        return UNREADABLE
    parts = [part.zfill(3) if part and part != "-" else "-" for part in found.groups()]
    return replace(value, text="/".join(parts))


def _valid_until(value: Field | NotRead) -> Field | NotRead:
    if isinstance(value, NotRead):
        return value
    if until := vocabulary.parse_date(value.read):
        return replace(value, text=until.isoformat())
    meant = vocabulary.closest(value.read, {vocabulary.FOR_LIFE: vocabulary.FOR_LIFE})
    return replace(value, text=meant) if meant else UNREADABLE


def _region(value: Field | NotRead, level: str) -> Field | NotRead:
    """A header line's region, by the table; what is printed but not in the table keeps its printed name."""
    if isinstance(value, NotRead):
        return value
    read = value.read.upper()
    nearest = closest_province(read) if level == "province" else closest_regency(read)
    return replace(value, text=nearest.name if nearest.score >= MIN_REGION_AGREEMENT else read)


def _issue(lines: CardLines) -> tuple[Field | NotRead, Field | NotRead]:
    """Place (one line or two) and date below the portrait: the date is the line that reads as one."""
    places: list[Field] = []
    seen: set[tuple[float, ...]] = set()
    for y in _ISSUE_Y:
        value = _line(lines, Zone(*_ISSUE_X, y, 0.55))
        if isinstance(value, NotRead) or value.box in seen:
            continue
        seen.add(value.box)
        if issued := vocabulary.parse_date(value.read):
            return _joined(places), replace(value, text=issued.isoformat())
        places.append(value)
    return _joined(places), NOT_FOUND


def _joined(places: list[Field]) -> Field | NotRead:
    if not places:
        return NOT_FOUND
    read = " ".join(place.read for place in places)
    return replace(places[0], read=read, text=read.upper(), readings=(("ppocr", read),))
