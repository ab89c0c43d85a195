import numpy as np
import pytest

from kyc_vision.card.cues.moire import card_moire
from kyc_vision.types import Pixels, RectifiedCard
from tests.card.printed import identity, seen, sheet


def score(card: RectifiedCard) -> float:
    found = card_moire(card).score
    assert found is not None
    return found


def striped(pixels: Pixels, cycles_xy: tuple[float, float], amount: float) -> Pixels:
    """Stripes of colour, cycles per px, whose three channels follow one another as a display's subpixels do."""
    y, x = np.mgrid[0 : pixels.shape[0], 0 : pixels.shape[1]]
    phase = 2 * np.pi * (cycles_xy[0] * x + cycles_xy[1] * y)
    factors = np.stack([1 + amount * np.cos(phase + shift) for shift in (0.0, 2.1, 4.2)], axis=2)
    return np.clip(pixels * factors, 0, 255).astype(np.uint8)


def with_stripes(card: RectifiedCard, cycles_xy: tuple[float, float], amount: float) -> RectifiedCard:
    return RectifiedCard(striped(card.pixels, cycles_xy, amount), card.homography, 11.8, card.source_width_px)


@pytest.fixture(scope="module")
def genuine() -> RectifiedCard:
    return seen(sheet(identity()), 600)


@pytest.mark.parametrize("cycles_xy", [(0.06, 0.05), (0.1, -0.03), (0.02, 0.17)])
def test_stripes_of_colour_stand_out(genuine, cycles_xy):
    assert score(with_stripes(genuine, cycles_xy, 0.03)) > score(genuine) + 1.0


def test_more_of_them_stand_out_more(genuine):
    scores = [score(with_stripes(genuine, (0.06, 0.05), amount)) for amount in (0.01, 0.03, 0.09)]
    assert scores == sorted(scores)
    assert scores[-1] > scores[0] + 0.5


def test_grey_stripes_are_not_colour(genuine):
    y, x = np.mgrid[0:637, 0:1010]
    grey = 0.9 + 0.03 * np.cos(2 * np.pi * (0.06 * x + 0.05 * y))[..., None]
    pixels = np.clip(genuine.pixels * grey, 0, 255).astype(np.uint8)
    lined = RectifiedCard(pixels, genuine.homography, 11.8, 600.0)
    assert score(lined) < score(with_stripes(genuine, (0.06, 0.05), 0.03)) - 0.7


def test_jpeg_blocks_do_not_count(genuine):
    # As fast as every eighth px along the picture's rows; the homography here is the identity.
    blocks = score(with_stripes(genuine, (1 / 8, 0.0), 0.03))
    assert blocks < score(genuine) + 0.7 < score(with_stripes(genuine, (0.094, 0.05), 0.03))


def test_a_small_card_tells_nothing():
    cue = card_moire(seen(sheet(identity()), 300))
    assert (cue.score, cue.place) == (None, None)
    assert "320 are needed" in cue.detail
