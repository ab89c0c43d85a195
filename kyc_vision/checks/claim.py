"""Does the card agree with what the booking system says? Asked only where it says something."""

from __future__ import annotations

from kyc_vision.checks.question import Question, unread
from kyc_vision.ocr.name_agreement import NameOutcome
from kyc_vision.ocr.names import compare
from kyc_vision.types import Check, Outcome


def claim_nik(q: Question) -> Check:
    """Is the NIK the one that the booking system has?"""
    return _claimed(q, "nik", "claim_nik", "NIK_CLAIM_MISMATCH", "OCR_NIK_UNREADABLE")


def claim_birth_date(q: Question) -> Check:
    """Is the date of birth the one that the booking system has?"""
    code, unread = "NIK_BIRTH_DATE_CLAIM_MISMATCH", "OCR_BIRTH_DATE_UNREADABLE"
    return _claimed(q, "birth_date", "claim_birth_date", code, unread)


def claim_name(q: Question) -> Check:
    """Is the name the one that the booking system has? The rules of ocr/names.py decide, the score says how sure."""
    name = q.evidence.fields.text("name") if q.evidence.fields else None
    if name is None:
        return unread(q, "claim_name", "OCR_NAME_UNREADABLE")
    compared = compare(q.claim.name or "", name)
    score = compared.probability
    if compared.outcome is NameOutcome.SAME:
        return Check("claim_name", Outcome.PASS, score)
    if compared.outcome is NameOutcome.CLOSE:
        return Check("claim_name", Outcome.WARN, score, reasons=("NAME_CLAIM_CLOSE",))
    return Check("claim_name", Outcome.FAIL, score, reasons=("NAME_CLAIM_MISMATCH",))


def person_requested(_: Question) -> Check:
    """Did the customer ask for a person? Nobody has to say why."""
    return Check("machine_may_decide", Outcome.WARN, reasons=("POLICY_PERSON_REQUESTED",))


def _claimed(q: Question, field: str, name: str, code: str, unread_code: str) -> Check:
    read = q.evidence.fields.text(field) if q.evidence.fields else None
    if read is None:
        return unread(q, name, unread_code)
    same = read == getattr(q.claim, field)
    return Check(name, Outcome.PASS if same else Outcome.FAIL, reasons=() if same else (code,))
