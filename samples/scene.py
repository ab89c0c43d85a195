"""A phone selfie of a person who holds a card: geometry first, then hand, shadow and light.

The quad that comes back is computed from the projection, never measured in the picture.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision.geometry import Points
from kyc_vision.types import Box, Pixels, Quad
from samples.backdrop import Backdrop
from samples.camera import Camera, Layer, Pose, bend_offsets, card_to_plane, layer_window, warp_layer
from samples.figure import place, stand, tones
from samples.ground import CARD_HEIGHT_MM, CARD_WIDTH_MM
from samples.hand import EXTENT_MM, HAND_PX_PER_MM, draw_hand
from samples.light import Exposure, expose
from samples.people import Photo


@dataclass(frozen=True, slots=True)
class SceneSpec:
    """How the selfie is taken.

    Attributes:
        size_wh: of the picture, px.
        card_width: the card's width over the picture's, 0.18–0.60.
        tilt_deg, yaw_deg, pitch_deg, bend_mm: as in Pose.
        head_width: the face's width, ear to ear, over the picture's.
        card_x: where between the picture's sides the card's middle is, 0–1.
        upside_down: the card is held turned by 180°.
        mirrored: the whole selfie is saved mirrored.
        hand: whether a hand is drawn.
        glare: strength of a pale band of reflected light over the card, 0–0.5.
        paper_mm: margin of paper around the card's print, when the card is only a copy on paper.
        backdrop: the room behind the person, where the photograph has a matte.
        face_in_frame: False frames the picture below the chin.
        exposure: lens, light and sensor.
    """

    size_wh: tuple[int, int] = (1080, 1440)
    card_width: float = 0.45
    tilt_deg: float = 0.0
    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    bend_mm: float = 0.0
    head_width: float = 0.30
    card_x: float = 0.5
    upside_down: bool = False
    mirrored: bool = False
    hand: bool = True
    glare: float = 0.08
    paper_mm: float = 0.0
    backdrop: Backdrop = "wall"
    face_in_frame: bool = True
    exposure: Exposure = field(default_factory=Exposure)


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A made selfie and its truth.

    Attributes:
        pixels: (H, W, 3) uint8 RGB.
        quad: TL, TR, BR, BL of the printed card, px; None without a card.
        face: box of the live face in the picture, px; None when it is out of frame.
        mirrored, upside_down: as asked for.
    """

    pixels: Pixels
    quad: Quad | None
    face: Box | None
    mirrored: bool
    upside_down: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Setting:
    photo: Photo
    spec: SceneSpec
    camera: Camera
    light: tuple[float, float]


def hold(card: Pixels | None, photo: Photo, spec: SceneSpec, seed: int) -> Scene:
    """Let the photographed person hold the card before the chest and take the selfie.

    Args:
        card: (H, W, 4) uint8 RGBA as printed by ektp.print_card; None for a selfie without a card.
        photo: the person.
        spec: geometry and light.
        seed: of everything that is drawn by chance.
    """
    rng = np.random.default_rng([seed, 0x5C])
    light = (float(rng.choice([-1, 1]) * rng.uniform(0.25, 0.6)), float(-rng.uniform(0.3, 0.6)))
    head, chin, camera = _compose(photo, spec, rng)
    if card is None:
        chin, head = 0.62, spec.head_width
    placement = place(photo, spec.size_wh, head, 0.5 + float(rng.uniform(-0.05, 0.05)), chin)
    canvas: Layer = stand(photo, placement, spec.size_wh, spec.backdrop, rng).astype(np.float32) / np.float32(255)
    if card is not None:
        _hold_card(canvas, card, _Setting(photo, spec, camera, light), rng)
    pixels = expose(np.asarray(np.clip(canvas, 0, 1) * 255, dtype=np.uint8), spec.exposure, light, rng)
    scene = Scene(
        pixels,
        camera.quad if card is not None else None,
        placement.face if spec.face_in_frame else None,
        False,
        spec.upside_down,
    )
    return mirror(scene) if spec.mirrored else scene


def mirror(scene: Scene) -> Scene:
    """The same selfie saved mirrored; the quad still starts at the print's top left."""
    width = scene.pixels.shape[1]
    quad = None
    if scene.quad is not None:
        quad = scene.quad.copy()
        quad[:, 0] = width - 1 - quad[:, 0]
    face = scene.face and (width - scene.face[0] - scene.face[2], *scene.face[1:])
    return replace(
        scene, pixels=np.ascontiguousarray(scene.pixels[:, ::-1]), quad=quad, face=face, mirrored=not scene.mirrored
    )


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
    outline = Camera(pose, width).sheet_px(spec.paper_mm)
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
    centre = (x * width - float(high[0] + low[0]) / 2, top * height - float(low[1]))
    return head, chin, Camera(replace(pose, centre=centre), width)


def _hold_card(canvas: Layer, card: Pixels, setting: _Setting, rng: np.random.Generator) -> None:
    """Paint, back to front: the fist, the card's shadow, the card, the thumb's shadow, the thumb."""
    spec, camera, light = setting.spec, setting.camera, setting.light
    px_per_mm = card.shape[1] / (CARD_WIDTH_MM + 2 * spec.paper_mm)
    layer = _lit_card(card, spec.glare, light, rng)
    to_picture = camera.plane @ card_to_plane(card, spec.upside_down, spec.paper_mm)
    window = layer_window(camera.sheet_px(spec.paper_mm), spec.size_wh, 60)
    offsets = bend_offsets(camera, px_per_mm, spec.paper_mm)
    if offsets is not None and spec.upside_down:
        offsets = -offsets[::-1, ::-1]
    shown = warp_layer(layer, to_picture, window, offsets)
    scale = camera.pose.width_px / CARD_WIDTH_MM
    if not spec.hand:
        _paint(canvas, shown, window, _shadow(shown, 2.2 * scale, light, 0.30), 1.0)
        return
    skin, cloth = tones(setting.photo)
    below_px = spec.size_wh[1] - camera.sheet_px(spec.paper_mm)[:, 1].min()
    hand = draw_hand(skin, cloth, rng, light, 1.25 * float(below_px) / scale + 10)
    hand_to_picture = camera.plane @ _hand_to_plane(spec, rng)
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * [hand.front.shape[1], hand.front.shape[0]]
    mapped = corners @ hand_to_picture[:2, :2].T + hand_to_picture[:2, 2]
    mapped = mapped / (corners @ hand_to_picture[2, :2] + hand_to_picture[2, 2])[:, None]
    hand_window = layer_window(mapped, spec.size_wh)
    behind = warp_layer(hand.behind, hand_to_picture, hand_window)
    front = warp_layer(hand.front, hand_to_picture, hand_window)
    _paint(canvas, behind, hand_window, _shadow(behind, 7.0 * scale, light, 0.35), 1.0)
    _paint(canvas, shown, window, _shadow(shown, 2.2 * scale, light, 0.42), 1.0)
    _paint(canvas, front, hand_window, _shadow(front, 0.9 * scale, light, 0.45), 1.0)


def _hand_to_plane(spec: SceneSpec, rng: np.random.Generator) -> Points:
    """(3, 3): hand layer pixels → mm of the card's plane; the thumb over an edge where nothing is printed.

    The thumb covers the lowest 6 mm, under the last row (its baseline ends 7 mm above the edge at worst). An
    upside-down card has its header there: then the thumb takes the corner above the portrait.
    """
    side = float(rng.choice([-1.0, 1.0]))
    grip_x = -35.5 if spec.upside_down else float(rng.uniform(-30, 6))
    side = -1.0 if spec.upside_down else side
    dip = 4.6 + spec.paper_mm
    s = 1 / HAND_PX_PER_MM
    to_mm = np.array([[s, 0, EXTENT_MM[0] + s / 2], [0, s, EXTENT_MM[1] + s / 2], [0, 0, 1.0]])
    # The wrist turns and hands differ in size; the thumb's tip stays where it is.
    turn, size = np.radians(rng.uniform(-12, 10)), float(rng.uniform(0.92, 1.06))
    cos, sin = size * np.cos(turn), size * np.sin(turn)
    pose = np.array([[side * cos, -side * sin, grip_x], [sin, cos, CARD_HEIGHT_MM / 2 + dip], [0, 0, 1.0]])
    return np.asarray(pose @ to_mm)


def _lit_card(card: Pixels, glare: float, light: tuple[float, float], rng: np.random.Generator) -> Layer:
    """The card as a premultiplied layer with a sheen across it and a faint light edge."""
    layer: Layer = card.astype(np.float32) / np.float32(255)
    height, width = card.shape[:2]
    y, x = np.mgrid[-1:1:160j, -1:1:254j].astype(np.float32)
    slant = x * 0.9 + y * float(rng.uniform(-0.6, 0.6)) - float(rng.uniform(-0.8, 0.8))
    band = glare * np.exp(-((slant / float(rng.uniform(0.15, 0.35))) ** 2))
    lit = 0.93 + 0.07 * (x * light[0] + y * light[1])
    band, lit = (cv2.resize(a.astype(np.float32), (width, height))[..., None] for a in (band, lit))
    layer[..., :3] = (layer[..., :3] * lit * (1 - band) + band) * layer[..., 3:]
    return layer


def _shadow(layer: Layer, reach_px: float, light: tuple[float, float], strength: float) -> NDArray[np.float32]:
    """(H, W) darkness: the layer's alpha, moved away from the light and blurred."""
    alpha = layer[..., 3]
    move = np.array([[1, 0, -light[0] * reach_px], [0, 1, -light[1] * reach_px]], dtype=np.float32)
    moved = cv2.warpAffine(alpha, move, (alpha.shape[1], alpha.shape[0]))
    return np.asarray(strength * cv2.GaussianBlur(moved, (0, 0), max(0.6, 0.9 * reach_px)), dtype=np.float32)


def _paint(
    canvas: Layer, layer: Layer, window: tuple[int, int, int, int], shadow: NDArray[np.float32], opacity: float
) -> None:
    x0, y0, x1, y1 = window
    part = canvas[y0:y1, x0:x1]
    part *= (1 - shadow)[..., None]
    part *= 1 - opacity * layer[..., 3:]
    part += opacity * layer[..., :3]
