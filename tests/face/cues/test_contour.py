from dataclasses import replace

import cv2
import numpy as np
import pytest

from kyc_vision.face.cues.contour import closed_path, face_contour
from kyc_vision.types import Face, Image, Pixels

FACE = Face((240.0, 180.0, 160.0, 210.0), np.zeros((5, 2), dtype=np.float32), 0.9)
MIDDLE = (320, 280)


def person(shirt=(60, 70, 110), room=(120, 110, 100)) -> Pixels:
    """A head with hair on shoulders, soft and noisy."""
    picture = np.full((700, 640, 3), room, dtype=np.uint8)
    cv2.ellipse(picture, (320, 640), (230, 240), 0, 0, 360, shirt, -1)
    cv2.ellipse(picture, (320, 255), (105, 140), 0, 0, 360, (30, 24, 20), -1)
    cv2.ellipse(picture, MIDDLE, (82, 112), 0, 0, 360, (190, 150, 125), -1)
    noise = np.random.default_rng(3).normal(0, 2, picture.shape)
    return np.clip(cv2.GaussianBlur(picture, (0, 0), 1.2) + noise, 0, 255).astype(np.uint8)


def seen(picture: Pixels, card=None, face=FACE):
    return face_contour(Image(picture, "JPEG", ""), face, card)


def rim(picture: Pixels, first=0, last=360, colour=(236, 236, 232)) -> Pixels:
    picture = picture.copy()
    cv2.ellipse(picture, MIDDLE, (118, 150), 0, first, last, colour, 5, cv2.LINE_AA)
    return picture


def test_a_white_rim_all_about_is_seen_where_it_is():
    plain, paper = seen(person()), seen(rim(person()))
    assert plain.score is not None
    assert paper.score is not None
    assert plain.score < 0.05
    assert paper.score > 0.2
    away = (np.array(paper.place) - MIDDLE) / (118, 150)
    assert np.median(np.hypot(*away.T)) == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize(("first", "last"), [(180, 360), (0, 180)], ids=["above only", "below only"])
def test_half_a_rim_is_a_collar_or_a_hair_band(first, last):
    cue = seen(rim(person(), first, last))
    assert cue.score is not None
    assert cue.score < 0.05


def test_a_scarfs_edge_is_pale_on_one_side_only():
    scarf = person()
    cv2.ellipse(scarf, (320, 275), (150, 190), 0, 0, 360, (225, 222, 220), -1)
    cv2.ellipse(scarf, MIDDLE, (86, 112), 0, 0, 360, (190, 150, 125), -1)
    cue = seen(cv2.GaussianBlur(scarf, (0, 0), 1.2))
    assert cue.score is not None
    assert cue.score < 0.05


def test_a_coloured_line_is_no_paper():
    cue = seen(rim(person(), colour=(235, 60, 60)))
    assert cue.score is not None
    assert cue.score < 0.05


def test_what_is_behind_the_card_does_not_count():
    card = np.array([[220, 400], [420, 400], [420, 520], [220, 520]], dtype=np.float32)
    covered = rim(person())
    covered[400:521, 220:421] = (120, 160, 200)
    cue = seen(covered, card)
    assert cue.score is not None
    assert cue.score > 0.2


def test_no_face_a_small_one_and_one_behind_the_card_cannot_tell():
    assert not face_contour(Image(person(), "JPEG", ""), None, None).measurable
    assert not seen(person(), face=replace(FACE, box=(300.0, 250.0, 60.0, 80.0))).measurable
    card = np.array([[150, 270], [500, 270], [500, 500], [150, 500]], dtype=np.float32)
    assert not seen(person(), card).measurable


def test_the_best_path_is_closed_and_follows_the_gain():
    gain = np.zeros((40, 30), dtype=np.float32)
    way = np.round(15 + 5 * np.sin(np.arange(40) / 40 * 2 * np.pi)).astype(int)
    gain[np.arange(40), way] = 1
    path = closed_path(gain)
    assert path.tolist() == way.tolist()
    assert abs(int(path[0]) - int(path[-1])) <= 2
