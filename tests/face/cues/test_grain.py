import cv2
import numpy as np
import pytest

from kyc_vision.face.cues.grain import face_grain
from kyc_vision.types import Face, Image, Pixels

FACE = Face((100.0, 60.0, 320.0, 400.0), np.zeros((5, 2), dtype=np.float32), 0.9)


def face(grain: float) -> Pixels:
    """Skin with eyes, brows and a mouth; grain is the noise over it, 8-bit steps, 1.2 px wide."""
    picture = np.full((520, 520, 3), 160, dtype=np.float32)
    for x in (200, 320):
        cv2.circle(picture, (x, 220), 16, (40, 30, 30), -1)
        cv2.line(picture, (x - 35, 180), (x + 35, 176), (50, 40, 40), 9)
    cv2.ellipse(picture, (260, 370), (50, 14), 0, 0, 360, (140, 60, 60), -1)
    noise = cv2.GaussianBlur(np.random.default_rng(1).normal(0, 1, (520, 520)), (0, 0), 1.0)
    picture = cv2.GaussianBlur(picture, (0, 0), 0.8) + (grain * noise / noise.std())[..., None]
    return np.clip(picture, 0, 255).astype(np.uint8)


def score(grain: float) -> float:
    cue = face_grain(Image(face(grain), "JPEG", ""), FACE)
    assert cue.score is not None
    return cue.score


def test_more_grain_scores_higher_and_features_alone_are_quiet():
    assert score(0.5) < -3
    assert score(0.5) < score(3) < score(9)
    assert score(9) > -2


def test_the_place_is_within_the_face():
    place = np.array(face_grain(Image(face(1), "JPEG", ""), FACE).place)
    assert place.min(axis=0) == pytest.approx([132, 120], abs=1)
    assert place.max(axis=0) == pytest.approx([388, 420], abs=2)


def test_small_missing_and_cut_off_faces_cannot_tell():
    image = Image(face(1), "JPEG", "")
    assert not face_grain(image, None).measurable
    for box in ((100.0, 60.0, 120.0, 160.0), (-250.0, 60.0, 320.0, 400.0)):
        assert not face_grain(image, Face(box, FACE.landmarks, 0.9)).measurable
