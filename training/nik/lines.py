"""Digit lines. Digits are drawn evenly: what a NIK can be is the decoder's knowledge, never the reader's."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from kyc_vision import layout
from samples.fonts import OCR_A, SANS_BOLD, font, ink_x
from training.ctc.size import Size
from training.ctc.strip import AROUND_MM, FINE_PX_PER_MM, Drawn, weighted

SYMBOLS = "0123456789"
SIZE = Size(half=20, quarter=32, eighth=56, columns=80, blocks=3)
#: Share of cards of 2015 that print bold digits, more often than they are met.
_BOLD = 0.25
_PITCH_MM, _ROOM_MM = 2.28, 1.65


def draw_line(rng: np.random.Generator) -> Drawn:
    """A NIK's line; one in twelve is shorter, as a finger leaves it."""
    count = 16 if rng.random() < 0.92 else int(rng.integers(3, 16))
    text = "".join(SYMBOLS[d] for d in rng.integers(0, 10, count))
    bold = rng.random() < _BOLD
    cap_mm = (2.8 if bold else layout.NIK_HEIGHT_MM) * float(rng.uniform(0.96, 1.04))
    mask, right_mm = _bold(text, cap_mm, rng) if bold else _ocr_a(text, cap_mm, rng)
    ink = (AROUND_MM[0], right_mm, AROUND_MM[1])
    weight = float(rng.uniform(-1.2, 1.4)) if rng.random() < 0.5 else 0.0
    return Drawn(weighted(mask, weight), text, ink, layout.NIK_HEIGHT_MM + _ROOM_MM)


def _sheet(width_mm: float) -> Image.Image:
    size = (round((width_mm + 2 * AROUND_MM[0]) * FINE_PX_PER_MM), round(2 * AROUND_MM[1] * FINE_PX_PER_MM))
    return Image.new("L", size, 0)


def _ocr_a(text: str, cap_mm: float, rng: np.random.Generator) -> tuple[np.ndarray, float]:
    face = font(OCR_A, round(cap_mm * FINE_PX_PER_MM))
    pitch = _PITCH_MM * float(rng.uniform(0.975, 1.025)) * FINE_PX_PER_MM
    left, right = ink_x(face, "0")
    sheet = _sheet((len(text) * pitch) / FINE_PX_PER_MM)
    pen, start = ImageDraw.Draw(sheet), AROUND_MM[0] * FINE_PX_PER_MM
    base = sheet.height / 2 + cap_mm * FINE_PX_PER_MM / 2
    for index, digit in enumerate(text):
        low, high = ink_x(face, digit)
        x = start + (right - left) / 2 + index * pitch - (low + high) / 2
        pen.text((x, base), digit, font=face, fill=255, anchor="ls")
    end = start + (right - left) + (len(text) - 1) * pitch
    return np.asarray(sheet, dtype=np.uint8), end / FINE_PX_PER_MM


def _bold(text: str, cap_mm: float, rng: np.random.Generator) -> tuple[np.ndarray, float]:
    face = font(SANS_BOLD, round(cap_mm * FINE_PX_PER_MM))
    left, right = ink_x(face, text)
    width_mm = (0.625 - 0.243) * layout.CARD_WH_MM[0] * len(text) / 16 * float(rng.uniform(0.95, 1.03))
    sheet = _sheet(width_mm)
    tile = Image.new("L", (right - left, sheet.height), 0)
    base = sheet.height / 2 + cap_mm * FINE_PX_PER_MM / 2
    ImageDraw.Draw(tile).text((-left, base), text, font=face, fill=255, anchor="ls")
    wide = round(width_mm * FINE_PX_PER_MM)
    sheet.paste(tile.resize((wide, sheet.height), Image.Resampling.BILINEAR), (round(AROUND_MM[0] * FINE_PX_PER_MM), 0))
    return np.asarray(sheet, dtype=np.uint8), AROUND_MM[0] + width_mm
