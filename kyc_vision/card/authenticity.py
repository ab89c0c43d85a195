"""Is it the card itself, untouched, that is held into the picture? Cues of its print and of what is around it."""

from __future__ import annotations

from kyc_vision.card.cues.copies import card_colour, copy_texture
from kyc_vision.card.cues.corners import card_corners
from kyc_vision.card.cues.frame import card_frame
from kyc_vision.card.cues.ground import ground_patch
from kyc_vision.card.cues.held import card_held
from kyc_vision.card.cues.moire import card_moire
from kyc_vision.card.cues.portrait import portrait_cues
from kyc_vision.card.cues.rows import value_lines
from kyc_vision.card.cues.skin import holder
from kyc_vision.card.cues.surround import surround
from kyc_vision.card.print_cues import MIN_WIDTH_PX, print_cues
from kyc_vision.types import CardFields, CardLocation, Cue, Face, Image, Quality, RectifiedCard


def scene_cues(selfie: Image, faces: tuple[Face, ...], location: CardLocation, card: RectifiedCard) -> tuple[Cue, ...]:
    """Cues of the card against the scene around it, measurable or not.

    Args:
        selfie: the upright picture.
        faces: every face in it, the card's portrait among them.
        location: where the card lies.
        card: the rectified card.
    """
    around = surround(selfie.pixels, location, card)
    who = holder(selfie.pixels, faces, location.quad)
    return (
        card_frame(around),
        card_corners(around, card.source_width_px),
        card_held(around, card.source_width_px, who),
    )


def card_cues(card: RectifiedCard, fields: CardFields, quality: Quality) -> tuple[Cue, ...]:
    """Cues of the card's own print, measurable or not.

    Args:
        card: the rectified card.
        fields: what was read on it: in which shapes it is printed can be asked only where it is known.
        quality: of the picture: where the scene has no colour, a card without any says nothing.
    """
    # Both are asked on wider cards only, and of the same lines.
    lines = value_lines(card) if card.source_width_px >= MIN_WIDTH_PX else []
    return (
        *print_cues(card, fields, lines),
        *portrait_cues(card),
        ground_patch(card, lines),
        copy_texture(card),
        card_colour(card, quality),
        card_moire(card),
    )
