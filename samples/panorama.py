"""Rooms and streets behind the person: a phone's view into an equirectangular panorama, out of focus."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from kyc_vision.types import Pixels
from samples.errors import SampleError

# As camera.py: half of the short side is seen under 25.5°.
_HALF = np.tan(np.radians(25.5))
_DRAWN_WIDTH = 360


def load_panoramas(folder: Path) -> tuple[Pixels, ...]:
    """Every panorama (*.jpg, 2 : 1) of a folder, by name.

    Raises:
        SampleError: there is none.
    """
    files = sorted(folder.glob("*.jpg"))
    if not files:
        raise SampleError(f"No panorama (*.jpg, twice as wide as high) in {folder}: give --backgrounds such a folder")
    return tuple(np.asarray(Image.open(file).convert("RGB"), dtype=np.uint8) for file in files)


def view(panorama: Pixels, size_wh: tuple[int, int], rng: np.random.Generator) -> Pixels:
    """(H, W, 3) uint8 RGB seen in a random direction near the horizon.

    Source: pinhole ray to longitude and latitude; Szeliski, Computer Vision, 2nd ed., §8.2 (panoramas).
    """
    width = _DRAWN_WIDTH
    height = round(width * size_wh[1] / size_wh[0])
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    right, down = (x / width * 2 - 1) * _HALF, (y / height * 2 - 1) * _HALF * height / width
    pitch = np.radians(rng.uniform(-8, 6))
    forward = np.cos(pitch) - down * np.sin(pitch)
    lower = np.sin(pitch) + down * np.cos(pitch)
    longitude = np.arctan2(right, forward) + rng.uniform(0, 2 * np.pi)
    latitude = np.arctan2(lower, np.hypot(right, forward))
    rows, columns = panorama.shape[:2]
    u = (longitude / (2 * np.pi) * columns) % columns
    v = (latitude / np.pi + 0.5) * rows
    wrapped = np.concatenate([panorama, panorama[:, :4]], axis=1)
    seen = cv2.remap(wrapped, u.astype(np.float32), v.astype(np.float32), cv2.INTER_LINEAR)
    # The face is in focus; what is metres behind it is blurred by a few per mille of the picture's width.
    soft = cv2.GaussianBlur(seen, (0, 0), float(rng.uniform(1.2, 3.2)))
    return np.asarray(cv2.resize(soft, size_wh, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
