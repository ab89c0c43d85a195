"""A printed line photographed, found and cut: what a reader is taught on, made in about a millisecond.

The print is drawn finely on the card's ground, seen by the generator's camera model at the resolution of a selfie,
turned as cards are held, and cut as kyc_vision.ocr.strips cuts: a little off in every direction.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from kyc_vision.ocr.cut import HEIGHT_PX, line_width_px
from kyc_vision.types import Pixels
from samples.fonts import font, ink_x
from samples.ground import ground
from samples.light import Exposure, expose
from training.ctc.typeface import Typeface

#: Resolution of the drawn print.
FINE_PX_PER_MM = 12.0
#: A line is drawn with so much of the card around it.
AROUND_MM = (4.0, 3.0)
_GROUNDS = 8
#: Widths of the card in the picture, px: half of the strips show a small one.
_CARD_PX = ((230.0, 420.0), (420.0, 1000.0))
_CARD_MM = 85.6


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A line's ink at FINE_PX_PER_MM.

    Attributes:
        mask: (H, W) uint8, 255 where there is ink.
        text: what it says.
        ink_mm: left and right end of the ink, middle line, from the mask's left top.
        height_mm: of the cut, capitals and the room around them.
        tail_mm: ground beyond AROUND_MM to the right, which a cut may take in.
    """

    mask: Pixels
    text: str
    ink_mm: tuple[float, float, float]
    height_mm: float
    tail_mm: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """What a reader is given and what it should say."""

    pixels: Pixels
    text: str


def photograph(drawn: Drawn, rng: np.random.Generator) -> Strip:
    """The line as the product cuts it out of a selfie: (24, W, 3) uint8 RGB."""
    px_per_mm = float(np.exp(rng.uniform(*np.log(_CARD_PX[int(rng.random() < 0.5)])))) / _CARD_MM
    seen, to_seen = _seen(_inked(drawn.mask, rng), px_per_mm, rng)
    seen = _saved(expose(seen, _exposure(px_per_mm, rng), (0.0, 0.0), rng), rng)
    return Strip(_cut(seen, to_seen, drawn, rng), drawn.text)


def draw(text: str, face: Typeface, cap_mm: float, neighbours: tuple[str, str, str], tail_mm: float = 0.0) -> Drawn:
    """A line of proportional print; neighbours are the lines above and below it and what stands before it."""
    fine = font(face.path, cap_mm * FINE_PX_PER_MM)
    left, right = ink_x(fine, text)
    squeeze = face.narrow
    wide = round((right - left) * squeeze + (2 * AROUND_MM[0] + tail_mm) * FINE_PX_PER_MM)
    high, start = round(2 * AROUND_MM[1] * FINE_PX_PER_MM), AROUND_MM[0] * FINE_PX_PER_MM
    sheet = Image.new("L", (round(wide / squeeze), high), 0)
    pen = ImageDraw.Draw(sheet)
    base, pitch = high / 2 + cap_mm * FINE_PX_PER_MM / 2, face.pitch_mm * FINE_PX_PER_MM
    pen.text((start / squeeze - left, base), text, font=fine, fill=255, anchor="ls")
    above, below, before = neighbours
    pen.text((start / squeeze - left, base - pitch), above, font=fine, fill=255, anchor="ls")
    pen.text((start / squeeze - left, base + pitch), below, font=fine, fill=255, anchor="ls")
    pen.text((start / squeeze - 1.2 * FINE_PX_PER_MM, base), before, font=fine, fill=255, anchor="ls")
    mask = np.asarray(sheet.resize((wide, high), Image.Resampling.BILINEAR) if squeeze != 1 else sheet, dtype=np.uint8)
    ink = (AROUND_MM[0], wide / FINE_PX_PER_MM - AROUND_MM[0] - tail_mm, AROUND_MM[1])
    return Drawn(weighted(mask, face.weight), text, ink, cap_mm + face.around_mm, tail_mm)


def weighted(mask: Pixels, weight: float) -> Pixels:
    """Strokes made broader or narrower by about so many fine px: a blur, cut off higher or lower."""
    if abs(weight) < 0.1:
        return mask
    soft = cv2.GaussianBlur(mask, (0, 0), 0.9).astype(np.float32) / 255
    return np.asarray(np.clip((soft - 0.5 + 0.17 * weight) * 2.5 + 0.5, 0, 1) * 255, dtype=np.uint8)


def _inked(mask: Pixels, rng: np.random.Generator) -> Pixels:
    """(H, W, 3): ink on a piece of the card's ground."""
    paper = _ground(int(rng.integers(_GROUNDS)))
    h, w = mask.shape
    y, x = int(rng.integers(0, paper.shape[0] - h)), int(rng.integers(0, max(1, paper.shape[1] - w)))
    piece = paper[y : y + h, x : x + w]
    if piece.shape[1] < w:
        piece = cv2.copyMakeBorder(piece, 0, 0, 0, w - piece.shape[1], cv2.BORDER_REFLECT)
    ink = np.array([34, 34, 40]) + rng.uniform(-10, 45)
    share = mask.astype(np.float32) * np.float32(1 / 255)
    full = np.empty_like(piece)
    full[:] = ink.astype(np.uint8)
    return np.asarray(cv2.blendLinear(full, np.ascontiguousarray(piece), share, 1 - share), dtype=np.uint8)


@lru_cache(maxsize=_GROUNDS)
def _ground(number: int) -> Pixels:
    """A card's ground; two of them orange as foreigners' are."""
    paper = ground(FINE_PX_PER_MM, np.random.default_rng([number, 0x6D]))
    return np.ascontiguousarray(paper[..., ::-1]) if number >= _GROUNDS - 2 else paper


def _seen(fine: Pixels, px_per_mm: float, rng: np.random.Generator) -> tuple[Pixels, NDArray[np.float64]]:
    """The piece of the selfie that shows the line, and the map of mm on the card → its px."""
    turn = np.radians(rng.normal(0, 14) if rng.random() < 0.8 else rng.uniform(-180, 180))
    flat = np.diag([1.0, float(rng.uniform(0.85, 1.0))] if rng.random() < 0.5 else [float(rng.uniform(0.85, 1.0)), 1.0])
    skew = np.array([[1.0, float(rng.normal(0, 0.06))], [0.0, 1.0]])
    linear = px_per_mm * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ skew @ flat
    size_mm = np.array([fine.shape[1], fine.shape[0]]) / FINE_PX_PER_MM
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * size_mm @ linear.T
    low = corners.min(axis=0) - rng.uniform(0, 1, 2)
    wh = np.ceil(corners.max(axis=0) - low).astype(int) + 1
    to_seen = np.eye(3)
    to_seen[:2, :2], to_seen[:2, 2] = linear, -low
    # Averaged down first, so that the sensor's pixels integrate and do not pick.
    share = min(1.0, 2 * px_per_mm / FINE_PX_PER_MM)
    small = cv2.resize(fine, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    scale = np.diag([size_mm[0] / small.shape[1], size_mm[1] / small.shape[0], 1.0])
    centre = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1.0]])
    matrix = np.linalg.inv(centre) @ to_seen @ scale @ centre
    shown = cv2.warpAffine(small, matrix[:2], wh.tolist(), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    return np.asarray(shown, dtype=np.uint8), np.linalg.inv(centre) @ to_seen


def _exposure(px_per_mm: float, rng: np.random.Generator) -> Exposure:
    """As scenes of every difficulty are taken; one in ten worse."""
    softness = float(rng.uniform(0.05, 0.26) if rng.random() < 0.9 else rng.uniform(0.26, 0.42)) * px_per_mm
    motion = float(rng.uniform(0, 0.45)) * px_per_mm if rng.random() < 0.5 else 0.0
    return Exposure(
        brightness=float(np.exp(rng.uniform(-0.9, 0.45))),
        warmth=float(rng.uniform(-1, 1)),
        gradient=float(rng.uniform(0.05, 0.5)),
        softness_px=max(0.3, softness),
        motion_px=motion,
        motion_deg=float(rng.uniform(0, 180)),
        noise=float(rng.uniform(1.0, 5.5)),
    )


def _saved(seen: Pixels, rng: np.random.Generator) -> Pixels:
    """A lamp's veil in some, then JPEG."""
    if rng.random() < 0.15:
        x = np.linspace(-1, 1, seen.shape[1], dtype=np.float32) - float(rng.uniform(-1, 1))
        veil = float(rng.uniform(0.1, 0.6)) * np.exp(-((x / float(rng.uniform(0.2, 0.8))) ** 2))[None, :, None]
        seen = np.asarray(seen + (255 - seen) * veil, dtype=np.uint8)
    quality = int(rng.integers(45, 96))
    _, data = cv2.imencode(".jpg", seen[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR_RGB), dtype=np.uint8)


def _cut(seen: Pixels, to_seen: NDArray[np.float64], drawn: Drawn, rng: np.random.Generator) -> Pixels:
    """The cut of kyc_vision.ocr.strips, as far off as it is on real scenes."""
    left, right, middle = drawn.ink_mm
    left, right = left - 0.55 + float(rng.normal(0, 0.22)), right + float(rng.uniform(0.15, 1.7 + drawn.tail_mm))
    height = drawn.height_mm * float(rng.uniform(0.93, 1.07))
    middle += float(rng.normal(0, 0.13))
    slope = float(rng.normal(0, 0.006)) * (right - left)
    top, bottom = middle - height / 2, middle + height / 2
    corners = np.array([[left, top - slope], [right, top + slope], [right, bottom + slope], [left, bottom - slope]])
    width = line_width_px(right - left, height)
    target = np.array([[0, 0], [width, 0], [width, HEIGHT_PX], [0, HEIGHT_PX]], dtype=np.float32)
    quad = (np.column_stack([corners, np.ones(4)]) @ to_seen.T)[:, :2].astype(np.float32)
    transform = cv2.getPerspectiveTransform(quad, target)
    strip = cv2.warpPerspective(
        seen, transform, (width, HEIGHT_PX), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(strip, dtype=np.uint8)
