"""The skin of the person who holds the card, and what looks like it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kyc_vision.geometry import centre, contains
from kyc_vision.types import Face, Pixels, Quad

Tones = NDArray[np.float64]
#: Skin of one person in one light: hand and face differ by this in the logarithms of red and blue over green, and by
#: these factors in brightness (palms are paler than cheeks, a hand may be in the shade or nearer to the lamp).
_CHROMA, _DARKEST, _LIGHTEST = 0.12, 0.45, 2.0
#: Cheeks and nose: this part of a face's box, from the middle.
_CHEEKS = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Holder:
    """Who holds the card.

    Attributes:
        skin: (3,) median RGB of the cheeks and nose, 0–255.
        face_at: (x, y) px of the selfie, the middle of the face.
    """

    skin: Tones
    face_at: tuple[float, float]


def holder(pixels: Pixels, faces: tuple[Face, ...], quad: Quad) -> Holder | None:
    """The person with the largest face that is not on the card; None without one."""
    live = [face for face in faces if not contains(quad, centre(face.box))]
    if not live:
        return None
    x, y, w, h = box = max(live, key=lambda face: face.box[2] * face.box[3]).box
    middle, half = (x + 0.5 * w, y + 0.55 * h), (_CHEEKS * w, _CHEEKS * h)
    x0, y0 = (max(0, int(c - r)) for c, r in zip(middle, half, strict=True))
    x1, y1 = (int(c + r) + 1 for c, r in zip(middle, half, strict=True))
    # Every fourth px of a row is enough for a median.
    part = pixels[y0:y1:4, x0:x1:4].reshape(-1, 3)
    return Holder(np.median(part, axis=0).astype(np.float64), centre(box)) if len(part) else None


def like_skin(colours: Tones, skin: Tones) -> NDArray[np.bool_]:
    """(N,) whether each of the (N, 3) RGB colours may be skin of that person in this light."""
    logs, own = (np.log(np.maximum(values, 2.0)) for values in (colours, skin))
    chroma = np.abs((logs - logs[:, 1:2]) - (own - own[1]))[:, [0, 2]].max(axis=1)
    light = np.exp(logs[:, 1] - own[1])
    return np.asarray((chroma < _CHROMA) & (light > _DARKEST) & (light < _LIGHTEST))
