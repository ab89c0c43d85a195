"""What is printed → what it means, each kind of value by what it can be.

None is changed to agree with another field, but for the four lines of a place, which name one thing together.
"""

from __future__ import annotations

import re
from dataclasses import replace

from kyc_vision.ocr import vocabulary
from kyc_vision.ocr.countries import nearest_country
from kyc_vision.ocr.places import Place, settle
from kyc_vision.ocr.printed import Printed
from kyc_vision.ocr.regions import closest_regency
from kyc_vision.types import Field, NotRead

NOT_FOUND = NotRead("OCR_FIELD_NOT_FOUND")
UNREADABLE = NotRead("OCR_FIELD_UNREADABLE")
#: An occupation is taken for one of the closed list when this share of letters agrees, in percent.
MIN_OCCUPATION_AGREEMENT = 88.0
#: What stands where only SEUMUR HIDUP or a date can, and is no date.
MIN_FOR_LIFE_AGREEMENT = 60.0
#: The place of issue is matched to the table of regencies when this share of letters agrees.
MIN_REGION_AGREEMENT = 0.85
#: No citizen was born before.
FIRST_YEAR = 1900


def whole(printed: Printed | NotRead) -> Field | NotRead:
    """All of a row as one field."""
    return printed if isinstance(printed, NotRead) else printed.whole()


def upper(value: Field | NotRead) -> Field | NotRead:
    """Free text, in capitals."""
    return value if isinstance(value, NotRead) else replace(value, text=value.read.upper())


def address(value: Field | NotRead) -> Field | NotRead:
    """Upper case; the stops after JL, GG and NO and the space behind them are lost more often than read."""
    free = upper(value)
    if isinstance(free, NotRead):
        return free
    text = re.sub(r"^JL\b\.?\s*", "JL. ", free.text)
    return replace(free, text=re.sub(r"\b(NO|GG)\b\.?\s*(?=\d)", r"\1. ", text))


def occupation(value: Field | NotRead) -> Field | NotRead:
    """One of the closed list, or as it was read."""
    if isinstance(value, NotRead):
        return value
    meant = vocabulary.closest(value.read, vocabulary.OCCUPATION, MIN_OCCUPATION_AGREEMENT)
    return replace(value, text=meant or value.read.upper())


def nationality(value: Field | NotRead) -> Field | NotRead:
    """WNI (of short readings: no country of four letters begins with W), a country, or as it was read."""
    free = upper(value)
    if isinstance(free, NotRead):
        return free
    if len(free.text) <= 4 and re.match(r"W|N.*N", free.text):
        return replace(free, text=vocabulary.CITIZEN)
    return replace(free, text=nearest_country(free.text) or free.text)


def rt_rw(value: Field | NotRead) -> Field | NotRead:
    """Neighbourhood numbers: 003/004, 02/05, 013/-; both of three digits when the stroke between them is lost."""
    if isinstance(value, NotRead):
        return value
    printed = "".join(vocabulary.DIGIT_FOR.get(c, c) for c in value.read.upper().replace(" ", ""))
    # A dash before or after may be lost; a stroke may be taken for a 1 or 7.
    found = re.fullmatch(r"(\d{1,3}|-)?/(\d{1,3}|-)?|(\d{3})[17]?(\d{3})", printed)
    if found is None:
        return UNREADABLE
    one, other = found.groups()[2:] if found.group(3) else found.groups()[:2]
    parts = [part.zfill(3) if part and part != "-" else "-" for part in (one, other)]
    return replace(value, text="/".join(parts))


def valid_until(value: Field | NotRead) -> Field | NotRead:
    """A date, or for life."""
    if isinstance(value, NotRead):
        return value
    if until := vocabulary.parse_date(value.read):
        return replace(value, text=until.isoformat()) if until.year >= FIRST_YEAR else UNREADABLE
    meant = vocabulary.closest(value.read, {vocabulary.FOR_LIFE: vocabulary.FOR_LIFE}, MIN_FOR_LIFE_AGREEMENT)
    return replace(value, text=meant) if meant else UNREADABLE


def day(value: Field | NotRead) -> Field | NotRead:
    """A date; a year that nobody living was born in was misread."""
    found = None if isinstance(value, NotRead) else vocabulary.parse_date(value.read)
    if isinstance(value, NotRead) or found is None or found.year < FIRST_YEAR:
        return UNREADABLE
    return replace(value, text=found.isoformat())


def regency(value: Field | NotRead) -> Field | NotRead:
    """A place of issue, by the table of regencies; what is not in the table keeps its printed name."""
    if isinstance(value, NotRead):
        return value
    nearest = closest_regency(value.read.upper())
    return replace(value, text=nearest.name if nearest.score >= MIN_REGION_AGREEMENT else value.read.upper())


def places(**printed: Field | NotRead) -> dict[str, Field | NotRead]:
    """Province, regency, district and village, settled together by the table; what is not in it keeps its name."""
    read = Place(**{name: value.read if isinstance(value, Field) else None for name, value in printed.items()})
    meant = settle(read)
    return {
        name: replace(value, text=_spelled(name, value.read.upper(), getattr(meant, name)))
        if isinstance(value, Field)
        else value
        for name, value in printed.items()
    }


def _spelled(name: str, printed: str, meant: str) -> str:
    """The table's spelling; of a village the card's, where only spaces differ: both are lawful (MARGO MULYO)."""
    alike = printed.replace(" ", "") == meant.replace(" ", "")
    return printed if name == "village" and alike else meant
