"""A pale card before a shirt, drawn plainly: what lies around it and across it can be chosen."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np

from kyc_vision.card.cues.surround import Surround, surround
from kyc_vision.card.rectify import rectify
from kyc_vision.geometry import apply_homography, homography_from_points
from kyc_vision.layout import CARD_WH_MM, outline_mm
from kyc_vision.types import CardLocation, Image, Pixels, Quad

Rgb = tuple[int, int, int]
CARD: Rgb = (185, 212, 236)
SKIN: Rgb = (196, 148, 122)
#: Card mm → px of the selfie: 480 px wide, a little turned and in perspective.
QUAD: Quad = np.array([[260, 330], [738, 352], [728, 656], [252, 628]], dtype=np.float32)
_FINE = 4


@dataclass(frozen=True)
class Look:
    """How a card is shown.

    Attributes:
        radius_mm: of its corners.
        rings: (mm beyond the card, colour), outermost first, square.
        finger_mm: x of a finger over the lower edge; None without one.
        quad: where the card is.
    """

    radius_mm: float = 3.18
    rings: tuple[tuple[float, Rgb], ...] = ()
    finger_mm: float | None = None
    quad: Quad = field(default_factory=QUAD.copy)


def selfie(look: Look, shirt: Pixels | None = None, seed: int = 4) -> Pixels:
    """(1000, 1000, 3) uint8 RGB."""
    rng = np.random.default_rng(seed)
    size = 1000
    picture = np.full((size, size, 3), (92, 60, 70), np.uint8) if shirt is None else shirt.copy()
    to_px = homography_from_points(outline_mm(), look.quad)
    width, height = CARD_WH_MM
    for out, colour in look.rings:
        _fill(
            picture,
            to_px,
            np.array([[-out, -out], [width + out, -out], [width + out, height + out], [-out, height + out]]),
            colour,
        )
    _fill(picture, to_px, _rounded(look.radius_mm), CARD)
    if look.finger_mm is not None:
        turn = np.linspace(np.pi, 2 * np.pi, 20)
        tip = np.column_stack([look.finger_mm + 8 * np.cos(turn), height - 4 + 8 * np.sin(turn)])
        foot = np.array([[look.finger_mm + 8, height + 60], [look.finger_mm - 8, height + 60]])
        _fill(picture, to_px, np.vstack([tip, foot]), SKIN)
    soft = cv2.GaussianBlur(picture, (0, 0), 0.8).astype(np.float32)
    return np.clip(soft + rng.normal(0, 2.0, soft.shape), 0, 255).astype(np.uint8)


def around(look: Look, shirt: Pixels | None = None, said: Quad | None = None) -> Surround:
    """What lies around the card of that selfie, or around where it is said to be."""
    pixels = selfie(look, shirt)
    location = CardLocation(look.quad if said is None else said, 0.99, mirrored=False, anchors=12, residual_mm=0.2)
    return surround(pixels, location, rectify(Image(pixels, "PNG", ""), location))


def checks(size: int = 1000, step: int = 40) -> Pixels:
    """A chequered shirt, its lines as straight as the card's."""
    y, x = np.mgrid[0:size, 0:size] // step % 2
    return np.array([[90, 60, 70], [200, 190, 180], [140, 110, 110]], dtype=np.uint8)[x + y]


def stripes(size: int = 1000, step: int = 40) -> Pixels:
    """A shirt with stripes across."""
    return np.array([[90, 60, 70], [210, 200, 190]], dtype=np.uint8)[(np.mgrid[0:size, 0:size][0] // step) % 2]


def _rounded(radius: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    width, height = CARD_WH_MM
    points = []
    for x, y, start in (
        (radius, radius, 180),
        (width - radius, radius, 270),
        (width - radius, height - radius, 0),
        (radius, height - radius, 90),
    ):
        turn = np.radians(start + np.linspace(0, 90, 12))
        points.append(np.column_stack([x + radius * np.cos(turn), y + radius * np.sin(turn)]))
    return np.vstack(points)


def _fill(
    picture: Pixels,
    to_px: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    place_mm: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    colour: Rgb,
) -> None:
    points = np.round(apply_homography(to_px, place_mm) * 16).astype(np.int32)
    cv2.fillPoly(picture, [points], colour, cv2.LINE_AA, shift=4)
