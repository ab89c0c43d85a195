"""What the rows' reader is taught to read, and what it must never have seen."""

import re

import numpy as np
import pytest

pytest.importorskip("faker", reason="of the training's own environment")

from kyc_vision.ocr.ctc import CHARSET
from samples.identity import invent
from samples.names import rename
from training.rows import text


def drawn(count: int) -> list[str]:
    rng = np.random.default_rng(7)
    return [text.row(rng) for _ in range(count)]


def test_rows_say_what_can_be_printed_and_fit_a_line():
    rows = drawn(2000)
    assert all(0 < len(row) <= 34 and set(row) <= set(CHARSET) and row == row.strip() for row in rows)


def test_no_word_of_the_generators_names_is_in_the_lexicon():
    generated = {
        word for seed in range(3000) for word in re.findall(r"[A-Z]+", rename(invent(seed), seed).name) if len(word) > 3
    }
    assert len(generated) > 150
    assert not generated & set(text.lexicon())


def test_letters_follow_one_another_as_in_places_without_ending_at_once():
    rng = np.random.default_rng(2)
    words = [text.chain().word(rng) for _ in range(500)]
    assert all(3 <= len(word) <= 13 and word.isalpha() for word in words)
    assert len(set(words)) > 400
