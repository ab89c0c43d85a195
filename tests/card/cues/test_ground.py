import cv2
import numpy as np
import pytest

from kyc_vision import layout
from kyc_vision.card.cues.ground import ground_patch
from kyc_vision.card.cues.rows import value_lines
from kyc_vision.types import Cue, Pixels, RectifiedCard
from tests.card.printed import FINE, identity, seen, sheet

CENTRES = layout.row_centres_mm(())
NIK = (layout.NIK_X_MM - 0.5, layout.NIK_Y_MM - 1.75, 37.0, 3.5)
NAME = (layout.VALUE_X_MM - 0.4, CENTRES["name"] - 1.2, 26.0, 2.4)


def tinted(pixels: Pixels, box_mm: tuple[float, float, float, float], by: tuple[int, int, int]) -> Pixels:
    x, y, w, h = (round(v * FINE) for v in box_mm)
    cover = np.zeros(pixels.shape[:2], dtype=np.float32)
    cover[y : y + h, x : x + w] = 1
    cover = cv2.GaussianBlur(cover, (0, 0), 2)[..., None]
    return np.clip(pixels + cover * np.array(by, dtype=np.float32), 0, 255).astype(np.uint8)


def patch(card: RectifiedCard) -> Cue:
    return ground_patch(card, value_lines(card))


def score(pixels: Pixels, width: int = 600) -> float:
    found = patch(seen(pixels, width)).score
    assert found is not None
    return found


@pytest.mark.parametrize("width", [430, 600, 900])
def test_a_genuine_card_is_quiet(width):
    assert score(sheet(identity()), width) < 0.025


@pytest.mark.parametrize(("box", "what"), [(NIK, "NIK"), (NAME, "name")])
def test_a_patch_of_another_tint_is_seen_where_it_lies(box, what):
    cue = patch(seen(tinted(sheet(identity()), box, (9, -3, -6)), 600))
    assert cue.score is not None
    assert cue.score > 0.04
    assert what in cue.detail
    assert cue.place is not None
    assert np.mean(cue.place, axis=0)[1] / 11.8 == pytest.approx(box[1] + box[3] / 2, abs=0.6)


def test_the_further_the_tint_the_higher_the_score():
    scores = [score(tinted(sheet(identity()), NIK, (3 * k, 0, -2 * k))) for k in (1, 2, 4)]
    assert scores == sorted(scores)


def test_light_across_the_card_is_no_patch():
    pixels = sheet(identity())
    light = np.linspace(0.7, 1.0, pixels.shape[1])[None, :, None] * np.array([1.0, 0.97, 0.9])
    assert score((pixels * light).astype(np.uint8)) < 0.025


def test_a_small_card_tells_nothing():
    cue = patch(seen(sheet(identity()), 380))
    assert (cue.score, cue.place) == (None, None)
    assert "420 are needed" in cue.detail


def test_a_card_without_ground_tells_nothing():
    rng = np.random.default_rng(1)
    noise = rng.integers(0, 255, (637, 1010, 3)).astype(np.uint8)
    assert patch(RectifiedCard(noise, np.eye(3), 11.8, 600.0)).score is None
