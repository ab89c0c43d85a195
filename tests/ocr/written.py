"""Lattices that say a given text."""

import numpy as np

from kyc_vision.ocr.ctc import CHARSET, Lattice


def written(text: str, sure: float = 0.98, instead: dict[int, str] | None = None) -> Lattice:
    """Each letter one column, parted by blanks.

    Args:
        text: what it says.
        sure: share of each letter; the rest is spread evenly.
        instead: position → the letter that has the rest of that position, all of it.
    """
    columns = np.full((2 * len(text) + 1, 1 + len(CHARSET)), (1 - sure) / len(CHARSET), dtype=np.float32)
    columns[::2, 0] = sure
    for at, letter in enumerate(text):
        column = columns[2 * at + 1]
        column[1 + CHARSET.index(letter)] = sure
        if instead and at in instead:
            column[:] = 1e-6
            column[1 + CHARSET.index(letter)] = sure
            column[1 + CHARSET.index(instead[at])] = 1 - sure
    return columns
