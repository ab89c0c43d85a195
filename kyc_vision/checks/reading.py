"""Questions to what was read."""

from __future__ import annotations

import math
from collections.abc import Mapping

from kyc_vision.checks.question import Question, at_least, no_card, printed_birth_date, sure, unread
from kyc_vision.ocr.confidence import Agreement, agreement
from kyc_vision.ocr.fields import DOUBT
from kyc_vision.ocr.nik import Nik, NikError
from kyc_vision.ocr.nik_decoder import BIRTH, SERIAL
from kyc_vision.types import Check, Field, Outcome

#: A contradiction counts when the picture alone gives the digits that it rests on this much: the prior that agrees
#: with the print (nik_prior.Prior.date_agrees) could not have moved them.
CLEAR_DIGITS = 0.95
#: What speaks of forgery, and the digits that it rests on.
_GRAVE: Mapping[str, slice] = {
    "NIK_INVALID_DATE": BIRTH,
    "NIK_BIRTH_DATE_MISMATCH": BIRTH,
    "NIK_SEX_MISMATCH": slice(6, 7),
    "NIK_SERIAL_ZERO": SERIAL,
}


def nik_read(q: Question) -> Check:
    """Was the NIK read with enough certainty?"""
    return _field_read(q, "nik", "nik_read", q.limits.min_nik_confidence, "OCR_NIK_UNREADABLE")


def name_read(q: Question) -> Check:
    """Was the name read with enough certainty?"""
    return _field_read(q, "name", "name_read", q.limits.min_name_confidence, "OCR_NAME_UNREADABLE")


def birth_date_read(q: Question) -> Check:
    """Was the date of birth read with enough certainty, and can it be a living person's?"""
    limit, code = q.limits.min_birth_date_confidence, "OCR_BIRTH_DATE_UNREADABLE"
    check = _field_read(q, "birth_date", "birth_date_read", limit, code)
    if check.outcome is Outcome.PASS and printed_birth_date(q) is None:
        return Check(check.name, Outcome.FAIL, check.score, limit, (code,), "no living person was born on such a day")
    return check


def second_reader(q: Question) -> Check:
    """In doubt, do all readers see the same name?"""
    name = q.evidence.fields.name if q.evidence.fields else None
    if not isinstance(name, Field):
        return unread(q, "second_reader", "OCR_NAME_UNREADABLE")
    if name.confidence >= DOUBT:
        return Check("second_reader", Outcome.PASS, name.confidence, DOUBT, detail="not in doubt")
    if len(name.readings) < 2:
        detail = "no second reader is installed"
        return Check(
            "second_reader", Outcome.NOT_EXECUTED, name.confidence, DOUBT, ("OCR_SECOND_READER_MISSING",), detail
        )
    if agreement(name) is Agreement.AGREE:
        return Check("second_reader", Outcome.PASS, name.confidence, DOUBT, detail="all read the same")
    return Check("second_reader", Outcome.WARN, name.confidence, DOUBT, ("OCR_READERS_DISAGREE",))


def nik_consistent(q: Question) -> Check:
    """Does the number, as it was read, agree with itself and with the date, sex and region printed beside it?

    Only what the picture shows is asked, never what was mended: a number mended to agree with the print would hide
    the forgery. What is not clear enough to contradict is asked for again.
    """
    value = q.evidence.fields.nik if q.evidence.fields else None
    if q.evidence.fields is None or not isinstance(value, Field):
        return unread(q, "nik_consistent", "OCR_NIK_UNREADABLE")
    try:
        nik = Nik.parse(value.read)
    except NikError as error:
        return Check("nik_consistent", Outcome.NOT_EXECUTED, reasons=("OCR_NIK_UNREADABLE",), detail=str(error))
    codes = _contradictions(q, nik)
    grave = [code for code in codes if code in _GRAVE]
    # A misread digit is no contradiction: what was read too badly to be believed is asked for again instead.
    clear = [code for code in grave if _clear(value, _GRAVE[code])]
    if not clear and (grave or not sure(value, q.limits.min_nik_confidence)):
        return unread(q, "nik_consistent", "OCR_NIK_UNREADABLE")
    outcome = Outcome.FAIL if grave else Outcome.WARN if codes else Outcome.PASS
    return Check("nik_consistent", outcome, reasons=codes)


def _contradictions(q: Question, nik: Nik) -> tuple[str, ...]:
    fields = q.evidence.fields
    sex, regency = (fields.text("sex"), fields.text("regency")) if fields else (None, None)
    return nik.warnings(
        printed_birth_date=printed_birth_date(q),
        printed_sex="M" if sex == "M" else "F" if sex == "F" else None,
        printed_regency=regency,
        today=q.today,
    )


def _clear(value: Field, digits: slice) -> bool:
    """Whether the picture alone is sure of these digits; where nobody said how sure, whether all of it is."""
    return (math.prod(value.letters[digits]) if value.letters else value.confidence) >= CLEAR_DIGITS


def _field_read(q: Question, field: str, name: str, limit: float, code: str) -> Check:
    if q.evidence.fields is None:
        return no_card(name)
    value = getattr(q.evidence.fields, field)
    if not isinstance(value, Field):
        return Check(name, Outcome.FAIL, None, limit, (code,))
    return at_least(name, value.confidence, limit, code)
