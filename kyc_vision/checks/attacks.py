"""Questions to the cues: is this one of the known ways of deceiving?"""

from __future__ import annotations

from kyc_vision.checks.question import Question
from kyc_vision.reasons import ATTACKS
from kyc_vision.types import CardNotFound, Check, FaceNotFound, Field, Outcome, Suspicion

#: What shows outside of the print, and so on a card that cannot be read as well. The signs of the print itself are
#: fitted on legible cards: blur, a finger or a cut are none of its forgeries.
_BESIDE_THE_PRINT = frozenset({"card_on_screen", "selfie_on_screen", "selfie_printed", "paper_face"})


def attacks(q: Question) -> tuple[Check, ...]:
    """One check for each attack: is it too unlikely to stand in the way of approval by itself?

    The limit follows from the confidence that approval needs: what takes more than the rest of 1 is named as a reason.
    A picture on which nobody can be approved leaves no question open; but where it is likely that a screen or a print
    is held up, that is named all the same, since advice would coach it.
    """
    limit = round(1 - q.limits.approve_confidence, 6)
    by_attack = {one.attack: one for one in q.evidence.suspicions}
    nothing, unusable = _nothing_shown(q), _unusable(q)
    found = []
    for attack in ATTACKS:
        if nothing or (unusable and attack not in _BESIDE_THE_PRINT):
            detail = "it is asked when there are card, light and print to judge by"
            why = (nothing or unusable,)
            found.append(Check(f"no_{attack}", Outcome.NOT_EXECUTED, None, limit, why, detail))
        else:
            found.append(_attack(attack, by_attack.get(attack), limit, unusable or "FRAUD_CANNOT_TELL"))
    return tuple(found)


def _nothing_shown(q: Question) -> str:
    """Why the picture accuses nobody: no card is held up, or it is too dark to see one's print; else empty."""
    if q.evidence.quality.brightness < q.limits.min_brightness:
        return "QUALITY_TOO_DARK"
    return q.evidence.location.reason if isinstance(q.evidence.location, CardNotFound) else ""


def _unusable(q: Question) -> str:
    """Why nobody can be approved on the picture anyway; else empty."""
    match, fields, width = q.evidence.match, q.evidence.fields, q.evidence.quality.card_width_px
    if isinstance(match, FaceNotFound):
        return match.reason
    if width is not None and width < q.limits.min_card_width_px:
        return "CARD_TOO_SMALL"
    return "" if fields is not None and isinstance(fields.nik, Field) else "OCR_NIK_UNREADABLE"


def _attack(attack: str, suspicion: Suspicion | None, limit: float, why_blind: str) -> Check:
    name = f"no_{attack}"
    if suspicion is None or not suspicion.shares:
        detail = "none of its cues could tell" if suspicion else "it was not looked for"
        return Check(name, Outcome.NOT_EXECUTED, None, limit, (why_blind,), detail)
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
