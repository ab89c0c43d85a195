"""The person fills the phone's picture: placed, continued below and beside, set before a backdrop."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision.types import Box, Pixels
from samples.backdrop import Backdrop, room
from samples.clothes import Wearer, dress
from samples.people import Photo

Tone = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Placement:
    """Photograph pixels to picture pixels: scale, then shift; and where the face comes to lie (px)."""

    scale: float
    shift: tuple[float, float]
    face: Box


def place(photo: Photo, size_wh: tuple[int, int], head_width: float, face_x: float, chin_y: float) -> Placement:
    """Scale the face to head_width of the picture's width, centre it at face_x, set its chin at chin_y (fractions)."""
    x, y, w, h = photo.face
    scale = head_width * size_wh[0] / w
    dx = face_x * size_wh[0] - (x + w / 2) * scale
    dy = chin_y * size_wh[1] - (y + h) * scale
    return Placement(scale, (dx, dy), (x * scale + dx, y * scale + dy, w * scale, h * scale))


def stand(
    photo: Photo,
    placement: Placement,
    size_wh: tuple[int, int],
    backdrop: Backdrop | Pixels,
    rng: np.random.Generator,
) -> Pixels:
    """(H, W, 3) uint8 RGB of the person in the picture, without a card; a backdrop in pixels is shown as it is."""
    person, matte = _continue(photo, placement, size_wh)
    if photo.clothes is not None:
        person = dress(Wearer(person, matte, placement.face), photo.clothes, rng)
    if photo.matte is None:
        return person
    ends = round(placement.shift[1]) + max(1, round(photo.pixels.shape[0] * placement.scale))
    person = _round_off(person, matte, ends)
    if not isinstance(backdrop, str):
        behind = backdrop
    else:
        behind = _own_room(photo, placement, size_wh) if backdrop == "own" else room(backdrop, size_wh, rng)
    behind = behind.astype(np.float32)
    # Pull the matte in by a pixel or two: the old background clings to hair and shoulders.
    alpha = cv2.GaussianBlur(matte.astype(np.float32), (0, 0), 1.6) / 255
    alpha = np.clip((alpha - 0.25) / 0.72, 0, 1)[..., None]
    light = behind.mean(axis=(0, 1)) / 255
    tinted = person * (0.88 + 0.12 * light / light.mean())
    return np.asarray(np.clip(tinted * alpha + behind * (1 - alpha), 0, 255), dtype=np.uint8)


def tones(photo: Photo) -> tuple[Tone, Tone]:
    """(3,) RGB of the person's skin (cheeks and nose) and of the clothes below the face."""
    x, y, w, h = photo.face
    cheeks = _box(photo.pixels, (x + 0.22 * w, y + 0.50 * h, 0.56 * w, 0.22 * h))
    luma = cheeks @ np.array([0.299, 0.587, 0.114])
    skin = np.median(cheeks[(luma >= np.quantile(luma, 0.3)) & (luma <= np.quantile(luma, 0.9))], axis=0)
    height = photo.pixels.shape[0]
    chest = _box(photo.pixels, (x - 0.35 * w, min(y + 1.7 * h, height - 0.15 * h), 0.6 * w, 0.5 * h))
    return skin, np.median(chest, axis=0)


def _box(pixels: Pixels, box: Box) -> NDArray[np.float64]:
    x, y, w, h = box
    part = pixels[max(0, round(y)) : round(y + h), max(0, round(x)) : round(x + w)]
    return np.asarray(part.reshape(-1, 3), dtype=np.float64)


def _continue(photo: Photo, placement: Placement, size_wh: tuple[int, int]) -> tuple[Pixels, Pixels]:
    """The photograph over the whole picture: mirrored beside, its lowest cloth drawn on below."""
    matte = photo.matte if photo.matte is not None else np.full(photo.pixels.shape[:2], 255, np.uint8)
    scale, (dx, dy) = placement.scale, placement.shift
    height, width = photo.pixels.shape[:2]
    wh = (max(1, round(width * scale)), max(1, round(height * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    pixels = np.asarray(cv2.resize(photo.pixels, wh, interpolation=method), dtype=np.uint8)
    matte = np.asarray(cv2.resize(matte, wh, interpolation=method), dtype=np.uint8)
    left, top = round(dx), round(dy)
    pads = (
        max(0, top),
        max(0, size_wh[1] - top - wh[1]),
        max(0, left),
        max(0, size_wh[0] - left - wh[0]),
    )
    x0, y0 = max(0, -left), max(0, -top)
    window = (slice(y0, y0 + size_wh[1]), slice(x0, x0 + size_wh[0]))
    outside = cv2.BORDER_REPLICATE if photo.matte is not None else cv2.BORDER_REFLECT_101
    collar = photo.clothes is not None
    pixels = _pad(pixels, pads, outside, tones(photo), collar)[window]
    matte = _pad(matte, pads, cv2.BORDER_REPLICATE, tones(photo), collar)[window]
    return np.ascontiguousarray(pixels), np.ascontiguousarray(matte)


def _pad(
    pixels: Pixels, pads: tuple[int, int, int, int], sides: int, skin_cloth: tuple[Tone, Tone], collar: bool
) -> Pixels:
    top, bottom, left, right = pads
    above = cv2.BORDER_REFLECT_101 if pixels.ndim == 3 else cv2.BORDER_CONSTANT
    if sides == cv2.BORDER_REPLICATE:
        tall = cv2.copyMakeBorder(pixels, top, 0, 0, 0, above)
        tall = _shoulders(np.asarray(tall, dtype=np.uint8), left, right)
    else:
        tall = cv2.copyMakeBorder(cv2.copyMakeBorder(pixels, 0, 0, left, right, sides), top, 0, 0, 0, above)
    if bottom == 0:
        return np.asarray(tall, dtype=np.uint8)
    below = _cloth(np.asarray(tall, dtype=np.uint8), bottom, skin_cloth, collar)
    return np.asarray(np.vstack([tall, below]), dtype=np.uint8)


def _round_off(pixels: Pixels, matte: Pixels, photo_end: int) -> Pixels:
    """Darken the drawn-on trunk towards its sides, as a round body is; starts softly above the photograph's end."""
    height, width = matte.shape
    inside = cv2.copyMakeBorder((matte > 128).astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    depth = cv2.distanceTransform(inside, cv2.DIST_L2, 5)[1:-1, 1:-1]
    side = 1 - 0.34 * np.exp(-((depth / (0.07 * width)) ** 2)) - 0.10 * np.exp(-((depth / (0.20 * width)) ** 2))
    below = np.clip((np.arange(height, dtype=np.float32) - photo_end + 0.06 * height) / (0.12 * height), 0, 1)[:, None]
    shade = 1 - (1 - side) * below
    return np.asarray(np.clip(pixels * shade[..., None], 0, 255), dtype=np.uint8)


def _own_room(photo: Photo, placement: Placement, size_wh: tuple[int, int]) -> Pixels:
    """The photograph's own background, the person blurred away, mirrored on beyond its edges.

    Source: normalised convolution, Knutsson & Westin, CVPR 1993: blur the known pixels, divide by their blurred mask.
    """
    assert photo.matte is not None
    known = cv2.erode((photo.matte < 8).astype(np.float32), np.ones((7, 7)))[..., None]
    filled: NDArray[np.floating] = np.zeros(photo.pixels.shape, dtype=np.float32)
    weight = np.zeros_like(known)
    for sigma in (4.0, 14.0, 50.0, 160.0):
        mask = cv2.GaussianBlur(known, (0, 0), sigma)[..., None]
        colour = cv2.GaussianBlur(photo.pixels * known, (0, 0), sigma) / np.maximum(mask, 1e-4)
        fresh = (1 - weight) * np.clip(mask * 2.5 - 0.25, 0, 1) if sigma < 160 else 1 - weight
        filled = filled + fresh * np.asarray(colour, dtype=np.float32)
        weight = weight + fresh
    scale, (dx, dy) = placement.scale, placement.shift
    matrix = np.array([[scale, 0, dx], [0, scale, dy]], dtype=np.float64)
    # Above and below, the last row is drawn on: curtains and walls are upright, and a mirrored head would show.
    tall = cv2.copyMakeBorder(filled, 600, 900, 0, 0, cv2.BORDER_REPLICATE)
    matrix[1, 2] -= 600 * scale
    shown = cv2.warpAffine(tall, matrix, size_wh, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    return np.asarray(np.clip(cv2.GaussianBlur(shown, (0, 0), 5), 0, 255), dtype=np.uint8)


def _shoulders(picture: Pixels, left: int, right: int) -> Pixels:
    """Continue the outermost columns, dropping ever steeper: a shoulder that leaves the photograph slopes on."""
    height, width = picture.shape[:2]
    y, x = np.mgrid[0:height, -left : width + right].astype(np.float32)
    beyond = np.maximum(0, np.maximum(-x, x - (width - 1)))
    drop = 0.45 * beyond + beyond**2 / 260
    moved = cv2.remap(
        picture, np.clip(x, 0, width - 1), np.maximum(y - drop, 0), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(moved, dtype=np.uint8)


def _cloth(picture: Pixels, rows: int, skin_cloth: tuple[Tone, Tone], collar: bool) -> Pixels:
    """Rows below the photograph's end: the last cloth drawn on with soft folds; skin ends at a neckline.

    With a collar the neckline is round, else straight where the photograph ends.
    """
    skin, cloth = skin_cloth
    last = np.median(picture[-14:], axis=0).astype(np.float32)
    if picture.ndim == 2:
        sure = np.clip((cv2.erode(last[None], np.ones((1, 9)))[0] - 128) * 4 + 128, 0, 255) if collar else last
        side = np.repeat(sure[None], rows, axis=0).astype(np.float32)
        return (_widened(side, picture) if collar else side).astype(np.uint8)
    # Compared by colour without lightness: a neck lies in the chin's shadow.
    tone, skin_tone, cloth_tone = (
        np.asarray(c) / np.maximum(np.sum(c, axis=-1, keepdims=True), 30) for c in (last, skin, cloth)
    )
    to_skin = np.linalg.norm(tone - skin_tone, axis=-1)
    bare = (to_skin < 0.06) & (to_skin < np.linalg.norm(tone - cloth_tone, axis=-1))
    chest = last
    last = np.where(bare[:, None], cloth, last).astype(np.float32)
    wide = cv2.GaussianBlur(last[None], (0, 0), sigmaX=5, sigmaY=0.1, borderType=cv2.BORDER_REPLICATE)[0]
    y, x = np.mgrid[0:rows, 0 : picture.shape[1]].astype(np.float32)
    folds = 1 + 0.035 * np.sin(x / 61 + y / 190) * np.sin(y / 83 - x / 140) - 0.10 * np.clip(y / 900, 0, 1)
    strip = wide[None] * folds[..., None] + _texture(picture, rows) * ~bare[None, :, None]
    # The neckline and the seam to the photograph are softened over a few rows.
    seam = np.clip(np.arange(rows, dtype=np.float32) / 10, 0, 1)[:, None, None]
    sharp = np.repeat(picture[-1:].astype(np.float32), rows, axis=0)
    if collar and bare.any():
        seen = _neckline(bare, rows)[..., None]
        strip = strip * (1 - seen) + chest[None] * seen
    if collar:
        strip = _widened(strip.astype(np.float32), picture)
    return np.asarray(np.clip(sharp * (1 - seam) + strip * seam, 0, 255), dtype=np.uint8)


def _widened(below: NDArray[np.float32], picture: Pixels) -> NDArray[np.float32]:
    """Rows below the photograph, ever wider: upper arms stand out from the body of who holds something up."""
    rows, width = below.shape[:2]
    y, x = np.mgrid[0:rows, 0:width].astype(np.float32)
    grow = 1 + 0.16 * np.sin(np.clip(y / (0.9 * picture.shape[1]), 0, 1) * np.pi / 2)
    source = (width - 1) / 2 + (x - (width - 1) / 2) / grow
    return np.asarray(cv2.remap(below, source, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), dtype=np.float32)


def _neckline(bare: NDArray[np.bool_], rows: int) -> NDArray[np.float32]:
    """(rows, W) 0–1: where skin is seen below columns that end bare, a half ellipse with a soft edge."""
    columns = np.flatnonzero(bare)
    left, right = (float(v) for v in np.quantile(columns, [0.02, 0.98]))
    half = max((right - left) / 2, 1.0)
    u = (np.arange(len(bare)) - (left + right) / 2) / half
    depth = 0.75 * half * np.sqrt(np.clip(1 - u**2, 0, None))
    edge = (depth[None] - np.arange(rows)[:, None]) / max(2.0, 0.03 * half)
    return np.asarray(np.clip(edge, 0, 1), dtype=np.float32)


def _texture(picture: Pixels, rows: int) -> NDArray[np.float32]:
    """(rows, W, 3) fine detail of the photograph's last rows, mirrored on and on: weave and grain go on below."""
    band = picture[-64:].astype(np.float32)
    detail = np.clip(band - cv2.GaussianBlur(band, (0, 0), 3), -7, 7)
    turn = 2 * len(band) - 2
    index = np.arange(1, rows + 1) % turn
    return np.asarray(detail[len(band) - 1 - np.minimum(index, turn - index)], dtype=np.float32)
