import pytest

from kyc_vision import layout
from kyc_vision.ocr.lines import CardLines
from kyc_vision.ocr.printed import Printed
from kyc_vision.ocr.rows import read_rows
from kyc_vision.types import NotRead
from tests.fakes import GOOD_ROWS, ScriptedCard, blank_card, words_of

#: Each with the further lines that a long one has.
LONG = {
    "name": ("MUHAMMAD RAHMAT", "HIDAYATULLAH", "PANGARIBUAN"),
    "birth_place": ("KABUPATEN HULU SUNGAI", "TENGAH, 05-07-1985"),
    "address": ("PERUM TAMAN INDAH", "BLOK C7 NO. 118"),
}


def rows_of(rows, wrapped=(), proposed=None, **how):
    card = ScriptedCard(words_of(rows, wrapped), **how)
    return read_rows(CardLines.find(blank_card(), card), wrapped if proposed is None else proposed)


def long_card(wrapped):
    return {**GOOD_ROWS, **{field: LONG[field][: 1 + wrapped.count(field)] for field in wrapped}}


def texts(rows):
    return {field: value.text if isinstance(value, Printed) else value for field, value in rows.values.items()}


@pytest.mark.parametrize("proposed", ["as it is", "nothing", "wrong"])
@pytest.mark.parametrize("wrapped", layout.WRAPS, ids="+".join)
def test_every_row_is_found_whatever_wraps_and_whatever_geometry_proposed(wrapped, proposed):
    other = next(w for w in layout.WRAPS if w and w != wrapped)
    guess = {"as it is": wrapped, "nothing": (), "wrong": other}[proposed]
    rows = rows_of(long_card(wrapped), wrapped, guess)
    assert rows.wrapped == wrapped
    found = texts(rows)
    for field, value in long_card(wrapped).items():
        if field in found:
            assert found[field] == (value if isinstance(value, str) else " ".join(value)), field


def test_geometry_decides_where_the_lines_say_nothing():
    mute = {row.field: "XYZ" for row in layout.ROWS}
    assert rows_of(mute, (), ("address",)).wrapped == ("address",)
    assert rows_of(mute, (), ()).wrapped == ()


def test_a_row_that_is_not_printed_is_not_found_and_moves_no_other():
    without = {field: value for field, value in GOOD_ROWS.items() if field != "village"}
    found = texts(rows_of(without))
    assert found["village"] == NotRead("OCR_FIELD_NOT_FOUND")
    assert (found["rt_rw"], found["district"]) == ("003/004", "CIMANGGIS")


def test_a_row_without_a_box_is_read_blind_when_its_characters_are_certain():
    assert texts(rows_of(GOOD_ROWS, unseen=(":TUGU",)))["village"] == "TUGU"


def test_a_blind_cut_of_uncertain_characters_is_not_believed():
    words = [w if w.text != ":TUGU" else type(w)(w.text, w.x, w.y, 0.6) for w in words_of(GOOD_ROWS)]
    card = ScriptedCard(words, unseen=(":TUGU",))
    rows = read_rows(CardLines.find(blank_card(), card), ())
    assert rows.values["village"] == NotRead("OCR_FIELD_NOT_FOUND")


def test_the_blood_group_is_no_part_of_the_sex():
    assert texts(rows_of(GOOD_ROWS))["sex"] == "LAKI-LAKI"
    assert texts(rows_of(GOOD_ROWS, together=(":LAKI-LAKI", "Gol. Darah : O")))["sex"] == "LAKI-LAKI"
