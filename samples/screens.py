"""Displays that show a card: a phone in the hand, a laptop on the table."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision.types import Pixels
from samples.ground import CARD_HEIGHT_MM, CARD_WIDTH_MM

Float = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Device:
    """A display that shows a card, in mm of the displayed card's own scale.

    Attributes:
        outline_mm: width and height of the body.
        radius_mm: of the body's corners.
        bezel_mm: rim between body and display.
        viewer: grey of the picture viewer around the card.
    """

    outline_mm: tuple[float, float]
    radius_mm: float
    bezel_mm: float
    viewer: int

    @property
    def margin_mm(self) -> tuple[float, float]:
        """What stands out beyond the card at left and right, and above and below."""
        return (self.outline_mm[0] - CARD_WIDTH_MM) / 2, (self.outline_mm[1] - CARD_HEIGHT_MM) / 2


# A 150 × 72 mm phone on its side shows the card 1.15 times as large as it is; a 340 × 222 mm laptop 3.2 times.
PHONE = Device((150 / 1.15, 72 / 1.15), 8.0, 2.2, 6)
MONITOR = Device((340 / 3.2, 222 / 3.2), 2.0, 2.4, 34)


def on_device(card: Pixels, device: Device, rng: np.random.Generator) -> Pixels:
    """(H, W, 4) uint8 RGBA of the device with the card on its display; the card keeps its px per mm."""
    mm = card.shape[1] / CARD_WIDTH_MM
    margin_x, margin_y = device.margin_mm
    mx, my = round(margin_x * mm), round(margin_y * mm)
    height, width = card.shape[0] + 2 * my, card.shape[1] + 2 * mx
    alpha = rounded((width, height), device.radius_mm * mm)
    sheet = np.full((height, width, 3), 18, np.float32)
    bezel = round(device.bezel_mm * mm)
    lit = sheet[bezel : height - bezel, bezel : width - bezel]
    lit[:] = device.viewer
    # The card was itself photographed on a table, which shows between it and the viewer's border.
    table = float(rng.uniform(70, 210)) * (1 + rng.uniform(0, 0.22) * np.array([0.3, 0.0, -0.6]))
    side, top = round(min(4.0, margin_x - device.bezel_mm) * mm), round(min(2.0, margin_y - device.bezel_mm) * mm)
    sheet[my - top : height - my + top, mx - side : width - mx + side] = table
    cover = card[..., 3:].astype(np.float32) / 255
    shown = card[..., :3].astype(np.float32)
    # A display glows: bluish white, lifted blacks, more contrast than print.
    shown = np.clip(12 + (shown - 128) * 1.12 + 126, 0, 255) * np.array([0.96, 1.0, 1.06], np.float32)
    view = sheet[my : height - my, mx : width - mx]
    view[:] = shown[: view.shape[0], : view.shape[1]] * cover + view * (1 - cover)
    reflections(sheet, rng)
    if device is PHONE:
        cv2.circle(sheet, (round((device.bezel_mm + 3) * mm), height // 2), round(1.5 * mm), (8, 8, 10), -1)
    return np.dstack([np.clip(sheet, 0, 255).astype(np.uint8), alpha])


def reflections(sheet: Float, rng: np.random.Generator) -> None:
    """A window's pale quadrilateral and the room's veil on the glass."""
    height, width = sheet.shape[:2]
    glass = np.zeros((90, 160), np.float32)
    x, lean = float(rng.uniform(10, 130)), float(rng.uniform(-30, 30))
    pane = np.array([[x, -5], [x + rng.uniform(14, 34), -5], [x + lean + rng.uniform(10, 40), 95], [x + lean, 95]])
    cv2.fillPoly(glass, [pane.astype(np.int32)], 1.0)
    glass = cv2.GaussianBlur(glass, (0, 0), float(rng.uniform(1.0, 5.0))) * float(rng.uniform(14, 50))
    sheet += cv2.resize(glass, (width, height))[..., None] + 6


def rounded(size_wh: tuple[int, int], radius: float) -> Pixels:
    """(H, W) alpha of a rectangle with rounded corners."""
    width, height = size_wh
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    dx = np.maximum(np.abs(x - (width - 1) / 2) - (width / 2 - radius), 0)
    dy = np.maximum(np.abs(y - (height - 1) / 2) - (height / 2 - radius), 0)
    return np.asarray(np.clip(radius - np.hypot(dx, dy) + 0.5, 0, 1) * 255, dtype=np.uint8)
