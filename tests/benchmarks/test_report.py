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
}
SET = {"name": "tiny", "pictures": 2, "versions": ["1"], "seeds": [7, 7], "people": 2, "labels_sha256": "l"}


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


def test_small_groups_of_faces_are_not_measurable():
    # 60 people with two pictures each, nearly the same vector: 120 · 118 impostor pairs, of which a third of the
    # people among themselves have 40 · 38.
    rng = np.random.default_rng(1)
    centres = rng.normal(size=(60, 64))
    vectors = np.repeat(centres, 2, axis=0) + rng.normal(0, 0.05, (120, 64))
    unit = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    names = [f"{person:03d}{side}" for person in range(60) for side in "ns"]
    groups = {f"{person:03d}": {"sex": "F" if person % 3 else "M"} for person in range(60)}
    found = face_figures(Embedded(names, list(unit), list(unit), [55.0] * 120), groups)
    assert (found["card"]["genuine pairs"], found["card"]["impostor pairs"]) == (120, 120 * 118)
    assert found["card"]["tar at fmr"]["0.001"]["tar"]["hits"] == 120
    assert "0.0001" not in found["card"]["tar at fmr"]
    assert [found["card by group"][f"sex: {sex}"]["measurable"] for sex in "FM"] == [True, False]
    page = sections.faces({"set": {"name": "made", "split": "all"}, "figures": found}, "det.png")
    assert "not measurable" in page
