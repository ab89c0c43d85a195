"""The figures of reading on records made by hand."""

import pytest

from benchmarks.reading_page import Record, Times, page, reliability, said, table


def record(seed: int, right: bool, confidence: float = 0.99, name: str = "nik", width: float = 350.0) -> Record:
    return Record(seed, name, "medium", width, True, right, right, confidence, "agree", 0)


def test_rates_are_counted_by_width_with_an_interval_over_the_wide_ones():
    rows = [record(1, True), record(2, False), record(3, True, width=290.0), record(4, True, width=900.0)]
    line = next(line for line in table(rows).splitlines() if line.startswith("| nik"))
    assert line.split("|")[2:-3] == [" 100.0 % (1/1) ", " 50.0 % (1/2) ", " – ", " 100.0 % (1/1) "]
    assert "66.7 % (2/3) (20.8–93.9)" in line


def test_what_is_beyond_counts_by_difficulty_only():
    lost = Record(5, "nik", "beyond", 350.0, False, False, False, 0.0, "", 0)
    text = table([record(1, True), lost])
    assert "100.0 % (1/1) (20.7" in text
    assert "| beyond | 1 | 0.0 % (0/1), 0" in text


def test_the_reliability_error_weighs_each_bin_by_what_is_in_it():
    rows = [record(seed, seed < 8, 0.95) for seed in range(10)] + [record(10, True, 0.55), record(11, False, 0.55)]
    error, n, bins = reliability(rows, "nik")
    assert n == 12
    assert error == pytest.approx((10 * abs(0.95 - 0.8) + 2 * abs(0.55 - 0.5)) / 12)
    assert [count for _, _, count in bins] == [2, 10]


def test_a_sure_wrong_nik_is_counted():
    text = said([record(1, True), record(2, False), record(3, False, 0.5)], [Times(10.0, 40.0), Times(20.0, 60.0)])
    assert "NIKs stated at 0.98 or more: 2 of 3, wrong 1" in text
    assert "the four of a verdict: p50 15 ms" in text


def test_the_page_names_what_made_it():
    text = page([record(1, True)], [Times(1.0, 2.0)], "python -m benchmarks.reading --n 1 --seed 5")
    assert text.startswith("## Reading, cards alone")
    assert "--seed 5" in text
    assert "row_reader" in text
