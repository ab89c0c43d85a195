"""Pairs of names to calibrate on: invented, as their kinds say, of words in halves that share none."""

from __future__ import annotations

import json
from collections import Counter

import numpy as np
import pytest
from rapidfuzz.distance import Levenshtein

from benchmarks import calibrate_names
from benchmarks.calibrate_names import Judged, log_loss, passed, rates
from benchmarks.name_lists import halves
from benchmarks.name_pairs import FIRST, LENGTHS, NAMESAKE, OTHERS, SAME_PERSON, booking, other, pair, person
from kyc_vision.ocr.name_agreement import Agreement
from kyc_vision.ocr.names import NameComparison

HALF, REST = halves(1)


def words(half):
    return {*half.given, *half.second, *half.single}


def judged(kind: str, agreement: Agreement) -> Judged:
    return Judged(kind, NameComparison(agreement, 0.5, ()))


def test_halves_share_no_word_and_are_of_one_size():
    assert not words(HALF) & words(REST)
    assert abs(len(words(HALF)) - len(words(REST))) <= 1
    assert all(Levenshtein.distance(word, one) == 1 for word, near in HALF.twins.items() for one in near)


@pytest.mark.parametrize("table", [LENGTHS, OTHERS])
def test_shares_make_a_whole(table):
    assert sum(table.values()) == pytest.approx(1)


@pytest.mark.parametrize("kind", [kind for kind in OTHERS if kind != NAMESAKE])
def test_another_person_is_as_near_as_the_kind_says(kind):
    rng, seen = np.random.default_rng(1), 0
    for _ in range(200):
        name = person(rng, HALF)
        found = other(rng, HALF, name, kind)
        if found is None or sorted(found) == sorted(name):
            continue
        seen += 1
        apart = [(a, b) for a, b in zip(name, found, strict=False) if a != b]
        assert {
            "stranger": True,
            "same first word": found[0] == name[0],
            "same last word": found[-1] == name[-1],
            "sibling": found[1:] == name[1:],
            "one letter apart": len(apart) == 1 and Levenshtein.distance(*apart[0]) == 1,
            "word more or less": abs(len(found) - len(name)) == 1,
            "same initial": len(apart) == 1 and apart[0][0][0] == apart[0][1][0],
        }[kind]
    assert seen > 20


def test_pairs_are_the_same_for_the_same_seed_and_have_the_shares_of_the_table():
    def drawn():
        rng = np.random.default_rng(2)
        return [pair(rng, HALF, same=False) for _ in range(1000)]

    first = drawn()
    assert [(one.booking, one.card, one.kind) for one in first] == [(o.booking, o.card, o.kind) for o in drawn()]
    kinds = Counter(one.kind for one in first)
    # Five standard deviations of a share of 0.6 of 1,000.
    assert kinds["stranger"] == pytest.approx(600, abs=78)


def test_a_booking_has_no_word_of_the_other_half():
    rng = np.random.default_rng(3)
    own, strange = words(HALF) | set(FIRST), words(REST)
    for _ in range(200):
        name = person(rng, HALF)
        assert set(name) <= own
        # A slip of the pen may make one by chance, hence not all.
    texts = [booking(rng, HALF, person(rng, HALF)).upper().split() for _ in range(500)]
    assert sum(bool(set(text) & strange) for text in texts) < 25


def test_no_name_shows_in_a_repr():
    one = pair(np.random.default_rng(4), HALF, same=True)
    assert repr(one) == f"Pair({SAME_PERSON})"


def test_a_rate_is_counted_by_hand_and_is_never_certain():
    spelled, nothing = Agreement.SPELLED, Agreement.NOTHING
    found = rates([judged(SAME_PERSON, spelled)] * 3 + [judged("sibling", spelled), judged("stranger", nothing)])
    assert found[spelled] == 0.7  # (3 + ½) / (4 + 1)
    assert found[nothing] == 0.25  # ½ / (1 + 1)
    assert found[Agreement.PART] == 0.5
    many = rates([judged(SAME_PERSON, spelled)] * 10_000 + [judged("stranger", nothing)] * 10_000)
    assert (many[spelled], many[nothing]) == (0.9999, 0.0001)


def test_passed_are_the_same_with_enough_probability():
    pairs = [judged("sibling", one) for one in (Agreement.SPELLED, Agreement.INITIALS, Agreement.LETTERS)]
    assert passed(pairs).hits == 2
    assert passed(pairs, {Agreement.SPELLED: 0.99, Agreement.INITIALS: 0.96, Agreement.LETTERS: 0.97}, 0.97).hits == 1


def test_log_loss_as_worked_by_hand():
    pairs = [judged(SAME_PERSON, Agreement.SPELLED), judged("stranger", Agreement.SPELLED)]
    assert log_loss([0.8, 0.5], pairs) == pytest.approx(0.458145)  # (−ln 0.8 − ln 0.5) / 2


def test_a_small_run_writes_numbers_figures_and_assumptions(tmp_path, monkeypatch, capsys):
    out = tmp_path / "names.json"
    monkeypatch.setattr("sys.argv", ["calibrate_names", "--pairs", "400", "--out", str(out)])
    assert calibrate_names.main() == 0
    found = json.loads(out.read_text(encoding="utf-8"))
    assert set(found["probability"]) == {one.value for one in Agreement}
    assert found["assumed"]["different people"] == OTHERS
    assert found["report"]["one person: passed"]["n"] == found["report"]["different people: passed"]["n"] == 200
    assert json.loads(capsys.readouterr().out) == found
