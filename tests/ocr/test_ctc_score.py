"""The probability of a text against every path that spells it, one by one."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_vision.ocr.ctc import CHARSET
from kyc_vision.ocr.ctc_score import log_likelihoods

LETTERS = "_AB"
CLASSES = [0, 1 + CHARSET.index("A"), 1 + CHARSET.index("B")]


def lattice(seed: int, steps: int) -> np.ndarray:
    """Columns of the blank, A and B only."""
    full = np.zeros((steps, 1 + len(CHARSET)), dtype=np.float32)
    full[:, CLASSES] = np.random.default_rng(seed).dirichlet(np.ones(3), steps)
    return full


def by_every_path(columns: np.ndarray) -> dict[str, float]:
    """Text → probability, over all 3^T paths."""
    total: dict[str, float] = {}
    for path in product(range(3), repeat=len(columns)):
        text, last = "", 0
        for label in path:
            if label not in (0, last):
                text += LETTERS[label]
            last = label
        share = float(np.prod([columns[t, CLASSES[label]] for t, label in enumerate(path)]))
        total[text] = total.get(text, 0.0) + share
    return total


@given(st.integers(0, 10_000), st.integers(1, 6))
def test_every_texts_probability_is_that_of_its_paths(seed, steps):
    columns = lattice(seed, steps)
    expected = by_every_path(columns)
    found = log_likelihoods(columns, list(expected))
    assert np.exp(found) == pytest.approx(list(expected.values()), abs=3e-4)  # the floor of a column


@given(st.integers(0, 1000), st.lists(st.text("AB", max_size=4), min_size=1, max_size=5))
def test_texts_asked_together_are_scored_as_alone(seed, texts):
    columns = lattice(seed, 9)
    assert log_likelihoods(columns, texts) == pytest.approx([log_likelihoods(columns, [text])[0] for text in texts])


def test_more_letters_than_columns_are_next_to_impossible():
    assert log_likelihoods(lattice(1, 3), ["ABAB"])[0] < -600


def test_a_long_line_does_not_sink_below_the_least_number():
    columns = np.full((400, 1 + len(CHARSET)), 1 / 96, dtype=np.float32)
    assert np.isfinite(log_likelihoods(columns, ["A" * 30])[0])


def test_no_texts_have_no_probabilities():
    assert len(log_likelihoods(lattice(0, 4), [])) == 0
