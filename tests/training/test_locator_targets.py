"""The locator's targets on quads worked by hand, and back through the product's decoder."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from kyc_vision.card.heatmaps import decode
from samples.pool import Truth
from training.locator.targets import targets

# 64 × 40 px. TL lies at the centre of heat cell (10, 20): px 4 · 10 + 1.5 and 4 · 20 + 1.5.
LEVEL = np.array([[41.5, 81.5], [105.5, 81.5], [105.5, 121.5], [41.5, 121.5]], dtype=np.float32)


def truth(quad: NDArray[np.float32] | None, mirrored: bool = False, visible: float = 1.0) -> Truth:
    return Truth("genuine", quad, None, mirrored, False, 0.0, visible)


def logits(shares: NDArray[np.float32]) -> NDArray[np.float32]:
    inside = np.clip(shares, 1e-6, 1 - 1e-6)
    return np.log(inside / (1 - inside)).astype(np.float32)


def decoded(quad: NDArray[np.float32], mirrored: bool = False) -> NDArray[np.float32]:
    wanted = targets(truth(quad, mirrored))
    return decode(logits(wanted.heat), logits(wanted.mask[0]), wanted.votes, np.zeros(6, np.float32)).quad


def turned(degrees: float, width: float, middle: tuple[float, float], mirrored: bool = False) -> NDArray[np.float32]:
    half = np.array([[-1, -0.63], [1, -0.63], [1, 0.63], [-1, 0.63]]) * width / 2
    if mirrored:
        half[:, 0] *= -1
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return (half @ np.array([[c, s], [-s, c]]) + middle).astype(np.float32)


def test_a_corner_at_a_cells_centre_is_one_there_and_falls_by_the_gaussian() -> None:
    heat = targets(truth(LEVEL)).heat
    assert heat.shape == (4, 64, 64)
    assert heat[0, 20, 10] == 1
    assert heat[0, 20, 11] == pytest.approx(np.exp(-1 / 2.88), abs=1e-6)  # 2 · 1.2² = 2.88
    assert heat[0, 22, 11] == pytest.approx(np.exp(-5 / 2.88), abs=1e-6)


def test_a_corner_between_cells_weighs_its_neighbours_by_their_distance() -> None:
    heat = targets(truth(LEVEL + np.array([1, 2], dtype=np.float32))).heat[0]  # 0.25 and 0.5 cells on
    assert np.unravel_index(int(heat.argmax()), heat.shape) in ((20, 10), (21, 10))
    assert heat[20, 10] == pytest.approx(np.exp(-(0.25**2 + 0.5**2) / 2.88), abs=1e-6)
    assert heat[21, 10] == pytest.approx(heat[20, 10], abs=1e-6)
    assert heat[20, 11] == pytest.approx(np.exp(-(0.75**2 + 0.5**2) / 2.88), abs=1e-6)


def test_each_corner_has_the_map_of_its_place_on_the_print() -> None:
    heat = targets(truth(LEVEL)).heat
    peaks = [np.unravel_index(int(one.argmax()), one.shape) for one in heat]
    assert peaks == [(20, 10), (20, 26), (30, 26), (30, 10)]
    upside_down = targets(truth(LEVEL[[2, 3, 0, 1]])).heat
    np.testing.assert_array_equal(upside_down[0], heat[2])


def test_a_corner_outside_the_frame_has_no_heat_and_is_still_voted_for() -> None:
    wanted = targets(truth(LEVEL - np.array([60, 0], dtype=np.float32)))
    assert wanted.heat[0].max() == 0
    assert wanted.heat[3].max() == 0
    assert wanted.heat[1].max() > 0.9
    assert wanted.votes[0, 6, 1] == pytest.approx((-18.5 - 23.5) / 64)


def test_votes_are_offsets_from_the_cells_centre_in_units_of_64_px() -> None:
    votes = targets(truth(LEVEL)).votes
    # Row 6, column 4: its centre lies at px (16 · 4 + 7.5, 16 · 6 + 7.5) = (71.5, 103.5).
    expected = [(41.5 - 71.5), (81.5 - 103.5), (105.5 - 71.5), (81.5 - 103.5)]
    expected += [(105.5 - 71.5), (121.5 - 103.5), (41.5 - 71.5), (121.5 - 103.5)]
    np.testing.assert_allclose(votes[:, 6, 4], np.array(expected) / 64, atol=1e-6)


def test_votes_weigh_one_on_the_card_little_beside_it_and_nothing_away() -> None:
    weight = targets(truth(LEVEL)).vote_weight
    assert weight[6, 4] == 1  # px 64–80, 96–112: wholly on the card
    assert weight[5, 4] == pytest.approx(14 / 16, abs=0.01)  # rows 80–95, of which the card covers those from 82 on
    assert weight[4, 4] == pytest.approx(0.15 * 14 / 16, abs=0.002)  # above the card; its neighbour below is on it
    assert weight[2, 4] == 0


def test_the_mask_holds_the_cards_area() -> None:
    mask = targets(truth(LEVEL)).mask
    assert mask.shape == (1, 64, 64)
    assert float(mask.sum()) * 16 == pytest.approx(64 * 40, rel=0.03)
    assert mask[0, 25, 20] == 1
    assert mask[0, 25, 5] == 0


def test_without_a_card_all_targets_are_nothing() -> None:
    wanted = targets(truth(None))
    assert (wanted.presence, wanted.there, wanted.weight) == (0, 0, 1)
    for array in (wanted.heat, wanted.mask, wanted.votes, wanted.vote_weight):
        assert not array.any()


def test_another_document_is_placed_like_a_card_but_is_no_ektp() -> None:
    document, card = targets(Truth("other_document", None, LEVEL, False, False, 0.0, 0.0)), targets(truth(LEVEL))
    assert (document.presence, document.there, document.weight) == (0, 1, 1)
    assert np.array_equal(document.heat, card.heat)
    assert np.array_equal(document.votes, card.votes)


def test_a_card_of_which_little_is_seen_counts_little() -> None:
    assert targets(truth(LEVEL, visible=0.9)).weight == 1
    assert targets(truth(LEVEL, visible=0.15)).weight == pytest.approx(0.5)
    assert targets(truth(LEVEL, visible=0.01)).weight == pytest.approx(0.1)


@pytest.mark.parametrize("degrees", [0, 37, 90, 180, 251])
@pytest.mark.parametrize("mirrored", [False, True])
def test_the_decoder_gives_back_what_the_targets_say(degrees: float, mirrored: bool) -> None:
    for width, middle in ((30, (120.3, 97.6)), (90, (140.0, 121.7)), (150, (127.5, 127.5))):
        quad = turned(degrees, width, middle, mirrored)
        np.testing.assert_allclose(decoded(quad, mirrored), quad, atol=0.3)
        assert targets(truth(quad, mirrored)).turns == round(degrees / 90) % 4


@pytest.mark.parametrize("degrees", [10, 190])
def test_the_decoder_gives_back_corners_outside_the_frame(degrees: float) -> None:
    quad = turned(degrees, 160, (30.0, 120.0))
    assert quad.min() < -20
    np.testing.assert_allclose(decoded(quad), quad, atol=0.3)
