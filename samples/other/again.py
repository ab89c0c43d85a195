"""A genuine selfie taken again: from a display drawn subpixel by subpixel, from a photo-lab print, from newsprint."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision.geometry import Points, apply_homography, homography_from_points
from kyc_vision.types import Pixels
from samples.backdrop import room
from samples.orders import Order, Picture, print_for
from samples.other.halftone import screened
from samples.other.panels import draw_panel, light_of
from samples.other.sensor import develop, draw_sensor, linear
from samples.other.shown import draw_focus, glass
from samples.other.viewers import phone_viewer
from samples.scene import Scene

Float = NDArray[np.float32]
_SIZES = ((1080, 1440), (1200, 1600), (1536, 2048))
_SELFIE = (1080, 1440)
# Portrait displays, px: phones full HD to QHD, tablets 4 : 3.
_DISPLAYS = ((1080, 1920), (1080, 2340), (1170, 2532), (1440, 3040), (1536, 2048), (2048, 2732))


def selfie_again(order: Order, on_paper: bool) -> Picture:
    """A genuine selfie, taken again; half of them fill the picture, so that no rim of display or print is seen."""
    rng = order.rng
    probe, reference = order.pair()
    first = order.take()
    spec = replace(first.spec, size_wh=_SELFIE, card_width=float(rng.uniform(0.48, 0.6)), mirrored=False)
    first = replace(first, spec=spec)
    identity = order.identity_of(reference)
    selfie = order.hold(print_for(first, identity, reference, order.seed), probe, spec)
    size = _SIZES[int(rng.integers(len(_SIZES)))]
    filled = bool(rng.random() < 0.5)
    again = _printed(selfie, size, filled, rng) if on_paper else _displayed(selfie, size, filled, rng)
    return Picture(again, first, probe, reference, identity)


def _displayed(scene: Scene, size_wh: tuple[int, int], filled: bool, rng: np.random.Generator) -> Scene:
    display = _DISPLAYS[int(rng.integers(len(_DISPLAYS)))]
    shown_wh = (display[0], round(display[0] * 4 / 3))
    shown = np.asarray(cv2.resize(scene.pixels, shown_wh, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
    content = phone_viewer(shown, display, rng)
    across, down = content.shape[1], content.shape[0]
    outline = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * [across, down] - 0.5
    # The selfie's own corners on the display.
    top, left = (down - shown.shape[0]) // 2, (across - shown.shape[1]) // 2
    scale = shown.shape[1] / scene.pixels.shape[1]
    to_content = np.array([[scale, 0, left + 0.5 * scale - 0.5], [0, scale, top + 0.5 * scale - 0.5], [0, 0, 1.0]])
    target = _placed((shown.shape[1], shown.shape[0]), size_wh, filled, rng)
    own = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * [shown.shape[1], shown.shape[0]] + [left, top] - 0.5
    to_picture = homography_from_points(own, target)
    window = (0, 0, *size_wh)
    panel = draw_panel(rng, bool(rng.random() < 0.55))
    to_display = np.asarray(np.linalg.inv(to_picture), dtype=np.float64)
    light = light_of(content, panel, to_display, window, draw_focus(rng))
    light *= float(rng.uniform(0.65, 1.05))
    if rng.random() < 0.3:
        # A short exposure meets the display's dimming: soft bands across.
        rows = np.arange(size_wh[1]) / float(rng.uniform(0.06, 0.3)) / size_wh[1]
        light *= (1 + float(rng.uniform(0.02, 0.06)) * np.sin(2 * np.pi * rows))[:, None, None].astype(np.float32)
    light += glass(size_wh, rng)
    if not filled:
        rim = float(rng.uniform(0.02, 0.05)) * across
        body = np.array([[-rim, -rim], [across + rim, -rim], [across + rim, down + rim], [-rim, down + rim]])
        light = _before_a_room(light, (apply_homography(to_picture, outline), apply_homography(to_picture, body)), rng)
    pixels = develop(light, draw_sensor(rng), rng)
    return _carried(scene, pixels, to_picture @ to_content, apply_homography(to_picture, outline))


def _before_a_room(light: Float, outlines: tuple[Points, Points], rng: np.random.Generator) -> Float:
    """The display in its dark body before a room that is darker than itself."""
    height, width = light.shape[:2]
    lit, body = (_filled(points, (width, height)) for points in outlines)
    behind = linear(room("shelf" if rng.random() < 0.5 else "wall", (width, height), rng)) * float(
        rng.uniform(0.05, 0.5)
    )
    case = np.asarray(rng.uniform(0.002, 0.03, 3), dtype=np.float32)
    return np.asarray(light * lit + case * (body - lit * body) + behind * (1 - np.maximum(body, lit)), dtype=np.float32)


def _filled(points: Points, size_wh: tuple[int, int]) -> Float:
    mask = np.zeros((size_wh[1], size_wh[0]), np.uint8)
    cv2.fillConvexPoly(mask, np.round(points * 16).astype(np.int32), 255, cv2.LINE_AA, shift=4)
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), 0.6)[..., None], dtype=np.float32) / np.float32(255)


def _printed(scene: Scene, size_wh: tuple[int, int], filled: bool, rng: np.random.Generator) -> Scene:
    lab = rng.random() < 0.6
    sheet: Pixels = photo_lab(scene.pixels, rng) if lab else newsprint(scene.pixels, rng)
    scale = sheet.shape[1] / scene.pixels.shape[1]
    rim = 0 if filled or rng.random() < 0.5 else round(float(rng.uniform(0.02, 0.06)) * sheet.shape[1])
    sheet = np.asarray(
        cv2.copyMakeBorder(sheet, rim, rim, rim, rim, cv2.BORDER_CONSTANT, value=(243, 243, 240)), dtype=np.uint8
    )
    to_sheet = np.array([[scale, 0, rim + 0.5 * scale - 0.5], [0, scale, rim + 0.5 * scale - 0.5], [0, 0, 1.0]])
    outline = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * [sheet.shape[1], sheet.shape[0]] - 0.5
    target = _placed((sheet.shape[1], sheet.shape[0]), size_wh, filled, rng)
    to_picture = homography_from_points(outline, target)
    s = 2
    finer = np.array([[s, 0, 0.5 * s - 0.5], [0, s, 0.5 * s - 0.5], [0, 0, 1.0]]) @ to_picture
    fine = cv2.warpPerspective(sheet, finer, (s * size_wh[0], s * size_wh[1]), flags=cv2.INTER_AREA)
    seen = linear(np.asarray(cv2.resize(fine, size_wh, interpolation=cv2.INTER_AREA), dtype=np.uint8))
    shown: NDArray[np.floating] = np.asarray(cv2.GaussianBlur(seen, (0, 0), draw_focus(rng)))
    height, width = size_wh[1], size_wh[0]
    y, x = np.mgrid[-1:1:48j, -1:1:36j].astype(np.float32)
    # A sheet in the hand is bowed: light changes along it in one slow wave.
    bow = 1 + float(rng.uniform(0.05, 0.2)) * np.sin(1.6 * x * rng.choice([-1, 1]) + 0.6 * y + rng.uniform(-1, 1))
    shown = shown * cv2.resize(bow.astype(np.float32), size_wh)[..., None] * float(rng.uniform(0.75, 1.0))
    if lab:
        shown = shown + glass(size_wh, rng)
    if not filled:
        body = _filled(target, (width, height))
        table = linear(room("wall" if rng.random() < 0.5 else "door", size_wh, rng)) * float(rng.uniform(0.3, 0.9))
        cast = cv2.GaussianBlur(np.roll(body[..., 0], (10, 12), (0, 1)), (0, 0), 12)[..., None]
        shown = shown * body + table * (1 - 0.5 * cast) * (1 - body)
    pixels = develop(np.asarray(shown, dtype=np.float32), draw_sensor(rng), rng)
    return _carried(scene, pixels, to_picture @ to_sheet, target)


def photo_lab(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """(H, W, 3) uint8 as a photo laboratory prints it: no dots, a narrower range of tones, its own cast."""
    soft = cv2.GaussianBlur(pixels, (0, 0), float(rng.uniform(0.3, 0.8)))
    picture = 14 + soft * float(rng.uniform(0.86, 0.94)) * (1 + rng.uniform(-0.04, 0.04, 3))
    return np.asarray(np.clip(picture, 0, 255), dtype=np.uint8)


def newsprint(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """(H, W, 3) uint8 in coarse dots, 75 to 130 lines across a hand's breadth, on grey paper; made twice as fine."""
    fine = cv2.resize(pixels, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    # Lines a px: 4.5 to 9 fine px for each; px_per_mm 1 makes lines_per_mm that.
    dots = screened(np.asarray(fine, dtype=np.uint8), 1.0, 1 / float(rng.uniform(4.5, 9)), bool(rng.random() < 0.7))
    dots = np.asarray(cv2.GaussianBlur(dots, (0, 0), 0.7), dtype=np.float32)
    paper = np.array([0.93, 0.92, 0.88]) if rng.random() < 0.5 else np.array([0.96, 0.96, 0.95])
    return np.asarray(np.clip(12 + dots * paper * 0.95, 0, 255), dtype=np.uint8)


def _placed(sheet_wh: tuple[int, int], size_wh: tuple[int, int], filled: bool, rng: np.random.Generator) -> Points:
    """Corners of the selfie (or its print) in the new picture: beyond its sides, or well within them."""
    aspect = sheet_wh[0] / sheet_wh[1]
    if filled:
        width = max(size_wh[0], size_wh[1] * aspect) * float(rng.uniform(1.035, 1.06))
        turn, wander = float(rng.uniform(-0.8, 0.8)), 0.008
    else:
        width = min(size_wh[0], size_wh[1] * aspect) * float(rng.uniform(0.74, 0.93))
        turn, wander = float(rng.uniform(-4, 4)), 0.02
    box = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]]) * [width, width / aspect]
    cos, sin = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    box = box @ np.array([[cos, sin], [-sin, cos]]) + rng.uniform(-wander, wander, (4, 2)) * width
    middle = 0.5 if filled else rng.uniform(0.48, 0.52, 2)
    return np.asarray(box + np.array(size_wh) * middle)


def _carried(scene: Scene, pixels: Pixels, to_picture: Points, outline: Points) -> Scene:
    """The truth of the first selfie in the second."""
    assert scene.quad is not None
    face = None
    if scene.face is not None:
        x, y, w, h = scene.face
        ends = apply_homography(to_picture, np.array([[x, y], [x + w, y + h]]))
        face = (float(ends[0, 0]), float(ends[0, 1]), float(ends[1, 0] - ends[0, 0]), float(ends[1, 1] - ends[0, 1]))
    quad = apply_homography(to_picture, scene.quad).astype(np.float32)
    return replace(scene, pixels=pixels, quad=quad, face=face, device=outline.astype(np.float32))
