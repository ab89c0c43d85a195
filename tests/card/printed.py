"""Cards as a camera shows them, rectified: printed by samples/, one line set again where a test is about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw

from kyc_vision.card.rectify import PX_PER_MM
from kyc_vision.types import CardFields, Field, NotRead, Pixels, RectifiedCard
from samples.ektp import Style, print_styled
from samples.fonts import font
from samples.identity import Identity, invent

FINE = 23.6
NAME = "BUDI SANTOSO"
PORTRAIT = np.full((294, 237, 3), 150, dtype=np.uint8)


def identity(seed: int = 1) -> Identity:
    """One whose rows take one line each."""
    born = date(1985, 7, 5)
    return replace(invent(seed, "M"), name=NAME, birth_place="DEPOK", birth_date=born, address="JL. MELATI NO. 7")


def sheet(who: Identity, bold: bool = False, seed: int = 3) -> Pixels:
    """(H, W, 3) the print, at FINE."""
    return print_styled(who, PORTRAIT, seed, FINE, Style(float_xy=False, nik_bold=bold))[..., :3].copy()


def set_again(pixels: Pixels, place_mm: tuple[float, float], text: str, face: Path, cap_mm: float) -> Pixels:
    """Text on a print: its left edge and the middle of its capitals at place_mm."""
    picture = Image.fromarray(pixels)
    at = (place_mm[0] * FINE, (place_mm[1] + cap_mm / 2) * FINE)
    ImageDraw.Draw(picture).text(at, text, font=font(face, cap_mm * FINE), fill=(34, 34, 40), anchor="ls")
    return np.asarray(picture, dtype=np.uint8).copy()


def moved(pixels: Pixels, blank: Pixels, box_mm: tuple[float, float, float, float], down_mm: float) -> Pixels:
    """What stands in a box (x, y, width, height), moved down on the ground of the blank print."""
    x, y, w, h = (round(v * FINE) for v in box_mm)
    down = round(down_mm * FINE)
    result = pixels.copy()
    result[y : y + h, x : x + w] = blank[y : y + h, x : x + w]
    part = np.minimum(result[y + down : y + h + down, x : x + w], pixels[y : y + h, x : x + w])
    result[y + down : y + h + down, x : x + w] = part
    return result


def seen(pixels: Pixels, width_px: int, seed: int = 5) -> RectifiedCard:
    """The print as a camera shows it when it is so wide in the picture, brought to the rectified size."""
    small = cv2.resize(pixels, (width_px, round(width_px * 53.98 / 85.60)), interpolation=cv2.INTER_AREA)
    noise = np.random.default_rng(seed).normal(0, 2.5, small.shape)
    small = np.clip(cv2.GaussianBlur(small, (0, 0), 0.5) + noise, 0, 255).astype(np.uint8)
    card = cv2.resize(small, (1010, 637), interpolation=cv2.INTER_CUBIC)
    return RectifiedCard(np.asarray(card, dtype=np.uint8), np.eye(3), PX_PER_MM, float(width_px), (), 12)


def read(who: Identity) -> CardFields:
    """What a reader would read of the rows that cues ask for."""
    names = CardFields.__dataclass_fields__
    values: dict[str, Field | NotRead] = dict.fromkeys(names, NotRead("OCR_FIELD_NOT_FOUND"))
    day = f"{who.birth_date:%d-%m-%Y}"
    rows = (
        "name",
        "birth_place",
        "address",
        "rt_rw",
        "village",
        "district",
        "religion",
        "marital_status",
        "occupation",
    )
    for name, text in (*((row, getattr(who, row)) for row in rows), ("birth_date", day)):
        values[name] = Field(text, text, 0.99, (0.0, 0.0, 1.0, 1.0))
    return CardFields(**values)
