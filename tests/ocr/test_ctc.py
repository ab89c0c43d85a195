import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_vision.ocr.ctc import CHARSET, decode

BLANK = "_"


def steps(shown: str, confidences: tuple[float, ...] | None = None) -> np.ndarray:
    """A map whose likeliest class at each step is the character shown; _ is the blank."""
    rows = np.zeros((len(shown), 1 + len(CHARSET)), dtype=np.float32)
    for t, character in enumerate(shown):
        best = confidences[t] if confidences else 0.9
        rows[t] = (1 - best) / len(CHARSET)
        rows[t, 0 if character == BLANK else 1 + CHARSET.index(character)] = best
    return rows


def test_the_charset_is_printable_ascii():
    assert len(CHARSET) == 95
    assert (CHARSET[0], CHARSET[-1]) == (" ", "~")


def test_repeats_are_one_character_unless_a_blank_parts_them():
    assert decode(steps("BBUU_DDDI_"))[0] == "BUDI"
    assert decode(steps("AA"))[0] == "A"
    assert decode(steps("A_A"))[0] == "AA"


def test_a_characters_confidence_is_the_greatest_of_its_run():
    text, confidences, _ = decode(steps("AA_BB", (0.6, 0.9, 0.99, 0.8, 0.7)))
    assert text == "AB"
    assert confidences == pytest.approx((0.9, 0.8))


def test_a_characters_position_is_the_middle_of_its_run():
    _, _, positions = decode(steps("AA__B_____"))
    assert positions == pytest.approx((0.1, 0.45))


def test_spaces_around_the_text_are_dropped_and_those_inside_kept():
    text, confidences, positions = decode(steps("_ A_ B _ "))
    assert text == "A B"
    assert len(confidences) == len(positions) == 3


@pytest.mark.parametrize("shown", ["", "_", "____", " ", "_ _ "])
def test_nothing_reads_as_nothing(shown):
    assert decode(steps(shown)) == ("", (), ())


@given(st.text(st.sampled_from(CHARSET.replace(BLANK, "")), max_size=25), st.data())
def test_any_text_survives_being_written_as_runs(text, data):
    shown = "".join(
        character * data.draw(st.integers(1, 3)) + BLANK * data.draw(st.integers(1, 2)) for character in text
    )
    read, confidences, positions = decode(steps(shown))
    assert read == text.strip(" ")
    assert len(confidences) == len(positions) == len(read)
    assert list(positions) == sorted(positions)
    assert all(0 < position < 1 for position in positions)


def pale_space(shown: str, at: int, probability: float) -> np.ndarray:
    """The blank is likeliest at a step, and a space has so much of it."""
    rows = steps(shown)
    rows[at] = 0
    rows[at, 0], rows[at, 1 + CHARSET.index(" ")] = 1 - probability, probability
    return rows


def test_a_pale_space_between_two_letters_is_read():
    text, confidences, positions = decode(pale_space("N_B", 1, 0.2))
    assert text == "N B"
    assert confidences == pytest.approx((0.9, 0.2, 0.9))
    assert positions == pytest.approx((1 / 6, 0.5, 5 / 6))


@pytest.mark.parametrize(("shown", "probability"), [("N_B", 0.05), ("N_I", 0.2), ("N_.", 0.2), ("5_7", 0.2)])
def test_the_room_beside_a_narrow_letter_a_stop_or_a_digit_is_no_space(shown, probability):
    assert decode(pale_space(shown, 1, probability))[0] == shown.replace("_", "")


def test_a_space_is_not_read_twice():
    assert decode(pale_space("N _B", 2, 0.3))[0] == "N B"
