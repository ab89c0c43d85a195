import pytest

from kyc_vision.ocr.printed import Printed, clean
from kyc_vision.types import Field, NotRead, TextLine


def line(text: str, confidence: float = 0.9, left: float = 10.0, top: float = 20.0) -> TextLine:
    right, bottom = left + 100, top + 12
    return TextLine(text, (confidence,) * len(text), ((left, top), (right, top), (right, bottom), (left, bottom)))


def test_the_colon_that_a_cut_begins_with_is_dropped():
    for read in (":BUDI", ": BUDI", " :. BUDI", "BUDI"):
        printed = Printed.of([line(read)])
        assert printed.text == "BUDI"
        assert len(printed.confidences) == 4


def test_two_lines_are_joined_by_a_space_and_their_boxes_by_a_box_around_both():
    printed = Printed.of([line(":MUHAMMAD RAHMAT"), line("HIDAYATULLAH", left=30.0, top=50.0)])
    assert printed.text == "MUHAMMAD RAHMAT HIDAYATULLAH"
    assert len(printed.confidences) == len(printed.text)
    assert printed.box == (10.0, 20.0, 120.0, 42.0)


def test_confidence_is_the_product_over_the_characters():
    field = Printed.of([line("ABC", 0.9)]).whole()
    assert isinstance(field, Field)
    assert field.confidence == pytest.approx(0.9**3, abs=1e-4)


def test_spaces_count_for_nothing_in_the_confidence():
    text = TextLine("A B", (0.8, 0.1, 0.5), ((0, 0), (9, 0), (9, 9), (0, 9)))
    field = Printed.of([text]).whole()
    assert isinstance(field, Field)
    assert field.confidence == pytest.approx(0.4)


def test_a_span_takes_its_own_characters_confidences():
    text = TextLine("DEPOK, 05", (0.5,) * 5 + (0.1, 0.1) + (0.9, 0.8), ((0, 0), (9, 0), (9, 9), (0, 9)))
    printed = Printed.of([text])
    place, day = printed.field(0, 5), printed.field(5, 9)
    assert isinstance(place, Field)
    assert isinstance(day, Field)
    assert (place.read, day.read) == ("DEPOK", "05")
    assert place.confidence == pytest.approx(0.5**5, abs=1e-4)
    assert day.confidence == pytest.approx(0.72)


def test_a_field_says_who_read_it():
    field = Printed.of([line(":ISLAM.")]).whole()
    assert isinstance(field, Field)
    assert field.readings == (("ppocr", "ISLAM"),)
    assert field.repaired == ()


@pytest.mark.parametrize("read", ["", ":", " .:' "])
def test_specks_alone_are_unreadable(read):
    assert Printed.of([line(read)]).whole() == NotRead("OCR_FIELD_UNREADABLE")


def test_specks_go_from_the_ends_and_stay_inside():
    assert clean(" :JL. MELATI NO. 1. ") == "JL. MELATI NO. 1"
    assert clean("JL. MELATI GG. 3.") == "JL. MELATI GG. 3"
    assert clean("BUDI.") == "BUDI"
    assert clean("003/004") == "003/004"
    assert clean("SITI (ANI)") == "SITI (ANI)"


@pytest.mark.parametrize("read", ["ARIEF YULIANTO, S.H.", "SITI, S.PD.", "BUDI, M.M.", "DWI, S.H., M.KN."])
def test_the_stop_of_an_abbreviation_is_printed(read):
    assert clean(f":{read} ") == read
    assert clean(read[:-1]) == read[:-1]  # what was not read is not added
