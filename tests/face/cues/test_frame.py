import cv2
import numpy as np
import pytest

from kyc_vision.face.cues.frame import scene_frame
from kyc_vision.image import read
from kyc_vision.types import Image
from tests.fakes import ROOT

CORNERS = np.array([[70, 60], [830, 90], [850, 1130], [50, 1120]], dtype=np.float32)


def taken_again(rim: int, corners=CORNERS) -> Image:
    """A gallery selfie with a rim of that grey, photographed on a table."""
    inner = read((ROOT / "samples/gallery/genuine_1.jpg").read_bytes()).pixels
    sheet = cv2.copyMakeBorder(inner, 30, 30, 30, 30, cv2.BORDER_CONSTANT, value=(rim, rim, rim))
    h, w = sheet.shape[:2]
    matrix = cv2.getPerspectiveTransform(np.array([[0, 0], [w, 0], [w, h], [0, h]], dtype=np.float32), corners)
    table = np.random.default_rng(1).normal(110, 6, (1200, 900, 3)).clip(0, 255).astype(np.uint8)
    return Image(cv2.warpPerspective(sheet, matrix, (900, 1200), table, borderMode=cv2.BORDER_TRANSPARENT), "JPEG", "")


@pytest.mark.parametrize("rim", [14, 242])
def test_a_bezel_and_a_sheets_rim_are_seen_where_they_are(rim):
    cue = scene_frame(taken_again(rim))
    assert cue.score is not None
    assert cue.score > 0.85
    assert np.array(cue.place) == pytest.approx(CORNERS, abs=40)


@pytest.mark.parametrize("name", ["genuine_1", "genuine_2", "genuine_3", "genuine_4"])
def test_a_genuine_selfie_has_no_closed_frame(name):
    cue = scene_frame(read((ROOT / f"samples/gallery/{name}.jpg").read_bytes()))
    assert cue.score is not None
    assert cue.score < 0.7


def test_three_sides_are_no_frame():
    below = CORNERS.copy()
    below[2:, 1] += 400  # the lower side is out of the picture
    cue = scene_frame(taken_again(242, below))
    assert cue.score is not None
    assert cue.score < 0.6
    assert "lower" in cue.detail


def test_a_tiny_picture_cannot_tell():
    assert not scene_frame(Image(np.zeros((150, 100, 3), dtype=np.uint8), "PNG", "")).measurable
