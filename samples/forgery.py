"""Cards that were genuine once: another portrait glued on, a name or a NIK edited in place.

Two prints of one seed agree in ground, float and signature; what differs between them is what the forger changed.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from kyc_vision.types import Pixels
from samples.fonts import MONO, SERIF, font
from samples.ground import CARD_WIDTH_MM

Window = tuple[int, int, int, int]  # left, top, right, bottom px
_FOREIGN_FONTS: tuple[Path, ...] = (SERIF, MONO)


def paste_portrait(holder: Pixels, forged: Pixels, good: bool, rng: np.random.Generator) -> Pixels:
    """The holder's card with the forger's portrait from a second print glued on; RGBA as both.

    Args:
        holder: (H, W, 4) the genuine print.
        forged: (H, W, 4) the same print but for the portrait.
        good: cut to size and level; else askew with a white edge and a shadow.
        rng: of position and tone.
    """
    left, top, right, bottom = changed(holder, forged)
    photo: NDArray[np.floating] = forged[top:bottom, left:right, :3].astype(np.float32)
    mm = holder.shape[1] / CARD_WIDTH_MM
    # Photo paper has more contrast than the card's dye print, and another white.
    cast = 1 + rng.uniform(-0.05, 0.05, 3)
    tinted = np.clip((photo - 110) * float(rng.uniform(1.08, 1.22)) + 112, 0, 255) * cast
    rim_mm = 0.0 if good else float(rng.uniform(0.3, 0.9))
    rim = round(rim_mm * mm)
    photo = np.empty((tinted.shape[0] + 2 * rim, tinted.shape[1] + 2 * rim, 3), dtype=np.float32)
    photo[:] = (244, 243, 238)
    photo[rim : rim + tinted.shape[0], rim : rim + tinted.shape[1]] = np.clip(tinted, 0, 255)
    height, width = photo.shape[:2]
    turn = float(rng.uniform(-0.5, 0.5) if good else rng.choice([-1, 1]) * rng.uniform(1.5, 4.0))
    size = float(rng.uniform(1.0, 1.02) if good else rng.uniform(0.95, 1.06))
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), turn, size)
    move = rng.uniform(-0.25, 0.25, 2) * mm if good else rng.uniform(-0.9, 0.9, 2) * mm
    matrix[:, 2] += [(left + right - width) / 2 + move[0], (top + bottom - height) / 2 + move[1]]
    whole = (holder.shape[1], holder.shape[0])
    shown = cv2.warpAffine(photo, matrix, whole, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    alpha = cv2.warpAffine(np.ones((height, width), np.float32), matrix, whole, flags=cv2.INTER_LINEAR)
    reach = (0.18 if good else 0.45) * mm
    shadow = np.clip(
        cv2.GaussianBlur(np.roll(alpha, (round(reach), round(reach)), (0, 1)), (0, 0), reach) - alpha, 0, 1
    )
    result = holder.astype(np.float32)
    result[..., :3] *= (1 - (0.35 if good else 0.6) * shadow)[..., None]
    result[..., :3] = result[..., :3] * (1 - alpha[..., None]) + np.asarray(shown) * alpha[..., None]
    return np.clip(result, 0, 255).astype(np.uint8)


def edit_text(holder: Pixels, forged: Pixels, blank: Pixels, text: str | None, rng: np.random.Generator) -> Pixels:
    """The holder's card with one line covered and set again; RGBA.

    Args:
        holder: (H, W, 4) the genuine print.
        forged: the same print but for that line.
        blank: the same print without that line.
        text: what to set in another face; None takes the line from forged, in the card's own face.
        rng: of the patch.
    """
    mm = holder.shape[1] / CARD_WIDTH_MM
    old, new = changed(holder, blank), changed(forged, blank)
    grow = round(0.45 * mm)
    patch = (min(old[0], new[0]) - grow, min(old[1], new[1]) - grow, max(old[2], new[2]) + grow, old[3] + grow)
    left, top, right, bottom = (max(0, v) for v in patch)
    cover: NDArray[np.floating] = np.zeros(holder.shape[:2], dtype=np.float32)
    cover[top:bottom, left:right] = 1
    cover = np.asarray(cv2.GaussianBlur(cover, (0, 0), max(0.5, 0.06 * mm)))
    # The ground under the patch is smeared: an eraser or a clone brush has no guilloche.
    smeared = np.asarray(cv2.GaussianBlur(blank[..., :3], (0, 0), 0.9 * mm)) + rng.uniform(-5, 5, 3)
    ink = _set(new, text, holder.shape[:2], rng) if text is not None else _lift(forged, blank, rng, mm)
    fresh = smeared * (1 - ink[..., None]) + np.asarray([20.0, 20, 24]) * ink[..., None]
    result = holder.astype(np.float32)
    result[..., :3] = result[..., :3] * (1 - cover[..., None]) + fresh * cover[..., None]
    return np.clip(result, 0, 255).astype(np.uint8)


def _set(line: Window, text: str, shape: tuple[int, ...], rng: np.random.Generator) -> NDArray[np.float32]:
    """(H, W) ink of text in a face the card does not use, where the line was."""
    face_path = _FOREIGN_FONTS[int(rng.integers(len(_FOREIGN_FONTS)))]
    sheet = Image.new("L", (shape[1], shape[0]), 0)
    height = line[3] - line[1]
    face = font(face_path, 0.96 * height)
    if face.getlength(text) > 1.25 * (line[2] - line[0]):
        face = font(face_path, 0.80 * height)
    ImageDraw.Draw(sheet).text((line[0], line[3]), text, font=face, fill=255, anchor="ls")
    return np.asarray(sheet, dtype=np.float32) / np.float32(255)


def _lift(forged: Pixels, blank: Pixels, rng: np.random.Generator, mm: float) -> NDArray[np.float32]:
    """(H, W) ink of the changed line in the card's own face, a hair off its row and a little softer."""
    ink = np.abs(forged[..., :3].astype(np.float32) - blank[..., :3]).max(axis=2) / 190
    dx, dy = (float(v) for v in rng.choice([-1, 1], 2) * rng.uniform(0.08, 0.22, 2) * mm)
    moved = cv2.warpAffine(np.clip(ink, 0, 1), np.array([[1, 0, dx], [0, 1, dy]]), (ink.shape[1], ink.shape[0]))
    return np.asarray(cv2.GaussianBlur(moved, (0, 0), 0.05 * mm), dtype=np.float32)


def changed(one: Pixels, other: Pixels) -> Window:
    """The box about all pixels that differ clearly."""
    differs = np.abs(one[..., :3].astype(np.int16) - other[..., :3]).max(axis=2) > 24
    rows, columns = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
    if not len(rows):
        return 0, 0, 1, 1
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
