"""A drawn hand that pinches the card's lower edge: thumb in front, a loose fist behind.

The hand is a height field of tapered capsules, so light, creases and the rounding come from its shape.
Convention: millimetres, origin where the thumb crosses the card's edge, x right, y down; a left hand, its
fingers to the right of the thumb; mirrored for the other.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float32]
HAND_PX_PER_MM = 6.0
# x from, y from, x to of the drawn part, mm; and how far down it goes at most.
EXTENT_MM = (-48.0, -26.0, 78.0)
LONGEST_MM = 300.0


@dataclass(frozen=True, slots=True)
class Bone:
    """One tapered capsule: two ends, two radii and the depth of its axis behind the card (mm)."""

    start: tuple[float, float]
    end: tuple[float, float]
    radii: tuple[float, float]
    depth: float = 0.0


# Lengths and breadths of an adult hand (thumb breadth about 20 mm, index 17 mm).
# Source: DIN 33402-2:2020 breadths of fingers, medians, rounded.
FIST = (
    Bone((22, 62), (12, 130), (27, 25), 20.0),
    Bone((12, 100), (8, 140), (26, 24), 22.0),
    Bone((34, 44), (22, 86), (15, 22), 16.0),
    Bone((-1, 60), (4, 104), (13, 22), 8.0),
    Bone((33, 26), (14, 58), (14, 18), 17.0),
)
FINGERS = (
    (Bone((38, 42), (33, 4), (10.5, 9.5), 6.0), Bone((33, 4), (6, -10), (9.3, 8.0), 8.0)),
    (Bone((46, 50), (34, 20), (10.5, 9.5), 9.0), Bone((34, 20), (8, 17), (9.5, 8.0), 6.0)),
    (Bone((47, 62), (34, 38), (10.5, 9.5), 11.0), Bone((34, 38), (8, 36), (9.3, 8.0), 8.0)),
    (Bone((46, 76), (33, 55), (9.5, 8.5), 13.0), Bone((33, 55), (9, 54), (8.3, 7.0), 10.0)),
)
THUMB = (
    Bone((1.0, -3.2), (-3.5, 22), (7.6, 9.6)),
    Bone((-3.5, 22), (-7, 52), (9.4, 11.0)),
    Bone((-7, 52), (4, 100), (11.5, 20.0), 6.0),
)
FOREARM = (Bone((10, 130), (22, 330), (25.5, 36), 22.0),)


@dataclass(frozen=True, slots=True, eq=False)
class HandLayers:
    """What is drawn behind and before the card: (H, W, 4) float32 RGBA, colour premultiplied, 0–1."""

    behind: Field
    front: Field


def draw_hand(
    skin: NDArray[np.floating],
    sleeve: NDArray[np.floating],
    rng: np.random.Generator,
    light: tuple[float, float],
    extent: tuple[float, float] = (LONGEST_MM, HAND_PX_PER_MM),
) -> HandLayers:
    """Draw the hand.

    Args:
        skin: (3,) RGB 0–255 of the person's own skin in mid light.
        sleeve: (3,) RGB 0–255 of the person's clothes.
        rng: of the skin's grain and the sleeve's length.
        light: (x, y) of the light's direction in the picture; its z is towards the viewer.
        extent: mm of hand and forearm below the card's edge that are in the picture, and px per mm.
    """
    x0, y0, x1 = EXTENT_MM
    length_mm, px_per_mm = extent
    y1 = min(length_mm, LONGEST_MM)
    y, x = np.mgrid[y0 : y1 : 1 / px_per_mm, x0 : x1 : 1 / px_per_mm].astype(np.float32)
    grain = _grain(x.shape, rng)
    fist = _union([_tube(x, y, bone) for bone in FIST + FOREARM], 10.0)
    fingers = [_union([_tube(x, y, bone) for bone in finger], 3.0) for finger in FINGERS]
    behind = _shade(_stack([fist, *fingers]), skin, grain, light, px_per_mm)
    cuff = float(rng.uniform(112, 150))
    behind = _sleeve(behind, (x, y, px_per_mm), sleeve, cuff, light)
    thumb_height = _union([_tube(x, y, bone) for bone in THUMB], 5.0)
    thumb = _shade(thumb_height, skin, grain, light, px_per_mm)
    _nail(thumb, x, y, skin)
    _creases(thumb, x, y)
    # The thumb's root belongs to the fist: let it fade into what is behind it.
    fade = np.clip((80 - y) / 26, 0, 1)[..., None]
    return HandLayers(_blur(behind, px_per_mm), _blur(thumb * fade, px_per_mm))


def _tube(x: Field, y: Field, bone: Bone) -> Field:
    """Height in mm of the capsule's front above the card's plane; −99 outside."""
    (ax, ay), (bx, by) = bone.start, bone.end
    length2 = (bx - ax) ** 2 + (by - ay) ** 2
    t = np.clip(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length2, 0, 1)
    radius = bone.radii[0] + (bone.radii[1] - bone.radii[0]) * t
    away2 = (x - ax - t * (bx - ax)) ** 2 + (y - ay - t * (by - ay)) ** 2
    height = np.sqrt(np.maximum(radius**2 - away2, 0)) - bone.depth
    return np.asarray(np.where(away2 < radius**2, height, -99), dtype=np.float32)


def _union(heights: list[Field], softness: float) -> Field:
    """Smooth maximum of heights: joints of one finger melt into each other.

    Source: polynomial smooth minimum, I. Quilez, "smooth minimum", 2013 (formula).
    """
    result = heights[0]
    for other in heights[1:]:
        both = (result > -90) & (other > -90)
        mix = np.clip(0.5 + 0.5 * (other - result) / softness, 0, 1)
        smooth = result * (1 - mix) + other * mix + softness * mix * (1 - mix)
        result = np.where(both, smooth, np.maximum(result, other)).astype(np.float32)
    return result


def _stack(heights: list[Field]) -> Field:
    return np.asarray(np.maximum.reduce(heights), dtype=np.float32)


def _grain(shape: tuple[int, ...], rng: np.random.Generator) -> Field:
    """Skin is uneven at three scales: blotches, texture, pores."""
    total = np.zeros(shape, dtype=np.float32)
    for sigma, weight in ((40.0, 0.5), (9.0, 0.3), (1.6, 0.25)):
        size = (max(2, int(shape[1] / sigma * 1.5)), max(2, int(shape[0] / sigma * 1.5)))
        coarse = rng.normal(0, 1, (size[1], size[0])).astype(np.float32)
        total += weight * cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)
    return total


def _shade(height: Field, skin: NDArray[np.floating], grain: Field, light: tuple[float, float], fine: float) -> Field:
    """Light a height field as skin: Lambert, redder in the shade, dark where shapes meet."""
    inside = height > -90
    filled = np.where(inside, height, cv2.erode(np.where(inside, height, 99).astype(np.float32), np.ones((3, 3))))
    filled = np.where(filled > 90, -30, filled).astype(np.float32)
    smooth = cv2.GaussianBlur(filled, (0, 0), 0.45 * fine)
    gy, gx = np.gradient(smooth, 1 / fine)
    gx, gy = np.clip(gx, -3, 3), np.clip(gy, -3, 3)
    norm = np.sqrt(gx**2 + gy**2 + 1)
    lx, ly = light
    lz = float(np.sqrt(max(0.15, 1 - lx**2 - ly**2)))
    lambert = np.clip((-gx * lx - gy * ly + lz) / norm, 0, 1)
    facing = 1 / norm
    # Hollows: lower than the neighbourhood's mean means less sky.
    hollow = np.clip((cv2.GaussianBlur(filled, (0, 0), 3.2 * fine) - filled) / 9, 0, 1)
    shade = (0.56 + 0.56 * lambert) * (0.84 + 0.16 * facing) * (1 - 0.55 * hollow) * (1 + 0.05 * grain)
    warmth = np.clip(1 - shade, 0, 1)[..., None]
    colour = shade[..., None] * (1 - warmth * np.array([0.0, 0.16, 0.24])) * np.asarray(skin) / 255
    colour = np.clip(colour, 0, 1)
    alpha = inside.astype(np.float32)[..., None]
    return np.asarray(np.concatenate([colour * alpha, alpha], axis=2), dtype=np.float32)


def _sleeve(
    layer: Field,
    grid: tuple[Field, Field, float],
    cloth: NDArray[np.floating],
    cuff: float,
    light: tuple[float, float],
) -> Field:
    """Cover the forearm with a sleeve of the person's own clothes, with a few folds; cuff is its end, mm."""
    x, y, fine = grid
    cut = cuff + 3.5 * np.sin(x / 14)
    arm = _tube(x, y, Bone((12, 112), (26, 330), (31, 46), 10.0))
    folds = np.sin((y + 0.35 * x) / 7.0 + 2 * np.sin(y / 23.0 + cuff)) * 0.8
    cloth_height = np.where(arm > -90, arm + folds, -99).astype(np.float32)
    shaded = _shade(cloth_height, cloth, _grain(x.shape, np.random.default_rng(round(cuff * 100))) * 0.6, light, fine)
    cover = (np.clip((y - cut) * 1.6, 0, 1) * (arm > -90))[..., None].astype(np.float32)
    rim = 1 - 0.4 * np.exp(-(((cut - y) / 3.0) ** 2)) * (y < cut)
    dark = layer.copy()
    dark[..., :3] *= rim[..., None]
    return np.asarray(dark * (1 - cover) + shaded * cover, dtype=np.float32)


def _nail(layer: Field, x: Field, y: Field, skin: NDArray[np.floating]) -> None:
    """A thumb nail: paler and pinker than the skin, a dark rim, a moon and a highlight."""
    # Along the thumb's last phalanx.
    u, v = _along(x, y, (0.6, -3.4), (-3.5, 22))
    inside = (np.abs(u / 5.3) ** 2.6 + np.abs(v / 7.0) ** 2.8).astype(np.float32)
    plate = np.clip((1 - inside) * 4, 0, 1)[..., None]
    rim = np.exp(-(((inside - 1.05) / 0.14) ** 2))[..., None]
    tone = np.clip(np.asarray(skin) / 255 * [1.04, 0.99, 0.99] + [0.05, 0.035, 0.04], 0, 1)
    lit = layer[..., :3].mean(axis=2, keepdims=True) / max(float(np.mean(skin)) / 255, 0.05)
    tip = np.clip((-v - 5.2) / 1.2, 0, 1)[..., None] * plate
    moon = np.exp(-((u / 3.2) ** 2) - ((v - 6.6) / 1.6) ** 2)[..., None] * plate
    gloss = np.exp(-(((u + 2.0) / 0.9) ** 2) - ((v + 0.4) / 4.2) ** 2)[..., None] * plate
    shade = np.clip(lit, 0, 1.15)
    colour = layer[..., :3] * (1 - 0.75 * plate) + 0.75 * plate * tone * shade
    colour = colour * (1 - 0.17 * rim) + 0.10 * moon * shade + 0.12 * tip * shade + 0.16 * gloss * shade
    layer[..., :3] = np.clip(colour, 0, 1) * layer[..., 3:]


def _creases(layer: Field, x: Field, y: Field) -> None:
    """Fine transverse lines over the thumb's joint."""
    u, v = _along(x, y, (-3.5, 22), (-7, 52))
    dark = np.zeros_like(x)
    for offset, depth, bow in ((-17.0, 0.16, 0.018), (-14.6, 0.22, 0.012), (-12.0, 0.20, -0.006), (-9.2, 0.13, -0.02)):
        dark += depth * np.exp(-(((v - offset + bow * u**2) / 0.45) ** 2)) * np.exp(-((u / 5.5) ** 4))
    layer[..., :3] *= (1 - np.clip(dark, 0, 0.5))[..., None]


def _along(x: Field, y: Field, tip: tuple[float, float], base: tuple[float, float]) -> tuple[Field, Field]:
    """Coordinates across (u) and along (v) a segment, origin just below its tip, v growing to the base."""
    axis = np.array([base[0] - tip[0], base[1] - tip[1]])
    axis = axis / np.linalg.norm(axis)
    dx, dy = x - tip[0] - 3.0 * axis[0], y - tip[1] - 3.0 * axis[1]
    return (dx * axis[1] - dy * axis[0]).astype(np.float32), (dx * axis[0] + dy * axis[1]).astype(np.float32)


def _blur(layer: Field, fine: float) -> Field:
    return np.asarray(cv2.GaussianBlur(layer, (0, 0), 0.12 * fine), dtype=np.float32)
