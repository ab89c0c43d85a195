"""A phone selfie of a person who holds a card: geometry first, then hand, shadow and light.

The quad that comes back is computed from the projection, never measured in the picture.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np

from kyc_vision.types import Box, Pixels, Quad
from samples.ambient import ambient_of
from samples.camera import Camera, Layer, Pose
from samples.clothes import sleeve
from samples.figure import Placement, place, stand, tones
from samples.handheld import Screen, Setting, hold_card
from samples.light import expose, expose_quick
from samples.people import Photo
from samples.rendered_hand import HandMap
from samples.spec import SceneSpec

# A quick scene's person is rendered this wide at most: the photographs have no more detail.
_STAGE_WIDTH = 1500


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A made selfie and its truth.

    Attributes:
        pixels: (H, W, 3) uint8 RGB.
        quad: TL, TR, BR, BL of the printed card, px; None without a card.
        face: box of the live face in the picture, px; None when it is out of frame.
        mirrored, upside_down: as asked for.
        covered: share of the card under fingers, 0–1.
        device: corners of the display or print that shows the card or the selfie, px, as quad; else None.
    """

    pixels: Pixels
    quad: Quad | None
    face: Box | None
    mirrored: bool
    upside_down: bool
    covered: float = 0.0
    device: Quad | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Staging:
    """What else is in the scene.

    Attributes:
        behind: (H, W, 3) uint8 RGB room (or people) behind the person, of the stage's size; None for spec.backdrop.
        dress: what is done to the person's picture before the card is held up (a paper mask); gets the picture, the
            face's box in it and a generator.
        hand: a modelled hand; None for a drawn one.
        screen: lights the display of a device that is held up; None for the default variant's pixel grid.
    """

    behind: Callable[[tuple[int, int]], Pixels] | None = None
    dress: Callable[[Pixels, Box, np.random.Generator], Pixels] | None = None
    hand: HandMap | None = None
    screen: Screen | None = None


def hold(card: Pixels | None, photo: Photo, spec: SceneSpec, seed: int, staging: Staging | None = None) -> Scene:
    """Let the photographed person hold the card before the chest and take the selfie.

    Args:
        card: (H, W, 4) uint8 RGBA as printed by ektp.print_card; None for a selfie without a card.
        photo: the person.
        spec: geometry and light.
        seed: of everything that is drawn by chance.
        staging: what else is in the scene.
    """
    rng = np.random.default_rng([seed, 0x5C])
    light = (float(rng.choice([-1, 1]) * rng.uniform(0.25, 0.6)), float(-rng.uniform(0.3, 0.6)))
    head, chin, camera = _compose(photo, spec, rng)
    if card is None:
        chin, head = 0.62, spec.head_width
    placement = place(photo, spec.size_wh, head, 0.5 + float(rng.uniform(-0.05, 0.05)), chin)
    staging = staging or Staging()
    canvas = _canvas(photo, placement, spec, rng, staging)
    skin, cloth = tones(photo)
    tone = cloth if spec.clothes is None else sleeve(cloth, spec.clothes)
    setting = _in_room(Setting((skin, tone), spec, camera, light, hand=staging.hand, screen=staging.screen), canvas)
    covered = 0.0
    if card is not None and not spec.pasted:
        covered = hold_card(canvas, card, setting, rng)
    if spec.quick:
        pixels = expose_quick(np.asarray(canvas, dtype=np.uint8), spec.exposure, setting.light, rng)
    else:
        pixels = expose(np.asarray(np.clip(canvas, 0, 1) * 255, dtype=np.uint8), spec.exposure, setting.light, rng)
    if card is not None and spec.pasted:
        hold_card(pixels, card, setting, rng)
    scene = Scene(
        pixels,
        camera.quad if card is not None else None,
        placement.face if spec.face_in_frame else None,
        False,
        spec.upside_down,
        covered,
        _device(camera, spec),
    )
    return mirror(scene) if spec.mirrored else scene


def _in_room(setting: Setting, canvas: Layer | Pixels) -> Setting:
    """Where the room's light counts, it comes from the room's brighter side and has its colour."""
    if setting.spec.ambient == 0 or canvas.dtype != np.uint8:
        return setting
    ambient = ambient_of(np.asarray(canvas, dtype=np.uint8), setting.spec.ambient)
    x, y = setting.light
    return replace(setting, ambient=ambient, light=(ambient.brighter_side * abs(x), y))


def _device(camera: Camera, spec: SceneSpec) -> Quad | None:
    """Corners of the display that shows the card, from the print's top left on."""
    if spec.display_px_per_mm == 0:
        return None
    order = [2, 3, 0, 1] if spec.upside_down else [0, 1, 2, 3]
    return np.asarray(camera.sheet_px(spec.paper_mm)[order], dtype=np.float32)


def _canvas(
    photo: Photo, placement: Placement, spec: SceneSpec, rng: np.random.Generator, staging: Staging
) -> Layer | Pixels:
    """The person in the room, before the card: float32 0–1, or uint8 when it is quick."""
    share = min(1.0, _STAGE_WIDTH / spec.size_wh[0]) if spec.quick else 1.0
    size = (round(spec.size_wh[0] * share), round(spec.size_wh[1] * share))
    x, y, w, h = (share * v for v in placement.face)
    shift = (placement.shift[0] * share, placement.shift[1] * share)
    small = Placement(placement.scale * share, shift, (x, y, w, h)) if share < 1 else placement
    behind = staging.behind(size) if staging.behind is not None else spec.backdrop
    person = stand(replace(photo, clothes=spec.clothes), small, size, behind, rng)
    if staging.dress is not None:
        person = staging.dress(person, small.face, rng)
    if spec.depth_px * share > 0.3:
        person = np.asarray(cv2.GaussianBlur(person, (0, 0), spec.depth_px * share), dtype=np.uint8)
    if not spec.quick:
        return person.astype(np.float32) / np.float32(255)
    if share == 1.0:
        return person
    return np.asarray(cv2.resize(person, spec.size_wh, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)


def mirror(scene: Scene) -> Scene:
    """The same selfie saved mirrored; the quad still starts at the print's top left."""
    width = scene.pixels.shape[1]
    face = scene.face and (width - scene.face[0] - scene.face[2], *scene.face[1:])
    return replace(
        scene,
        pixels=np.ascontiguousarray(scene.pixels[:, ::-1]),
        quad=_mirrored(scene.quad, width),
        device=_mirrored(scene.device, width),
        face=face,
        mirrored=not scene.mirrored,
    )


def _mirrored(quad: Quad | None, width: int) -> Quad | None:
    if quad is None:
        return None
    turned = quad.copy()
    turned[:, 0] = width - 1 - turned[:, 0]
    return turned


def _compose(photo: Photo, spec: SceneSpec, rng: np.random.Generator) -> tuple[float, float, Camera]:
    """Head width, chin height (fractions) and the camera, so that the card lies below the chin and in the frame."""
    width, height = spec.size_wh
    pose = Pose(
        (0.0, 0.0),
        spec.card_width * width,
        spec.tilt_deg,
        spec.yaw_deg,
        spec.pitch_deg,
        spec.bend_mm,
        spec.upside_down,
    )
    short = min(width, height)
    outline = Camera(pose, short).sheet_px(0.0 if spec.loose else spec.paper_mm)
    low, high = outline.min(axis=0), outline.max(axis=0)
    tall = float(high[1] - low[1]) / height
    gap, foot = 0.025, 0.05
    chin = min(0.50, 1 - tall - gap - foot) - float(rng.uniform(0.0, 0.03))
    ratio = photo.face[3] / photo.face[2] * width / height
    # Above the hairline there is hair: a quarter of the face's height, at least.
    head = min(spec.head_width, (chin - 0.02) / (1.28 * ratio))
    if not spec.face_in_frame:
        chin = -0.03
    room = 1 - max(chin, 0.0) - gap - foot - tall
    top = max(chin, 0.0) + gap + room * float(rng.uniform(0.15, 0.75))
    half = (high[0] - low[0]) / 2 / width
    x = float(np.clip(spec.card_x, half + 0.01, 1 - half - 0.01)) if half < 0.49 else 0.5
    moved = (spec.shift[0] * float(high[0] - low[0]), spec.shift[1] * float(high[1] - low[1]))
    centre = (x * width - float(high[0] + low[0]) / 2 + moved[0], top * height - float(low[1]) + moved[1])
    return head, chin, Camera(replace(pose, centre=centre), short)
