from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_vision.confidence import ConfidenceModel, Parts
from kyc_vision.types import Check, FaceNotFound, NotRead, Outcome, Suspicion
from kyc_vision.weights import MODELS
from tests.fakes import card_fields, evidence, face_match, quiet, read_field

MODEL = ConfidenceModel(0.02, 0.01, 0.0, 1.0, "d")
GOOD = Parts(0.999, 0.99, 0.98, False)
unit = st.floats(0, 1)
parts = st.builds(Parts, unit, unit, unit, st.booleans())
odds = st.lists(st.floats(0, 1e6), min_size=11, max_size=11)


def suspicions(values: list[float]) -> tuple[Suspicion, ...]:
    return tuple(replace(one, odds=value) for one, value in zip(quiet(), values, strict=True))


def confidence(known: Parts, values: list[float]) -> float:
    return MODEL.confidence(MODEL.doubts(known, suspicions(values)))


def test_the_doubts_odds_add_and_the_confidence_is_what_remains():
    found = MODEL.doubts(GOOD, quiet(0.001))
    by_cause = {one.cause: one.odds for one in found}
    assert by_cause["another_person"] == pytest.approx(0.02 * 0.001 / 0.999)
    assert by_cause["nik_misread"] == pytest.approx(0.01 / 0.99)
    assert by_cause["name_misread"] == pytest.approx(0.02 / 0.98)
    assert by_cause["colour_copy"] == 0.001
    assert "number_contradicts" not in by_cause
    assert MODEL.confidence(found) == pytest.approx(1 / (1 + sum(by_cause.values())), abs=1e-4)
    assert found[0].cause == "name_misread"


def test_what_the_doubts_take_and_the_confidence_make_one():
    found = MODEL.doubts(replace(GOOD, contradicts=True), quiet(0.01))
    assert sum(one.lost for one in found) + MODEL.confidence(found) == pytest.approx(1, abs=1e-3)


def test_a_number_that_contradicts_the_print_is_a_doubt_of_its_own_weight():
    # 1 of 23 real prints contradicts itself: 0.01 · 23.
    found = MODEL.doubts(replace(GOOD, contradicts=True), quiet())
    assert next(one.odds for one in found if one.cause == "number_contradicts") == pytest.approx(0.23)


@given(parts, odds, unit, st.integers(0, 10))
def test_worse_evidence_never_raises_the_confidence(known, values, worse, attack):
    before = confidence(known, values)
    assert 0 <= before < 1
    for name in ("same_person", "nik_right", "name_right"):
        assert confidence(replace(known, **{name: min(worse, getattr(known, name))}), values) <= before
    assert confidence(replace(known, contradicts=True), values) <= before
    more = [value + worse if i == attack else value for i, value in enumerate(values)]
    assert confidence(known, more) <= before


def test_where_faces_nik_or_name_are_missing_there_is_no_confidence():
    for changes in (
        {"fields": None},
        {"match": FaceNotFound("FACE_NOT_FOUND")},
        {"fields": card_fields(nik=NotRead("OCR_NIK_UNREADABLE"))},
        {"fields": card_fields(name=NotRead("OCR_FIELD_NOT_FOUND"))},
    ):
        missing = Parts.of(evidence(**changes), ())
        assert missing is None
        assert MODEL.doubts(missing, quiet()) == ()
    assert MODEL.confidence(()) == 0


def test_the_parts_are_taken_from_the_evidence():
    found = evidence(
        fields=card_fields(nik=read_field("1", 0.9), name=read_field("B", 0.8)), match=face_match(probability=0.7)
    )
    contradiction = Check("nik_consistent", Outcome.FAIL, reasons=("NIK_SEX_MISMATCH",))
    assert Parts.of(found, ()) == Parts(0.7, 0.9, 0.8, False)
    assert Parts.of(found, (contradiction,)) == Parts(0.7, 0.9, 0.8, True)
    assert Parts.of(found, (replace(contradiction, outcome=Outcome.WARN),)) == Parts(0.7, 0.9, 0.8, False)


@pytest.mark.parametrize(
    "changes", [{"slope": 0.0}, {"slope": -1.0}, {"impostor_odds": 0.0}, {"contradiction_odds": 0.0}]
)
def test_numbers_by_which_a_doubt_could_help_are_refused(changes):
    with pytest.raises(ValueError, match="above 0"):
        replace(MODEL, **changes)


def test_the_committed_numbers_load():
    assert ConfidenceModel.load(MODELS / "calibration.json").digest
