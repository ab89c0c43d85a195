"""The room's light on what is held into it: its colour, and its brighter side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kyc_vision.types import Pixels
from samples.camera import Layer, Window

# Where in a selfie the room is seen beside the head: the outer sevenths of the upper third.
_SIDE, _TOP = 1 / 7, 1 / 3


@dataclass(frozen=True, slots=True, eq=False)
class Ambient:
    """Factors on (3,) RGB at the picture's left and right side; 1 is neutral."""

    left: NDArray[np.float64]
    right: NDArray[np.float64]

    @property
    def brighter_side(self) -> float:
        """−1 left, 1 right."""
        return 1.0 if self.right.mean() > self.left.mean() else -1.0

    def bathe(self, layer: Layer, window: Window, width: int) -> None:
        """Light a premultiplied (h, w, 4) RGBA layer that lies at window in a picture of that width; in place."""
        along = (np.arange(window[0], window[2]) / max(width - 1, 1)).astype(np.float32)[:, None]
        layer[..., :3] *= (self.left * (1 - along) + self.right * along).astype(np.float32)
        np.minimum(layer[..., :3], layer[..., 3:], out=layer[..., :3])


def ambient_of(picture: Pixels, strength: float) -> Ambient:
    """What the room beside the head does.

    Args:
        picture: (H, W, 3) uint8 RGB before the card is held up.
        strength: 0 nothing to 1 the room's colour, to 7 %, and half its contrast between the sides, to 20 %.
    """
    height, width = picture.shape[:2]
    rows, columns = max(1, round(_TOP * height)), max(1, round(_SIDE * width))
    upper = picture[:rows:4]
    sides = [part.reshape(-1, 3).mean(axis=0) + 8 for part in (upper[:, :columns:4], upper[:, -columns::4])]
    level = np.mean([side.mean() for side in sides])
    factors = []
    for side in sides:
        # What lights a room is less coloured than what is seen of it: leaves are green, daylight among them hardly.
        colour = np.clip(side / side.mean(), 0.93, 1.07)
        contrast = np.clip(np.sqrt(side.mean() / level), 0.8, 1.2)
        factors.append((1 + strength * (colour - 1)) * (1 + strength * (contrast - 1)))
    return Ambient(factors[0], factors[1])
