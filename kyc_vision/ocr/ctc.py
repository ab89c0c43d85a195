"""Connectionist temporal classification: a map of class probabilities over time → text. Plain numpy.

Source: Graves, Fernández, Gomez, Schmidhuber, Connectionist Temporal Classification, ICML 2006, §3.2.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: What an e-KTP can print: printable ASCII. Class 0 of the network is the blank, class i + 1 is CHARSET[i].
CHARSET = "".join(chr(code) for code in range(32, 127))


def decode(probabilities: NDArray[np.float32]) -> tuple[str, tuple[float, ...], tuple[float, ...]]:
    """Best-path decoding: the likeliest class of each step, repeats merged, blanks dropped.

    Args:
        probabilities: (T, 1 + len(CHARSET)), rows sum to 1.

    Returns:
        The text, one confidence (0–1, the greatest within its run of steps) and one position (0–1 of the
        width, centre of its run) per character; leading and trailing spaces are dropped.
    """
    steps = len(probabilities)
    best = probabilities.argmax(axis=1)
    text: list[str] = []
    confidences: list[float] = []
    positions: list[float] = []
    start = 0
    for t in range(1, steps + 1):
        if t < steps and best[t] == best[start]:
            continue
        label = int(best[start])
        if label:
            text.append(CHARSET[label - 1])
            confidences.append(float(probabilities[start:t, label].max()))
            positions.append((start + t) / 2 / steps)
        start = t
    first = next((i for i, c in enumerate(text) if c != " "), len(text))
    last = next((i for i in range(len(text), first, -1) if text[i - 1] != " "), first)
    return "".join(text[first:last]), tuple(confidences[first:last]), tuple(positions[first:last])
