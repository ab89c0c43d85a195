"""Pictures leave as JPEG, and every one of them says that it is a specimen."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from kyc_vision.types import Pixels

SPECIMEN = "SPECIMEN / CONTOH. Invented identity, synthetic picture made by kyc-vision samples."
_IMAGE_DESCRIPTION = 0x010E


def encode_jpeg(pixels: Pixels, quality: int = 88) -> bytes:
    """JPEG bytes of (H, W, 3) uint8 RGB, marked as a specimen in EXIF ImageDescription and the comment."""
    exif = Image.Exif()
    exif[_IMAGE_DESCRIPTION] = SPECIMEN
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(
        buffer, "JPEG", quality=quality, exif=exif.tobytes(), comment=SPECIMEN.encode(), optimize=True
    )
    return buffer.getvalue()
