import cv2
import numpy as np
import pytest

from kyc_vision.quality import _percentile, colour_spread, measure, sharpness
from kyc_vision.types import Pixels
from tests.fakes import blank_card, face


def scene(seed: int = 1, size: int = 480) -> Pixels:
    """Coloured patches of all sizes: sharp edges and many colours."""
    rng = np.random.default_rng(seed)
    pixels = np.full((size, size, 3), 128, dtype=np.uint8)
    for _ in range(250):
        x, y, w, h = (int(v) for v in rng.integers(4, size, 4))
        colour = [int(v) for v in rng.integers(0, 256, 3)]
        cv2.rectangle(pixels, (x, y), (x + w // 6, y + h // 6), colour, -1)
    return pixels


def grey(pixels: Pixels) -> Pixels:
    return np.repeat(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)[..., None], 3, axis=2)


def test_the_more_blur_the_less_sharpness():
    scores = [sharpness(scene())] + [sharpness(cv2.GaussianBlur(scene(), (0, 0), s)) for s in (1, 2, 4)]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > 0.5
    assert scores[-1] < 0.25
    assert all(0 <= score <= 1 for score in scores)


def test_motion_in_one_direction_is_blur_too():
    assert sharpness(cv2.blur(scene(), (15, 1))) < 0.5 * sharpness(scene())
    assert sharpness(cv2.blur(scene(), (1, 15))) < 0.5 * sharpness(scene())


def test_a_flat_picture_has_no_sharpness_and_no_colour():
    flat = np.full((100, 100, 3), 77, dtype=np.uint8)
    assert sharpness(flat) == 0
    assert colour_spread(flat) == pytest.approx(0, abs=1e-3)


def test_a_grey_copy_has_no_colour_spread_however_it_is_tinted():
    assert colour_spread(scene()) > 20
    assert colour_spread(grey(scene())) < 1
    # A hundredth of the original's spread times six: the tint follows the light a little.
    tinted = (grey(scene()) * np.array([1.0, 0.93, 0.82])).astype(np.uint8)
    assert colour_spread(tinted) < 6 < colour_spread(scene())


def test_the_same_colours_in_the_dark_are_colours_still():
    dark = (scene() * 0.15).astype(np.uint8)
    assert colour_spread(dark) > 0.6 * colour_spread(scene())
    assert colour_spread(np.zeros((50, 50, 3), dtype=np.uint8)) < 1


def test_brightness_is_the_mean_luma():
    assert measure(np.full((400, 300, 3), 17, np.uint8), None, None).brightness == 17.0
    assert measure(np.full((400, 300, 3), 250, np.uint8), None, None).brightness == 250.0
    # Rec. 601: green counts 0.587.
    green = np.zeros((400, 300, 3), np.uint8)
    green[..., 1] = 200
    assert measure(green, None, None).brightness == pytest.approx(0.587 * 200, abs=0.6)


def test_without_a_card_there_are_no_numbers_on_it():
    measured = measure(scene(), None, None)
    assert (measured.card_width_px, measured.card_colour) == (None, None)
    assert measured.scene_colour > 10


def test_a_card_is_measured_by_its_own_pixels():
    measured = measure(grey(scene()), None, blank_card())
    assert measured.card_width_px == 428.0
    assert measured.card_colour < 1
    assert measured.scene_colour < 1


def test_sharpness_is_measured_on_the_live_face():
    pixels = cv2.GaussianBlur(scene(size=900), (0, 0), 6)
    pixels[300:500, 300:500] = scene(size=900)[300:500, 300:500]
    on_face = measure(pixels, face(310, 310, 180, 180), None).sharpness
    beside = measure(pixels, face(600, 600, 180, 180), None).sharpness
    assert on_face > 2 * beside
    assert measure(pixels, None, None).sharpness < on_face


def test_a_face_that_reaches_over_the_border_is_measured_where_it_shows():
    measured = measure(scene(), face(-60, -40, 200, 220), None)
    assert measured.sharpness > 0.3
    assert 0 <= measure(scene(), face(400, 420, 200, 220), None).sharpness <= 1


@pytest.mark.parametrize("share", [5, 50, 95])
def test_the_percentile_by_histogram_is_numpys(share):
    pixels = np.random.default_rng(2).integers(0, 256, (13, 17, 3)).astype(np.uint8)
    assert _percentile(pixels, share) == pytest.approx(float(np.percentile(pixels, share)))
