"""The interval that draws people, on numbers worked by hand, and caught with bugs planted in its source."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from benchmarks import bootstrap
from benchmarks.metrics import wilson

SOURCE = Path(bootstrap.__file__).read_text(encoding="utf-8")
Check = Callable[[ModuleType], None]


def like_people_leave_no_doubt(m: ModuleType) -> None:
    # Everybody has two pictures, one of them right: whoever is drawn, it is one half.
    flags, people = np.array([True, False] * 5), [who for who in "abcde" for _ in range(2)]
    assert m.people_bounds(flags, people) == (0.5, 0.5)


def two_people_one_right_one_wrong(m: ModuleType) -> None:
    # Of two draws both are the wrong one, or the right one, a quarter of the time each: more than 2.5 %.
    assert m.people_bounds(np.array([True, True, False]), ["a", "a", "b"]) == (0.0, 1.0)


def all_pictures_of_a_person_come_along(m: ModuleType) -> None:
    # 8 people, 4 of them right in all of their 10 pictures: X of 8 draws, binomial with 1/2. P(X = 0) = 0.0039 and
    # P(X <= 1) = 0.0352, so the 2.5 % quantile is 1 of 8; the other end mirrors it.
    flags, people = np.repeat([True, False], 40), [str(i // 10) for i in range(80)]
    assert m.people_bounds(flags, people) == (0.125, 0.875)
    low, high = wilson(40, 80)
    assert low > 0.39
    assert high < 0.61


def order_of_the_pictures_does_not_matter(m: ModuleType) -> None:
    flags, people = np.repeat([True, False], 40), np.array([str(i // 10) for i in range(80)])
    mixed = np.random.default_rng(3).permutation(80)
    assert m.people_bounds(flags[mixed], people[mixed].tolist()) == (0.125, 0.875)


def rates_are_pooled_over_the_pictures(m: ModuleType) -> None:
    # 9 of 9 and 0 of 1: drawn twice 1, once each 9 of 10 (not the mean of 1 and 0), never 0; 1/4, 1/2, 1/4.
    shares, times = np.unique(m.redrawn(np.array([9.0, 0.0]), np.array([9.0, 1.0])), return_counts=True)
    assert shares.tolist() == [0.0, 0.9, 1.0]
    assert times.sum() == 2000
    # Standard deviation of a count of 2,000 with a chance of 1/4: 19.4.
    assert times.tolist() == pytest.approx([500, 1000, 500], abs=80)


def one_person_says_nothing(m: ModuleType) -> None:
    assert m.people_bounds(np.array([True, True]), ["a", "a"]) == (0.0, 1.0)
    assert m.people_bounds(np.array([], dtype=bool), []) == (0.0, 1.0)


def stands_beside_the_wilson_interval(m: ModuleType) -> None:
    # 5 of 10, as in test_metrics: 0.23659 to 0.76341.
    found = m.rate_by_people([True, False] * 5, [who for who in "abcde" for _ in range(2)])
    assert (found["hits"], found["n"], found["rate"]) == (5, 10, 0.5)
    assert (found["low"], found["high"]) == pytest.approx((0.23659, 0.76341), abs=1e-5)
    assert found["people"] == {"low": 0.5, "high": 0.5, "clusters": 5}


def same_answer_each_time(m: ModuleType) -> None:
    hits, cases = np.arange(20.0), np.full(20, 20.0)
    assert m.redrawn(hits, cases).tolist() == m.redrawn(hits, cases).tolist()


#: check, what stands in the source, the bug that is planted there.
BUGS: tuple[tuple[Check, str, str], ...] = (
    (like_people_leave_no_doubt, "np.bincount(at, weights=w)", "np.asarray(w)"),
    (two_people_one_right_one_wrong, "(times @ cases)", "k"),
    (all_pictures_of_a_person_come_along, "[2.5, 97.5]", "[5, 95]"),
    (all_pictures_of_a_person_come_along, "multinomial(k, np", "multinomial(len(cases) * 10, np"),
    (order_of_the_pictures_does_not_matter, "np.bincount(at, weights=w)", "np.bincount(np.sort(at), weights=w)"),
    (rates_are_pooled_over_the_pictures, "(times @ hits) / (times @ cases)", "times @ (hits / cases) / k"),
    (one_person_says_nothing, "if len(cases) < 2:", "if len(cases) < 1:"),
    (stands_beside_the_wilson_interval, "len(set(people))", "len(people)"),
    (same_answer_each_time, "default_rng(SEED)", "default_rng()"),
)  # fmt: skip
CHECKS = tuple(dict.fromkeys(check for check, _, _ in BUGS))


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_interval_is_as_worked_by_hand(check):
    check(bootstrap)


@pytest.mark.parametrize(("check", "right", "wrong"), BUGS, ids=lambda part: getattr(part, "__name__", part))
def test_planted_bug_is_caught(check, right, wrong):
    assert right in SOURCE, "the source has changed: plant the bug anew"
    broken = ModuleType("benchmarks.bootstrap")
    exec(compile(SOURCE.replace(right, wrong), "planted", "exec"), broken.__dict__)
    with pytest.raises(AssertionError):
        check(broken)
