"""Is the card valid, is its holder of age: the days on which the answer turns, and what an answer must not say."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyc_vision.checks.holder import LAST_CITIZENS_DATE
from kyc_vision.checks.question import OLDEST
from kyc_vision.ocr.nik import completed_years
from kyc_vision.policy import Action, Policy
from kyc_vision.types import Check, Decision, NotRead
from tests.checks.asked import FAIL, NOT_EXECUTED, PASS, TODAY, answer, answers, fields_with
from tests.fakes import read_field

UNREAD = NotRead("OCR_FIELD_UNREADABLE")
UNDER, MISMATCH = (FAIL, ("HOLDER_UNDER_AGE",)), (FAIL, ("NIK_BIRTH_DATE_MISMATCH",))
EXPIRED, WHOSE = (FAIL, ("CARD_EXPIRED",)), (NOT_EXECUTED, ("OCR_NATIONALITY_UNREADABLE",))
UNTIL_WHEN = (NOT_EXECUTED, ("OCR_VALID_UNTIL_UNREADABLE",))
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
FOR_LIFE = "SEUMUR HIDUP"
DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))
unhurried = settings(deadline=None)  # a busy machine is no failure


def valid(nationality: str | None, until: date | str | None, sure: tuple[float, float] = (0.99, 0.99)):
    """The answer to a card that prints these two; None is not read."""
    one = UNREAD if nationality is None else read_field(nationality, sure[0])
    other = UNREAD if until is None else read_field(str(until), sure[1])
    return answer("card_valid", **fields_with(nationality=one, valid_until=other))


def nik_of(born: date) -> str:
    return f"327602{born:%d%m%y}0003"


def aged(printed: date | None, by_nik: date | None, today: date = TODAY) -> Check:
    """The answer to these two dates of birth; None is not read."""
    one = UNREAD if printed is None else read_field(printed.isoformat())
    other = NotRead("OCR_NIK_UNREADABLE") if by_nik is None else read_field(nik_of(by_nik))
    return answers(today=today, **fields_with(birth_date=one, nik=other))["of_age"]


def told(check: Check):
    return check.outcome, check.reasons


@pytest.mark.parametrize("until", [FOR_LIFE, date(2017, 7, 5), YESTERDAY, TODAY, TOMORROW, date(1911, 1, 1), None])
def test_a_citizens_card_is_valid_for_life_whatever_it_prints(until):
    assert valid("WNI", until) == (PASS, ())
    assert valid("WNI", until, (0.01, 0.01)) == (PASS, ())  # a closed word: nothing else there is like it


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (date(2017, 7, 5), EXPIRED),
        (YESTERDAY, EXPIRED),
        (TODAY, (PASS, ())),  # until and including
        (TOMORROW, (PASS, ())),
        (None, UNTIL_WHEN),
        (FOR_LIFE, (FAIL, ("CARD_FOREIGN_FOR_LIFE",))),
    ],
)
def test_a_foreigners_date_counts(until, expected):
    assert valid("AUSTRALIA", until) == expected


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (FOR_LIFE, (PASS, ())),  # printed for citizens only
        (TODAY, (PASS, ())),  # valid, whose it may be
        (date(2017, 7, 5), WHOSE),
        (LAST_CITIZENS_DATE, WHOSE),
        (LAST_CITIZENS_DATE + timedelta(days=1), EXPIRED),  # no citizen's card has such a date
        (YESTERDAY, EXPIRED),
        (None, UNTIL_WHEN),  # a thumb over both lines hides nothing for good
    ],
)
@pytest.mark.parametrize("nationality", [(None, 0.0), ("AUSTRALIA", 0.49), ("NI", 0.99)])
def test_where_the_nationality_is_not_certain_the_date_tells_what_it_can(nationality, until, expected):
    text, confidence = nationality
    assert valid(text, until, (confidence, 0.99)) == expected


def test_a_date_that_is_not_certain_neither_expires_a_card_nor_keeps_it_valid():
    for until in (YESTERDAY, TOMORROW, FOR_LIFE):
        assert valid("AUSTRALIA", until, (0.99, 0.49)) == UNTIL_WHEN
        assert valid("AUSTRALIA", until, (0.5, 0.5)) != UNTIL_WHEN
    assert valid(None, TOMORROW, (0.0, 0.49)) == UNTIL_WHEN
    # Nothing else than these words is like them: a bad reading of them is enough.
    assert valid(None, FOR_LIFE, (0.0, 0.49)) == (PASS, ())


@given(until=st.none() | DAYS, today=st.dates(date(2026, 1, 1), date(2060, 1, 1)))
@unhurried
def test_no_past_date_ever_passes_without_a_citizen(until, today):
    printed = UNREAD if until is None else read_field(until.isoformat())
    for nationality in (UNREAD, read_field("MALAYSIA"), read_field("NI"), read_field("LAOS", 0.1)):
        fields = fields_with(nationality=nationality, valid_until=printed)
        passed = answers(today=today, **fields)["card_valid"].outcome is PASS
        assert passed == (until is not None and until >= today)


@pytest.mark.parametrize(
    ("born", "today", "expected"),
    [
        (date(2008, 11, 24), date(2026, 11, 24), (PASS, ())),  # the birthday itself
        (date(2008, 11, 25), date(2026, 11, 24), UNDER),  # the day before
        (date(2008, 11, 24), date(2026, 11, 23), UNDER),
        (date(2008, 2, 29), date(2026, 2, 28), UNDER),  # no leap year: a year older on 1 March
        (date(2008, 2, 29), date(2026, 3, 1), (PASS, ())),
        (date(2004, 2, 29), date(2022, 2, 28), UNDER),
        (date(2009, 12, 31), date(2027, 12, 31), (PASS, ())),
        (date(2009, 12, 31), date(2027, 12, 30), UNDER),
        (date(2014, 6, 1), date(2026, 11, 24), UNDER),
        (TODAY, TODAY, UNDER),
        (date(1961, 1, 1), TODAY, (PASS, ())),
    ],
)
def test_of_age_from_the_eighteenth_birthday_on(born, today, expected):
    assert told(aged(born, born, today)) == expected
    assert told(aged(born, None, today)) == expected


def test_the_number_alone_tells_when_the_print_was_not_read():
    assert told(aged(None, date(1985, 7, 5))) == (PASS, ())
    assert told(aged(None, date(2008, 11, 24))) == (PASS, ())
    assert told(aged(None, date(2008, 11, 25))) == UNDER
    # 17 is the youngest that a number alone can tell: a child's is a centenarian's as well.
    assert told(aged(None, TODAY.replace(year=2009))) == UNDER
    for child in (date(2009, 11, 25), date(2015, 11, 25), date(2026, 11, 24)):
        assert told(aged(None, child)) == (NOT_EXECUTED, ("OCR_BIRTH_DATE_UNREADABLE",))
    assert told(aged(None, date(1926, 11, 25))) == (PASS, ())  # 99


def test_the_printed_date_decides_the_numbers_century():
    assert told(aged(date(1920, 5, 1), date(1920, 5, 1))) == (PASS, ())
    assert told(aged(date(2020, 5, 1), date(2020, 5, 1))) == UNDER


def test_where_print_and_number_do_not_agree_the_younger_counts():
    adult, minor = date(1999, 3, 4), date(2009, 3, 4)
    assert told(aged(minor, adult)) == UNDER
    # What gives an edited print away is for reviewers.
    assert told(aged(adult, minor)) == MISMATCH
    assert told(aged(adult, date(1989, 3, 4))) == (PASS, ())  # both of age: nik_consistent says that they differ


@pytest.mark.parametrize("impossible", [TOMORROW, date(2085, 7, 5), date(1915, 11, 24), date(1900, 1, 1)])
def test_a_date_that_no_living_person_was_born_on_counts_as_unread(impossible):
    assert told(aged(impossible, None)) == (NOT_EXECUTED, ("OCR_BIRTH_DATE_UNREADABLE",))
    assert told(aged(impossible, date(1985, 7, 5))) == (PASS, ())
    assert told(aged(impossible, date(2009, 3, 4))) == UNDER


def test_the_oldest_that_is_believed():
    assert told(aged(date(TODAY.year - OLDEST - 1, 11, 25), None)) == (PASS, ())


def test_what_was_read_badly_is_not_believed():
    minor = date(2009, 3, 4)
    for confidence, expected in ((0.49, (PASS, ())), (0.5, UNDER)):
        fields = fields_with(
            birth_date=read_field(minor.isoformat(), confidence), nik=read_field(nik_of(date(1985, 7, 5)))
        )
        assert answer("of_age", **fields) == expected
    for confidence, expected in ((0.89, (NOT_EXECUTED, ("OCR_BIRTH_DATE_UNREADABLE",))), (0.9, UNDER)):
        assert answer("of_age", **fields_with(birth_date=UNREAD, nik=read_field(nik_of(minor), confidence))) == expected
    for nonsense in ("", "32760205078500", "3276023507850003"):
        fields = fields_with(birth_date=UNREAD, nik=read_field(nonsense))
        assert answer("of_age", **fields)[0] is NOT_EXECUTED


def anniversaries(born: date, today: date) -> int:
    """Birthdays that came after the first day, counted one by one."""
    count = 0
    for year in range(born.year + 1, today.year + 1):
        leap = (born.month, born.day) == (2, 29) and (year % 4 != 0 or (year % 100 == 0 and year % 400 != 0))
        count += (date(year, 3, 1) if leap else date(year, born.month, born.day)) <= today
    return count


@given(DAYS, DAYS)
@unhurried
def test_completed_years_are_the_birthdays_counted(one, other):
    born, today = sorted((one, other))
    assert completed_years(born, today) == anniversaries(born, today)
    if born < today:
        assert completed_years(today, born) < 0


@given(DAYS, st.integers(0, 200))
@unhurried
def test_nobody_grows_younger_and_no_day_adds_two_years(born, years):
    day = born + timedelta(days=round(365.25 * years))
    assert completed_years(born, day + timedelta(days=1)) - completed_years(born, day) in (0, 1)


@given(printed=st.none() | DAYS, by_nik=st.none() | st.dates(date(1920, 1, 1), TODAY))
@unhurried
def test_nobody_passes_whom_print_or_number_makes_a_minor(printed, by_nik):
    check = aged(printed, by_nik)
    if printed is not None and 0 <= anniversaries(printed, TODAY) < 18 and printed <= TODAY:
        assert told(check) == UNDER
    if check.outcome is PASS:
        assert any(each is not None and anniversaries(each, TODAY) >= 18 for each in (printed, by_nik))


@pytest.mark.parametrize("nationality", ["WNI", "AUSTRALIA"])
@pytest.mark.parametrize("until", ["2017-07-05", "2025-03-09", "2029-03-09", FOR_LIFE])
@pytest.mark.parametrize("born", ["1985-07-05", "2009-03-04", "2099-03-04"])
def test_an_answer_holds_no_date_no_age_and_no_country(nationality, until, born):
    changes = {"nationality": nationality, "valid_until": until, "birth_date": born}
    found = answers(**fields_with(**{name: read_field(text) for name, text in changes.items()}))
    for name in ("card_valid", "of_age", "birth_date_read"):
        check = found[name]
        assert not re.search(r"\d", check.detail)
        assert nationality not in repr(check)
        assert until not in repr(check)
    assert found["card_valid"].score is found["card_valid"].threshold is found["of_age"].score is None
    assert found["of_age"].threshold == 18.0  # the service's, not the holder's


def test_a_card_or_a_holder_that_the_law_does_not_let_pass_goes_to_a_person_and_is_never_rejected():
    policy = Policy.load()
    for code in ("CARD_EXPIRED", "CARD_FOREIGN_FOR_LIFE", "HOLDER_UNDER_AGE"):
        assert policy.decide((Check("asked", FAIL, reasons=(code,)),), 0.97).decision is Decision.REVIEW
    assert policy.action("OCR_VALID_UNTIL_UNREADABLE") is Action.RETAKE
    unsettled = (Check("card_valid", NOT_EXECUTED, reasons=("OCR_NATIONALITY_UNREADABLE",)),)
    verdict = policy.decide(unsettled, 0.97)
    assert (verdict.decision, verdict.reasons) == (Decision.APPROVED, ("OCR_NATIONALITY_UNREADABLE",))


def test_the_services_age_is_the_one_of_child_protection():
    assert Policy.load().thresholds.min_age_years == 18
