"""`python -m samples sheet`: one picture that shows every kind at every difficulty of a made set."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageOps

from samples.difficulty import LEVELS
from samples.errors import SampleError
from samples.fonts import SANS, font
from samples.jpeg import SPECIMEN
from samples.kinds import KINDS

_TILE_WH = (210, 280)
_CAPTION = 20
_COLUMNS = 9
_MAX_BYTES = 900_000


def contact_sheet(labels: Path, out: Path) -> int:
    """Write the sheet; returns the number of pictures on it.

    Raises:
        SampleError: there are no labels, or the sheet does not fit its size limit.
    """
    if not labels.is_file():
        raise SampleError(f"{labels} is absent. Make a set first: python -m samples make --out {labels.parent}")
    rows = [json.loads(line) for line in labels.read_text(encoding="utf-8").splitlines()]
    chosen = _first_of_each(rows)
    lines = -(-len(chosen) // _COLUMNS)
    width, height = _TILE_WH[0], _TILE_WH[1] + _CAPTION
    sheet = Image.new("RGB", (_COLUMNS * width, lines * height), (24, 24, 26))
    draw = ImageDraw.Draw(sheet)
    for place, row in enumerate(chosen):
        x, y = place % _COLUMNS * width, place // _COLUMNS * height
        sheet.paste(_tile(labels.parent / row["file"]), (x, y + _CAPTION))
        draw.text(
            (x + 4, y + 14), f"{row['kind']} · {row['difficulty']}", font=font(SANS, 8.5), fill="white", anchor="ls"
        )
    out.write_bytes(_fit(sheet))
    return len(chosen)


def _first_of_each(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first picture of every kind and difficulty, in the registry's order."""
    found = {(row["kind"], row["difficulty"]): row for row in reversed(rows)}
    order = [(kind, level) for kind in KINDS for level in LEVELS]
    return [found[pair] for pair in order if pair in found]


def _tile(path: Path) -> Image.Image:
    with Image.open(path) as picture:
        picture.draft("RGB", (3 * _TILE_WH[0], 3 * _TILE_WH[1]))
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    return ImageOps.pad(upright, (_TILE_WH[0] - 4, _TILE_WH[1] - 4), color=(24, 24, 26))


def _fit(sheet: Image.Image) -> bytes:
    for quality in range(88, 40, -4):
        buffer = io.BytesIO()
        sheet.save(buffer, "JPEG", quality=quality, optimize=True, comment=SPECIMEN.encode())
        if buffer.tell() < _MAX_BYTES:
            return buffer.getvalue()
    raise SampleError(f"The sheet of {np.prod(sheet.size)} pixels does not fit {_MAX_BYTES} bytes: make a smaller set")
