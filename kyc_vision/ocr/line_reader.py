"""Our own networks for cut lines: one reads rows, one the NIK. Both saw nothing but an e-KTP's print."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kyc_vision.inference import OnnxModel
from kyc_vision.ocr import ctc
from kyc_vision.ocr.ctc import Lattice
from kyc_vision.ocr.cut import cut_line
from kyc_vision.types import Pixels, Quad, TextLine


@dataclass(frozen=True, slots=True)
class LineReader:
    """A network of training/ctc, whatever it was taught."""

    model: OnnxModel

    def lattice(self, pixels: Pixels, quad: Quad) -> Lattice:
        """(T, classes) probabilities over the columns of the line inside a quad of RGB pixels; rows sum to 1."""
        line = cut_line(pixels, quad)
        batch = line.transpose(2, 0, 1)[None].astype(np.float32) / np.float32(255)
        return np.asarray(self.model.run(np.ascontiguousarray(batch))[0][0], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class RowReader:
    """Reads rows: values, header and the place and date of issue."""

    network: LineReader
    name: str = "rows"

    def recognize(self, pixels: Pixels, quad: Quad) -> TextLine:
        """The text in the line inside a quad (TL, TR, BR, BL in reading direction) of RGB pixels."""
        lattice = self.network.lattice(pixels, quad)
        text, confidences, _ = ctc.decode(lattice)
        return TextLine(
            text, confidences, tuple((float(x), float(y)) for x, y in quad), reader=self.name, lattice=lattice
        )
