"""Is it the card itself that is held into the picture? Cues of the card against the scene around it."""

from __future__ import annotations

from kyc_vision.card.cues.corners import card_corners
from kyc_vision.card.cues.frame import card_frame
from kyc_vision.card.cues.held import card_held
from kyc_vision.card.cues.skin import holder
from kyc_vision.card.cues.surround import surround
from kyc_vision.types import CardFields, CardLocation, Cue, Face, Image, RectifiedCard


def authenticity_cues(
    selfie: Image,
    faces: tuple[Face, ...],
    location: CardLocation,
    card: RectifiedCard,
    fields: CardFields,  # noqa: ARG001 - of the cues of the card's own print, which follow
) -> tuple[Cue, ...]:
    """Every cue, measurable or not.

    Args:
        selfie: the upright picture.
        faces: every face in it, the card's portrait among them.
        location: where the card lies.
        card: the rectified card.
        fields: what was read on it.
    """
    around = surround(selfie.pixels, location, card)
    who = holder(selfie.pixels, faces, location.quad)
    return (
        card_frame(around),
        card_corners(around, card.source_width_px),
        card_held(around, card.source_width_px, who),
    )
