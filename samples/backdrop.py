"""Where the person stands: an invented, out-of-focus room, or the photograph's own background continued."""

from __future__ import annotations

from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision.types import Pixels

Backdrop = Literal["own", "wall", "window", "shelf", "door", "curtain", "green"]
BACKDROPS: tuple[Backdrop, ...] = ("wall", "window", "shelf", "door", "curtain", "green")
_WALLS = ((214, 206, 192), (196, 204, 206), (222, 214, 170), (206, 216, 200), (226, 222, 218), (190, 178, 166))


def room(kind: Backdrop, size_wh: tuple[int, int], rng: np.random.Generator) -> Pixels:
    """(H, W, 3) uint8 RGB of an invented room, already out of focus."""
    width, height = size_wh
    # Drawn small: it is blurred anyway.
    w, h = 270, round(270 * height / width)
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    wall = np.asarray(_WALLS[int(rng.integers(len(_WALLS)))], dtype=np.float32)
    glow = np.exp(-(((x / w - rng.uniform(0, 1)) / 0.8) ** 2) - ((y / h - rng.uniform(-0.2, 0.4)) / 0.9) ** 2)
    canvas = wall * (0.68 + 0.32 * glow[..., None])
    {
        "own": _plain,
        "wall": _plain,
        "window": _window,
        "shelf": _shelf,
        "door": _door,
        "curtain": _curtain,
        "green": _green,
    }[kind](canvas, rng)
    # Leaves far away are well out of focus; furniture close behind is not.
    canvas = cv2.GaussianBlur(canvas, (0, 0), 7.0 if kind == "green" else float(rng.uniform(1.8, 3.6)))
    big = cv2.resize(canvas, size_wh, interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(big, 0, 255), dtype=np.uint8)


def _plain(canvas: NDArray[np.float32], rng: np.random.Generator) -> None:
    """A wall with a switch, a skirting shadow or a picture frame."""
    h, w = canvas.shape[:2]
    if rng.random() < 0.7:
        x, y = int(rng.uniform(0.02, 0.7) * w), int(rng.uniform(0.02, 0.2) * h)
        tone = rng.uniform(40, 200, 3)
        cv2.rectangle(canvas, (x, y), (x + 62, y + 78), (70, 52, 40), -1)
        cv2.rectangle(canvas, (x + 5, y + 5), (x + 57, y + 73), (232, 228, 220), -1)
        cv2.rectangle(canvas, (x + 14, y + 15), (x + 48, y + 63), tuple(tone.tolist()), -1)


def _window(canvas: NDArray[np.float32], rng: np.random.Generator) -> None:
    h, w = canvas.shape[:2]
    left = int(rng.choice([-20, 0.52 * w]))
    right, top, bottom = left + int(0.52 * w), int(0.03 * h), int(0.52 * h)
    cv2.rectangle(canvas, (left, top), (right, bottom), (238, 244, 250), -1)
    for _ in range(30):
        spot = (int(rng.uniform(left, right)), int(rng.uniform(0.3 * h, bottom)))
        cv2.circle(canvas, spot, int(rng.uniform(5, 16)), (rng.uniform(90, 150), rng.uniform(140, 190), 110), -1)
    for k in range(4):
        x = left + k * (right - left) // 3
        cv2.line(canvas, (x, top), (x, bottom), (120, 96, 76), 5)
    for y in (top, (top + bottom) // 2, bottom):
        cv2.line(canvas, (left, y), (right, y), (120, 96, 76), 5)


def _shelf(canvas: NDArray[np.float32], rng: np.random.Generator) -> None:
    h, w = canvas.shape[:2]
    cv2.rectangle(canvas, (0, 0), (w, h), (126, 98, 74), -1)
    for base in range(48, h + 60, 62):
        x = -4
        while x < w:
            thick, tall = int(rng.uniform(6, 18)), int(rng.uniform(32, 52))
            tone = rng.uniform(40, 205) + rng.uniform(-35, 35, 3)
            cv2.rectangle(canvas, (x, base - tall), (x + thick - 1, base), tuple(tone.tolist()), -1)
            x += thick + (int(rng.uniform(8, 34)) if rng.random() < 0.14 else 0)
        cv2.rectangle(canvas, (0, base), (w, base + 6), (168, 134, 100), -1)


def _door(canvas: NDArray[np.float32], rng: np.random.Generator) -> None:
    h, w = canvas.shape[:2]
    left = int(rng.uniform(-0.1, 0.55) * w)
    tone = rng.uniform(0.75, 1.1) * np.array([146.0, 108, 74])
    cv2.rectangle(canvas, (left, int(0.04 * h)), (left + 130, h), tuple(tone.tolist()), -1)
    for top in (0.09, 0.42):
        box = ((left + 20, int(top * h)), (left + 110, int((top + 0.27) * h)))
        cv2.rectangle(canvas, *box, tuple((0.82 * tone).tolist()), 4)
    cv2.circle(canvas, (left + 118, int(0.5 * h)), 5, (212, 196, 150), -1)


def _curtain(canvas: NDArray[np.float32], rng: np.random.Generator) -> None:
    w = canvas.shape[1]
    x = np.arange(w, dtype=np.float32)
    folds = 0.80 + 0.14 * np.sin(x / 9.0 + 1.6 * np.sin(x / 31.0)) + 0.06 * np.sin(x / 3.9 + rng.uniform(0, 6))
    tone = np.array(_pick(rng, ((150, 120, 92), (98, 128, 150), (164, 150, 128), (132, 66, 62))), dtype=np.float32)
    canvas *= 0.25
    canvas += 0.85 * folds[None, :, None] * tone


def _green(canvas: NDArray[np.float32], rng: np.random.Generator) -> None:
    h, w = canvas.shape[:2]
    cv2.rectangle(canvas, (0, 0), (w, h), (104, 128, 84), -1)
    for _ in range(240):
        tone = rng.uniform(0.5, 1.35) * np.array([96.0, 134, 70])
        spot = (int(rng.uniform(0, w)), int(rng.uniform(0, h)))
        cv2.circle(canvas, spot, int(rng.uniform(4, 20)), tuple(tone.tolist()), -1)
    for _ in range(26):
        spot = (int(rng.uniform(0, w)), int(rng.uniform(0, 0.4 * h)))
        cv2.circle(canvas, spot, int(rng.uniform(3, 9)), (226, 236, 214), -1)


def _pick(rng: np.random.Generator, tones: tuple[tuple[int, int, int], ...]) -> tuple[int, int, int]:
    return tones[int(rng.integers(len(tones)))]
