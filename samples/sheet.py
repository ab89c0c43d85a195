"""`python -m samples sheet`: one picture that shows every kind at every difficulty it is drawn at."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageOps

from samples.dataset import Plan, order_for
from samples.difficulty import LEVELS
from samples.errors import SampleError
from samples.fonts import SANS, font
from samples.jpeg import SPECIMEN
from samples.kinds import KINDS
from samples.phones import save_as_phone
from samples.recipes import render

_TILE_WH = (210, 280)
_CAPTION = 20
_COLUMNS = 9
_MAX_BYTES = 1_100_000
_MEGAPIXELS = 1.5


@dataclass(frozen=True, slots=True)
class Folders:
    """Where faces, panoramas and modelled hands are; None for the packaged portraits, drawn rooms and drawn hands."""

    faces: Path | None = None
    backgrounds: Path | None = None
    hands: Path | None = None


def contact_sheet(seed: int, folders: Folders, kinds: Sequence[str], out: Path) -> Iterator[int]:
    """Make the pictures and write the sheet; yields how many are made.

    Args:
        seed: of the first picture; every other has the next one.
        folders: what they are made of.
        kinds: which kinds, in this order.
        out: a .jpg.

    Raises:
        SampleError: faces or fonts are absent, or the sheet does not fit its size limit.
    """
    pairs = [(kind, level) for kind in kinds for level in LEVELS if level in KINDS[kind].difficulties]
    lines = -(-len(pairs) // _COLUMNS)
    width, height = _TILE_WH[0], _TILE_WH[1] + _CAPTION
    sheet = Image.new("RGB", (_COLUMNS * width, lines * height), (24, 24, 26))
    draw = ImageDraw.Draw(sheet)
    for place, (kind, level) in enumerate(pairs):
        x, y = place % _COLUMNS * width, place // _COLUMNS * height
        mix = ((kind, 1.0),)
        plan = Plan(1, seed + place, folders.faces, mix, _MEGAPIXELS, level, folders.backgrounds, folders.hands)
        picture = render(order_for(plan, 0))
        sheet.paste(_tile(save_as_phone(picture.scene.pixels, picture.draw.quality)), (x, y + _CAPTION))
        draw.text((x + 4, y + 14), f"{kind} · {level}", font=font(SANS, 8.5), fill="white", anchor="ls")
        yield place + 1
    out.write_bytes(_fit(sheet))


def _tile(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as picture:
        shown = picture.convert("RGB")
    return ImageOps.pad(shown, (_TILE_WH[0] - 4, _TILE_WH[1] - 4), color=(24, 24, 26))


def _fit(sheet: Image.Image) -> bytes:
    for quality in range(88, 40, -4):
        buffer = io.BytesIO()
        sheet.save(buffer, "JPEG", quality=quality, optimize=True, comment=SPECIMEN.encode())
        if buffer.tell() < _MAX_BYTES:
            return buffer.getvalue()
    raise SampleError(f"The sheet of {np.prod(sheet.size)} pixels does not fit {_MAX_BYTES} bytes: ask for fewer kinds")
