"""A card on a phone, a tablet in its case, a laptop or a monitor, seen through panels.py and sensor.py."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision.geometry import Points, apply_homography
from kyc_vision.types import Pixels
from samples.camera import Camera
from samples.ground import CARD_HEIGHT_MM, CARD_WIDTH_MM
from samples.orders import Order, Picture, print_for
from samples.other.panels import Panel, draw_panel, light_of
from samples.other.sensor import Sensor, develop, draw_sensor, linear
from samples.other.viewers import desktop, phone_viewer
from samples.scene import Staging
from samples.screens import rounded
from samples.spec import Grip

Float = NDArray[np.float32]
Window = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Body:
    """A device, in mm of its own.

    Attributes:
        screen_mm: width and height of the lit part.
        bezel_mm: between lit part and outline.
        radius_mm: of the outline.
        px_per_mm: of the display.
        card_scale: how many times larger than itself the card is shown.
        tone: of the rim: black glass, aluminium, or the leather of a case.
        oled: how its display is made.
    """

    screen_mm: tuple[float, float]
    bezel_mm: float
    radius_mm: float
    px_per_mm: float
    card_scale: float
    tone: tuple[int, int, int]
    oled: bool

    @property
    def margin_mm(self) -> tuple[float, float]:
        """Beyond the shown card at left and right, above and below; mm of the card."""
        width, height = ((side + 2 * self.bezel_mm) / self.card_scale for side in self.screen_mm)
        return (width - CARD_WIDTH_MM) / 2, (height - CARD_HEIGHT_MM) / 2


def draw_hand_held(rng: np.random.Generator) -> Body:
    """A phone on its side, or a tablet in a case."""
    if rng.random() < 0.7:
        # 5.5 to 6.8 inches, 270 to 520 px per inch.
        tall = float(rng.uniform(62, 71))
        wide = tall * float(rng.choice([16 / 9, 2.0, 2.17]))
        scale = min(float(rng.uniform(0.95, 1.25)), 0.96 * tall / CARD_HEIGHT_MM)
        rim = (14, 14, 16) if rng.random() < 0.6 else _tone(rng)
        return Body(
            (wide, tall),
            float(rng.uniform(1.5, 5)),
            9.0,
            float(rng.uniform(10.6, 20.5)),
            scale,
            rim,
            rng.random() < 0.6,
        )
    tall = float(rng.uniform(120, 150))
    scale = 0.97 * tall * float(rng.choice([4 / 3, 1.6])) / CARD_WIDTH_MM * float(rng.uniform(0.8, 1.0))
    scale = min(scale, 0.97 * tall / CARD_HEIGHT_MM)
    return Body(
        (tall * 4 / 3, tall), float(rng.uniform(9, 16)), 12.0, float(rng.uniform(7.4, 10.4)), scale, _tone(rng), False
    )


def draw_standing(rng: np.random.Generator) -> Body:
    """A laptop or a desktop's monitor: 92 to 220 px per inch."""
    wide = float(rng.uniform(290, 530))
    scale = float(rng.uniform(0.45, 0.66)) * wide / CARD_WIDTH_MM
    density = float(rng.choice([3.6, 4.0, 5.5, 6.4, 8.7]))
    rim = (20, 20, 22) if rng.random() < 0.7 else (176, 178, 182)
    return Body((wide, wide * 0.6), float(rng.uniform(5, 14)), 4.0, density, scale, rim, False)


def _tone(rng: np.random.Generator) -> tuple[int, int, int]:
    """A case's or a metal frame's."""
    red, green, blue = (int(v) for v in rng.uniform(30, 150) + rng.uniform(-28, 28, 3))
    return red, green, blue


def shown_on(order: Order, standing: bool) -> Picture:
    """The card is on a display, the right person before it."""
    rng = order.rng
    probe, reference = order.pair()
    taken = order.take()
    body = draw_standing(rng) if standing else draw_hand_held(rng)
    side = float(rng.choice([-1.0, 1.0]))
    beyond = (body.margin_mm[0] - body.bezel_mm / body.card_scale + float(rng.uniform(0, 9))) / CARD_WIDTH_MM
    across = not standing and rng.random() < 0.5
    tip = (1 + beyond if side > 0 else -beyond, float(rng.uniform(0.3, 0.7)))
    spec = replace(
        taken.spec,
        paper_mm=body.margin_mm,
        card_width=min(taken.spec.card_width, 0.55),
        display_px_per_mm=body.px_per_mm * body.card_scale,
        bend_mm=0.0,
        glare=0.0,
        spot=None,
        grip=Grip(tip, -85.0 * side, left_hand=side < 0) if across else None,
        hand=not standing,
        loose=True,
        card_x=0.5,
    )
    taken = replace(taken, spec=spec)
    identity = order.identity_of(reference)
    card = _photographed(print_for(taken, identity, reference, order.seed), spec.display_px_per_mm, rng)
    size = (round(body.screen_mm[0] * body.px_per_mm), round(body.screen_mm[1] * body.px_per_mm))
    content = (desktop if standing else phone_viewer)(card, size, rng)
    screen = Screen(
        content, draw_panel(rng, body.oled), spec.display_px_per_mm, draw_sensor(rng), rng, spec.upside_down
    )
    px_per_mm = float(np.clip(1.5 * spec.card_width * spec.size_wh[0] / CARD_WIDTH_MM, 4, 12))
    scene = order.hold(_shell(body, px_per_mm), probe, spec, Staging(screen=screen.paint))
    return Picture(scene, taken, probe, reference, identity)


def _shell(body: Body, px_per_mm: float) -> Pixels:
    """(H, W, 4) uint8 RGBA of the device, switched off."""
    margin_x, margin_y = body.margin_mm
    width, height = (
        round((CARD_WIDTH_MM + 2 * margin_x) * px_per_mm),
        round((CARD_HEIGHT_MM + 2 * margin_y) * px_per_mm),
    )
    alpha = rounded((width, height), body.radius_mm / body.card_scale * px_per_mm)
    sheet = np.full((height, width, 3), body.tone, np.float32)
    sheet *= np.linspace(1.15, 0.85, height, dtype=np.float32)[:, None, None]
    rim = round(body.bezel_mm / body.card_scale * px_per_mm)
    edge = max(1, round(0.8 / body.card_scale * px_per_mm))
    sheet[rim - edge : height - rim + edge, rim - edge : width - rim + edge] = 8
    return np.dstack([np.clip(sheet, 0, 255).astype(np.uint8), alpha])


def _photographed(card: Pixels, px_per_mm: float, rng: np.random.Generator) -> Pixels:
    """(h, w, 3) uint8: an earlier photograph or a scan of the card, of its shown size, on what it lay on."""
    size = (round(CARD_WIDTH_MM * px_per_mm), round(CARD_HEIGHT_MM * px_per_mm))
    method = cv2.INTER_AREA if size[0] < card.shape[1] else cv2.INTER_CUBIC
    print_ = cv2.resize(card, size, interpolation=method).astype(np.float32)
    side, top = round(float(rng.uniform(0.5, 14)) * px_per_mm), round(float(rng.uniform(0.5, 9)) * px_per_mm)
    wide, tall = size[0] + 2 * side, size[1] + 2 * top
    if rng.random() < 0.3:
        table = np.full((tall, wide, 3), 251.0, np.float32)  # a flat-bed scanner's lid
        shade = 0.0
    else:
        grain = cv2.resize(
            rng.normal(0, 1, (tall // 3 + 2, 9)).astype(np.float32), (wide, tall), interpolation=cv2.INTER_CUBIC
        )
        table = (rng.uniform(50, 200) + rng.uniform(-25, 25, 3)).astype(np.float32) + 7 * grain[..., None]
        shade = 0.5
    cover = np.zeros((tall, wide), np.float32)
    cover[top : top + size[1], side : side + size[0]] = print_[..., 3] / 255
    cast = cv2.GaussianBlur(np.roll(cover, (round(0.8 * px_per_mm), round(0.5 * px_per_mm)), (0, 1)), (0, 0), px_per_mm)
    table *= (1 - shade * cast)[..., None]
    table[top : top + size[1], side : side + size[0]] *= 1 - print_[..., 3:] / 255
    table[top : top + size[1], side : side + size[0]] += print_[..., :3] * print_[..., 3:] / 255
    first = develop(linear(table) * 0.92, replace(draw_sensor(rng), photons=9000.0), rng)
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(72, 94))]
    _, once = cv2.imencode(".jpg", first[..., ::-1], quality)
    return np.ascontiguousarray(np.asarray(cv2.imdecode(once, cv2.IMREAD_COLOR), dtype=np.uint8)[..., ::-1])


@dataclass(frozen=True, slots=True, eq=False)
class Screen:
    """The lit part of a device, to be painted when the device is in the picture.

    Attributes:
        content: (h, w, 3) uint8 RGB, one value for each display pixel; its middle is the card's.
        panel: subpixels.
        px_per_mm: display px per mm of the shown card.
        sensor: of the camera.
        rng: of lens, glass and noise.
        upside_down: the device is held turned by 180°.
    """

    content: Pixels
    panel: Panel
    px_per_mm: float
    sensor: Sensor
    rng: np.random.Generator
    upside_down: bool = False

    def paint(self, layer: Float, window: Window, camera: Camera) -> None:
        """Put the display's light into a layer of the picture (premultiplied RGBA, 0–1, γ-encoded)."""
        height, width = self.content.shape[:2]
        scale = -self.px_per_mm if self.upside_down else self.px_per_mm
        to_display = np.array([[scale, 0, (width - 1) / 2], [0, scale, (height - 1) / 2], [0, 0, 1.0]])
        to_display = to_display @ np.linalg.inv(camera.plane)
        inside = _inside(to_display, (width, height), window)
        box = cv2.boundingRect((inside > 0).astype(np.uint8))
        if box[2] < 2 or box[3] < 2:
            return
        x, y, w, h = box
        part = (window[0] + x, window[1] + y, window[0] + x + w, window[1] + y + h)
        light = light_of(self.content, self.panel, to_display, part, draw_focus(self.rng))
        light *= float(self.rng.uniform(0.6, 1.0))
        light += glass((w, h), self.rng)
        picture = develop(light, self.sensor, self.rng).astype(np.float32) / 255
        alpha = (inside[y : y + h, x : x + w] * layer[y : y + h, x : x + w, 3])[..., None]
        view = layer[y : y + h, x : x + w, :3]
        view *= 1 - alpha
        view += picture * alpha


def draw_focus(rng: np.random.Generator) -> float:
    """σ of lens and focus, camera px: mostly sharp, one in four on the face behind or the reflection before."""
    return float(rng.uniform(0.25, 0.6) if rng.random() < 0.75 else rng.uniform(0.8, 1.6))


def _inside(to_display: Points, display_wh: tuple[int, int], window: Window) -> Float:
    """(H, W) 0–1: which part of each pixel of the window the display covers."""
    width, height = display_wh
    corners = np.array([[-0.5, -0.5], [width - 0.5, -0.5], [width - 0.5, height - 0.5], [-0.5, height - 0.5]])
    seen = apply_homography(np.linalg.inv(to_display), corners) - [window[0], window[1]]
    mask = np.zeros((window[3] - window[1], window[2] - window[0]), np.uint8)
    cv2.fillConvexPoly(mask, np.round(seen * 16).astype(np.int32), 255, cv2.LINE_AA, shift=4)
    return mask.astype(np.float32) / np.float32(255)


def glass(size_wh: tuple[int, int], rng: np.random.Generator) -> Float:
    """(H, W, 1) linear light that the glass mirrors: the room's veil, now and then a lamp or a window."""
    small = np.full((60, 80), float(rng.uniform(0.001, 0.02)), np.float32)
    if rng.random() < 0.45:
        middle = (int(rng.uniform(5, 75)), int(rng.uniform(5, 55)))
        bright = float(rng.uniform(0.03, 0.5))
        if rng.random() < 0.5:
            cv2.ellipse(small, middle, (int(rng.uniform(2, 7)), int(rng.uniform(2, 5))), 0, 0, 360, bright, -1)
        else:
            half = (int(rng.uniform(4, 16)), int(rng.uniform(5, 20)))
            cv2.rectangle(
                small,
                (middle[0] - half[0], middle[1] - half[1]),
                (middle[0] + half[0], middle[1] + half[1]),
                0.3 * bright,
                -1,
            )
        small = np.asarray(cv2.GaussianBlur(small, (0, 0), float(rng.uniform(0.6, 3.0))), dtype=np.float32)
    return np.asarray(cv2.resize(small, size_wh, interpolation=cv2.INTER_LINEAR)[..., None], dtype=np.float32)
