"""Whatever a card says, wherever its rows wrap and whatever the locator proposed: no value comes from another row."""

from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kyc_vision import layout
from kyc_vision.ocr import vocabulary
from kyc_vision.types import Field
from tests.fakes import GOOD_ROWS, ScriptedCard, blank_card, card_reader, inked_card, words_of

#: Letters that only free text of that row has: what is read there came from there.
OWN = {"name": "AEU", "birth_place": "HKN", "address": "MOV", "village": "BTW", "district": "CRS"}


def free(row: str, longest: int) -> st.SearchStrategy[str]:
    return st.text(OWN[row], min_size=4, max_size=longest)


@st.composite
def cards(draw) -> tuple[Mapping[str, str | tuple[str, ...]], tuple[str, ...]]:
    """What a card says, line by line, and which rows wrap."""
    wrapped = draw(st.sampled_from(layout.WRAPS))
    day = f"{draw(st.integers(1, 28)):02d}-{draw(st.integers(1, 12)):02d}-{draw(st.integers(1930, 2009))}"
    lines = {row: [draw(free(row, 14)) for _ in range(1 + wrapped.count(row))] for row in OWN}
    lines["birth_place"][-1] = f"{lines['birth_place'][-1][:8]}, {day}"
    rows: dict[str, str | tuple[str, ...]] = {**GOOD_ROWS, **{row: tuple(said) for row, said in lines.items()}}
    rows["religion"] = draw(st.sampled_from(sorted(vocabulary.RELIGION)))
    rows["marital_status"] = draw(st.sampled_from(sorted(vocabulary.MARITAL_STATUS)))
    rows["rt_rw"] = f"{draw(st.integers(0, 99)):03d}/{draw(st.integers(0, 99)):03d}"
    return rows, wrapped


@pytest.mark.parametrize("seen", [True, False], ids=["cut by the layout", "found as boxes"])
@given(card=cards(), proposed=st.sampled_from(layout.WRAPS))
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_no_value_comes_from_another_row(seen, card, proposed):
    rows, wrapped = card
    words = words_of(rows, wrapped)
    picture = inked_card(words, proposed) if seen else blank_card(proposed)
    fields = card_reader(ScriptedCard(words)).read(picture)
    for row, letters in OWN.items():
        value = getattr(fields, row)
        if isinstance(value, Field):
            assert set(value.read) <= {*letters, " "}, row
            assert value.read == " ".join(rows[row]).split(",")[0], row
    assert fields.text("religion") == vocabulary.RELIGION[rows["religion"]]
    assert fields.text("marital_status") == vocabulary.MARITAL_STATUS[rows["marital_status"]]
    assert fields.text("rt_rw") == rows["rt_rw"]
