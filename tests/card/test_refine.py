"""A plain card on a plain table; its print's fit is a little off, its edges are not."""

import cv2
import numpy as np
import pytest

from kyc_vision.card.refine import refine

TRUTH = np.array([[200.0, 150], [880, 190], [860, 610], [180, 580]])
TABLE, GROUND = (90, 70, 60), (190, 215, 240)
#: Up to 1.5 mm of 8 px each.
OFF = np.array([[9.0, -7], [-8, 8], [7, 10], [-10, -6]])


def photograph(card=GROUND, table=TABLE) -> np.ndarray:
    pixels = np.full((760, 1060, 3), table, dtype=np.uint8)
    cv2.fillConvexPoly(pixels, np.rint(TRUTH * 16).astype(np.int32), card, cv2.LINE_AA, shift=4)
    noisy = pixels + np.random.default_rng(1).normal(0, 2, pixels.shape)
    return cv2.GaussianBlur(noisy.clip(0, 255).astype(np.uint8), (0, 0), 1.0)


def farthest(quad: np.ndarray, truth: np.ndarray = TRUTH) -> float:
    return float(np.linalg.norm(quad - truth, axis=1).max())


def test_a_coarse_quad_moves_onto_the_cards_edges():
    refined = refine(photograph(), (TRUTH + OFF).astype(np.float32))
    assert refined.sides == 4
    assert farthest(TRUTH + OFF) > 11
    assert farthest(refined.quad) < 3


def test_an_exact_quad_stays():
    assert farthest(refine(photograph(), TRUTH.astype(np.float32)).quad) < 3


def test_a_mirrored_quad_keeps_its_order():
    pixels, truth = photograph()[:, ::-1].copy(), TRUTH * [-1, 1] + [1059, 0]
    refined = refine(pixels, (truth + OFF).astype(np.float32))
    assert refined.sides == 4
    assert farthest(refined.quad, truth) < 3


def test_an_upside_down_quad_keeps_its_order():
    truth = TRUTH[[2, 3, 0, 1]]
    assert farthest(refine(photograph(), (truth + OFF).astype(np.float32)).quad, truth) < 3


def test_without_contrast_the_quad_stays_where_the_print_put_it():
    coarse = (TRUTH + OFF).astype(np.float32)
    refined = refine(photograph(table=GROUND), coarse)
    assert refined.sides == 0
    assert np.array_equal(refined.quad, coarse)


def test_a_covered_side_stays_while_the_others_move():
    pixels = photograph()
    # A sleeve over the right side, as plain as the ground beside it: nothing to see there.
    pixels[150:640, 780:1000] = GROUND
    coarse = TRUTH + np.array([[8.0, 8], [0, 8], [0, -8], [8, -8]])
    refined = refine(pixels, coarse.astype(np.float32))
    assert 1 <= refined.sides < 4
    assert farthest(refined.quad[[0, 3]], TRUTH[[0, 3]]) < 4


@pytest.mark.parametrize("finger", [260, 500])
def test_a_finger_on_the_edge_does_not_bend_it(finger):
    pixels = photograph()
    pixels[480:760, finger : finger + 110] = (205, 160, 140)
    assert farthest(refine(pixels, (TRUTH + OFF).astype(np.float32)).quad) < 5
