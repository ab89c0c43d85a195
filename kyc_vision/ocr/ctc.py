"""Connectionist temporal classification: a map of class probabilities over time → text. Plain numpy.

Source: Graves, Fernández, Gomez, Schmidhuber, Connectionist Temporal Classification, ICML 2006, §3.2.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

#: What an e-KTP can print: printable ASCII. Class 0 of the network is the blank, class i + 1 is CHARSET[i].
CHARSET = "".join(chr(code) for code in range(32, 127))
#: (T, 1 + len(CHARSET)) probabilities of the classes at each step, rows sum to 1.
Lattice = NDArray[np.float32]
_SPACE = 1 + CHARSET.index(" ")


#: A space is narrow, and blurred it loses to the blank: between two letters this much of it is enough. Of 330 printed
#: spaces on cards 280–560 px wide 4 lost, with posteriors 0.07 to 0.25; of 2,994 pairs inside words 3 had more than
#: 0.12. Beside an I there is room that is no space.
SPACE_PROBABILITY = 0.12


def decode(probabilities: Lattice) -> tuple[str, tuple[float, ...], tuple[float, ...]]:
    """Best-path decoding: the likeliest class of each step, repeats merged, blanks dropped, pale spaces kept.

    Args:
        probabilities: (T, 1 + len(CHARSET)), rows sum to 1.

    Returns:
        The text, one confidence (0–1, the greatest within its run of steps) and one position (0–1 of the
        width, centre of its run) per character; leading and trailing spaces are dropped.
    """
    steps = len(probabilities)
    runs = _runs(probabilities.argmax(axis=1))
    text: list[str] = []
    confidences: list[float] = []
    positions: list[float] = []
    last_start = 0
    for label, start, end in runs:
        letter = CHARSET[label - 1]
        between = probabilities[last_start:end, _SPACE]
        if text and _wide(text[-1]) and _wide(letter) and float(between.max()) >= SPACE_PROBABILITY:
            text.append(" ")
            confidences.append(float(between.max()))
            positions.append((last_start + int(between.argmax()) + 0.5) / steps)
        text.append(letter)
        confidences.append(float(probabilities[start:end, label].max()))
        positions.append((start + end) / 2 / steps)
        last_start = start
    first = next((i for i, c in enumerate(text) if c != " "), len(text))
    last = next((i for i in range(len(text), first, -1) if text[i - 1] != " "), first)
    return "".join(text[first:last]), tuple(confidences[first:last]), tuple(positions[first:last])


def _wide(letter: str) -> bool:
    return letter.isalpha() and letter not in "IJl"


def _runs(best: NDArray[np.intp]) -> list[tuple[int, int, int]]:
    """(label, first step, step after the last) of every run of one label that is not the blank."""
    edges = [0, *(np.flatnonzero(np.diff(best)) + 1).tolist(), len(best)]
    return [(int(best[a]), a, b) for a, b in pairwise(edges) if b > a and best[a]]
