"""The shapes of digits and letters in the lawful faces of a card and in some that a forger's program offers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision import layout

#: Made by training/print_faces/render.py. nik_<face>: (10, H, W) uint8 ink of the digits, each in the middle of its
#: cell; value_<face>: (N, H, W) of LETTERS, each in the middle of its tile; measures_<face>: see Letter.
ATLAS = Path(__file__).with_name("print_faces.npz")
ATLAS_PX_PER_MM, CELL_WH_MM, TILE_WH_PX = 12.0, (2.2, 3.2), (40, 29)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789,.-/' "
#: Resolution at which shapes are compared.
PX_PER_MM = 6.0
CELL_WH_PX = (round(CELL_WH_MM[0] * PX_PER_MM), round(CELL_WH_MM[1] * PX_PER_MM))
#: Distance of a NIK's digits in the lawful faces; see training/print_faces/render.py.
LAWFUL_PITCH_MM: Mapping[str, float] = {"ocr_a": 2.28, "bold": 2.056}
#: The face of values, among those that letters_at knows.
VALUE_FACE = "sans"
#: A camera's blur in pixels of the picture, standard deviation; in steps so that shapes are made once for each.
_BLUR_PX, _STEP = 0.40, 1.15
#: Ground that belongs to a letter, on either side: more would hold its neighbours' ink (agreement of genuine names 0.64
#: at 0.5 mm, 0.76 at 0.3, 0.83 at 0.2).
_ASIDE_MM = 0.2

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Letter:
    """One letter of a face.

    Attributes:
        shape: (h, w) of its ink at PX_PER_MM, with some ground about it.
        advance_mm: from its origin to the next one's.
        left_mm, right_mm: of its ink, from its origin.
    """

    shape: Array
    advance_mm: float
    left_mm: float
    right_mm: float


def digits_at(source_width_px: float) -> Mapping[str, Array]:
    """Face → (10, h · w) digits of a NIK as a card so wide in the picture shows them; ink 0–1."""
    return _digits(_step(source_width_px))


def letters_at(source_width_px: float) -> Mapping[str, Mapping[str, Letter]]:
    """Face → letter → its shape as a card so wide in the picture shows it."""
    return _letters(_step(source_width_px))


def unit(rows: Array) -> Array:
    """(…, N) rows less their mean, of length 1."""
    rest = rows - rows.mean(axis=-1, keepdims=True)
    return np.asarray(rest / (np.linalg.norm(rest, axis=-1, keepdims=True) + 1e-6), dtype=np.float32)


def _step(source_width_px: float) -> int:
    return round(float(np.log(source_width_px) / np.log(_STEP)))


def _seen(ink: NDArray[np.uint8], step: int, size_wh: tuple[int, int]) -> Array:
    """Ink of the atlas as a camera shows it, at size_wh."""
    blur = max(_BLUR_PX * layout.CARD_WH_MM[0] / _STEP**step, 0.3 / PX_PER_MM) * ATLAS_PX_PER_MM
    soft = cv2.GaussianBlur(ink.astype(np.float32) / np.float32(255), (0, 0), blur)
    return np.asarray(cv2.resize(soft, size_wh, interpolation=cv2.INTER_AREA), dtype=np.float32)


@lru_cache(maxsize=16)
def _digits(step: int) -> Mapping[str, Array]:
    return {
        name.removeprefix("nik_"): np.stack([_seen(digit, step, CELL_WH_PX).ravel() for digit in digits])
        for name, digits in _atlas().items()
        if name.startswith("nik_")
    }


@lru_cache(maxsize=16)
def _letters(step: int) -> Mapping[str, Mapping[str, Letter]]:
    faces = {}
    for name in _atlas():
        if name.startswith("value_"):
            face = name.removeprefix("value_")
            tiles, measures = _atlas()[name], _atlas()[f"measures_{face}"]
            made = (_letter(tile, row, step) for tile, row in zip(tiles, measures.tolist(), strict=True))
            faces[face] = dict(zip(LETTERS, made, strict=True))
    return faces


def _letter(tile: NDArray[np.uint8], measures_mm: list[float], step: int) -> Letter:
    advance, left, right = measures_mm
    half = round((_ASIDE_MM + (right - left) / 2) * ATLAS_PX_PER_MM)
    middle = tile.shape[1] // 2
    part = tile[:, max(0, middle - half) : middle + half]
    size_wh = (round(part.shape[1] * PX_PER_MM / ATLAS_PX_PER_MM), round(tile.shape[0] * PX_PER_MM / ATLAS_PX_PER_MM))
    return Letter(_seen(part, step, size_wh), advance, left, right)


@lru_cache(maxsize=1)
def _atlas() -> Mapping[str, NDArray[Any]]:
    with np.load(ATLAS, allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}
