import numpy as np
import pytest

from kyc_vision.face.liveness import liveness_cues
from kyc_vision.image import read
from kyc_vision.types import Face
from tests.fakes import ROOT

NAMES = ("moire_face", "moire_scene", "scene_frame", "face_contour", "face_grain", "file_facts")
CARD = np.array([[302.5, 1011.2], [863.8, 953.8], [897.5, 1326.0], [320.3, 1361.6]], dtype=np.float32)


def face(x: float, y: float, width: float) -> Face:
    return Face((x, y, width, 1.3 * width), np.zeros((5, 2), dtype=np.float32), 0.9)


@pytest.fixture(scope="module")
def selfie():
    return read((ROOT / "samples/gallery/genuine_1.jpg").read_bytes())


def test_every_cue_is_there_measurable_or_not(selfie):
    assert tuple(cue.name for cue in liveness_cues(selfie, (), None, None)) == NAMES
    assert tuple(cue.name for cue in liveness_cues(selfie, (face(400, 300, 250),), None, CARD)) == NAMES


def test_the_portrait_on_the_card_is_never_taken_for_the_living_face(selfie):
    portrait, live = face(650, 1050, 200), face(400, 300, 150)
    given = liveness_cues(selfie, (portrait, live), live, CARD)
    assert liveness_cues(selfie, (portrait, live), None, CARD) == given
    assert not liveness_cues(selfie, (portrait,), None, CARD)[0].measurable
