"""The JSON contract: outside tools rely on every key here (docs/api.md). Codes and keys are never renamed."""

import json

import pytest

from kyc_vision.report import describe
from kyc_vision.types import (
    CardNotFound,
    Check,
    Decision,
    FaceNotFound,
    NotRead,
    Outcome,
    Verdict,
)
from tests.fakes import ALL_FIELDS, card_fields, evidence, location, read_field, verification

TOP = {
    "decision", "confidence", "card", "fields", "fields_missing", "face", "checks", "reasons", "timings_ms",
    "provenance", "doubts", "suspicions", "nearest_change", "advice",
}  # fmt: skip
#: In the order of the contract.
FIELDS = (
    "nik", "name", "birth_place", "birth_date", "sex", "blood_type", "address", "rt_rw", "village", "district",
    "religion", "marital_status", "occupation", "nationality", "valid_until", "province", "regency", "issue_place",
    "issue_date",
)  # fmt: skip


def described(**changes):
    """As a reader of the JSON sees it."""
    return json.loads(json.dumps(describe(verification(**changes)), allow_nan=False))


def test_the_keys_are_those_of_the_contract():
    found = described()
    assert set(found) == TOP
    assert {"quad", "mirrored", "confidence"} <= set(found["card"])
    assert {"similarity", "probability", "probe", "reference"} <= set(found["face"])
    assert set(found["provenance"]) == {"image_sha256", "code", "weights", "policy", "calibration", "engines"}


def test_every_field_is_there_in_the_order_of_the_contract():
    assert tuple(described()["fields"]) == FIELDS == ALL_FIELDS


def test_a_read_field_has_its_text_what_was_read_and_how_sure():
    fields = described()["fields"]
    for name in FIELDS:
        expected = {"text", "read", "confidence"} | ({"repaired"} if name == "nik" else set())
        assert set(fields[name]) == expected, name
    assert fields["birth_date"]["text"] == "1985-07-05"
    assert fields["sex"]["text"] == "M"


def test_the_nik_lists_its_repaired_positions():
    nik = read_field("3276020507850003", read="3276O2O507850003", repaired=(4, 6))
    found = described(evidence=evidence(fields=card_fields(nik=nik)))["fields"]["nik"]
    assert found["repaired"] == [4, 6]
    assert (found["text"], found["read"]) == ("3276020507850003", "3276O2O507850003")
    assert described()["fields"]["nik"]["repaired"] == []


def test_two_readers_are_named_with_what_they_read():
    name = read_field("BUDI", 0.6, readings=(("ppocr", "BUDI"), ("tesseract", "BUDU")))
    found = described(evidence=evidence(fields=card_fields(name=name)))["fields"]
    assert found["name"]["readings"] == {"ppocr": "BUDI", "tesseract": "BUDU"}
    assert "readings" not in found["village"]


def test_a_field_that_was_not_read_is_null_and_says_why():
    fields = card_fields(village=NotRead("OCR_FIELD_NOT_FOUND"), nik=NotRead("OCR_NIK_UNREADABLE"))
    found = described(evidence=evidence(fields=fields))
    assert found["fields"]["village"] is None
    assert found["fields_missing"] == {"nik": "OCR_NIK_UNREADABLE", "village": "OCR_FIELD_NOT_FOUND"}
    assert described()["fields_missing"] == {}


def test_without_a_card_card_face_and_every_field_are_null_with_a_reason():
    nothing = evidence(
        location=CardNotFound("CARD_NOT_FOUND"), card=None, fields=None, match=FaceNotFound("CARD_NOT_FOUND")
    )
    found = described(evidence=nothing)
    assert set(found) == TOP
    assert (found["card"], found["face"]) == (None, None)
    assert found["fields"] == dict.fromkeys(FIELDS)
    assert found["fields_missing"] == dict.fromkeys(FIELDS, "CARD_NOT_FOUND")


def test_quad_and_boxes_are_in_selfie_pixels_and_in_order():
    found = described(evidence=evidence(location=location(mirrored=True, confidence=0.5)))
    assert found["card"]["quad"] == [[100, 300], [528, 300], [528, 570], [100, 570]]
    assert (found["card"]["mirrored"], found["card"]["confidence"]) == (True, 0.5)
    assert found["face"]["probe"] == [560, 60, 160, 200]
    assert found["face"]["reference"] == [420, 380, 64, 80]


@pytest.mark.parametrize("decision", Decision)
def test_the_verdict_is_told_with_its_checks(decision):
    checks = (
        Check("light", Outcome.PASS, 120.0, 28.0),
        Check("portrait", Outcome.NOT_EXECUTED, None, 50.0, ("FACE_NOT_FOUND",), "no faces to compare"),
    )
    found = described(verdict=Verdict(decision, 0.25, checks, ("FACE_NOT_FOUND",)))
    assert found["decision"] == decision.value
    assert found["confidence"] == 0.25
    assert found["reasons"] == ["FACE_NOT_FOUND"]
    assert found["checks"] == [
        {"name": "light", "outcome": "pass", "score": 120.0, "threshold": 28.0, "reasons": [], "detail": ""},
        {
            "name": "portrait",
            "outcome": "not_executed",
            "score": None,
            "threshold": 50.0,
            "reasons": ["FACE_NOT_FOUND"],
            "detail": "no faces to compare",
        },
    ]


def test_decisions_and_outcomes_are_spelled_as_in_the_contract():
    assert [one.value for one in Decision] == ["approved", "review", "retake", "rejected"]
    assert [one.value for one in Outcome] == ["pass", "warn", "fail", "not_executed"]


def test_times_and_provenance_are_passed_on():
    found = described(timings_ms={"decode": 1.5, "total": 9.0})
    assert found["timings_ms"] == {"decode": 1.5, "total": 9.0}
    assert found["provenance"]["weights"] == {"sface.onnx": "ab" * 8}
    assert found["provenance"]["engines"] == {"numpy": "2.0"}
