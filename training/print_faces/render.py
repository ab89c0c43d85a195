"""Render the shapes that print cues compare with: ``python -m training.print_faces.render``.

Two faces are lawful for a NIK (measured on 23 real prints): OCR-A, 2.6 mm high in cells of 2.28 mm, and bold Arial,
2.8 mm high, narrowed so that sixteen digits reach from 0.243 to 0.625 of the card's width. Values are set in an
Arial-like face, capitals 1.55 mm high. The others stand for what a forger's program offers. Fonts: Debian fonts-ocr-a
(OCR-A) and fonts-liberation (metric twins of Arial, Times and Courier; SIL Open Font License). Only rasters are kept.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from kyc_vision import layout
from kyc_vision.card.cues.shapes import ATLAS, ATLAS_PX_PER_MM, CELL_WH_MM, LETTERS, TILE_WH_PX
from samples.fonts import MONO, OCR_A, SANS, SANS_BOLD, SERIF, font, ink_x

#: Face → font, height of its digits in mm, whether it is narrowed to the measured width.
NIK_FACES: dict[str, tuple[Path, float, bool]] = {
    "ocr_a": (OCR_A, 2.6, False),
    "bold": (SANS_BOLD, 2.8, True),
    "sans": (SANS, 2.6, False),
    "serif": (SERIF, 2.5, False),
    "mono": (MONO, 2.5, False),
}
VALUE_FACES = {"sans": SANS, "serif": SERIF, "mono": MONO}
#: From the first digit's left edge to the last one's right edge, in bold.
BOLD_WIDTH_MM = (0.625 - 0.243) * layout.CARD_WH_MM[0]


def narrowed(path: Path, high_px: float) -> float:
    """By how much the bold face is narrowed for sixteen digits to fill their place."""
    left, right = ink_x(font(path, high_px), "0" * 16)
    return BOLD_WIDTH_MM * ATLAS_PX_PER_MM / (right - left)


def digits(path: Path, high_mm: float, narrow: bool) -> NDArray[np.uint8]:
    """(10, H, W) ink, 0–255, of the digits, each in the middle of its cell."""
    face = font(path, high_mm * ATLAS_PX_PER_MM)
    share = narrowed(path, high_mm * ATLAS_PX_PER_MM) if narrow else 1.0
    width, height = (round(side * ATLAS_PX_PER_MM) for side in CELL_WH_MM)
    cells = []
    for digit in "0123456789":
        sheet = Image.new("L", (round(width / share), height), 0)
        left, right = ink_x(face, digit)
        # In bold the advance is centred, as it is printed; each OCR-A digit's ink is centred in its cell.
        middle = face.getlength(digit) / 2 if narrow else (left + right) / 2
        at = (sheet.width / 2 - middle, (height + high_mm * ATLAS_PX_PER_MM) / 2)
        ImageDraw.Draw(sheet).text(at, digit, font=face, fill=255, anchor="ls")
        cells.append(np.asarray(sheet.resize((width, height), Image.Resampling.LANCZOS), dtype=np.uint8))
    return np.stack(cells)


def letters(path: Path) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """(N, H, W) ink of LETTERS, each in the middle of its tile, and (N, 3) advance, left and right end of ink, mm."""
    high = layout.CAP_HEIGHT_MM * ATLAS_PX_PER_MM
    face = font(path, high)
    width, height = TILE_WH_PX
    tiles, measures = [], []
    for letter in LETTERS:
        sheet = Image.new("L", (width, height), 0)
        left, right = ink_x(face, letter)
        at = (width / 2 - (left + right) / 2, (height + high) / 2)
        ImageDraw.Draw(sheet).text(at, letter, font=face, fill=255, anchor="ls")
        tiles.append(np.asarray(sheet, dtype=np.uint8))
        measures.append([face.getlength(letter), left, right])
    return np.stack(tiles), np.array(measures, dtype=np.float32) / np.float32(ATLAS_PX_PER_MM)


def main() -> None:
    """Write the atlas and say what the bold face's pitch is."""
    path, high_mm, _ = NIK_FACES["bold"]
    advance = font(path, high_mm * ATLAS_PX_PER_MM).getlength("0")
    print(f"pitch of the bold face: {advance * narrowed(path, high_mm * ATLAS_PX_PER_MM) / ATLAS_PX_PER_MM:.3f} mm")
    arrays: dict[str, NDArray[np.generic]] = {f"nik_{name}": digits(*face) for name, face in NIK_FACES.items()}
    for name, path in VALUE_FACES.items():
        arrays[f"value_{name}"], arrays[f"measures_{name}"] = letters(path)
    np.savez_compressed(ATLAS, allow_pickle=False, **arrays)
    print(f"{ATLAS}: {ATLAS.stat().st_size} bytes")


if __name__ == "__main__":
    main()
