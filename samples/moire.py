"""What a camera sees of a display's pixels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kyc_vision.geometry import Points, apply_homography
from samples.camera import Window

Float = NDArray[np.float32]


def pixel_grid(to_display: Points, window: Window, contrast: float = 0.8) -> Float:
    """(H, W, 3) factors that sampling a display's subpixels with a camera's pixels puts on the picture.

    Args:
        to_display: (3, 3), picture px → display px.
        window: x0, y0, x1, y1 of the picture.
        contrast: of the gaps between the subpixels, 0–1.

    A display pixel is three stripes of a third of its width each, and a gap between rows. Their Fourier series is
    evaluated at every camera pixel's centre, each harmonic weakened by that pixel's own aperture (a box): where a
    harmonic is above the camera's Nyquist frequency it aliases to the slow coloured bands one sees as moiré.

    Source: Fourier series of a rectangular pulse train; aperture as in Boreman, Modulation Transfer Function, 2001.
    """
    x0, y0, x1, y1 = window
    y, x = np.mgrid[y0:y1, x0:x1].astype(np.float64)
    h = np.asarray(to_display, dtype=np.float64)
    w = h[2, 0] * x + h[2, 1] * y + h[2, 2]
    u, v = (h[0, 0] * x + h[0, 1] * y + h[0, 2]) / w, (h[1, 0] * x + h[1, 1] * y + h[1, 2]) / w
    step = np.abs(
        apply_homography(h, np.array([[(x0 + x1) / 2 + 1, (y0 + y1) / 2 + 1], [(x0 + x1) / 2, (y0 + y1) / 2]]))
    )
    # A Bayer sensor's sites of one colour cover half of its area: their aperture is 0.7 of their pitch.
    aperture = 0.7 * float(np.abs(step[0] - step[1]).mean())
    factors = np.empty((y1 - y0, x1 - x0, 3), dtype=np.float32)
    rows = 1 + contrast * 0.5 * np.sinc(aperture) * np.cos(2 * np.pi * v)
    for channel in range(3):
        phase = u - (channel + 0.5) / 3
        stripes = np.ones_like(u)
        for harmonic in (1, 2):
            amount = 2 * np.sinc(harmonic / 3) * np.sinc(harmonic * aperture)
            stripes += contrast * amount * np.cos(2 * np.pi * harmonic * phase)
        factors[..., channel] = np.clip(stripes * rows, 0, 3)
    return factors
