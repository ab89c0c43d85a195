"""Questions to the faces."""

from __future__ import annotations

from kyc_vision.checks.question import Question, at_least
from kyc_vision.geometry import centre, contains
from kyc_vision.types import CardLocation, Check, FaceMatch, FaceNotFound, Outcome

#: Another face this large, as a share of the live one's height, may be the customer's as well.
SEVERAL_SHARE = 0.6


def live_face(q: Question) -> Check:
    """Is there one live face beside the card?"""
    match, location = q.evidence.match, q.evidence.location
    if isinstance(match, FaceNotFound):
        if match.reason == "FACE_TOO_SMALL":
            return Check("live_face", Outcome.FAIL, reasons=(match.reason,))
        missing = match.reason == "FACE_NOT_FOUND" or not q.evidence.faces
        if missing:
            return Check("live_face", Outcome.FAIL, reasons=("FACE_NOT_FOUND",))
        return Check("live_face", Outcome.PASS)
    least = SEVERAL_SHARE * match.probe.box[3]
    others = [face for face in q.evidence.faces if face.box[3] >= least and face is not match.probe]
    if isinstance(location, CardLocation):
        others = [face for face in others if not contains(location.quad, centre(face.box))]
    if others:
        return Check("live_face", Outcome.WARN, float(len(others) + 1), 1.0, ("FACE_SEVERAL",))
    return Check("live_face", Outcome.PASS)


def portrait(q: Question) -> Check:
    """Is the card's portrait there, and large enough to be compared?"""
    match, limit = q.evidence.match, q.limits.min_reference_height_px
    if isinstance(match, FaceMatch):
        return at_least("portrait", round(match.reference_height_px, 1), limit, "FACE_REFERENCE_TOO_SMALL")
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
    if q.evidence.quality.brightness < q.limits.min_brightness:
        return Check("face_match", Outcome.WARN, score, limit, ("QUALITY_TOO_DARK",), "too dark to tell faces apart")
    # Of true pairs that are seen badly many look like strangers: nobody is refused for a poor picture.
    seen_well = match.probe.confidence >= q.limits.min_probe_confidence and match.trust == 1.0
    if score >= q.limits.reject_face_probability or not seen_well:
        return Check("face_match", Outcome.WARN, score, limit, ("FACE_BORDERLINE",))
    return Check("face_match", Outcome.FAIL, score, limit, ("FACE_MISMATCH",))


def second_opinion(q: Question) -> Check:
    """In the borderline band, was a second engine asked, and does it agree?"""
    match = q.evidence.match
    if isinstance(match, FaceNotFound):
        return Check("second_opinion", Outcome.NOT_EXECUTED, reasons=(match.reason,), detail="no faces to compare")
    if match.second.value is not None and match.second.contradicts:
        value, detail = round(match.second.value, 4), f"{match.second.engine} says the opposite"
        return Check("second_opinion", Outcome.WARN, value, reasons=("FACE_SECOND_OPINION_DISAGREES",), detail=detail)
    if match.second.value is not None:
        return Check(
            "second_opinion", Outcome.PASS, round(match.second.value, 4), detail=f"{match.second.engine} asked"
        )
    if match.second.reason == "not in doubt":
        return Check("second_opinion", Outcome.PASS, detail="not in doubt, not asked")
    return Check(
        "second_opinion", Outcome.NOT_EXECUTED, reasons=("FACE_SECOND_OPINION_MISSING",), detail=match.second.reason
    )
