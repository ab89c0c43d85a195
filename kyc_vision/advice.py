"""What to do better, and where in the picture: for customers whose picture has to be taken again.

Only a retake is advised. What goes to a person or is refused may be an attack, and an attack is never coached.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType

import cv2
import numpy as np

from kyc_vision import layout, reasons
from kyc_vision.card.cues.places import in_selfie
from kyc_vision.geometry import corners
from kyc_vision.types import (
    Box,
    CardLocation,
    Check,
    Decision,
    Evidence,
    FaceMatch,
    Polygon,
    RectifiedCard,
    Verification,
    polygon,
)

#: Reason → what it says with numbers, in both languages; {have}, {need} and {side} are filled in.
_TEXTS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    tomllib.loads(resources.files(__package__).joinpath("advice.toml").read_text(encoding="utf-8"))
)
_SIDES = {"left": "kiri", "right": "kanan", "top": "atas", "bottom": "bawah"}
#: A pixel that glares is nearly white in every channel; a spot is this large at least, mm²: a dozen letters of a value.
_GLARE_LUMA, _GLARE_MM2 = 247, 12.0
#: Where on the card a value that could not be read stands.
_READ_AT: Mapping[str, str] = {
    "OCR_NIK_UNREADABLE": "nik",
    "OCR_NAME_UNREADABLE": "name",
    "OCR_BIRTH_DATE_UNREADABLE": "birth_place",
    "OCR_VALID_UNTIL_UNREADABLE": "valid_until",
}
_OF_PORTRAIT = {"FACE_REFERENCE_NOT_FOUND", "FACE_REFERENCE_TOO_SMALL"}


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to do better.

    Attributes:
        code: the reason that it answers.
        text_id, text_en: what was found, with numbers, and what to do, in Indonesian and English.
        place: where in the picture, corners in px of the upright selfie; None where it is no one place.
    """

    code: str
    text_id: str
    text_en: str
    place: Polygon | None


def advice(verification: Verification) -> tuple[Advice, ...]:
    """One for each reason that a customer may see, gravest first; empty unless the picture is to be taken again."""
    verdict, evidence = verification.verdict, verification.evidence
    if verdict.decision is not Decision.RETAKE:
        return ()
    found = []
    for code in verdict.reasons:
        reason = reasons.get(code)
        if not reasons.Audience.CUSTOMER.may_see(reason) or not reason.retryable:
            continue
        check = next(one for one in verdict.checks if code in one.reasons)
        place = _place(code, evidence)
        glare = _glare(evidence.card) if code.startswith("OCR_") or code == "FACE_REFERENCE_NOT_FOUND" else None
        numbers = _numbers("GLARE" if glare else code, check)
        found.append(Advice(code, f"{numbers[0]}{reason.next_id}", f"{numbers[1]}{reason.next_en}", glare or place))
    return tuple(found)


def _numbers(key: str, check: Check) -> tuple[str, str]:
    """What was found, with numbers, in Indonesian and English; empty where the reason's own text says enough."""
    texts = _TEXTS.get(key)
    if texts is None:
        return "", ""
    sides = [side for side in _SIDES if side in check.detail]
    values = {"have": round(check.score or 0), "need": round(check.threshold or 0)}
    return (
        texts["id"].format(**values, side=" dan ".join(_SIDES[side] for side in sides)) + " ",
        texts["en"].format(**values, side=" and ".join(sides)) + " ",
    )


def _place(code: str, evidence: Evidence) -> Polygon | None:
    """Where in the picture a reason has its cause."""
    card = evidence.card
    if code in _READ_AT and card is not None:
        return in_selfie(card, _line_mm(_READ_AT[code], card))
    if code in _OF_PORTRAIT and card is not None:
        return in_selfie(card, layout.PORTRAIT_MM)
    if code.startswith("CARD_") and isinstance(evidence.location, CardLocation):
        return polygon(evidence.location.quad)
    if code in {"FACE_TOO_SMALL", "FACE_SEVERAL", "QUALITY_BLURRED"} and evidence.faces:
        match = evidence.match
        return polygon(corners((match.probe if isinstance(match, FaceMatch) else evidence.faces[0]).box))
    return None


def _line_mm(field: str, card: RectifiedCard) -> Box:
    """Box of a value's line: the NIK's own, or a row as the wrapped ones above it push it."""
    high = layout.ROW_PITCH_MM
    if field == "nik":
        return layout.NIK_X_MM, layout.NIK_Y_MM - high / 2, layout.NIK_END_X_MM - layout.NIK_X_MM, high
    centre = layout.row_centres_mm(card.wrapped)[field]
    return layout.VALUE_X_MM, centre - high / 2, layout.VALUE_END_X_MM - layout.VALUE_X_MM, high


def _glare(card: RectifiedCard | None) -> Polygon | None:
    """The largest spot on the card that shines white, its bounding box; None where there is none."""
    if card is None:
        return None
    white = np.all(card.pixels >= _GLARE_LUMA, axis=2).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(white, connectivity=8)
    if count < 2:
        return None
    x, y, w, h, area = (int(v) for v in stats[1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())])
    if area < _GLARE_MM2 * card.px_per_mm**2:
        return None
    left, top, wide, high = (v / card.px_per_mm for v in (x, y, w, h))
    return in_selfie(card, (left, top, wide, high))
