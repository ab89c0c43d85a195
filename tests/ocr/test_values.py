"""Whatever a card can print is given back, and a closed field never says what is outside its vocabulary."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_vision.ocr import ctc, values, vocabulary
from kyc_vision.ocr.closed import one_of
from kyc_vision.ocr.countries import COUNTRIES
from kyc_vision.ocr.printed import Printed
from kyc_vision.types import Field, NotRead, TextLine
from tests.fakes import read_field
from tests.ocr.written import written

CLOSED = [vocabulary.SEX, vocabulary.RELIGION, vocabulary.MARITAL_STATUS]
readings = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40)
parts = st.integers(0, 999)


def shown(read: str) -> Printed:
    """A row whose line says so."""
    lattice = written(read)
    text, confidences, _ = ctc.decode(lattice)
    return Printed.of([TextLine(text, confidences, ((0, 0), (9, 0), (9, 9), (0, 9)), lattice=lattice)])


def meant(value: Field | NotRead) -> str | None:
    return value.text if isinstance(value, Field) else None


@pytest.mark.parametrize("spellings", CLOSED, ids=["sex", "religion", "marital status"])
def test_every_spelling_means_its_value_in_any_case_and_without_spaces(spellings):
    for printed, value in spellings.items():
        for read in (printed, printed.title(), printed.replace(" ", "")):
            assert meant(one_of(shown(read), spellings)) == value


def test_every_occupation_means_itself_and_every_other_spelling_its_own():
    assert len(set(vocabulary.OCCUPATIONS)) == 99
    for printed, value in vocabulary.OCCUPATION.items():
        for read in (printed, printed.title(), printed.replace(" ", "")):
            assert meant(values.occupation(read_field(read))) == value


def test_every_nationality_means_itself():
    for printed in ("WNI", *COUNTRIES):
        assert (meant(values.nationality(read_field(printed))) or "").replace("-", " ") == printed.replace("-", " ")


@given(st.dates(date(1900, 1, 1), date(2040, 12, 31)), st.sampled_from(["-", "", ".", "/", " - ", "- ", " ", "_", "~"]))
def test_every_date_is_given_back_day_first_its_separators_lost_or_not(day, between):
    printed = between.join((f"{day:%d}", f"{day:%m}", f"{day.year:04d}"))
    assert meant(values.day(read_field(printed))) == day.isoformat()
    assert meant(values.valid_until(read_field(printed))) == day.isoformat()


@given(st.dates(date(1900, 1, 1), date(2040, 12, 31)), st.integers(0, 9))
def test_a_digit_too_many_makes_no_other_date(day, more):
    for printed in (f"{more}{day:%d-%m-%Y}", f"{day:%d-%m-%Y}{more}", f"{more}{day:%d%m%Y}"):
        assert meant(values.day(read_field(printed))) is None


@given(parts, parts, st.sampled_from(["{:03d}/{:03d}", "{:03d} / {:03d}", "{:d}/{:d}", "{:02d}/{:02d}"]))
def test_every_rt_and_rw_is_given_back_in_three_digits(rt, rw, form):
    assert meant(values.rt_rw(read_field(form.format(rt, rw)))) == f"{rt:03d}/{rw:03d}"


@given(parts, st.sampled_from([("{:03d}/-", "{:03d}/-"), ("{:03d} / -", "{:03d}/-"), ("-/{:03d}", "-/{:03d}")]))
def test_a_dash_for_one_of_them_stays_a_dash(number, forms):
    printed, text = (form.format(number) for form in forms)
    assert meant(values.rt_rw(read_field(printed))) == text


@given(readings)
def test_a_closed_field_never_says_what_is_outside_its_vocabulary(read):
    value = read_field(read)
    for spellings in CLOSED:
        assert meant(one_of(shown(read), spellings)) in {None, *spellings.values()}
    assert re.fullmatch(r"(\d{3}|-)/(\d{3}|-)", meant(values.rt_rw(value)) or "-/-")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", meant(values.day(value)) or "2000-01-01")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d|SEUMUR HIDUP", meant(values.valid_until(value)) or "SEUMUR HIDUP")


@given(readings)
def test_an_open_field_says_a_known_value_or_what_was_read(read):
    value = read_field(read)
    assert meant(values.occupation(value)) in {read.upper(), *vocabulary.OCCUPATIONS}
    assert meant(values.nationality(value)) in {read.upper(), "WNI", *COUNTRIES}
    assert meant(values.upper(value)) == read.upper()
    assert meant(values.address(value)) is not None


@given(readings)
def test_a_place_says_a_known_name_or_what_was_read_and_nothing_of_a_line_that_was_not(read):
    missing = NotRead("OCR_FIELD_NOT_FOUND")
    found = values.places(province=missing, regency=read_field(read), district=missing, village=read_field(read))
    assert found["province"] == found["district"] == missing
    assert meant(found["village"]) == read.upper()
    assert isinstance(found["regency"], Field)
    assert found["regency"].read == read
