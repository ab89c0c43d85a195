"""The picture that was sent, and numbers on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Quad = NDArray[np.float32]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What the file said of where it comes from; nothing personal. Most senders strip it: absent says nothing.

    Attributes:
        editor: the editing program that was named, out of filefacts.EDITORS; empty when none was.
        camera: whether a camera's make and model were named (not which).
        jpeg_quality: 1–100, by the luma table; None when it is no JPEG.
    """

    editor: str = ""
    camera: bool = False
    jpeg_quality: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Image:
    """A decoded picture and what was known of its file.

    Attributes:
        pixels: (H, W, 3) uint8 RGB, upright.
        format: the container, e.g. ``JPEG``, ``PNG``, ``WEBP``, ``HEIF``.
        sha256: hex digest of the bytes as they were sent.
        orientation: the EXIF orientation that was applied, 1–8.
        facts: what else the file said.
    """

    pixels: Pixels
    format: str
    sha256: str
    orientation: int = 1
    facts: FileFacts = FileFacts()

    @property
    def size_wh(self) -> tuple[int, int]:
        """Width and height in upright pixels."""
        return int(self.pixels.shape[1]), int(self.pixels.shape[0])


@dataclass(frozen=True, slots=True)
class Quality:
    """Numbers on the photograph, measured where they matter.

    Attributes:
        brightness: mean luma, 0–255, of the whole picture.
        sharpness: of the live face, else of the picture, 0–1: what a slight blur would still change.
        scene_colour: spread of the picture's colours, CIE a*b*.
        card_width_px: the card's width in the selfie; None without a card.
        card_colour: spread of the card's colours, CIE a*b*; None without a card.
    """

    brightness: float
    sharpness: float
    scene_colour: float
    card_width_px: float | None = None
    card_colour: float | None = None
