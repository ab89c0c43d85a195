"""Evidence → Checks: one small function per question. What follows from an answer is for the policy."""

from __future__ import annotations

from datetime import date

from kyc_vision.checks.attacks import attacks, file_untouched
from kyc_vision.checks.claim import claim_birth_date, claim_name, claim_nik, person_requested
from kyc_vision.checks.faces import face_match, live_face, portrait, second_opinion
from kyc_vision.checks.holder import card_valid, of_age
from kyc_vision.checks.picture import card_colour, card_found, card_in_frame, card_size, light, one_card, sharpness
from kyc_vision.checks.question import Question
from kyc_vision.checks.reading import birth_date_read, name_read, nik_consistent, nik_read, second_reader
from kyc_vision.policy import Thresholds
from kyc_vision.types import Check, Claim, Evidence

_ALWAYS = (
    light, sharpness, live_face, card_found, one_card, card_in_frame, card_size, card_colour, nik_read, name_read,
    birth_date_read, second_reader, nik_consistent, card_valid, of_age, portrait, face_match,
    second_opinion, file_untouched,
)  # fmt: skip
_ON_CLAIM = (("nik", claim_nik), ("name", claim_name), ("birth_date", claim_birth_date))


def run(evidence: Evidence, claim: Claim, limits: Thresholds, today: date) -> tuple[Check, ...]:
    """Put every question to the evidence, in the order in which a reader would ask."""
    question = Question(evidence, claim, limits, today)
    checks = [*(check(question) for check in _ALWAYS), *attacks(question)]
    checks += [check(question) for field, check in _ON_CLAIM if getattr(claim, field) is not None]
    if claim.person_requested:
        checks.append(person_requested(question))
    return tuple(checks)
