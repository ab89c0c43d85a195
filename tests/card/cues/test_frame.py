"""A frame is a second edge around the card; patterned clothes and shadows are none."""

from __future__ import annotations

import cv2
import numpy as np

from kyc_vision.card.cues.frame import card_frame
from tests.card.cues.held_up import QUAD, Look, around, checks, stripes

PAPER, BEZEL = (240, 240, 236), (18, 18, 20)


def _score(look: Look, shirt: np.ndarray[tuple[int, ...], np.dtype[np.uint8]] | None = None) -> float:
    score = card_frame(around(look, shirt)).score
    assert score is not None
    return score


def test_a_card_alone_is_not_framed() -> None:
    assert _score(Look(finger_mm=20)) < 0.5


def test_a_paper_margin_is_a_frame_even_under_a_finger() -> None:
    assert _score(Look(rings=((7.0, PAPER),), finger_mm=20)) > 4


def test_a_display_is_a_frame_before_a_patterned_shirt() -> None:
    assert _score(Look(rings=((12.0, BEZEL), (5.0, (150, 140, 130)))), checks()) > 4


def test_stripes_and_checks_of_a_shirt_are_no_frame() -> None:
    assert _score(Look(), stripes()) < 1
    assert _score(Look(), checks()) < 1


def test_a_patterned_thing_behind_the_card_is_no_frame() -> None:
    """A scarf that ends all around in a line parallel to the card: between card and line it is not of one colour."""
    scarf, plain = checks(step=17), np.full((1000, 1000, 3), (20, 20, 24), np.uint8)
    middle = QUAD.mean(axis=0)
    mask = np.zeros((1000, 1000), np.uint8)
    cv2.fillConvexPoly(mask, np.round(middle + (QUAD - middle) * 1.25).astype(np.int32), 1)
    plain[mask == 1] = scarf[mask == 1]
    assert _score(Look(), plain) < 2


def test_the_place_is_the_frame() -> None:
    cue = card_frame(around(Look(rings=((7.0, PAPER),))))
    assert cue.place is not None
    left = min(x for x, _ in cue.place)
    # 7 mm at 480 px over 85.6 mm are 39 px.
    assert abs(float(QUAD[:, 0].min()) - 39 - left) < 8


def test_a_card_that_fills_the_picture_cannot_tell() -> None:
    large = np.array([[5, 5], [995, 5], [995, 628], [5, 628]], dtype=np.float32)
    assert card_frame(around(Look(quad=large))).score is None
