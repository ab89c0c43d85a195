"""Make the committed portraits again from the packages' unpacked archives, as portraits.toml says."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from kyc_vision.types import Pixels
from samples.cutout import cut_out
from samples.errors import SampleError
from samples.people import PORTRAITS

_QUALITY = 80  # keeps each below 120 kB


def make_portraits(archives: Path, out: Path = PORTRAITS) -> Iterator[str]:
    """Crop, scale and cut out every portrait of portraits.toml; yields a line for each.

    Args:
        archives: folder under which the archives are unpacked, each in a folder of its own.
        out: where the JPEGs and mattes go.

    Raises:
        SampleError: an original is not under archives, or has another SHA-256 than portraits.toml says.
    """
    rows = tomllib.loads((PORTRAITS / "portraits.toml").read_text(encoding="utf-8"))
    out.mkdir(parents=True, exist_ok=True)
    for photo_id, row in rows.items():
        original = _original(archives, row["path_in_archive"], row["sha256"])
        with Image.open(original) as opened:
            picture = opened.convert("RGB").crop(tuple(row["crop"]))
        picture = picture.resize(tuple(row["size"]), Image.Resampling.LANCZOS)
        target = out / row["file"]
        matte = cut_out(np.asarray(picture, dtype=np.uint8), np.asarray(row["outline"], dtype=float), row["band_px"])
        if "bystander" in row:
            picture = _hide(picture, matte, row["bystander"])
        picture.save(target, "JPEG", quality=_QUALITY, optimize=True, comment=row["credit"].encode())
        Image.fromarray(matte).save(target.with_suffix(".matte.png"), optimize=True)
        yield f"{photo_id}: {target} {target.stat().st_size // 1000} kB"


def _hide(picture: Image.Image, matte: Pixels, box: list[int]) -> Image.Image:
    """Blur the background inside box (left, top, right, bottom), so that only the named person can be seen."""
    left, top, right, bottom = box
    soft = cv2.GaussianBlur(np.asarray(picture), (0, 0), 28)
    inside = np.zeros(matte.shape, dtype=np.float32)
    inside[top:bottom, left:right] = 1
    where = (cv2.GaussianBlur(inside, (0, 0), 6) * (matte < 40))[..., None]
    mixed = np.asarray(picture) * (1 - where) + soft * where
    return Image.fromarray(mixed.astype(np.uint8))


def _original(archives: Path, path_in_archive: str, sha256: str) -> Path:
    found = [path for path in sorted(archives.rglob(Path(path_in_archive).name)) if str(path).endswith(path_in_archive)]
    for path in found:
        if hashlib.sha256(path.read_bytes()).hexdigest() == sha256:
            return path
    if found:
        raise SampleError(f"{found[0]} is another file than portraits.toml names: its SHA-256 differs")
    raise SampleError(f"No {path_in_archive} under {archives}: unpack the archive that portraits.toml names there")
