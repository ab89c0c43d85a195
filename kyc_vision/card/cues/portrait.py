"""Is the portrait printed with the card, or does it lie on it: its turn against the print, a shadow along its sides."""

from __future__ import annotations

import numpy as np

from kyc_vision import layout
from kyc_vision.card.cues.places import in_selfie
from kyc_vision.card.cues.sides import Side, portrait_sides
from kyc_vision.types import Cue, RectifiedCard, cannot_tell

#: On narrower cards blur reaches as far as a shadow does.
MIN_WIDTH_PX = 320.0


def portrait_cues(card: RectifiedCard) -> tuple[Cue, Cue]:
    """portrait_turn and portrait_shadow of the rectified card."""
    if card.source_width_px < MIN_WIDTH_PX:
        why = f"the card is {card.source_width_px:.0f} px wide in the picture, {MIN_WIDTH_PX:.0f} are needed"
        return cannot_tell("portrait_turn", why), cannot_tell("portrait_shadow", why)
    sides = portrait_sides(card)
    return portrait_turn(sides, card), portrait_shadow(sides, card)


def portrait_turn(sides: dict[str, Side], card: RectifiedCard) -> Cue:
    """Degrees, 0 and up, by which the portrait's sides are turned from the print's rows and columns.

    Text and portrait are printed in one go: a portrait stuck on is level by luck only. The median of the sides, so
    that one seen badly does not decide.
    """
    if len(sides) < 2:
        return cannot_tell("portrait_turn", "fewer than two of the portrait's sides show")
    turn = float(np.median([abs(side.turn_deg) for side in sides.values()]))
    return Cue("portrait_turn", round(turn, 3), in_selfie(card, layout.PORTRAIT_MM), "the portrait's sides")


def portrait_shadow(sides: dict[str, Side], card: RectifiedCard) -> Cue:
    """How differently light the ground is close beside the left and the right side, natural logarithm, 0 and up.

    A photograph stuck on has a thickness and shades the ground on the side away from the light. Blur and a phone's
    sharpening darken or lighten both sides alike, and so cancel; a step at one side only does not.
    """
    if not {"left", "right"} <= sides.keys():
        return cannot_tell("portrait_shadow", "the portrait's left and right sides do not both show")
    left, right = sides["left"].step, sides["right"].step
    x, y, w, h = layout.PORTRAIT_MM
    darker = "left" if left < right else "right"
    box = (x - 1.0 if darker == "left" else x + w, y, 1.0, h)
    return Cue("portrait_shadow", round(abs(left - right), 4), in_selfie(card, box), f"beside its {darker} side")
