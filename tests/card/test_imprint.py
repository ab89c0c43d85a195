import numpy as np
import pytest

from kyc_vision import layout
from kyc_vision.card.alignment import align
from kyc_vision.card.imprint import Imprint, imprint
from tests.card.drawn import draw_card, held_at, hold

QUAD = held_at()


@pytest.mark.parametrize("wrapped", layout.WRAPS)
def test_the_labels_column_tells_which_rows_wrap(wrapped: tuple[str, ...]) -> None:
    found = imprint(hold(draw_card(wrapped), QUAD), QUAD)
    assert found.wrapped == wrapped
    assert found.score > 0.7


@pytest.mark.parametrize("way", [(2, 3, 0, 1), (1, 0, 3, 2), (3, 2, 1, 0)])
def test_a_print_that_is_turned_or_mirrored_does_not_agree(way: tuple[int, ...]) -> None:
    picture = hold(draw_card(), QUAD)
    assert imprint(picture, QUAD[list(way)]).score < imprint(picture, QUAD).score - 0.1


def test_an_empty_card_has_no_print() -> None:
    found = imprint(np.full((900, 900, 3), 200, np.uint8), QUAD)
    assert found.score < 0.1
    assert align(found) is None


@pytest.mark.parametrize("float_mm", [(0.0, 0.0), (0.8, -0.5), (-0.7, 0.4)])
def test_the_prints_float_is_measured_to_a_fifth_of_a_millimetre(float_mm: tuple[float, float]) -> None:
    alignment = align(imprint(hold(draw_card(float_mm=float_mm), QUAD), QUAD))
    assert alignment is not None
    assert alignment.offset_mm == pytest.approx(float_mm, abs=0.2)
    assert alignment.bend_mm < 0.3
    assert alignment.marks >= 12


def test_a_side_that_is_wrong_by_three_hundredths_shows_as_a_bend() -> None:
    picture = hold(draw_card(), QUAD)
    wrong = QUAD.copy()
    wrong[1:3] += 0.03 * (QUAD[1] - QUAD[0])
    alignment = align(imprint(picture, wrong))
    assert alignment is not None
    # The right side moves by 2.6 mm; half of it is a shift of the middle, half a stretch.
    assert alignment.bend_mm == pytest.approx(1.3, abs=0.35)


def marks(matrix: np.ndarray, shift: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    places = np.array([[x, y] for x in (2.6, 7.2, 40.0, 75.0) for y in (10.0, 25.0, 45.0)])
    return places @ matrix.T + shift, places


def test_an_affine_map_is_found_from_its_landmarks_although_some_are_wrong_or_lines() -> None:
    matrix, shift = np.array([[1.01, 0.004], [-0.003, 0.99]]), np.array([0.4, -0.3])
    found, places = marks(matrix, shift)
    found[3] += [0.0, 6.0]
    found[5, 0] = np.nan
    alignment = align(Imprint(0.9, (), found, places))
    assert alignment is not None
    # The pull towards no linear part costs a few per cent of it.
    assert alignment.places_to_found[:, :2] == pytest.approx(matrix, abs=2e-3)
    centre = np.array(layout.CARD_WH_MM) / 2
    assert alignment.offset_mm == pytest.approx(tuple(matrix @ centre + shift - centre), abs=0.1)
    assert alignment.marks in {11, 12}


def test_too_few_landmarks_say_nothing() -> None:
    found, places = marks(np.eye(2), np.zeros(2))
    assert align(Imprint(0.9, (), found[:5], places[:5])) is None
