"""What years in a wallet do to a card: scratches in the laminate, a dull haze, scuffed edges."""

from __future__ import annotations

import cv2
import numpy as np

from kyc_vision.types import Pixels
from samples.ground import CARD_WIDTH_MM


def worn(card: Pixels, amount: float, rng: np.random.Generator) -> Pixels:
    """The card after use.

    Args:
        card: (H, W, 4) uint8 RGBA.
        amount: 0 new to 1 worn; text stays readable.
        rng: of every scratch.
    """
    height, width = card.shape[:2]
    mm = width / CARD_WIDTH_MM
    scratches = np.zeros((height, width), dtype=np.uint8)
    for _ in range(round(26 * amount)):
        start = rng.uniform(0, 1, 2) * [width, height]
        length, angle = float(rng.exponential(9.0)) * mm, float(rng.uniform(0, np.pi))
        middle = start + 0.5 * length * np.array([np.cos(angle), np.sin(angle)]) + rng.normal(0, 0.5 * mm, 2)
        end = start + length * np.array([np.cos(angle), np.sin(angle)])
        line = np.round(np.array([start, middle, end]) * 16).astype(np.int32)
        tone = int(rng.uniform(30, 110))
        cv2.polylines(scratches, [line], False, tone, max(1, round(0.07 * mm)), cv2.LINE_AA, shift=4)
    haze = cv2.resize(rng.uniform(0, 1, (7, 11)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    edge = cv2.GaussianBlur(255 - card[..., 3], (0, 0), 0.7 * mm).astype(np.float32) / 255
    veil = np.asarray(scratches, np.float32) / 255 + amount * (0.10 * np.clip(haze, 0, 1) + 0.35 * edge)
    worn_out = card.copy()
    colour = card[..., :3].astype(np.float32)
    worn_out[..., :3] = np.clip(colour + (232 - colour) * np.clip(veil, 0, 0.6)[..., None], 0, 255).astype(np.uint8)
    return worn_out
