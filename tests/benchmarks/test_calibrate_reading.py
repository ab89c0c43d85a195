"""Fitting the readers' confidence on records made by hand."""

import math

import pytest

from benchmarks.calibrate_reading import fitted, held_against
from benchmarks.reading_page import Record
from kyc_vision.ocr.confidence import log_odds


def record(seed: int, right: bool, confidence: float, way: str = "agree", name: str = "name") -> Record:
    return Record(seed, name, "medium", 400.0, True, right, right, confidence, way, 0)


def told(line: list[float], confidence: float) -> float:
    intercept, slope, highest = line
    return min(highest, 1 / (1 + math.exp(-(intercept + slope * log_odds(confidence)))))


def many(rate_of: dict[float, float], n: int = 200) -> list[Record]:
    return [record(i, i < rate * n, sure) for sure, rate in rate_of.items() for i in range(n)]


def test_a_reader_that_claims_too_much_is_believed_less():
    line = fitted(many({0.99: 0.9, 0.9: 0.6, 0.5: 0.2}), "name", "agree")["line"]
    assert told(line, 0.99) == pytest.approx(0.9, abs=0.04)
    assert told(line, 0.5) == pytest.approx(0.2, abs=0.06)


def test_what_was_always_right_is_not_said_to_be_certain():
    line = fitted(many({0.999: 1.0, 0.99: 1.0}), "name", "agree")["line"]
    assert told(line, 0.999) == pytest.approx(401 / 402, abs=1e-4)


def test_too_few_of_a_kind_are_fitted_with_the_others():
    rows = [*many({0.99: 0.9, 0.5: 0.3}), *(record(i, True, 0.9, name="birth_date") for i in range(5))]
    assert not fitted(rows, "birth_date", "agree")["own"]
    assert fitted(rows, "name", "agree")["own"]


def test_a_number_that_tells_nothing_gives_one_rate():
    line = fitted(many({0.99: 0.5, 0.9: 0.8}), "name", "agree")["line"]
    assert line[1] == 0.0
    assert told(line, 0.99) == told(line, 0.1)


def test_the_report_weighs_what_was_told_against_what_was_right():
    lines = {"name/agree": {"line": [0.0, 1.0, 1.0]}}
    found = held_against(many({0.9: 0.7}, 100), "name", lines)
    assert found["n"] == 100
    assert found["reliability_error"] == pytest.approx(0.2, abs=1e-3)
