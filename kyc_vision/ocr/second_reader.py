"""Tesseract as the independent second reader of name and date lines.

It reads Arial-like lines well and the NIK's OCR-A hardly ever (2 of 23 real prints), so the NIK never asks it.
pytesseract hands the line to the program by a temporary file, which it deletes: only that one line, never the
picture.
"""

from __future__ import annotations

import importlib
import importlib.util
import shutil
from functools import cache
from typing import Any

import cv2
import numpy as np

from kyc_vision.types import Pixels

#: One line; tesseract is at its best when capitals are about 30 px high.
_CONFIG = "--psm 7"
_LINE_HEIGHT_PX = 60
_TIMEOUT_S = 5


class Tesseract:
    """Tesseract by pytesseract; says when it is missing."""

    name = "tesseract"

    def missing(self) -> str:
        """Why it cannot run here; empty when it can."""
        return _missing()

    def read(self, pixels: Pixels) -> str:
        """The text of one line of RGB pixels; empty when the program gives up."""
        pytesseract: Any = importlib.import_module("pytesseract")
        scale = _LINE_HEIGHT_PX / pixels.shape[0]
        line = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        framed = cv2.copyMakeBorder(line, 10, 10, 10, 10, cv2.BORDER_REPLICATE)
        try:
            text = pytesseract.image_to_string(np.asarray(framed), lang=_language(), config=_CONFIG, timeout=_TIMEOUT_S)
        except (RuntimeError, pytesseract.TesseractError):  # RuntimeError is its time-out
            return ""
        return str(text).strip()


@cache
def _missing() -> str:
    if importlib.util.find_spec("pytesseract") is None:
        return "pytesseract is not installed"
    if shutil.which("tesseract") is None:
        return "the program tesseract is not installed"
    return ""


@cache
def _language() -> str:
    pytesseract: Any = importlib.import_module("pytesseract")
    return "ind" if "ind" in pytesseract.get_languages() else "eng"
