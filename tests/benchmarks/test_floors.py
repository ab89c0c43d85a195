"""The small seeded set against floors.toml, and that a floor notices when a figure falls."""

from __future__ import annotations

import pytest

from benchmarks import floors
from benchmarks.floors import Floor
from samples.difficulty import VERSION

RECALL = {"found": {"hits": 9, "n": 10, "rate": 0.9}, "none": {"hits": 0, "n": 0, "rate": None}}


@pytest.mark.weights
@pytest.mark.timeout(600)
def test_no_figure_has_fallen(tmp_path):
    plan, version, bounds = floors.load()
    assert version == VERSION, "the difficulty table has changed: measure the floors anew (python -m benchmarks.floors)"
    measured = floors.measure(plan, tmp_path)
    fallen = [(floor, floor.rate_in(measured)) for floor in bounds if not floor.holds(measured)]
    assert not fallen


@pytest.mark.parametrize(("at_least", "at_most", "holds"), [(0.9, 1, True), (0.91, 1, False), (0, 0.89, False)])
def test_floor_is_a_bound(at_least, at_most, holds):
    assert Floor(("found",), at_least, at_most, "").holds(RECALL) is holds


def test_figure_without_cases_does_not_hold():
    assert not Floor(("none",), 0.0, 1.0, "").holds(RECALL)


def test_figure_that_is_not_there_is_an_error():
    with pytest.raises(KeyError):
        Floor(("absent",), 0.0, 1.0, "").holds(RECALL)


def test_every_floor_has_a_source_and_can_fall():
    for floor in floors.load()[2]:
        assert floor.source, floor.figure
        assert floor.at_least > 0 or floor.at_most < 1, floor.figure
