"""A scanned hand that pinches the card, lit anew: relief maps in, the same two layers as hand.py out.

Convention: hand.py's: mm, origin where the thumb crosses the card's edge, x right, y down; a left hand (a map of a
right one is mirrored when it is loaded), fingers right of the thumb. Normals: x right, y down, z to the viewer.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from samples.errors import SampleError
from samples.hand import EXTENT_MM, HAND_PX_PER_MM, LONGEST_MM, Field, HandLayers

Point = NDArray[np.float64]
Tone = NDArray[np.floating]
Pair = tuple[float, float]
Rng = np.random.Generator
Lines = tuple[tuple[float, tuple[Pair, ...]], ...]
# The thumb's end lies here, as the drawn hand's does (handheld.py places hands by it).
TIP_MM = (1.0, -10.8)
_OUTLINE_MM = 1.3
# The painted nail is smaller than life: a thumb's is 14 mm broad and ends 2 mm before the tip. Measured on hand_a.
_NAIL_GROWTH, _NAIL_SHIFT_MM = 1.26, 2.6
# Lines as fractions of wrist → index knuckle (along, across to the little finger), read off hand_a by eye, and how
# deep they are: life, head, heart, the wrist, the roots of two fingers.
_LINES: Lines = (
    (0.65, ((0.97, 0.01), (0.89, 0.07), (0.77, 0.12), (0.60, 0.12), (0.43, 0.08), (0.24, -0.01))),
    (0.45, ((0.93, 0.05), (0.83, 0.12), (0.69, 0.25), (0.54, 0.37), (0.43, 0.43))),
    (0.55, ((0.65, 0.65), (0.76, 0.56), (0.84, 0.42), (0.95, 0.28), (1.07, 0.23))),
    (0.60, ((0.04, 0.30), (0.06, 0.17), (0.11, 0.04), (0.17, -0.10), (0.22, -0.23))),
    (0.60, ((0.76, 0.72), (0.79, 0.66), (0.85, 0.61))),
    (0.60, ((0.91, 0.58), (0.96, 0.53), (1.04, 0.47))),
)
# Folds over the thumb's joint, in 16 mm along and across the thumb: from the joint on, depth, bow.
_JOINT = ((0.23, 0.6, -0.04), (0.11, 1.0, -0.02), (0.0, 1.1, 0.0), (-0.12, 0.9, 0.03), (-0.25, 0.6, 0.05))
_FOLDS: Lines = tuple((depth, ((at - bow, -0.3), (at, 0.0), (at - bow, 0.3))) for at, depth, bow in _JOINT)


@dataclass(frozen=True, slots=True, eq=False)
class HandMap:
    """A left hand as relief maps, its outline already rounded.

    Attributes:
        height, normals: (H, W) 0–1 towards the viewer, (H, W, 3) −1 to 1; they go on outside the hand.
        thumb: (H, W) 0–1, what lies before the card; soft at its root.
        mask, nail: (H, W) 0–1 of the whole hand and of the thumb's nail.
        px_per_mm, origin: of all maps: px = mm · px_per_mm + origin; the thumb's end is at TIP_MM.
        axis: (2,) unit vector along the thumb, to its end.
        joint, wrist, knuckle: (2,) mm: the thumb's last joint, the wrist, the index finger's knuckle.
    """

    height: Field
    thumb: Field
    mask: Field
    nail: Field
    normals: Field
    px_per_mm: float
    origin: Point
    axis: Point
    joint: Point
    wrist: Point
    knuckle: Point


@dataclass(frozen=True, slots=True, eq=False)
class _Stage:
    """What is painted: mm of the pixels' middles, px per mm, and the light in it."""

    x: Field
    y: Field
    fine: float
    light: Pair


def load_hands(folder: Path) -> tuple[HandMap, ...]:
    """Every hand (name.json, name_m.png, name_n.png) of a folder, by name.

    Raises:
        SampleError: there is none, or one of its pictures is absent.
    """
    files = sorted(folder.glob("*.json"))
    if not files:
        raise SampleError(f"No hand (name.json with name_m.png and name_n.png) in {folder}: give --hands such a folder")
    return tuple(_load(file) for file in files)


def _load(file: Path) -> HandMap:
    data = json.loads(file.read_text(encoding="utf-8"))
    pictures = [file.with_name(f"{file.stem}{ending}.png") for ending in ("_m", "_n")]
    if not all(picture.is_file() for picture in pictures):
        raise SampleError(f"{file} needs its relief beside it: {pictures[0].name} and {pictures[1].name}")
    maps, normals = (np.asarray(Image.open(picture), dtype=np.float32) / np.float32(255) for picture in pictures)
    normals = normals[..., :3] * 2 - 1
    px = np.array([data[name] for name in ("thumb_tip", "thumb_distal", "wrist", "index_knuckle")], dtype=np.float64)
    if px[3, 0] < px[0, 0]:
        maps, normals = maps[:, ::-1], normals[:, ::-1] * np.array([-1, 1, 1], np.float32)
        px[:, 0] = maps.shape[1] - 1 - px[:, 0]
    height, thumb, mask, nail = (np.ascontiguousarray(maps[..., i]) for i in range(4))
    fine, axis, own = data["ppc"] / 10, (px[0] - px[1]) / np.linalg.norm(px[0] - px[1]), thumb > 0.03
    # Blurred and cut at a half, the scan's polygon becomes a smooth outline.
    before = _step(cv2.GaussianBlur(own.astype(np.float32), (0, 0), 0.6 * _OUTLINE_MM * fine), 0.38, 0.62)
    whole = _step(cv2.GaussianBlur(mask, (0, 0), _OUTLINE_MM * fine), 0.38, 0.62)
    # Thumb and palm are each carried on over the scan's straight-edged border, then meet at the rounded one.
    relief = np.dstack([normals, height])
    palm, front = (_carried_on(relief, known, fine) for known in ((mask > 0.5) & ~own, own))
    relief = palm + (front - palm) * before[..., None]
    normals = relief[..., :3] / np.maximum(np.linalg.norm(relief[..., :3], axis=2, keepdims=True), 0.2)
    # Full up to its root, so that no card shows through it; soft where it melts into the palm.
    thumb = before * _step(cv2.GaussianBlur(thumb, (0, 0), fine), 0.03, 0.45) * whole
    points = np.argwhere(thumb > 0.5)[:, ::-1]
    along = points @ axis
    end = points[along > along.max() - 0.8 * fine].mean(axis=0)
    origin = end + axis * (along.max() - end @ axis) - np.array(TIP_MM) * fine
    return HandMap(relief[..., 3], thumb, whole, nail, normals, fine, origin, axis, *(px[1:] - origin) / fine)


def _step(values: cv2.typing.MatLike, low: float, high: float) -> Field:
    """Smoothstep 0–1."""
    t = np.clip((values - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), dtype=np.float32)


def _carried_on(values: Field, known: NDArray[np.bool_], fine: float) -> Field:
    """Values, slightly smoothed, where they are known, and ever wider means of them elsewhere.

    Source: normalised convolution, Knutsson & Westin, CVPR 1993.
    """
    weight, result = known.astype(np.float32), np.zeros_like(values)
    for mm in (9.0, 3.0, 0.8):
        mass = cv2.GaussianBlur(weight, (0, 0), mm * fine)[..., None]
        mean = cv2.GaussianBlur(values * weight[..., None], (0, 0), mm * fine) / np.maximum(mass, 1e-4)
        result += (mean - result) * np.clip(mass * 6, 0, 1)
    return result


def render_hand(  # noqa: PLR0913, PLR0917 - draw_hand's five, and which hand
    hand: HandMap, skin: Tone, sleeve: Tone, rng: Rng, light: Pair, extent: Pair = (LONGEST_MM, HAND_PX_PER_MM)
) -> HandLayers:
    """Light the hand and dress its arm; layers as draw_hand's, though their right side may lie further out.

    Args:
        hand: its relief.
        skin, sleeve: (3,) RGB 0–255 of the person's own skin in mid light and of the clothes.
        rng: of blotches, redness, lines, nail, and whether and how far a sleeve covers the arm.
        light: (x, y) of the light's direction in the picture, y down; its z is towards the viewer.
        extent: mm of hand and forearm below the card's edge that are in the picture, and px per mm.
    """
    fine, (x0, y0, x1) = extent[1], EXTENT_MM
    low, high = (np.nonzero(hand.mask.max(axis=0) > 0.5)[0][[0, -1]] - hand.origin[0]) / hand.px_per_mm
    x = (np.arange(x0, max(x1, high + 2), 1 / fine) + 0.5 / fine).astype(np.float32)
    y = (np.arange(y0, min(extent[0], LONGEST_MM), 1 / fine) + 0.5 / fine).astype(np.float32)
    behind, front = (np.zeros((len(y), len(x), 4), np.float32) for _ in range(2))
    bare = rng.random() < 0.3
    cuff = LONGEST_MM if bare else float(hand.wrist[1] + rng.uniform(0, 26))
    # Painted only where there is hand: the layer's left quarter is empty.
    left, rows = int(np.searchsorted(x, low - 6)), int(np.searchsorted(y, cuff + 9))
    stage = _Stage(x[left:], y[:rows], fine, light)
    maps, normals = _sampled(hand, stage)
    colour = _skin(hand, stage, (maps, normals), skin, rng)
    for layer, alpha in ((behind, maps[..., 2:3]), (front, maps[..., 1:2])):
        np.multiply(colour, alpha, out=layer[:rows, left:, :3])
        layer[:rows, left:, 3:] = alpha
    if not bare and (first := int(np.searchsorted(y, cuff - 14))) < len(y):
        _dress(behind[first:, left:], _Stage(x[left:], y[first:], fine, light), (hand, cuff), sleeve, rng)
    return HandLayers(behind, front)


def _sampled(hand: HandMap, stage: _Stage) -> tuple[Field, Field]:
    """(H, W, 4) height, thumb, mask, nail and (H, W, 3) normals; the wrist's section goes on as a forearm."""
    beyond, widen = _forearm(hand, stage.y)
    x = (hand.wrist[0] + (stage.x[None] - hand.wrist[0]) / widen[:, None]) * hand.px_per_mm + hand.origin[0]
    y = np.broadcast_to(((stage.y - beyond) * hand.px_per_mm + hand.origin[1])[:, None], x.shape)
    where = (x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR)
    maps = cv2.remap(cv2.merge([hand.height, hand.thumb, hand.mask, hand.nail]), *where)
    return np.asarray(maps, np.float32), np.asarray(cv2.remap(hand.normals, *where, None, cv2.BORDER_REPLICATE))


def _forearm(hand: HandMap, y: Field) -> tuple[Point, Point]:
    """Per row: mm beyond the wrist (0 above it), and how many times broader than the wrist the arm is there."""
    past = y.astype(np.float64) - hand.wrist[1]
    beyond = np.where(past > 4, past, np.maximum(past + 4, 0) ** 2 / 16)  # bends in softly, over 8 mm
    return beyond, 1 + 0.5 * (1 - np.exp(-beyond / 130))


def _skin(hand: HandMap, stage: _Stage, surface: tuple[Field, Field], tone: Tone, rng: Rng) -> Field:
    """(H, W, 3) colour of skin, nail and their light, 0–1."""
    (height, thumb, _, nail), normals, fine = np.moveaxis(surface[0], 2, 0), surface[1], stage.fine
    blotch, texture = (_noise(height.shape, mm * fine, rng) for mm in (11.0, 0.5))
    own = np.asarray(tone, dtype=np.float32) / 255
    # The palm is paler than the back of the hand, the more so the darker the skin.
    dark = float(np.clip(1.1 - own.mean() * 1.6, 0, 0.5))
    palm = np.asarray((1 - dark) * own * [1.005, 0.985, 0.975] + dark * np.array([0.71, 0.53, 0.43]), np.float32)
    inner = _step(normals[..., 2], 0.25, 0.8) * (1 - 0.85 * thumb)
    # Blood: in patches, and in the balls of the thumb and of the hand, which stand out; hollows get less light.
    swell, near = (height - cv2.blur(height, (2 * int(mm * fine) + 1,) * 2) for mm in (9, 3))
    blood = float(rng.uniform(0.4, 1.2)) * (0.013 * blotch + np.clip(0.55 * swell, -0.03, 0.045))
    crease = _creases(hand, stage, rng)
    lit = _light(normals, stage.light, (0.38, 0.30, 0.27)) * (1 - np.clip(-3.4 * near, 0, 0.65))[..., None]
    colour = (own + inner[..., None] * (palm - own)) * np.sqrt(lit)
    uneven = 1 + 0.013 * texture + 0.016 * blotch
    for channel, (red, worn) in enumerate(((0.15, 0.20), (-1.0, 0.29), (-0.75, 0.32))):
        colour[..., channel] *= uneven + red * blood - worn * crease
    half = np.array([*stage.light, 1.75], dtype=np.float32)
    shine = cv2.pow(np.maximum(normals @ (half / np.linalg.norm(half)), 0), 16)
    colour += ((0.05 + 0.008 * texture) * shine * (1 - crease))[..., None]
    _paint_nail(colour, hand, stage, nail, rng)
    return np.asarray(np.clip(colour, 0, 1, out=colour), dtype=np.float32)


def _light(normals: Field, light: Pair, wrap: tuple[float, ...]) -> Field:
    """(H, W, len(wrap)) light, 1 where the surface faces the viewer: a lamp reaching round by wrap, and a sky."""
    direction = np.array([*light, np.sqrt(max(0.15, 1 - light[0] ** 2 - light[1] ** 2))], dtype=np.float32)
    lamp = normals @ direction
    sky = 0.24 - 0.09 * normals[..., 1] + 0.07 * normals[..., 2]
    gain = [(reach, 0.69 / (1 + reach)) for reach in wrap]
    lit = [(sky + g * np.maximum(lamp + reach, 0)) / (0.31 + g * (direction[2] + reach)) for reach, g in gain]
    return np.asarray(np.maximum(np.stack(lit, axis=2), 0.02), dtype=np.float32)


def _noise(shape: tuple[int, ...], detail_px: float, rng: Rng) -> Field:
    """(H, W) smooth noise, standard deviation about 0.7, its details detail_px wide."""
    coarse = rng.standard_normal([max(2, int(n / detail_px)) for n in shape[:2]], dtype=np.float32)
    return np.asarray(cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC), dtype=np.float32)


def _creases(hand: HandMap, stage: _Stage, rng: Rng) -> Field:
    """(H, W) 0–1: lines of the palm, the wrist and the thumb's joint, faint at their ends, never the same."""
    canvas, t = np.zeros((len(stage.y), len(stage.x)), dtype=np.float32), np.linspace(0, 1, 25)
    palm, thumb = (hand.wrist, hand.knuckle - hand.wrist), (hand.joint, 16 * hand.axis)
    for (start, along), depth, line in [(palm, *one) for one in _LINES] + [(thumb, *one) for one in _FOLDS]:
        points = np.asarray(line) + rng.normal(0, 0.008, (len(line), 2))
        px = (start + points @ [along, [-along[1], along[0]]] - [stage.x[0], stage.y[0]]) * stage.fine
        fit = np.polynomial.polynomial.polyfit(np.linspace(0, 1, len(px)), px, min(3, len(px) - 1))
        curve = np.round(16 * np.polynomial.polynomial.polyval(t, fit).T).astype(np.int32)
        for i, dark in enumerate(depth * rng.uniform(0.6, 1.4) * np.sqrt(np.sin(np.pi * (0.04 + 0.92 * t[:-1])))):
            cv2.line(canvas, curve[i], curve[i + 1], dark, max(1, round(0.6 * stage.fine)), cv2.LINE_8, 4)
    wide = cv2.blur(canvas, (2 * int(1.3 * stage.fine) + 1,) * 2)
    return np.asarray(0.5 * cv2.GaussianBlur(canvas, (0, 0), 0.4 * stage.fine) + 0.45 * wide, dtype=np.float32)


def _paint_nail(colour: Field, hand: HandMap, stage: _Stage, nail: Field, rng: Rng) -> None:
    """A plate over the painted nail, paler than the skin, squarer than an ellipse: dark rim, free edge, gloss."""
    x, y, wide, tall = cv2.boundingRect((nail > 0.5).astype(np.uint8))
    if tall == 0:
        return
    rows, columns = slice(max(0, y - tall // 2), y + 2 * tall), slice(max(0, x - wide // 2), x + 2 * wide)
    middle = np.array([stage.x[x], stage.y[y]]) + np.array([wide, tall]) / 2 / stage.fine + hand.axis * _NAIL_SHIFT_MM
    right, down = stage.x[None, columns, None] - middle[0], stage.y[rows, None, None] - middle[1]
    v = (right * hand.axis[0] + down * hand.axis[1]) * stage.fine / (_NAIL_GROWTH * tall / 2)
    u = (down * hand.axis[0] - right * hand.axis[1]) * stage.fine / (_NAIL_GROWTH * wide / 2)
    inside = 1 - np.abs(u) ** 2.7 - np.abs(v) ** 2.5
    part, plate, edge = colour[rows, columns], _step(inside, -0.1, 0.25), _step(v + 0.12 * u * u, 0.66, 0.82)
    rim = np.exp(-(((inside - 0.05) / 0.2) ** 2)) * (1 - 0.8 * _step(v, 0.1, 0.7))
    skin = cv2.blur(part, (2 * int(1.5 * stage.fine) + 1,) * 2)
    tone = skin * (1.02 + rng.normal(0, 0.012, 3)) + [0.03, 0.012, 0.014]
    gloss = float(rng.uniform(0.04, 0.12)) * np.exp(-(((u - 0.2) / 0.2) ** 2) - (v / 0.5) ** 2) * plate
    mixed = (part + 0.85 * plate * (tone - part)) * (1 - 0.2 * rim) + gloss
    part[:] = mixed + 0.45 * edge * plate * (mixed.mean(axis=2, keepdims=True) * 1.14 - mixed)


def _dress(layer: Field, stage: _Stage, arm: tuple[HandMap, float], cloth: Tone, rng: Rng) -> None:
    """Paint a sleeve over the forearm from the cuff (mm) down: folds, a seam, its shadow on the wrist."""
    (hand, cuff), fine, y = arm, stage.fine, stage.y[:, None]
    row = hand.mask[round(hand.wrist[1] * hand.px_per_mm + hand.origin[1])]
    low, high = (np.nonzero(row > 0.5)[0][[0, -1]] - hand.origin[0]) / hand.px_per_mm
    radius = (high - low) / 2 * _forearm(hand, stage.y)[1][:, None]
    radius = (radius * (rng.uniform(1.06, 1.16) + 0.0004 * np.maximum(y - cuff, 0)) + 1.5).astype(np.float32)
    fold, gx, gy = np.moveaxis(_folds(stage, rng), 2, 0)
    u = (stage.x - np.float32((low + high) / 2)) / (radius + 0.5 * fold)  # folds show in the outline: cloth is no pipe
    bulge = np.sqrt(np.clip(1 - u * u, 0.05, 1))
    below = y - cuff - np.float32(rng.uniform(-2, 4)) * bulge - 0.3 * fold
    hem = float(rng.choice([16.0, 40.0]))
    seam = np.exp(-(((below - hem) / 0.6) ** 2)) + 0.4 * np.exp(-(((below - 1.2) / 0.6) ** 2))
    loose = 0.35 + 0.65 * np.clip((below - hem) / 3 + 1, 0, 1)  # sewn double, a cuff folds less
    normals = cv2.merge([np.clip(u, -0.97, 0.97) - loose * gx, -loose * gy - 0.5 * np.exp(-below * below), bulge])
    normals /= np.sqrt(np.einsum("ijk,ijk->ij", normals, normals))[..., None]
    shade = (1 - 0.16 * seam) * (1 + 0.02 * _noise(fold.shape, 0.5 * fine, rng) + 0.04 * fold)
    lit = np.sqrt(_light(np.asarray(normals, np.float32), stage.light, (0.25,))) * shade[..., None]
    cover = np.clip((1 - np.abs(u)) * radius * fine + 0.5, 0, 1) * np.clip(below * fine + 0.5, 0, 1)
    layer[..., :3] *= (1 - 0.5 * np.exp(-((np.minimum(below, 0) / 4.5) ** 2)))[..., None]
    layer *= 1 - cover[..., None]
    layer[..., :3] += np.minimum(lit * (np.asarray(cloth) / 255).astype(np.float32), 1) * cover[..., None]
    layer[..., 3] += cover


def _folds(stage: _Stage, rng: Rng) -> Field:
    """(H, W, 3): mm of cloth's height, its slopes along x and y; made at 1 px per mm, for it is smooth."""
    y, x = np.mgrid[: int(np.ptp(stage.y)) + 2, : int(np.ptp(stage.x)) + 2].astype(np.float32)
    fold, bend = 0.8 * _noise(x.shape, 22, rng), _noise(x.shape, 34, rng)
    for slant in rng.uniform(-0.7, 0.7, 2):
        fold += 0.8 * np.clip(_noise(x.shape, 20, rng), 0, 1.2) * np.sin((y + x * slant) / 3.4 + 2.5 * bend)
    relief = cv2.merge([fold, cv2.Sobel(fold, -1, 1, 0, scale=1 / 8), cv2.Sobel(fold, -1, 0, 1, scale=1 / 8)])
    return np.asarray(cv2.resize(relief, (len(stage.x), len(stage.y)), interpolation=cv2.INTER_CUBIC), np.float32)
