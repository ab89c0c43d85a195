"""The card in the hand: fist, shadow, card, thumb, painted into the picture back to front."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision.geometry import Points, apply_homography
from kyc_vision.types import Pixels
from samples.ambient import Ambient
from samples.camera import Camera, Layer, Window, bend_offsets, card_to_plane, layer_window, warp_layer
from samples.figure import Tone
from samples.ground import CARD_HEIGHT_MM, CARD_WIDTH_MM
from samples.hand import EXTENT_MM, HAND_PX_PER_MM, draw_hand
from samples.moire import pixel_grid
from samples.rendered_hand import TIP_MM, HandMap, render_hand
from samples.spec import Grip, SceneSpec, Spot

# A quick scene's hand: skin is smooth, so it is drawn coarser.
_QUICK_HAND_PX_PER_MM = 3.5
# A modelled hand on a card that is seen finer than this is rendered as finely.
_FINE_MODELLED_PX_PER_MM = 5.0
_PART = np.float32(1 / 255)
# Paints what a display shows into a layer, given the part of the picture that the layer is, and the camera.
Screen = Callable[[Layer, Window, Camera], None]


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """Who holds, how it is taken, where the card is, where light comes from, the room's, a modelled hand, a display."""

    tones: tuple[Tone, Tone]
    spec: SceneSpec
    camera: Camera
    light: tuple[float, float]
    ambient: Ambient | None = None
    hand: HandMap | None = None
    screen: Screen | None = None


def hold_card(canvas: Layer | Pixels, card: Pixels, setting: Setting, rng: np.random.Generator) -> float:
    """Paint, back to front: the fist, the card's shadow, the card, the thumb's shadow, the thumb.

    Args:
        canvas: (H, W, 3) float32 0–1 or uint8 RGB, painted on.
        card: (H, W, 4) uint8 RGBA, with spec.paper_mm of sheet around the print.
        setting: geometry and light.
        rng: of sheen and hand.

    Returns:
        The share of the card that fingers cover, 0–1.
    """
    spec, camera, light = setting.spec, setting.camera, setting.light
    layer = _lit_card(card, spec, light, rng)
    window, shown = _show_card(layer, spec, camera)
    if setting.screen is not None:
        setting.screen(shown, window, camera)
    elif spec.display_px_per_mm > 0:
        to_display = np.diag([spec.display_px_per_mm, spec.display_px_per_mm, 1.0]) @ np.linalg.inv(camera.plane)
        shown[..., :3] *= pixel_grid(to_display, window)
    elif setting.ambient is not None and not spec.pasted:
        setting.ambient.bathe(shown, window, spec.size_wh[0])
    scale = camera.pose.width_px / CARD_WIDTH_MM
    if not spec.hand:
        strength = 0.0 if spec.pasted else 0.30
        _paint(canvas, shown, window, _shadow(shown, 2.2 * scale, light, strength, spec.quick))
        return 0.0
    skin, cloth = setting.tones
    below_px = spec.size_wh[1] - camera.sheet_px(spec.paper_mm)[:, 1].min()
    length = _length_mm(spec, float(below_px) / scale)
    if setting.hand is not None:
        fine = _FINE_MODELLED_PX_PER_MM if scale > _FINE_MODELLED_PX_PER_MM else _QUICK_HAND_PX_PER_MM
        hand_to_picture = camera.plane @ hand_to_plane(spec, rng, fine, modelled=True)
        hand = render_hand(setting.hand, skin, cloth, rng, _light_on(hand_to_picture, light), (length, fine))
    else:
        fine = _QUICK_HAND_PX_PER_MM if spec.quick else HAND_PX_PER_MM
        hand = draw_hand(skin, cloth, rng, light, (length, fine))
        hand_to_picture = camera.plane @ hand_to_plane(spec, rng, fine)
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * [hand.front.shape[1], hand.front.shape[0]]
    hand_window = layer_window(apply_homography(hand_to_picture, corners), spec.size_wh)
    samples = 1 if spec.quick else 3
    behind = warp_layer(hand.behind, hand_to_picture, hand_window, supersample=samples)
    front = warp_layer(hand.front, hand_to_picture, hand_window, supersample=samples)
    if setting.ambient is not None:
        for layer in (behind, front):
            setting.ambient.bathe(layer, hand_window, spec.size_wh[0])
    _paint(canvas, behind, hand_window, _shadow(behind, 7.0 * scale, light, 0.35, spec.quick))
    _paint(canvas, shown, window, _shadow(shown, 2.2 * scale, light, 0.42, spec.quick))
    _paint(canvas, front, hand_window, _shadow(front, 0.9 * scale, light, 0.45, spec.quick))
    return _covered(camera, front, hand_window)


def _length_mm(spec: SceneSpec, below_mm: float) -> float:
    """How much of the arm is needed to reach out of the picture."""
    return 300.0 if spec.grip is not None or abs(spec.tilt_deg) > 60 else 1.25 * below_mm + 10


def _show_card(layer: Layer, spec: SceneSpec, camera: Camera) -> tuple[Window, Layer]:
    to_picture = np.asarray(camera.plane) @ card_to_plane(
        (layer.shape[1], layer.shape[0]), spec.upside_down, spec.paper_mm
    )
    window = layer_window(camera.sheet_px(spec.paper_mm), spec.size_wh, 60)
    margin_x = spec.paper_mm[0] if isinstance(spec.paper_mm, tuple) else spec.paper_mm
    offsets = bend_offsets(camera, layer.shape[1] / (CARD_WIDTH_MM + 2 * margin_x), spec.paper_mm)
    if offsets is not None and spec.upside_down:
        offsets = -offsets[::-1, ::-1]
    samples = (1 if camera.pose.width_px > 900 else 2) if spec.quick else 3
    return window, warp_layer(layer, to_picture, window, offsets, samples)


def _light_on(hand_to_picture: Points, light: tuple[float, float]) -> tuple[float, float]:
    """The light's direction as the hand sees it, which is turned and perhaps mirrored in the picture."""
    linear = hand_to_picture[:2, :2] / np.sqrt(abs(np.linalg.det(hand_to_picture[:2, :2])))
    turned = linear.T @ np.asarray(light)
    turned = turned * np.hypot(*light) / max(float(np.linalg.norm(turned)), 1e-6)
    return float(turned[0]), float(turned[1])


def hand_to_plane(
    spec: SceneSpec, rng: np.random.Generator, px_per_mm: float = HAND_PX_PER_MM, modelled: bool = False
) -> Points:
    """(3, 3): hand layer pixels → mm of the card's plane; the thumb over an edge where nothing is printed.

    The thumb covers the lowest 6 mm, under the last row (its baseline ends 7 mm above the edge at worst). An
    upside-down card has its header there: then the thumb takes the corner above the portrait. A modelled hand is as
    broad as the card: it holds it near a corner, its fingers behind the card.
    """
    side = float(rng.choice([-1.0, 1.0]))
    grip_x = -35.5 if spec.upside_down else float(rng.uniform(-30, 6))
    side = -1.0 if spec.upside_down else side
    if modelled:
        side = 1.0 if spec.upside_down else side
        grip_x = -35.5 if spec.upside_down else side * float(rng.uniform(-38, -28))
    margin_y = spec.paper_mm[1] if isinstance(spec.paper_mm, tuple) else spec.paper_mm
    dip = 4.6 + margin_y
    s = 1 / px_per_mm
    to_mm = np.array([[s, 0, EXTENT_MM[0] + s / 2], [0, s, EXTENT_MM[1] + s / 2], [0, 0, 1.0]])
    # The wrist turns and hands differ in size; the thumb's tip stays where it is.
    turn, size = np.radians(rng.uniform(-12, 10)), float(rng.uniform(0.92, 1.06))
    if spec.grip is not None:
        return np.asarray(_gripping(spec.grip, size) @ to_mm)
    cos, sin = size * np.cos(turn), size * np.sin(turn)
    pose = np.array([[side * cos, -side * sin, grip_x], [sin, cos, CARD_HEIGHT_MM / 2 + dip], [0, 0, 1.0]])
    return np.asarray(pose @ to_mm)


def _gripping(grip: Grip, size: float) -> Points:
    """(3, 3): hand mm → mm of the card's plane, with the thumb's tip where the grip says."""
    turn = np.radians(grip.angle_deg)
    cos, sin = size * np.cos(turn), size * np.sin(turn)
    side = 1.0 if grip.left_hand else -1.0
    linear = np.array([[cos, -sin], [sin, cos]]) @ np.diag([side, 1.0])
    tip = (np.asarray(grip.tip) - 0.5) * [CARD_WIDTH_MM, CARD_HEIGHT_MM]
    pose = np.eye(3)
    pose[:2, :2] = linear
    pose[:2, 2] = tip - linear @ np.asarray(TIP_MM)
    return pose


def _covered(camera: Camera, front: Layer, window: Window) -> float:
    """Share of the card's outline under the front layer's opaque part."""
    x0, y0, x1, y1 = window
    inside = np.zeros((y1 - y0, x1 - x0), dtype=np.uint8)
    cv2.fillConvexPoly(inside, np.round(camera.outline_px - [x0, y0]).astype(np.int32), 1)
    whole = abs(cv2.contourArea(camera.outline_px.astype(np.float32)))
    return float((front[..., 3] * inside).sum() / max(whole, 1.0))


def _lit_card(card: Pixels, spec: SceneSpec, light: tuple[float, float], rng: np.random.Generator) -> Layer:
    """The card as a premultiplied layer with a sheen across it and a faint light edge."""
    layer: Layer = card.astype(np.float32) * _PART if spec.quick else card.astype(np.float32) / np.float32(255)
    height, width = card.shape[:2]
    y, x = np.mgrid[-1:1:160j, -1:1:254j].astype(np.float32)
    slant = x * 0.9 + y * float(rng.uniform(-0.6, 0.6)) - float(rng.uniform(-0.8, 0.8))
    band = spec.glare * np.exp(-((slant / float(rng.uniform(0.15, 0.35))) ** 2))
    if spec.spot is not None:
        band = np.maximum(band, _lamp(x, y, spec.spot))
    lit = 0.93 + 0.07 * (x * light[0] + y * light[1])
    band, lit = (cv2.resize(a.astype(np.float32), (width, height))[..., None] for a in (band, lit))
    layer[..., :3] = (layer[..., :3] * lit * (1 - band) + band) * layer[..., 3:]
    return layer


def _lamp(x: Layer, y: Layer, spot: Spot) -> Layer:
    """A bright core with a soft skirt, as a bulb in a plastic sheet."""
    dx = (x + 1) / 2 - spot.centre[0]
    dy = ((y + 1) / 2 - spot.centre[1]) * CARD_HEIGHT_MM / CARD_WIDTH_MM
    away2 = (dx**2 + (1.5 * dy) ** 2) / spot.radius**2
    return np.asarray(spot.strength * (0.75 * np.exp(-(away2**2)) + 0.25 * np.exp(-away2 / 4)), dtype=np.float32)


def _shadow(
    layer: Layer, reach_px: float, light: tuple[float, float], strength: float, quick: bool
) -> NDArray[np.float32]:
    """(H, W) darkness: the layer's alpha, moved away from the light and blurred."""
    alpha = layer[..., 3]
    move = np.array([[1, 0, -light[0] * reach_px], [0, 1, -light[1] * reach_px]], dtype=np.float32)
    if quick and reach_px > 24:
        # A wide blur is made small: its result has no detail.
        whole = (alpha.shape[1], alpha.shape[0])
        small = cv2.resize(alpha, (max(2, whole[0] // 8), max(2, whole[1] // 8)), interpolation=cv2.INTER_AREA)
        move[:, 2] /= 8
        moved = cv2.warpAffine(small, move, (small.shape[1], small.shape[0]))
        soft = cv2.resize(cv2.GaussianBlur(moved, (0, 0), 0.9 * reach_px / 8), whole)
        return np.asarray(strength * soft, dtype=np.float32)
    moved = cv2.warpAffine(alpha, move, (alpha.shape[1], alpha.shape[0]))
    return np.asarray(strength * cv2.GaussianBlur(moved, (0, 0), max(0.6, 0.9 * reach_px)), dtype=np.float32)


def _paint(canvas: Layer | Pixels, layer: Layer, window: Window, shadow: NDArray[np.float32]) -> None:
    x0, y0, x1, y1 = window
    part = canvas[y0:y1, x0:x1]
    if part.dtype == np.uint8:
        mixed = part * ((1 - shadow) * (1 - layer[..., 3]))[..., None] + 255 * layer[..., :3]
        canvas[y0:y1, x0:x1] = np.clip(mixed, 0, 255).astype(np.uint8)
        return
    part *= (1 - shadow)[..., None]
    part *= 1 - 1.0 * layer[..., 3:]
    part += 1.0 * layer[..., :3]
