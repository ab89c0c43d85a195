"""A whole selfie taken again: from a display or from a print."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from kyc_vision.geometry import Points, apply_homography, homography_from_points
from kyc_vision.types import Pixels, Quad
from samples.backdrop import room
from samples.light import Exposure, expose_quick
from samples.moire import pixel_grid
from samples.scene import Scene
from samples.screens import reflections


def photograph_again(scene: Scene, on_paper: bool, size_wh: tuple[int, int], rng: np.random.Generator) -> Scene:
    """The finished selfie as shown on a display or printed on paper, taken by another camera.

    Args:
        scene: the selfie.
        on_paper: printed on a sheet with a white rim; else on a display with a bezel.
        size_wh: of the new picture, px.
        rng: of all else.

    Returns:
        The new picture; quad and face are carried over, device is the outline of display or sheet.
    """
    width = scene.pixels.shape[1]
    rim = round((0.04 if on_paper else 0.022) * width)
    body = cv2.copyMakeBorder(
        _as_print(scene.pixels, rng) if on_paper else _as_display(scene.pixels, rng),
        rim, rim, rim, rim, cv2.BORDER_CONSTANT, value=(240, 240, 236) if on_paper else (16, 16, 18),
    )  # fmt: skip
    outline = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * [body.shape[1] - 1.0, body.shape[0] - 1.0]
    target = _placed(body.shape[1] / body.shape[0], size_wh, rng)
    to_picture = homography_from_points(outline, target)
    table = room("door" if on_paper else "shelf", size_wh, rng).astype(np.float32) * (0.8 if on_paper else 0.45)
    inside = np.full(body.shape[:2], 255, np.uint8)
    alpha = cv2.warpPerspective(inside, to_picture, size_wh, flags=cv2.INTER_LINEAR).astype(np.float32)[..., None] / 255
    shown = cv2.warpPerspective(body, to_picture, size_wh, flags=cv2.INTER_LINEAR).astype(np.float32)
    if not on_paper:
        # The display has its own pixel count; the selfie was scaled to it.
        to_display = np.diag([float(rng.uniform(0.55, 0.95)) * size_wh[0] / width] * 2 + [1.0]) @ np.linalg.inv(
            to_picture
        )
        shown *= pixel_grid(to_display, (0, 0, *size_wh), float(rng.uniform(0.35, 0.8)))
        reflections(shown, rng)
    shadow = cv2.GaussianBlur(np.roll(alpha[..., 0], (14, 10), (0, 1)), (0, 0), 14)[..., None]
    picture = table * (1 - 0.5 * shadow) * (1 - alpha) + shown * alpha
    light = (float(rng.uniform(-0.5, 0.5)), -0.4)
    exposure = Exposure(
        brightness=float(rng.uniform(0.85, 1.1)),
        warmth=float(rng.uniform(-0.6, 0.6)),
        gradient=float(rng.uniform(0.1, 0.3)),
        softness_px=0.7,
        noise=float(rng.uniform(2, 4)),
    )
    pixels = expose_quick(np.clip(picture, 0, 255).astype(np.uint8), exposure, light, rng)
    shift = np.array([[1, 0, rim], [0, 1, rim], [0, 0, 1.0]])
    return _carried(scene, pixels, to_picture @ shift, target)


def _placed(aspect: float, size_wh: tuple[int, int], rng: np.random.Generator) -> Points:
    """Corners of the body in the new picture: 80–96 % of its height, a little turned and in perspective."""
    height = float(rng.uniform(0.82, 0.95)) * size_wh[1]
    width = min(aspect * height, 0.97 * size_wh[0])
    height = width / aspect
    box = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]]) * [width, height]
    turn = np.radians(rng.uniform(-3, 3))
    box = box @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    box = box + rng.uniform(-0.02, 0.02, (4, 2)) * width
    return np.asarray(box + np.array(size_wh) * rng.uniform(0.48, 0.52, 2))


def _as_display(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    glow = np.clip(10 + (pixels.astype(np.float32) - 128) * float(rng.uniform(1.05, 1.2)) + 128, 0, 255)
    return np.asarray(np.clip(glow * np.array([0.95, 1.0, 1.07]), 0, 255), dtype=np.uint8)


def _as_print(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Ink on paper: paper white and ink black come closer, dots and banding."""
    picture = 26 + pixels.astype(np.float32) * 0.80
    grey = picture.mean(axis=2, keepdims=True)
    picture = grey + (picture - grey) * float(rng.uniform(0.7, 0.95))
    bands = 1 + 0.018 * np.sin(np.arange(pixels.shape[0]) / float(rng.uniform(3, 7)))
    dots = cv2.GaussianBlur(rng.standard_normal(pixels.shape, dtype=np.float32), (0, 0), 0.8)
    return np.asarray(np.clip(picture * bands[:, None, None] + 9 * dots, 0, 255), dtype=np.uint8)


def _carried(scene: Scene, pixels: Pixels, to_picture: Points, outline: Points) -> Scene:
    quad: Quad | None = None
    if scene.quad is not None:
        quad = apply_homography(to_picture, scene.quad).astype(np.float32)
    face = None
    if scene.face is not None:
        x, y, w, h = scene.face
        ends = apply_homography(to_picture, np.array([[x, y], [x + w, y + h]]))
        face = (float(ends[0, 0]), float(ends[0, 1]), float(ends[1, 0] - ends[0, 0]), float(ends[1, 1] - ends[0, 1]))
    return replace(scene, pixels=pixels, quad=quad, face=face, device=outline.astype(np.float32))
