from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyc_vision.ocr import nik_prior, regions
from kyc_vision.ocr.nik import Nik
from kyc_vision.ocr.nik_prior import BlockPrior, PrintedHolder, Prior, birth, birth_digits, district, serial

WEIGHT = st.floats(0.05, 0.95)
PRIORS = st.builds(
    Prior, WEIGHT, WEIGHT, WEIGHT, WEIGHT, WEIGHT, WEIGHT, WEIGHT
)  # fmt: skip
HOLDERS = st.builds(
    PrintedHolder,
    st.none() | st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.floats(0, 1),
    st.sampled_from((None, "M", "F")), st.floats(0, 1),
)  # fmt: skip
BORN = date(1985, 7, 5)


def weight(block: BlockPrior, code: str) -> float:
    named = np.flatnonzero(block.codes == int(code))
    return float(block.weights[named[0]]) if len(named) else block.rest


def total(block: BlockPrior) -> float:
    return float(block.weights.sum()) + block.rest * (10**block.digits - len(block.codes))


@settings(max_examples=30)
@given(PRIORS, HOLDERS)
def test_every_block_is_a_distribution_over_all_its_codes(prior, printed):
    for block in (district(prior), birth(prior, printed), serial(prior)):
        assert total(block) == pytest.approx(1.0)
        assert (block.codes[1:] > block.codes[:-1]).all()
        assert 0 <= block.codes[0] <= block.codes[-1] < 10**block.digits


def test_a_district_of_today_and_a_withdrawn_one_are_alike_and_far_likelier_than_none():
    block = district(nik_prior.DEFAULT)
    withdrawn = next(code for code in regions.all_districts() if regions.lookup(code).defunct)
    assert weight(block, "327602") == weight(block, withdrawn) == pytest.approx(0.99 / 7944)
    assert weight(block, "327602") > 100 * weight(block, "327699") > 10_000 * weight(block, "999999")


def test_a_day_is_twice_in_the_calendar_and_an_impossible_one_never():
    block = birth(nik_prior.DEFAULT, PrintedHolder())
    assert len(block.codes) == 2 * 36_525
    assert weight(block, "290296") == weight(block, "690200") == pytest.approx(0.999 / 73_050)
    for impossible in ("290285", "310485", "001285", "400185", "720185", "051385", "320185"):
        assert weight(block, impossible) == block.rest == pytest.approx(0.001 / 926_950)


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.sampled_from(("M", "F")))
def test_a_block_of_birth_is_what_the_nik_reads_back(born, sex):
    nik = Nik(f"327602{birth_digits(born, sex)}0001")
    assert (nik.day, nik.month, nik.year, nik.sex) == (born.day, born.month, born.year % 100, sex)


def test_a_printed_date_that_was_read_for_sure_has_its_rate_of_agreement():
    block = birth(nik_prior.DEFAULT, PrintedHolder(BORN, 1.0, "F", 1.0))
    assert weight(block, "450785") == pytest.approx(0.999 * 0.92 * 0.92)
    assert weight(block, "050785") == pytest.approx(0.999 * 0.92 * 0.08)


def test_a_date_nearer_to_the_print_is_likelier():
    block = birth(nik_prior.DEFAULT, PrintedHolder(BORN, 1.0))
    weights = [weight(block, code) for code in ("050785", "050786", "050796", "060796", "261190")]
    assert weights == sorted(weights, reverse=True)
    assert weights[0] > 100 * weights[1] > 500 * weights[2]


@given(st.dates(), st.sampled_from(("M", "F")))
def test_a_print_that_was_not_read_tells_nothing(born, sex):
    blind = birth(nik_prior.DEFAULT, PrintedHolder(born, 0.0, sex, 0.0))
    np.testing.assert_allclose(blind.weights, birth(nik_prior.DEFAULT, PrintedHolder()).weights, rtol=1e-12)


def test_serial_zero_is_a_hundred_times_rarer_than_any_other():
    block = serial(nik_prior.DEFAULT)
    assert weight(block, "0001") == weight(block, "9999") > 99 * weight(block, "0000")


@pytest.mark.parametrize("wrong", [0.0, 1.0, -0.1, float("nan")])
def test_a_weight_that_forbids_or_forces_is_refused(wrong):
    with pytest.raises(ValueError, match="both excluded: date_agrees"):
        Prior(date_agrees=wrong)


@pytest.mark.parametrize("wrong", [-0.1, 1.1, float("nan")])
def test_a_reading_more_than_right_is_refused(wrong):
    with pytest.raises(ValueError, match="between 0 and 1"):
        PrintedHolder(BORN, wrong)
    with pytest.raises(ValueError, match="between 0 and 1"):
        PrintedHolder(sex="F", sex_right=wrong)


def test_the_holder_does_not_show():
    printed = PrintedHolder(BORN, 0.99, "F", 0.99)
    assert repr(printed) == str(printed) == "PrintedHolder(birth_date=True, sex=True)"
    assert "weights" not in repr(birth(nik_prior.DEFAULT, printed))
