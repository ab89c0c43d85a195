"""Label and answer compared: groups, printed values, field scores; the figures hold nothing that a card says."""

from __future__ import annotations

import json

import pytest

from benchmarks.cases import case, printed_value
from benchmarks.figures import figures
from benchmarks.peers import joined, name_in, nik_in
from benchmarks.store import Judge, judged, person

QUAD = [[100, 100], [500, 100], [500, 352], [100, 352]]
LABEL = {
    "file": "a.jpg",
    "kind": "genuine",
    "difficulty": "medium",
    "expected": ["approved"],
    "quad": QUAD,
    "card_width_px": 400.0,
    "occlusion": 0.01,
    "fields": {
        "nik": "3276020507850003",
        "name": "BUDI SANTOSO",
        "valid_until": "05-07-2017",
        "province": "PROVINSI BALI",
    },
}
ANSWER = {
    "decision": "approved",
    "confidence": 0.97,
    "reasons": [],
    "size_wh": [1200, 1600],
    "card": {"quad": QUAD},
    "face": None,
    "fields": {
        "nik": {"text": "3276020507850008", "confidence": 0.99},
        "name": {"text": "BUDISANTOSO", "confidence": 0.9},
        "valid_until": {"text": "2017-07-05", "confidence": 0.9},
        "province": None,
    },
    "timings_ms": {"total": 900.0},
}


def test_fields_are_compared_in_the_values_convention():
    found = case(LABEL, ANSWER).fields
    assert (found["nik"].exact, found["nik"].edits, found["nik"].characters) == (False, 1, 16)
    assert (found["name"].exact, found["name"].exact_spaceless, found["name"].edits) == (False, True, 0)
    assert found["valid_until"].exact
    # Not read: every character that is printed, without the word PROVINSI.
    assert (found["province"].read, found["province"].edits) == (False, 4)


@pytest.mark.parametrize(
    ("name", "printed", "value"),
    [
        ("province", "PROVINSI BALI", "BALI"),
        ("religion", "KATHOLIK", "KATOLIK"),
        ("religion", "OTHERS", "LAINNYA"),
        ("marital_status", "MARRIED", "KAWIN"),
        ("valid_until", "SEUMUR HIDUP", "SEUMUR HIDUP"),
        ("issue_date", "01-02-2020", "2020-02-01"),
    ],
)
def test_printed_value(name, printed, value):
    assert printed_value(name, printed) == value


@pytest.mark.parametrize(
    ("kind", "expected", "group"),
    [
        ("genuine", ["approved"], "genuine"),
        ("genuine", ["retake"], "quality"),
        ("impostor", ["retake"], "attack"),
        ("blurred", ["retake"], "quality"),
        ("bw_copy", ["review", "rejected"], "attack"),
    ],
)
def test_attack_stays_an_attack_whatever_is_expected(kind, expected, group):
    assert case({**LABEL, "kind": kind, "expected": expected}, ANSWER).group == group


def test_label_of_an_older_set_is_understood():
    older = {key: LABEL[key] for key in ("file", "kind", "quad", "fields")}
    found = case(older, ANSWER)
    assert (found.expected, found.card_px, found.occlusion) == (("approved",), 400.0, None)


def test_case_belongs_to_who_took_the_selfie():
    assert case({**LABEL, "probe": "013s", "reference": "014n"}, ANSWER).person == "013"
    assert case(LABEL, ANSWER).person == "a.jpg"


def test_headline_rates_know_their_people():
    pictures = [case({**LABEL, "probe": probe}, ANSWER) for probe in ("013s", "013n", "014s")]
    found = figures(pictures)
    assert found["verdicts"]["genuine"]["approved"]["people"]["clusters"] == 2
    assert found["verdicts"]["genuine"]["rejected"]["people"] == {"low": 0.0, "high": 0.0, "clusters": 2}
    # The NIK was read wrong, by one digit of 16 on each.
    assert found["fields"]["nik right"]["rate"] == 0.0
    assert (found["fields"]["nik digits wrong"]["hits"], found["fields"]["nik digits wrong"]["n"]) == (3, 48)
    assert found["verdicts"]["all attacks approved"]["people"]["clusters"] == 0


def test_picture_that_was_refused_is_a_card_that_was_not_found():
    refused = {"decision": "refused", "confidence": 0.0, "reasons": ["BrokenPicture"], "size_wh": [0, 0]}
    found = figures([case(LABEL, refused)])
    assert found["localisation"]["legible"]["IoU 0.8"]["hits"] == 0
    assert found["verdicts"]["genuine"]["refused"]["hits"] == 1


def test_wrong_nik_in_an_approval_is_counted_and_no_printed_value_is_told():
    found = figures([case(LABEL, ANSWER), case({**LABEL, "kind": "impostor", "expected": ["rejected"]}, ANSWER)])
    assert found["verdicts"]["approved with NIK or name wrong"]["hits"] == 2
    assert found["verdicts"]["attacks approved"]["impostor"]["rate"] == 1.0
    text = json.dumps(found)
    assert not any(value in text for value in ("3276020507850003", "3276020507850008", "BUDI", "BALI"))


def test_answers_are_kept_by_picture_and_by_judge(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"a picture")
    asked = []

    def answer(data):
        asked.append(data)
        return {"decision": "review"}

    def run(made_by):
        return list(judged(tmp_path, [LABEL], Judge(tmp_path / "kept.jsonl", made_by, answer)))

    assert run("today") == run("today")
    assert len(asked) == 1
    run("tomorrow")
    assert len(asked) == 2
    with (tmp_path / "kept.jsonl").open("a") as kept:
        kept.write('{"key": "cut o')
    run("today")
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("photo", "who"), [("Ann_Lee_0001", "Ann_Lee"), ("013s", "013"), ("013n", "013"), ("obama2", "obama")]
)
def test_person_of_a_photograph(photo, who):
    assert person(photo) == who


def test_peers_regexes():
    assert nik_in(["PROVINSI BALI", "NIK : 32760205O785OOO3"]) == "3276020507850003"
    assert nik_in(["1234"]) == ""
    assert name_in(["Nama : BUDI SANTOSO"]) == "BUDI SANTOSO"
    assert name_in(["Nama", ": BUDI SANTOSO"]) == "BUDI SANTOSO"
    assert name_in(["Alamat"]) == ""
    # Tesseract finds no text at all on some pictures; the script stopped there.
    assert (name_in([]), nik_in([])) == ("", "")
    assert name_in(["Nama"]) == ""


def test_peers_rows_follow_a_tilted_card():
    import numpy as np

    angle = np.deg2rad(20)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    boxes = [[[0, y], [w, y], [w, y + 10], [0, y + 10]] for y, w in ((0, 40), (20, 60))]
    values = [[[100, y], [200, y], [200, y + 10], [100, y + 10]] for y in (0, 20)]
    lines = joined(["Nama", "Alamat", ": BUDI", ": JL. SATU"], np.array(boxes + values, dtype=float) @ turn)
    assert lines[:2] == ["Nama : BUDI", "Alamat : JL. SATU"]
