"""The likeliest NIK, given what the picture says of each digit and what is known of such numbers.

The picture's posteriors times the prior, block by block, over all 10^16 numbers and without a shortcut that loses any.
What the picture alone says, *read*, stays beside what the posterior says, *text*, and every digit that differs says
which evidence moved it. A check of contradictions asks *read* only: a number that was mended to agree with the print
would hide the forgery.

Nothing here shows a digit in ``repr`` but the province, as nik.Nik.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from kyc_vision.ocr import nik_prior
from kyc_vision.ocr.nik import Nik
from kyc_vision.ocr.nik_prior import BlockPrior, PrintedHolder, Prior

#: Positions of the three blocks.
DISTRICT, BIRTH, SERIAL = slice(0, 6), slice(6, 12), slice(12, 16)
_BIRTH_POSITIONS = range(6, 12)


class Why(StrEnum):
    """The evidence that moved a digit."""

    DISTRICT = "district"
    CALENDAR = "calendar"
    PRINTED_DATE = "printed_date"
    PRINTED_SEX = "printed_sex"
    SERIAL = "serial"


@dataclass(frozen=True, slots=True, repr=False)
class Repair:
    """A digit of the answer that is not the one the picture shows best; ``repr`` shows neither.

    Attributes:
        position: 0–15.
        read: the digit that the picture alone says.
        answer: the digit of the answer.
        why: the first evidence that suffices: the block's own rules; else the printed date; else the sex as well.
    """

    position: int
    read: str
    answer: str
    why: Why

    def __repr__(self) -> str:
        return f"Repair({self.position}, {self.why})"


@dataclass(frozen=True, slots=True, repr=False)
class DecodedNik:
    """A number as read and as meant.

    Attributes:
        read: the sixteen digits that the picture alone says, each the likeliest of its position.
        read_confidences: sixteen probabilities, 0–1, of those digits by the picture alone.
        text: the likeliest number by picture and prior.
        probability: of ``text``, 0–1.
        runner_up: the second likeliest number.
        runner_up_probability: of ``runner_up``, at most that of ``text``.
        repaired: where ``text`` is not ``read``, in the order of the digits.
    """

    read: str
    read_confidences: tuple[float, ...]
    text: str
    probability: float
    runner_up: str
    runner_up_probability: float
    repaired: tuple[Repair, ...]

    def __repr__(self) -> str:
        return f"DecodedNik({Nik(self.text).masked}, {self.probability:.3f}, {len(self.repaired)} repaired)"


def decode_nik(
    posteriors: NDArray[np.floating], printed: PrintedHolder, prior: Prior = nik_prior.DEFAULT
) -> DecodedNik:
    """The posterior over all numbers: its two likeliest and what was read.

    Args:
        posteriors: (16, 10), by the picture alone, e.g. NumberLattice.posteriors; rows are scaled to sum to 1.
        printed: birth date and sex as the rest of the card says.
        prior: weights.

    Raises:
        ValueError: posteriors are not sixteen rows of ten probabilities.
    """
    rows = _normalised(posteriors)
    blocks = (
        _two_best(rows[DISTRICT], nik_prior.district(prior)),
        _two_best(rows[BIRTH], nik_prior.birth(prior, printed)),
        _two_best(rows[SERIAL], nik_prior.serial(prior)),
    )
    text = "".join(block.first for block in blocks)
    probability = math.prod(block.probability for block in blocks)
    # The second likeliest number differs in one block, which is there its second: any other pays twice.
    odds, weakest = max((block.second_probability / block.probability, i) for i, block in enumerate(blocks))
    runner_up = "".join(block.second if i == weakest else block.first for i, block in enumerate(blocks))
    read = "".join(str(digit) for digit in rows.argmax(axis=1))
    confidences = tuple(float(row.max()) for row in rows)
    moved = [i for i in range(16) if read[i] != text[i]]
    steps = _steps(rows[BIRTH], printed, prior) if any(i in _BIRTH_POSITIONS for i in moved) else {}
    repaired = tuple(Repair(i, read[i], text[i], _why(i, text[i], steps)) for i in moved)
    return DecodedNik(read, confidences, text, probability, runner_up, odds * probability, repaired)


@dataclass(frozen=True, slots=True, repr=False)
class _Ranked:
    """A block's two likeliest codes and their posteriors."""

    first: str
    probability: float
    second: str
    second_probability: float


def _two_best(rows: NDArray[np.float64], prior: BlockPrior) -> _Ranked:
    """Exact: all named codes are weighed, and of the others those that could be among the two."""
    half = prior.digits // 2
    front, back = _product(rows[:half]), _product(rows[half:])
    likelihoods = front[prior.codes // 10**half] * back[prior.codes % 10**half]
    scores = prior.weights * likelihoods
    # The rows sum to 1, so what the named codes do not have of the picture the others have.
    total = float(scores.sum()) + prior.rest * max(0.0, 1.0 - float(likelihoods.sum()))
    best = int(scores.argmax())
    found = {int(prior.codes[best]): float(scores[best])}
    scores[best] = -1.0
    best = int(scores.argmax())
    found[int(prior.codes[best])] = float(scores[best])
    found |= _others(rows, prior, float(scores[best]))
    (first, score), (second, next_score) = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:2]
    return _Ranked(f"{first:0{prior.digits}d}", score / total, f"{second:0{prior.digits}d}", next_score / total)


def _product(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """(10^n,): probability of every n digits, by the picture alone."""
    product = np.ones(1)
    for row in rows:
        product = np.multiply.outer(product, row).ravel()
    return product


def _others(rows: NDArray[np.float64], prior: BlockPrior, enough: float) -> dict[int, float]:
    """Codes that are not named and their scores; any that is missing has less than two of these, or than ``enough``.

    Unnamed codes are alike but for the picture, so they are asked in its order: two of them end the search, or one
    past which none can reach enough. With the product's prior that is among the first four.
    """
    count = 4
    while True:
        likeliest = _likeliest(rows, count)
        found = {code: prior.rest * likelihood for code, likelihood in likeliest if not _named(code, prior)}
        if len(found) >= 2 or prior.rest * likeliest[-1][1] <= enough or count >= 10**prior.digits:
            return found
        count *= 8


def _named(code: int, prior: BlockPrior) -> bool:
    at = int(np.searchsorted(prior.codes, code))
    return at < len(prior.codes) and int(prior.codes[at]) == code


def _likeliest(rows: NDArray[np.float64], count: int) -> list[tuple[int, float]]:
    """The codes that the picture likes best, best first, and how much.

    Digit by digit no more than so many are kept: the beginning of one of the best is one of the best beginnings.
    """
    codes, scores = np.zeros(1, dtype=np.int64), np.ones(1)
    for row in rows:
        codes = (codes[:, None] * 10 + np.arange(10)).ravel()
        scores = np.multiply.outer(scores, row).ravel()
        keep = np.argsort(-scores, kind="stable")[:count]
        codes, scores = codes[keep], scores[keep]
    return list(zip(codes.tolist(), scores.tolist(), strict=True))


def _steps(rows: NDArray[np.float64], printed: PrintedHolder, prior: Prior) -> dict[Why, str]:
    """The block of birth by the calendar alone, then with the printed date as well."""
    dated = PrintedHolder(printed.birth_date, printed.birth_date_right)
    evidence = {Why.CALENDAR: PrintedHolder(), Why.PRINTED_DATE: dated}
    return {why: _two_best(rows, nik_prior.birth(prior, known)).first for why, known in evidence.items()}


def _why(position: int, answer: str, steps: dict[Why, str]) -> Why:
    """The first evidence under which the answer's digit is this one."""
    if position < _BIRTH_POSITIONS.start:
        return Why.DISTRICT
    if position >= _BIRTH_POSITIONS.stop:
        return Why.SERIAL
    sufficient = (why for why, block in steps.items() if block[position - _BIRTH_POSITIONS.start] == answer)
    return next(sufficient, Why.PRINTED_SEX)


def _normalised(posteriors: NDArray[np.floating]) -> NDArray[np.float64]:
    rows = np.asarray(posteriors, dtype=np.float64)
    sums = rows.sum(axis=-1, keepdims=True)
    if rows.shape != (16, 10) or not (rows >= 0).all() or not (np.isfinite(sums) & (sums > 0)).all():
        raise ValueError("a NIK has sixteen rows of ten probabilities")
    normalised: NDArray[np.float64] = rows / sums
    return normalised
