"""Questions to what was read."""

from __future__ import annotations

from kyc_vision.checks.question import Question, at_least, no_card, printed_birth_date, sure, unread
from kyc_vision.ocr.fields import DOUBT
from kyc_vision.ocr.nik import Nik, NikError
from kyc_vision.types import Check, Field, Outcome


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
    """In doubt, does an independent reader see the same name?"""
    name = q.evidence.fields.name if q.evidence.fields else None
    if not isinstance(name, Field):
        return unread(q, "second_reader", "OCR_NAME_UNREADABLE")
    if name.confidence >= DOUBT:
        return Check("second_reader", Outcome.PASS, name.confidence, DOUBT, detail="not in doubt, not asked")
    if len(name.readings) < 2:
        detail = "no second reader is installed"
        return Check(
            "second_reader", Outcome.NOT_EXECUTED, name.confidence, DOUBT, ("OCR_SECOND_READER_MISSING",), detail
        )
    if name.confirmed:
        return Check("second_reader", Outcome.PASS, name.confidence, DOUBT, detail="both read the same")
    return Check("second_reader", Outcome.WARN, name.confidence, DOUBT, ("OCR_READERS_DISAGREE",))


def nik_consistent(q: Question) -> Check:
    """Does the number, as it was read, agree with itself and with the date, sex and region printed beside it?"""
    fields = q.evidence.fields
    digits = fields.text("nik") if fields else None
    if fields is None or digits is None:
        return unread(q, "nik_consistent", "OCR_NIK_UNREADABLE")
    try:
        nik = Nik.parse(digits)
    except NikError as error:
        return Check("nik_consistent", Outcome.NOT_EXECUTED, reasons=("OCR_NIK_UNREADABLE",), detail=str(error))
    # A misread digit is no contradiction: what was read too badly to be believed is asked for again instead.
    if not sure(fields.nik, q.limits.min_nik_confidence):
        return unread(q, "nik_consistent", "OCR_NIK_UNREADABLE")
    sex = fields.text("sex")
    codes = nik.warnings(
        printed_birth_date=printed_birth_date(q),
        printed_sex="M" if sex == "M" else "F" if sex == "F" else None,
        printed_regency=fields.text("regency"),
        today=q.today,
    )
    grave = {"NIK_INVALID_DATE", "NIK_SERIAL_ZERO", "NIK_BIRTH_DATE_MISMATCH", "NIK_SEX_MISMATCH"}
    outcome = Outcome.FAIL if grave & set(codes) else Outcome.WARN if codes else Outcome.PASS
    return Check("nik_consistent", outcome, reasons=codes)


def _field_read(q: Question, field: str, name: str, limit: float, code: str) -> Check:
    if q.evidence.fields is None:
        return no_card(name)
    value = getattr(q.evidence.fields, field)
    if not isinstance(value, Field):
        return Check(name, Outcome.FAIL, None, limit, (code,))
    if value.confirmed:
        return Check(name, Outcome.PASS, value.confidence, limit, detail="a second reader saw the same")
    return at_least(name, value.confidence, limit, code)
