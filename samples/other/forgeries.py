"""Cards that were genuine once, changed on a computer and printed anew on plastic, or under a film or a strip."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision.types import Pixels
from samples.forgery import Window, changed
from samples.ground import CARD_WIDTH_MM
from samples.identity import Identity, invent
from samples.orders import Order, Picture, print_for

Float = NDArray[np.float32]


def portrait_pasted(order: Order) -> Picture:
    """Somebody put his own photograph over the portrait of another's card: by computer, or on a film."""
    rng = order.rng
    probe, own = order.pair()
    holder = order.other_person(probe)
    taken = order.take()
    identity = order.identity_of(holder)
    genuine, forged = (print_for(taken, identity, photo, order.seed) for photo in (holder, own))
    card = swapped(genuine, forged, rng) if rng.random() < 0.65 else under_film(genuine, forged, rng)
    return Picture(order.hold(card, probe, taken.spec), taken, probe, own, identity)


def swapped(holder: Pixels, forged: Pixels, rng: np.random.Generator) -> Pixels:
    """(H, W, 4): the portrait replaced on a computer, its tone brought to the old one's, all printed on a new card.

    Args:
        holder: (H, W, 4) the genuine print.
        forged: the same print but for the portrait.
        rng: of softness, resolution and print.
    """
    left, top, right, bottom = changed(holder, forged)
    mm = holder.shape[1] / CARD_WIDTH_MM
    old = holder[top:bottom, left:right, :3].astype(np.float32)
    new: Float = forged[top:bottom, left:right, :3].astype(np.float32)
    share = float(rng.uniform(0.3, 0.9))
    if rng.random() < 0.6:
        small = cv2.resize(new, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
        new = np.asarray(cv2.resize(small, (right - left, bottom - top), interpolation=cv2.INTER_CUBIC), np.float32)
    else:
        new = np.asarray(new + share * (new - cv2.GaussianBlur(new, (0, 0), 0.08 * mm)), np.float32)
    spread = old.std(axis=(0, 1)) / np.maximum(new.std(axis=(0, 1)), 1)
    matched = (new - new.mean(axis=(0, 1))) * (0.5 + 0.5 * spread) + 0.5 * (
        new.mean(axis=(0, 1)) + old.mean(axis=(0, 1))
    )
    feather = float(rng.uniform(0.05, 0.5)) * mm
    cover = np.zeros(holder.shape[:2], np.float32)
    inset = round(feather)
    cover[top + inset : bottom - inset, left + inset : right - inset] = 1
    cover = np.asarray(cv2.GaussianBlur(cover, (0, 0), max(0.5, feather / 2)), dtype=np.float32)[..., None]
    result = holder.astype(np.float32)
    sheet = result[..., :3].copy()
    sheet[top:bottom, left:right] = np.clip(matched, 0, 255)
    result[..., :3] = result[..., :3] * (1 - cover) + sheet * cover
    return printed_anew(np.clip(result, 0, 255).astype(np.uint8), rng)


def under_film(holder: Pixels, forged: Pixels, rng: np.random.Generator) -> Pixels:
    """(H, W, 4): a thin printed film over the whole right part, its ends just seen; portrait and ground are on it."""
    height, width = holder.shape[:2]
    mm = width / CARD_WIDTH_MM
    start = float(rng.uniform(0.685, 0.705)) * width
    low, high = float(rng.uniform(0.0, 0.17)) * height, float(rng.uniform(0.68, 1.0)) * height
    cover = np.zeros((height, width), np.float32)
    cover[round(low) : round(high), round(start) :] = 1
    dx, dy = (float(v) for v in rng.uniform(-0.35, 0.35, 2) * mm)
    move = np.array([[1, 0, dx], [0, 1, dy]])
    moved = cv2.warpAffine(forged[..., :3], move, (width, height), borderMode=cv2.BORDER_REPLICATE)
    film: NDArray[np.floating] = np.asarray(moved, dtype=np.float32)
    film = np.asarray(cv2.GaussianBlur(film, (0, 0), float(rng.uniform(0.03, 0.09)) * mm))
    film = (film - 120) * float(rng.uniform(0.9, 1.08)) + 120 + rng.uniform(-7, 7) + rng.uniform(-4, 4, 3)
    ends = cover - cv2.erode(cover, np.ones((3, 3)), iterations=max(1, round(0.06 * mm)), borderValue=1)
    alpha = cv2.GaussianBlur(cover, (0, 0), max(0.5, 0.03 * mm))[..., None]
    result = holder.astype(np.float32)
    result[..., :3] = result[..., :3] * (1 - alpha) + film * alpha
    result[..., :3] += float(rng.uniform(-25, 35)) * cv2.GaussianBlur(ends, (0, 0), 0.04 * mm)[..., None]
    return np.clip(result, 0, 255).astype(np.uint8)


def edited(order: Order, field: str) -> Picture:
    """Name or NIK set again on a computer or on a strip; in half of them only single letters or digits."""
    rng = order.rng
    probe, reference = order.pair()
    taken = order.take()
    real = order.identity_of(reference)
    real = replace(real, name=" ".join(real.name.split()[:2])[:20])
    single = bool(rng.random() < 0.5)
    lie = replace(real, **{field: _lie(real, field, single, order)})  # type: ignore[arg-type]
    none = replace(real, **{field: ""})  # type: ignore[arg-type]
    holder, forged, blank = (print_for(taken, i, reference, order.seed) for i in (real, lie, none))
    by_strip = rng.random() < 0.35
    card = on_strip(holder, forged, blank, rng) if by_strip else retouched(holder, forged, blank, rng)
    return Picture(order.hold(card, probe, taken.spec), taken, probe, reference, lie, edit="own")


def retouched(holder: Pixels, forged: Pixels, blank: Pixels, rng: np.random.Generator) -> Pixels:
    """(H, W, 4): the old ink under ground stamped from beside it, new ink of another darkness in its place.

    Args:
        holder: (H, W, 4) the genuine print.
        forged: the same print but for that line.
        blank: the same print without it.
        rng: of brush, ink and print.
    """
    mm = holder.shape[1] / CARD_WIDTH_MM
    old, new = _ink(holder, blank), _ink(forged, blank)
    # Only where the two lines differ is anything touched, with a brush's margin.
    touched = cv2.dilate((np.abs(old - new) > 0.15).astype(np.float32), np.ones((3, 3)))
    brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * round(0.45 * mm) + 1,) * 2)
    touched = np.asarray(cv2.GaussianBlur(cv2.dilate(touched, brush), (0, 0), max(0.6, 0.1 * mm)), np.float32)[
        ..., None
    ]
    dx, dy = (float(v) for v in rng.choice([-1, 1], 2) * rng.uniform(0.4, 1.6, 2) * mm)
    move = np.array([[1, 0, dx], [0, 1, dy]])
    size = (holder.shape[1], holder.shape[0])
    ground = cv2.warpAffine(blank[..., :3], move, size, borderMode=cv2.BORDER_REPLICATE).astype(np.float32)
    # What is stamped from beside the line has the line's own ground, and none of the letters of the next one.
    letters = cv2.warpAffine(_letters(blank), move, size, borderMode=cv2.BORDER_REPLICATE)
    clean = np.clip(cv2.GaussianBlur(letters, (0, 0), 0.1 * mm) * 3, 0, 1)[..., None]
    ground = ground * (1 - clean) + blank[..., :3] * clean
    soft = float(rng.uniform(0.0, 0.08)) * mm
    fresh = cv2.GaussianBlur(new, (0, 0), soft) if soft > 0.3 else new
    fresh = np.clip(fresh * float(rng.uniform(0.8, 1.15)), 0, 1)[..., None]
    tone = float(rng.uniform(10, 66)) + rng.uniform(-4, 4, 3)
    result = holder.astype(np.float32)
    line = ground * (1 - fresh) + tone * fresh
    result[..., :3] = result[..., :3] * (1 - touched) + line * touched
    card = np.clip(result, 0, 255).astype(np.uint8)
    return printed_anew(card, rng) if rng.random() < 0.6 else card


def on_strip(holder: Pixels, forged: Pixels, blank: Pixels, rng: np.random.Generator) -> Pixels:
    """(H, W, 4): the line on a strip of film or sticker of its own tone, glued over the old one."""
    mm = holder.shape[1] / CARD_WIDTH_MM
    lines = [changed(holder, blank), changed(forged, blank)]
    box = _around(lines, (0.25 * mm, float(rng.uniform(0.25, 0.5)) * mm), holder)
    left, top, right, bottom = box
    strip: NDArray[np.floating] = forged[top:bottom, left:right, :3].astype(np.float32)
    if rng.random() < 0.5:
        # A sticker: plain ground of the card's mean colour.
        plain = np.median(blank[top:bottom, left:right, :3].reshape(-1, 3), axis=0)
        ink = _ink(forged, blank)[top:bottom, left:right, None]
        strip = np.asarray(plain * (1 - ink) + 30 * ink, np.float32)
    strip = strip + float(rng.uniform(-12, 14)) + rng.uniform(-5, 5, 3)
    layer = np.dstack([np.clip(strip, 0, 255), np.full(strip.shape[:2], 255.0)]).astype(np.float32)
    turn = np.radians(rng.uniform(-0.8, 0.8))
    wander = rng.uniform(-0.15, 0.15, 2) * mm
    move = np.array([[np.cos(turn), -np.sin(turn), left + wander[0]], [np.sin(turn), np.cos(turn), top + wander[1]]])
    laid = cv2.warpAffine(layer, move, (holder.shape[1], holder.shape[0]), flags=cv2.INTER_LINEAR)
    alpha = laid[..., 3:] / 255
    cast = cv2.GaussianBlur(np.roll(alpha[..., 0], round(0.08 * mm), 0), (0, 0), 0.1 * mm)[..., None]
    result = holder.astype(np.float32)
    result[..., :3] *= 1 - float(rng.uniform(0.05, 0.3)) * cast * (1 - alpha)
    result[..., :3] = result[..., :3] * (1 - alpha) + laid[..., :3] * (alpha > 0)
    return np.clip(result, 0, 255).astype(np.uint8)


def printed_anew(card: Pixels, rng: np.random.Generator) -> Pixels:
    """(H, W, 4): scanned at 300 to 600 dpi and printed by a card printer: softer, other tones, the outline kept."""
    mm = card.shape[1] / CARD_WIDTH_MM
    picture = cv2.GaussianBlur(card[..., :3].astype(np.float32), (0, 0), float(rng.uniform(0.02, 0.06)) * mm)
    grey = picture.mean(axis=2, keepdims=True)
    picture = grey + (picture - grey) * float(rng.uniform(0.92, 1.12))
    picture = (
        255 * (np.clip(picture, 0, 255) / 255) ** float(rng.uniform(0.93, 1.1)) * (1 + rng.uniform(-0.02, 0.02, 3))
    )
    return np.dstack([np.clip(picture, 0, 255).astype(np.uint8), card[..., 3]])


def _ink(card: Pixels, blank: Pixels) -> Float:
    """(H, W) 0–1 ink of what card has and blank lacks."""
    away = np.abs(card[..., :3].astype(np.float32) - blank[..., :3]).max(axis=2)
    return np.asarray(np.clip(away / 170, 0, 1), dtype=np.float32)


def _letters(card: Pixels) -> Float:
    """(H, W) 0–1 where anything dark is printed."""
    dark = card[..., :3].max(axis=2).astype(np.float32)
    return np.asarray(np.clip((120 - dark) / 50, 0, 1), dtype=np.float32)


def _around(boxes: list[Window], grow: tuple[float, float], card: Pixels) -> Window:
    left, top = (min(b[i] for b in boxes) - grow[i] for i in (0, 1))
    right, bottom = (max(b[i + 2] for b in boxes) + grow[i] for i in (0, 1))
    height, width = card.shape[:2]
    return max(0, round(left)), max(0, round(top)), min(width, round(right)), min(height, round(bottom))


def _lie(real: Identity, field: str, single: bool, order: Order) -> str:
    """Another name or NIK; single changes one or two signs and no date."""
    rng = order.rng
    if field == "nik":
        serial = int(real.nik[12:])
        if single:
            step = int(rng.choice([1, 10, 11, 100])) * int(rng.integers(1, 9))
            return f"{real.nik[:12]}{(serial + step - 1) % 9999 + 1:04d}"
        day = int(real.nik[6:8])
        other = day % 28 + 1 + (40 if day > 40 else 0)
        return f"{real.nik[:6]}{other:02d}{real.nik[8:12]}{int(rng.integers(60, 999)):04d}"
    if single:
        at = int(rng.choice([i for i, letter in enumerate(real.name) if letter.isalpha()]))
        # Vowels for vowels: such a name can be somebody's.
        among = "AIUEO" if real.name[at] in "AIUEO" else "BDKLMNPRST"
        letter = str(rng.choice([c for c in among if c != real.name[at]]))
        return real.name[:at] + letter + real.name[at + 1 :]
    for step in range(1, 50):
        name = " ".join(invent(order.seed + 7 * step, real.sex).name.split()[:2])
        if name != real.name and len(name) <= 20:
            return name
    return "SRI WAHYUNI"
