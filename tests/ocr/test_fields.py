from dataclasses import replace

import pytest

from kyc_vision import layout
from kyc_vision.ocr.confidence import Agreement, agreement
from kyc_vision.ocr.lattice import NumberLattice
from kyc_vision.ocr.nik_reader import NikReading
from kyc_vision.types import Field, NotRead
from tests.fakes import (
    ALL_FIELDS,
    GOOD_ROWS,
    PRINTED,
    ScriptedCard,
    ScriptedNumber,
    SecondReader,
    Word,
    blank_card,
    card_reader,
    inked_card,
    words_of,
)

UNREADABLE, NOT_FOUND = NotRead("OCR_FIELD_UNREADABLE"), NotRead("OCR_FIELD_NOT_FOUND")


LONG = {
    "name": ("MUHAMMAD RAHMAT", "HIDAYATULLAH", "PANGARIBUAN"),
    "birth_place": ("KABUPATEN HULU SUNGAI", "TENGAH, 05-07-1985"),
    "address": ("PERUM TAMAN INDAH", "BLOK C7 NO. 118"),
}


class Undetectable(ScriptedCard):
    """A spotter that must not be asked where text is."""

    def detect(self, pixels):  # noqa: ARG002 - the Protocol's shape
        raise AssertionError("nothing is to be detected")


class Doubtful(ScriptedNumber):
    """A reader that gives one digit of the NIK a share, and the rest of it to the digit that is printed."""

    def __init__(self, card, position, digit, share):
        super().__init__(card)
        self.change = (position, int(digit), share)

    def read(self, pixels, quad):
        rows = super().read(pixels, quad).lattice.posteriors.copy()
        position, digit, share = self.change
        rows[position] *= (1 - share) / (1 - rows[position, digit])
        rows[position, digit] = share
        return NikReading(NumberLattice(rows, 0.0), ())


def read(second=None, wrapped=(), unsure=(), **changes):
    """The good card with other values; None leaves a row out, unsure ones are read with confidence 0.97 a letter."""
    together = changes.pop("together", ())
    rows = {name: value for name, value in {**GOOD_ROWS, **changes}.items() if value is not None}
    words = [
        Word(w.text, w.x, w.y, 0.97 if w.text.lstrip(":") in unsure else w.confidence, w.pitch)
        for w in words_of(rows, wrapped)
    ]
    return card_reader(ScriptedCard(words, together), second).read(blank_card(wrapped))


def test_a_good_card_reads_as_it_is_printed():
    fields = read()
    assert {name: fields.text(name) for name in ALL_FIELDS} == dict(PRINTED)
    assert all(isinstance(value, Field) and value.confidence > 0.7 for _, value in fields.items())


def test_what_is_printed_is_kept_beside_what_it_means():
    fields = read(sex="PEREMPUAN", religion="KATHOLIK", valid_until="05-07-2017", rt_rw="02 / 5")
    shown = {name: (getattr(fields, name).read, fields.text(name)) for name in ("sex", "religion", "birth_date")}
    assert shown == {
        "sex": ("PEREMPUAN", "F"),
        "religion": ("KATHOLIK", "KATOLIK"),
        "birth_date": ("05-07-1985", "1985-07-05"),
    }
    assert fields.text("valid_until") == "2017-07-05"
    assert fields.text("rt_rw") == "002/005"


def test_a_field_says_where_it_stands():
    x, y, w, h = read().nik.box
    middle = (y + h / 2) / 11.8
    assert middle == pytest.approx(layout.NIK_Y_MM, abs=0.3)
    assert x / 11.8 == pytest.approx(layout.NIK_X_MM, abs=1.2)
    assert (x + w) / 11.8 == pytest.approx(layout.NIK_END_X_MM, abs=1.5)


def test_an_empty_card_gives_a_reason_for_every_field():
    fields = card_reader(ScriptedCard([])).read(blank_card())
    assert all(isinstance(value, NotRead) for _, value in fields.items())
    assert fields.nik == NotRead("OCR_NIK_UNREADABLE")
    assert fields.village == NOT_FOUND


@pytest.mark.parametrize("wrapped", layout.WRAPS, ids="+".join)
def test_a_card_with_rows_of_two_lines_reads_whole(wrapped):
    fields = read(wrapped=wrapped, **{name: LONG[name][: 1 + wrapped.count(name)] for name in wrapped})
    expected = dict(PRINTED)
    if "name" in wrapped:
        expected["name"] = " ".join(LONG["name"][: 1 + wrapped.count("name")])
    if "birth_place" in wrapped:
        expected["birth_place"] = "KABUPATEN HULU SUNGAI TENGAH"
    if "address" in wrapped:
        expected["address"] = "PERUM TAMAN INDAH BLOK C7 NO. 118"
    assert {name: fields.text(name) for name in ALL_FIELDS} == expected


@pytest.mark.parametrize("wrapped", layout.WRAPS, ids="+".join)
def test_where_the_print_was_seen_nothing_is_detected(wrapped):
    rows = {**GOOD_ROWS, **{name: LONG[name][: 1 + wrapped.count(name)] for name in wrapped}}
    words = words_of(rows, wrapped)
    fields = card_reader(Undetectable(words)).read(inked_card(words, wrapped))
    expected = {**PRINTED, **{name: " ".join(rows[name]) for name in wrapped}}
    expected["birth_place"] = expected["birth_place"].removesuffix(", 05-07-1985")
    assert {name: fields.text(name) for name in ALL_FIELDS} == expected


class Counting(ScriptedCard):
    """Counts how often it is asked where text is."""

    detected = 0

    def detect(self, pixels):
        self.detected += 1
        return super().detect(pixels)


def test_what_does_not_read_like_rows_is_detected_after_all():
    # No ink stands where the locator has the print.
    spotter = Counting(words_of(GOOD_ROWS))
    fields = card_reader(spotter).read(replace(blank_card(), anchors=16))
    assert spotter.detected == 1
    assert {name: fields.text(name) for name in ALL_FIELDS} == dict(PRINTED)


def test_where_too_few_landmarks_were_seen_text_is_detected():
    spotter = Counting(words_of(GOOD_ROWS))
    card_reader(spotter).read(replace(inked_card(words_of(GOOD_ROWS)), anchors=7))
    assert spotter.detected == 1


def test_a_doubtful_digit_is_mended_by_what_the_card_says_and_said_so():
    """The day reads 25 where the card prints the 5th: 0 and 2 are equally likely to the picture, nearly."""
    doubtful = Doubtful(ScriptedCard(words_of(GOOD_ROWS)), position=6, digit="2", share=0.55)
    nik = replace(card_reader(doubtful.card), number=doubtful).read(blank_card()).nik
    assert isinstance(nik, Field)
    assert (nik.read, nik.text, nik.repaired) == ("3276022507850003", "3276020507850003", (6,))
    assert nik.confidence < 0.999


def test_a_clear_digit_is_never_mended_whatever_the_card_says():
    forged = Doubtful(ScriptedCard(words_of(GOOD_ROWS)), position=6, digit="2", share=0.9999)
    nik = replace(card_reader(forged.card), number=forged).read(blank_card()).nik
    assert (nik.read, nik.text, nik.repaired) == ("3276022507850003", "3276022507850003", ())


def test_a_clean_nik_is_not_said_to_be_mended():
    assert read().nik.repaired == ()


@pytest.mark.parametrize(
    "printed",
    [None, "327602050785000", "32760205078500031", "3276020507X50003", "ABCDEFGHJKMNPRUV"],
    ids=["nothing", "15 digits", "17 digits", "a letter that is no digit", "letters"],
)
def test_what_is_not_sixteen_digits_is_no_nik(printed):
    assert read(nik=printed).nik == NotRead("OCR_NIK_UNREADABLE")


def test_the_nik_never_asks_the_second_reader():
    second = SecondReader("3276020507850003")
    fields = read(second, name="BUDI", unsure=("3276020507850003",))
    assert second.asked == 0
    assert [reader for reader, _ in fields.nik.readings] == ["scripted"]


def test_the_date_printed_beside_it_makes_a_doubtful_nik_likelier():
    alone = read(unsure=("3276020507850003",), birth_place=None, sex=None).nik
    beside = read(unsure=("3276020507850003",)).nik
    assert 0.97**16 < alone.confidence < beside.confidence  # the calendar and the districts help as well


def test_a_nik_says_how_clear_each_digit_is():
    assert read(unsure=("3276020507850003",)).nik.letters == pytest.approx((0.97,) * 16)


def test_the_blood_group_is_read_behind_its_label_whether_or_not_it_was_found_with_the_sex():
    for together in ((), (":LAKI-LAKI", "Gol. Darah : O")):
        fields = read(together=together)
        assert (fields.text("sex"), fields.text("blood_type")) == ("M", "O")


@pytest.mark.parametrize(
    ("printed", "meant"),
    [("AB", "AB"), ("B", "B"), ("0", "O"), ("8", "B"), ("A+", "A+"), ("O-", "O-"), ("AB-", "AB-"), ("-", "-")],
)
def test_a_blood_group_means_one_of_the_known_ones(printed, meant):
    assert read(blood=f"Gol. Darah : {printed}").text("blood_type") == meant


def test_a_blood_group_that_is_none_is_unreadable():
    assert read(blood="Gol. Darah : X").blood_type == UNREADABLE
    assert read(blood=None).blood_type == UNREADABLE


@pytest.mark.parametrize(
    ("printed", "place", "day"),
    [
        ("DEPOK, 05-07-1985", "DEPOK", "1985-07-05"),
        ("DEPOK,05-07-1985", "DEPOK", "1985-07-05"),
        ("DEPOK 05-07-1985", "DEPOK", "1985-07-05"),
        ("KOTA BARU, 05 - 07 - 1985", "KOTA BARU", "1985-07-05"),
        ("DEPOK, O5-07-l985", "DEPOK", "1985-07-05"),
        ("DEPOK, 05071985", "DEPOK", "1985-07-05"),
        ("Depok, 31-12-1999", "DEPOK", "1999-12-31"),
    ],
)
def test_place_and_date_of_birth_are_parted_before_the_date(printed, place, day):
    fields = read(birth_place=printed)
    assert (fields.text("birth_place"), fields.text("birth_date")) == (place, day)


@pytest.mark.parametrize("printed", ["DEPOK, 31-02-1985", "DEPOK, 05-13-1985", "DEPOK, 05-07-1085", "DEPOK"])
def test_a_day_that_never_was_is_unreadable_and_the_place_is_kept(printed):
    fields = read(birth_place=printed)
    assert fields.birth_date == UNREADABLE
    assert fields.text("birth_place") == "DEPOK"


def test_a_certain_line_is_not_asked_for_again():
    second = SecondReader("BUDI")
    fields = read(second, name="BUDI")
    assert fields.name.confidence == pytest.approx(0.99**4, abs=1e-3)  # 0.96
    assert fields.birth_date.confidence == pytest.approx(0.99**10, abs=1e-3)  # 0.904
    assert second.asked == 0
    assert fields.name.readings == (("ppocr", "BUDI"),)


def test_in_doubt_the_second_reader_is_asked_and_both_readings_are_kept():
    second = SecondReader(" BUDI SANTOSA. ")
    fields = read(second, unsure=("BUDI SANTOSO",))
    assert fields.name.readings == (("ppocr", "BUDI SANTOSO"), ("tesseract", "BUDI SANTOSA"))
    assert fields.text("name") == "BUDI SANTOSO"  # never overruled


def test_the_date_of_birth_is_confirmed_too():
    second = SecondReader("05-07-1985")
    fields = read(second, name="BUDI", unsure=("DEPOK, 05-07-1985",))
    assert second.asked == 1
    assert fields.birth_date.readings == (("ppocr", "05-07-1985"), ("tesseract", "05-07-1985"))


def test_the_whole_line_read_the_same_confirms_the_date_of_birth():
    """The second reader is shown the line that was found, and that begins with the place."""
    fields = read(SecondReader("DEPOK, 05-07-1985"), name="BUDI", unsure=("DEPOK, 05-07-1985",))
    assert agreement(fields.birth_date) is Agreement.AGREE


def test_a_missing_second_reader_is_not_asked():
    second = SecondReader(why_missing="the program tesseract is not installed")
    fields = read(second, unsure=("BUDI SANTOSO", "DEPOK, 05-07-1985"))
    assert second.asked == 0
    assert fields.name.readings == (("ppocr", "BUDI SANTOSO"),)


@pytest.mark.parametrize(
    ("row", "printed", "meant"),
    [
        ("address", "JL.MELATI NO. 1", "JL. MELATI NO. 1"),
        ("address", "JL MELATI NO. 1", "JL. MELATI NO. 1"),
        ("address", "JLN MELATI", "JLN MELATI"),
        ("rt_rw", "003 / 004", "003/004"),
        ("rt_rw", "OO3/004", "003/004"),
        ("rt_rw", "013/-", "013/-"),
        ("rt_rw", "013005", "013/005"),
        ("rt_rw", "0137005", "013/005"),
        ("rt_rw", "O1Z/OO5", "012/005"),
        ("address", "JL. MELATI GG 3 NO.12", "JL. MELATI GG. 3 NO. 12"),
        ("address", "JL. NOTO 5", "JL. NOTO 5"),
        ("nationality", "WA", "WNI"),
        ("nationality", "WHE", "WNI"),
        ("nationality", "IRAN", "IRAN"),
        ("nationality", "OMAN", "OMAN"),
        ("sex", "LAKLLAK", "M"),
        ("sex", "PCREMPJAM", "F"),
        ("sex", "MALE", "M"),
        ("district", "CIMANGGlS", "CIMANGGIS"),
        ("district", "NOWHERE", "NOWHERE"),
        ("issue_place", "KOTADEPOK", "KOTA DEPOK"),
        ("valid_until", "SEUMR HDUP", "SEUMUR HIDUP"),
        ("occupation", "KARYAWANSWASTA", "KARYAWAN SWASTA"),
        ("occupation", "PENJAGA MERCUSUAR", "PENJAGA MERCUSUAR"),
        ("nationality", "WNl", "WNI"),
        ("nationality", "MALAYSIA", "MALAYSIA"),
        ("valid_until", "SEUMURHIDUP", "SEUMUR HIDUP"),
        ("province", "PROVINSI JAWA BARA7", "JAWA BARAT"),
        ("issue_date", "02-O6-2012", "2012-06-02"),
    ],
)
def test_a_reading_is_taken_for_what_it_can_mean(row, printed, meant):
    assert read(**{row: printed}).text(row) == meant


@pytest.mark.parametrize(
    ("row", "printed"), [("rt_rw", "ABC"), ("religion", "XYZ"), ("valid_until", "XYZ"), ("sex", "XYZ")]
)
def test_a_reading_that_can_mean_nothing_is_unreadable(row, printed):
    assert getattr(read(**{row: printed}), row) == UNREADABLE


def test_a_place_of_issue_of_two_lines_pushes_its_date_down():
    words = [w for w in words_of(GOOD_ROWS) if w.text not in ("KOTA DEPOK", "02-06-2012")]
    x, high = layout.ISSUE_CENTRE_X_MM, layout.CARD_WH_MM[1]
    words += [
        Word("KABUPATEN", x - 5, layout.ISSUE_PLACE_Y_MM),
        Word("BEKASI", x - 3.3, layout.ISSUE_DATE_Y_MM),
        Word("02-06-2012", x - 5.5, 0.770 * high),
    ]
    fields = card_reader(ScriptedCard(words)).read(blank_card())
    assert fields.text("issue_place") == "KABUPATEN BEKASI"
    assert fields.text("issue_date") == "2012-06-02"


def test_no_field_is_mended_to_agree_with_another():
    fields = read(nik="3276024507850003")  # a woman's number on a man's card
    assert (fields.text("nik"), fields.text("sex")) == ("3276024507850003", "M")
