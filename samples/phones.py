"""How a phone saves a picture: JPEG quality, and pixels lying on their side with an EXIF orientation."""

from __future__ import annotations

import io
from typing import Literal

import numpy as np
from PIL import Image

from kyc_vision.types import Pixels
from samples.jpeg import SPECIMEN

_DESCRIPTION, _ORIENTATION = 0x010E, 0x0112
# EXIF orientation: how often the upright picture is turned anticlockwise by 90° before it is stored.
Orientation = Literal[1, 3, 6, 8]
_QUARTERS: dict[Orientation, int] = {1: 0, 6: 1, 3: 2, 8: 3}


def save_as_phone(pixels: Pixels, quality: int, orientation: Orientation = 1) -> bytes:
    """JPEG bytes that show (H, W, 3) uint8 RGB upright once EXIF is applied, marked as a specimen.

    Source: EXIF 2.32 (CIPA DC-008-2019), tag 0x0112: 6 = turn the stored pixels by 90° clockwise to show them.
    """
    exif = Image.Exif()
    exif[_DESCRIPTION] = SPECIMEN
    if orientation != 1:
        exif[_ORIENTATION] = orientation
    stored = np.ascontiguousarray(np.rot90(pixels, _QUARTERS[orientation]))
    buffer = io.BytesIO()
    Image.fromarray(stored).save(buffer, "JPEG", quality=quality, exif=exif.tobytes(), comment=SPECIMEN.encode())
    return buffer.getvalue()


def draw_orientation(rng: np.random.Generator) -> Orientation:
    """Three in ten phones store the sensor's own rows and say how to turn them."""
    choices: tuple[Orientation, ...] = (1, 6, 8, 3)
    return choices[int(rng.choice(4, p=(0.7, 0.2, 0.07, 0.03)))]
