"""The card's printed ground: light blue with guilloche, a globe, an archipelago's hint and micro lines."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from kyc_vision.types import Pixels
from samples.fonts import SANS, font

CARD_WIDTH_MM = 85.60
CARD_HEIGHT_MM = 53.98
# Within what was measured on real cards: RGB 176–201, 210–225, 230–251.
_LIGHT = np.array([200.0, 223.0, 246.0])
_DEEP = np.array([178.0, 211.0, 236.0])
_LINE = (146, 188, 222)
_FAINT = (160, 198, 228)


def ground(px_per_mm: float, rng: np.random.Generator) -> Pixels:
    """(H, W, 3) uint8 RGB of an empty card's ground at px_per_mm."""
    width, height = round(CARD_WIDTH_MM * px_per_mm), round(CARD_HEIGHT_MM * px_per_mm)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    # Two slow waves of tint, as the rainbow print of the real ground.
    wave = 0.5 + 0.28 * np.sin(x / width * 5.2 + y / height * 2.1) + 0.22 * np.cos(y / height * 4.4 - x / width * 1.7)
    tint = np.clip(wave, 0, 1)[..., None]
    canvas = (_LIGHT * (1 - tint) + _DEEP * tint).astype(np.uint8)
    _islands(canvas, px_per_mm, rng)
    _guilloche(canvas, px_per_mm)
    _globe(canvas, px_per_mm)
    return _micro_lines(canvas, px_per_mm)


def _curve(canvas: Pixels, points_mm: NDArray[np.floating], px_per_mm: float, colour: tuple[int, int, int]) -> None:
    fixed = np.round(points_mm * px_per_mm * 16).astype(np.int32).reshape(-1, 1, 2)
    thickness = max(1, round(0.09 * px_per_mm))
    cv2.polylines(canvas, [fixed], False, colour, thickness, cv2.LINE_AA, shift=4)


def _guilloche(canvas: Pixels, px_per_mm: float) -> None:
    t = np.linspace(-2, CARD_WIDTH_MM + 2, 400)
    for k in range(26):
        base = -6 + k * 2.6
        sway = 3.1 * np.sin(t / 9.5 + k * 0.21) + 1.3 * np.sin(t / 3.7 - k * 0.33)
        _curve(canvas, np.column_stack([t, base + sway]), px_per_mm, _FAINT)
    turn = np.linspace(0, 2 * np.pi, 500)
    for k in range(18):
        radius = 7.5 + 0.55 * k + (1.6 + 0.05 * k) * np.sin(8 * turn + k * 0.17)
        rosette = np.column_stack([12 + radius * np.cos(turn), 43 + 0.8 * radius * np.sin(turn)])
        _curve(canvas, rosette, px_per_mm, _FAINT)


def _globe(canvas: Pixels, px_per_mm: float) -> None:
    centre, radius = np.array([40.0, 30.0]), 17.0
    turn = np.linspace(0, 2 * np.pi, 240)
    for k in range(7):
        squeeze = np.cos(k * np.pi / 14)
        ring = np.column_stack([radius * squeeze * np.cos(turn), radius * np.sin(turn)])
        _curve(canvas, centre + ring, px_per_mm, _LINE)
    for k in range(-4, 5):
        level = radius * np.sin(k * np.pi / 10)
        half = np.sqrt(radius**2 - level**2)
        line = np.column_stack([half * np.cos(turn[:121]), level + 1.2 * np.sin(turn[:121])])
        _curve(canvas, centre + line, px_per_mm, _LINE)


def _islands(canvas: Pixels, px_per_mm: float, rng: np.random.Generator) -> None:
    """A loose chain of blobs along the equator of the card: a hint of the archipelago, no map."""
    turn = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    layer = canvas.copy()
    for k in range(16):
        centre = np.array([6 + k * 5.1, 31 + 5 * np.sin(k * 0.9) + rng.uniform(-2, 2)])
        size = rng.uniform(1.0, 4.2)
        radius = size * (1 + 0.3 * np.sin(3 * turn + rng.uniform(0, 6)) + 0.18 * np.sin(7 * turn + rng.uniform(0, 6)))
        blob = centre + np.column_stack([1.5 * radius * np.cos(turn), 0.7 * radius * np.sin(turn)])
        cv2.fillPoly(layer, [np.round(blob * px_per_mm * 16).astype(np.int32)], _LINE, cv2.LINE_AA, shift=4)
    cv2.addWeighted(layer, 0.45, canvas, 0.55, 0, dst=canvas)


def _micro_lines(canvas: Pixels, px_per_mm: float) -> Pixels:
    picture = Image.fromarray(canvas)
    draw = ImageDraw.Draw(picture)
    face = font(SANS, 0.42 * px_per_mm)
    text = "KARTU TANDA PENDUDUK " * 12
    for row, y_mm in enumerate((50.6, 51.4, 52.2)):
        draw.text((-row * 3.1 * px_per_mm, y_mm * px_per_mm), text, font=face, fill=(120, 168, 208), anchor="ls")
    return np.asarray(picture, dtype=np.uint8).copy()
