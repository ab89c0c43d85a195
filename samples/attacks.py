"""Copies of a card on paper, and a paper face before the face."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision.types import Box, Pixels
from samples.ground import CARD_WIDTH_MM
from samples.people import Photo


def black_and_white_copy(card: Pixels, margin_mm: float, seed: int) -> Pixels:
    """A copier's print of the card on plain white paper with margin_mm of paper around it.

    Args:
        card: (H, W, 4) uint8 RGBA as printed.
        margin_mm: paper left around the card when it was cut out.
        seed: of toner and paper.

    Returns:
        (H + 2m, W + 2m, 4) uint8 RGBA; alpha is 255 everywhere but at the rough cut of the scissors.
    """
    rng = np.random.default_rng([seed, 0xB3])
    margin = round(margin_mm * card.shape[1] / CARD_WIDTH_MM)
    alpha = card[..., 3].astype(np.float32) / 255
    grey = card[..., :3].astype(np.float32) @ np.array([0.299, 0.587, 0.114], dtype=np.float32)
    # A copier's curve: the pale ground washes out, ink goes black; the lamp leaves a dark rim at the card's edge.
    toned = 255 / (1 + np.exp(-(grey - 138) / 30))
    toned = np.where(alpha > 0.5, toned, 250)
    sheet = cv2.copyMakeBorder(toned.astype(np.float32), margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=250)
    inside = cv2.copyMakeBorder(alpha, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=0)
    rim = np.abs(cv2.GaussianBlur(inside, (0, 0), 6) - inside)
    sheet = sheet - 110 * rim
    sheet = cv2.GaussianBlur(sheet, (0, 0), 1.6)
    toner = cv2.GaussianBlur(rng.normal(0, 1, sheet.shape).astype(np.float32), (0, 0), 1.3) * 3
    sheet = np.clip(sheet + toner * (7 + 0.06 * (255 - sheet)), 8, 246)
    paper = np.repeat(sheet[..., None], 3, axis=2)
    opaque = np.full((*sheet.shape, 1), 255.0)
    return np.concatenate([paper, opaque], axis=2).astype(np.uint8)


def colour_copy(card: Pixels, margin_mm: float, seed: int) -> Pixels:
    """An ink-jet's print of the card on plain paper: washed colours, banding, no micro lines.

    Args, returns: as black_and_white_copy. With margin_mm 0 the sheet is cut to the card, with square corners.
    """
    rng = np.random.default_rng([seed, 0xC0])
    mm = card.shape[1] / CARD_WIDTH_MM
    margin = round(margin_mm * mm)
    alpha = card[..., 3:].astype(np.float32) / 255
    picture: NDArray[np.floating] = card[..., :3].astype(np.float32) * alpha + 250 * (1 - alpha)
    # Scanned and printed again: softer, ink gain, a cast, less saturation.
    picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), float(rng.uniform(0.09, 0.16)) * mm))
    grey = picture.mean(axis=2, keepdims=True)
    picture = grey + (picture - grey) * float(rng.uniform(0.75, 1.15))
    picture = (
        255 * (np.clip(picture, 0, 255) / 255) ** float(rng.uniform(0.85, 1.25)) * (1 + rng.uniform(-0.07, 0.05, 3))
    )
    sheet = cv2.copyMakeBorder(picture, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=(248, 248, 246))
    height, width = sheet.shape[:2]
    bands = 1 + 0.022 * np.sin(np.arange(height) / (float(rng.uniform(0.5, 0.9)) * mm) + rng.uniform(0, 6))
    dots = cv2.GaussianBlur(rng.normal(0, 1, (height, width, 3)).astype(np.float32), (0, 0), max(0.6, 0.05 * mm))
    sheet = sheet * bands[:, None, None] + dots * (6 + 0.05 * (255 - sheet))
    fibre = cv2.GaussianBlur(rng.normal(0, 1, (height, width)).astype(np.float32), (0, 0), 0.3 * mm)
    sheet = np.clip(sheet + 14 * fibre[..., None], 6, 250)
    return np.dstack([sheet.astype(np.uint8), _scissors(width, height, mm, rng)])


def _scissors(width: int, height: int, mm: float, rng: np.random.Generator) -> Pixels:
    """(H, W) alpha of a sheet cut out by hand: its sides wander by a few tenths of a millimetre."""
    steps = np.linspace(0, 1, 7)[:-1]
    wander = np.abs(rng.normal(0, 0.16 * mm, (4, len(steps))))
    sides = (
        np.column_stack([steps * width, wander[0]]),
        np.column_stack([width - wander[1], steps * height]),
        np.column_stack([(1 - steps) * width, height - wander[2]]),
        np.column_stack([wander[3], (1 - steps) * height]),
    )
    mask = np.zeros((height, width), dtype=np.uint8)
    cv2.fillPoly(mask, [np.round(np.vstack(sides) * 16).astype(np.int32)], 255, cv2.LINE_AA, shift=4)
    return mask


def paper_face(photo: Photo, picture: Pixels, face: Box, rng: np.random.Generator) -> Pixels:
    """The picture with a printed face of somebody else held before the face in it.

    Args:
        photo: whose face was printed and cut out.
        picture: (H, W, 3) uint8 RGB.
        face: where the live face is in it, px.
        rng: of the cut, its position and the print.
    """
    x, y, w, h = photo.face
    size = float(rng.uniform(1.18, 1.32)) * face[2] / w
    turn = np.radians(rng.uniform(-7, 7))
    cos, sin = size * np.cos(turn), size * np.sin(turn)
    middle = np.array([x + w / 2, y + 0.47 * h])
    target = np.array([face[0] + face[2] / 2, face[1] + 0.46 * face[3]]) + rng.uniform(-0.04, 0.04, 2) * face[2]
    matrix = np.array([[cos, -sin, 0.0], [sin, cos, 0.0]])
    matrix[:, 2] = target - matrix[:, :2] @ middle
    wh = (picture.shape[1], picture.shape[0])
    # Printed: flatter, a cast, and no light of this room on it.
    flat = np.clip((photo.pixels.astype(np.float32) - 120) * 0.86 + 128, 0, 255) * (1 + rng.uniform(-0.06, 0.06, 3))
    printed = cv2.warpAffine(flat.astype(np.float32), matrix, wh, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REFLECT)
    outer = _cut_line(middle, (0.66 * w, 0.74 * h), rng)
    cut = np.zeros((2, wh[1], wh[0]), dtype=np.uint8)
    for layer, grow in ((0, 1.0), (1, float(rng.uniform(0.955, 0.985)))):
        line = (middle + (outer - middle) * grow) @ matrix[:, :2].T + matrix[:, 2]
        cv2.fillPoly(cut[layer], [np.round(line * 16).astype(np.int32)], 255, cv2.LINE_AA, shift=4)
    paper, ink = (c.astype(np.float32)[..., None] / 255 for c in cut)
    reach = 0.045 * face[2]
    shadow = cv2.GaussianBlur(np.roll(paper[..., 0], (round(reach), round(0.5 * reach)), (0, 1)), (0, 0), reach)
    result = picture * (1 - 0.45 * shadow[..., None])
    mask = 238.0 * (1 - ink) + printed * ink
    # A sheen over the sheet, brighter to one side.
    sheen = 1 + 0.10 * np.linspace(-1, 1, wh[0], dtype=np.float32)[None, :, None] * float(rng.choice([-1, 1]))
    return np.clip(result * (1 - paper) + mask * sheen * paper, 0, 255).astype(np.uint8)


def _cut_line(
    middle: NDArray[np.floating], half: tuple[float, float], rng: np.random.Generator
) -> NDArray[np.floating]:
    """(24, 2) px polygon about a face: an ellipse, cut by hand."""
    turn = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    wander = 1 + rng.normal(0, 0.018, 24)
    return np.asarray(middle + np.column_stack([half[0] * np.cos(turn), half[1] * np.sin(turn)]) * wander[:, None])
