"""Clustered dots: how a laser printer and a newspaper press make tones."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kyc_vision.types import Pixels

Float = NDArray[np.float32]
# Cyan, magenta, yellow, black.
_ANGLES_DEG = (15.0, 75.0, 0.0, 45.0)
_INKS = ((0.05, 0.62, 0.88), (0.86, 0.14, 0.50), (0.98, 0.88, 0.12), (0.11, 0.11, 0.12))

_WAVE = np.cos(2 * np.pi * np.arange(64) / 64)
_LEVELS = np.quantile(0.25 * (_WAVE[:, None] + _WAVE[None]) + 0.5, np.linspace(0, 1, 65))


def screened(picture: Pixels | Float, px_per_mm: float, lines_per_mm: float, colour: bool = True) -> Float:
    """(H, W, 3) float32 0–255 of (H, W, 3) RGB, each ink as dots on a turned grid.

    Args:
        picture: RGB, 0–255.
        px_per_mm: of the picture; at least three px a line.
        lines_per_mm: of the screen; 106–150 lines an inch are 4.2–5.9.
        colour: four inks at 15, 75, 0 and 45 degrees; else black only, at 45.

    Source: screen angles and the cosine spot function as in PostScript Language Reference, 3rd ed., §7.4.
    """
    rgb = np.clip(np.asarray(picture, dtype=np.float32) / np.float32(255), 0, 1)
    height, width = rgb.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    if colour:
        wanted = 1 - rgb
        black = 0.8 * wanted.min(axis=2)
        rest = (wanted - black[..., None]) / np.maximum(1 - black[..., None], 0.05)
        planes = [rest[..., 0], rest[..., 1], rest[..., 2], black]
    else:
        planes = [1 - rgb @ np.array([0.299, 0.587, 0.114], np.float32)]
    inks, angles = (_INKS, _ANGLES_DEG) if colour else (_INKS[3:], _ANGLES_DEG[3:])
    paper = np.ones((height, width, 3), np.float32)
    step = np.float32(2 * np.pi * lines_per_mm / px_per_mm)
    for plane, ink, angle in zip(planes, inks, angles, strict=True):
        cos, sin = np.float32(np.cos(np.radians(angle))), np.float32(np.sin(np.radians(angle)))
        spot = 0.25 * (np.cos(step * (x * cos + y * sin)) + np.cos(step * (y * cos - x * sin))) + 0.5
        # The spot's own levels are not evenly spread: their quantiles make the covered area the tone.
        level = np.interp(np.clip(plane, 0, 1), np.linspace(0, 1, len(_LEVELS)), _LEVELS)
        cover = np.clip((level - spot) * (2.2 / step) + 0.5, 0, 1)
        cover = np.where(plane < 0.02, 0, np.where(plane > 0.98, 1, cover))[..., None]
        paper *= 1 - cover * (1 - np.asarray(ink, np.float32))
    return np.asarray(255 * paper, dtype=np.float32)
