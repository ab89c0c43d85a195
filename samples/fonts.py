"""The two faces an e-KTP comes close to, found by path; sizes are asked for in millimetres of cap height."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

from samples.errors import SampleError

OCR_A = Path("/usr/share/fonts/truetype/ocr-a/OCRA.ttf")
SANS = Path("/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf")
SANS_BOLD = Path("/usr/share/fonts/truetype/liberation/LiberationSans-Bold.ttf")
# Never on a card: what a forger's program offers.
SERIF = Path("/usr/share/fonts/truetype/liberation/LiberationSerif-Regular.ttf")
MONO = Path("/usr/share/fonts/truetype/liberation/LiberationMono-Bold.ttf")
_PACKAGE = {OCR_A: "fonts-ocr-a", SANS: "fonts-liberation", SANS_BOLD: "fonts-liberation"} | {
    SERIF: "fonts-liberation",
    MONO: "fonts-liberation",
}


@lru_cache(maxsize=64)
def font(path: Path, cap_height_px: float) -> ImageFont.FreeTypeFont:
    """The face at the size whose capital H is cap_height_px high.

    Raises:
        SampleError: the font file is not there; the message names the Debian package.
    """
    if not path.is_file():
        package = _PACKAGE.get(path, "fonts-liberation and fonts-ocr-a")
        raise SampleError(f"The font {path} is not installed. Install it: apt-get install {package}")
    probe = ImageFont.truetype(str(path), 1000)
    _, top, _, bottom = probe.getbbox("H", anchor="ls")
    return ImageFont.truetype(str(path), 1000 * cap_height_px / (bottom - top))


def ink_x(face: ImageFont.FreeTypeFont, text: str) -> tuple[int, int]:
    """First column with ink and the column after the last, from the text's origin.

    Pillow's getbbox counts the advance in, so it starts left of the ink and ends right of it.
    """
    mask, offset = face.getmask2(text, mode="L", anchor="ls")
    box = mask.getbbox() or (0, 0, 0, 0)
    return offset[0] + box[0], offset[0] + box[2]
