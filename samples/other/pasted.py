"""Pictures put together on a computer: a card laid into a selfie, a face that is the card's own photograph."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision.types import Pixels
from samples.ground import CARD_WIDTH_MM
from samples.orders import Order, Picture, print_for
from samples.people import Photo
from samples.screens import rounded


def pasted_card(order: Order) -> Picture:
    """A card laid into the selfie: feathered, with its own JPEG history and noise, perhaps with a drawn shadow."""
    rng = order.rng
    probe, reference = order.pair()
    taken = order.take()
    shadow = float(rng.uniform(3, 7)) if rng.random() < 0.5 else 0.0
    spec = replace(
        taken.spec, pasted=True, hand=False, grip=None, bend_mm=0.0, glare=float(rng.uniform(0, 0.12)), spot=None,
        paper_mm=shadow, yaw_deg=0.3 * taken.spec.yaw_deg, pitch_deg=0.3 * taken.spec.pitch_deg,
    )  # fmt: skip
    taken = replace(taken, spec=spec)
    identity = order.identity_of(reference)
    card = print_for(taken, identity, reference, order.seed)
    shown = spec.card_width * spec.size_wh[0] / CARD_WIDTH_MM
    sheet = prepared(card, shown, shadow, rng)
    return Picture(order.hold(sheet, probe, spec), taken, probe, reference, identity)


def prepared(card: Pixels, shown_px_per_mm: float, shadow_mm: float, rng: np.random.Generator) -> Pixels:
    """(H, W, 4) uint8 RGBA: the card as it is laid in, with shadow_mm of room for a soft shadow around it.

    Args:
        card: (H, W, 4) as printed.
        shown_px_per_mm: of the picture it is laid into; noise is made as coarse as that picture's.
        shadow_mm: 0 draws none.
        rng: of blur, tone, noise, JPEG and shadow.
    """
    mm = card.shape[1] / CARD_WIDTH_MM
    soft = cv2.GaussianBlur(card[..., :3], (0, 0), float(rng.uniform(0.03, 0.12)) * mm)
    picture: NDArray[np.floating] = np.asarray(soft, dtype=np.float32)
    # Brought to the mean of a room, not to its light: one factor for each colour.
    picture *= float(rng.uniform(0.72, 1.02)) * (1 + rng.uniform(-0.06, 0.06, 3))
    small = (round(CARD_WIDTH_MM * shown_px_per_mm), round(card.shape[0] / mm * shown_px_per_mm))
    grain = cv2.resize(rng.normal(0, 1, (small[1], small[0], 3)).astype(np.float32), (card.shape[1], card.shape[0]))
    picture += float(rng.uniform(1, 6)) * grain
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(55, 92))]
    _, once = cv2.imencode(".jpg", np.clip(picture, 0, 255).astype(np.uint8)[..., ::-1], quality)
    picture = np.asarray(cv2.imdecode(once, cv2.IMREAD_COLOR), dtype=np.float32)[..., ::-1]
    # Cut a little inside the outline, then feathered.
    feather = float(rng.uniform(0.05, 0.35)) * mm
    alpha = cv2.erode(card[..., 3], np.ones((3, 3)), iterations=max(1, round(0.5 * feather)), borderValue=0)
    cover = cv2.GaussianBlur(alpha.astype(np.float32) / 255, (0, 0), feather, borderType=cv2.BORDER_CONSTANT)
    room = round(shadow_mm * mm)
    if room == 0:
        return np.dstack([np.clip(picture, 0, 255), 255 * cover]).astype(np.uint8)
    picture = np.asarray(cv2.copyMakeBorder(picture, room, room, room, room, cv2.BORDER_REPLICATE))
    cover = cv2.copyMakeBorder(cover, room, room, room, room, cv2.BORDER_CONSTANT, value=0)
    move = np.array([[1, 0, rng.uniform(-0.3, 0.3) * room], [0, 1, rng.uniform(0.1, 0.4) * room]])
    cast = cv2.warpAffine(cover, move, (cover.shape[1], cover.shape[0]))
    cast = float(rng.uniform(0.25, 0.55)) * cv2.GaussianBlur(cast, (0, 0), 0.22 * room)
    # It ends before the sheet does, or its own edge would be seen.
    rim = cv2.GaussianBlur(rounded((cover.shape[1], cover.shape[0]), 1.2 * room), (0, 0), 0.15 * room) / np.float32(255)
    cast *= np.clip((rim - 0.5) * 2, 0, 1)
    whole = cover + (1 - cover) * cast
    colour = picture * (cover / np.maximum(whole, 1e-3))[..., None]
    return np.dstack([np.clip(colour, 0, 255), 255 * whole]).astype(np.uint8)


def card_face_as_selfie(order: Order) -> Picture:
    """The face above the card is the card's portrait: enlarged and sharpened, or the original it was printed from."""
    rng = order.rng
    reference = order.somebody()
    taken = order.take()
    identity = order.identity_of(reference)
    card = print_for(taken, identity, reference, order.seed)
    face = reference if rng.random() < 0.5 else enlarged(reference, rng)
    return Picture(order.hold(card, face, taken.spec), taken, face, reference, identity)


def enlarged(photo: Photo, rng: np.random.Generator) -> Photo:
    """The photograph from a close-up of its print, made large again as an enlarging program does: smooth and sharp."""
    height, width = photo.pixels.shape[:2]
    share = float(rng.uniform(70, 200)) / photo.face[2]
    small = cv2.resize(photo.pixels, None, fx=min(share, 1.0), fy=min(share, 1.0), interpolation=cv2.INTER_AREA)
    noisy = small.astype(np.float32) * 0.88 + 16 + rng.normal(0, 4, small.shape[:2])[..., None]
    calm = cv2.bilateralFilter(np.clip(noisy, 0, 255).astype(np.uint8), 7, 26, 3)
    large = cv2.resize(calm, (width, height), interpolation=cv2.INTER_LANCZOS4).astype(np.float32)
    reach = 0.8 * width / small.shape[1]
    large += float(rng.uniform(0.6, 1.6)) * (large - cv2.GaussianBlur(large, (0, 0), reach))
    return replace(photo, pixels=np.clip(large, 0, 255).astype(np.uint8))
