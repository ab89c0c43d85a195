from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_vision.ocr.vocabulary import (
    BLOOD_TYPE,
    DIGIT_FOR,
    FOR_LIFE,
    MARITAL_STATUS,
    OCCUPATIONS,
    RELIGION,
    SEX,
    closest,
    parse_date,
)


@pytest.mark.parametrize(
    ("read", "values", "meant"),
    [
        ("LAKI-LAKI", SEX, "M"),
        ("LAKILAKI", SEX, "M"),
        ("PEREMPUAN", SEX, "F"),
        ("PEREMPUAH", SEX, "F"),
        ("FEMALE", SEX, "F"),
        ("KATHOLIK", RELIGION, "KATOLIK"),
        ("BUDHA", RELIGION, "BUDDHA"),
        ("lslam", RELIGION, "ISLAM"),
        ("BELUMKAWIN", MARITAL_STATUS, "BELUM KAWIN"),
        ("Cerai Hidup", MARITAL_STATUS, "CERAI HIDUP"),
        ("KAWIN", MARITAL_STATUS, "KAWIN"),
        ("SEUMURHIDUP", {FOR_LIFE: FOR_LIFE}, FOR_LIFE),
    ],
)
def test_a_reading_means_the_nearest_value(read, values, meant):
    assert closest(read, values) == meant


@pytest.mark.parametrize("read", ["", "X", "WIRASWASTA", "05-07-1985", "BUDI SANTOSO"])
def test_what_is_near_no_value_means_none(read):
    for values in (SEX, RELIGION, MARITAL_STATUS):
        assert closest(read, values) is None


def test_male_and_female_are_told_apart():
    assert SEX["MALE"] == "M"
    assert closest("FEMALE", SEX) == "F"
    assert closest("MALE", SEX) == "M"


def test_every_value_means_itself():
    for values in (SEX, RELIGION, MARITAL_STATUS):
        for printed, meant in values.items():
            assert closest(printed, values) == meant
    for occupation in OCCUPATIONS:
        assert closest(occupation, {name: name for name in OCCUPATIONS}) == occupation


@given(st.dates(date(1920, 1, 1), date(2029, 12, 31)), st.sampled_from(["-", ".", "/", " - ", ""]))
def test_every_date_is_read_day_first(day, between):
    assert parse_date(f"{day:%d}{between}{day:%m}{between}{day:%Y}") == day


@given(st.dates(date(1920, 1, 1), date(2029, 12, 31)))
def test_letters_taken_for_digits_are_mended_in_a_date(day):
    printed = f"{day:%d-%m-%Y}".replace("0", "O").replace("1", "l").replace("5", "S")
    assert parse_date(printed) == day


@pytest.mark.parametrize("read", ["", "31-02-1985", "00-01-1985", "12-13-1985", "1985", "05-07-198", "DEPOK"])
def test_what_is_no_date_is_none(read):
    assert parse_date(read) is None


def test_a_date_is_found_behind_a_place():
    assert parse_date("DEPOK, 05-07-1985") == date(1985, 7, 5)
    assert parse_date("BOGOR,O5-07-1985") == date(1985, 7, 5)


def test_a_letter_stands_for_one_digit_only():
    assert set(DIGIT_FOR.values()) <= set("0123456789")
    assert not set(DIGIT_FOR) & set("0123456789")


def test_blood_groups_are_the_four_with_their_signs():
    assert set(BLOOD_TYPE.values()) == {g + s for g in ("A", "B", "AB", "O") for s in ("", "+", "-")} | {"-"}
    assert (BLOOD_TYPE["0"], BLOOD_TYPE["8"]) == ("O", "B")
