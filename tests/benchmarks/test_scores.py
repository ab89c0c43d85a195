import json
import sys
from dataclasses import asdict

import numpy as np
import pytest

from benchmarks import scores
from benchmarks.scores import PHOTOGRAPH, WEIGHED, Scored, load, main
from benchmarks.untouched import OF_ANY_QUAD, virtual_card
from kyc_vision.confidence import Parts
from kyc_vision.geometry import is_convex
from kyc_vision.reasons import ATTACKS
from samples.dataset import Plan, make_set
from tests.fakes import image

ONE = Scored(
    "a.jpg",
    "genuine",
    "easy",
    "",
    "p",
    {"moire_face": 1.5, "file_facts": None},
    (0.9, 0.8, 0.7, True),
    True,
    ("X",),
    False,
)


def run(monkeypatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["scores", *arguments])
    return main()


def test_a_line_comes_back_as_it_was_kept(tmp_path):
    path = tmp_path / "kept.jsonl"
    path.write_text(json.dumps(asdict(ONE)) + "\n")
    assert load(path) == [ONE]
    assert ONE.known() == Parts(0.9, 0.8, 0.7, contradicts=True)
    assert load(tmp_path / "none.jsonl") == []


def test_what_the_attacks_and_the_confidence_say_is_chosen_afterwards():
    assert {*ATTACKS.values(), "POLICY_LOW_CONFIDENCE", "FRAUD_CANNOT_TELL"} == WEIGHED


def test_a_folder_that_is_not_there_is_said_to_be_no_part_of_the_project(tmp_path, monkeypatch, capsys):
    assert run(monkeypatch, "--photographs", str(tmp_path / "no"), "--out", str(tmp_path / "o.jsonl")) == 2
    assert "not part of the project" in capsys.readouterr().err


def test_a_virtual_card_is_a_cards_shape_inside_the_photograph():
    photograph = image(900, 700)
    for seed in range(40):
        quad = virtual_card(photograph, np.random.default_rng(seed)).quad
        assert is_convex(quad)
        assert quad.min() >= -0.5
        assert (quad.max(axis=0) <= [900.5, 700.5]).all()
        sides = np.linalg.norm(np.roll(quad, -1, axis=0) - quad, axis=1)
        assert sides[0] / sides[1] == pytest.approx(85.6 / 53.98, rel=0.01)


@pytest.mark.weights
def test_pictures_are_judged_once_and_photographs_are_only_looked_at(tmp_path, monkeypatch):
    folder, out = tmp_path / "set", tmp_path / "scores.jsonl"
    assert len(list(make_set(Plan(2, 5, None, (("genuine", 1.0), ("bw_copy", 1.0)), 0.9), folder))) == 2
    monkeypatch.setattr(scores, "_spread", lambda work, jobs, _: map(work, jobs))
    assert run(monkeypatch, "--labels", str(folder), "--out", str(out)) == 0
    assert run(monkeypatch, "--labels", str(folder), "--out", str(out)) == 0
    kept = load(out)
    assert {one.kind for one in kept} == {"genuine", "bw_copy"}
    assert len(kept) == 2
    for one in kept:
        assert not set(one.codes) & WEIGHED
        assert {"card_frame", "moire_scene", "same_picture"} <= set(one.cues)
    genuine = next(one for one in kept if one.kind == "genuine")
    assert genuine.right
    assert run(monkeypatch, "--photographs", str(folder), "--out", str(tmp_path / "photos.jsonl")) == 0
    for one in load(tmp_path / "photos.jsonl"):
        assert (one.kind, one.parts, one.open) == (PHOTOGRAPH, None, False)
        of_card = {"card_frame", "card_corners", "card_held"} & set(one.cues)
        assert of_card == OF_ANY_QUAD
