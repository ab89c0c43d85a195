"""Which kinds are made another way here; all others are made as ever."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

from samples.orders import Order, Picture
from samples.other import again, copies, forgeries, masks, pasted, shown

OTHER: Mapping[str, Callable[[Order], Picture]] = MappingProxyType(
    {
        "bw_copy": partial(copies.copy, colour=False),
        "colour_copy": partial(copies.copy, colour=True),
        "card_on_phone": partial(shown.shown_on, standing=False),
        "card_on_monitor": partial(shown.shown_on, standing=True),
        "selfie_on_screen": partial(again.selfie_again, on_paper=False),
        "selfie_print": partial(again.selfie_again, on_paper=True),
        "cut_out_face": masks.cut_out_face,
        "portrait_pasted": forgeries.portrait_pasted,
        "edited_name": partial(forgeries.edited, field="name"),
        "edited_nik": partial(forgeries.edited, field="nik"),
        "pasted_card": pasted.pasted_card,
        "card_face_as_selfie": pasted.card_face_as_selfie,
    }
)
