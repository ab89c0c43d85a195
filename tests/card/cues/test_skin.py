"""Whose skin, and what is like it."""

from __future__ import annotations

import numpy as np

from kyc_vision.card.cues.skin import holder, like_skin
from kyc_vision.types import Face
from tests.card.cues.held_up import QUAD


def _face(box: tuple[float, float, float, float]) -> Face:
    return Face(box, np.zeros((5, 2), np.float32), 0.9)


def test_the_holder_is_the_largest_face_that_is_not_on_the_card() -> None:
    picture = np.zeros((1000, 1000, 3), np.uint8)
    picture[40:300, 400:600] = (190, 140, 120)
    live, small, portrait = (400.0, 40.0, 200.0, 260.0), (50.0, 50.0, 60.0, 80.0), (350.0, 340.0, 300.0, 300.0)
    who = holder(picture, (_face(portrait), _face(small), _face(live)), QUAD)
    assert who is not None
    assert who.skin.tolist() == [190, 140, 120]
    assert who.face_at == (500.0, 170.0)


def test_without_a_live_face_there_is_no_holder() -> None:
    assert holder(np.zeros((1000, 1000, 3), np.uint8), (_face((350.0, 340.0, 300.0, 300.0)),), QUAD) is None


def test_skin_in_the_shade_is_skin_and_a_blue_shirt_is_not() -> None:
    skin = np.array([196.0, 148, 122])
    colours = np.array([0.6 * skin, skin, [90.0, 110, 180], 0.2 * skin])
    assert like_skin(colours, skin).tolist() == [True, True, False, False]
