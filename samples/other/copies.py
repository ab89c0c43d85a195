"""Copies of a card by laser printer or on photo paper, cut round or straight, bare or in a laminating pouch."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision.types import Pixels
from samples.ground import CARD_WIDTH_MM
from samples.orders import Order, Picture, print_for
from samples.other.halftone import screened
from samples.screens import rounded

Float = NDArray[np.float32]
_FINE_PX_PER_MM = 18.0  # three px for the finest screen's line


def copy(order: Order, colour: bool) -> Picture:
    """The right person holds a copy: laser dots or photo paper, in a pouch or not, round or straight corners."""
    rng = order.rng
    probe, reference = order.pair()
    taken = order.take()
    glossy = bool(colour and rng.random() < 0.45)
    pouch = float(rng.uniform(2, 5)) if rng.random() < 0.4 else 0.0
    rim = 0.0 if pouch or rng.random() < 0.6 else float(rng.uniform(1, 7))
    stiff = bool(pouch) or rng.random() < 0.4
    spec = taken.spec
    shiny = glossy or pouch > 0
    spec = replace(
        spec,
        paper_mm=pouch + rim,
        bend_mm=float(rng.uniform(0, 0.5) if stiff else rng.uniform(0.5, 3)),
        glare=max(spec.glare, float(rng.uniform(0.1, 0.35))) if shiny else float(rng.uniform(0, 0.03)),
        spot=spec.spot if shiny else None,
        grip=None,
    )
    taken = replace(taken, spec=spec)
    identity = order.identity_of(reference)
    card = print_for(taken, identity, reference, order.seed)
    printed = photo_paper(card, rng) if glossy else laser(card, colour, rng)
    sheet = cut(printed, rim, bool(rng.random() < 0.5), rng)
    if pouch:
        sheet = laminated(sheet, pouch, rng)
    return Picture(order.hold(sheet, probe, spec), taken, probe, reference, identity)


def laser(card: Pixels, colour: bool, rng: np.random.Generator) -> Pixels:
    """(H, W, 3) uint8: scanned at 300 dpi and printed with clustered dots at 106 to 150 lines an inch."""
    mm = card.shape[1] / CARD_WIDTH_MM
    picture: NDArray[np.floating] = _on_white(card)
    if mm < _FINE_PX_PER_MM:
        size = (round(CARD_WIDTH_MM * _FINE_PX_PER_MM), round(card.shape[0] * _FINE_PX_PER_MM / mm))
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC), dtype=np.float32)
        mm = _FINE_PX_PER_MM
    picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.05 * mm))
    # The copier's own curve: pale tones are lifted a little, dark ones closed.
    pale = float(rng.uniform(0.9, 1.1))
    picture = 255 * np.clip((picture / 255 - 0.06) * 1.1 * pale, 0, 1)
    dots = screened(picture.astype(np.float32), mm, float(rng.uniform(106, 150)) / 25.4, colour)
    dots = np.asarray(cv2.GaussianBlur(dots, (0, 0), 0.02 * mm), dtype=np.float32)
    # Toner lies unevenly: faint streaks along the way of the paper.
    streaks = cv2.GaussianBlur(rng.normal(0, 1, (1, dots.shape[1])).astype(np.float32), (0, 0), 0.4 * mm)
    white = float(rng.uniform(236, 250)) / 255
    return np.asarray(np.clip(dots * white * (1 + 0.02 * streaks[..., None]), 0, 255), dtype=np.uint8)


def photo_paper(card: Pixels, rng: np.random.Generator) -> Pixels:
    """(H, W, 3) uint8: an exposed or dye print without dots: soft, rich, its white a little warm or cold."""
    mm = card.shape[1] / CARD_WIDTH_MM
    picture = cv2.GaussianBlur(_on_white(card), (0, 0), float(rng.uniform(0.04, 0.09)) * mm)
    grey = picture.mean(axis=2, keepdims=True)
    picture = grey + (picture - grey) * float(rng.uniform(1.0, 1.25))
    picture = 255 * (np.clip(picture, 0, 255) / 255) ** float(rng.uniform(0.9, 1.2)) * (1 + rng.uniform(-0.03, 0.03, 3))
    return np.asarray(np.clip(8 + picture * 0.96, 0, 255), dtype=np.uint8)


def cut(printed: Pixels, rim_mm: float, round_corners: bool, rng: np.random.Generator) -> Pixels:
    """(H, W, 4) uint8 RGBA: with rim_mm of white left, along a ruler, or round by a corner punch."""
    mm = printed.shape[1] / CARD_WIDTH_MM
    rim = round(rim_mm * mm)
    sheet = cv2.copyMakeBorder(printed, rim, rim, rim, rim, cv2.BORDER_CONSTANT, value=(246, 246, 243))
    height, width = sheet.shape[:2]
    radius = float(rng.uniform(2.6, 3.8)) if round_corners else float(rng.uniform(0.0, 0.3))
    return np.dstack([sheet, rounded((width, height), max(1.0, radius * mm))]).astype(np.uint8)


def laminated(sheet: Pixels, rim_mm: float, rng: np.random.Generator) -> Pixels:
    """(H, W, 4) uint8 RGBA: the sheet in a welded pouch whose clear rim shows what is behind."""
    mm = sheet.shape[1] / CARD_WIDTH_MM
    rim = round(rim_mm * mm)
    inner = cv2.copyMakeBorder(sheet, rim, rim, rim, rim, cv2.BORDER_CONSTANT, value=(0, 0, 0, 0)).astype(np.float32)
    height, width = inner.shape[:2]
    pouch = rounded((width, height), float(rng.uniform(2, 5)) * mm).astype(np.float32) / 255
    inside = inner[..., 3:] / 255
    veil = float(rng.uniform(0.14, 0.30))
    # Welded film is brightest where it ends and where it leaves the paper.
    ends = np.clip(pouch - cv2.erode(pouch, np.ones((3, 3)), iterations=max(1, round(0.15 * mm))), 0, 1)
    near = np.clip(cv2.GaussianBlur(inside[..., 0], (0, 0), 0.35 * mm), 0, 1)
    alpha = pouch * np.clip(veil + 0.45 * ends + 0.3 * near, 0, 1)
    alpha = np.maximum(alpha, inside[..., 0])[..., None]
    film = np.array([226.0, 230, 234], np.float32)
    colour = inner[..., :3] * inside + film * (1 - inside)
    colour = colour + 0.03 * (255 - colour)
    return np.dstack([np.clip(colour, 0, 255), 255 * alpha]).astype(np.uint8)


def _on_white(card: Pixels) -> Float:
    alpha = card[..., 3:].astype(np.float32) / 255
    return np.asarray(card[..., :3] * alpha + 250 * (1 - alpha), dtype=np.float32)
