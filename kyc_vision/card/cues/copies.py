"""Is the card a copy on paper: without colour, or with grains of ink in its ground?"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision import layout
from kyc_vision.card.cues.places import in_selfie
from kyc_vision.geometry import thumbnail
from kyc_vision.ink import strokes
from kyc_vision.types import Cue, Quality, RectifiedCard, cannot_tell

#: A scene whose colours spread by less, CIE a*b*, was taken in grey: no card has colour there.
MIN_SCENE_COLOUR = 3.0
#: Width to which the card is averaged for its colour: neither noise nor JPEG's coarse chroma counts then.
_SMALL_PX = 160
#: Narrower cards show no grain: a pixel is as wide as what is looked for.
MIN_WIDTH_PX = 320.0
#: The text block: left, top, right, bottom.
_BLOCK_MM = (2.0, 8.0, 59.0, 50.0)
#: Grains and blots of these sizes (standard deviations of two Gaussians): above a camera's own, below the guilloche's.
_FINE_MM, _COARSE_MM = 0.3, 0.6
#: Strokes so much darker than beside them are ink of the print; so much about them is no ground.
_INK, _BESIDE_MM, _FILL_MM = 0.12, 0.25, 0.5
_MIN_FREE_PX = 2000


def card_colour(card: RectifiedCard, quality: Quality) -> Cue:
    """How little the portrait's colour stands out from the ground's: minus ln of their CIE a*b* distance.

    The backdrop of a portrait is red or blue and the ground pale, whatever its colour; a copy in grey has one tint.
    In a scene without colour a genuine card has none either: that cannot tell.
    """
    if quality.scene_colour < MIN_SCENE_COLOUR:
        return cannot_tell("card_colour", "the whole picture has hardly any colour")
    height = round(_SMALL_PX * layout.CARD_WH_MM[1] / layout.CARD_WH_MM[0])
    small = thumbnail(card.pixels, (_SMALL_PX, height)).astype(np.float32)
    # To full exposure: a dark picture's colours are as small as its light.
    exposed = np.clip(small / np.float32(max(8.0, float(np.percentile(small, 95)))), 0, 1)
    tint = cv2.cvtColor(exposed, cv2.COLOR_RGB2LAB)[..., 1:]
    scale = _SMALL_PX / layout.CARD_WH_MM[0]
    x, y, w, h = (round(v * scale) for v in layout.PORTRAIT_MM)
    x0, y0, x1, y1 = (round(v * scale) for v in _BLOCK_MM)
    ground = np.median(tint[y0:y1, x0:x1].reshape(-1, 2), axis=0)
    away = np.linalg.norm(tint[y : y + h, x : x + w] - ground, axis=2)
    # The upper quartile: backdrop or skin, not the shirt, which may be white.
    score = round(-float(np.log(max(float(np.percentile(away, 75)), 0.1))), 3)
    return Cue("card_colour", score, in_selfie(card, layout.PORTRAIT_MM), "the portrait's colour against the ground's")


def copy_texture(card: RectifiedCard) -> Cue:
    """How grainy the colour of the ground is between the letters: ln of its spread at 0.3 to 0.6 mm.

    A printer mixes a pale blue from dots and blots of separate inks, a display from stripes: their colour varies from
    place to place where a card's smooth ground does not. Blue over green, so that light and shade cancel. A camera's
    grain in poor light counts as well: a hint, no proof.

    Source: median absolute deviation; Huber & Ronchetti, Robust Statistics, 2nd ed., §5.1.
    """
    if card.source_width_px < MIN_WIDTH_PX:
        why = f"the card is {card.source_width_px:.0f} px wide in the picture, {MIN_WIDTH_PX:.0f} are needed"
        return cannot_tell("copy_texture", why)
    pixels, px_per_mm = _block(card)
    free = _free(pixels, px_per_mm)
    if int(free.sum()) < _MIN_FREE_PX:
        return cannot_tell("copy_texture", "too little ground shows between the letters")
    logs = np.log(pixels[..., 1:].astype(np.float32) + 8)
    tint, weight = logs[..., 1] - logs[..., 0], free.astype(np.float32)
    # Under letters the ground goes on as it is about them, so that their ink reaches nowhere.
    fill = _FILL_MM * px_per_mm
    about = cv2.GaussianBlur(tint * weight, (0, 0), fill) / (cv2.GaussianBlur(weight, (0, 0), fill) + np.float32(1e-3))
    whole = np.where(free, tint, about)
    fine, coarse = (cv2.GaussianBlur(whole, (0, 0), size * px_per_mm) for size in (_FINE_MM, _COARSE_MM))
    spread = 1.4826 * float(np.median(np.abs((fine - coarse)[free])))
    x0, y0, x1, y1 = _BLOCK_MM
    place = in_selfie(card, (x0, y0, x1 - x0, y1 - y0))
    return Cue("copy_texture", round(float(np.log(spread + 1e-4)), 3), place, "the ground between the letters")


def _block(card: RectifiedCard) -> tuple[NDArray[np.uint8], float]:
    """The text block at the picture's own resolution, or the card's where that is coarser, and its px per mm."""
    x0, y0, x1, y1 = (round(v * card.px_per_mm) for v in _BLOCK_MM)
    part = card.pixels[y0:y1, x0:x1]
    scale = min(1.0, card.source_width_px / card.pixels.shape[1])
    size_wh = (round(part.shape[1] * scale), round(part.shape[0] * scale))
    small = cv2.resize(part, size_wh, interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.uint8), card.px_per_mm * scale


def _free(pixels: NDArray[np.uint8], px_per_mm: float) -> NDArray[np.bool_]:
    """(H, W) where no letter is."""
    grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    dark = strokes(grey, px_per_mm)
    ink = (dark / (grey + dark + 1.0) > _INK).astype(np.uint8)
    size = 2 * max(1, round(_BESIDE_MM * px_per_mm)) + 1
    return np.asarray(cv2.dilate(ink, np.ones((size, size), np.uint8)) == 0)
