"""The faces: photographs with a measured face box, from the committed portraits or from a folder."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from kyc_vision.types import Box, Pixels
from samples.clothes import Clothes
from samples.errors import SampleError
from samples.identity import Sex

PORTRAITS = Path(__file__).parent / "portraits"
# Width of the card's portrait over the width of the face from ear to ear: crown to chin then takes about 70 % of
# its height, as pass photographs ask for.
_PORTRAIT_TO_FACE = 1.68
_PORTRAIT_RATIO = 20.1 / 24.9
RED, BLUE = (196, 44, 48), (36, 92, 186)


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """One photograph of one person.

    Attributes:
        id: of the photograph.
        person: id of who is shown.
        sex: for an identity that fits.
        pixels: (H, W, 3) uint8 RGB.
        face: (x, y, width, height) px, ear to ear and hairline to chin.
        matte: (H, W) uint8, 255 where the person is; None when nobody cut it out.
        clothes: worn instead of pale cloth; None leaves it.
    """

    id: str
    person: str
    sex: Sex
    pixels: Pixels
    face: Box
    matte: Pixels | None = None
    clothes: Clothes | None = None


def load(folder: Path = PORTRAITS) -> dict[str, Photo]:
    """The committed portraits by photo id.

    Raises:
        SampleError: portraits.toml or a picture it names is absent.
    """
    table = folder / "portraits.toml"
    if not table.is_file():
        raise SampleError(f"{table} is absent. Make the portraits: python -m samples portraits --archives DIR")
    photos = {}
    for photo_id, row in tomllib.loads(table.read_text(encoding="utf-8")).items():
        path = folder / row["file"]
        if not path.is_file():
            raise SampleError(f"{path} is absent. Make it again: python -m samples portraits --archives DIR")
        matte = path.with_suffix(".matte.png")
        photos[photo_id] = Photo(
            photo_id,
            row["person"],
            row["sex"],
            _rgb(path),
            tuple(row["face"]),
            np.asarray(Image.open(matte).convert("L"), dtype=np.uint8) if matte.is_file() else None,
        )
    return photos


def load_folder(folder: Path) -> dict[str, Photo]:
    """Photographs of a folder with an index.json (file, id, sex, box, alpha), e.g. the Face Research Lab London Set.

    Raises:
        SampleError: the folder or its index is absent.
    """
    index = folder / "index.json"
    if not index.is_file():
        raise SampleError(
            f"No index.json in {folder}: give --faces a folder of faces with boxes (see samples/README.md)"
        )
    photos = {}
    for row in json.loads(index.read_text(encoding="utf-8")):
        path = folder / Path(row["file"]).name
        if not path.is_file():
            continue
        pixels = _rgb(path)
        alpha = folder / Path(row.get("alpha", "-")).name
        matte = None
        if alpha.is_file():
            wh = (pixels.shape[1], pixels.shape[0])
            matte = np.asarray(Image.open(alpha).convert("L").resize(wh, Image.Resampling.BICUBIC), dtype=np.uint8)
        sex: Sex = "F" if row.get("sex") == "F" else "M"
        photos[path.stem] = Photo(path.stem, row["id"], sex, pixels, tuple(row["box"]), matte)
    return photos


def card_portrait(photo: Photo, backdrop: tuple[int, int, int] | None) -> Pixels:
    """Head and shoulders in the card portrait's ratio; on backdrop where the photograph has a matte."""
    x, y, w, h = photo.face
    width = _PORTRAIT_TO_FACE * w
    height = width / _PORTRAIT_RATIO
    left, top = x + w / 2 - width / 2, y + 0.46 * h - 0.47 * height
    pixels = photo.pixels
    if backdrop is not None and photo.matte is not None:
        alpha = photo.matte[..., None].astype(np.float32) / 255
        pixels = np.asarray(pixels * alpha + np.asarray(backdrop) * (1 - alpha), dtype=np.uint8)
    return _crop(pixels, left, top, width, height)


def _crop(pixels: Pixels, left: float, top: float, width: float, height: float) -> Pixels:
    """The box of the picture; its edge pixels are repeated where the box leaves it."""
    x0, y0, x1, y1 = round(left), round(top), round(left + width), round(top + height)
    pad = max(0, -x0, -y0, x1 - pixels.shape[1], y1 - pixels.shape[0])
    padded = cv2.copyMakeBorder(pixels, pad, pad, pad, pad, cv2.BORDER_REPLICATE)
    return np.asarray(padded[y0 + pad : y1 + pad, x0 + pad : x1 + pad], dtype=np.uint8)


def _rgb(path: Path) -> Pixels:
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"), dtype=np.uint8)
