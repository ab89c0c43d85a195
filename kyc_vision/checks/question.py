"""What every check is given, and the answers that several give alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kyc_vision.ocr.nik import completed_years
from kyc_vision.policy import Thresholds
from kyc_vision.types import Check, Claim, Evidence, FaceMatch, Field, NotRead, Outcome

#: Who would be older was not born on that day: it was misread or made up. Nobody has been proved to live past 122, and
#: of those who pass 110 there are a few hundred in the world.
OLDEST = 110


@dataclass(frozen=True, slots=True)
class Question:
    """What every check is given."""

    evidence: Evidence
    claim: Claim
    limits: Thresholds
    today: date


def sure(value: Field | NotRead, limit: float) -> bool:
    """Whether a value was read with that confidence."""
    return isinstance(value, Field) and value.confidence >= limit


def printed_birth_date(q: Question) -> date | None:
    """The date of birth as it is printed; None where it was not read with certainty or nobody alive can have it."""
    value = q.evidence.fields.birth_date if q.evidence.fields else None
    if not isinstance(value, Field) or not sure(value, q.limits.min_birth_date_confidence):
        return None
    born = date.fromisoformat(value.text)
    return born if 0 <= completed_years(born, q.today) <= OLDEST else None


def at_least(name: str, score: float, limit: float, code: str) -> Check:
    """Pass when the score reaches the limit, else fail for that reason."""
    passed = score >= limit
    return Check(name, Outcome.PASS if passed else Outcome.FAIL, score, limit, () if passed else (code,))


def explains(q: Question, name: str, score: float, limit: float, code: str) -> Check:
    """Poor quality fails only where something was not found or not read; else it is a remark."""
    fields = q.evidence.fields
    judged = isinstance(q.evidence.match, FaceMatch) and fields is not None and isinstance(fields.nik, Field)
    if judged:
        return Check(name, Outcome.PASS, score, limit, detail="poor, but card and faces were found and read")
    return Check(name, Outcome.FAIL, score, limit, (code,))


def no_card(name: str) -> Check:
    """A check that could not be executed for want of a card."""
    return Check(name, Outcome.NOT_EXECUTED, reasons=("CARD_NOT_FOUND",), detail="no card was found")


def unread(q: Question, name: str, code: str) -> Check:
    """A check of a value that was not read, for that reason or for want of a card."""
    if q.evidence.fields is None:
        return no_card(name)
    return Check(name, Outcome.NOT_EXECUTED, reasons=(code,), detail="it was not read well enough")
