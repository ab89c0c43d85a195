"""Evidence → Checks: one small function per question. What follows from an answer is for the policy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from kyc_vision.ocr import names
from kyc_vision.ocr.fields import DOUBT
from kyc_vision.ocr.nik import Nik, NikError
from kyc_vision.policy import Thresholds
from kyc_vision.types import (
    CardLocation,
    CardNotFound,
    Check,
    Claim,
    Evidence,
    FaceMatch,
    FaceNotFound,
    Field,
    Outcome,
)


@dataclass(frozen=True, slots=True)
class Question:
    """What every check is given."""

    evidence: Evidence
    claim: Claim
    limits: Thresholds
    today: date


def run(evidence: Evidence, claim: Claim, limits: Thresholds, today: date) -> tuple[Check, ...]:
    """Put every question to the evidence, in the order in which a reader would ask."""
    question = Question(evidence, claim, limits, today)
    checks = [check(question) for check in _ALWAYS]
    checks += [check(question) for field, check in _ON_CLAIM if getattr(claim, field) is not None]
    return tuple(checks)


def light(q: Question) -> Check:
    """Is the picture neither too dark nor too bright to be judged?"""
    score = q.evidence.quality.brightness
    if score < q.limits.min_brightness:
        # Even where everything could be read: colours and textures of a copy cannot be judged in the dark.
        return Check("light", Outcome.FAIL, score, q.limits.min_brightness, ("QUALITY_TOO_DARK",))
    if score > q.limits.max_brightness:
        return _explains(q, "light", score, q.limits.max_brightness, "QUALITY_TOO_BRIGHT")
    return Check("light", Outcome.PASS, score, q.limits.min_brightness)


def sharpness(q: Question) -> Check:
    """Is the picture sharp enough to be judged?"""
    score, limit = q.evidence.quality.sharpness, q.limits.min_sharpness
    if score < limit:
        return _explains(q, "sharpness", score, limit, "QUALITY_BLURRED")
    return Check("sharpness", Outcome.PASS, score, limit)


def card_found(q: Question) -> Check:
    """Is there an e-KTP, and is its place certain?"""
    location, limit = q.evidence.location, q.limits.min_location_confidence
    if isinstance(location, CardNotFound):
        return Check("card_found", Outcome.FAIL, 0.0, limit, (location.reason,))
    return _at_least("card_found", location.confidence, limit, "CARD_UNSURE")


def card_in_frame(q: Question) -> Check:
    """Does the whole card lie inside the picture?"""
    location, limit = q.evidence.location, q.limits.max_cut_off
    if not isinstance(location, CardLocation):
        return _no_card("card_in_frame")
    width, height = q.evidence.image.size_wh
    outside = np.maximum(np.maximum(-location.quad, location.quad - [width - 1, height - 1]), 0).max()
    score = round(float(outside) / (q.evidence.quality.card_width_px or 1.0), 4)
    failed = score > limit
    return Check(
        "card_in_frame", Outcome.FAIL if failed else Outcome.PASS, score, limit, ("CARD_CUT_OFF",) if failed else ()
    )


def card_size(q: Question) -> Check:
    """Is the card large enough in the picture for its print to be read?"""
    width = q.evidence.quality.card_width_px
    if width is None:
        return _no_card("card_size")
    return _at_least("card_size", width, q.limits.min_card_width_px, "CARD_TOO_SMALL")


def card_colour(q: Question) -> Check:
    """Does the card have colours, as a print from a registry has, where the scene around it has some?"""
    quality, limit = q.evidence.quality, q.limits.min_card_colour
    if quality.card_colour is None:
        return _no_card("card_colour")
    if quality.card_colour >= limit:
        return Check("card_colour", Outcome.PASS, quality.card_colour, limit)
    if quality.brightness < q.limits.min_brightness:
        detail = "too dark to see colours"
        return Check("card_colour", Outcome.NOT_EXECUTED, None, limit, ("QUALITY_TOO_DARK",), detail)
    if quality.scene_colour < q.limits.min_scene_colour:
        detail = "the whole picture has no colour"
        return Check("card_colour", Outcome.NOT_EXECUTED, None, limit, ("FRAUD_COLOUR_UNKNOWN",), detail)
    return Check("card_colour", Outcome.FAIL, quality.card_colour, limit, ("FRAUD_MONOCHROME_COPY",))


def nik_read(q: Question) -> Check:
    """Was the NIK read with enough certainty?"""
    return _field_read(q, "nik", "nik_read", q.limits.min_nik_confidence, "OCR_NIK_UNREADABLE")


def name_read(q: Question) -> Check:
    """Was the name read with enough certainty?"""
    return _field_read(q, "name", "name_read", q.limits.min_name_confidence, "OCR_NAME_UNREADABLE")


def birth_date_read(q: Question) -> Check:
    """Was the date of birth read with enough certainty?"""
    limit = q.limits.min_birth_date_confidence
    return _field_read(q, "birth_date", "birth_date_read", limit, "OCR_BIRTH_DATE_UNREADABLE")


def second_reader(q: Question) -> Check:
    """In doubt, does an independent reader see the same name?"""
    name = q.evidence.fields.name if q.evidence.fields else None
    if not isinstance(name, Field):
        return _unread(q, "second_reader", "OCR_NAME_UNREADABLE")
    if name.confidence >= DOUBT:
        return Check("second_reader", Outcome.PASS, name.confidence, DOUBT, detail="not in doubt, not asked")
    if len(name.readings) < 2:
        detail = "tesseract is not installed"
        return Check(
            "second_reader", Outcome.NOT_EXECUTED, name.confidence, DOUBT, ("OCR_SECOND_READER_MISSING",), detail
        )
    first, second = (_letters(reading) for _, reading in name.readings[:2])
    if first == second:
        return Check("second_reader", Outcome.PASS, name.confidence, DOUBT, detail="both read the same")
    return Check("second_reader", Outcome.WARN, name.confidence, DOUBT, ("OCR_READERS_DISAGREE",))


def nik_consistent(q: Question) -> Check:
    """Does the number, as it was read, agree with itself and with the date, sex and region printed beside it?"""
    fields = q.evidence.fields
    digits = fields.text("nik") if fields else None
    if fields is None or digits is None:
        return _unread(q, "nik_consistent", "OCR_NIK_UNREADABLE")
    try:
        nik = Nik.parse(digits)
    except NikError as error:
        return Check("nik_consistent", Outcome.NOT_EXECUTED, reasons=("OCR_NIK_UNREADABLE",), detail=str(error))
    born, sex = fields.text("birth_date"), fields.text("sex")
    codes = nik.warnings(
        printed_birth_date=date.fromisoformat(born) if born else None,
        printed_sex="M" if sex == "M" else "F" if sex == "F" else None,
        printed_regency=fields.text("regency"),
        today=q.today,
    )
    grave = {"NIK_INVALID_DATE", "NIK_SERIAL_ZERO", "NIK_BIRTH_DATE_MISMATCH", "NIK_SEX_MISMATCH"}
    outcome = Outcome.FAIL if grave & set(codes) else Outcome.WARN if codes else Outcome.PASS
    return Check("nik_consistent", outcome, reasons=codes)


def live_face(q: Question) -> Check:
    """Is there a live face beside the card?"""
    match = q.evidence.match
    if isinstance(match, FaceNotFound) and match.reason == "FACE_NOT_FOUND":
        return Check("live_face", Outcome.FAIL, reasons=(match.reason,))
    if isinstance(match, FaceNotFound) and isinstance(q.evidence.location, CardNotFound) and not q.evidence.faces:
        return Check("live_face", Outcome.FAIL, reasons=("FACE_NOT_FOUND",))
    return Check("live_face", Outcome.PASS)


def portrait(q: Question) -> Check:
    """Is the card's portrait there, and large enough to be compared?"""
    match, limit = q.evidence.match, q.limits.min_reference_height_px
    if isinstance(match, FaceMatch):
        return _at_least("portrait", round(match.reference_height_px, 1), limit, "FACE_REFERENCE_TOO_SMALL")
    if match.reason == "FACE_REFERENCE_NOT_FOUND":
        return Check("portrait", Outcome.FAIL, None, limit, (match.reason,))
    return Check("portrait", Outcome.NOT_EXECUTED, None, limit, (match.reason,), "no faces to compare")


def face_match(q: Question) -> Check:
    """Do the live face and the portrait show one person?"""
    match, limit = q.evidence.match, q.limits.approve_face_probability
    if isinstance(match, FaceNotFound):
        return Check("face_match", Outcome.NOT_EXECUTED, None, limit, (match.reason,), "no faces to compare")
    score = round(match.probability, 4)
    if score >= limit:
        return Check("face_match", Outcome.PASS, score, limit)
    if match.reference_height_px < q.limits.min_reference_height_px:
        return Check("face_match", Outcome.WARN, score, limit, ("FACE_REFERENCE_TOO_SMALL",))
    if score >= q.limits.reject_face_probability:
        return Check("face_match", Outcome.WARN, score, limit, ("FACE_BORDERLINE",))
    return Check("face_match", Outcome.FAIL, score, limit, ("FACE_MISMATCH",))


def second_opinion(q: Question) -> Check:
    """In the borderline band, was a second engine asked?"""
    match = q.evidence.match
    if isinstance(match, FaceNotFound):
        return Check("second_opinion", Outcome.NOT_EXECUTED, reasons=(match.reason,), detail="no faces to compare")
    if match.second.value is not None:
        return Check(
            "second_opinion", Outcome.PASS, round(match.second.value, 4), detail=f"{match.second.engine} asked"
        )
    if match.second.reason == "not in doubt":
        return Check("second_opinion", Outcome.PASS, detail="not in doubt, not asked")
    return Check(
        "second_opinion", Outcome.NOT_EXECUTED, reasons=("FACE_SECOND_OPINION_MISSING",), detail=match.second.reason
    )


def two_photographs(q: Question) -> Check:
    """Are live face and portrait two photographs, not one picture twice?"""
    match, limit = q.evidence.match, q.limits.same_photo_similarity
    if isinstance(match, FaceNotFound):
        detail = "no faces to compare"
        return Check("two_photographs", Outcome.NOT_EXECUTED, None, limit, (match.reason,), detail)
    score = round(match.similarity, 4)
    failed = score > limit
    return Check(
        "two_photographs",
        Outcome.FAIL if failed else Outcome.PASS,
        score,
        limit,
        ("FRAUD_SAME_PHOTO",) if failed else (),
    )


def claim_nik(q: Question) -> Check:
    """Is the NIK the one that the booking system has?"""
    return _claimed(q, "nik", "claim_nik", "NIK_CLAIM_MISMATCH", "OCR_NIK_UNREADABLE")


def claim_birth_date(q: Question) -> Check:
    """Is the date of birth the one that the booking system has?"""
    code, unread = "NIK_BIRTH_DATE_CLAIM_MISMATCH", "OCR_BIRTH_DATE_UNREADABLE"
    return _claimed(q, "birth_date", "claim_birth_date", code, unread)


def claim_name(q: Question) -> Check:
    """Is the name the one that the booking system has?"""
    name = q.evidence.fields.text("name") if q.evidence.fields else None
    if name is None:
        return _unread(q, "claim_name", "OCR_NAME_UNREADABLE")
    compared = names.compare(q.claim.name or "", name)
    score = round(compared.similarity, 4)
    if compared.outcome is names.NameOutcome.SAME:
        return Check("claim_name", Outcome.PASS, score)
    if compared.outcome is names.NameOutcome.CLOSE:
        return Check("claim_name", Outcome.WARN, score, reasons=("NAME_CLAIM_CLOSE",))
    return Check("claim_name", Outcome.FAIL, score, reasons=("NAME_CLAIM_MISMATCH",))


_ALWAYS = (
    light, sharpness, live_face, card_found, card_in_frame, card_size, card_colour, nik_read, name_read,
    birth_date_read, second_reader, nik_consistent, portrait, face_match, second_opinion, two_photographs,
)  # fmt: skip
_ON_CLAIM = (("nik", claim_nik), ("name", claim_name), ("birth_date", claim_birth_date))


def _at_least(name: str, score: float, limit: float, code: str) -> Check:
    passed = score >= limit
    return Check(name, Outcome.PASS if passed else Outcome.FAIL, score, limit, () if passed else (code,))


def _explains(q: Question, name: str, score: float, limit: float, code: str) -> Check:
    """Poor quality fails only where something was not found or not read; else it is a remark."""
    fields = q.evidence.fields
    judged = isinstance(q.evidence.match, FaceMatch) and fields is not None and isinstance(fields.nik, Field)
    if judged:
        return Check(name, Outcome.PASS, score, limit, detail="poor, but card and faces were found and read")
    return Check(name, Outcome.FAIL, score, limit, (code,))


def _no_card(name: str) -> Check:
    return Check(name, Outcome.NOT_EXECUTED, reasons=("CARD_NOT_FOUND",), detail="no card was found")


def _unread(q: Question, name: str, code: str) -> Check:
    """A check of a value that was not read, for that reason or for want of a card."""
    if q.evidence.fields is None:
        return _no_card(name)
    return Check(name, Outcome.NOT_EXECUTED, reasons=(code,), detail="it was not read")


def _field_read(q: Question, field: str, name: str, limit: float, code: str) -> Check:
    if q.evidence.fields is None:
        return _no_card(name)
    value = getattr(q.evidence.fields, field)
    if not isinstance(value, Field):
        return Check(name, Outcome.FAIL, None, limit, (code,))
    return _at_least(name, value.confidence, limit, code)


def _claimed(q: Question, field: str, name: str, code: str, unread: str) -> Check:
    read = q.evidence.fields.text(field) if q.evidence.fields else None
    if read is None:
        return _unread(q, name, unread)
    same = read == getattr(q.claim, field)
    return Check(name, Outcome.PASS if same else Outcome.FAIL, reasons=() if same else (code,))


def _letters(text: str) -> str:
    """Letters and digits only: readers differ in spaces and stops."""
    return "".join(c for c in text.upper() if c.isalnum())
