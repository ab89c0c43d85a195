"""A card alone, taken as the cards of selfies are: for measuring reading by the thousand, a third of a second each.

No hand, no person, no room: what a reader sees, print, pose, lens, light, sensor and JPEG, is as in ``samples make``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from kyc_vision.types import Pixels, Quad
from samples.camera import Camera, Pose
from samples.difficulty import Difficulty, draw, width_in_picture
from samples.figure import tones
from samples.handheld import Setting, hold_card
from samples.identity import Identity, as_foreigner, invent
from samples.light import expose_quick
from samples.names import rename
from samples.orders import FOREIGN, print_for
from samples.people import Photo

#: Ground around the card, as a share of its extent.
_AROUND = 0.12


@dataclass(frozen=True, slots=True, eq=False)
class Closeup:
    """A card's picture and what is known of it.

    Attributes:
        pixels: (H, W, 3) uint8 RGB.
        quad: TL, TR, BR, BL of the print, px.
        identity: what the card says; invented.
        width_px: mean of the card's two long edges.
    """

    pixels: Pixels
    quad: Quad
    identity: Identity
    width_px: float


def closeup(seed: int, difficulty: Difficulty, photo: Photo) -> Closeup:
    """The same card for the same arguments.

    Args:
        seed: of everything.
        difficulty: row of the table of difficulties; a mirrored picture is taken unmirrored.
        photo: whose portrait is printed.
    """
    rng = np.random.default_rng([seed, 0xC1])
    taken = draw(difficulty, rng)
    identity = rename(invent(seed, photo.sex), seed)
    if rng.random() < FOREIGN:
        identity = as_foreigner(identity, seed)
    card = print_for(taken, identity, photo, seed)
    spec, short = taken.spec, min(taken.spec.size_wh)
    pose = Pose(
        (0.0, 0.0), spec.card_width * spec.size_wh[0], spec.tilt_deg, spec.yaw_deg, spec.pitch_deg, spec.bend_mm,
        spec.upside_down,
    )  # fmt: skip
    outline = Camera(pose, short).outline_px
    low, extent = outline.min(axis=0), np.ptp(outline, axis=0)
    x, y = (_AROUND * extent - low + rng.uniform(0, 1, 2)).tolist()
    size_wh = tuple(np.ceil((1 + 2 * _AROUND) * extent).astype(int).tolist())
    camera = Camera(replace(pose, centre=(x, y)), short)
    light = (float(rng.choice([-1, 1]) * rng.uniform(0.25, 0.6)), float(-rng.uniform(0.3, 0.6)))
    alone = replace(spec, size_wh=size_wh, hand=False, mirrored=False, quick=True)
    canvas = _ground(size_wh, rng)
    hold_card(canvas, card, Setting(tones(photo), alone, camera, light), rng)
    pixels = expose_quick(canvas, spec.exposure, light, rng)
    _, data = cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, taken.quality])
    shown = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR_RGB), dtype=np.uint8)
    return Closeup(shown, camera.quad, identity, width_in_picture(spec))


def _ground(size_wh: tuple[int, int], rng: np.random.Generator) -> Pixels:
    """What lies behind the card: soft colours."""
    spots = rng.integers(30, 220, (5, 7, 3)).astype(np.uint8)
    return np.asarray(cv2.resize(spots, size_wh, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
