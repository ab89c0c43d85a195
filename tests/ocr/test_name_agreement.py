import json

import pytest

from kyc_vision.ocr.name_agreement import PROBABILITY, Agreement, NameOutcome
from kyc_vision.ocr.names import compare
from kyc_vision.weights import MODELS

MEASURED = json.loads((MODELS / "name_calibration.json").read_text(encoding="utf-8"))


def test_the_probabilities_are_those_that_were_measured():
    assert {one.value: PROBABILITY[one] for one in Agreement} == MEASURED["probability"]


def test_no_probability_is_certainty_and_a_better_agreement_has_a_higher_one():
    told = [PROBABILITY[one] for one in Agreement]
    assert all(0 < one < 1 for one in told)
    assert told == sorted(set(told), reverse=True)


def test_a_better_agreement_has_no_worse_outcome():
    order = list(NameOutcome)
    places = [order.index(one.outcome) for one in Agreement]
    assert places == sorted(places)
    assert set(places) == {0, 1, 2}


def test_the_table_holds_on_words_that_it_was_not_fitted_on():
    report = MEASURED["report"]
    assert report["ece"] < 0.01
    assert report["log loss"] < report["log loss of a logistic model of outcome, similarity and counts"]
    for one in report["agreements"].values():
        # 0.03 beyond the interval: words differ between the halves by more than pairs do.
        assert one["low"] - 0.03 < one["told"] < one["high"] + 0.03


@pytest.mark.parametrize("name", ["BUDI SANTOSO", "SITI NURHALIZA", "MUHAMMAD RIDWAN KAMIL"])
def test_the_same_is_likelier_than_close_and_close_than_different(name):
    first = name.split()[0]
    same, close = compare(name.lower(), name), compare(first, name)
    different = compare(f"{first} WIJAYANTI", name)
    assert [one.outcome for one in (same, close, different)] == list(NameOutcome)
    assert same.probability > close.probability > 0.5 > different.probability
