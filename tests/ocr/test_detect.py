import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_vision.geometry import signed_area
from kyc_vision.ocr.detect import TextDetector, read_map


def drawn(*bars: tuple[float, float, float, float, float], value: float = 0.9) -> np.ndarray:
    """A map with bars (centre x, centre y, width, height, degrees)."""
    probabilities = np.zeros((240, 320), dtype=np.float32)
    for x, y, w, h, angle in bars:
        corners = np.rint(cv2.boxPoints(((x, y), (w, h), angle)) * 16).astype(np.int32)
        cv2.fillConvexPoly(probabilities, corners, value, shift=4)
    return probabilities


def sides(quad: np.ndarray) -> tuple[float, float]:
    return float(np.linalg.norm(quad[1] - quad[0])), float(np.linalg.norm(quad[3] - quad[0]))


def test_each_bar_is_one_line_of_text():
    quads = read_map(drawn((80, 40, 100, 14, 0), (200, 120, 60, 14, 0), (80, 200, 40, 12, 0)))
    centres = sorted(tuple(np.rint(quad.mean(axis=0)).astype(int)) for quad in quads)
    assert np.allclose(centres, [(80, 40), (80, 200), (200, 120)], atol=1)
    assert read_map(np.zeros((50, 50), dtype=np.float32)) == []


def test_a_bar_grows_by_area_times_ratio_over_perimeter_on_every_side():
    (quad,) = read_map(drawn((160, 120, 100, 20, 0)))
    # 100 · 20 · 1.6 / 240 = 13.3 px; the map's own smoothing may add a pixel.
    width, height = sides(quad)
    assert width == pytest.approx(100 + 2 * 13.3, abs=2.5)
    assert height == pytest.approx(20 + 2 * 13.3, abs=2.5)
    assert quad.mean(axis=0) == pytest.approx([160, 120], abs=1)


def test_corners_come_top_left_first_and_clockwise():
    (quad,) = read_map(drawn((160, 120, 100, 20, 0)))
    left, top = quad.min(axis=0)
    right, bottom = quad.max(axis=0)
    assert np.allclose(quad, [[left, top], [right, top], [right, bottom], [left, bottom]], atol=0.5)


@given(st.floats(-85, 85), st.floats(30, 120), st.floats(8, 20))
def test_the_first_side_is_long_and_runs_to_the_right_at_any_angle(angle, width, height):
    (quad,) = read_map(drawn((160, 120, width, height, angle)))
    along, across = sides(quad)
    assert along > across
    assert quad[1, 0] > quad[0, 0]
    assert signed_area(quad) > 0
    found = np.degrees(np.arctan2(*(quad[1] - quad[0])[::-1]))
    assert abs(found - angle) < 6


def test_a_vertical_line_runs_along_its_long_side():
    (quad,) = read_map(drawn((160, 120, 14, 120, 0)))
    along, across = sides(quad)
    assert along > 3 * across
    assert signed_area(quad) > 0


def test_a_faint_bar_is_no_text():
    assert read_map(drawn((160, 120, 100, 20, 0), value=0.4)) == []
    assert read_map(drawn((160, 120, 100, 20, 0), value=0.25)) == []
    assert len(read_map(drawn((160, 120, 100, 20, 0), value=0.6))) == 1


def test_a_hair_is_noise():
    hair = np.zeros((100, 200), dtype=np.float32)
    hair[50, 20:150] = 0.9
    assert read_map(hair) == []


class Network:
    """Remembers its batch and answers with a bar in the upper left."""

    def __init__(self) -> None:
        self.batch = np.zeros(0)

    def run(self, batch: np.ndarray) -> list[np.ndarray]:
        self.batch = batch
        answer = np.zeros((1, 1, *batch.shape[2:]), dtype=np.float32)
        answer[0, 0, 10:20, 10:50] = 0.9
        answer[0, 0, 65:80] = 0.9  # in the padding
        return [answer]


def test_the_picture_is_padded_to_the_networks_stride_and_the_padding_is_not_read():
    network = Network()
    quads = TextDetector(network).detect(np.full((60, 70, 3), 255, dtype=np.uint8))
    assert network.batch.shape == (1, 3, 64, 96)
    assert network.batch.dtype == np.float32
    assert (network.batch[..., 60:, :] == 0).all()
    assert (network.batch[..., :60, :70] == 1).all()
    assert len(quads) == 1


def test_the_network_sees_blue_green_red_from_minus_one_to_one():
    network = Network()
    pixels = np.zeros((64, 64, 3), dtype=np.uint8)
    pixels[:] = (255, 127, 0)
    TextDetector(network).detect(pixels)
    assert network.batch[0, :, 5, 5] == pytest.approx([-1, 127 / 127.5 - 1, 1], abs=1e-6)
