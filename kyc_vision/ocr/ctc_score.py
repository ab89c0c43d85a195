"""How probable a text is, given a line: every way to read it summed up. Plain numpy.

Source: Graves, Fernández, Gomez, Schmidhuber, Connectionist Temporal Classification, ICML 2006, §4.1.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kyc_vision.ocr.ctc import CHARSET, Lattice

#: Keeps what a network is sure cannot be from being impossible: it is wrong about one step in ten thousand.
_FLOOR = 1e-5
_LEAST = 1e-300
_CLASS_OF = {character: index + 1 for index, character in enumerate(CHARSET)}


def log_likelihoods(lattice: Lattice, texts: Sequence[str]) -> NDArray[np.float64]:
    """Natural log of the probability that the line says each text and nothing else.

    Args:
        lattice: (T, 1 + len(CHARSET)), rows sum to 1.
        texts: of characters in CHARSET.

    Returns:
        (len(texts),); of a text with more letters than the line has steps, a number next to minus infinity.
    """
    longest = 2 * max((len(text) for text in texts), default=0) + 1
    # States of each text: blank, first letter, blank, …; what lies beyond its end is a blank that nothing enters.
    states = np.zeros((len(texts), longest), dtype=np.intp)
    for at, text in enumerate(texts):
        states[at, 1 : 2 * len(text) : 2] = [_CLASS_OF[c] for c in text]
    emission = np.maximum(lattice, _FLOOR).astype(np.float64)
    skips = np.zeros(states.shape)
    skips[:, 2:] = (states[:, 2:] != 0) & (states[:, 2:] != states[:, :-2])
    alpha = np.zeros(states.shape)
    alpha[:, :2] = emission[0][states[:, :2]]
    logs = np.zeros(len(texts))
    for step in emission[1:]:
        # Scaled at every step, or long lines would sink below the least number there is.
        scale = alpha.sum(axis=1, keepdims=True)
        logs += np.log(scale[:, 0])
        alpha /= scale
        entering = alpha.copy()
        entering[:, 1:] += alpha[:, :-1]
        entering[:, 2:] += alpha[:, :-2] * skips[:, 2:]
        alpha = entering * step[states]
    ends = np.array([2 * len(text) for text in texts], dtype=np.intp)
    rows = np.arange(len(texts))
    last, before = alpha[rows, ends], np.where(ends > 0, alpha[rows, ends - 1], 0.0)
    return np.asarray(logs + np.log(np.maximum(last + before, _LEAST)), dtype=np.float64)
