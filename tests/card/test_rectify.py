import numpy as np
import pytest

from kyc_vision import layout
from kyc_vision.card.rectify import PX_PER_MM, rectify
from kyc_vision.geometry import apply_homography, homography_from_points, warp
from kyc_vision.types import CardLocation, Image

CARD = np.random.default_rng(2).integers(0, 256, (637, 1010, 3), dtype=np.uint8)
#: The card stands at (100, 50); its outline's millimetre 0 is the outer edge of its first pixel.
AT = np.array([100.0, 50.0])
QUAD = layout.outline_mm() * PX_PER_MM - 0.5 + AT


def selfie() -> np.ndarray:
    pixels = np.full((800, 1300, 3), 128, dtype=np.uint8)
    pixels[50:687, 100:1110] = CARD
    return pixels


def rectified(pixels: np.ndarray, quad: np.ndarray, **changes):
    location = CardLocation(quad.astype(np.float32), 0.9, mirrored=False, anchors=12, residual_mm=0.2, **changes)
    return rectify(Image(pixels, "PNG", "00"), location)


def difference(pixels: np.ndarray) -> float:
    """Mean absolute difference from the card, two pixels of border left out."""
    return float(np.abs(pixels[2:-2, 2:-2].astype(int) - CARD[2:-2, 2:-2]).mean())


def test_a_card_that_was_straight_is_only_cut_out():
    card = rectified(selfie(), QUAD)
    assert card.pixels.shape == (637, 1010, 3)
    assert difference(card.pixels) < 1.0
    assert card.px_per_mm == PX_PER_MM
    assert card.source_width_px == pytest.approx(85.60 * PX_PER_MM, abs=0.01)


def test_an_upside_down_card_comes_out_upright():
    turned = selfie()[::-1, ::-1].copy()
    assert difference(rectified(turned, [1299, 799] - QUAD).pixels) < 1.0


def test_a_mirrored_card_comes_out_the_right_way_round():
    mirrored = selfie()[:, ::-1].copy()
    assert difference(rectified(mirrored, QUAD * [-1, 1] + [1299, 0]).pixels) < 1.0


def test_the_homography_takes_the_corners_to_the_corners():
    quad = np.array([[210.0, 130], [900, 90], [950, 600], [180, 540]])
    card = rectified(selfie(), quad)
    assert apply_homography(card.homography, quad) == pytest.approx(layout.outline_mm() * PX_PER_MM - 0.5, abs=0.01)


def test_a_tilted_card_comes_out_straight():
    smooth = np.repeat((128 + 100 * np.sin(np.arange(1010) / 25))[None, :, None], 637, axis=0)
    smooth = np.repeat(smooth + 20 * np.cos(np.arange(637) / 30)[:, None, None], 3, axis=2).clip(0, 255)
    held = np.array([[150.0, 100], [1100, 180], [1050, 760], [120, 660]])
    tilt = homography_from_points(layout.outline_mm() * PX_PER_MM - 0.5, held)
    card = rectified(warp(smooth.astype(np.uint8), tilt, (1300, 800)), held)
    off = np.abs(card.pixels.astype(float) - smooth)[20:-20, 20:-20]
    assert np.percentile(off, 99) < 6


def test_the_source_width_is_what_the_selfie_had_and_not_what_was_made_of_it():
    card = rectified(selfie(), np.array([[0.0, 0], [300, 0], [320, 200], [0, 200]]))
    assert card.source_width_px == pytest.approx(310)
    assert card.pixels.shape == (637, 1010, 3)


def test_the_wrapped_rows_go_with_the_card():
    assert rectified(selfie(), QUAD, wrapped=("address",)).wrapped == ("address",)


def test_a_print_that_floats_comes_to_lie_where_the_layout_has_it():
    # Print 1 mm too far right and 0.5 mm too low: the view follows it, 11.8 and 5.9 px.
    card = rectified(selfie(), QUAD, print_offset_mm=(1.0, 0.5))
    mm = np.array([[21.0, 10.5]])  # where the print stands on the card
    in_view = apply_homography(card.homography, mm * PX_PER_MM - 0.5 + AT)
    assert in_view == pytest.approx(np.array([[20.0, 10.0]]) * PX_PER_MM - 0.5, abs=0.01)
