"""Values of closed vocabularies, asked of the line itself: which of the lawful answers do its columns show?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from rapidfuzz import fuzz, process

from kyc_vision.ocr import vocabulary
from kyc_vision.ocr.ctc_score import log_likelihoods
from kyc_vision.ocr.printed import Printed
from kyc_vision.types import Field, NotRead

UNREADABLE = NotRead("OCR_FIELD_UNREADABLE")
#: Spellings that are asked about: the nearest to what was read.
_ASKED = 12
#: A line that shares less of its letters (percent) with every spelling says something else.
MIN_LIKENESS = 55.0


def one_of(printed: Printed | NotRead, spellings: Mapping[str, str]) -> Field | NotRead:
    """The likeliest of a closed vocabulary's values.

    Args:
        printed: the row.
        spellings: as printed → normalised.

    Returns:
        The value; its confidence is the value's share among all asked about, times how alike it is to what was read.
        Unreadable where nothing of the vocabulary is near.
    """
    if isinstance(printed, NotRead):
        return printed
    value = printed.whole()
    if isinstance(value, NotRead):
        return value
    if printed.lattice is None:
        meant = vocabulary.likeliest(value.read, spellings)
        return replace(value, text=meant) if meant else UNREADABLE
    bare = value.read.upper().replace(" ", "")
    nearest = process.extract(bare, {s: s.replace(" ", "") for s in spellings}, scorer=fuzz.ratio, limit=_ASKED)
    shown = [spelling for _, _, spelling in nearest]
    # Mixed case occurs: each spelling is asked about as it is printed and as it was read.
    said = np.maximum(
        log_likelihoods(printed.lattice, shown), log_likelihoods(printed.lattice, [s.title() for s in shown])
    )
    shares = np.exp(said - said.max())
    best = int(said.argmax())
    meant = spellings[shown[best]]
    share = sum(s for s, spelling in zip(shares, shown, strict=True) if spellings[spelling] == meant) / shares.sum()
    likeness = fuzz.ratio(bare, shown[best].replace(" ", ""))
    if likeness < MIN_LIKENESS:
        return UNREADABLE
    return replace(value, text=meant, confidence=round(float(share) * likeness / 100, 6))
