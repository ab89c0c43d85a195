"""The white rim of a paper face: a face cut from a print and held before one's own.

Scissors leave some of the sheet: a thin line, white, brighter than the skin, closed about the whole head and as sharp
over the hair as under the chin. A scarf's edge, a collar, a hairline or a halo of light is pale on one side only, or
not all about; hair against the light is bright and not as white as paper. The lines of sight from the face's middle
are laid side by side, and the best closed path across them is sought.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision.geometry import contains
from kyc_vision.types import Cue, Face, Image, Quad, cannot_tell, polygon

Array = NDArray[np.float32]
#: Lines of sight, and samples on each between these multiples of half the face's box.
_ANGLES, _SAMPLES, _NEAR, _FAR = 96, 96, 0.85, 2.2
#: The middle of the face in its box, from the top; a box is higher than a head is about that middle.
_MIDDLE, _HEIGHT = 0.47, 0.95
#: Widths of the rim and its distance from what is compared with it, samples (about 0.7 % of the face's width each).
_RIMS, _GAP = (2, 4, 6), 4
#: A path may jump so many samples from one line of sight to the next; what a jump costs per sample.
_JUMP, _COST = 2, 0.03
#: What counts is the rim over the brightest skin; more than this is a lamp or a white wall.
_BRIGHTEST = 0.3
#: The score is what all but this share of the path has: some of it may lie before white or behind fingers.
_BROKEN = 0.2
#: Paper is whiter than skin: a rim's whiteness over the brightest skin is more than _WHITE, and each tenth above counts
#: as so much contrast. Of 66 cut-outs 63 reach 0.85 on four fifths of the way; of 285 LFW faces 7, of 150 genuine
#: selfies 17, of 24 of portraits against the light 1, and none of those has a rim there (development people).
_WHITE, _WHITENESS = 0.8, 0.3
#: Smaller faces show no rim of a few mm; of a face half behind the card too little is left.
MIN_FACE_PX, _MIN_SEEN = 90.0, 0.6


def face_contour(selfie: Image, face: Face | None, card_quad: Quad | None) -> Cue:
    """How white, and brighter than both its sides, a closed line about the face is; shares of the brightest skin."""
    if face is None:
        return cannot_tell("face_contour", "no face")
    if face.box[2] < MIN_FACE_PX:
        why = f"the face is {face.box[2]:.0f} px wide, {MIN_FACE_PX:.0f} are needed"
        return cannot_tell("face_contour", why)
    points = _sight(face)
    seen = _seen(points, selfie, card_quad)
    if seen.mean() < _MIN_SEEN:
        return cannot_tell("face_contour", "too much of the face's outline is behind the card or out of the picture")
    skin = _skin(selfie, face)
    white = _sampled(selfie, points)
    rim = _rim(white, skin)
    path = closed_path(np.clip(rim, -_BRIGHTEST, _BRIGHTEST) * seen[:, None])
    whiteness = _WHITENESS * (_along(np.asarray(cv2.blur(white, (3, 1)), dtype=np.float32), path) / skin - _WHITE)
    along = np.minimum(_along(rim, path), whiteness)[seen]
    place = polygon(points[np.arange(_ANGLES), path][::4])
    return Cue("face_contour", round(float(np.quantile(along, _BROKEN)), 4), place, "the palest line about the face")


def _along(values: Array, path: NDArray[np.int64]) -> Array:
    """(_ANGLES,) the values on the path, each averaged with its neighbours."""
    return np.asarray(cv2.blur(values[np.arange(_ANGLES), path].reshape(-1, 1), (1, 3))[:, 0], dtype=np.float32)


def _sight(face: Face) -> Array:
    """(_ANGLES, _SAMPLES, 2) px (x, y) of the lines of sight, clockwise from the right."""
    x, y, w, h = face.box
    turn = np.linspace(0, 2 * np.pi, _ANGLES, endpoint=False)
    reach = np.linspace(_NEAR, _FAR, _SAMPLES) / 2
    across = x + w / 2 + np.outer(np.cos(turn), reach) * w
    down = y + _MIDDLE * h + np.outer(np.sin(turn), reach) * _HEIGHT * h
    return np.stack([across, down], axis=2).astype(np.float32)


def _seen(points: Array, selfie: Image, card_quad: Quad | None) -> NDArray[np.bool_]:
    """(_ANGLES,) whether most of a line of sight is in the picture and not on the card."""
    width, height = selfie.size_wh
    middle = points[:, _SAMPLES // 3]
    inside = np.logical_and((middle >= 0).all(axis=1), (middle <= [width - 1, height - 1]).all(axis=1))
    if card_quad is None:
        return np.asarray(inside)
    on_card = np.array([contains(card_quad, (float(x), float(y))) for x, y in middle])
    return np.asarray(inside & ~on_card)


def _sampled(selfie: Image, points: Array) -> Array:
    """(_ANGLES, _SAMPLES) least of the three colours: high only where it is white."""
    low = np.maximum(np.floor(points.min(axis=(0, 1))).astype(int), 0)
    high = np.ceil(points.max(axis=(0, 1))).astype(int) + 2
    step = float(np.linalg.norm(points[0, -1] - points[0, 0])) / (_SAMPLES - 1)
    # Every so many px, then averaged by two or three: a large face costs no more than a small one.
    every = max(1, int(step // 2))
    part = selfie.pixels[low[1] : high[1] : every, low[0] : high[0] : every]
    scale = min(1.0, every / step)
    if scale < 1:
        part = np.asarray(cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    at = (((points - low) / every + 0.5) * scale - 0.5).astype(np.float32)
    colours = cv2.remap(part, at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)  # type: ignore[call-overload]
    return np.asarray(colours.min(axis=2), dtype=np.float32)


def _skin(selfie: Image, face: Face) -> float:
    """Brightness of the face's brighter parts, 0–255."""
    x, y, w, h = face.box
    top, left = max(0, round(y + 0.2 * h)), max(0, round(x + 0.2 * w))
    part = selfie.pixels[top : max(top + 1, round(y + 0.8 * h)) : 4, left : max(left + 1, round(x + 0.8 * w)) : 4, 1]
    return max(float(np.percentile(part, 90)), 20.0) if part.size else 255.0


def _rim(white: Array, skin: float) -> Array:
    """By how much each sample is whiter than what lies within and without, at the rim's best width, over skin."""
    beside = cv2.blur(white, (3, 1))
    best = np.full_like(white, -1.0)
    for width in _RIMS:
        far = width // 2 + _GAP
        middle = cv2.blur(white, (width, 1))
        rim = np.full_like(white, -_BRIGHTEST)
        rim[:, far:-far] = middle[:, far:-far] - np.maximum(beside[:, 2 * far :], beside[:, : -2 * far])
        best = np.maximum(best, rim / np.float32(skin))
    return np.asarray(best, dtype=np.float32)


def closed_path(gain: Array) -> NDArray[np.int64]:
    """(N,) column of each row of (N, M) gains: the path of most gain that jumps little and ends where it began.

    Source: Viterbi (1967), run twice about; the second half of the way starts where a closed path passes.
    """
    rows = np.vstack([gain, gain])
    total, cameby = rows[0].copy(), np.zeros(rows.shape, dtype=np.int64)
    columns = np.arange(gain.shape[1])
    cost = np.float32(_COST) * np.abs(np.arange(-_JUMP, _JUMP + 1, dtype=np.float32))[:, None]
    padded = np.full(len(columns) + 2 * _JUMP, -1e6, dtype=np.float32)
    reached = np.lib.stride_tricks.sliding_window_view(padded, len(columns))  # follows what is put into padded
    for i in range(1, len(rows)):
        padded[_JUMP:-_JUMP] = total
        before = reached - cost
        best = before.argmax(axis=0)
        total = rows[i] + before[best, columns]
        cameby[i] = columns + best - _JUMP
    path = [int(total.argmax())]
    for i in range(len(rows) - 1, 0, -1):
        path.append(int(cameby[i, path[-1]]))
    half = len(gain) // 2
    return np.roll(np.array(path[::-1])[half : half + len(gain)], half)
