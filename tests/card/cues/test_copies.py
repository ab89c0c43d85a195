from dataclasses import replace

import cv2
import numpy as np
import pytest

from kyc_vision import layout
from kyc_vision.card.cues.copies import card_colour, copy_texture
from kyc_vision.types import Cue, Pixels, Quality, RectifiedCard
from samples.ektp import Style, print_styled
from tests.card.printed import FINE, identity, seen, sheet

SCENE = Quality(brightness=120.0, sharpness=0.5, scene_colour=12.0)


def coloured(backdrop: tuple[int, int, int], orange: bool = False) -> RectifiedCard:
    photo = np.full((294, 237, 3), backdrop, dtype=np.uint8)
    photo[110:, 60:180] = (170, 125, 100)
    return seen(print_styled(identity(), photo, 3, FINE, Style(False, False, orange))[..., :3].copy(), 560)


def in_grey(card: RectifiedCard, cast: tuple[float, float, float] = (1, 1, 1)) -> RectifiedCard:
    grey = card.pixels.mean(axis=2, keepdims=True) * np.array(cast)
    return replace(card, pixels=np.clip(grey, 0, 255).astype(np.uint8))


def grainy(pixels: Pixels, amount: float) -> Pixels:
    """Blots of separate inks, a quarter of a millimetre wide."""
    noise = np.random.default_rng(2).normal(0, 1, pixels.shape).astype(np.float32)
    blots = cv2.GaussianBlur(noise, (0, 0), 0.25 * FINE) * 2 * np.sqrt(np.pi) * 0.25 * FINE
    return np.clip(pixels + amount * blots, 0, 255).astype(np.uint8)


def score(cue: Cue) -> float:
    assert cue.score is not None, cue.detail
    return cue.score


@pytest.mark.parametrize("backdrop", [(190, 30, 35), (30, 70, 170)], ids=["red", "blue"])
@pytest.mark.parametrize("orange", [False, True])
def test_a_copy_in_grey_has_less_colour_than_any_card(backdrop, orange):
    card = coloured(backdrop, orange)
    copy = score(card_colour(in_grey(card, (1.0, 0.97, 0.9)), SCENE))
    assert copy > score(card_colour(card, SCENE)) + 1.5


def test_colour_is_told_in_the_dark_as_in_light():
    card = coloured((190, 30, 35))
    dark = replace(card, pixels=(0.4 * card.pixels).astype(np.uint8))
    assert score(card_colour(dark, SCENE)) == pytest.approx(score(card_colour(card, SCENE)), abs=0.15)


def test_a_grey_picture_tells_nothing_of_colour():
    cue = card_colour(in_grey(coloured((190, 30, 35))), replace(SCENE, scene_colour=1.0))
    assert (cue.score, cue.place) == (None, None)


def test_colour_is_seen_at_the_portrait():
    cue = card_colour(coloured((190, 30, 35)), SCENE)
    assert cue.place is not None
    x, y, w, h = layout.PORTRAIT_MM
    assert np.mean(cue.place, axis=0) / 11.8 == pytest.approx([x + w / 2, y + h / 2], abs=0.1)


@pytest.mark.parametrize("width", [360, 600, 900])
def test_grains_of_ink_raise_the_score(width):
    scores = [score(copy_texture(seen(grainy(sheet(identity()), amount), width))) for amount in (0.0, 4.0, 12.0)]
    assert scores == sorted(scores)
    assert scores[-1] > scores[0] + 0.5


def test_grey_grain_is_no_ink():
    pixels = sheet(identity())
    grain = grainy(np.full(pixels.shape[:2], 128, np.uint8), 12.0)[..., None].astype(np.float32) / 128
    dull = np.clip(0.8 * pixels * grain, 0, 255).astype(np.uint8)
    plain, dusty = (score(copy_texture(seen(sheet_, 600))) for sheet_ in (pixels, dull))
    assert dusty < plain + 0.4


def test_a_small_card_and_one_without_ground_tell_nothing_of_texture():
    assert "320 are needed" in copy_texture(seen(sheet(identity()), 300)).detail
    stripes = np.zeros((637, 1010, 3), np.uint8)
    stripes[:, ::6] = 255
    assert copy_texture(RectifiedCard(stripes, np.eye(3), 11.8, 900.0)).score is None
