"""The NIK's sixteen digits as shapes: which face explains them, at which pitch, and how each lies in its cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision import layout
from kyc_vision.card.cues.shapes import CELL_WH_MM, CELL_WH_PX, LAWFUL_PITCH_MM, PX_PER_MM, Array, digits_at, unit
from kyc_vision.ink import strokes
from kyc_vision.types import RectifiedCard

DIGITS = 16
#: The line is looked for this far up and down, and from this far left of its place: what is left of the locator's
#: error.
_REACH_MM, _LEFT_MM, _RIGHT_MM = 0.9, 1.5, 2.0
#: A lawful pitch may be off by this much: an outline that is not quite right. Others are looked for at any.
_SCALES = (0.985, 1.0, 1.015)
_FREE_PITCH_MM = np.arange(1.16, 2.42, 0.04)
#: A digit is looked for this many pixels about its cell's place.
_NEAR_XY = (2, 3)


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """Sixteen cells of one face.

    Attributes:
        face: name of the face.
        agreement: −1 to 1, mean correlation of the cells with their likeliest digits.
        lefts, top: of the cells in the strip, px at PX_PER_MM.
    """

    face: str
    agreement: float
    lefts: NDArray[np.intp]
    top: int


@dataclass(frozen=True, slots=True, eq=False)
class NikShapes:
    """What the strip of the NIK looks like.

    Attributes:
        ink: (H, W) 0–1, by how much strokes are darker than the ground beside them.
        origin_mm: of the strip, on the card.
        agreement: face → (10, H − h + 1, W − w + 1) correlation of every digit with every place.
        lines: face → where it explains the strip best.
        source_width_px: as of the card.
    """

    ink: Array
    origin_mm: tuple[float, float]
    agreement: Mapping[str, Array]
    lines: Mapping[str, Line]
    source_width_px: float

    @property
    def lawful(self) -> Line:
        """The lawful face that explains the strip best."""
        return max((self.lines[face] for face in LAWFUL_PITCH_MM), key=lambda line: line.agreement)

    @property
    def rival(self) -> Line:
        """The unlawful face that does."""
        others = [line for face, line in self.lines.items() if face not in LAWFUL_PITCH_MM]
        return max(others, key=lambda line: line.agreement)


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """How each digit of the lawful line lies in its cell; (16,) each.

    Attributes:
        agreement: −1 to 1, correlation with its likeliest digit.
        lefts_px, tops_px: of that digit's cell in the strip, to a fraction of a pixel down.
        darkness: natural logarithm of its ink over what the face's shape holds.
    """

    agreement: NDArray[np.float64]
    lefts_px: NDArray[np.float64]
    tops_px: NDArray[np.float64]
    darkness: NDArray[np.float64]


def nik_shapes(card: RectifiedCard) -> NikShapes:
    """Compare the strip of the NIK with every face."""
    ink, origin = _strip(card)
    faces = digits_at(card.source_width_px)
    every = _agreement(ink, np.concatenate(list(faces.values())))
    agreement = dict(zip(faces, np.split(every, len(faces)), strict=True))
    lines = {face: _line(face, maps.max(axis=0)) for face, maps in agreement.items()}
    return NikShapes(ink, origin, agreement, lines, card.source_width_px)


def cells(nik: NikShapes) -> Cells:
    """Each digit of the lawful line by itself."""
    line = nik.lawful
    agreement, shapes = nik.agreement[line.face], digits_at(nik.source_width_px)[line.face]
    rows = [_cell(nik.ink, agreement, shapes, (int(left), line.top)) for left in line.lefts]
    return Cells(*np.array(rows, dtype=np.float64).T)


def _agreement(ink: Array, shapes: Array) -> Array:
    """(N, H − h + 1, W − w + 1) correlation of (N, h · w) shapes with every place of the (H, W) strip."""
    width, height = CELL_WH_PX
    windows = np.lib.stride_tricks.sliding_window_view(ink, (height, width))
    places = windows.reshape(-1, height * width)
    spread = np.sqrt(np.maximum(places.var(axis=1), 1e-8) * places.shape[1])
    return np.asarray((unit(shapes) @ places.T / spread).reshape(len(shapes), *windows.shape[:2]), dtype=np.float32)


def _strip(card: RectifiedCard) -> tuple[Array, tuple[float, float]]:
    """Ink of the NIK's line in shares of the ground's light, and the strip's origin on the card, mm."""
    half = CELL_WH_MM[1] / 2 + _REACH_MM
    left, top = layout.NIK_X_MM - _LEFT_MM, layout.NIK_Y_MM - half
    right, bottom = layout.NIK_END_X_MM + _RIGHT_MM, layout.NIK_Y_MM + half
    x0, y0, x1, y1 = (round(v * card.px_per_mm) for v in (left, top, right, bottom))
    grey = cv2.cvtColor(card.pixels[y0:y1, x0:x1], cv2.COLOR_RGB2GRAY)
    size_wh = (round((right - left) * PX_PER_MM), round((bottom - top) * PX_PER_MM))
    small = np.asarray(cv2.resize(grey, size_wh, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    dark = strokes(small, PX_PER_MM)
    origin_mm = (x0 / card.px_per_mm, y0 / card.px_per_mm)
    return np.asarray(dark / (small + dark + 1.0), dtype=np.float32), origin_mm


def _line(face: str, best: Array) -> Line:
    """Where sixteen cells of even distance agree best with any digits; best is the likeliest digit's at each place."""
    lawful = face in LAWFUL_PITCH_MM
    pitches = LAWFUL_PITCH_MM[face] * np.array(_SCALES) if lawful else _FREE_PITCH_MM
    near = cv2.dilate(best, np.ones((1, 3), np.uint8))
    starts = np.arange(0.0, (_LEFT_MM + 1.0) * PX_PER_MM)
    lefts = np.rint(starts[:, None] + np.arange(DIGITS) * pitches[:, None, None] * PX_PER_MM).astype(np.intp)
    inside = lefts[..., -1] < near.shape[1]
    mean = near[:, np.minimum(lefts, near.shape[1] - 1)].mean(axis=-1)
    mean = np.where(inside, mean, -1.0)
    top, pitch, start = np.unravel_index(int(mean.argmax()), mean.shape)
    return Line(face, float(mean.max()), lefts[pitch, start], int(top))


def _cell(ink: Array, agreement: Array, shapes: Array, place_xy: tuple[int, int]) -> tuple[float, float, float, float]:
    """Agreement, left, top and darkness of the likeliest digit near a cell's place."""
    x0, y0 = (max(0, at - near) for at, near in zip(place_xy, _NEAR_XY, strict=True))
    x1, y1 = (at + near + 1 for at, near in zip(place_xy, _NEAR_XY, strict=True))
    near = agreement[:, y0:y1, x0:x1]
    digit, y, x = (int(i) for i in np.unravel_index(int(near.argmax()), near.shape))
    x, y = x + x0, y + y0
    column = agreement[digit, :, x]
    finer = 0.0
    if 0 < y < len(column) - 1:
        a, b, c = (float(v) for v in column[y - 1 : y + 2])
        finer = float(np.clip(0.5 * (a - c) / (a - 2 * b + c), -0.6, 0.6)) if a - 2 * b + c < 0 else 0.0
    shape = shapes[digit] - shapes[digit].mean()
    seen = ink[y : y + CELL_WH_PX[1], x : x + CELL_WH_PX[0]].ravel()
    darkness = float(np.log(max(float(seen @ shape) / float(shape @ shape), 0.02)))
    return float(near.max()), float(x), y + finer, darkness
