"""A display's pixels seen by a camera's: fine regular stripes of colour over a card's print."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision.card.cues.places import in_selfie
from kyc_vision.geometry import apply_homography
from kyc_vision.types import Cue, RectifiedCard, cannot_tell

#: Windows of so many px, so many across and down; the text block only: portraits have patterns of their own.
_SIZE, _ACROSS, _DOWN = 128, 5, 4
_BLOCK_MM = (0.0, 0.0, 60.0, 53.9)
#: Slower stripes than so many in a window (7 mm each at 5) are light, the ground's tint, islands.
_SLOWEST = 5.0
#: Nothing above this many cycles per px of the picture is there to be seen (Nyquist's 0.5 less what a lens takes).
_FASTEST = 0.45
#: A peak's height is taken over the mean about it, in this many frequencies either way.
_ABOUT = 6
#: Multiples of 1/8 cycle per px along the picture's axes are JPEG's own blocks: so near them nothing counts.
_JPEG_NEAR, _JPEG_NEAR_SHARE = 2.0, 0.05
#: A card narrower in the picture shows no stripe that could be told from JPEG's blocks.
MIN_WIDTH_PX = 320.0


def card_moire(card: RectifiedCard) -> Cue:
    """Height of the sharpest peak among the text block's stripes of colour, natural logarithm over what is about it.

    Print is grey and a guilloche has curves of one tint, so that their colour holds no single frequency over the
    whole card. A display's subpixels, sampled by a camera's, do.

    Source: periodogram averaged over windows; Welch, IEEE Trans. Audio Electroacoust. 15(2), 1967.
    """
    if card.source_width_px < MIN_WIDTH_PX:
        why = f"the card is {card.source_width_px:.0f} px wide in the picture, {MIN_WIDTH_PX:.0f} are needed"
        return cannot_tell("card_moire", why)
    counts = _counted(card)
    heights = [np.where(counts, _height(_power(plane)), -np.inf) for plane in _colours(card)]
    peak = np.maximum(*heights)
    row, column = (int(i) for i in np.unravel_index(int(peak.argmax()), peak.shape))
    across, down = column, row - _SIZE // 2
    stripes_mm = _SIZE / float(np.hypot(across, down)) / card.px_per_mm
    return Cue("card_moire", round(float(peak.max()), 3), in_selfie(card, _BLOCK_MM), f"stripes of {stripes_mm:.2f} mm")


def _colours(card: RectifiedCard) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(H, W) logarithms of red over green and of blue over green: light and shade cancel."""
    logs = np.log(np.arange(256, dtype=np.float32) + 8)
    part = card.pixels[:, : round(_BLOCK_MM[2] * card.px_per_mm)]
    red, green, blue = (np.asarray(cv2.LUT(channel, logs), dtype=np.float32) for channel in cv2.split(part))
    return red - green, blue - green


def _power(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    """(_SIZE, _SIZE / 2 + 1) mean power of the windows' frequencies, down from the slowest negative, across from 0."""
    taper = np.hanning(_SIZE).astype(np.float32)
    tops = np.linspace(0, plane.shape[0] - _SIZE, _DOWN).astype(int)
    lefts = np.linspace(0, plane.shape[1] - _SIZE, _ACROSS).astype(int)
    windows = np.stack([plane[y : y + _SIZE, x : x + _SIZE] for y in tops for x in lefts])
    windows -= windows.mean(axis=(1, 2), keepdims=True)
    windows *= np.outer(taper, taper)
    waves = np.fft.rfft2(windows)
    mean = (waves.real**2 + waves.imag**2).mean(axis=0)
    return np.asarray(np.fft.fftshift(mean, axes=0), dtype=np.float32)


def _height(power: NDArray[np.float32]) -> NDArray[np.float32]:
    """By how much the logarithm of each frequency's power is above the mean about it."""
    logs = np.log(power + np.float32(1e-9))
    size = 2 * _ABOUT + 1
    about = cv2.blur(logs, (size, size), borderType=cv2.BORDER_REFLECT)
    return np.asarray(logs - about, dtype=np.float32)


def _counted(card: RectifiedCard) -> NDArray[np.bool_]:
    """Which frequencies count: neither too slow nor too fast, and none of JPEG's."""
    down, across = np.mgrid[-_SIZE // 2 : _SIZE // 2, 0 : _SIZE // 2 + 1].astype(np.float64)
    to_selfie = np.linalg.inv(card.homography)
    height, width = card.pixels.shape[:2]
    middle = np.array([[width / 2 - 60, height / 2]])
    # (2, 2) px of the picture per px of the card, about the middle of the text block.
    here, right, below = (apply_homography(to_selfie, middle + step)[0] for step in ([0, 0], [1, 0], [0, 1]))
    jacobian = np.column_stack([right - here, below - here])
    # A plane wave of frequency f per card px has J⁻ᵀ f per picture px.
    waves = np.stack([across.ravel(), down.ravel()]) / _SIZE
    in_picture = np.abs(np.linalg.inv(jacobian).T @ waves)
    speed = np.hypot(*waves) * _SIZE
    allowed = (speed >= _SLOWEST) & (np.hypot(*in_picture) <= _FASTEST) & ~_of_jpeg(in_picture, jacobian)
    return np.asarray(allowed.reshape(down.shape))


def _of_jpeg(in_picture: NDArray[np.float64], jacobian: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which of (2, N) absolute frequencies, cycles per px of the picture, lie at JPEG's blocks' multiples."""
    zoom = float(np.sqrt(abs(np.linalg.det(jacobian))))
    near = _JPEG_NEAR / _SIZE / zoom + _JPEG_NEAR_SHARE * np.hypot(*in_picture)
    nearest = np.rint(in_picture * 8) / 8
    off = np.hypot(*(in_picture - nearest))
    on_axis = (nearest == 0).any(axis=0)
    return np.asarray((off < near) & on_axis)
