from datetime import date

import pytest

from kyc_vision import checks
from kyc_vision.ocr.names import compare
from kyc_vision.reasons import REASONS
from kyc_vision.types import (
    Claim,
    FaceNotFound,
    NotRead,
    Outcome,
    SecondOpinion,
)
from tests.checks.asked import FAIL, LIMITS, NO_CARD, NOT_EXECUTED, PASS, WARN, answer, answers, fields_with
from tests.fakes import (
    PRINTED,
    PROBE,
    QUAD,
    card_fields,
    evidence,
    face,
    face_match,
    location,
    quality,
    read_field,
)

EVERYTHING = [
    {},
    NO_CARD,
    {**NO_CARD, "faces": ()},
    {"match": FaceNotFound("FACE_NOT_FOUND")},
    {"match": FaceNotFound("FACE_REFERENCE_NOT_FOUND")},
    fields_with(**{name: NotRead("OCR_FIELD_NOT_FOUND") for name in ("nik", "name", "birth_date", "sex", "regency")}),
    fields_with(nik=read_field("3276024507850000", 0.2), birth_date=read_field("1999-01-01", 0.0)),
    {"quality": quality(brightness=3.0, sharpness=0.01, card_width_px=90.0, card_colour=0.5)},
    {"quality": quality(brightness=250.0, scene_colour=0.1, card_colour=0.1)},
    {"match": face_match(probability=0.001, similarity=0.99, reference_height_px=10.0)},
    {"match": face_match(second=SecondOpinion("dlib", None, "dlib is not installed"))},
    {"location": location(confidence=0.01, quad=QUAD - 90)},
]
ALL_CLAIMS = Claim(nik="3171234509870001", name="SITI", birth_date="1987-09-05")


def test_good_evidence_passes_every_check():
    assert {name: check.outcome for name, check in answers().items() if check.outcome is not PASS} == {}


@pytest.mark.parametrize("changes", EVERYTHING, ids=range(len(EVERYTHING)))
def test_whatever_was_found_every_check_but_a_pass_says_why_by_the_catalogue(changes):
    found = answers(ALL_CLAIMS, **changes)
    assert set(found) == set(answers(ALL_CLAIMS))
    for check in found.values():
        assert bool(check.reasons) == (check.outcome is not PASS), check
        assert set(check.reasons) <= set(REASONS)


@pytest.mark.parametrize("changes", EVERYTHING, ids=range(len(EVERYTHING)))
def test_no_check_repeats_a_personal_value(changes):
    shown = repr(answers(ALL_CLAIMS, **changes))
    for value in ("3276020507850003", "BUDI", "3171234509870001", "SITI", "1987-09-05", "1985-07-05"):
        assert value not in shown


@pytest.mark.parametrize(
    ("field", "limit", "code"),
    [
        ("nik", 0.9, "OCR_NIK_UNREADABLE"),
        ("name", 0.5, "OCR_NAME_UNREADABLE"),
        ("birth_date", 0.5, "OCR_BIRTH_DATE_UNREADABLE"),
    ],
)
def test_a_field_is_read_when_it_is_certain_enough(field, limit, code):
    text = {"nik": "3276020507850003", "name": "BUDI", "birth_date": "1985-07-05"}[field]
    for confidence, expected in ((limit, (PASS, ())), (limit - 0.001, (FAIL, (code,)))):
        assert answer(f"{field}_read", **fields_with(**{field: read_field(text, confidence)})) == expected
    assert answer(f"{field}_read", **fields_with(**{field: NotRead("OCR_FIELD_NOT_FOUND")})) == (FAIL, (code,))


@pytest.mark.parametrize("impossible", ["2026-11-25", "2085-07-05", "1915-11-24", "1900-01-01"])
def test_a_date_that_nobody_alive_was_born_on_is_not_read_and_contradicts_nothing(impossible):
    found = answers(**fields_with(birth_date=read_field(impossible)))
    check = found["birth_date_read"]
    assert (check.outcome, check.score, check.reasons) == (FAIL, 0.99, ("OCR_BIRTH_DATE_UNREADABLE",))
    assert found["nik_consistent"].outcome is PASS


def doubtful(*readings: str):
    names = ("ppocr", "tesseract")
    return fields_with(name=read_field("BUDI SANTOSO", 0.7, readings=tuple(zip(names, readings, strict=False))))


def test_in_doubt_two_readers_that_differ_are_a_remark():
    assert answer("second_reader", **doubtful("BUDI SANTOSO", "BUDISANTOSO."))[0] is PASS  # spaces and stops differ
    assert answer("second_reader", **doubtful("BUDI SANTOSO", "BUDI SANTOSA")) == (WARN, ("OCR_READERS_DISAGREE",))


def test_in_doubt_a_missing_second_reader_is_said_to_be_missing():
    assert answer("second_reader", **doubtful("BUDI")) == (NOT_EXECUTED, ("OCR_SECOND_READER_MISSING",))


def test_without_doubt_nobody_was_asked_and_nothing_is_missing():
    assert answer("second_reader", **fields_with(name=read_field("BUDI", 0.95)))[0] is PASS


@pytest.mark.parametrize(
    ("changes", "outcome", "code"),
    [
        ({"birth_date": read_field("1985-07-06")}, FAIL, "NIK_BIRTH_DATE_MISMATCH"),
        ({"sex": read_field("F")}, FAIL, "NIK_SEX_MISMATCH"),
        ({"nik": read_field("3276020507850000")}, FAIL, "NIK_SERIAL_ZERO"),
        ({"nik": read_field("3276023507850003")}, FAIL, "NIK_INVALID_DATE"),
        ({"regency": read_field("KABUPATEN BEKASI")}, WARN, "NIK_REGION_DIFFERS"),
        ({"nik": read_field("9999990507850003")}, WARN, "NIK_REGION_UNKNOWN"),
    ],
)
def test_a_nik_that_contradicts_the_print_says_how(changes, outcome, code):
    found, codes = answer("nik_consistent", **fields_with(**changes))
    assert found is outcome
    assert code in codes


def test_what_was_not_read_contradicts_nothing():
    unread = {name: NotRead("OCR_FIELD_NOT_FOUND") for name in ("birth_date", "sex", "regency")}
    assert answer("nik_consistent", **fields_with(**unread)) == (PASS, ())
    assert answer("nik_consistent", **fields_with(nik=NotRead("OCR_NIK_UNREADABLE")))[0] is NOT_EXECUTED


def test_a_selfie_without_a_live_face_fails_with_and_without_a_card():
    assert answer("live_face", match=FaceNotFound("FACE_NOT_FOUND")) == (FAIL, ("FACE_NOT_FOUND",))
    assert answer("live_face", **{**NO_CARD, "faces": ()}) == (FAIL, ("FACE_NOT_FOUND",))
    assert answer("live_face", **NO_CARD)[0] is PASS  # there are faces; only the card is missing


def test_a_portrait_that_is_missing_or_too_small_fails():
    assert answer("portrait", match=FaceNotFound("FACE_REFERENCE_NOT_FOUND"))[1] == ("FACE_REFERENCE_NOT_FOUND",)
    assert answer("portrait", match=face_match(reference_height_px=49.9)) == (FAIL, ("FACE_REFERENCE_TOO_SMALL",))
    assert answer("portrait", match=face_match(reference_height_px=50.0))[0] is PASS


@pytest.mark.parametrize(
    ("probability", "height", "expected"),
    [
        (0.9, 80, (PASS, ())),
        (0.8999, 80, (WARN, ("FACE_BORDERLINE",))),
        (0.1, 80, (WARN, ("FACE_BORDERLINE",))),
        (0.0999, 80, (FAIL, ("FACE_MISMATCH",))),
        (0.0999, 49, (WARN, ("FACE_REFERENCE_TOO_SMALL",))),  # too small to say that it is another person
        (0.0, 80, (FAIL, ("FACE_MISMATCH",))),
    ],
)
def test_faces_match_borderline_or_not(probability, height, expected):
    match = face_match(probability=probability, reference_height_px=float(height))
    assert answer("face_match", match=match) == expected


def test_a_second_opinion_is_asked_missing_or_not_needed():
    asked = answers(match=face_match(second=SecondOpinion("dlib", 0.0)))["second_opinion"]
    assert (asked.outcome, asked.score) == (PASS, 0.0)
    missing = answers(match=face_match(second=SecondOpinion("dlib", None, "dlib is not installed")))["second_opinion"]
    assert (missing.outcome, missing.reasons) == (NOT_EXECUTED, ("FACE_SECOND_OPINION_MISSING",))
    assert missing.detail == "dlib is not installed"
    assert answers()["second_opinion"].outcome is PASS


def test_engines_that_contradict_one_another_are_for_a_person():
    opposite = face_match(second=SecondOpinion("dlib", 0.9, contradicts=True))
    assert answer("second_opinion", match=opposite) == (WARN, ("FACE_SECOND_OPINION_DISAGREES",))


def test_nobody_is_refused_for_a_picture_that_shows_too_little():
    assert answer("face_match", match=face_match(probability=0.0, trust=0.99)) == (WARN, ("FACE_BORDERLINE",))
    assert answer("face_match", match=face_match(probability=0.0, trust=1.0)) == (FAIL, ("FACE_MISMATCH",))


def test_a_live_face_that_is_too_small_is_another_thing_than_none():
    assert answer("live_face", match=FaceNotFound("FACE_TOO_SMALL")) == (FAIL, ("FACE_TOO_SMALL",))
    assert answer("portrait", match=FaceNotFound("FACE_TOO_SMALL"))[0] is NOT_EXECUTED


@pytest.mark.parametrize(
    ("height", "expected"),
    [(0.59, (PASS, ())), (0.61, (WARN, ("FACE_SEVERAL",))), (1.4, (WARN, ("FACE_SEVERAL",)))],
)
def test_another_live_face_counts_by_its_size_beside_the_first(height, expected):
    match = face_match()
    _, _, w, h = match.probe.box
    other = face(0.0, 0.0, w * height, h * height)
    assert answer("live_face", match=match, faces=(match.probe, other)) == expected


def test_a_large_face_on_the_card_is_nobody_else():
    match, where = face_match(), location()
    middle = where.quad.mean(axis=0)
    printed = face(float(middle[0]) - 75, float(middle[1]) - 95, 150.0, 190.0)
    assert answer("live_face", match=match, location=where, faces=(match.probe, printed)) == (PASS, ())


def test_only_what_the_booking_says_is_asked():
    assert not [name for name in answers() if name.startswith("claim")]
    assert [name for name in answers(Claim(name="BUDI SANTOSO")) if name.startswith("claim")] == ["claim_name"]


@pytest.mark.parametrize(
    ("claim", "name", "expected"),
    [
        (Claim(nik="3276020507850003"), "claim_nik", (PASS, ())),
        (Claim(nik="3276020507850004"), "claim_nik", (FAIL, ("NIK_CLAIM_MISMATCH",))),
        (Claim(birth_date="1985-07-05"), "claim_birth_date", (PASS, ())),
        (Claim(birth_date="1985-05-07"), "claim_birth_date", (FAIL, ("NIK_BIRTH_DATE_CLAIM_MISMATCH",))),
        (Claim(name="Budi Santoso, S.Kom"), "claim_name", (PASS, ())),
        (Claim(name="BUDI SANTOSA"), "claim_name", (WARN, ("NAME_CLAIM_CLOSE",))),
        (Claim(name="SITI RAHAYU"), "claim_name", (FAIL, ("NAME_CLAIM_MISMATCH",))),
        (Claim(name=""), "claim_name", (FAIL, ("NAME_CLAIM_MISMATCH",))),
    ],
)
def test_a_claim_agrees_or_does_not(claim, name, expected):
    assert answer(name, claim) == expected


@pytest.mark.parametrize("name", ["Budi Santoso, S.Kom", "BUDI SANTOSA", "BUDI", "SITI RAHAYU", ""])
def test_a_claimed_names_score_is_the_probability_that_it_is_the_cards(name):
    found = answers(Claim(name=name))["claim_name"]
    assert found.score == compare(name, "BUDI SANTOSO").probability
    assert found.threshold is None  # no score decides


@pytest.mark.parametrize("field", ["nik", "name", "birth_date"])
def test_a_claim_on_what_was_not_read_is_not_executed(field):
    claim = Claim(**{field: "1985-07-05"})
    outcome, codes = answer(f"claim_{field}", claim, **fields_with(**{field: NotRead("OCR_FIELD_UNREADABLE")}))
    assert outcome is NOT_EXECUTED
    assert codes == (f"OCR_{field.upper()}_UNREADABLE",)
    assert answer(f"claim_{field}", claim, **NO_CARD) == (NOT_EXECUTED, ("CARD_NOT_FOUND",))


def test_the_day_is_the_one_that_was_given():
    # 29-02-00 without a printed date: of 2000 for a card seen in 2026; in 2016 nobody born in 2000 had one, so 1900,
    # which had no 29 February.
    undated = card_fields(nik=read_field("3276022902000003"), birth_date=NotRead("OCR_FIELD_NOT_FOUND"))
    for today, expected in ((date(2026, 11, 24), ()), (date(2016, 1, 1), ("NIK_INVALID_DATE",))):
        found = checks.run(evidence(fields=undated), Claim(), LIMITS, today)
        assert next(c for c in found if c.name == "nik_consistent").reasons == expected


@pytest.mark.parametrize("unsure", ["nik", "birth_date"])
def test_a_value_that_was_read_too_badly_to_be_believed_contradicts_nothing(unsure):
    other = read_field("1999-01-01", 0.4 if unsure == "birth_date" else 0.99)
    nik = read_field(PRINTED["nik"], 0.4 if unsure == "nik" else 0.99)
    found = answers(**fields_with(birth_date=other, nik=nik))
    assert "NIK_BIRTH_DATE_MISMATCH" not in found["nik_consistent"].reasons
    assert found[f"{unsure}_read"].outcome is Outcome.FAIL


def test_a_second_person_as_large_as_the_customer_asks_for_a_retake_and_a_bystander_does_not():
    for height, expected in ((150.0, ("FACE_SEVERAL",)), (60.0, ())):
        faces = (PROBE, face(20, 20, height * 0.8, height))
        assert answer("live_face", faces=faces) == (Outcome.WARN if expected else Outcome.PASS, expected)


def test_a_machine_rejects_only_on_a_live_face_that_it_is_sure_of():
    unsure = face_match(probability=0.0001, probe=face(560, 60, 160, 200, 0.65))
    assert answer("face_match", match=unsure) == (Outcome.WARN, ("FACE_BORDERLINE",))


def test_faces_that_do_not_match_in_the_dark_are_no_contradiction_but_a_picture_to_take_again():
    dark = {"quality": quality(brightness=9.0)}
    for probability in (0.0001, 0.5):
        found = answer("face_match", match=face_match(probability=probability), **dark)
        assert found == (WARN, ("QUALITY_TOO_DARK",))
    assert answer("face_match", match=face_match(probability=0.999), **dark) == (PASS, ())
