"""What is known of a NIK before its picture is looked at: how often which codes occur, block by block.

``PPKKCC DDMMYY SSSS``: a district of the table or, rarely, another; a day of the calendar, a woman's plus 40, which
the printed date and sex make likelier; a serial that is not 0000. The blocks are independent of one another.

Source: PP 37/2007 art. 37 (structure); 23 real prints (how often number and print disagree).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import cache

import numpy as np
from numpy.typing import NDArray

from kyc_vision.ocr import regions
from kyc_vision.ocr.nik import Sex

# A woman's day plus 40, in the number DDMMYY.
_WOMAN = 400_000
_PLACES = 10 ** np.arange(6)
# Any four years with a leap day in every century: 29 February of a year yy exists if it did in 1900 + yy or 2000 + yy.
_FIRST_DAY, _DAYS = date(2000, 1, 1), 36_525


@dataclass(frozen=True, slots=True)
class Prior:
    """Weights that the picture is held against, each a probability.

    Attributes:
        known_district: the first six digits are in the table of regions. A judgement: all 7,285 of today and 659
            withdrawn codes are in it, but the table of the withdrawn ones has gaps.
        known_regency: if they are not, the first four still are. A judgement: where the table has gaps they are parts
            missing below a withdrawn code; the four digits of all 7,944 known districts are in it.
        date_agrees: birth dates of number and card are the same: 22 of 23 real prints, by Laplace's rule of succession
            (22 + 1) / (23 + 2); 22 / 23 would claim more than 23 prints can tell.
        further_digit: if they are not, one digit of DDMMYY differs, or two, or more: each more is so many times as
            likely as one fewer; within a number of digits all dates are alike. A judgement: what is mistyped or
            forged is near to what it should be, and a disagreement nearly unthinkable would be mended away.
        sex_agrees: day of birth and printed sex say the same. Never counted apart; taken as often as the date.
        impossible_date: the number's date exists in no year; the print changes nothing of that. A judgement; none of
            the 23 real prints, which says no more than below one in eight (rule of three).
        serial_zero: the serial is 0000, which is not issued. A judgement: a hundredth of what chance would give.

    Raises:
        ValueError: a weight is not between 0 and 1, both excluded.
    """

    known_district: float = 0.99
    known_regency: float = 0.9
    date_agrees: float = 0.92
    further_digit: float = 0.5
    sex_agrees: float = 0.92
    impossible_date: float = 1e-3
    serial_zero: float = 1e-6

    def __post_init__(self) -> None:
        wrong = [field.name for field in fields(self) if not 0 < getattr(self, field.name) < 1]
        if wrong:
            raise ValueError(f"a prior weight lies between 0 and 1, both excluded: {', '.join(wrong)}")


#: The weights of the product.
DEFAULT = Prior()


@dataclass(frozen=True, slots=True, repr=False)
class PrintedHolder:
    """What the rest of the card says of its holder, as read; ``repr`` shows none of it.

    Attributes:
        birth_date: as printed; None when not read.
        birth_date_right: probability that it was read as printed, 0–1; if not, the reading tells nothing.
        sex: as printed; None when not read.
        sex_right: probability that it was read as printed, 0–1; if not, the reading tells nothing.

    Raises:
        ValueError: a probability is not between 0 and 1.
    """

    birth_date: date | None = None
    birth_date_right: float = 0.0
    sex: Sex | None = None
    sex_right: float = 0.0

    def __post_init__(self) -> None:
        if not (0 <= self.birth_date_right <= 1 and 0 <= self.sex_right <= 1):
            raise ValueError("the probability that a print was read right lies between 0 and 1")

    def __repr__(self) -> str:
        return f"PrintedHolder(birth_date={self.birth_date is not None}, sex={self.sex is not None})"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class BlockPrior:
    """How likely every code of a block of digits is: some by name, all others alike.

    Attributes:
        digits: of the block.
        codes: (N,) int64, ascending, 0 … 10^digits − 1.
        weights: (N,) float64, probability of each.
        rest: probability of each code that is not among them.
    """

    digits: int
    codes: NDArray[np.int64]
    weights: NDArray[np.float64]
    rest: float


@cache
def district(prior: Prior) -> BlockPrior:
    """The first six digits: codes of the table alike, other codes below a known regency alike, all others alike."""
    known = np.array(sorted(int(code) for code in regions.all_districts()), dtype=np.int64)
    regencies = np.array(sorted(int(code) for code in regions.regencies()), dtype=np.int64)
    below = (regencies[:, None] * 100 + np.arange(100)).ravel()
    gaps = np.setdiff1d(below, known)
    codes = np.union1d(below, known)
    unknown = 1 - prior.known_district
    weights = np.full(len(codes), unknown * prior.known_regency / len(gaps))
    weights[np.searchsorted(codes, known)] = prior.known_district / len(known)
    return BlockPrior(6, codes, weights, unknown * (1 - prior.known_regency) / (10**6 - len(codes)))


def birth(prior: Prior, printed: PrintedHolder) -> BlockPrior:
    """Digits seven to twelve: days of the calendar, those that agree with the print likelier.

    With the probability that the print was read right, the number's date is the printed one or, at the rate of
    disagreement, another; else it is any. Sex is independent of the date. An impossible date has no sex.
    """
    dates = np.full(_DAYS, 1 / _DAYS)
    if printed.birth_date is not None:
        right = printed.birth_date_right
        dates = (1 - right) * dates + right * _near(prior, printed.birth_date)
    dates *= 1 - prior.impossible_date
    sure = printed.sex_right if printed.sex is not None else 0.0
    same = sure * prior.sex_agrees + (1 - sure) * 0.5
    woman = same if printed.sex == "F" else 1 - same
    weights = np.concatenate([dates * (1 - woman), dates * woman])
    return BlockPrior(6, _birth_codes(), weights, prior.impossible_date / (10**6 - 2 * _DAYS))


@cache
def serial(prior: Prior) -> BlockPrior:
    """The last four digits: all alike but 0000."""
    weights = np.full(9_999, (1 - prior.serial_zero) / 9_999)
    return BlockPrior(4, np.arange(1, 10_000), weights, prior.serial_zero)


def birth_digits(born: date, sex: Sex) -> str:
    """DDMMYY as a number has it for a date and a sex."""
    return f"{_code(born) + (_WOMAN if sex == 'F' else 0):06d}"


def _near(prior: Prior, printed: date) -> NDArray[np.float64]:
    """(36525,): probability of every day as the number's, given that the card's was read right."""
    digits = _code(printed) // _PLACES[:, None] % 10
    apart = (_days_digits() != digits.astype(np.uint8)).sum(axis=0, dtype=np.uint8)
    counts = np.bincount(apart, minlength=7)
    shares = np.array([0.0, *(prior.further_digit**k for k in range(6))]) * (counts > 0)
    shares *= (1 - prior.date_agrees) / shares.sum()
    shares[0] = prior.date_agrees
    each: NDArray[np.float64] = (shares / np.maximum(counts, 1))[apart]
    return each


def _code(born: date) -> int:
    """DDMMYY of a man, as a number."""
    return born.day * 10_000 + born.month * 100 + born.year % 100


@cache
def _days() -> NDArray[np.int64]:
    """(36525,), ascending: DDMMYY of every day that exists in some century, as men have it."""
    return np.array(sorted(_code(_FIRST_DAY + timedelta(days=i)) for i in range(_DAYS)), dtype=np.int64)


@cache
def _days_digits() -> NDArray[np.uint8]:
    """(6, 36525): the digits of every day, the last one first."""
    return (_days() // _PLACES[:, None] % 10).astype(np.uint8)


@cache
def _birth_codes() -> NDArray[np.int64]:
    """(73050,), ascending: men's days, then women's."""
    return np.concatenate([_days(), _days() + _WOMAN])
