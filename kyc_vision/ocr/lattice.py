"""A number of known length in a map of class probabilities: what each of its digits may be, over every path. Numpy.

A best path answers with one text, which may have fifteen characters or a letter in it. Here only texts of exactly so
many digits count, and every path that spells one of them has its share: where a digit is smudged, the answer is how
much of the map speaks for each of the ten.

Convention: class 0 of the map is the blank; a path's repeats merge unless a blank parts them.

Source: Graves, Fernández, Gomez, Schmidhuber, Connectionist Temporal Classification, ICML 2006, §4.1 (forward and
backward variables); Rabiner, A Tutorial on Hidden Markov Models, Proc. IEEE 77(2), 1989, §V.A (scaling).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from kyc_vision.ocr.vocabulary import DIGIT_FOR

#: Digits of a NIK: PP 37/2007 art. 37.
NIK_LENGTH = 16
#: What a digit or the blank has at least in every step, so that one letter between the digits ends no path. A choice:
#: far above what a float32 softmax rounds away (6e-8), far below what a faint character has (ctc.SPACE_PROBABILITY).
FLOOR = 1e-6
_DIGITS = "0123456789"
_BLANK = 10
# A state is (labels begun, the last of them or the blank). Its successors: the first 11 columns keep the count (the
# same label goes on; after anything a blank), the last 11 begin one more label, which after a label is another.
_STAY = np.eye(11)
_STAY[:, _BLANK] = 1.0
_NEXT = np.ones((11, 11)) - np.eye(11)
_NEXT[:, _BLANK] = 0.0
_NEXT[_BLANK, :_BLANK] = 1.0
_MOVES = np.concatenate([_STAY, _NEXT], axis=1)
# Steps between two rescalings: at the floor, eight lose 48 of the 308 decimal orders of a float64.
_RESCALE = 8


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class NumberLattice:
    """What a line says of each digit of a number. ``repr`` shows none of it: the likeliest digits are the number.

    Attributes:
        posteriors: (length, 10) float64; row i is P(digit i is 0 … 9), given that the line is a number of that length
            and nothing else is known. All alike where the line cannot be one.
        log_evidence: natural logarithm of P(the line is exactly so many digits), 0 at most; −inf where it cannot be.
    """

    posteriors: NDArray[np.float64]
    log_evidence: float

    def __repr__(self) -> str:
        return f"NumberLattice({len(self.posteriors)} digits, log_evidence={self.log_evidence:.2f})"


def number_lattice(
    probabilities: NDArray[np.floating], symbols: str, length: int = NIK_LENGTH, floor: float = FLOOR
) -> NumberLattice:
    """Every digit's posterior by the forward and backward variables of the paths that spell ``length`` digits.

    A letter that is taken for a digit (vocabulary.DIGIT_FOR) counts as that digit. Any other symbol, the space too,
    is neither digit nor blank: what it has is lost to the evidence.

    Args:
        probabilities: (T, 1 + K), rows sum to 1; class 0 is the blank, class i + 1 is symbols[i].
        symbols: the K characters.
        length: digits of the number.
        floor: share of every step that goes to each of the ten digits and the blank, 0–0.09.

    Returns:
        The posteriors. Two numbers in one line whose paths are 1e300 apart somewhere may lose the lesser one.

    Raises:
        ValueError: the map's classes are not the blank and the symbols.
    """
    if probabilities.ndim != 2 or probabilities.shape[1] != 1 + len(symbols):
        raise ValueError(f"a map of {1 + len(symbols)} classes is wanted, not one of shape {probabilities.shape}")
    emissions = (1 - 11 * floor) * (probabilities.astype(np.float64) @ _folding(symbols)) + floor
    # Read from the end, a path is a path too: the backward variables are the forward ones of the mirrored map.
    states, scales = _forward(np.stack([emissions, emissions[::-1]], axis=1), length)
    (ahead, back), (ahead_scales, back_scales) = states.swapaxes(0, 1), scales.T
    total = float(ahead[-1, length].sum())
    if total == 0.0:
        return NumberLattice(np.full((length, 10), 0.1), -math.inf)
    # Label i begins at step t: all paths up to there times all paths from there on, which hold the step itself.
    begins = (ahead[:-1, :-1] @ _NEXT)[:, :, :_BLANK]
    goes_on = back[:0:-1, :0:-1, :_BLANK]
    logs = ahead_scales[:-1] + back_scales[:0:-1]
    joint = np.einsum("t,tid,tid->id", np.exp(logs - logs.max()), begins, goes_on)
    posteriors = joint / joint.sum(axis=1, keepdims=True)
    return NumberLattice(posteriors, min(0.0, math.log(total) + float(ahead_scales[-1])))


def fuse(lattices: Sequence[NumberLattice], weights: Sequence[float]) -> NDArray[np.float64]:
    """Several readers' posteriors as one: their weighted geometric mean, not normalised by the weights' sum.

    Weights that sum to 1 pool opinions formed on the same evidence; weights of 1 each multiply independent ones. One
    reader's weight alone is the inverse of its temperature. A reader that saw no number changes nothing.

    Args:
        lattices: of one length.
        weights: trust in each reader, 0 or more, as calibrated; in the order of the lattices.

    Returns:
        (length, 10) float64, rows sum to 1.

    Raises:
        ValueError: no lattice, lattices of different lengths, a weight missing or below 0.

    Source: Genest & Zidek, Combining Probability Distributions, Statistical Science 1(1), 1986, §3 (logarithmic
        opinion pool).
    """
    if not lattices or len({len(lattice.posteriors) for lattice in lattices}) != 1:
        raise ValueError("fusing wants at least one lattice, and all of one length")
    if len(weights) != len(lattices) or min(weights) < 0:
        raise ValueError("fusing wants one weight for each lattice, 0 or more")
    smallest = np.finfo(np.float64).tiny
    logs = sum(
        weight * np.log(np.maximum(lattice.posteriors, smallest))
        for weight, lattice in zip(weights, lattices, strict=True)
    )
    pooled: NDArray[np.float64] = np.exp(logs - np.max(logs, axis=1, keepdims=True))
    pooled /= pooled.sum(axis=1, keepdims=True)
    return pooled


def _forward(emissions: NDArray[np.float64], length: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Forward variables of two maps, before the first step and after each.

    Args:
        emissions: (T, 2, 11), digits and blank of either map.
        length: labels counted; paths with more are dropped.

    Returns:
        (T + 1, 2, length + 1, 11): labels begun, last label or blank; and (T + 1, 2), the logarithm of what they are
        to be multiplied by.
    """
    states = np.zeros((len(emissions) + 1, 2, length + 1, 11))
    states[0, :, 0, _BLANK] = 1.0
    sums = np.ones((len(states), 2))
    for t, emission in enumerate(emissions[:, :, None, :]):
        moved = (states[t].reshape(-1, 11) @ _MOVES).reshape(2, length + 1, 22)
        state = states[t + 1]
        state[:] = moved[:, :, :11]
        state[:, 1:] += moved[:, :-1, 11:]
        state *= emission
        if t % _RESCALE == 0:
            sums[t + 1] = scale = state.sum(axis=(1, 2))
            if not scale.all():  # only without a floor: no path is left
                return np.zeros_like(states), np.zeros_like(sums)
            state /= scale[:, None, None]
    return states, np.cumsum(np.log(sums), axis=0)


@cache
def _folding(symbols: str) -> NDArray[np.float64]:
    """(1 + K, 11) of 0 and 1: which class counts as which digit, and class 0 as the blank."""
    folding = np.zeros((1 + len(symbols), 11))
    folding[0, _BLANK] = 1.0
    for row, symbol in enumerate(symbols, start=1):
        digit = DIGIT_FOR.get(symbol, symbol)
        if digit in _DIGITS:
            folding[row, int(digit)] = 1.0
    return folding
