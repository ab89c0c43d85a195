"""The plane of the card beyond the card."""

from __future__ import annotations

import numpy as np

from kyc_vision.card.cues.surround import AROUND_MM, PX_PER_MM
from kyc_vision.geometry import apply_homography
from kyc_vision.layout import CARD_WH_MM, outline_mm
from tests.card.cues.held_up import QUAD, Look, around


def test_corners_of_the_card_lie_where_the_margin_ends() -> None:
    seen = apply_homography(around(Look()).to_plane, QUAD)
    assert np.abs((seen + 0.5) / PX_PER_MM - AROUND_MM - outline_mm()).max() < 0.01


def test_a_place_on_the_plane_is_the_same_place_in_the_selfie() -> None:
    assert np.abs(np.array(around(Look()).place((0.0, 0.0, *CARD_WH_MM))) - QUAD).max() < 0.25


def test_what_is_outside_the_picture_is_not_seen() -> None:
    shifted = around(Look(quad=(QUAD - np.array([240, 0])).astype(np.float32)))
    middle = round((AROUND_MM + CARD_WH_MM[1] / 2) * PX_PER_MM)
    assert not shifted.seen[middle, : round(20 * PX_PER_MM)].any()
    assert shifted.seen[middle, round((AROUND_MM + 2) * PX_PER_MM) :].all()


def test_a_tone_is_sixteen_roots_of_the_pixel() -> None:
    scene = around(Look())
    middle = scene.tone[scene.tone.shape[0] // 2, scene.tone.shape[1] // 2]
    assert np.abs((middle / 16) ** 2 - (185, 212, 236)).max() < 8


def test_of_a_card_seen_much_from_the_side_nothing_behind_the_camera_is_seen() -> None:
    # The left side is ten times as near as the right one: 30 mm further left the plane is behind the camera.
    steep = np.array([[200, 50], [500, 455], [500, 545], [200, 950]], dtype=np.float32)
    scene = around(Look(quad=steep))
    row = scene.tone.shape[0] // 2
    assert not scene.seen[row, : round(10 * PX_PER_MM)].any()
    assert scene.seen[row, round((AROUND_MM + 40) * PX_PER_MM)]
