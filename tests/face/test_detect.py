"""YuNet on a committed portrait, rolled and scaled by us."""

import cv2
import numpy as np
import pytest

from kyc_vision.build import face_detector
from kyc_vision.image import read
from tests.fakes import ROOT

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def detector():
    return face_detector()


@pytest.fixture(scope="module")
def portrait() -> np.ndarray:
    return read((ROOT / "samples/portraits/obama.jpg").read_bytes()).pixels


def rolled(pixels: np.ndarray, degrees: float, scale: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """The picture turned clockwise on a larger canvas, and the (2, 3) matrix that did it."""
    height, width = pixels.shape[:2]
    size = round(1.5 * scale * max(height, width))
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, scale)
    matrix[:, 2] += size / 2 - np.array([width / 2, height / 2])
    return cv2.warpAffine(pixels, matrix, (size, size), flags=cv2.INTER_AREA, borderValue=(128, 128, 128)), matrix


def roll_of(face) -> float:
    """Degrees clockwise, by eyes and mouth together."""
    right_eye, left_eye = face.landmarks[:2]
    down = face.landmarks[3:].mean(axis=0) - (right_eye + left_eye) / 2
    across = left_eye - right_eye
    return float(np.degrees(np.arctan2(across[1] - down[0], across[0] + down[1])))


def test_the_portraits_face_is_where_the_table_has_it(detector, portrait):
    (face,) = detector.detect(portrait)
    x, y, w, h = face.box
    # samples/portraits/portraits.toml: 340, 127, 280, 280, from ear to ear, with the chin at the bottom.
    assert (x + w / 2, y + h) == pytest.approx((480, 407), abs=45)
    assert face.confidence > 0.8


@pytest.mark.parametrize("scale", [1.0, 0.35], ids=["280 px", "100 px"])
@pytest.mark.parametrize("degrees", [-25, -10, 15, 30, 90, 180, 270])
def test_a_rolled_face_gets_rolled_landmarks(detector, portrait, degrees, scale):
    picture, matrix = rolled(portrait, degrees, scale)
    (upright,) = detector.detect(portrait)
    # Two, as the pipeline asks for: with one, an upside-down face is taken for an upright one and not turned.
    (face,) = detector.detect(picture, at_least=2)
    expected = upright.landmarks @ matrix[:, :2].T + matrix[:, 2]
    size = scale * upright.box[3]
    assert np.abs(face.landmarks - expected).max() < 0.12 * size
    off = (roll_of(face) - roll_of(upright) - degrees + 180) % 360 - 180
    assert abs(off) < 8


def test_faces_come_largest_first_in_the_pixels_that_were_given(detector, portrait):
    small, _ = rolled(portrait, 0, 0.4)
    canvas = np.full((1500, 2600, 3), 128, dtype=np.uint8)
    canvas[: small.shape[0], : small.shape[1]] = small
    canvas[700 : 700 + portrait.shape[0], 1600 : 1600 + portrait.shape[1]] = portrait
    large, little = detector.detect(canvas)
    assert large.box[2] > 2 * little.box[2]
    assert large.box[0] > 1600
    assert little.box[0] < small.shape[1]


def test_nobody_is_found_where_nobody_is(detector):
    assert detector.detect(np.full((400, 300, 3), 128, dtype=np.uint8), at_least=2) == ()
