"""Pictures in which somebody deceives: one small function per kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import cv2
import numpy as np

from kyc_vision.types import Box, Pixels
from samples.attacks import black_and_white_copy, colour_copy, paper_face
from samples.backdrop import room
from samples.documents import other_document
from samples.figure import place, stand
from samples.forgery import edit_text, paste_portrait
from samples.ground import CARD_WIDTH_MM
from samples.honest import as_drawn
from samples.identity import Identity, invent
from samples.orders import Order, Picture, held, print_for
from samples.people import Photo
from samples.rephoto import photograph_again
from samples.scene import Scene, Staging, mirror
from samples.screens import PHONE, Device, on_device

#: Puts a mask of a photograph before the face of a picture.
Mask = Callable[[Photo, Pixels, Box, np.random.Generator], Pixels]


def impostor(order: Order) -> Picture:
    """Somebody holds another person's genuine card."""
    probe = order.somebody()
    return held(order, probe, order.other_person(probe), as_drawn)


def copy(order: Order, colour: bool) -> Picture:
    """The right person holds a copy on paper: with paper around it, or cut to the card."""
    probe, reference = order.pair()
    margin = 0.0 if order.rng.random() < 0.45 else float(order.rng.uniform(3, 12))
    bend = float(order.rng.uniform(0.5, 4))
    taken = order.take()
    spec = replace(taken.spec, paper_mm=margin, bend_mm=bend, glare=0.0, spot=None, grip=None)
    taken = replace(taken, spec=spec)
    identity = order.identity_of(reference)
    card = print_for(taken, identity, reference, order.seed)
    sheet = (colour_copy if colour else black_and_white_copy)(card, margin, order.seed)
    return Picture(order.hold(sheet, probe, spec), taken, probe, reference, identity)


def nik_contradiction(order: Order) -> Picture:
    """Date or sex are altered on the card, the NIK is not."""
    probe, reference = order.pair()
    taken = order.take()
    identity = order.identity_of(reference)
    if order.rng.random() < 0.6:
        identity = replace(identity, birth_date=identity.birth_date + timedelta(days=int(order.rng.integers(40, 4000))))
    else:
        identity = replace(identity, sex="F" if identity.sex == "M" else "M")
    card = print_for(taken, identity, reference, order.seed)
    return Picture(order.hold(card, probe, taken.spec), taken, probe, reference, identity)


def shown_on(order: Order, device: Device) -> Picture:
    """The card is on a display, the right person before it."""
    probe, reference = order.pair()
    taken = order.take()
    phone = device is PHONE
    pixels_per_mm = float(order.rng.uniform(12, 20) if phone else order.rng.uniform(5.5, 11))
    spec = replace(
        taken.spec,
        paper_mm=device.margin_mm,
        card_width=min(taken.spec.card_width, 0.52 if phone else 0.60),
        display_px_per_mm=pixels_per_mm,
        bend_mm=0.0,
        glare=0.04,
        spot=None,
        grip=None,
        hand=phone,
        loose=not phone,
        card_x=0.5,
    )
    taken = replace(taken, spec=spec)
    identity = order.identity_of(reference)
    sheet = on_device(print_for(taken, identity, reference, order.seed), device, order.rng)
    scene = order.hold(sheet, probe, spec)
    return Picture(scene, taken, probe, reference, identity)


def selfie_again(order: Order, on_paper: bool) -> Picture:
    """A genuine selfie, taken again from a display or from a print."""
    probe, reference = order.pair()
    first = order.take()
    small = (1080, 1440)
    spec = replace(first.spec, size_wh=small, card_width=float(order.rng.uniform(0.48, 0.6)), mirrored=False)
    first = replace(first, spec=spec)
    identity = order.identity_of(reference)
    card = print_for(first, identity, reference, order.seed)
    selfie = order.hold(card, probe, spec)
    sizes = ((1200, 1600), (1536, 2048))
    size = sizes[int(order.rng.integers(2))]
    return Picture(photograph_again(selfie, on_paper, size, order.rng), first, probe, reference, identity)


def cut_out_face(order: Order, mask_of: Callable[[Order], Mask] = lambda _: paper_face) -> Picture:
    """Somebody holds the card of another and that person's printed face before his own; mask_of says how it is made."""
    probe = order.somebody()
    reference = order.other_person(probe)
    mask = order.other_photo(reference)
    taken = order.take()
    identity = order.identity_of(reference)
    card = print_for(taken, identity, reference, order.seed)
    staging = Staging(dress=partial(mask_of(order), mask))
    scene = order.hold(card, probe, taken.spec, staging)
    return Picture(scene, taken, mask, reference, identity)


def portrait_pasted(order: Order) -> Picture:
    """Somebody glued his own photograph over the portrait of another's card."""
    probe, own = order.pair()
    holder = order.other_person(probe)
    taken = order.take()
    identity = order.identity_of(holder)
    genuine, forged = (print_for(taken, identity, photo, order.seed) for photo in (holder, own))
    card = paste_portrait(genuine, forged, bool(order.rng.random() < 0.5), order.rng)
    return Picture(order.hold(card, probe, taken.spec), taken, probe, own, identity)


def edited(order: Order, field: str) -> Picture:
    """Name or NIK were set again on a genuine card, in its own face or in another."""
    probe, reference = order.pair()
    taken = order.take()
    real = order.identity_of(reference)
    # A line of its own length: a second line would push the rows below.
    real = replace(real, name=" ".join(real.name.split()[:2])[:20])
    lie = replace(real, **{field: _lie(real, field, order)})  # type: ignore[arg-type]
    none = replace(real, **{field: ""})  # type: ignore[arg-type]
    holder, forged, blank = (print_for(taken, i, reference, order.seed) for i in (real, lie, none))
    text = str(getattr(lie, field)) if order.rng.random() < 0.5 else None
    card = edit_text(holder, forged, blank, text, order.rng)
    face = "own" if text is None else "other"
    return Picture(order.hold(card, probe, taken.spec), taken, probe, reference, lie, edit=face)


def _lie(real: Identity, field: str, order: Order) -> str:
    if field == "nik":
        # Another serial and another day of birth.
        day = int(real.nik[6:8])
        other = day % 28 + 1 + (40 if day > 40 else 0)
        return f"{real.nik[:6]}{other:02d}{real.nik[8:12]}{int(order.rng.integers(60, 999)):04d}"
    for step in range(1, 50):
        name = " ".join(invent(order.seed + step, real.sex).name.split()[:2])
        if name != real.name and len(name) <= 20:
            return name
    return "BUDI SANTOSO"


def pasted_card(order: Order) -> Picture:
    """A scan of the card put into the selfie by a program: no hand, no shadow, another noise and light."""
    probe, reference = order.pair()
    taken = order.take()
    spec = replace(
        taken.spec, pasted=True, hand=False, grip=None, bend_mm=0.0, glare=0.0, spot=None,
        yaw_deg=0.15 * taken.spec.yaw_deg, pitch_deg=0.15 * taken.spec.pitch_deg,
    )  # fmt: skip
    taken = replace(taken, spec=spec)
    identity = order.identity_of(reference)
    card = print_for(taken, identity, reference, order.seed)
    return Picture(order.hold(card, probe, spec), taken, probe, reference, identity)


def card_face_as_selfie(order: Order) -> Picture:
    """The face above the card is the card's own portrait, put there from a close-up of the print."""
    reference = order.somebody()
    taken = order.take()
    identity = order.identity_of(reference)
    card = print_for(taken, identity, reference, order.seed)
    face = _as_printed(reference, order.rng)
    return Picture(order.hold(card, face, taken.spec), taken, face, reference, identity)


def _as_printed(photo: Photo, rng: np.random.Generator) -> Photo:
    """The photograph as a close-up of the card's portrait shows it: coarse, flat, a print's screen over it."""
    height, width = photo.pixels.shape[:2]
    # A portrait is 20 mm wide and its face 12 mm; printers put 12 dots on a millimetre.
    share = float(rng.uniform(110, 170)) / photo.face[2]
    small = cv2.resize(photo.pixels, None, fx=share, fy=share, interpolation=cv2.INTER_AREA).astype(np.float32)
    grey = small.mean(axis=2, keepdims=True)
    flat = 0.86 * (0.85 * small + 0.15 * grey) + 20 + rng.normal(0, 5, small.shape[:2])[..., None]
    large = cv2.resize(flat.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    return replace(photo, pixels=np.clip(large, 0, 255).astype(np.uint8))


def other_card(order: Order) -> Picture:
    """A driving licence, a student card or a bank card instead of the e-KTP."""
    probe, reference = order.pair()
    taken = order.take()
    identity = order.identity_of(reference)
    px_per_mm = float(np.clip(1.5 * taken.spec.card_width * taken.spec.size_wh[0] / CARD_WIDTH_MM, 10, 23.6))
    card = other_document(identity, reference, px_per_mm, order.rng)
    scene = order.hold(card, probe, taken.spec)
    # The quad is the e-KTP's; of another document only the outline is known.
    return Picture(replace(scene, quad=None), taken, probe, reference, None, scene.quad)


def two_people(order: Order) -> Picture:
    """A second live face beside the holder's."""
    probe, reference = order.pair()
    second = order.other_person(probe)
    side, size = float(order.rng.choice([0.14, 0.86])), float(order.rng.uniform(0.22, 0.30))
    chin = float(order.rng.uniform(0.36, 0.5))
    rng = np.random.default_rng([order.seed, 0x22])

    def behind(size_wh: tuple[int, int]) -> Pixels:
        return stand(second, place(second, size_wh, size, side, chin), size_wh, room("wall", size_wh, rng), rng)

    taken = order.take()
    edit = replace(taken.spec, head_width=min(taken.spec.head_width, 0.30), card_x=0.5)
    taken = replace(taken, spec=edit)
    identity = order.identity_of(reference)
    card = print_for(taken, identity, reference, order.seed)
    return Picture(order.hold(card, probe, edit, Staging(behind)), taken, probe, reference, identity)


def reupload(order: Order, genuine: Callable[[Order], Picture]) -> Picture:
    """Another picture of the set once more: cropped, made smaller, perhaps mirrored, and encoded twice."""
    original = genuine(order.original or order)
    scene = original.scene
    if order.rng.random() < 0.5:
        scene = mirror(scene)
    scene = _cropped(scene, order.rng)
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(order.rng.integers(60, 85))]
    _, once = cv2.imencode(".jpg", scene.pixels[..., ::-1], quality)
    again = np.asarray(cv2.imdecode(once, cv2.IMREAD_COLOR), dtype=np.uint8)[..., ::-1]
    return replace(original, scene=replace(scene, pixels=again))


def _cropped(scene: Scene, rng: np.random.Generator) -> Scene:
    """Up to 6 % off each side, never of the card, and 0.6–1 of the size."""
    height, width = scene.pixels.shape[:2]
    assert scene.quad is not None
    low, high = np.maximum(scene.quad.min(axis=0) - 4, 0), np.minimum(scene.quad.max(axis=0) + 4, [width, height])
    x0, y0 = (int(min(v, rng.uniform(0, 0.06) * s)) for v, s in zip(low, (width, height), strict=True))
    x1, y1 = (int(max(v, s - rng.uniform(0, 0.06) * s)) for v, s in zip(high, (width, height), strict=True))
    scale = float(rng.uniform(0.6, 1.0))
    part = scene.pixels[y0:y1, x0:x1]
    wh = (round(part.shape[1] * scale), round(part.shape[0] * scale))
    sx, sy = wh[0] / part.shape[1], wh[1] / part.shape[0]
    pixels = np.asarray(cv2.resize(part, wh, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    # Pixel centres: x_small = (x + 0.5) · scale − 0.5.
    quad = ((scene.quad - [x0, y0] + 0.5) * [sx, sy] - 0.5).astype(np.float32)
    face = scene.face and ((scene.face[0] - x0) * sx, (scene.face[1] - y0) * sy, scene.face[2] * sx, scene.face[3] * sy)
    return replace(scene, pixels=pixels, quad=quad, face=face)
