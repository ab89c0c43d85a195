import numpy as np
import pytest

from kyc_vision.card.heatmaps import HEAT_PX, MIN_PEAK, SIDE, VOTE_PX, VOTE_UNIT_PX, decode

QUAD = np.array([[60.3, 80.1], [190.7, 90.2], [184.4, 171.9], [55.5, 160.6]])
CARD, MIRRORED = np.array([9.0, -6.0, 5.0, 0.0, 0.0, 0.0]), np.array([9.0, 6.0, 0.0, 0.0, 5.0, 0.0])


def logit(probability: np.ndarray) -> np.ndarray:
    clipped = np.clip(probability, 1e-6, 1 - 1e-6)
    return np.log(clipped / (1 - clipped)).astype(np.float32)


def outputs(quad: np.ndarray, heated: tuple[int, ...] = (0, 1, 2, 3)) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What a perfect network says: a Gaussian a corner, the card's area, and votes (wrong beside the card)."""
    n, v = SIDE // HEAT_PX, SIDE // VOTE_PX
    y, x = np.mgrid[0:n, 0:n] * HEAT_PX + (HEAT_PX - 1) / 2
    heat = np.zeros((4, n, n))
    for corner in heated:
        away2 = (x - quad[corner, 0]) ** 2 + (y - quad[corner, 1]) ** 2
        heat[corner] = np.exp(-away2 / (2 * (1.2 * HEAT_PX) ** 2))
    low, high = quad.min(axis=0), quad.max(axis=0)
    mask = ((x > low[0]) & (x < high[0]) & (y > low[1]) & (y < high[1])).astype(float)
    vy, vx = np.mgrid[0:v, 0:v] * VOTE_PX + (VOTE_PX - 1) / 2
    votes = np.concatenate([[(p[0] - vx) / VOTE_UNIT_PX, (p[1] - vy) / VOTE_UNIT_PX] for p in quad])
    outside = (vx < low[0]) | (vx > high[0]) | (vy < low[1]) | (vy > high[1])
    votes[:, outside] = 3.0
    return logit(heat), logit(mask), votes.astype(np.float32)


def test_corners_are_found_between_cells() -> None:
    coarse = decode(*outputs(QUAD), CARD)
    assert coarse.quad == pytest.approx(QUAD, abs=0.3)
    assert (coarse.peaks > 0.8).all()


def test_a_corner_without_heat_is_put_by_the_votes_also_outside_the_picture() -> None:
    outside = QUAD + np.array([110.0, 0.0])
    heat, mask, votes = outputs(outside, heated=(0, 3))
    coarse = decode(heat, mask, votes, CARD)
    assert outside[1, 0] > SIDE
    assert coarse.quad == pytest.approx(outside, abs=0.5)
    assert coarse.peaks[1] < MIN_PEAK < coarse.peaks[0]


def test_heat_far_from_the_votes_is_another_things_corner() -> None:
    heat, mask, votes = outputs(QUAD)
    heat[0] = logit(np.zeros(heat[0].shape))
    heat[0, 60, 60] = 5.0
    assert decode(heat, mask, votes, CARD).quad[0] == pytest.approx(QUAD[0], abs=0.5)


def test_flags_become_probabilities() -> None:
    coarse = decode(*outputs(QUAD), MIRRORED)
    assert coarse.presence == pytest.approx(0.99988, abs=1e-4)
    assert coarse.mirrored == pytest.approx(0.99753, abs=1e-4)
    assert coarse.turns.sum() == pytest.approx(1.0)
    assert coarse.turns.argmax() == 2


def test_a_picture_without_a_card_still_gives_an_answer_with_low_presence() -> None:
    n, v = SIDE // HEAT_PX, SIDE // VOTE_PX
    empty = np.full((4, n, n), -9, np.float32), np.full((n, n), -9, np.float32), np.zeros((8, v, v), np.float32)
    coarse = decode(*empty, np.array([-6.0, 0, 0, 0, 0, 0], np.float32))
    assert coarse.presence < 0.01
    assert np.isfinite(coarse.quad).all()
