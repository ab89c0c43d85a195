"""What the person wears: pale cloth of a photograph dyed, printed with a pattern, and given folds.

Photographs taken for research show everybody in the same white T-shirt; a card is found too easily before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision.types import Box, Pixels

Float = NDArray[np.float32]
Pattern = Literal["plain", "stripes", "check", "batik"]
_PATTERNS: tuple[Pattern, ...] = ("plain", "plain", "plain", "stripes", "check", "batik", "batik")
# Common colours of shirts and blouses, RGB.
_DYES = (
    (236, 234, 230), (34, 36, 42), (48, 62, 98), (122, 36, 42), (58, 96, 72), (196, 176, 148), (140, 142, 146),
    (86, 60, 48), (186, 92, 108), (96, 132, 170), (214, 190, 96), (104, 78, 128), (230, 204, 206), (72, 118, 122),
)  # fmt: skip
# Cloth that can be dyed is pale and nearly grey: mean of the channels above the first, their spread below the second,
# with a soft step. Measured on the 102 photographs of the London set: at the shoulders 99 % have a mean of 211 and
# more and a spread of 20 and less; of cheeks 92 % have a spread of 24 and more, and 95 % a mean of 181 and less.
_PALE, _GREY = (165.0, 24.0), (22.0, 2.5)


@dataclass(frozen=True, slots=True)
class Clothes:
    """Colour of the cloth and of its pattern (RGB 0–255), the pattern, its pitch over the picture's width."""

    dye: tuple[float, float, float]
    second: tuple[float, float, float]
    pattern: Pattern
    pitch: float


def draw_clothes(rng: np.random.Generator) -> Clothes:
    """Clothes at random."""
    first, second = rng.choice(len(_DYES), 2, replace=False)
    shade = float(rng.uniform(0.85, 1.12))
    dye, other = (tuple(min(250.0, shade * v) for v in _DYES[int(i)]) for i in (first, second))
    pattern = _PATTERNS[int(rng.integers(len(_PATTERNS)))]
    return Clothes((dye[0], dye[1], dye[2]), (other[0], other[1], other[2]), pattern, float(rng.uniform(0.02, 0.06)))


@dataclass(frozen=True, slots=True, eq=False)
class Wearer:
    """(H, W, 3) uint8 RGB of a person, (H, W) uint8 matte (255: person), and the face's box in px, chin at its foot."""

    picture: Pixels
    matte: Pixels
    face: Box


def sleeve(cloth: NDArray[np.float64], clothes: Clothes) -> NDArray[np.float64]:
    """(3,) RGB of the sleeve of somebody whose cloth had that colour before it was changed, or not."""
    pale = float(np.mean(cloth)) > _PALE[0] and float(np.ptp(cloth)) < _GREY[0]
    return np.asarray(clothes.dye, dtype=np.float64) if pale else cloth


def dress(wearer: Wearer, clothes: Clothes, rng: np.random.Generator) -> Pixels:
    """(H, W, 3) uint8 RGB: pale cloth below the chin changed; a picture without any stays as it is.

    Args:
        wearer: the person, before a backdrop is set.
        clothes: what to wear.
        rng: of folds and pattern.
    """
    picture, matte, face = wearer.picture, wearer.matte, wearer.face
    top = max(0, round(face[1] + 0.98 * face[3]))
    if top >= picture.shape[0] - 8:
        return picture
    part = picture[top:].astype(np.float32)
    cloth = _cloth(part, matte[top:]) * _below_neck(part.shape[:2], face)
    if float(cloth.mean()) < 0.05:
        return picture
    height, width = cloth.shape
    # The cloth's own light: how it was lit, without its colour; folds come on top.
    lit = part.mean(axis=2) / max(float(np.quantile(part.mean(axis=2)[cloth > 0.5], 0.8)), 1.0)
    lit = np.clip(lit, 0, 1.12) * _folds((height, width), rng)
    colour = _pattern((height, width), clothes, rng)
    # Dark cloth shows its light less: it never gets darker than a little above black.
    dyed = 6 + colour * lit[..., None]
    result = picture.copy()
    result[top:] = np.clip(part * (1 - cloth[..., None]) + dyed * cloth[..., None], 0, 255)
    return result


def _cloth(part: Float, matte: Pixels) -> Float:
    """(H, W) 0–1: how surely a pixel is pale cloth of the person."""
    # Weave and grain are no colour.
    even = cv2.GaussianBlur(part, (0, 0), max(1.5, part.shape[1] / 250))
    mean, spread = even.mean(axis=2), even.max(axis=2) - even.min(axis=2)
    pale = np.clip((mean - _PALE[0]) / _PALE[1] + 0.5, 0, 1)
    grey = np.clip((_GREY[0] - spread) / (2 * _GREY[1]) + 0.5, 0, 1)
    # The fringe of the matte shows the old, pale background: it is dyed with the cloth beside it.
    sure = (pale * grey * np.clip(matte.astype(np.float32) / 64, 0, 1)).astype(np.float32)
    # Glints on the skin and stubble are opened away, teeth of noise are closed.
    size = max(5, round(part.shape[1] / 70) | 1)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    opened = cv2.morphologyEx(cv2.morphologyEx(sure, cv2.MORPH_OPEN, disc), cv2.MORPH_CLOSE, disc)
    return np.asarray(cv2.GaussianBlur(opened, (0, 0), max(0.6, size / 12)), dtype=np.float32)


def _below_neck(shape: tuple[int, int], face: Box) -> Float:
    """(H, W) 0–1, rows from the chin on: 0 on the neck, whose stubble or pale skin may look like cloth."""
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    across = (x - face[0] - face[2] / 2) / (0.62 * face[2])
    down = y / (0.40 * face[3])
    return np.asarray(np.clip((across**2 + down**2 - 1) * 6 + 0.5, 0, 1), dtype=np.float32)


def _folds(shape: tuple[int, int], rng: np.random.Generator) -> Float:
    """(H, W) factor about 1: creases that hang from the shoulders, and the dark lines between arms and chest."""
    height, width = shape
    h, w = 120, 90
    y, x = np.mgrid[0 : 1 : h * 1j, -1 : 1 : w * 1j].astype(np.float32)
    bend = cv2.resize(rng.normal(0, 1, (4, 4)).astype(np.float32), (w, h), interpolation=cv2.INTER_CUBIC)
    total = np.zeros((h, w), dtype=np.float32)
    for count, weight in ((3.0, 0.10), (7.0, 0.07), (15.0, 0.04)):
        lean = float(rng.uniform(-0.5, 0.5))
        wave = np.sin(count * (x + lean * y) + 1.6 * bend + float(rng.uniform(0, 6)))
        # A crease is a narrow dark valley beside a broad light ridge.
        total += weight * np.sign(wave) * np.abs(wave) ** 1.6 * (0.25 + np.clip(1.4 * y, 0, 1))
    for side in (-1.0, 1.0):
        line = side * (float(rng.uniform(0.56, 0.68)) + 0.05 * y) + 0.02 * bend
        total -= 0.30 * np.exp(-(((x - line) / 0.028) ** 2)) * np.clip((y - 0.18) * 3, 0, 1)
    return np.asarray(1 + cv2.resize(total, (width, height), interpolation=cv2.INTER_CUBIC), dtype=np.float32)


def _pattern(shape: tuple[int, int], clothes: Clothes, rng: np.random.Generator) -> Float:
    """(H, W, 3) colours of the cloth, its lines bent as the cloth is."""
    height, width = shape
    dye = np.asarray(clothes.dye, dtype=np.float32)
    if clothes.pattern == "plain":
        return np.broadcast_to(dye, (height, width, 3)).astype(np.float32)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    sway = cv2.resize(rng.normal(0, 1, (5, 5)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    pitch = clothes.pitch * width
    u, v = (x + 0.25 * pitch * sway) / pitch, (y - 0.25 * pitch * sway) / pitch
    if clothes.pattern == "stripes":
        amount = _line(u if rng.random() < 0.5 else v)
    elif clothes.pattern == "check":
        amount = 0.5 * _line(u) + 0.5 * _line(v)
    else:
        amount = _batik(u / 2.5, v / 2.5, rng)
    return np.asarray(dye + amount[..., None] * (np.asarray(clothes.second, dtype=np.float32) - dye), dtype=np.float32)


def _line(u: Float) -> Float:
    return np.asarray(np.clip(2.5 * np.cos(2 * np.pi * u) - 0.6, 0, 1), dtype=np.float32)


def _batik(u: Float, v: Float, rng: np.random.Generator) -> Float:
    """Rings and crossing petals on a square lattice, as of a printed cloth."""
    du, dv = u - np.round(u), v - np.round(v)
    away, turn = np.hypot(du, dv), np.arctan2(dv, du)
    petals = np.cos(float(rng.choice([4, 6, 8])) * turn)
    rings = np.cos(2 * np.pi * (3.0 * away - 0.15 * petals))
    return np.asarray(np.clip(1.8 * rings * (0.45 + 0.55 * (away < 0.5)), 0, 1), dtype=np.float32)
