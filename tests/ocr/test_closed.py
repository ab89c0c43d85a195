"""Values of closed vocabularies, asked of the line itself."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_vision.ocr import ctc, vocabulary
from kyc_vision.ocr.closed import one_of
from kyc_vision.ocr.printed import Printed
from kyc_vision.types import Field, NotRead, TextLine
from tests.ocr.written import written

VOCABULARIES = (vocabulary.SEX, vocabulary.RELIGION, vocabulary.MARITAL_STATUS)


def printed(lattice: np.ndarray) -> Printed:
    text, confidences, _ = ctc.decode(lattice)
    return Printed.of([TextLine(text, confidences, ((0, 0), (9, 0), (9, 9), (0, 9)), lattice=lattice)])


@pytest.mark.parametrize(
    ("spelling", "meant", "spellings"), [(s, v, each) for each in VOCABULARIES for s, v in each.items()]
)
def test_every_spelling_means_its_value(spelling, meant, spellings):
    value = one_of(printed(written(spelling)), spellings)
    assert isinstance(value, Field)
    assert (value.text, value.read) == (meant, spelling)
    assert value.confidence > 0.9


@pytest.mark.parametrize("spelling", list(vocabulary.MARITAL_STATUS))
def test_mixed_case_means_the_same(spelling):
    value = one_of(printed(written(spelling.title())), vocabulary.MARITAL_STATUS)
    assert isinstance(value, Field)
    assert value.text == vocabulary.MARITAL_STATUS[spelling]


def test_the_line_decides_between_values_that_the_best_path_cannot_part():
    """ISLAM with letters misread is nearer to ISLAM than to any other, and says so with less confidence."""
    clear = one_of(printed(written("ISLAM")), vocabulary.RELIGION)
    blurred = one_of(printed(written("TSLAN", 0.6, {0: "I", 4: "M"})), vocabulary.RELIGION)
    assert isinstance(clear, Field)
    assert isinstance(blurred, Field)
    assert blurred.text == "ISLAM"
    assert blurred.read == "TSLAN"  # what was read is kept
    assert blurred.confidence < clear.confidence


@given(st.text("BCDFGJQVXZ0123456789", min_size=4, max_size=12))
def test_what_is_like_none_is_none(text):
    assert one_of(printed(written(text)), {"PEREMPUAN": "F", "LAKI-LAKI": "M"}) == NotRead("OCR_FIELD_UNREADABLE")


@given(st.text(st.sampled_from(ctc.CHARSET), max_size=30), st.sampled_from(VOCABULARIES))
def test_no_text_gives_a_value_outside_the_vocabulary(text, spellings):
    value = one_of(printed(written(text)), spellings)
    assert isinstance(value, NotRead) or value.text in spellings.values()
    assert isinstance(value, NotRead) or 0 <= value.confidence <= 1


def test_a_row_that_was_not_found_is_passed_on():
    assert one_of(NotRead("OCR_FIELD_NOT_FOUND"), vocabulary.SEX) == NotRead("OCR_FIELD_NOT_FOUND")
