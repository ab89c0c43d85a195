import cv2
import numpy as np
import pytest

from kyc_vision import layout
from kyc_vision.card.cues.portrait import portrait_cues
from kyc_vision.types import Cue, Pixels, RectifiedCard
from samples.ektp import Style, print_styled
from tests.card.printed import FINE, identity, seen

X, Y, W, H = layout.PORTRAIT_MM
PHOTO = np.full((294, 237, 3), (190, 30, 35), dtype=np.uint8)
PHOTO[110:, 60:180] = (150, 110, 90)


def sheet() -> Pixels:
    return print_styled(identity(), PHOTO, 3, FINE, Style(float_xy=False))[..., :3].copy()


def stuck_on(turn_deg: float = 0.0, shade: float = 0.0) -> Pixels:
    """The print with another photograph on it, somewhat larger, turned, with a shadow to the right."""
    card = sheet()
    corners = np.array([[X, Y], [X + W, Y], [X + W, Y + H], [X, Y + H]]) * FINE
    middle = corners.mean(axis=0)
    c, s = np.cos(np.radians(turn_deg)), np.sin(np.radians(turn_deg))
    corners = middle + 1.03 * (corners - middle) @ np.array([[c, s], [-s, c]])
    mask = np.zeros(card.shape[:2], dtype=np.float32)
    cv2.fillPoly(mask, [np.round(corners + np.array([0.5 * FINE, 0])).astype(np.int32)], 1.0)
    shadow = cv2.GaussianBlur(mask, (0, 0), 0.25 * FINE)
    card = np.clip(card * (1 - shade * shadow[..., None]), 0, 255).astype(np.uint8)
    cv2.fillPoly(card, [np.round(corners).astype(np.int32)], (40, 60, 170))
    return card


def cues(pixels: Pixels, width: int = 560, seed: int = 5) -> tuple[Cue, Cue]:
    return portrait_cues(seen(pixels, width, seed))


def score(cue: Cue) -> float:
    assert cue.score is not None, cue.detail
    return cue.score


@pytest.mark.parametrize("width", [340, 560, 900])
def test_a_printed_portrait_is_level_and_throws_no_shadow(width):
    turn, shadow = cues(sheet(), width)
    assert score(turn) < 0.4
    assert score(shadow) < 0.015


@pytest.mark.parametrize("turn_deg", [-2.0, 1.5, 3.0])
def test_the_turn_is_measured_in_degrees(turn_deg):
    turn, _ = cues(stuck_on(turn_deg))
    assert score(turn) == pytest.approx(abs(turn_deg), abs=0.4)
    assert turn.place is not None
    assert np.mean(turn.place, axis=0) / 11.8 == pytest.approx([X + W / 2, Y + H / 2], abs=0.3)


def test_a_shadow_at_one_side_is_seen_there():
    _, shadow = cues(stuck_on(shade=0.3))
    assert score(shadow) > 0.03
    assert "right" in shadow.detail
    assert shadow.place is not None
    assert np.mean(shadow.place, axis=0)[0] / 11.8 > X + W


def test_what_sharpening_does_to_both_sides_is_no_shadow():
    card = seen(sheet(), 560)
    soft = cv2.GaussianBlur(card.pixels, (0, 0), 6)
    sharpened = cv2.addWeighted(card.pixels, 1.8, soft, -0.8, 0)
    _, shadow = portrait_cues(RectifiedCard(np.asarray(sharpened, dtype=np.uint8), card.homography, 11.8, 560.0))
    assert score(shadow) < 0.015


def test_a_hand_over_the_right_side_tells_nothing_of_the_shadow():
    card = sheet()
    card[:, round((X + W - 4) * FINE) :] = (205, 150, 120)
    turn, shadow = cues(card)
    assert shadow.score is None
    assert shadow.place is None
    assert turn.score is not None


def test_without_a_portrait_nothing_is_told():
    blank = RectifiedCard(np.full((637, 1010, 3), 200, dtype=np.uint8), np.eye(3), 11.8, 560.0)
    assert [cue.score for cue in portrait_cues(blank)] == [None, None]


def test_a_small_card_tells_nothing():
    for cue in cues(sheet(), 300):
        assert (cue.score, cue.place) == (None, None)
        assert "320 are needed" in cue.detail
