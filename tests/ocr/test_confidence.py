"""What the readers' own numbers and their agreement are worth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_vision.build import READING_CALIBRATION
from kyc_vision.ocr.confidence import KINDS, RAW, Agreement, ReadingConfidence, agreement, kind_of, log_odds
from kyc_vision.types import CardFields, NotRead
from tests.fakes import read_field

FITTED = ReadingConfidence.load(READING_CALIBRATION)


def way(*readings: str) -> Agreement:
    names = ("rows", "ppocr", "tesseract")
    return agreement(read_field(readings[0], readings=tuple(zip(names, readings, strict=False))))


def test_readers_agree_on_letters_and_digits_whatever_stands_between():
    assert way("BUDI SANTOSO", "Budisantoso.") is Agreement.AGREE
    assert way("BUDI SANTOSO", "BUDI SANTOSA") is Agreement.DIFFER
    assert way("BUDI SANTOSO", "BUDI SANTOSA", "BUDI SANTOSO") is Agreement.SPLIT
    assert way("BUDI SANTOSO") is Agreement.ALONE


def test_a_reader_that_saw_nothing_agrees_with_nothing():
    assert way("BUDI", "") is Agreement.DIFFER
    assert way("()", "") is Agreement.DIFFER


def test_every_field_has_a_line_for_every_way():
    for name in CardFields.__dataclass_fields__:
        assert kind_of(name) in KINDS
    assert set(FITTED.lines) == {f"{kind}/{each}" for kind in KINDS for each in Agreement}


def test_what_was_not_read_stays_so():
    assert FITTED.of("name", NotRead("OCR_FIELD_NOT_FOUND")) == NotRead("OCR_FIELD_NOT_FOUND")


@given(st.sampled_from(list(CardFields.__dataclass_fields__)), st.floats(0, 1), st.floats(0, 1))
def test_a_surer_reader_is_never_believed_less(name, one, other):
    low, high = sorted((one, other))
    assert FITTED.of(name, read_field("A", low)).confidence <= FITTED.of(name, read_field("A", high)).confidence


@given(st.floats(0, 1))
def test_nothing_is_certain(own):
    for name in CardFields.__dataclass_fields__:
        assert 0 < FITTED.of(name, read_field("A", own)).confidence < 1


def test_agreement_counts_for_more_than_disagreement():
    def told(*readings: str) -> float:
        value = read_field(readings[0], 0.9, readings=(("rows", readings[0]), ("ppocr", readings[1])))
        return FITTED.of("name", value).confidence

    assert told("BUDI", "BUDI") > told("BUDI", "BUDU")


def test_the_readers_own_numbers_pass_unchanged_through_raw():
    assert RAW.of("name", read_field("A", 0.42)).confidence == pytest.approx(0.42)


def test_log_odds_are_bounded():
    assert log_odds(0.0) == pytest.approx(-log_odds(1.0))
    assert log_odds(0.5) == pytest.approx(0)
