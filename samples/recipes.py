"""Which recipe makes which kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

from samples import fraud, honest
from samples.orders import Order, Picture
from samples.other.recipes import OTHER
from samples.screens import MONITOR, PHONE

RECIPES: Mapping[str, Callable[[Order], Picture]] = MappingProxyType(
    {
        "genuine": honest.genuine,
        "impostor": fraud.impostor,
        "bw_copy": partial(fraud.copy, colour=False),
        "colour_copy": partial(fraud.copy, colour=True),
        "card_on_phone": partial(fraud.shown_on, device=PHONE),
        "card_on_monitor": partial(fraud.shown_on, device=MONITOR),
        "selfie_on_screen": partial(fraud.selfie_again, on_paper=False),
        "selfie_print": partial(fraud.selfie_again, on_paper=True),
        "cut_out_face": fraud.cut_out_face,
        "portrait_pasted": fraud.portrait_pasted,
        "edited_name": partial(fraud.edited, field="name"),
        "edited_nik": partial(fraud.edited, field="nik"),
        "nik_contradiction": fraud.nik_contradiction,
        "pasted_card": fraud.pasted_card,
        "card_face_as_selfie": fraud.card_face_as_selfie,
        "other_document": fraud.other_card,
        "two_people": fraud.two_people,
        "reupload": lambda order: fraud.reupload(order, honest.genuine),
        "illegible": honest.illegible,
        "blurred": honest.blurred,
        "dark": honest.dark,
        "over_exposed": honest.over_exposed,
        "cut_off": honest.cut_off,
        "finger_on_nik": honest.finger_on_nik,
        "finger_on_portrait": honest.finger_on_portrait,
        "no_card": honest.no_card,
        "no_face": honest.no_face,
    }
)


DEFAULT = "default"
# Ways of making a set: the attacks of `other` are made by other tools, everything else as by default.
VARIANTS: Mapping[str, Mapping[str, Callable[[Order], Picture]]] = MappingProxyType(
    {DEFAULT: RECIPES, "other": MappingProxyType({**RECIPES, **OTHER})}
)


def render(order: Order, variant: str = DEFAULT) -> Picture:
    """The picture that was ordered, made the variant's way."""
    return VARIANTS[variant][order.kind](order)
