"""Another's face before one's own: a rigid mask with eye holes, a square print, a face cut out inside its outline."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision.types import Box, Pixels
from samples import fraud
from samples.orders import Order, Picture
from samples.people import Photo

Float = NDArray[np.float32]


def cut_out_face(order: Order) -> Picture:
    """Somebody holds the card of another and that person's face, on a stick, on a sheet, or trimmed, before his own."""
    return fraud.cut_out_face(order, _mask_of)


def _mask_of(order: Order) -> fraud.Mask:
    makers: tuple[fraud.Mask, ...] = (rigid_mask, square_print, trimmed_face)
    return makers[int(order.rng.integers(len(makers)))]


def rigid_mask(photo: Photo, picture: Pixels, face: Box, rng: np.random.Generator) -> Pixels:
    """A printed face on card board or moulded, with eye holes, sometimes on a stick; the picture with it.

    Args:
        photo: whose face is printed.
        picture: (H, W, 3) uint8 RGB.
        face: of the wearer in it, px.
        rng: of size, position and light.
    """
    printed, to_picture = _laid(photo, picture, face, float(rng.uniform(1.05, 1.18)), rng)
    x, y, w, h = photo.face
    middle = (x + 0.5 * w, y + 0.5 * h)
    mask = _ellipse(picture, to_picture, middle, (0.45 * w, 0.53 * h))
    if rng.random() < 0.7:
        for side in (-1, 1):
            eye = (x + (0.5 + 0.19 * side) * w, y + 0.38 * h)
            mask *= 1.0 - _ellipse(picture, to_picture, eye, (0.08 * w, 0.045 * h))
    result = picture.astype(np.float32)
    if rng.random() < 0.5:
        foot = to_picture @ np.array([middle[0], y + 1.02 * h, 1.0])
        thick = max(3, round(0.05 * face[2]))
        end = (round(foot[0] + float(rng.uniform(-0.2, 0.2)) * face[2]), picture.shape[0])
        cv2.line(result, (round(foot[0]), round(foot[1])), end, (198.0, 166, 122), thick, cv2.LINE_AA)
    # Bowed about the upright axis: light falls off to one side, and a sheen runs down it.
    across = (np.arange(picture.shape[1], dtype=np.float32) - face[0] - face[2] / 2) / face[2]
    bright = float(rng.choice([-1, 1]))
    lit = 1 - 0.22 * across * bright - 0.25 * across**2
    sheen = float(rng.uniform(0, 45)) * np.exp(-(((across + 0.2 * bright) / 0.09) ** 2))
    printed = np.clip(printed * np.clip(lit, 0.4, 1.3)[None, :, None] + sheen[None, :, None], 0, 255)
    return _worn(result, printed, mask, face, float(rng.uniform(0.2, 0.45)))


def square_print(photo: Photo, picture: Pixels, face: Box, rng: np.random.Generator) -> Pixels:
    """A sheet with the whole head of somebody else held up before one's own, with a white rim or to the edge."""
    printed, to_picture = _laid(photo, picture, face, float(rng.uniform(1.15, 1.4)), rng)
    x, y, w, h = photo.face
    left, right = x - float(rng.uniform(0.15, 0.45)) * w, x + w * float(rng.uniform(1.15, 1.45))
    top, bottom = y - float(rng.uniform(0.2, 0.45)) * h, y + h * float(rng.uniform(1.1, 1.3))
    rim = 0.0 if rng.random() < 0.5 else 0.05 * w
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
    outer = corners + rim * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
    lean = rng.uniform(-0.03, 0.03, (4, 2)) * w
    ink, sheet = (_polygon(picture, to_picture, points + lean) for points in (corners, outer))
    printed = printed * ink[..., None] + 244.0 * (1 - ink[..., None])
    return _worn(picture.astype(np.float32), printed, sheet, face, float(rng.uniform(0.3, 0.5)))


def trimmed_face(photo: Photo, picture: Pixels, face: Box, rng: np.random.Generator) -> Pixels:
    """A face cut out inside its own outline, from brow to chin: no paper is seen around it, live hair above it."""
    printed, to_picture = _laid(photo, picture, face, float(rng.uniform(1.0, 1.12)), rng)
    x, y, w, h = photo.face
    turn = np.linspace(0, 2 * np.pi, 30, endpoint=False)
    wander = 1 + cv2.GaussianBlur(rng.normal(0, 0.04, (1, 30)), (0, 0), 1.2)[0]
    line = np.column_stack([0.43 * w * np.cos(turn), 0.40 * h * np.sin(turn)]) * wander[:, None]
    mask = _polygon(picture, to_picture, np.array([x + 0.5 * w, y + 0.60 * h]) + line)
    return _worn(picture.astype(np.float32), printed, mask, face, float(rng.uniform(0.1, 0.3)))


def _laid(
    photo: Photo, picture: Pixels, face: Box, size: float, rng: np.random.Generator
) -> tuple[Float, NDArray[np.float64]]:
    """The photograph as printed, over the whole picture, its face on the face; and the (2, 3) way there."""
    x, y, w, h = photo.face
    scale, turn = size * face[2] / w, np.radians(rng.uniform(-6, 6))
    cos, sin = scale * np.cos(turn), scale * np.sin(turn)
    matrix = np.array([[cos, -sin, 0.0], [sin, cos, 0.0]])
    target = np.array([face[0] + face[2] / 2, face[1] + face[3] / 2]) + rng.uniform(-0.04, 0.04, 2) * face[2]
    matrix[:, 2] = target - matrix[:, :2] @ np.array([x + w / 2, y + h / 2])
    # A photo print: its own white balance and contrast, a little less detail.
    tone = float(rng.uniform(0.8, 1.05))
    ink = (photo.pixels.astype(np.float32) - 118) * tone + float(rng.uniform(112, 134))
    ink = np.clip(ink * (1 + rng.uniform(-0.07, 0.07, 3)), 8, 248).astype(np.float32)
    wh = (picture.shape[1], picture.shape[0])
    shown = cv2.warpAffine(ink, matrix, wh, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REFLECT)
    return np.asarray(cv2.GaussianBlur(shown, (0, 0), float(rng.uniform(0.4, 1.4))), dtype=np.float32), matrix


def _worn(result: Float, printed: Float, mask: Float, face: Box, dark: float) -> Pixels:
    reach = 0.035 * face[2]
    cast = cv2.GaussianBlur(np.roll(mask, (round(reach), round(0.4 * reach)), (0, 1)), (0, 0), reach)
    behind = result * (1 - dark * cast[..., None])
    return np.clip(behind * (1 - mask[..., None]) + printed * mask[..., None], 0, 255).astype(np.uint8)


def _ellipse(
    picture: Pixels, to_picture: NDArray[np.float64], middle: tuple[float, float], half: tuple[float, float]
) -> Float:
    turn = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    return _polygon(picture, to_picture, np.column_stack([half[0] * np.cos(turn), half[1] * np.sin(turn)]) + middle)


def _polygon(picture: Pixels, to_picture: NDArray[np.float64], points: NDArray[np.floating]) -> Float:
    """(H, W) 0–1 inside a polygon given in px of the photograph."""
    mask = np.zeros(picture.shape[:2], np.uint8)
    line = points @ to_picture[:, :2].T + to_picture[:, 2]
    cv2.fillPoly(mask, [np.round(line * 16).astype(np.int32)], 255, cv2.LINE_AA, shift=4)
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), 0.7), dtype=np.float32) / np.float32(255)
