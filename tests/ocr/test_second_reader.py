"""Tesseract itself, on a line drawn as a card prints it."""

import shutil

import cv2
import numpy as np
import pytest

from kyc_vision.ocr import second_reader
from kyc_vision.ocr.second_reader import Tesseract

pytestmark = pytest.mark.weights


@pytest.fixture(autouse=True)
def _fresh():
    second_reader._missing.cache_clear()
    yield
    second_reader._missing.cache_clear()


def line(text: str) -> np.ndarray:
    pixels = np.full((34, 420, 3), (190, 215, 240), dtype=np.uint8)
    cv2.putText(pixels, text, (8, 25), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (30, 30, 40), 2, cv2.LINE_AA)
    return cv2.resize(pixels, (340, 28), interpolation=cv2.INTER_AREA)


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="the program tesseract is not installed")
def test_it_reads_a_line_of_capitals():
    assert Tesseract().missing() == ""
    assert Tesseract().read(line("BUDI SANTOSO")).replace(" ", "") == "BUDISANTOSO"


def test_without_the_program_it_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert Tesseract().missing() == "the program tesseract is not installed"
