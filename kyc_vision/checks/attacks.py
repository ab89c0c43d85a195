"""Questions to the cues: is this one of the known ways of deceiving?"""

from __future__ import annotations

from kyc_vision.checks.question import Question
from kyc_vision.reasons import ATTACKS
from kyc_vision.types import CardNotFound, Check, FaceNotFound, Field, Outcome, Suspicion


def attacks(q: Question) -> tuple[Check, ...]:
    """One check for each attack: is it too unlikely to stand in the way of approval by itself?

    The limit follows from the confidence that approval needs: what takes more than the rest of 1 is named as a reason.
    """
    limit = round(1 - q.limits.approve_confidence, 6)
    by_attack = {one.attack: one for one in q.evidence.suspicions}
    why = _nothing_to_judge(q)
    if why:
        detail = "it is asked when card, faces and number are there"
        return tuple(Check(f"no_{attack}", Outcome.NOT_EXECUTED, None, limit, (why,), detail) for attack in ATTACKS)
    return tuple(_attack(attack, by_attack.get(attack), limit) for attack in ATTACKS)


def _nothing_to_judge(q: Question) -> str:
    """Why nobody could be approved on this picture anyway; empty where somebody could.

    A picture without a card or a face, or too poor to be read, proves nothing to anybody: it is asked for again.
    """
    if q.evidence.quality.brightness < q.limits.min_brightness:
        return "QUALITY_TOO_DARK"
    location, match, fields = q.evidence.location, q.evidence.match, q.evidence.fields
    if isinstance(location, CardNotFound):
        return location.reason
    if isinstance(match, FaceNotFound):
        return match.reason
    if fields is None or not isinstance(fields.nik, Field):
        return "OCR_NIK_UNREADABLE"
    return ""


def _attack(attack: str, suspicion: Suspicion | None, limit: float) -> Check:
    name = f"no_{attack}"
    if suspicion is None or not suspicion.shares:
        detail = "none of its cues could tell" if suspicion else "it was not looked for"
        return Check(name, Outcome.NOT_EXECUTED, None, limit, ("FRAUD_CANNOT_TELL",), detail)
    score = round(suspicion.probability, 4)
    detail = "; ".join(f"{cue.name} ({ratio:+.1f}): {cue.detail}" for cue, ratio in suspicion.shares if cue.detail)
    if suspicion.probability <= limit:
        return Check(name, Outcome.PASS, score, limit, detail=detail)
    return Check(name, Outcome.FAIL, score, limit, (ATTACKS[attack],), detail)


def file_untouched(q: Question) -> Check:
    """Does the file itself say that it is a screenshot, or that a program which changes pictures wrote it?

    No rate was measured, so nothing is weighed: a file's own word sends the case to a person, and its silence says
    nothing either way.
    """
    limit = q.limits.max_file_facts
    cue = next((one for one in q.evidence.cues if one.name == "file_facts"), None)
    if cue is None or cue.score is None:
        return Check("file_untouched", Outcome.PASS, None, limit, detail="the file says nothing of where it comes from")
    if cue.score > limit:
        return Check("file_untouched", Outcome.FAIL, cue.score, limit, ("FRAUD_FILE_EDITED",), cue.detail)
    return Check("file_untouched", Outcome.PASS, cue.score, limit, detail=cue.detail)
