"""A display as a camera sees it: every subpixel is drawn, and averaged over each camera pixel.

Convention: light is linear, 0–1 of the display's white. Display px are (u, v) pixel centres, origin top left.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision.geometry import Points, apply_homography
from kyc_vision.types import Pixels

Float = NDArray[np.float32]
Window = tuple[int, int, int, int]  # x0, y0, x1, y1 of a part of the picture, px
GAMMA = 2.2
# Rows of the picture that are worked on at a time: keeps the drawn subpixels of a band below 100 MB.
_BAND = 160
_FEWEST, _MOST = 3, 4
# Display pixels to a picture's pixel beyond which no subpixel is resolved by any lens: its pixels are averaged whole.
_TOO_FINE = 1.9


@dataclass(frozen=True, slots=True)
class Panel:
    """A kind of display.

    Attributes:
        layout: stripe (LCD: red, green and blue columns) or diamond (OLED: one green a pixel, red and blue shared).
        fill: share of a subpixel's width and height that shines.
        black: light of a black pixel; an LCD's back light leaks.
        white: (3,) colour of its white.
    """

    layout: str
    fill: float
    black: float
    white: tuple[float, float, float]


def draw_panel(rng: np.random.Generator, oled: bool) -> Panel:
    """A display of that kind."""
    cold = float(rng.uniform(0.0, 0.10))
    white = (1.0 - cold, 1.0 - 0.3 * cold, 1.0)
    if oled:
        return Panel("diamond", float(rng.uniform(0.55, 0.8)), 0.0005, white)
    return Panel("stripe", float(rng.uniform(0.7, 0.92)), float(rng.uniform(0.002, 0.008)), white)


def cell(panel: Panel) -> tuple[Float, int]:
    """The repeating cell of subpixels and how many display pixels it is wide and high.

    Returns:
        (n, n, 3) light of each point of the cell, its mean 1 in each colour; n / pixels points to a display pixel.

    A stripe's cell is one pixel of 3 × 3 points. A diamond's cell is two pixels of 4 × 4 points: greens in every
    pixel, reds and blues at the corners of a chequerboard between them.
    """
    if panel.layout == "stripe":
        y, x = (np.mgrid[0:48, 0:48] + 0.5) / 48
        high = np.abs(y - 0.5) < 0.5 * panel.fill
        fine = np.stack([(np.abs(x - (c + 0.5) / 3) < panel.fill / 6) & high for c in range(3)], axis=2)
        points, pixels = 3, 1
    else:
        y, x = (np.mgrid[0:64, 0:64] + 0.5) / 32  # in display pixels, 0–2
        fine = np.stack(
            [
                _diamond(x, y, 0.5, 0.5, 0.62 * panel.fill) | _diamond(x, y, 1.5, 1.5, 0.62 * panel.fill),
                _diamond(x % 1, y % 1, 0.0, 0.5, 0.5 * panel.fill) | _diamond(x % 1, y % 1, 1.0, 0.5, 0.5 * panel.fill),
                _diamond(x, y, 1.5, 0.5, 0.72 * panel.fill) | _diamond(x, y, 0.5, 1.5, 0.72 * panel.fill),
            ],
            axis=2,
        )
        points, pixels = 8, 2
    drawn = cv2.resize(fine.astype(np.float32), (points, points), interpolation=cv2.INTER_AREA)
    return np.asarray(drawn / drawn.mean(axis=(0, 1)), dtype=np.float32), pixels


def _diamond(x: NDArray[np.floating], y: NDArray[np.floating], u: float, v: float, reach: float) -> NDArray[np.bool_]:
    return np.asarray(np.abs(x - u) + np.abs(y - v) < reach)


def light_of(content: Pixels, panel: Panel, to_display: Points, window: Window, blur_px: float) -> Float:
    """(H, W, 3) linear light that reaches each camera pixel of the window from the display; 0 beside it.

    Args:
        content: (h, w, 3) uint8 RGB, a value for each display pixel.
        panel: the subpixels.
        to_display: (3, 3), picture px → display px.
        window: of the picture.
        blur_px: Gaussian σ of the lens, px of the picture.

    Every camera pixel is the mean of 3 × 3 or 4 × 4 samples of the drawn subpixels, more where the display is finer.
    """
    x0, y0, x1, y1 = window
    table = (panel.black + (1 - panel.black) * (np.arange(256) / 255) ** GAMMA).astype(np.float32)
    drawn, pixels = cell(panel)
    result = np.zeros((y1 - y0, x1 - x0, 3), np.float32)
    margin = int(np.ceil(3 * blur_px)) + 1
    for top in range(y0, y1, _BAND):
        bottom = min(y1, top + _BAND)
        band = (x0 - margin, top - margin, x1 + margin, bottom + margin)
        part = _band(content, (table, drawn, pixels), to_display, band, blur_px)
        if part is not None:
            result[top - y0 : bottom - y0] = part[margin : margin + bottom - top, margin : margin + x1 - x0]
    return np.asarray(result * np.asarray(panel.white, np.float32), dtype=np.float32)


def _band(
    content: Pixels, screen: tuple[Float, Float, int], to_display: Points, band: Window, blur_px: float
) -> Float | None:
    """light_of without the white, for a few rows; None where the display is not in them."""
    table, drawn, pixels = screen
    x0, y0, x1, y1 = band
    corners = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], dtype=np.float64)
    seen = apply_homography(to_display, corners)
    low = np.maximum(np.floor(seen.min(axis=0)).astype(int) - 2, 0) // 2 * 2
    high = np.minimum(np.ceil(seen.max(axis=0)).astype(int) + 3, [content.shape[1], content.shape[0]])
    if (high - low).min() < 2:
        return None
    density = float(np.abs(seen[1, 0] - seen[0, 0]) + np.abs(seen[1, 1] - seen[0, 1])) / (x1 - x0)
    if density > _TOO_FINE:
        drawn, pixels = np.ones((1, 1, 3), np.float32), 1
    part = table[content[low[1] : high[1], low[0] : high[0]]]
    points = drawn.shape[0] // pixels
    fine = np.repeat(np.repeat(part, points, axis=0), points, axis=1)
    repeats = [-(-side // drawn.shape[0]) for side in fine.shape[:2]]
    fine *= np.tile(drawn, (*repeats, 1))[: fine.shape[0], : fine.shape[1]]
    s = int(np.clip(np.ceil(0.75 * points * density), _FEWEST, _MOST))
    # Centre of point k of the drawn band lies at display px low + (k + 0.5) / points − 0.5.
    to_fine = np.array(
        [[points, 0, points * (0.5 - low[0]) - 0.5], [0, points, points * (0.5 - low[1]) - 0.5], [0, 0, 1.0]]
    )
    to_band = np.array([[1 / s, 0, x0 + 0.5 / s - 0.5], [0, 1 / s, y0 + 0.5 / s - 0.5], [0, 0, 1.0]])
    size = ((x1 - x0) * s, (y1 - y0) * s)
    # Cubic: a bilinear step would let the drawing's own points beat with the samples, by 5 %.
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    sampled = cv2.warpPerspective(fine, to_fine @ np.asarray(to_display) @ to_band, size, flags=flags)
    if blur_px > 0:
        sampled = cv2.GaussianBlur(sampled, (0, 0), blur_px * s)
    return np.asarray(cv2.resize(sampled, (x1 - x0, y1 - y0), interpolation=cv2.INTER_AREA), dtype=np.float32)
