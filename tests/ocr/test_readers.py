"""Two readers of one line: who is asked, and whose text stands."""

from dataclasses import dataclass, field

import numpy as np

from kyc_vision.ocr import ctc
from kyc_vision.ocr.readers import SQUEEZE, SURE, TwoReaders, settled
from kyc_vision.types import Pixels, Quad, TextLine
from tests.ocr.written import written

PIXELS = np.zeros((20, 90, 3), np.uint8)
QUAD = np.array([[0, 0], [90, 0], [90, 20], [0, 20]], np.float32)


def line(text: str, sure: float = 0.99, reader: str = "rows", instead: dict[int, str] | None = None) -> TextLine:
    lattice = written(text, sure, instead)
    said, confidences, _ = ctc.decode(lattice)
    return TextLine(said, confidences, ((0, 0), (90, 0), (90, 20), (0, 20)), reader=reader, lattice=lattice)


@dataclass
class Scripted:
    """Says what it was told to, and how often it was asked."""

    says: TextLine
    squeezes: list[float] = field(default_factory=list)

    def recognize(self, pixels: Pixels, quad: Quad, squeeze: float = 1.0) -> TextLine:  # noqa: ARG002
        self.squeezes.append(squeeze)
        return self.says


def test_a_sure_reader_is_enough():
    other = Scripted(line("BUDU", reader="ppocr"))
    read = TwoReaders(Scripted(line("BUDI", 0.999)), other).recognize(PIXELS, QUAD)
    assert (read.text, read.other, other.squeezes) == ("BUDI", None, [])


def test_an_unsure_one_is_not_and_where_both_are_wanted_both_are_asked():
    for sure, both in ((SURE - 0.1, False), (0.9999, True)):
        other = Scripted(line("BUDI", reader="ppocr"))
        read = TwoReaders(Scripted(line("BUDI", sure)), other).recognize(PIXELS, QUAD, both)
        assert (read.text, read.reader, read.other) == ("BUDI", "rows", ("ppocr", "BUDI"))
        assert other.squeezes == [SQUEEZE]


def test_an_empty_line_asks_the_other_reader():
    read = TwoReaders(Scripted(line("")), Scripted(line("WNI", reader="ppocr"))).recognize(PIXELS, QUAD)
    assert (read.text, read.reader, read.other) == ("WNI", "ppocr", ("rows", ""))


def test_the_likelier_text_by_both_stands_and_the_other_is_kept():
    doubtful = line("BUDU", 0.52, instead={3: "I"})
    clear = line("BUDI", 0.999, reader="ppocr")
    assert settled(doubtful, clear).text == "BUDI"
    assert settled(doubtful, clear).other == ("rows", "BUDU")
    assert settled(line("BUDU", 0.999), line("BUDI", 0.52, "ppocr", {3: "U"})).text == "BUDU"


def test_the_lattice_stays_our_own():
    """Closed vocabularies are asked of the reader that knows the print."""
    doubtful, clear = line("BUDU", 0.52, instead={3: "I"}), line("BUDI", 0.999, reader="ppocr")
    assert settled(doubtful, clear).lattice is doubtful.lattice
