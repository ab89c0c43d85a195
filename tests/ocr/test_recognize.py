import numpy as np
import pytest

from kyc_vision.ocr.ctc import CHARSET
from kyc_vision.ocr.recognize import TextRecognizer


class Network:
    """Reads AB whatever it sees, and remembers what that was."""

    def __init__(self) -> None:
        self.batch = np.zeros(0)

    def run(self, batch: np.ndarray) -> list[np.ndarray]:
        self.batch = batch
        answer = np.zeros((1, 3, 1 + len(CHARSET)), dtype=np.float32)
        answer[0, 0, 1 + CHARSET.index("A")] = answer[0, 2, 1 + CHARSET.index("B")] = 0.75
        answer[0, 1, 0] = 0.9
        return [answer]


def quad(left: float, top: float, right: float, bottom: float) -> np.ndarray:
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], dtype=np.float32)


def test_a_line_is_brought_to_the_networks_height_and_keeps_its_proportions():
    network = Network()
    line = TextRecognizer(network).recognize(np.full((100, 300, 3), 255, np.uint8), quad(20, 30, 220, 50))
    assert network.batch.shape == (1, 3, 48, 480)
    assert (line.text, line.confidences) == ("AB", (0.75, 0.75))
    assert line.quad == ((20, 30), (220, 30), (220, 50), (20, 50))


def test_a_speck_is_widened_and_a_thread_is_cut_to_what_the_network_takes():
    network = Network()
    for right, width in ((24, 48), (4000, 1600)):
        TextRecognizer(network).recognize(np.zeros((100, 4200, 3), np.uint8), quad(20, 30, right, 50))
        assert network.batch.shape[3] == width


def test_the_line_is_turned_the_way_its_quad_says():
    network = Network()
    pixels = np.zeros((60, 240, 3), np.uint8)
    pixels[:, 120:] = (255, 0, 0)  # the right half is red
    upside_down = quad(0, 0, 239, 59)[[2, 3, 0, 1]]
    TextRecognizer(network).recognize(pixels, upside_down)
    left, right = network.batch[0, 2, :, 10], network.batch[0, 2, :, -10]  # BGR: the last channel is red
    assert left.mean() == pytest.approx(1, abs=0.01)
    assert right.mean() == pytest.approx(-1, abs=0.01)
