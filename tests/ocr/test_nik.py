import pickle
import re
from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kyc_vision.ocr import regions
from kyc_vision.ocr.nik import Nik, NikError
from kyc_vision.ocr.regions import Region

TODAY = date(2026, 11, 20)
MAN = Nik("3276020507850003")  # Depok, Cimanggis; 5 July 1985
WOMAN = Nik("3276024507850003")

DISTRICTS = st.sampled_from(
    sorted(code for code in regions._table() if len(code) == 6 and not regions.lookup(code).defunct)
)
BIRTHS = st.dates(date(1926, 1, 1), TODAY - timedelta(days=17 * 366))
SEXES = st.sampled_from(("M", "F"))
unhurried = settings(deadline=None)  # a busy machine is no failure


def build(district: str, born: date, sex: str, serial: int) -> str:
    """A NIK written from its parts, apart from the code under test."""
    return f"{district}{born.day + (40 if sex == 'F' else 0):02d}{born:%m%y}{serial:04d}"


def test_the_parts_of_a_mans_number():
    assert MAN.region == Region("JAWA BARAT", "KOTA DEPOK", "CIMANGGIS", defunct=False)
    assert (MAN.sex, MAN.day, MAN.month, MAN.year, MAN.serial) == ("M", 5, 7, 85, "0003")


def test_nik_of_a_woman_adds_forty_to_the_day():
    assert (WOMAN.sex, WOMAN.day) == ("F", 5)


@unhurried
@given(DISTRICTS, BIRTHS, SEXES, st.integers(1, 9999))
def test_what_goes_into_a_number_comes_out_of_it(district, born, sex, serial):
    nik = Nik.parse(build(district, born, sex, serial))
    assert nik.birth_date(born, TODAY) == born
    assert nik.sex == sex
    assert nik.region == regions.lookup(district)
    assert int(nik.serial) == serial
    assert nik.warnings(born, sex, nik.region.regency, TODAY) == ()


@unhurried
@given(DISTRICTS, BIRTHS, BIRTHS, SEXES)
def test_another_printed_date_is_always_a_mismatch(district, born, printed, sex):
    assume((born.day, born.month, born.year % 100) != (printed.day, printed.month, printed.year % 100))
    nik = Nik(build(district, born, sex, 1))
    # 29 February read in the century of the print may not exist there: then the date is invalid instead.
    assert set(nik.warnings(printed, None, None, TODAY)) & {"NIK_BIRTH_DATE_MISMATCH", "NIK_INVALID_DATE"}


@unhurried
@given(DISTRICTS, BIRTHS, SEXES, st.integers(1, 9999))
def test_no_rendering_shows_more_than_the_province(district, born, sex, serial):
    digits = build(district, born, sex, serial)
    nik = Nik(digits)
    for shown in (repr(nik), str(nik), nik.masked, f"{nik}", f"{nik!r}", repr([nik]), f"{nik:}"):
        assert re.findall(r"\d+", shown) == [digits[:2]]


def test_the_masks_as_they_look():
    assert MAN.masked == str(MAN) == "32**************"
    assert repr(MAN) == "Nik(32**************)"


def test_digits_give_the_plain_number_on_purpose():
    assert MAN.digits == "3276020507850003"


@unhurried
@given(st.text() | st.text(alphabet="0123456789 O", min_size=15, max_size=18) | st.from_regex(r"\s*[0-9]{16}\s*"))
def test_any_text_is_a_number_or_a_nik_error(text):
    try:
        nik = Nik.parse(text)
    except NikError:
        assert not re.fullmatch(r"[0-9]{16}", text.strip())
    else:
        assert nik.digits == text.strip()


@unhurried
@given(st.from_regex(r"[0-9]{16}", fullmatch=True), st.none() | st.dates(), st.none() | SEXES, st.none() | st.text())
def test_sixteen_digits_of_any_kind_are_judged_without_an_error(digits, printed, sex, regency):
    nik = Nik.parse(digits)
    found = nik.warnings(printed, sex, regency, TODAY)
    assert len(found) == len(set(found))
    assert all(code.startswith("NIK_") for code in found)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "327602050785000",  # 15
        "32760205078500031",  # 17
        "3276 0205 0785 0003",
        "327602050785000O",
        "３２７６０２０５０７８５０００３",  # full-width digits are digits to str.isdigit
        "3276020507850003\n3276020507850003",
    ],
)
def test_what_is_not_sixteen_digits_is_refused_without_being_repeated(text):
    with pytest.raises(NikError) as refused:
        Nik.parse(text)
    assert not re.search(r"\d{3}", str(refused.value))
    assert isinstance(refused.value, ValueError)


def test_a_number_cannot_be_made_around_the_rule():
    with pytest.raises(NikError):
        Nik("12")
    with pytest.raises(NikError):
        Nik("3276020507850003\n")


def test_spaces_around_the_number_are_not_part_of_it():
    assert Nik.parse("  3276020507850003\n") == MAN


def test_equal_numbers_are_equal_and_survive_a_queue():
    assert Nik(MAN.digits) == MAN
    assert len({MAN, Nik(MAN.digits), WOMAN}) == 2
    assert pickle.loads(pickle.dumps(MAN)) == MAN


def test_the_print_decides_the_century():
    nik = Nik("3276020507080001")
    assert nik.birth_date(date(1908, 7, 5), TODAY) == date(1908, 7, 5)
    assert nik.birth_date(date(2008, 7, 5), TODAY) == date(2008, 7, 5)


def test_a_print_of_another_year_decides_nothing():
    assert MAN.birth_date(date(1958, 7, 5), TODAY) == date(1985, 7, 5)


def test_a_print_in_the_future_decides_nothing():
    nik = Nik("3276020507300001")
    assert nik.birth_date(date(2030, 7, 5), TODAY) == date(1930, 7, 5)


@pytest.mark.parametrize(
    ("digits", "born"),
    [
        ("3276022011090001", date(2009, 11, 20)),  # 17 today
        ("3276022111090001", date(1909, 11, 21)),  # 17 tomorrow: must be the older one
        ("3276020101260001", date(1926, 1, 1)),
        ("3276020507850001", date(1985, 7, 5)),
    ],
)
def test_without_a_print_the_holder_is_the_younger_who_may_have_a_card(digits, born):
    assert Nik(digits).birth_date(None, TODAY) == born


def test_the_leap_day_of_the_year_00_is_in_2000():
    # 1900 was no leap year.
    assert Nik("3276022902000001").birth_date(None, TODAY) == date(2000, 2, 29)


def test_the_numbers_own_day_is_kept_when_the_print_gives_the_century():
    assert MAN.birth_date(date(1985, 12, 24), TODAY) == date(1985, 7, 5)


@pytest.mark.parametrize(
    "ddmmyy", ["310285", "000185", "010085", "011385", "320185", "400185", "720185", "990185", "290285"]
)
def test_a_date_that_does_not_exist(ddmmyy):
    nik = Nik(f"327602{ddmmyy}0001")
    assert nik.birth_date(None, TODAY) is None
    assert nik.warnings(None, None, None, TODAY) == ("NIK_INVALID_DATE",)


def test_an_impossible_date_is_not_reported_twice():
    assert Nik("3276023102850001").warnings(date(1985, 2, 28), "M", None, TODAY) == ("NIK_INVALID_DATE",)


def test_a_serial_of_zeros():
    assert Nik("3276020507850000").warnings(None, None, None, TODAY) == ("NIK_SERIAL_ZERO",)


def test_the_other_sex():
    assert MAN.warnings(None, "F", None, TODAY) == ("NIK_SEX_MISMATCH",)
    assert WOMAN.warnings(None, "M", None, TODAY) == ("NIK_SEX_MISMATCH",)
    assert WOMAN.warnings(None, "F", None, TODAY) == ()


@pytest.mark.parametrize("printed", [date(1985, 7, 6), date(1985, 8, 5), date(1986, 7, 5)])
def test_a_print_that_differs_in_one_part(printed):
    assert MAN.warnings(printed, None, None, TODAY) == ("NIK_BIRTH_DATE_MISMATCH",)


def test_an_impossible_day_says_nothing_of_the_sex():
    assert Nik("3276023507850001").warnings(None, "F", None, TODAY) == ("NIK_INVALID_DATE",)


@pytest.mark.parametrize("code", ["327699", "329901", "000000", "990101"])
def test_a_region_that_is_not_in_the_table(code):
    assert Nik(f"{code}0507850001").warnings(None, None, None, TODAY) == ("NIK_REGION_UNKNOWN",)


@pytest.mark.parametrize("code", ["910101", "910199", "540101", "647301"])
def test_a_withdrawn_region_is_said_to_be_defunct_and_not_unknown(code):
    assert Nik(f"{code}0507850001").warnings(None, None, None, TODAY) == ("NIK_REGION_DEFUNCT",)


def test_a_card_of_another_regency():
    assert MAN.warnings(None, None, "KABUPATEN BOGOR", TODAY) == ("NIK_REGION_DIFFERS",)


def test_a_kabupaten_is_not_the_kota_of_its_name():
    assert Nik("3271010507850001").warnings(None, None, "KABUPATEN BOGOR", TODAY) == ("NIK_REGION_DIFFERS",)


@pytest.mark.parametrize("printed", ["KOTA DEPOK", "KOTADEPOK", "KOTA DEP0K", "K0TA DEPOK"])
def test_the_same_regency_read_with_slips(printed):
    assert MAN.warnings(None, None, printed, TODAY) == ()


@pytest.mark.parametrize("printed", ["", "#@!", "XQZW", "BOGOR"])
def test_a_regency_that_cannot_be_read_contradicts_nothing(printed):
    assert MAN.warnings(None, None, printed, TODAY) == ()


def test_a_renamed_or_renumbered_regency_does_not_differ():
    assert Nik("1212010507850001").warnings(None, None, "KABUPATEN TOBA SAMOSIR", TODAY) == ()
    assert "NIK_REGION_DIFFERS" not in Nik("9101010507850001").warnings(None, None, "KABUPATEN MERAUKE", TODAY)


def test_every_contradiction_is_listed_in_the_order_of_the_digits():
    found = Nik("9101010507850000").warnings(date(1985, 5, 7), "F", "KOTA DEPOK", TODAY)
    assert found == (
        "NIK_REGION_DEFUNCT",
        "NIK_REGION_DIFFERS",
        "NIK_BIRTH_DATE_MISMATCH",
        "NIK_SEX_MISMATCH",
        "NIK_SERIAL_ZERO",
    )
