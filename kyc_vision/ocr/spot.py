"""Find and read text: detector and recogniser behind one name."""

from __future__ import annotations

from dataclasses import dataclass

from kyc_vision.ocr.detect import TextDetector
from kyc_vision.ocr.recognize import TextRecognizer
from kyc_vision.types import Pixels, Quad, TextLine


@dataclass(frozen=True, slots=True)
class TextSpotter:
    """PP-OCRv6, its detector and its recogniser."""

    detector: TextDetector
    recognizer: TextRecognizer

    def detect(self, pixels: Pixels) -> list[Quad]:
        """The lines of text in RGB pixels: TL, TR, BR, BL in reading direction."""
        return self.detector.detect(pixels)

    def recognize(self, pixels: Pixels, quad: Quad, squeeze: float = 1.0) -> TextLine:
        """The text of one line, narrowed to a share of its width."""
        return self.recognizer.recognize(pixels, quad, squeeze)
