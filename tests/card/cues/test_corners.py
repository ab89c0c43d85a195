"""Round corners are a card's, square ones a copy's."""

from __future__ import annotations

import numpy as np
import pytest

from kyc_vision.card.cues.corners import card_corners
from tests.card.cues.held_up import CARD, QUAD, Look, around


def test_square_corners_score_above_round_ones() -> None:
    square, round_ = (card_corners(around(Look(radius_mm=r)), 480.0).score for r in (0.01, 3.18))
    assert square is not None
    assert round_ is not None
    assert square > 0.5
    assert round_ < -0.5


@pytest.mark.parametrize("off", [(4.0, 3.0), (-4.0, 2.0)])
def test_an_outline_found_a_little_off_does_not_matter(off: tuple[float, float]) -> None:
    """The card is drawn 0.9 mm off where it is said to be."""
    said = (QUAD + np.array(off)).astype(np.float32)
    round_, square = (card_corners(around(Look(radius_mm=r), said=said), 480.0).score for r in (3.18, 0.01))
    assert round_ is not None
    assert square is not None
    assert round_ < -0.5 < 0.5 < square


def test_clothes_of_the_card_s_own_colour_cannot_tell() -> None:
    shirt = np.full((1000, 1000, 3), CARD, np.uint8)
    assert card_corners(around(Look(), shirt), 480.0).score is None


def test_a_small_card_cannot_tell() -> None:
    assert card_corners(around(Look()), 200.0).score is None
