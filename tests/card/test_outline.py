"""A plain card on a plain table with landmarks that float on it as a whole."""

import cv2
import numpy as np
import pytest

from kyc_vision import layout
from kyc_vision.card.outline import settle
from kyc_vision.geometry import apply_homography, homography_from_points

TRUTH = np.array([[200.0, 150], [880, 190], [860, 610], [180, 580]])
FLOAT_MM = np.array([0.6, -0.4])
PLACES = np.array([[x, y] for x in (2.6, 22.6, 56.0) for y in (3.0, 15.0, 27.0, 40.0)])


def photograph() -> np.ndarray:
    pixels = np.full((760, 1060, 3), (90, 70, 60), dtype=np.uint8)
    cv2.fillConvexPoly(pixels, np.rint(TRUTH).astype(np.int32), (190, 215, 240), cv2.LINE_AA)
    return cv2.GaussianBlur(pixels, (0, 0), 1.0)


def landmarks() -> np.ndarray:
    return apply_homography(homography_from_points(layout.outline_mm(), TRUTH), PLACES + FLOAT_MM)


def print_implies() -> np.ndarray:
    """The outline as the print has it: right but for the float."""
    return apply_homography(homography_from_points(PLACES, landmarks()), layout.outline_mm()).astype(np.float32)


def test_the_outline_lies_on_the_edges_and_the_float_is_told_apart():
    outline = settle(photograph(), print_implies(), landmarks(), PLACES)
    assert outline.edges == 4
    assert np.abs(outline.quad - TRUTH).max() < 3
    assert outline.print_offset_mm == pytest.approx(FLOAT_MM, abs=0.3)
    assert outline.residual_mm < 0.4


def test_without_edges_the_print_decides():
    blank = np.full((760, 1060, 3), 200, dtype=np.uint8)
    outline = settle(blank, print_implies(), landmarks(), PLACES)
    assert outline.edges == 0
    assert np.allclose(outline.quad, print_implies())


def test_edges_that_the_print_contradicts_are_not_believed():
    # The picture's card is wider than the print says it is: some other rectangle.
    wrong = landmarks() * [0.8, 1.0] + [60, 0]
    implied = apply_homography(homography_from_points(PLACES, wrong), layout.outline_mm()).astype(np.float32)
    outline = settle(photograph(), implied, wrong, PLACES)
    assert outline.edges == 0 or outline.residual_mm <= 1.0
    assert outline.residual_mm < 1.0
