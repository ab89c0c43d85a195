"""The page says what the result holds: rates with counts and intervals, what is missing, how to make it again."""

from __future__ import annotations

import json

import numpy as np
import pytest

from benchmarks import report, sections
from benchmarks.cases import case
from benchmarks.faces import Embedded
from benchmarks.faces import figures as face_figures
from benchmarks.figures import figures
from benchmarks.markdown import rate_text
from benchmarks.metrics import Rate

LABEL = {
    "kind": "genuine",
    "difficulty": "easy",
    "expected": ["approved"],
    "quad": [[100, 100], [500, 100], [500, 352], [100, 352]],
    "fields": {"nik": "3276020507850003", "name": "BUDI SANTOSO"},
}
ANSWER = {
    "decision": "approved",
    "confidence": 0.97,
    "reasons": [],
    "size_wh": [1200, 1600],
    "card": {"quad": LABEL["quad"]},
    "fields": {"nik": {"text": "3276020507850003", "confidence": 0.99}, "name": None},
    "timings_ms": {"total": 900.0},
}
RUN = {
    "measured_at": "then",
    "today": "2026-11-24",
    "machine": {"cpu": "one", "cores": 2, "system": "here", "python": "3.11"},
    "code": "0",
    "source_sha256": "s",
    "policy": "p",
    "calibration": "c",
    "weights": {"w.onnx": "ab"},
    "engines": {"numpy": "2"},
    "judging": {"pictures": 1, "of": 2, "images_per_s": 1.25, "peak_resident_mb": 700},
}
FACES_RUN = {"portrait_height_px": [50, 120], "small_portrait_height_px": [25, 50]}
SET = {
    "name": "tiny",
    "pictures": 2,
    "versions": ["1"],
    "renderers": ["2"],
    "seeds": [7, 7],
    "people": 2,
    "labels_sha256": "l",
}


@pytest.fixture
def results(tmp_path, monkeypatch):
    fraud = case({**LABEL, "kind": "impostor", "expected": ["rejected"]}, ANSWER)
    accuracy = {"set": SET, "run": RUN, "figures": figures([case(LABEL, ANSWER), fraud])}
    (tmp_path / "tiny.json").write_text(json.dumps(accuracy))
    monkeypatch.setattr(report, "RESULTS", tmp_path)
    monkeypatch.setattr(
        "sys.argv", ["report", "--accuracy", str(tmp_path / "tiny.json"), "--out", str(tmp_path / "b.md"), "--no-plots"]
    )
    return tmp_path


def test_page_has_rates_losses_and_commands(results):
    assert report.main() == 0
    page = (results / "b.md").read_text()
    assert "Frauds approved, all attacks | 1/1 = 100.0 (20.7–100.0) %" in page
    assert "| impostor | 1 | 1 | 1 | 1 | 1 | 1 | 1 | 0 |" in page
    assert "1.25 images per second, peak resident memory 700 MB, over 1 of 2 pictures" in page
    assert "attack: impostor 1 of 1 wrong" in page
    assert "python -m samples make --n 2 --seed 7" in page
    assert "Missing:" in page


def test_missing_result_is_said_with_what_to_run(results, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["report", "--accuracy", str(results / "absent.json")])
    assert report.main() == 2
    assert "benchmarks.accuracy" in capsys.readouterr().err


def test_rate_is_shown_with_its_interval():
    assert rate_text(Rate(5, 10).as_json(), with_n=True) == "5/10 = 50.0 (23.7–76.3) %"
    assert rate_text(Rate(0, 0).as_json()) == "–"
    drawn = {**Rate(5, 10).as_json(), "people": {"low": 0.125, "high": 0.875, "clusters": 8}}
    assert rate_text(drawn) == "50.0 (23.7–76.3; 8 people 12.5–87.5)"


def unit_vectors(spread: float) -> list[np.ndarray]:
    """60 people with two pictures each, which differ by so much per axis."""
    rng = np.random.default_rng(1)
    vectors = np.repeat(rng.normal(size=(60, 64)), 2, axis=0) + rng.normal(0, spread, (120, 64))
    return list((vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32))


NAMES = [f"{person:03d}{side}" for person in range(60) for side in "ns"]


def embedded(names, clean, printed, height_px, lost=()) -> Embedded:
    """Both engines see the same vectors."""
    return Embedded(list(names), list(clean), list(printed), height_px, list(lost), list(clean), list(printed))


SMALL = embedded(NAMES[1:], unit_vectors(0.05)[1:], unit_vectors(0.05)[1:], [27.0] * 119, NAMES[:1])


def test_small_groups_of_faces_are_not_measurable():
    # 120 · 118 impostor pairs, of which a third of the people among themselves have 40 · 38.
    unit = unit_vectors(0.05)
    groups = {f"{person:03d}": {"sex": "F" if person % 3 else "M"} for person in range(60)}
    found = face_figures(embedded(NAMES, unit, unit, [55.0] * 120), SMALL, groups)
    assert (found["card"]["genuine pairs"], found["card"]["impostor pairs"]) == (120, 120 * 118)
    assert found["card"]["tar at fmr"]["0.001"]["tar"]["hits"] == 120
    assert "0.0001" not in found["card"]["tar at fmr"]
    assert [found["card by group"][f"sex: {sex}"]["measurable"] for sex in "FM"] == [True, False]
    page = sections.faces({"set": {"name": "made", "split": "all"}, "run": FACES_RUN, "figures": found}, "det.png")
    assert "not measurable" in page
    assert "(small card)" in page


def test_small_prints_have_their_own_row_and_change_no_other():
    unit = unit_vectors(0.05)
    clear = embedded(NAMES, unit, unit, [55.0] * 120)
    # Noise in the place of faces: nobody is told from anybody.
    noise = embedded(SMALL.names, SMALL.clean, list(np.roll(unit_vectors(9.0)[1:], 7, axis=0)), [27.0] * 119, ["000n"])
    with_faces, with_noise = (face_figures(clear, small, {}) for small in (SMALL, noise))
    assert (with_faces["card"], with_faces["clean"]) == (with_noise["card"], with_noise["clean"])
    rows = with_noise["card by printed height"]
    assert list(rows) == ["25–30 px", "50–60 px"]
    assert rows["50–60 px"]["tar"]["rate"] == 1.0
    assert rows["25–30 px"]["tar"]["rate"] < 0.5
    # The first picture was lost in small print: its person's other picture has no print of it to be compared with.
    assert (rows["25–30 px"]["tar"]["n"], rows["25–30 px"]["fmr"]["n"]) == (119, 119 * 118)
    lost = with_noise["not found in small print"]
    assert (lost["hits"], lost["n"]) == (1, 120)


def test_true_accepts_are_drawn_by_the_probes_people():
    unit = unit_vectors(0.05)
    # The prints of two people are somebody else's: all 4 of their 120 genuine pairs are lost, whoever else is drawn.
    printed = [unit[116], unit[117], unit[118], unit[119], *unit[4:]]
    found = face_figures(embedded(NAMES, unit, printed, [55.0] * 120), SMALL, {})["card"]["tar at fmr"]["0.01"]["tar"]
    assert (found["hits"], found["n"], found["people"]["clusters"]) == (116, 120, 60)
    # Lost people of 60 draws are nearly Poisson with mean 2: P(0) = 0.133, P(X <= 4) = 0.95, P(X <= 5) = 0.984.
    assert (found["people"]["low"], found["people"]["high"]) == (pytest.approx(1 - 5 / 60, abs=1e-6), 1.0)
