"""Grain over the whole face: a print's dots, an enlarged portrait's raster, a display's pixels.

A living face has its finest detail at eyes, brows, lips and hair, and little between them; a picture of a picture has
as much on forehead and cheeks. What is compared is the face with itself, so light and sharpness matter little; a
sensor's noise in the dark does, and so this is a hint and never a proof.
"""

from __future__ import annotations

import cv2
import numpy as np

from kyc_vision.types import Cue, Face, Image, cannot_tell

#: Width at which faces are compared, px, and the least that can tell: below, features themselves are as fine as grain.
_WIDTH_PX, MIN_FACE_PX = 300.0, 150.0
#: Share of the face's box: left, right, top, bottom.
_INNER = (0.1, 0.9, 0.15, 0.9)
#: The band that is looked at, between two Gaussians (σ, px): finer is the sensor's own noise, coarser are features.
_BAND_PX = (0.7, 1.4)
#: Between features, and at features: quantiles of the band. A picture without any detail has this much (8-bit steps).
_BETWEEN, _AT, _ROUNDING = 0.5, 0.98, 0.05


def face_grain(selfie: Image, face: Face | None) -> Cue:
    """Natural logarithm of fine detail between the face's features over that at them; 0 is grain alone."""
    if face is None or face.box[2] < MIN_FACE_PX:
        return cannot_tell("face_grain", f"no face of {MIN_FACE_PX:.0f} px or more")
    (width, height), (x, y, w, h) = selfie.size_wh, face.box
    left, right = (round(float(np.clip(x + part * w, 0, width))) for part in _INNER[:2])
    top, bottom = (round(float(np.clip(y + part * h, 0, height))) for part in _INNER[2:])
    if right - left < 0.5 * w or bottom - top < 0.5 * h:
        return cannot_tell("face_grain", "too much of the face is out of the picture")
    grey = cv2.cvtColor(selfie.pixels[top:bottom, left:right], cv2.COLOR_RGB2GRAY).astype(np.float32)
    if w > _WIDTH_PX:
        scale = _WIDTH_PX / w
        small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        grey = np.asarray(small, dtype=np.float32)
    fine, coarse = (cv2.GaussianBlur(grey, (0, 0), sigma) for sigma in _BAND_PX)
    between, at = np.quantile(np.abs(fine - coarse), (_BETWEEN, _AT)) + _ROUNDING
    corners = ((left, top), (right - 1, top), (right - 1, bottom - 1), (left, bottom - 1))
    place = tuple((float(u), float(v)) for u, v in corners)
    return Cue("face_grain", round(float(np.log(between / at)), 3), place, "fine grain between the face's features")
