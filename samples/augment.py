"""Cheap variety: from a pool's picture any number of square frames, as a network that looks for the card gets them.

Most frames are a whole selfie, letterboxed; the others are zoomed and turned crops, and parts beside the card. The
quad goes through the same homography as the pixels: nothing is measured in the frame.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import numpy as np

from kyc_vision.geometry import Points, apply_homography, mean_width, polygon_area, share_inside
from kyc_vision.types import Pixels, Quad
from samples.pool import Truth, outline

# Shares of the frames; what is left are zoomed and turned crops.
_LETTERBOXED, _BESIDE = 0.60, 0.10
# Of the frames with a card: a thing lies over all of it, so that a hand alone is no card; a finger over its edge.
_COVERED, _TOUCHED = 0.05, 0.20
_MIRRORED, _QUARTERS = 0.3, (0.76, 0.08, 0.08, 0.08)
# A zoomed card's width as a share of the frame's, and how far a pool's pixel is stretched at most.
_WIDTHS, _STRETCH = (0.12, 1.0), 3.0
_SEEN = 0.35  # of a card that a crop cuts, at least: whether a lesser rest is a card is a question of taste
_SKIN = np.array([[236, 196, 172], [224, 172, 140], [190, 132, 98], [141, 92, 64], [92, 58, 42]])
_Crop = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True, eq=False)
class _View:
    """What is shown (x0, y0, x1, y1 px of the picture), its (3, 3) map to the frame, and OpenCV's border mode."""

    crop: _Crop
    matrix: Points
    mirrored: bool
    border: int

    def window(self, size: int) -> Points:
        """The frame's (4, 2) outline in the picture, px."""
        return apply_homography(np.linalg.inv(self.matrix), outline((0, 0, size, size)))


def augment(pixels: Pixels, truth: Truth, rng: np.random.Generator, size: int) -> tuple[Pixels, Truth]:
    """One square frame of a picture and what is true of it; the same state of rng gives the same bytes.

    Args:
        pixels: (H, W, 3) uint8 RGB.
        truth: of the picture, px.
        rng: of everything.
        size: side of the frame, px.

    Returns:
        (size, size, 3) uint8 RGB, and the truth in px of the frame: corners still TL TR BR BL of the print, and no
        quad where nothing of the card is shown.
    """
    view = _choose(truth, (pixels.shape[1], pixels.shape[0]), rng, size)
    frame = _warped(pixels, view, rng, size)
    truth = truth.seen(view.matrix, view.mirrored, outline(view.crop), view.window(size))
    for _ in range(int(rng.choice(3, p=(0.65, 0.25, 0.10)))):
        thing = _anywhere(size, rng)
        if all(quad is None or share_inside(thing, quad) == 0 for quad in (truth.quad, truth.document_quad)):
            _paste(frame, thing, rng)
    chance = rng.random()
    if truth.quad is not None and chance < _COVERED:
        middle = truth.quad.mean(axis=0)
        _paste(frame, middle + (truth.quad - middle) * rng.uniform(1.12, 1.6), rng)
        truth = replace(truth, quad=None, upside_down=False, occlusion=0.0, visible=0.0)
    elif truth.quad is not None and chance < _COVERED + _TOUCHED:
        hidden = _touch(frame, truth.quad, rng)
        truth = replace(truth, occlusion=truth.occlusion + (1 - truth.occlusion) * hidden)
    return _taken(frame, truth, rng), truth


def letterbox(crop: _Crop, size: int) -> Points:
    """The (3, 3) map of px that sets the crop x0, y0, x1, y1 as large as it fits into the middle of the frame."""
    x0, y0, x1, y1 = crop
    scale = size / max(x1 - x0, y1 - y0)
    left, top = (size - (x1 - x0) * scale) / 2, (size - (y1 - y0) * scale) / 2
    # Pixel centres: x_frame = (x − x0 + 0.5) · scale + left − 0.5.
    shift = (scale * (0.5 - x0) + left - 0.5, scale * (0.5 - y0) + top - 0.5)
    return np.array([[scale, 0.0, shift[0]], [0.0, scale, shift[1]], [0.0, 0.0, 1.0]])


def _choose(truth: Truth, wh: tuple[int, int], rng: np.random.Generator, size: int) -> _View:
    style = rng.random()
    crop: _Crop = (0, 0, *wh)
    beside = _beside(truth, wh, rng) if style > 1 - _BESIDE else None
    boxed = beside is not None or style < _LETTERBOXED
    if beside is not None:
        crop = beside
    elif boxed and rng.random() < 0.4:
        crop = _trimmed(truth, wh, rng)
    matrix = letterbox(crop, size) if boxed else _zoomed(truth, wh, rng, size)
    matrix = _turned(np.full(2, (size - 1) / 2), 90.0 * int(rng.choice(4, p=_QUARTERS))) @ matrix
    mirrored = bool(rng.random() < _MIRRORED)
    if mirrored:
        matrix = np.array([[-1.0, 0.0, size - 1.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]) @ matrix
    drawn = rng.random()
    border = cv2.BORDER_CONSTANT if drawn < 0.7 else cv2.BORDER_REPLICATE
    if boxed and drawn > 0.85 and not _doubled(truth, crop):
        border = cv2.BORDER_REFLECT
    return _View(crop, matrix, mirrored, border)


def _turned(middle: Points, degrees: float, scale: float = 1.0) -> Points:
    """The (3, 3) turn about a point, clockwise on the screen."""
    return np.vstack([cv2.getRotationMatrix2D(middle.tolist(), -degrees, scale), [0.0, 0.0, 1.0]])


def _doubled(truth: Truth, crop: _Crop) -> bool:
    """Whether the letterbox's bars, filled with reflections, would show a card a second time."""
    low, high = np.array(crop[:2]), np.array(crop[2:])
    bars = ((high - low).max() - (high - low)) / 2
    quads = [quad for quad in (truth.quad, truth.document_quad) if quad is not None]
    return any((quad.min(axis=0) - low < bars).any() or (high - quad.max(axis=0) < bars).any() for quad in quads)


def _trimmed(truth: Truth, wh: tuple[int, int], rng: np.random.Generator) -> _Crop:
    """The picture in other proportions: up to 30 % off each side, and nothing off a card."""
    ends = np.array([[0.0, 0.0], wh]) + rng.uniform(0, 0.3, (2, 2)) * wh * np.array([[1], [-1]])
    for quad in (truth.quad, truth.document_quad):
        if quad is not None:
            ends = np.stack([np.minimum(ends[0], quad.min(axis=0) - 3), np.maximum(ends[1], quad.max(axis=0) + 4)])
    (x0, y0), (x1, y1) = np.clip(ends, 0, wh).astype(int).tolist()
    return x0, y0, x1, y1


def _beside(truth: Truth, wh: tuple[int, int], rng: np.random.Generator) -> _Crop | None:
    """A part of the picture above, below or beside the card; None without a card or without room."""
    if truth.quad is None:
        return None
    margin = 4 + 0.03 * mean_width(truth.quad)  # a bent card's edges bulge
    (left, top), (right, bottom) = truth.quad.min(axis=0) - margin, truth.quad.max(axis=0) + margin + 1
    rooms = np.array([[0, 0, wh[0], top], [0, bottom, *wh], [0, 0, left, wh[1]], [right, 0, *wh]]).astype(int)
    rooms = rooms[(rooms[:, 2:] - rooms[:, :2]).min(axis=1) > 0.2 * min(wh)]
    if len(rooms) == 0:
        return None
    x0, y0, x1, y1 = rooms[int(rng.integers(len(rooms)))].tolist()
    w, h = (rng.uniform(0.55, 1.0, 2) * [x1 - x0, y1 - y0]).astype(int).tolist()
    w, h = min(w, 2 * h), min(h, 2 * w)
    x0, y0 = int(rng.integers(x0, x1 - w + 1)), int(rng.integers(y0, y1 - h + 1))
    return x0, y0, x0 + w, y0 + h


def _zoomed(truth: Truth, wh: tuple[int, int], rng: np.random.Generator, size: int) -> Points:
    """A similarity with mild perspective: the card in any size, turn and place, a quarter of them cut by the frame."""
    target = truth.document_quad if truth.quad is None else truth.quad
    width = size * float(np.exp(rng.uniform(*np.log(_WIDTHS))))
    # Without a card: a place, and a scale as if a card took a third of the picture's width.
    middle = rng.uniform(0.2, 0.8, 2) * wh if target is None else target.mean(axis=0)
    scale = min(width / (0.33 * wh[0] if target is None else mean_width(target)), _STRETCH)
    angle = float(np.clip(rng.normal(0, 20), -45, 45) if rng.random() < 0.85 else rng.uniform(-180, 180))
    turn = _turned(middle, angle, scale)
    frame = outline((0, 0, size, size)).astype(np.float32)
    tilt = cv2.getPerspectiveTransform(frame, frame + rng.uniform(-0.06, 0.06, (4, 2)).astype(np.float32) * size)
    reach = 0.5 if rng.random() < 0.25 else max(0.02, 0.5 - 0.5 * width / size)
    for off in (*rng.uniform(-reach, reach, (4, 2)), np.zeros(2)):  # the middle, if all else cuts too much
        move = np.eye(3)
        move[:2, 2] = (0.5 + off) * size - middle
        matrix = np.asarray(tilt @ move @ turn, dtype=np.float64)
        window = apply_homography(np.linalg.inv(matrix), frame)
        if target is None or share_inside(target, outline((0, 0, *wh)), window) > _SEEN:
            break
    return matrix


def _warped(pixels: Pixels, view: _View, rng: np.random.Generator, size: int) -> Pixels:
    """Averaged down by a whole number first, so that the one bilinear warp does not alias."""
    x0, y0, x1, y1 = view.crop
    n = max(1, round(float(np.sqrt(polygon_area(view.window(size)))) / size))
    w, h = (x1 - x0) // n, (y1 - y0) // n
    shown = pixels[y0 : y0 + h * n, x0 : x0 + w * n]
    if n > 1:
        shown = np.asarray(cv2.resize(shown, (w, h), interpolation=cv2.INTER_AREA), dtype=np.uint8)
    # Pixel centres: x = (x_small + 0.5) · n − 0.5 + x0.
    to_frame = view.matrix @ np.array([[n, 0, x0 + (n - 1) / 2], [0, n, y0 + (n - 1) / 2], [0, 0, 1]])
    colours = [[0, 0, 0], [114, 114, 114], [255, 255, 255], rng.integers(0, 256, 3).tolist(), cv2.mean(shown)[:3]]
    colour = colours[int(rng.choice(5, p=(0.35, 0.15, 0.1, 0.25, 0.15)))]
    frame = cv2.warpPerspective(shown, to_frame, (size, size), None, cv2.INTER_LINEAR, view.border, colour)
    return np.asarray(frame, dtype=np.uint8)


def _anywhere(size: int, rng: np.random.Generator) -> Points:
    """Corners of a thing somewhere in the frame, turned and a little askew."""
    half = rng.uniform(0.05, 0.25) * size * np.array([1.0, rng.uniform(0.5, 1.6)])
    box = (outline((0, 0, 2, 2)) - 0.5) * half * rng.uniform(0.85, 1.15, (4, 2)) + rng.uniform(0, size, 2)
    return apply_homography(_turned(box.mean(axis=0), float(rng.normal(0, 40))), box)


def _paste(frame: Pixels, quad: Points, rng: np.random.Generator) -> None:
    """Lay a thing that is no card over the quad; changes the frame."""
    size = frame.shape[0]
    (x0, y0), (x1, y1) = np.clip([quad.min(axis=0) - 1, quad.max(axis=0) + 2], 0, size).astype(int).tolist()
    thing, cover = _thing(rng)
    source = outline((0, 0, thing.shape[1], thing.shape[0])).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(source, (quad - [x0, y0]).astype(np.float32))
    layer, alpha = (cv2.warpPerspective(part, matrix, (x1 - x0, y1 - y0)) for part in (thing, cover))
    part = frame[y0:y1, x0:x1]
    share = alpha[..., None].astype(np.float32) / 255
    part[:] = part * (1 - share) + layer * float(rng.uniform(0.55, 1.0)) * share


def _thing(rng: np.random.Generator) -> tuple[Pixels, Pixels]:
    """Paper, a phone, a window or stripes: (64, 104, 3) uint8 RGB and its (64, 104) uint8 cover."""
    h, w = 64, 104
    bright = rng.integers(110, 256, (2, 3, 3)).astype(np.uint8)
    thing = np.asarray(cv2.resize(bright, (w, h), interpolation=cv2.INTER_LINEAR), dtype=np.uint8)
    cover = np.full((h, w), 255, np.uint8)
    look, step, ink = int(rng.integers(4)), int(rng.integers(5, 16)), rng.integers(0, 200, 3).tolist()
    if look == 0:
        thing[:] = int(rng.integers(205, 256)) - rng.integers(0, 16, 3)
        for y in range(8, h - 6, step) if rng.random() < 0.7 else ():
            cv2.line(thing, (8, y), (int(rng.integers(w // 3, w - 8)), y), ink, 2)
    elif look == 1:
        cv2.rectangle(thing, (2, 2), (w - 3, h - 3), [int(rng.integers(8, 50))] * 3, 9)
        cover[:] = 0
        cv2.rectangle(cover, (8, 8), (w - 9, h - 9), 255, -1)
        cv2.rectangle(cover, (8, 8), (w - 9, h - 9), 255, 15)  # thick lines end round: so do a phone's corners
    elif look == 2:
        for x in range(0, w, w // (step // 4 + 1)):
            cv2.line(thing, (x, 0), (x, h), ink, 3)
        cv2.line(thing, (0, h // 2), (w, h // 2), ink, 3)
        cv2.rectangle(thing, (0, 0), (w - 1, h - 1), ink, 5)
    else:
        thing[:, np.arange(w) // step % 2 == 0] = ink
    return thing, cover


def _touch(frame: Pixels, quad: Quad, rng: np.random.Generator) -> float:
    """A finger or a block over an edge of the card; changes the frame, returns the share of the card under it."""
    width, edge, along = mean_width(quad), int(rng.integers(4)), float(rng.uniform(0.1, 0.9))
    at = quad[edge] * (1 - along) + quad[(edge + 1) % 4] * along
    inward = (quad.mean(axis=0) - at) / float(np.linalg.norm(quad.mean(axis=0) - at))
    ends = at + np.outer([rng.uniform(0.0, 0.25), -rng.uniform(0.1, 0.5)], inward) * width
    thick = max(2, round(float(rng.uniform(0.08, 0.24)) * width))  # a thumb is 20 mm wide, 0.23 of a card
    over, card = np.zeros((2, *frame.shape[:2]), np.uint8)
    if rng.random() < 0.7:
        colour = _SKIN[int(rng.integers(len(_SKIN)))] * rng.uniform(0.5, 1.1)
        tip, root = np.rint(ends).astype(int).tolist()
        cv2.line(over, tip, root, 255, thick)
    else:
        colour = rng.uniform(0, 256, 3)
        box = ((float(at[0]), float(at[1])), (2.0 * thick, 1.5 * thick), float(rng.uniform(0, 90)))
        cv2.fillConvexPoly(over, np.rint(cv2.boxPoints(box)).astype(np.int32), 255)
    cv2.fillConvexPoly(card, np.rint(quad).astype(np.int32), 255)
    rounding = cv2.GaussianBlur(over, (0, 0), max(0.5, thick / 4))[..., None] / np.float32(510) + np.float32(0.5)
    share = cv2.blur(over, (3, 3))[..., None] / np.float32(255)
    frame[:] = frame * (1 - share) + np.clip(colour * rounding, 0, 255) * share
    return min(1.0, np.count_nonzero(over & card) / polygon_area(quad))


def _taken(frame: Pixels, truth: Truth, rng: np.random.Generator) -> Pixels:
    """Light, white balance, grey, blur, noise, JPEG. Each is small, and none is in every frame."""
    size = frame.shape[0]
    if rng.random() < 0.35:
        frame = _lit(frame, truth, rng)
    gain, gamma = np.exp(rng.uniform(-0.5, 0.4)), np.exp(rng.uniform(-0.35, 0.35))
    haze = rng.uniform(0, 0.15) * (rng.random() < 0.25)
    curve = (np.arange(256)[:, None] / 255) ** gamma * gain * rng.uniform(0.88, 1.12, 3)
    frame = np.asarray(cv2.LUT(frame, np.clip(255 * (haze + (1 - haze) * curve), 0, 255).astype(np.uint8)[None]))
    if (grey := rng.random()) < 0.25:
        plain = cv2.cvtColor(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
        amount = 1.0 if grey < 0.12 else float(rng.uniform(0.3, 0.9))
        frame = np.asarray(cv2.addWeighted(plain, amount, frame, 1 - amount, 0), dtype=np.uint8)
    if (blur := rng.random()) < 0.3:
        frame = np.asarray(cv2.GaussianBlur(frame, (0, 0), size / 320 * float(np.exp(rng.uniform(-0.9, 0.8)))))
    elif blur < 0.4:
        frame = np.asarray(cv2.blur(frame, rng.permutation([1, int(rng.integers(3, 10))]).tolist()))  # shaken
    if rng.random() < 0.6:
        x, y = rng.integers(0, 64, 2)
        noise = _noise(size + 64)[y : y + size, x : x + size] * np.float32(np.exp(rng.uniform(0, 2.3)))
        frame = np.asarray(cv2.add(frame, noise, dtype=cv2.CV_8U))
    if rng.random() < 0.4:
        _, data = cv2.imencode(".jpg", frame[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(30, 91))])
        frame = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR_RGB))
    return np.asarray(frame, dtype=np.uint8)


@lru_cache(maxsize=2)
def _noise(side: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """A tile of normal noise of σ 1; frames take a part of it at random."""
    return np.random.default_rng(0x4E).standard_normal((side, side, 3), dtype=np.float32)


def _lit(frame: Pixels, truth: Truth, rng: np.random.Generator) -> Pixels:
    """A shadow with soft edges, and in half of them a lamp's reflection, mostly on the card."""
    size = frame.shape[0]
    grid = (rng.uniform(0.45, 1.2, (3, 3, 1)) * rng.uniform(0.94, 1.06, (1, 1, 3))).astype(np.float32)
    light = np.asarray(frame * cv2.resize(grid, (size, size), interpolation=cv2.INTER_CUBIC), dtype=np.float32)
    if rng.random() < 0.5:
        x, y = rng.uniform(0, size, 2)
        if truth.quad is not None and rng.random() < 0.7:
            x, y = rng.dirichlet(np.ones(4)) @ truth.quad
        along, width = np.arange(size), size * rng.uniform(0.02, 0.09, 2)
        across, down = np.exp(-(((along - x) / width[0]) ** 2)), np.exp(-(((along - y) / width[1]) ** 2))
        light += (np.outer(down, across) * rng.uniform(60, 300)).astype(np.float32)[..., None]
    return np.asarray(np.clip(light, 0, 255), dtype=np.uint8)
