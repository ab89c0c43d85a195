"""What is on a display around the shown picture: a phone's viewer with its bars, a desktop with windows."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image, ImageDraw

from kyc_vision.types import Pixels
from samples.fonts import SANS, font

Colour = tuple[int, int, int]
_CAPTIONS = ("IMG_2041.jpg", "WhatsApp Image", "Galeri", "scan_0003.png", "foto ktp", "Today 19:22")


def phone_viewer(picture: Pixels, screen_wh: tuple[int, int], rng: np.random.Generator) -> Pixels:
    """(H, W, 3) uint8: the picture in the middle of a gallery's page, bright or dark, with or without its bars.

    Args:
        picture: in display px, already of its shown size; what does not fit is cut off evenly.
        screen_wh: display px.
        rng: of theme and bars.
    """
    bright, bars = rng.random() < 0.5, rng.random() < 0.65
    ground, ink = ((250, 250, 252), (40, 40, 44)) if bright else ((4, 4, 6), (220, 220, 222))
    canvas = np.full((screen_wh[1], screen_wh[0], 3), ground, np.uint8)
    if not bars:
        lay(canvas, picture)
        return canvas
    unit = max(6, min(screen_wh) // 26)
    sheet = Image.fromarray(canvas)
    draw = ImageDraw.Draw(sheet, "RGBA")
    draw.rectangle((0, 0, screen_wh[0], round(2.6 * unit)), fill=(*ground, 255))
    clock = f"{int(rng.integers(0, 24)):02d}:{int(rng.integers(0, 60)):02d}"
    draw.text((1.2 * unit, 1.3 * unit), clock, font=font(SANS, 0.62 * unit), fill=ink, anchor="ls")
    for k in range(3):
        x = screen_wh[0] - (1.6 + 1.2 * k) * unit
        draw.rounded_rectangle((x, 0.55 * unit, x + 0.8 * unit, 1.25 * unit), 0.15 * unit, fill=ink)
    draw.text((3 * unit, 2.4 * unit), _caption(rng), font=font(SANS, 0.55 * unit), fill=ink, anchor="ls")
    foot = screen_wh[1] - round(2.8 * unit)
    draw.rectangle((0, foot, screen_wh[0], screen_wh[1]), fill=(*ground, 235))
    for k in range(4):
        x, y = (k + 0.5) / 4 * screen_wh[0], foot + 1.2 * unit
        draw.ellipse((x - 0.5 * unit, y - 0.5 * unit, x + 0.5 * unit, y + 0.5 * unit), outline=ink, width=unit // 8 + 1)
    result = np.array(sheet, dtype=np.uint8)
    lay(result, picture)  # last: where the page is full, the bars are hidden
    return result


def desktop(picture: Pixels, screen_wh: tuple[int, int], rng: np.random.Generator) -> Pixels:
    """(H, W, 3) uint8: the picture in a window before a wallpaper, with a taskbar and other windows behind."""
    width, height = screen_wh
    y, x = np.mgrid[0:1:90j, 0:1:160j]
    tone = rng.uniform(30, 190, (3, 1)) + rng.uniform(-35, 35, (3, 3))
    small = tone[0] + (tone[1] - tone[0]) * x[..., None] + (tone[2] - tone[0]) * (y**2)[..., None]
    canvas = cv2.resize(np.clip(small, 0, 255).astype(np.uint8), screen_wh, interpolation=cv2.INTER_LINEAR)
    sheet = Image.fromarray(np.asarray(canvas, dtype=np.uint8))
    draw = ImageDraw.Draw(sheet)
    unit = max(8, height // 64)
    for _ in range(int(rng.integers(0, 3))):
        left, top = float(rng.uniform(-0.1, 0.6)) * width, float(rng.uniform(0, 0.5)) * height
        _window(draw, (left, top, left + 0.5 * width, top + 0.5 * height), unit, rng)
        for line in range(9):
            at = top + (2.5 + 1.5 * line) * unit
            draw.rectangle(
                (left + unit, at, left + float(rng.uniform(0.1, 0.45)) * width, at + 0.5 * unit), fill="#8a8a92"
            )
    shown_h, shown_w = min(picture.shape[0], height), min(picture.shape[1], width)
    rim = float(rng.uniform(0.5, 3.0)) * unit
    left, top = (width - shown_w) / 2 - rim, (height - shown_h) / 2 - rim - 1.6 * unit
    _window(draw, (left, top, left + shown_w + 2 * rim, top + shown_h + 2 * rim + 1.6 * unit), unit, rng)
    bar = height - round(2.6 * unit)
    draw.rectangle((0, bar, width, height), fill=_grey(rng, 20, 60) if rng.random() < 0.6 else _grey(rng, 215, 240))
    for k in range(int(rng.integers(4, 9))):
        at = width * 0.36 + 2.4 * unit * k
        colour = tuple(int(v) for v in rng.uniform(30, 240, 3))
        draw.rounded_rectangle((at, bar + 0.6 * unit, at + 1.4 * unit, bar + 2.0 * unit), unit // 4, fill=colour)
    result = np.array(sheet, dtype=np.uint8)
    lay(result, picture)
    return result


def lay(canvas: Pixels, picture: Pixels) -> None:
    """The picture into the middle of the canvas; the middles of both agree to the pixel centre where sizes allow."""
    height, width = canvas.shape[:2]
    h, w = min(height, picture.shape[0]), min(width, picture.shape[1])
    top, left = (height - h) // 2, (width - w) // 2
    cut_y, cut_x = (picture.shape[0] - h) // 2, (picture.shape[1] - w) // 2
    canvas[top : top + h, left : left + w] = picture[cut_y : cut_y + h, cut_x : cut_x + w]


def _window(
    draw: ImageDraw.ImageDraw, box: tuple[float, float, float, float], unit: int, rng: np.random.Generator
) -> None:
    left, top, right, _ = box
    dark = rng.random() < 0.4
    draw.rounded_rectangle(box, unit // 3, fill=(34, 35, 38) if dark else (245, 245, 246))
    ink = (210, 210, 214) if dark else (60, 60, 64)
    draw.text((left + unit, top + 1.15 * unit), _caption(rng), font=font(SANS, 0.6 * unit), fill=ink, anchor="ls")
    for k in range(3):
        x = right - (1.3 + 1.8 * k) * unit
        draw.rectangle((x, top + 0.55 * unit, x + 0.6 * unit, top + 1.15 * unit), outline=ink)


def _caption(rng: np.random.Generator) -> str:
    return _CAPTIONS[int(rng.integers(len(_CAPTIONS)))]


def _grey(rng: np.random.Generator, low: float, high: float) -> Colour:
    value = int(rng.uniform(low, high))
    return value, value, min(255, value + 3)
