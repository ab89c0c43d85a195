import cv2
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kyc_vision.geometry import (
    apply_homography,
    contains,
    corners,
    homography_from_points,
    is_convex,
    mean_width,
    meet,
    polygon_area,
    polygon_iou,
    share_inside,
    signed_area,
    thumbnail,
    warp,
)

UNIT = np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]])
SQUARE = UNIT * 2  # 0…2
# Worked by hand: (0,0) → (3,1); (1,0) → (5,1)/1.5; (1,1) → (6,5)/1.5; (0,1) → (4,5).
HAND = np.array([[2.0, 1, 3], [0, 4, 1], [0.5, 0, 1]])
HAND_QUAD = np.array([[3.0, 1], [10 / 3, 2 / 3], [4, 10 / 3], [4, 5]])

small = st.floats(-0.3, 0.3)


def moved(dx: float, dy: float) -> np.ndarray:
    return np.add(SQUARE, (dx, dy))


@st.composite
def homographies(draw):
    """A camera's: turned, scaled, shifted, mildly tilted; sources within ±1 stay before the camera."""
    angle, scale = draw(st.floats(-3.1, 3.1)), draw(st.floats(0.2, 900))
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    turn = turn @ np.array([[1, draw(small)], [0, draw(st.sampled_from((1.0, -1.0)))]])
    shift = [draw(st.floats(-3000, 3000)), draw(st.floats(-3000, 3000))]
    found = np.array([[*turn[0], shift[0]], [*turn[1], shift[1]], [draw(small), draw(small), 1]])
    # A plane seen from within itself is a line.
    assume(abs(np.linalg.det(found)) > 0.05 * scale**2)
    return found


def test_two_lines_meet_where_worked_by_hand():
    # y = 2 and y = x − 1 meet at (3, 2).
    assert meet(np.array([0.0, 1, -2]), np.array([1.0, -1, -1])) == pytest.approx([3, 2])


def test_a_homography_maps_points_as_worked_by_hand():
    assert np.allclose(apply_homography(HAND, UNIT), HAND_QUAD, atol=1e-12)


def test_four_points_give_back_the_homography_worked_by_hand():
    assert np.allclose(homography_from_points(UNIT, HAND_QUAD), HAND, atol=1e-9)


@given(homographies())
def test_four_points_give_back_any_homography(homography):
    source = UNIT * 2 - 1
    found = homography_from_points(source, apply_homography(homography, source))
    inside = np.array([[0.0, 0], [0.5, -0.5], [-0.7, 0.2]])
    assert np.allclose(apply_homography(found, inside), apply_homography(homography, inside), rtol=1e-6, atol=1e-5)


@given(homographies())
def test_there_and_back_is_where_one_was(homography):
    points = UNIT * 2 - 1
    back = apply_homography(np.linalg.inv(homography), apply_homography(homography, points))
    assert np.allclose(back, points, atol=1e-6)


def test_more_than_four_points_are_averaged():
    rng = np.random.default_rng(1)
    source = rng.uniform(0, 100, (200, 2))
    target = apply_homography(np.array([[2.0, 0.1, 5], [-0.1, 2, 9], [1e-4, 0, 1]]), source)
    found = homography_from_points(source, target + rng.normal(0, 1.0, target.shape))
    assert np.abs(apply_homography(found, source) - target).max() < 1.0  # single points were 3 px off


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (SQUARE, SQUARE, 1.0),
        (SQUARE, moved(1, 0), 2 / 6),
        (SQUARE, moved(1, 1), 1 / 7),
        (SQUARE, SQUARE * 0.5 + 0.5, 1 / 4),
        (SQUARE, np.array([[1.0, 0], [2, 1], [1, 2], [0, 1]]), 1 / 2),  # a diamond inside
        (SQUARE, moved(5, 0), 0.0),
        (SQUARE, np.array([[0.0, 0], [2, 0], [0, 2]]), 1 / 2),  # a triangle
    ],
)
def test_iou_of_polygons_as_worked_by_hand(a, b, expected):
    assert polygon_iou(a * 50, b * 50) == pytest.approx(expected, abs=1e-4)
    assert polygon_iou(b * 50, a * 50) == pytest.approx(expected, abs=1e-4)


@given(st.floats(-3, 3), st.floats(-80, 80), st.floats(-80, 80))
def test_iou_does_not_mind_the_winding(angle, dx, dy):
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    a, b = SQUARE * 40, SQUARE * 40 @ turn + [dx, dy]
    iou = polygon_iou(a, b)
    assert 0 <= iou <= 1 + 1e-6
    assert polygon_iou(a[::-1], b) == pytest.approx(iou, abs=1e-4)
    assert polygon_iou(a, b[::-1]) == pytest.approx(iou, abs=1e-4)


def test_area_is_positive_and_its_sign_tells_the_winding():
    assert signed_area(SQUARE) == pytest.approx(4)  # clockwise on screen
    assert signed_area(SQUARE[::-1]) == pytest.approx(-4)
    assert polygon_area(SQUARE[::-1]) == pytest.approx(4)


def test_convex_means_strictly_and_uncrossed():
    assert is_convex(SQUARE)
    assert is_convex(SQUARE[::-1])
    assert not is_convex(SQUARE[[0, 2, 1, 3]])  # a bow tie
    assert not is_convex(np.array([[0.0, 0], [1, 0], [2, 0], [1, 2]]))  # three in line
    assert not is_convex(np.array([[0.0, 0], [2, 0], [0.5, 0.5], [0, 2]]))  # a dart


@pytest.mark.parametrize("quad", [SQUARE, SQUARE[::-1]])
def test_inside_and_on_the_border_are_contained(quad):
    assert contains(quad, (1.0, 0.5))
    assert contains(quad, (2.0, 1.0))
    assert not contains(quad, (2.1, 1.0))


def test_the_width_of_a_quad_is_the_mean_of_top_and_bottom():
    assert mean_width(np.array([[0.0, 0], [3, 4], [9, 10], [0, 10]])) == pytest.approx((5 + 9) / 2)


def pattern(width: int = 60, height: int = 40) -> np.ndarray:
    return np.random.default_rng(3).integers(0, 256, (height, width, 3), dtype=np.uint8)


def test_a_warp_by_whole_pixels_keeps_every_pixel():
    pixels = pattern()
    shifted = warp(pixels, np.array([[1.0, 0, -7], [0, 1, -5], [0, 0, 1]]), (30, 20))
    assert np.array_equal(shifted, pixels[5:25, 7:37])


def test_a_warp_by_a_quarter_turn_keeps_every_pixel():
    pixels = pattern()
    # (x, y) → (39 − y, x): clockwise on screen.
    turned = warp(pixels, np.array([[0.0, -1, 39], [1, 0, 0], [0, 0, 1]]), (40, 60))
    assert np.array_equal(turned, np.rot90(pixels, -1))


@pytest.mark.parametrize("shrink", [1.3, 1.7, 4.0, 9.0])
def test_a_shrunk_picture_stays_registered(shrink):
    y, x = np.mgrid[0:900, 0:1200]
    spots = [(301.0, 202.0), (903.0, 151.0), (620.0, 700.0)]
    light = sum(np.exp(-((x - u) ** 2 + (y - v) ** 2) / (2 * (2.5 * shrink) ** 2)) for u, v in spots)
    pixels = np.repeat((light * 250).astype(np.uint8)[..., None], 3, axis=2)
    homography = np.array([[1 / shrink, 0.02, -3], [-0.02, 1 / shrink, 9], [1e-5, 0, 1]])
    size_wh = (round(1200 / shrink), round(900 / shrink))
    small = warp(pixels, homography, size_wh)[..., 0].astype(float)
    assert small.shape == size_wh[::-1]
    for u, v in apply_homography(homography, np.array(spots)):
        ys, xs = np.mgrid[round(v) - 9 : round(v) + 10, round(u) - 9 : round(u) + 10]
        weight = small[ys, xs]
        centre = (weight * xs).sum() / weight.sum(), (weight * ys).sum() / weight.sum()
        assert np.hypot(centre[0] - u, centre[1] - v) < 0.2


def test_a_shrunk_picture_does_not_alias():
    stripes = np.zeros((800, 800, 3), dtype=np.uint8)
    stripes[:, ::3] = 255  # finer than a quarter-size picture can show: a mean of 85
    small = warp(stripes, np.diag([0.23, 0.23, 1.0]), (184, 184))[5:-5, 5:-5]
    aliased = cv2.warpPerspective(stripes, np.diag([0.23, 0.23, 1.0]), (184, 184), flags=cv2.INTER_CUBIC)[5:-5, 5:-5]
    assert aliased.std() > 50
    assert small.std() < 12
    assert small.mean() == pytest.approx(85, abs=3)


def test_beyond_the_border_the_border_goes_on():
    pixels = np.full((20, 20, 3), 90, dtype=np.uint8)
    assert (warp(pixels, np.array([[1.0, 0, 50], [0, 1, 50], [0, 0, 1]]), (40, 40)) == 90).all()


def box(x0: float, y0: float, x1: float, y1: float) -> np.ndarray:
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])


def test_share_inside_of_a_worked_example() -> None:
    card = box(10, 10, 30, 20)
    assert share_inside(card, box(0, 0, 40, 40)) == 1
    assert share_inside(card, box(0, 0, 15, 40)) == pytest.approx(0.25)
    assert share_inside(card[::-1], box(0, 0, 15, 40), box(0, 15, 40, 40)) == pytest.approx(0.125)
    assert share_inside(card, box(30, 0, 40, 40)) == 0


@pytest.mark.parametrize("size_wh", [(20, 15), (41, 27), (61, 64)])
def test_a_thumbnail_is_the_area_average_that_opencv_gives(size_wh):
    pixels = np.random.default_rng(1).integers(0, 256, (333, 257, 3), dtype=np.uint8)
    wanted = cv2.resize(pixels, size_wh, interpolation=cv2.INTER_AREA)
    off = np.abs(thumbnail(pixels, size_wh).astype(int) - wanted)
    assert off.max() <= 1
    assert (off > 0).mean() < 0.01


def test_a_boxs_corners_begin_at_its_top_left_and_go_round_as_a_quad_does():
    assert corners((1, 2, 30, 4)).tolist() == [[1, 2], [31, 2], [31, 6], [1, 6]]
