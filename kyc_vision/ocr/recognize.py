"""One line of text → characters: PP-OCRv6's recogniser with its output cut to what an e-KTP prints."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kyc_vision.inference import OnnxModel
from kyc_vision.ocr import ctc
from kyc_vision.ocr.cut import line_size, straightened
from kyc_vision.types import Pixels, Quad, TextLine

#: The network's fixed input height; its width is free.
HEIGHT_PX = 48
MIN_WIDTH_PX, MAX_WIDTH_PX = 48, 1600


@dataclass(frozen=True, slots=True)
class TextRecognizer:
    """Reads lines whose place is known."""

    model: OnnxModel
    name: str = "ppocr"

    def recognize(self, pixels: Pixels, quad: Quad, squeeze: float = 1.0) -> TextLine:
        """Read the line inside a quad (TL, TR, BR, BL in reading direction) of RGB pixels.

        Args:
            pixels: (H, W, 3) uint8 RGB.
            quad: of the line.
            squeeze: the line is narrowed to this share of its width; the network's time is proportional to it.
        """
        line_w, line_h = line_size(quad)
        width = int(np.clip(round(HEIGHT_PX * squeeze * line_w / max(line_h, 1.0)), MIN_WIDTH_PX, MAX_WIDTH_PX))
        line = straightened(pixels, quad, (width, HEIGHT_PX))
        # Trained on BGR, scaled to −1…1.
        batch = line[:, :, ::-1].transpose(2, 0, 1)[None] / np.float32(127.5) - np.float32(1)
        lattice = np.asarray(self.model.run(np.ascontiguousarray(batch))[0][0], dtype=np.float32)
        text, confidences, _ = ctc.decode(lattice)
        return TextLine(
            text, confidences, tuple((float(x), float(y)) for x, y in quad), reader=self.name, lattice=lattice
        )
