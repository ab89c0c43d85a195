import math
from collections.abc import Iterator
from itertools import groupby, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_vision.ocr import lattice
from kyc_vision.ocr.ctc import CHARSET
from kyc_vision.ocr.lattice import FLOOR, NumberLattice, fuse, number_lattice
from kyc_vision.ocr.vocabulary import DIGIT_FOR

NUMBER = "3276020507850003"
BLANK = "_"


def drawn(shown: str, best: float = 0.99, symbols: str = CHARSET) -> np.ndarray:
    """A map whose likeliest class at each step is the character shown; _ is the blank."""
    rows = np.full((len(shown), 1 + len(symbols)), (1 - best) / len(symbols))
    for t, character in enumerate(shown):
        rows[t, 0 if character == BLANK else 1 + symbols.index(character)] = best
    return rows


def spelled(number: str) -> str:
    return BLANK + BLANK.join(number) + BLANK


def read(posteriors: np.ndarray) -> str:
    return "".join(str(d) for d in posteriors.argmax(axis=1))


def paths(rows: np.ndarray, symbols: str, floor: float) -> Iterator[tuple[str, float]]:
    """Every path's text and probability, one by one: what the module never does."""
    names = [BLANK, *"0123456789"]
    shares = []
    for row in rows:
        share = dict.fromkeys(names, floor)
        share[BLANK] += (1 - 11 * floor) * row[0]
        for symbol, mass in zip(symbols, row[1:], strict=True):
            if DIGIT_FOR.get(symbol, symbol) in share and symbol != BLANK:
                share[DIGIT_FOR.get(symbol, symbol)] += (1 - 11 * floor) * mass
        shares.append({name: mass for name, mass in share.items() if mass > 0})
    for path in product(*shares):
        text = "".join(name for name, _ in groupby(path)).replace(BLANK, "")
        yield text, math.prod(share[name] for share, name in zip(shares, path, strict=True))


def exhaustive(rows: np.ndarray, symbols: str, length: int, floor: float) -> tuple[np.ndarray, float]:
    joint, evidence = np.zeros((length, 10)), 0.0
    for text, probability in paths(rows, symbols, floor):
        if len(text) == length:
            evidence += probability
            for i, digit in enumerate(text):
                joint[i, int(digit)] += probability
    return joint / evidence if evidence else np.full((length, 10), 0.1), evidence


@st.composite
def maps(draw: st.DrawFn, symbols: str, steps: int) -> np.ndarray:
    shape = (draw(st.integers(1, steps)), 1 + len(symbols))
    weights = draw(st.lists(st.integers(0, 9), min_size=math.prod(shape), max_size=math.prod(shape)))
    rows = np.array(weights, dtype=np.float64).reshape(shape)
    rows[rows.sum(axis=1) == 0] = 1.0
    return rows / rows.sum(axis=1, keepdims=True)


@given(maps("12", 7), st.integers(1, 4))
def test_two_digits_are_as_every_path_says(rows, length):
    compare(rows, "12", length, 0.0)


@given(maps("07O", 6), st.integers(1, 5))
def test_a_letter_taken_for_a_digit_adds_to_it(rows, length):
    compare(rows, "07O", length, 0.0)


@given(maps("0X9", 6), st.integers(1, 3))
def test_any_other_symbol_is_lost(rows, length):
    compare(rows, "0X9", length, 0.0)


@given(maps("3lX", 4), st.integers(1, 3), st.sampled_from((FLOOR, 1e-3, 0.05)))
def test_with_a_floor_all_ten_digits_and_the_blank_live_in_every_step(rows, length, floor):
    compare(rows, "3lX", length, floor)


def compare(rows: np.ndarray, symbols: str, length: int, floor: float) -> None:
    expected, evidence = exhaustive(rows, symbols, length, floor)
    found = number_lattice(rows, symbols, length, floor)
    np.testing.assert_allclose(found.posteriors, expected, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(math.exp(found.log_evidence), evidence, rtol=1e-9, atol=1e-300)
    np.testing.assert_allclose(found.posteriors.sum(axis=1), 1.0, rtol=1e-12)


def in_logarithms(rows: np.ndarray, length: int, fixed: dict[int, int]) -> float:
    """log P(so many digits, and digit i is fixed[i]) by one forward pass, state by state in logarithms."""
    before = {(0, BLANK): 0.0}
    for row in rows:
        share = {BLANK: row[0], **{str(d): row[1 + d] for d in range(10)}}
        after: dict[tuple[int, str], list[float]] = {}
        for (count, last), log in before.items():
            for name, mass in share.items():
                more = count + (name not in (BLANK, last))
                if more <= length and (name == BLANK or fixed.get(more - 1, int(name)) == int(name)):
                    after.setdefault((more, name), []).append(log + math.log((1 - 11 * FLOOR) * mass + FLOOR))
        before = {state: float(np.logaddexp.reduce(logs)) for state, logs in after.items()}
    return float(np.logaddexp.reduce([log for (count, _), log in before.items() if count == length]))


def test_a_long_line_is_as_logarithms_say():
    rng = np.random.default_rng(7)
    rows = 0.7 * drawn(spelled("3276020507850003"), symbols="0123456789") + 0.3 * rng.dirichlet(np.full(11, 0.3), 33)
    found = number_lattice(rows, "0123456789")
    whole = in_logarithms(rows, 16, {})
    assert found.log_evidence == pytest.approx(whole, abs=1e-9)
    for position, digit in ((0, 3), (0, 8), (7, 5), (15, 3), (15, 4)):
        share = math.exp(in_logarithms(rows, 16, {position: digit}) - whole)
        assert found.posteriors[position, digit] == pytest.approx(share, rel=1e-9)


def test_a_clear_number_is_read_with_its_evidence():
    found = number_lattice(drawn(spelled(NUMBER), 0.9999).astype(np.float32), CHARSET)
    assert read(found.posteriors) == NUMBER
    assert found.posteriors.max(axis=1).min() > 0.999
    assert -0.01 < found.log_evidence <= 0


def test_a_smudged_digit_keeps_both_its_readings():
    rows = drawn(spelled(NUMBER), 0.9999)
    step = spelled(NUMBER).index("8")
    rows[step] = 0
    rows[step, [1 + CHARSET.index("8"), 1 + CHARSET.index("B"), 1 + CHARSET.index("6")]] = 0.3, 0.25, 0.45
    found = number_lattice(rows, CHARSET).posteriors[10]
    assert found[[8, 6]] == pytest.approx((0.55, 0.45), abs=1e-3)


@pytest.mark.parametrize("shown", [spelled(NUMBER[:-1]), spelled(NUMBER + "1"), "_____", spelled("PROVINSI JAWA BARA")])
def test_what_is_no_number_of_sixteen_digits_has_no_evidence(shown):
    assert number_lattice(drawn(shown, 0.9999), CHARSET).log_evidence < math.log(0.01)


def test_a_line_too_short_says_nothing():
    found = number_lattice(drawn("12"), CHARSET)
    assert found.log_evidence == -math.inf
    assert found.posteriors.tolist() == np.full((16, 10), 0.1).tolist()
    assert np.array_equal(number_lattice(np.zeros((0, 96)), CHARSET).posteriors, found.posteriors)


def test_a_letter_that_is_no_digit_leaves_one_digit_open_and_the_others_read():
    found = number_lattice(drawn(spelled("32760205X7850003"), 0.9999), CHARSET)
    assert read(found.posteriors[[0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15]]) == NUMBER[:8] + NUMBER[9:]
    assert found.posteriors[8].max() < 0.2


@given(st.permutations(range(10)))
def test_renaming_the_digits_renames_the_answer(order):
    rows = 0.6 * drawn(spelled(NUMBER), symbols="0123456789") + 0.4 / 11
    renamed = rows[:, [0, *(1 + d for d in order)]]
    expected = number_lattice(rows, "0123456789")
    found = number_lattice(renamed, "0123456789")
    np.testing.assert_allclose(found.posteriors, expected.posteriors[:, order], rtol=1e-9)
    assert found.log_evidence == pytest.approx(expected.log_evidence)


def test_a_line_read_backwards_is_the_number_backwards():
    rows = 0.6 * drawn(spelled(NUMBER)) + 0.4 * np.random.default_rng(1).dirichlet(np.full(96, 0.2), 33)
    expected, found = number_lattice(rows, CHARSET), number_lattice(rows[::-1], CHARSET)
    np.testing.assert_allclose(found.posteriors, expected.posteriors[::-1], rtol=1e-9)
    assert found.log_evidence == pytest.approx(expected.log_evidence)


def test_a_map_of_other_classes_is_refused():
    with pytest.raises(ValueError, match="a map of 96 classes"):
        number_lattice(np.zeros((9, 95)), CHARSET)


def test_the_numbers_do_not_show():
    found = number_lattice(drawn(spelled(NUMBER)), CHARSET)
    assert repr(found).startswith("NumberLattice(16 digits, log_evidence=-")
    assert "posteriors" not in str(found)


@pytest.mark.parametrize(
    ("name", "cell", "value"),
    [("_NEXT", (3, 3), 1.0), ("_NEXT", (10, 3), 0.0), ("_STAY", (3, 10), 0.0), ("_STAY", (3, 3), 0.0)],
)
def test_a_planted_wrong_move_is_found(monkeypatch, name, cell, value):
    wrong = {"_STAY": lattice._STAY.copy(), "_NEXT": lattice._NEXT.copy()}
    wrong[name][cell] = value
    monkeypatch.setattr(lattice, "_NEXT", wrong["_NEXT"])
    monkeypatch.setattr(lattice, "_MOVES", np.concatenate([wrong["_STAY"], wrong["_NEXT"]], axis=1))
    with pytest.raises(AssertionError):
        compare(np.full((6, 3), 1 / 3), "23", 3, 0.0)


def of(*rows: tuple[float, ...]) -> NumberLattice:
    return NumberLattice(np.array([[*row, *[0.0] * (10 - len(row))] for row in rows]), 0.0)


def test_two_readers_are_multiplied_by_their_weights():
    pooled = fuse([of((0.8, 0.2)), of((0.5, 0.5)), of((0.1, 0.9))], [1.0, 3.0, 0.5])
    odds = 4.0 * (1 / 9) ** 0.5
    assert pooled[0, :2] == pytest.approx((odds / (1 + odds), 1 / (1 + odds)))
    assert pooled.sum() == pytest.approx(1.0)


def test_one_reader_of_weight_one_is_itself_and_of_weight_zero_is_silent():
    one, other = of((0.8, 0.2), (0.3, 0.7)), of((0.1, 0.9), (1.0, 0.0))
    np.testing.assert_allclose(fuse([one], [1.0]), one.posteriors, atol=1e-300)
    np.testing.assert_allclose(fuse([one, other], [1.0, 0.0]), one.posteriors, atol=1e-300)
    np.testing.assert_allclose(fuse([one], [0.0]), 0.1)


def test_a_reader_that_saw_no_number_changes_nothing():
    blind = number_lattice(np.zeros((0, 96)), CHARSET)
    one = number_lattice(0.6 * drawn(spelled(NUMBER)) + 0.4 / 96, CHARSET)
    np.testing.assert_allclose(fuse([one, blind], [1.0, 1.0]), one.posteriors, rtol=1e-12)


def test_readers_that_each_rule_out_what_the_other_says_leave_a_distribution():
    assert fuse([of((1.0, 0.0)), of((0.0, 1.0))], [0.5, 0.5])[0, :2] == pytest.approx((0.5, 0.5))


@pytest.mark.parametrize(
    ("lattices", "weights"),
    [([], []), ([of((1.0,))], [1.0, 1.0]), ([of((1.0,))], [-1.0]), ([of((1.0,)), of((1.0,), (1.0,))], [1.0, 1.0])],
)
def test_what_cannot_be_fused_is_refused(lattices, weights):
    with pytest.raises(ValueError, match="fusing wants"):
        fuse(lattices, weights)
