import math
from datetime import date, timedelta
from functools import cache
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kyc_vision.ocr import nik_decoder, nik_prior, regions
from kyc_vision.ocr.nik import Nik
from kyc_vision.ocr.nik_decoder import BIRTH, DISTRICT, SERIAL, Repair, Why, decode_nik
from kyc_vision.ocr.nik_prior import DEFAULT, BlockPrior, PrintedHolder, Prior, birth_digits

MAN = "3276020507850003"  # Depok, Cimanggis; 5 July 1985
BORN = date(1985, 7, 5)
AS_PRINTED = PrintedHolder(BORN, 0.99, "M", 0.99)
NOTHING = PrintedHolder()
# A day of one digit's difference and of several, of another sex, and both.
OTHERS = ("050786", "050885", "150785", "060886", "311290", "450785", "710296")


def clear(number: str, confidence: float = 0.999) -> np.ndarray:
    """Every digit shown with this confidence, the other nine alike."""
    rows = np.full((16, 10), (1 - confidence) / 9)
    rows[range(16), [int(digit) for digit in number]] = confidence
    return rows


def smudged(number: str, shares: dict[int, dict[int, float]]) -> np.ndarray:
    """Clear but for some positions, which have these digits only."""
    rows = clear(number)
    for position, digits in shares.items():
        rows[position] = 0.0
        for digit, share in digits.items():
            rows[position, digit] = share
    return rows


# --- The decoder against a prior written out plainly and every number that the picture allows.


@cache
def calendar() -> frozenset[str]:
    start = date(1900, 1, 1)
    days = (start + timedelta(days=i) for i in range(73_049))  # to the end of 2099
    return frozenset(f"{day:%d%m%y}" for day in days)


@cache
def days_apart(printed: str) -> list[int]:
    return [sum(differs(day, printed) == k for day in calendar()) for k in range(7)]


def differs(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))


def plain_prior(number: str, printed: PrintedHolder, prior: Prior) -> float:
    return plain_district(number[:6], prior) * plain_birth(number[6:12], printed, prior) * plain_serial(number, prior)


def plain_district(code: str, prior: Prior) -> float:
    known, regencies = regions.all_districts(), regions.regencies()
    if code in known:
        return prior.known_district / len(known)
    gaps = len(regencies) * 100 - len(known)
    if code[:4] in regencies:
        return (1 - prior.known_district) * prior.known_regency / gaps
    return (1 - prior.known_district) * (1 - prior.known_regency) / (1_000_000 - len(regencies) * 100)


def plain_birth(code: str, printed: PrintedHolder, prior: Prior) -> float:
    woman = int(code[:2]) > 40
    day = f"{int(code[:2]) - 40 * woman:02d}{code[2:]}"
    if day not in calendar():
        return prior.impossible_date / (1_000_000 - 2 * 36_525)
    chance = 1 / 36_525
    if printed.birth_date:
        shown = f"{printed.birth_date:%d%m%y}"
        counts = days_apart(shown)
        if day == shown:
            near = prior.date_agrees
        else:
            k = differs(day, shown)
            scale = sum(prior.further_digit ** (j - 1) for j in range(1, 7) if counts[j])
            near = (1 - prior.date_agrees) * prior.further_digit ** (k - 1) / scale / counts[k]
        chance = printed.birth_date_right * near + (1 - printed.birth_date_right) * chance
    sex = 0.5
    if printed.sex:
        agrees = prior.sex_agrees if (printed.sex == "F") == woman else 1 - prior.sex_agrees
        sex = printed.sex_right * agrees + (1 - printed.sex_right) * 0.5
    return (1 - prior.impossible_date) * chance * sex


def plain_serial(number: str, prior: Prior) -> float:
    return prior.serial_zero if number[12:] == "0000" else (1 - prior.serial_zero) / 9_999


def compare(rows: np.ndarray, printed: PrintedHolder, prior: Prior = DEFAULT) -> None:
    possible = [[(str(d), share) for d, share in enumerate(row) if share > 0] for row in rows.tolist()]
    weighed = {}
    for choice in product(*possible):
        number = "".join(digit for digit, _ in choice)
        weighed[number] = math.prod(share for _, share in choice) * plain_prior(number, printed, prior)
    total = sum(weighed.values())
    ranked = sorted(weighed.values(), reverse=True)
    found = decode_nik(rows, printed, prior)
    assert found.probability == pytest.approx(ranked[0] / total, rel=1e-6)
    assert weighed[found.text] == pytest.approx(ranked[0], rel=1e-6)
    assert found.runner_up_probability == pytest.approx(ranked[1] / total if len(ranked) > 1 else 0.0, rel=1e-6)
    if len(ranked) > 1:
        assert weighed[found.runner_up] == pytest.approx(ranked[1], rel=1e-6)
    assert found.runner_up != found.text


PRINTS = st.sampled_from(
    (NOTHING, AS_PRINTED, PrintedHolder(date(1996, 2, 29), 0.9, "F", 0.7), PrintedHolder(BORN, 1.0))
)
PRIORS = st.sampled_from(
    (
        DEFAULT,
        Prior(0.6, 0.3, 0.5, 0.9, 0.6, 0.01, 1e-5),
        Prior(date_agrees=0.999),
        Prior(0.1, 0.1, 0.1, 0.1, 0.1, 0.9, 0.9),
    )
)
STARTS = st.sampled_from((MAN, "3276024507850003", "9101992902960000", "9999993113850001", "0000000000000000"))


@st.composite
def pictures(draw: st.DrawFn) -> np.ndarray:
    """A number of which a few digits could be one or two others."""
    number = draw(STARTS)
    rows = np.zeros((16, 10))
    rows[range(16), [int(digit) for digit in number]] = 1.0
    for position in draw(st.sets(st.integers(0, 15), max_size=7)):
        rivals = draw(st.sets(st.integers(0, 9), min_size=1, max_size=2))
        for rival in rivals:
            rows[position, rival] = draw(st.integers(1, 2000)) / 100
    return rows / rows.sum(axis=1, keepdims=True)


@settings(max_examples=60)
@given(pictures(), PRINTS, PRIORS)
def test_the_two_likeliest_numbers_are_those_of_all_that_the_picture_allows(rows, printed, prior):
    compare(rows, printed, prior)


@st.composite
def small_blocks(draw: st.DrawFn) -> tuple[BlockPrior, np.ndarray]:
    codes = sorted(draw(st.sets(st.integers(0, 99), min_size=2, max_size=98)))
    weights = np.array(draw(st.lists(st.integers(1, 9), min_size=len(codes), max_size=len(codes))), dtype=np.float64)
    rest = draw(st.sampled_from((30.0, 6.0, 1.0, 0.01)))
    rows = np.array(draw(st.lists(st.integers(0, 9), min_size=20, max_size=20)), dtype=np.float64).reshape(2, 10)
    assume((rows.sum(axis=1) > 0).all())
    return BlockPrior(2, np.array(codes), weights, rest), rows / rows.sum(axis=1, keepdims=True)


@given(small_blocks())
def test_a_block_is_ranked_as_all_its_codes_are(drawn):
    block, rows = drawn
    prior = np.full(100, block.rest)
    prior[block.codes] = block.weights
    scores = prior * np.multiply.outer(rows[0], rows[1]).ravel()
    found = nik_decoder._two_best(rows, block)
    assert [found.probability, found.second_probability] == pytest.approx(sorted(scores / scores.sum())[:-3:-1])
    assert scores[int(found.first)] == pytest.approx(scores.max())
    assert found.first != found.second


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.floats(0.02, 2.0), PRINTS)
def test_a_blurred_picture_is_ranked_as_a_million_codes_are(seed, evenness, printed):
    rows = np.random.default_rng(seed).dirichlet(np.full(10, evenness), 6)
    for block in (nik_prior.district(DEFAULT), nik_prior.birth(DEFAULT, printed)):
        scores = np.full(1_000_000, block.rest)
        scores[block.codes] = block.weights
        for i, row in enumerate(rows):
            scores *= np.tile(np.repeat(row, 10 ** (5 - i)), 10**i)
        two = np.sort(np.partition(scores, -2)[-2:])[::-1] / scores.sum()
        found = nik_decoder._two_best(rows, block)
        assert (found.probability, found.second_probability) == pytest.approx(tuple(two))


# --- What is said and what is kept apart.


def test_a_clear_number_that_agrees_is_itself():
    found = decode_nik(clear(MAN), AS_PRINTED)
    assert (found.read, found.text, found.repaired) == (MAN, MAN, ())
    assert found.probability > 0.99
    assert found.read_confidences == pytest.approx((0.999,) * 16)


@pytest.mark.parametrize("forged", OTHERS)
def test_a_clearly_printed_forgery_is_not_mended(forged):
    number = MAN[:6] + forged + MAN[12:]
    found = decode_nik(clear(number), AS_PRINTED)
    assert (found.read, found.text, found.repaired) == (number, number, ())
    assert math.prod(found.read_confidences[BIRTH]) >= 0.95


DATES = st.dates(date(1930, 1, 1), date(2012, 12, 31))


@given(DATES, DATES, st.sampled_from(("M", "F")), st.sampled_from(("M", "F")))
def test_no_clearly_printed_day_of_the_calendar_is_mended(born, forged, sex, printed_sex):
    number = MAN[:6] + birth_digits(forged, sex) + MAN[12:]
    found = decode_nik(clear(number), PrintedHolder(born, 1.0, printed_sex, 1.0))
    assert (found.text, found.repaired) == (number, ())


@pytest.mark.parametrize("forged", OTHERS)
def test_nor_is_one_whose_only_doubt_is_the_printed_date(forged):
    number = MAN[:6] + forged + MAN[12:]
    differing = {i: {int(number[i]): 0.999, int(MAN[i]): 0.001} for i in range(16) if number[i] != MAN[i]}
    assert decode_nik(smudged(number, differing), AS_PRINTED).repaired == ()


def test_a_mended_forgery_still_shows_in_what_was_read():
    found = decode_nik(clear(MAN[:11] + "6" + MAN[12:], 0.97), AS_PRINTED)
    assert (found.text, found.read[BIRTH]) == (MAN, "050786")
    assert Nik(found.read).warnings(BORN, None, None, date(2026, 11, 20)) == ("NIK_BIRTH_DATE_MISMATCH",)


@pytest.mark.parametrize(
    ("position", "shares", "printed", "why"),
    [
        (11, {6: 0.55, 5: 0.45}, AS_PRINTED, Why.PRINTED_DATE),
        (7, {8: 0.55, 5: 0.45}, PrintedHolder(BORN, 0.99), Why.PRINTED_DATE),
        (6, {4: 0.55, 0: 0.45}, AS_PRINTED, Why.PRINTED_SEX),
        (6, {8: 0.55, 0: 0.45}, AS_PRINTED, Why.CALENDAR),
        (8, {6: 0.9, 0: 0.1}, NOTHING, Why.CALENDAR),
        (0, {8: 0.55, 3: 0.45}, NOTHING, Why.DISTRICT),
        (15, {0: 0.55, 3: 0.45}, NOTHING, Why.SERIAL),
    ],
)
def test_a_smudged_digit_is_mended_and_says_by_what(position, shares, printed, why):
    rows = smudged(MAN, {position: shares})
    found = decode_nik(rows, printed)
    read = str(next(iter(shares)))
    assert found.read == MAN[:position] + read + MAN[position + 1 :]
    assert found.text == MAN
    assert found.repaired == (Repair(position, read, MAN[position], why),)
    assert found.read_confidences[position] == pytest.approx(max(shares.values()))


def test_a_smudge_that_no_evidence_decides_stays_as_read():
    found = decode_nik(smudged(MAN, {14: {3: 0.55, 0: 0.45}}), AS_PRINTED)
    assert found.text == found.read == MAN[:14] + "3" + MAN[15:]
    assert (found.probability, found.runner_up_probability) == pytest.approx((0.55, 0.45), abs=0.01)
    assert found.runner_up == MAN


def test_a_printed_date_that_was_hardly_read_does_not_mend():
    rows = smudged(MAN, {11: {6: 0.55, 5: 0.45}})
    assert decode_nik(rows, PrintedHolder(BORN, 1e-6)).repaired == ()


def test_two_digits_that_only_make_sense_together_are_mended_together():
    # Day 05 or 35, month 07 or 67: as read 35-67, which is no day.
    found = decode_nik(smudged(MAN, {6: {3: 0.6, 0: 0.4}, 8: {6: 0.6, 0: 0.4}}), NOTHING)
    assert found.text == MAN
    assert [repair.why for repair in found.repaired] == [Why.CALENDAR, Why.CALENDAR]


def test_what_was_read_is_the_pictures_alone():
    rows = smudged(MAN, {11: {6: 0.55, 5: 0.45}, 3: {6: 0.7, 1: 0.3}})
    one, other = decode_nik(rows, AS_PRINTED), decode_nik(rows, NOTHING, Prior(0.5, 0.5, 0.5, 0.5, 0.5))
    assert (one.read, one.read_confidences) == (other.read, other.read_confidences)
    assert math.prod(one.read_confidences[BIRTH]) == pytest.approx(0.55 * 0.999**5)
    assert math.prod(one.read_confidences[DISTRICT]) == pytest.approx(0.7 * 0.999**5)
    assert math.prod(one.read_confidences[SERIAL]) == pytest.approx(0.999**4)


# --- Invariants.

BLURRED = st.tuples(st.integers(0, 10_000), st.floats(0.02, 1.0)).map(
    lambda drawn: 0.8 * clear(MAN) + 0.2 * np.random.default_rng(drawn[0]).dirichlet(np.full(10, drawn[1]), 16)
)


@given(BLURRED, PRINTS)
def test_probabilities_are_probabilities(rows, printed):
    found = decode_nik(rows, printed)
    assert 0 < found.runner_up_probability <= found.probability
    assert found.probability + found.runner_up_probability <= 1 + 1e-12
    assert [repair.position for repair in found.repaired] == [i for i in range(16) if found.read[i] != found.text[i]]
    assert all((r.read, r.answer) == (found.read[r.position], found.text[r.position]) for r in found.repaired)


@given(BLURRED, PRINTS, st.integers(0, 15), st.floats(0, 1))
def test_a_clearer_picture_of_the_answer_never_makes_it_less_probable(rows, printed, position, share):
    before = decode_nik(rows, printed)
    clearer = rows.copy()
    clearer[position] *= 1 - share
    clearer[position, int(before.text[position])] += share
    after = decode_nik(clearer, printed)
    assert after.text == before.text
    assert after.probability >= before.probability * (1 - 1e-9)


@given(BLURRED, st.lists(st.floats(1e-3, 1e3), min_size=16, max_size=16))
def test_the_scale_of_a_row_is_nothing(rows, scales):
    one, other = decode_nik(rows, AS_PRINTED), decode_nik(rows * np.array(scales)[:, None], AS_PRINTED)
    assert (one.text, one.read) == (other.text, other.read)
    assert one.probability == pytest.approx(other.probability)


def test_a_picture_of_nothing_gives_the_prior():
    found = decode_nik(np.full((16, 10), 0.1), PrintedHolder(BORN, 1.0, "F", 1.0))
    assert found.text[BIRTH] == "450785"
    assert found.probability == pytest.approx(0.99 / 7944 * 0.999 * 0.92 * 0.92 * (1 - 1e-6) / 9999)


@pytest.mark.parametrize(
    "rows", [np.ones((15, 10)), np.ones(16), np.zeros((16, 10)), np.full((16, 10), np.nan), -clear(MAN)]
)
def test_what_is_no_posterior_is_refused(rows):
    with pytest.raises(ValueError, match="sixteen rows of ten probabilities"):
        decode_nik(rows, NOTHING)


def test_no_digit_but_the_provinces_shows():
    found = decode_nik(smudged(MAN, {11: {6: 0.55, 5: 0.45}}), AS_PRINTED)
    assert repr(found) == str(found) == f"DecodedNik(32**************, {found.probability:.3f}, 1 repaired)"
    assert repr(found.repaired) == "(Repair(11, printed_date),)"


# --- The comparison would notice.

UNKNOWN = smudged("9999993113850000", {1: {9: 0.7, 8: 0.3}, 15: {0: 0.9, 1: 0.1}})
GAP = smudged(MAN, {4: {9: 0.9, 0: 0.1}})
SEXES = smudged(MAN, {6: {4: 0.9, 0: 0.1}})
YEARS = smudged(MAN, {10: {8: 0.5, 9: 0.5}, 11: {6: 0.9, 5: 0.1}})


def only(rows: np.ndarray) -> np.ndarray:
    """Without what is fainter than a smudge, so that few numbers are left."""
    return np.where(rows < 0.01, 0.0, rows)


BIRTH_PRIOR = nik_prior.birth


def sexless(prior: Prior, printed: PrintedHolder) -> BlockPrior:
    return BIRTH_PRIOR(prior, PrintedHolder(printed.birth_date, printed.birth_date_right))


def any_day(_prior: Prior, _printed: date) -> np.ndarray:
    return np.full(36_525, 1 / 36_525)


def any_serial(_prior: Prior) -> BlockPrior:
    return BlockPrior(4, np.arange(10_000), np.full(10_000, 1e-4), 0.0)


def regencies_only(prior: Prior) -> BlockPrior:
    codes = np.array(sorted(int(code) * 100 + i for code in regions.regencies() for i in range(100)))
    return BlockPrior(6, codes, np.full(len(codes), prior.known_district / len(codes)), 1e-9)


def another_code(_rows: np.ndarray, _count: int) -> list[tuple[int, float]]:
    return [(999_999, 1.0)]


@pytest.mark.parametrize(
    ("module", "name", "bug", "rows"),
    [
        (nik_decoder, "_likeliest", another_code, UNKNOWN),
        (nik_prior, "district", regencies_only, GAP),
        (nik_prior, "serial", any_serial, UNKNOWN),
        (nik_prior, "birth", sexless, SEXES),
        (nik_prior, "_near", any_day, YEARS),
    ],
)
def test_a_planted_bug_is_found(monkeypatch, module, name, bug, rows):
    compare(only(rows), AS_PRINTED)
    monkeypatch.setattr(module, name, bug)
    with pytest.raises(AssertionError):
        compare(only(rows), AS_PRINTED)
