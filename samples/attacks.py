"""What people hold up instead of a genuine card."""

from __future__ import annotations

import cv2
import numpy as np

from kyc_vision.types import Pixels
from samples.ground import CARD_WIDTH_MM


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
