"""Questions to the photograph and the card in it."""

from __future__ import annotations

from kyc_vision.checks.question import Question, at_least, explains, no_card
from kyc_vision.types import CardLocation, CardNotFound, Check, Outcome


def light(q: Question) -> Check:
    """Is the picture neither too dark nor too bright to be judged?"""
    score = q.evidence.quality.brightness
    if score < q.limits.min_brightness:
        # Even where everything could be read: colours and textures of a copy cannot be judged in the dark.
        return Check("light", Outcome.FAIL, score, q.limits.min_brightness, ("QUALITY_TOO_DARK",))
    if score > q.limits.max_brightness:
        return explains(q, "light", score, q.limits.max_brightness, "QUALITY_TOO_BRIGHT")
    return Check("light", Outcome.PASS, score, q.limits.min_brightness)


def sharpness(q: Question) -> Check:
    """Is the picture sharp enough to be judged?"""
    score, limit = q.evidence.quality.sharpness, q.limits.min_sharpness
    if score < limit:
        return explains(q, "sharpness", score, limit, "QUALITY_BLURRED")
    return Check("sharpness", Outcome.PASS, score, limit)


def card_found(q: Question) -> Check:
    """Is there an e-KTP, and is its place certain?"""
    location, limit = q.evidence.location, q.limits.min_location_confidence
    if isinstance(location, CardNotFound):
        corners = ", ".join(f"({x:.0f}, {y:.0f})" for x, y in location.other)
        detail = f"another card is at {corners}" if corners else ""
        return Check("card_found", Outcome.FAIL, 0.0, limit, (location.reason,), detail)
    return at_least("card_found", location.confidence, limit, "CARD_UNSURE")


def card_in_frame(q: Question) -> Check:
    """Does the whole card lie inside the picture?"""
    location, limit = q.evidence.location, q.limits.max_cut_off
    if not isinstance(location, CardLocation):
        return no_card("card_in_frame")
    width, height = q.evidence.image.size_wh
    low, high = location.quad.min(axis=0), location.quad.max(axis=0)
    beyond = {"left": -low[0], "top": -low[1], "right": high[0] - (width - 1), "bottom": high[1] - (height - 1)}
    card_width = q.evidence.quality.card_width_px or 1.0
    score = round(max(0.0, float(max(beyond.values()))) / card_width, 4)
    if score <= limit:
        return Check("card_in_frame", Outcome.PASS, score, limit)
    sides = [side for side, px in beyond.items() if px / card_width > limit]
    detail = f"cut off at the picture's {' and '.join(sides)}"
    return Check("card_in_frame", Outcome.FAIL, score, limit, ("CARD_CUT_OFF",), detail)


def one_card(q: Question) -> Check:
    """Is there only one e-KTP in the picture?"""
    location = q.evidence.location
    if not isinstance(location, CardLocation):
        return no_card("one_card")
    if location.several:
        return Check("one_card", Outcome.FAIL, None, None, ("CARD_SEVERAL",), "another e-KTP is in the picture")
    return Check("one_card", Outcome.PASS)


def card_size(q: Question) -> Check:
    """Is the card large enough in the picture for its print to be read?"""
    width = q.evidence.quality.card_width_px
    if width is None:
        return no_card("card_size")
    return at_least("card_size", width, q.limits.min_card_width_px, "CARD_TOO_SMALL")


def card_colour(q: Question) -> Check:
    """Does the card have colours, as a print from a registry has, where the scene around it has some?"""
    quality, limit = q.evidence.quality, q.limits.min_card_colour
    if quality.card_colour is None:
        return no_card("card_colour")
    if quality.card_colour >= limit:
        return Check("card_colour", Outcome.PASS, quality.card_colour, limit)
    if quality.brightness < q.limits.min_brightness:
        detail = "too dark to see colours"
        return Check("card_colour", Outcome.NOT_EXECUTED, None, limit, ("QUALITY_TOO_DARK",), detail)
    if quality.scene_colour < q.limits.min_scene_colour:
        detail = "the whole picture has no colour"
        return Check("card_colour", Outcome.NOT_EXECUTED, None, limit, ("FRAUD_COLOUR_UNKNOWN",), detail)
    return Check("card_colour", Outcome.FAIL, quality.card_colour, limit, ("FRAUD_MONOCHROME_COPY",))
