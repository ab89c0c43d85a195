import numpy as np
import pytest

from benchmarks.curves import LEAST, MOST, curve

RNG = np.random.default_rng(4)
GENUINE, ATTACK = RNG.normal(0, 1, 4000), RNG.normal(2, 1, 4000)


def test_the_curve_of_two_bells_is_the_straight_line_of_their_ratio():
    found = curve(GENUINE, [ATTACK])
    assert found is not None
    # ln N(2, 1) / N(0, 1) = 2x − 2, bounded.
    for score in (0.4, 1.0, 1.6, 2.2):
        assert found.at(score) == pytest.approx(2 * score - 2, abs=0.35)
    assert found.at(-9) == LEAST
    assert 2.5 < found.at(9) <= MOST


def test_the_curve_never_falls_even_where_the_counts_do():
    found = curve(np.concatenate([GENUINE, np.full(200, 9.0)]), [ATTACK])
    assert found is not None
    assert list(found.ratios) == sorted(found.ratios)


def test_no_curve_from_a_handful():
    assert curve(GENUINE[:9], [ATTACK]) is None
    assert curve(GENUINE, [ATTACK[:5], ATTACK[:4]]) is None


def test_a_cue_that_tells_nothing_weighs_nothing():
    found = curve(GENUINE, [RNG.normal(0, 1, 4000)])
    assert found is not None
    assert max(abs(r) for r in found.ratios) < 0.5


def test_a_cue_that_alarms_on_untouched_photographs_weighs_little():
    found = curve(GENUINE, [ATTACK], RNG.normal(2, 1, 400))
    assert found is not None
    assert max(found.ratios) < 0.5
    quiet = curve(GENUINE, [ATTACK], RNG.normal(-1, 1, 400))
    assert quiet is not None
    assert max(quiet.ratios) > 2.5


def test_each_way_of_making_an_attack_weighs_the_same():
    rare, common = RNG.normal(6, 0.1, 20), RNG.normal(0, 1, 2000)
    found = curve(GENUINE, [rare, common])
    assert found is not None
    # Pooled, twenty of two thousand would weigh less than nothing.
    assert found.at(6.0) > 2.5
