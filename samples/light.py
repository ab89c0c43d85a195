"""What lens, sensor and light do to the picture after it is put together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision.types import Pixels

Float = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Cast:
    """A shadow that something outside the picture casts over all of it.

    Attributes:
        angle_deg: direction across the shadow's edge; 0 is to the right.
        offset: where the edge is, −0.5 to 0.5 of the picture's diagonal from its middle.
        softness: width of the half-shadow over the diagonal.
        strength: 0–1 of the light that is missing.
        bars: of a window or a blind over the diagonal; 0 is one edge.
    """

    angle_deg: float
    offset: float
    softness: float
    strength: float
    bars: int = 0


@dataclass(frozen=True, slots=True)
class Exposure:
    """How the picture was taken.

    Attributes:
        brightness: factor on linear light; 1 as lit, 0.05 a dark room.
        warmth: −1 cold to 1 warm white balance.
        gradient: how much darker the far side is, 0–0.5.
        softness_px: Gaussian σ of the lens.
        motion_px: length of a straight hand shake.
        motion_deg: its direction.
        noise: σ at mid grey, in 8-bit steps.
        cast: a shadow over the picture (quick scenes only).
    """

    brightness: float = 1.0
    warmth: float = 0.0
    gradient: float = 0.15
    softness_px: float = 0.6
    motion_px: float = 0.0
    motion_deg: float = 0.0
    noise: float = 2.0
    cast: Cast | None = None


def expose(pixels: Pixels, exposure: Exposure, light: tuple[float, float], rng: np.random.Generator) -> Pixels:
    """Light falling off away from `light`, white balance, blur, then sensor noise; (H, W, 3) uint8 RGB."""
    picture = pixels.astype(np.float32)
    height, width = picture.shape[:2]
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    away = np.clip(0.5 - 0.35 * (x * light[0] + y * light[1]), 0, 1)
    fall = 1 - exposure.gradient * away - 0.05 * (x**2 + y**2)
    balance = np.array([1 + 0.07 * exposure.warmth, 1.0, 1 - 0.09 * exposure.warmth], dtype=np.float32)
    # Brightness acts on linear light; γ = 2.2 is close enough to sRGB for this.
    picture *= (fall * exposure.brightness ** (1 / 2.2))[..., None] * balance
    picture = blur(picture, exposure)
    return _noise(picture, exposure.noise, rng)


def blur(picture: Float, exposure: Exposure) -> Float:
    """Lens softness, then motion."""
    if exposure.softness_px > 0:
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), exposure.softness_px), dtype=np.float32)
    if exposure.motion_px >= 1:
        picture = np.asarray(cv2.filter2D(picture, -1, _streak(exposure)), dtype=np.float32)
    return picture


def _streak(exposure: Exposure) -> Float:
    size = int(np.ceil(exposure.motion_px)) | 1
    kernel = np.zeros((size + 2, size + 2), dtype=np.float32)
    angle = np.radians(exposure.motion_deg)
    middle = (size + 1) / 2
    half = exposure.motion_px / 2 * np.array([np.cos(angle), np.sin(angle)])
    ends = [tuple(np.round((np.array([middle, middle]) + sign * half) * 16).astype(int).tolist()) for sign in (-1, 1)]
    cv2.line(kernel, ends[0], ends[1], 1.0, 1, cv2.LINE_AA, shift=4)
    return np.asarray(kernel / kernel.sum(), dtype=np.float32)


def _noise(picture: Float, sigma: float, rng: np.random.Generator) -> Pixels:
    """Photon noise (grows with √signal), half of it smeared as a phone's denoiser leaves it, some of it coloured."""
    height, width = picture.shape[:2]
    luma = rng.standard_normal((height, width), dtype=np.float32)
    smeared = cv2.GaussianBlur(rng.standard_normal((height, width), dtype=np.float32), (0, 0), 1.1) * 3.0
    colour = cv2.GaussianBlur(rng.standard_normal((height, width, 3), dtype=np.float32), (0, 0), 1.6) * 2.0
    grain = (0.5 * luma + 0.6 * smeared)[..., None] + 0.5 * colour
    strength = sigma * np.sqrt(np.clip(picture, 4, 255) / 128)
    return np.asarray(np.clip(picture + grain * strength, 0, 255), dtype=np.uint8)


_TILE = 1024
# Shadows are drawn this small: their edges are never sharper than a hundredth of the picture.
_CAST_WH = (192, 256)


def _shaded(cast: Cast, shape: tuple[int, int]) -> Float:
    """(H, W) factor on γ-encoded values: 1 in the light."""
    height, width = shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    angle = np.radians(cast.angle_deg)
    across = (x - width / 2) * np.cos(angle) + (y - height / 2) * np.sin(angle)
    across = across / np.hypot(width, height) - cast.offset
    if cast.bars:
        # Distance to the next bar's edge: as wide as the gaps are.
        period = 1 / cast.bars
        across = np.abs((across / period) % 1 - 0.5) * period - period / 4
    dark = np.clip(across / max(cast.softness, 0.004) + 0.5, 0, 1)
    return np.asarray((1 - cast.strength * dark) ** (1 / 2.2), dtype=np.float32)


def expose_quick(pixels: Pixels, exposure: Exposure, light: tuple[float, float], rng: np.random.Generator) -> Pixels:
    """As expose, for large pictures: blur in 8 bits, fall-off from a small map, noise from one tile moved about."""
    height, width = pixels.shape[:2]
    y, x = np.mgrid[-1:1:48j, -1:1:36j].astype(np.float32)
    away = np.clip(0.5 - 0.35 * (x * light[0] + y * light[1]), 0, 1)
    fall = (1 - exposure.gradient * away - 0.05 * (x**2 + y**2)) * exposure.brightness ** (1 / 2.2)
    balance = np.array([1 + 0.07 * exposure.warmth, 1.0, 1 - 0.09 * exposure.warmth], dtype=np.float32)
    fall = fall.astype(np.float32)
    if exposure.cast is not None:
        fine = cv2.resize(fall, (_CAST_WH if height > width else _CAST_WH[::-1]), interpolation=cv2.INTER_LINEAR)
        fall = fine * _shaded(exposure.cast, (fine.shape[0], fine.shape[1]))
    gain = cv2.resize(fall, (width, height), interpolation=cv2.INTER_LINEAR)
    soft = pixels
    if exposure.softness_px > 0:
        soft = np.asarray(cv2.GaussianBlur(soft, (0, 0), exposure.softness_px), dtype=np.uint8)
    if exposure.motion_px >= 1:
        soft = np.asarray(cv2.filter2D(soft, -1, _streak(exposure)), dtype=np.uint8)
    strength = exposure.noise * np.sqrt(np.clip(np.arange(256, dtype=np.float32), 4, 255) / 128)
    result = np.empty_like(soft)
    grain = _grain_tile()
    for top in range(0, height, _TILE):
        for left in range(0, width, _TILE):
            part = soft[top : top + _TILE, left : left + _TILE]
            rows, columns = part.shape[:2]
            lit = part * (gain[top : top + rows, left : left + columns, None] * balance)
            turn = np.roll(grain, tuple(rng.integers(0, _TILE, 2)), axis=(0, 1))[:rows, :columns]
            noisy = lit + turn * strength[np.clip(lit, 0, 255).astype(np.uint8)]
            result[top : top + rows, left : left + columns] = np.clip(noisy, 0, 255)
    return result


@lru_cache(maxsize=1)
def _grain_tile() -> Float:
    """(1024, 1024, 3) float32 grain of unit strength, the same mixture as _noise; it wraps around."""
    rng = np.random.default_rng(0x6E)
    luma = rng.standard_normal((_TILE, _TILE), dtype=np.float32)
    smeared = _wrapped(rng.standard_normal((_TILE, _TILE), dtype=np.float32), 1.1) * 3.0
    colour = _wrapped(rng.standard_normal((_TILE, _TILE, 3), dtype=np.float32), 1.6) * 2.0
    return np.asarray((0.5 * luma + 0.6 * smeared)[..., None] + 0.5 * colour, dtype=np.float32)


def _wrapped(noise: Float, sigma: float) -> Float:
    padded = cv2.copyMakeBorder(noise, 8, 8, 8, 8, cv2.BORDER_WRAP)
    return np.asarray(cv2.GaussianBlur(padded, (0, 0), sigma)[8:-8, 8:-8], dtype=np.float32)
