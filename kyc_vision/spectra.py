"""Periodic patterns that many places of a picture share: what a display's pixels, a raster or a print head leave.

A texture in the scene (cloth, a fence, a blind) is periodic where it lies; what lies over the whole picture, or over
the whole card, has the same period in windows far from one another. So windows are whitened each by itself, and a
peak counts only where most of them have it.

Convention: windows are (N, SIDE, SIDE) float32; spectra are (N, SIDE, SIDE) with frequency (0, 0) in the middle, in
natural logarithms over their own surroundings; frequencies are (x, y) cycles per pixel, −0.5 to 0.5.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision.types import Box, Pixels

Array = NDArray[np.float32]
#: Side of a window, px: 64 bins of frequency, and perspective changes a display's period little across it.
SIDE = 64
#: Bins about the middle that hold shading and the scene's own shapes rather than a pattern.
_LOW_BINS = 5
#: Surroundings in bins over which a peak is measured; bins by which a peak may wander between windows (perspective).
_AROUND, _WANDER = 13, 3
#: A window with more clipped pixels than this says nothing; with so little contrast (8-bit steps, RMS) neither.
_CLIPPED, _FLAT = 0.2, 0.15
#: Among fewer windows chance alone has a frequency in common.
_LEAST_WINDOWS = 6


@dataclass(frozen=True, slots=True)
class Peak:
    """The frequency that stands out in most windows.

    Attributes:
        strength: natural logarithm of power over its surroundings, as most windows have it. About 2 in noise.
        frequency: (x, y) cycles per pixel.
        windows: how many could be looked at.
    """

    strength: float
    frequency: tuple[float, float]
    windows: int

    @property
    def period_px(self) -> float:
        """Length of one period, px."""
        return 1 / max(float(np.hypot(*self.frequency)), 1e-3)


def windows_at(pixels: Pixels, box: Box, across: tuple[int, int], shrink: int = 1) -> Pixels:
    """(N, SIDE, SIDE, 3) windows spread evenly over a box of the picture, at its own resolution or averaged down.

    Args:
        pixels: (H, W, 3) uint8 RGB.
        box: x, y, width, height px; clipped to the picture.
        across: how many windows to the right and down; fewer where they would overlap by more than half.
        shrink: whole number of pixels averaged to one.

    Returns:
        The windows; none where the box is smaller than a window.
    """
    height, width = pixels.shape[:2]
    x0, y0 = max(0, round(box[0])), max(0, round(box[1]))
    x1, y1 = min(width, round(box[0] + box[2])), min(height, round(box[1] + box[3]))
    side = SIDE * shrink
    if x1 - x0 < side or y1 - y0 < side:
        return np.zeros((0, SIDE, SIDE, 3), dtype=np.uint8)
    columns, rows = (_starts(low, high - side, count, side) for low, high, count in (
        (x0, x1, across[0]), (y0, y1, across[1])
    ))  # fmt: skip
    found = [pixels[y : y + side, x : x + side] for y in rows for x in columns]
    if shrink > 1:
        found = [cv2.resize(one, (SIDE, SIDE), interpolation=cv2.INTER_AREA) for one in found]  # type: ignore[misc]
    return np.asarray(np.stack(found), dtype=np.uint8)


def _starts(first: int, last: int, count: int, side: int) -> list[int]:
    most = 1 + 2 * (last - first) // side
    return [round(v) for v in np.linspace(first, last, min(count, most))] if most > 1 else [(first + last) // 2]


def luma(windows: Pixels) -> Array:
    """(N, SIDE, SIDE) of (N, SIDE, SIDE, 3): Rec. 601 luma."""
    return np.asarray(windows.astype(np.float32) @ np.array([0.299, 0.587, 0.114], dtype=np.float32))


def green_magenta(windows: Pixels) -> Array:
    """(N, SIDE, SIDE) of (N, SIDE, SIDE, 3): green less the mean of red and blue.

    A display's red and blue stripes are both a third of a pixel from its green: this is where they differ most.
    """
    return np.asarray(windows.astype(np.float32) @ np.array([-0.5, 1.0, -0.5], dtype=np.float32))


def usable(windows: Pixels) -> NDArray[np.bool_]:
    """(N,) whether a window is neither clipped nor without any contrast."""
    grey = windows[..., 1].astype(np.float32)
    clipped = ((grey <= 1) | (grey >= 254)).mean(axis=(1, 2))
    return np.asarray((clipped < _CLIPPED) & (grey.std(axis=(1, 2)) > _FLAT))


def whitened(windows: Array) -> Array:
    """(N, SIDE, SIDE) log power of each window over its own surroundings in frequency."""
    ramp = np.hanning(SIDE).astype(np.float32)
    rest = (windows - windows.mean(axis=(1, 2), keepdims=True)) * np.outer(ramp, ramp)
    waves = np.fft.fft2(rest)
    power = np.fft.fftshift(waves.real**2 + waves.imag**2, axes=(1, 2))
    log_power = np.asarray(np.log(power + 1.0), dtype=np.float32)
    for number in range(len(log_power)):
        log_power[number] -= cv2.blur(log_power[number], (_AROUND, _AROUND))
    return log_power


def common_peak(spectra: Array) -> Peak | None:
    """The strongest frequency that most of the spectra share; None where there are fewer than six."""
    if len(spectra) < _LEAST_WINDOWS:
        return None
    kernel = np.ones((_WANDER, _WANDER), dtype=np.uint8)
    wide = np.stack([cv2.dilate(one, kernel) for one in spectra])
    # The median, by sorting: np.median takes three times as long over so few.
    wide.sort(axis=0)
    shared = (wide[(len(wide) - 1) // 2] + wide[len(wide) // 2]) / 2
    shared[~_asked()] = -np.inf
    y, x = (int(i) for i in np.unravel_index(int(shared.argmax()), shared.shape))
    frequency = ((x - SIDE // 2) / SIDE, (y - SIDE // 2) / SIDE)
    return Peak(float(shared[y, x]), frequency, len(spectra))


def _asked() -> NDArray[np.bool_]:
    """(SIDE, SIDE) which frequencies are asked: not the scene's own low ones, nor multiples of JPEG's 8-px blocks.

    Source: ITU-T T.81 (1992), annex A.3.3: blocks of 8 × 8 samples.
    """
    f = np.arange(SIDE) - SIDE // 2
    far = np.hypot(f[:, None], f[None, :]) >= _LOW_BINS
    at_block = np.abs((f + 4) % 8 - 4) <= 2  # the ramp spreads a peak by one bin, _WANDER by another
    on_axis = np.abs(f) <= 2
    blocks = (on_axis[:, None] & at_block[None, :]) | (at_block[:, None] & on_axis[None, :])
    return np.asarray(far & ~blocks)
