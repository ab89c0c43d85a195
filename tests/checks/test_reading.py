"""The number and what is printed beside it: only what was clearly read contradicts, and nothing mended agrees."""

from dataclasses import replace

import pytest

from kyc_vision.types import Field, Outcome
from tests.checks.asked import FAIL, NOT_EXECUTED, PASS, answer, answers, fields_with
from tests.fakes import PRINTED, read_field

NIK = PRINTED["nik"]  # …050785…, the 5th
FORGED = f"{NIK[:6]}250785{NIK[12:]}"  # the 25th


def number(read: str, text: str, doubt: dict[int, float] | None = None, confidence: float = 0.99) -> Field:
    """A number as decoded: read, meant, and how clear some digits of it are."""
    letters = tuple((doubt or {}).get(at, 0.999) for at in range(16))
    repaired = tuple(at for at in range(16) if read[at] != text[at])
    return replace(read_field(text, confidence), read=read, letters=letters, repaired=repaired)


def test_a_number_mended_to_agree_with_the_print_is_no_pass():
    mended = number(FORGED, NIK, {6: 0.6})
    assert answer("nik_consistent", **fields_with(nik=mended)) == (NOT_EXECUTED, ("OCR_NIK_UNREADABLE",))


def test_what_was_clearly_read_contradicts_even_where_the_answer_was_mended():
    mended = number(FORGED, NIK, {6: 0.98})
    assert answer("nik_consistent", **fields_with(nik=mended)) == (FAIL, ("NIK_BIRTH_DATE_MISMATCH",))


def test_a_clear_contradiction_stands_although_the_whole_number_is_doubtful():
    doubtful = number(FORGED, FORGED, {15: 0.5}, confidence=0.4)
    assert answer("nik_consistent", **fields_with(nik=doubtful)) == (FAIL, ("NIK_BIRTH_DATE_MISMATCH",))


def test_a_number_mended_elsewhere_still_agrees_with_the_print():
    district = f"0{NIK[1:]}"
    found = answers(**fields_with(nik=number(district, NIK, {0: 0.6})))["nik_consistent"]
    assert found.outcome in (Outcome.PASS, Outcome.WARN)  # the region as read is unknown: a remark
    assert "NIK_BIRTH_DATE_MISMATCH" not in found.reasons


def test_a_doubtful_number_without_contradiction_is_asked_for_again():
    assert answer("nik_consistent", **fields_with(nik=number(NIK, NIK, confidence=0.5)))[0] is NOT_EXECUTED
    assert answer("nik_consistent", **fields_with(nik=number(NIK, NIK)))[0] is PASS


@pytest.mark.parametrize(
    ("readings", "outcome", "codes"),
    [
        ((("rows", "BUDI SANTOSO"), ("ppocr", "BUDISANTOSO")), PASS, ()),
        ((("rows", "BUDI SANTOSO"), ("ppocr", "BUDI SANTOSA")), Outcome.WARN, ("OCR_READERS_DISAGREE",)),
        ((("rows", "BUDI SANTOSO"),), NOT_EXECUTED, ("OCR_SECOND_READER_MISSING",)),
    ],
)
def test_in_doubt_the_readers_must_agree_on_the_name(readings, outcome, codes):
    name = replace(read_field("BUDI SANTOSO", 0.85), readings=readings)
    assert answer("second_reader", **fields_with(name=name)) == (outcome, codes)
