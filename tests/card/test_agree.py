import cv2
import numpy as np
import pytest

from kyc_vision import layout
from kyc_vision.card.agree import bring_together
from kyc_vision.geometry import apply_homography, homography_from_points, mean_width, polygon_iou
from kyc_vision.types import Quad
from tests.card.drawn import TABLE, draw_card, held_at, hold

QUAD = held_at()


def worst(found: Quad, quad: Quad = QUAD) -> float:
    """Error of the worst corner as a share of the card's width."""
    return float(np.linalg.norm(found - quad, axis=1).max() / mean_width(quad))


def off(share: float, seed: int) -> Quad:
    shift = np.random.default_rng(seed).normal(0, share * mean_width(QUAD), (4, 2))
    return np.asarray(QUAD + shift, dtype=np.float32)


@pytest.mark.parametrize("seed", range(6))
def test_a_coarse_outline_comes_to_half_a_hundredth_of_the_true_one(seed: int) -> None:
    found = bring_together(hold(draw_card(float_mm=(0.6, -0.3)), QUAD), off(0.012, seed))
    assert found.edges == 4
    assert type(found.edges) is int  # JSON knows no other
    assert worst(found.quad) < 0.006


def test_a_covered_side_is_put_where_the_print_and_the_opposite_side_say() -> None:
    picture = hold(draw_card(float_mm=(0.7, 0.0)), QUAD)
    # A hand of the table's colour lies over the right edge, from 4 mm inside the card on.
    inward = QUAD[[1, 2]] - 0.05 * (QUAD[[1, 2]] - QUAD[[0, 3]])
    outward = QUAD[[2, 1]] + 0.5 * (QUAD[[2, 1]] - QUAD[[3, 0]])
    cv2.fillConvexPoly(picture, np.rint(np.vstack([inward, outward])).astype(np.int32), TABLE)
    found = bring_together(picture, off(0.008, 1))
    assert found.edges == 3
    assert worst(found.quad) < 0.012


def test_a_frame_around_the_card_is_not_taken_for_its_edge() -> None:
    card = draw_card()
    framed = cv2.copyMakeBorder(card, 36, 36, 36, 36, cv2.BORDER_CONSTANT, value=(190, 215, 240))
    to_picture = homography_from_points(layout.outline_mm(), QUAD)
    outer = apply_homography(to_picture, layout.outline_mm() + 3.0 * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]))
    picture = hold(cv2.resize(framed, card.shape[1::-1], interpolation=cv2.INTER_AREA), outer.astype(np.float32))
    found = bring_together(picture, off(0.008, 2))
    # The paper's edge lies 3 mm outside: the print says that it is not the card's.
    assert polygon_iou(found.quad, QUAD) > 0.96


def test_without_a_print_the_edges_stand_alone() -> None:
    blank = np.full_like(draw_card(), (190, 215, 240))
    found = bring_together(hold(blank, QUAD), off(0.012, 3))
    assert found.alignment is None
    assert found.edges == 4
    assert type(found.edges) is int  # JSON knows no other
    assert worst(found.quad) < 0.006
