"""Checks put to made-up evidence: one changed thing at a time."""

from datetime import date

from kyc_vision import checks
from kyc_vision.types import (
    CardNotFound,
    Check,
    Claim,
    FaceNotFound,
    Outcome,
)
from tests.fakes import (
    card_fields,
    evidence,
    limits,
    quality,
)

TODAY = date(2026, 11, 24)
PASS, WARN, FAIL, NOT_EXECUTED = Outcome.PASS, Outcome.WARN, Outcome.FAIL, Outcome.NOT_EXECUTED
LIMITS = limits(
    min_brightness=30.0,
    max_brightness=230.0,
    min_sharpness=0.2,
    min_location_confidence=0.3,
    min_card_width_px=280.0,
    max_cut_off=0.03,
    min_card_colour=6.0,
    min_scene_colour=6.0,
    min_nik_confidence=0.9,
    min_name_confidence=0.5,
    min_birth_date_confidence=0.5,
    min_validity_confidence=0.5,
    min_age_years=18.0,
    min_reference_height_px=50.0,
    approve_face_probability=0.9,
    reject_face_probability=0.1,
)
NO_CARD = {
    "location": CardNotFound("CARD_NOT_FOUND"),
    "card": None,
    "fields": None,
    "quality": quality(card_width_px=None, card_colour=None),
    "match": FaceNotFound("CARD_NOT_FOUND"),
}


def answers(claim: Claim | None = None, today: date = TODAY, **changes) -> dict[str, Check]:
    found = checks.run(evidence(**changes), claim or Claim(), LIMITS, today)
    assert len({check.name for check in found}) == len(found)
    return {check.name: check for check in found}


def answer(name: str, claim: Claim | None = None, **changes) -> tuple[Outcome, tuple[str, ...]]:
    check = answers(claim, **changes)[name]
    return check.outcome, check.reasons


def fields_with(**changes):
    return {"fields": card_fields(**changes)}
