"""Our networks, as exported: what they said of drawn lines when they were written (training/ctc/export.py)."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from rapidfuzz.distance import Levenshtein

from kyc_vision.inference import OnnxModel
from kyc_vision.ocr import ctc
from kyc_vision.ocr.cut import HEIGHT_PX, cut_line, line_width_px
from kyc_vision.ocr.lattice import number_lattice
from kyc_vision.ocr.line_reader import LineReader, RowReader
from kyc_vision.weights import MODELS, verified_path

pytestmark = pytest.mark.weights


def reference(name: str) -> list[tuple[str, np.ndarray, np.ndarray]]:
    with np.load(MODELS / f"{name}_reference.npz") as stored:
        count = len(stored["texts"])
        return [(str(stored["texts"][i]), stored[f"line_{i}"], stored[f"said_{i}"]) for i in range(count)]


def whole(line: np.ndarray) -> np.ndarray:
    """A quad that cuts a line as it is: the cut keeps its size."""
    h, w = line.shape[:2]
    return np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32)


@pytest.mark.parametrize("name", ["nik_reader", "row_reader"])
def test_the_network_says_what_it_said_when_it_was_exported(name):
    model = OnnxModel(Path(verified_path(name)))
    for _, line, said in reference(name):
        batch = np.ascontiguousarray(line.transpose(2, 0, 1)[None].astype(np.float32) / 255)
        assert model.run(batch)[0][0] == pytest.approx(said.astype(np.float32), abs=4e-3)  # stored in 16 bits


def test_most_of_those_lines_are_read_right():
    niks = [
        (text, number_lattice(said.astype(np.float32), "0123456789", len(text)))
        for text, _, said in reference("nik_reader")
    ]
    right = sum("".join(map(str, found.posteriors.argmax(axis=1))) == text for text, found in niks)
    assert right >= len(niks) - 1
    rows = [(text, ctc.decode(said.astype(np.float32))[0]) for text, _, said in reference("row_reader")]
    # Some are blurred beyond reading: one letter in seven may be wrong.
    wrong = sum(Levenshtein.distance(text, read) for text, read in rows)
    assert wrong <= sum(len(text) for text, _ in rows) / 7


def test_a_cut_keeps_the_lines_proportions():
    pixels = np.zeros((100, 600, 3), np.uint8)
    assert cut_line(pixels, whole(pixels)).shape == (HEIGHT_PX, line_width_px(600, 100), 3)
    assert line_width_px(10, 3.2) % 4 == 0
    assert line_width_px(1000, 3.2) == 800
    assert line_width_px(0.1, 3.2) == 48


def test_a_line_is_read_where_the_quad_says():
    text, line, _ = next(row for row in reference("row_reader") if len(row[0]) > 4)
    picture = np.full((200, 900, 3), 200, np.uint8)
    # The cut widens lines by a third; shown unwidened, it is cut to what it was.
    h, w = line.shape[:2]
    shown = cv2.resize(line, (round(w / 1.33), h), interpolation=cv2.INTER_AREA)
    picture[100 : 100 + h, 50 : 50 + shown.shape[1]] = shown
    quad = whole(shown) + np.array([50, 100], np.float32)
    read = RowReader(LineReader(OnnxModel(verified_path("row_reader")))).recognize(picture, quad)
    assert read.reader == "rows"
    assert read.lattice is not None
    assert len(read.text) >= len(text) - 2
