import re
from pathlib import Path

import pytest

from kyc_vision import reasons
from kyc_vision.ocr import nik
from kyc_vision.reasons import CANNOT_VERIFY, REASONS, STAGES, Audience, Severity, get, public_code

ROOT = Path(reasons.__file__).parents[1]
_NEEDED = """
    QUALITY_TOO_DARK QUALITY_TOO_BRIGHT QUALITY_BLURRED
    CARD_NOT_FOUND CARD_NOT_EKTP CARD_TOO_SMALL CARD_CUT_OFF CARD_UNSURE CARD_EXPIRED CARD_FOREIGN_FOR_LIFE
    OCR_NIK_UNREADABLE OCR_NAME_UNREADABLE OCR_BIRTH_DATE_UNREADABLE OCR_FIELD_NOT_FOUND OCR_FIELD_UNREADABLE
    OCR_NATIONALITY_UNREADABLE OCR_VALID_UNTIL_UNREADABLE OCR_READERS_DISAGREE OCR_SECOND_READER_MISSING
    NIK_INVALID_DATE NIK_SERIAL_ZERO NIK_REGION_UNKNOWN NIK_REGION_DEFUNCT NIK_REGION_DIFFERS
    NIK_BIRTH_DATE_MISMATCH NIK_SEX_MISMATCH NIK_CLAIM_MISMATCH NIK_BIRTH_DATE_CLAIM_MISMATCH
    NAME_CLAIM_MISMATCH NAME_CLAIM_CLOSE HOLDER_UNDER_AGE
    FACE_NOT_FOUND FACE_SEVERAL FACE_TOO_SMALL FACE_REFERENCE_NOT_FOUND FACE_REFERENCE_TOO_SMALL FACE_MISMATCH
    FACE_BORDERLINE FACE_SECOND_OPINION_MISSING FACE_SECOND_OPINION_DISAGREES
    FRAUD_MONOCHROME_COPY FRAUD_COLOUR_UNKNOWN FRAUD_SAME_PHOTO
    POLICY_LOW_CONFIDENCE POLICY_CHECK_NOT_EXECUTED
"""
NEEDED = _NEEDED.split()
INFORMATIVE = {
    "OCR_FIELD_NOT_FOUND",
    "OCR_FIELD_UNREADABLE",
    "OCR_NATIONALITY_UNREADABLE",
    "OCR_SECOND_READER_MISSING",
    "NIK_REGION_DEFUNCT",
    "FACE_SECOND_OPINION_MISSING",
    "POLICY_PERSON_REQUESTED",
}


def test_the_catalogue_holds_every_needed_code():
    assert set(NEEDED) <= set(REASONS)


def test_every_code_names_its_stage():
    for code in REASONS.keys() - {CANNOT_VERIFY}:
        assert re.fullmatch(rf"({'|'.join(STAGES)})(_[A-Z]+)+", code), code


def test_exactly_the_informative_codes_are_info():
    assert {code for code, one in REASONS.items() if one.severity is Severity.INFO} == INFORMATIVE


def test_every_text_is_a_sentence_of_its_own():
    for reason in REASONS.values():
        texts = (reason.message_id, reason.message_en, reason.next_id, reason.next_en)
        assert len(set(texts)) == 4, reason.code
        for text in texts:
            assert re.fullmatch(r"[A-Z].*\.", text), (reason.code, text)
            assert "|" not in text, "it would break the table in docs/reasons.md"


def test_a_customer_is_asked_politely_and_told_to_photograph_again_when_that_may_help():
    for reason in REASONS.values():
        if reason.audience is Audience.CUSTOMER and reason.retryable:
            assert reason.next_id.startswith("Silakan "), reason.code
            assert reason.next_en.startswith("Please "), reason.code


def test_severities_sort_by_gravity():
    assert sorted(Severity, key=lambda one: one.rank) == [Severity.INFO, Severity.WARNING, Severity.ERROR]


@pytest.mark.parametrize("code", [code for code in NEEDED if code.startswith("FRAUD_")])
def test_fraud_is_seen_by_reviewers_only(code):
    assert public_code(code, Audience.CUSTOMER) == CANNOT_VERIFY
    assert public_code(code, Audience.BOOKING) == CANNOT_VERIFY
    assert public_code(code, Audience.REVIEWER) == code


def test_what_a_forger_could_learn_from_the_number_is_seen_by_reviewers_only():
    for code in ("NIK_SERIAL_ZERO", "NIK_BIRTH_DATE_MISMATCH", "NIK_SEX_MISMATCH", "FACE_BORDERLINE"):
        assert public_code(code, Audience.CUSTOMER) == CANNOT_VERIFY


def test_each_audience_sees_what_the_narrower_one_does_not():
    assert public_code("POLICY_LOW_CONFIDENCE", Audience.CUSTOMER) == CANNOT_VERIFY
    assert public_code("POLICY_LOW_CONFIDENCE", Audience.BOOKING) == "POLICY_LOW_CONFIDENCE"
    assert public_code("QUALITY_BLURRED", Audience.CUSTOMER) == "QUALITY_BLURRED"
    assert public_code("QUALITY_BLURRED", Audience.REVIEWER) == "QUALITY_BLURRED"


def test_the_stand_in_may_be_shown_to_everyone_and_sends_the_case_to_a_person():
    stand_in = get(CANNOT_VERIFY)
    assert stand_in.audience is Audience.CUSTOMER
    assert "petugas" in stand_in.next_id
    assert "staff" in stand_in.next_en


def test_an_unknown_code_says_where_to_add_it():
    with pytest.raises(KeyError, match=r"reasons\.toml"):
        get("CARD_ON_FIRE")
    with pytest.raises(KeyError, match=r"reasons\.toml"):
        public_code("CARD_ON_FIRE", Audience.REVIEWER)


def test_the_catalogue_cannot_be_changed_by_its_readers():
    with pytest.raises(TypeError):
        REASONS["CARD_ON_FIRE"] = REASONS[CANNOT_VERIFY]  # type: ignore[index]


def test_every_code_of_the_nik_is_in_the_catalogue():
    codes = {value for value in vars(nik).values() if isinstance(value, str) and value.startswith("NIK_")}
    assert len(codes) == 7
    assert codes <= set(REASONS)


def test_the_committed_page_is_the_catalogue():
    page = (ROOT / "docs" / "reasons.md").read_text(encoding="utf-8")
    assert page == reasons.markdown(), "run: python -m kyc_vision.reasons > docs/reasons.md"


def test_the_page_lists_every_code():
    for code in REASONS:
        assert f"| `{code}` |" in reasons.markdown()
