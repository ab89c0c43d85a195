"""Another camera: a colour mosaic, its interpolation, and what a phone makes of it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision.types import Pixels

Float = NDArray[np.float32]
_CROSS = np.array([[0, 1, 0], [1, 4, 1], [0, 1, 0]], np.float32) / 4
_SQUARE = np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]], np.float32) / 4


@dataclass(frozen=True, slots=True)
class Sensor:
    """How light becomes a picture.

    Attributes:
        gain: (3,) exposure and white balance, factors on linear light.
        photons: electrons at full scale; fewer are noisier.
        read: σ of the read-out, of full scale.
        contrast: 0 plain γ, 1 a strong S-shaped tone curve.
        smooth: 0–1, how much of the noise the phone takes off.
        sharpen: amount of unsharp masking.
    """

    gain: tuple[float, float, float] = (1.0, 1.0, 1.0)
    photons: float = 4000.0
    read: float = 0.002
    contrast: float = 0.3
    smooth: float = 0.5
    sharpen: float = 0.5


def draw_sensor(rng: np.random.Generator) -> Sensor:
    """A phone in a room."""
    warm, light = float(rng.uniform(-0.08, 0.08)), float(rng.uniform(0.85, 1.15))
    return Sensor(
        (light * (1 + warm), light, light * (1 - warm)),
        float(rng.uniform(1200, 7000)),
        float(rng.uniform(0.001, 0.004)),
        float(rng.uniform(0.1, 0.5)),
        float(rng.uniform(0.2, 0.9)),
        float(rng.uniform(0.2, 0.9)),
    )


def develop(light: Float, sensor: Sensor, rng: np.random.Generator) -> Pixels:
    """(H, W, 3) uint8 RGB of (H, W, 3) linear light, 0–1, as one phone saves it.

    Mosaic (red, green / green, blue), photon and read-out noise, bilinear interpolation, tone curve, noise taken off
    (colour more than lightness), sharpening.

    Source: photon transfer, Janesick 2007; bilinear interpolation of the mosaic as in Malvar, He & Cutler, ICASSP
    2004, their baseline.
    """
    height, width = light.shape[:2]
    raw = np.empty((height, width), np.float32)
    raw[:] = light[..., 1] * sensor.gain[1]
    raw[0::2, 0::2] = light[0::2, 0::2, 0] * sensor.gain[0]
    raw[1::2, 1::2] = light[1::2, 1::2, 2] * sensor.gain[2]
    sigma = np.sqrt(np.maximum(raw, 0) / sensor.photons + sensor.read**2)
    raw = np.clip(raw + sigma * rng.standard_normal(raw.shape, dtype=np.float32), 0, 1)
    picture = _interpolated(raw)
    picture = picture ** np.float32(1 / 2.2)
    curved = picture * picture * (3 - 2 * picture)
    picture = picture + np.float32(sensor.contrast) * (curved - picture)
    tones = cv2.cvtColor(picture, cv2.COLOR_RGB2YCrCb)
    lightness, colour = tones[..., 0], np.ascontiguousarray(tones[..., 1:])
    colour = cv2.GaussianBlur(colour, (0, 0), 0.5 + 1.2 * sensor.smooth)
    calm = cv2.GaussianBlur(lightness, (0, 0), 0.8)
    # Taken off where the difference is as small as noise is: edges stay.
    detail = lightness - calm
    kept = 1 - sensor.smooth * np.exp(-((detail / 0.03) ** 2))
    lightness = calm + detail * kept
    lightness = lightness + sensor.sharpen * (lightness - cv2.GaussianBlur(lightness, (0, 0), 1.2))
    merged = cv2.cvtColor(np.dstack([lightness, colour]).astype(np.float32), cv2.COLOR_YCrCb2RGB)
    return np.asarray(np.clip(merged * 255 + 0.5, 0, 255), dtype=np.uint8)


def _interpolated(raw: Float) -> Float:
    """(H, W, 3) of an (H, W) mosaic."""
    planes = []
    for rows, columns in (((0,), (0,)), ((0, 1), (1, 0)), ((1,), (1,))):
        sparse = np.zeros_like(raw)
        for row, column in zip(rows, columns, strict=True):
            sparse[row::2, column::2] = raw[row::2, column::2]
        kernel = _CROSS if len(rows) == 2 else _SQUARE
        planes.append(cv2.filter2D(sparse, -1, kernel, borderType=cv2.BORDER_REFLECT_101))
    return np.asarray(np.dstack(planes), dtype=np.float32)


def linear(pixels: Pixels | Float) -> Float:
    """Linear light of uint8 RGB or of 0–255 floats."""
    return np.asarray((np.clip(pixels, 0, 255).astype(np.float32) / np.float32(255)) ** np.float32(2.2), np.float32)
