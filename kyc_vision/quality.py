"""Numbers on the photograph, measured where they matter. What they mean is for the checks and the policy."""

from __future__ import annotations

import cv2
import numpy as np

from kyc_vision.geometry import thumbnail
from kyc_vision.types import Face, Pixels, Quality, RectifiedCard

#: Longer side at which light and colour are measured: neither changes with resolution.
THUMBNAIL_PX = 480
#: The face is brought to this height before its sharpness is measured: what the embedding can see of it.
FACE_HEIGHT_PX = 224


def measure(pixels: Pixels, live_face: Face | None, card: RectifiedCard | None) -> Quality:
    """Measure a selfie.

    Args:
        pixels: (H, W, 3) uint8 RGB, upright.
        live_face: the customer's own face, where one was found: sharpness is measured on it, else on the picture.
        card: the rectified card, where it was found.
    """
    scale = THUMBNAIL_PX / max(pixels.shape[:2])
    small = _resized(pixels, scale)
    subject = _face_crop(pixels, live_face) if live_face else _resized(pixels, min(1.0, 1280 / max(pixels.shape[:2])))
    return Quality(
        brightness=round(float(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).mean()), 1),
        sharpness=round(sharpness(subject), 3),
        scene_colour=round(colour_spread(small), 2),
        card_width_px=round(card.source_width_px, 1) if card else None,
        card_colour=round(colour_spread(_resized(card.pixels, 160 / card.pixels.shape[1])), 2) if card else None,
    )


def sharpness(pixels: Pixels) -> float:
    """How much a slight blur would change the picture, 0 (it is blurred already) to 1.

    Source: Crété-Roffet et al., The blur effect: perception and estimation with a new no-reference perceptual
    blur metric, SPIE 6492, 2007, eq. 1–8; this is 1 − their measure.
    """
    luma = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32)
    kept = []
    for axis, size_wh in ((0, (1, 9)), (1, (9, 1))):
        blurred = cv2.blur(luma, size_wh)
        before, after = np.abs(np.diff(luma, axis=axis)), np.abs(np.diff(blurred, axis=axis))
        kept.append(float(np.maximum(0, before - after).sum() / max(float(before.sum()), 1e-6)))
    return min(kept)


def colour_spread(pixels: Pixels) -> float:
    """Root mean square distance of the pixels' colour from their median colour, CIE a*b*, light left out.

    A copy in grey has one tint however it is lit: its spread is near zero. Red and blue, skin and cloth have many.
    """
    # Averaged down by the caller, so that neither noise nor JPEG's coarse chroma counts as colour; brought to full
    # exposure, since a dark picture's colours are as small as its light.
    exposed = pixels.astype(np.float32) / max(_percentile(pixels, 95), 8.0)
    lab = cv2.cvtColor(np.clip(exposed, 0, 1), cv2.COLOR_RGB2LAB)
    a, b = (plane - np.median(plane) for plane in cv2.split(lab)[1:])
    return float(np.sqrt((a * a + b * b).mean()))


def _percentile(pixels: Pixels, share: float) -> float:
    """np.percentile of 8-bit values by their histogram, a fifth of its time."""
    upto = np.cumsum(cv2.calcHist([pixels.reshape(-1, 1)], [0], None, [256], [0, 256]))
    place = (pixels.size - 1) * share / 100
    low, high = (int(np.searchsorted(upto, at, side="right")) for at in (int(place), int(np.ceil(place))))
    return low + (high - low) * (place - int(place))


def _face_crop(pixels: Pixels, face: Face) -> Pixels:
    x, y, w, h = face.box
    left, top = max(0, int(x)), max(0, int(y))
    crop = pixels[top : max(top + 8, int(y + h)), left : max(left + 8, int(x + w))]
    return _resized(crop, min(1.0, FACE_HEIGHT_PX / crop.shape[0]))


def _resized(pixels: Pixels, scale: float) -> Pixels:
    size_wh = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    return thumbnail(pixels, size_wh)
