"""The words of two names side by side.

Source: own rules; Levenshtein distance, V. I. Levenshtein 1966, as in rapidfuzz.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import Levenshtein

from kyc_vision.ocr.name_words import Words

_TWO_SLIPS_FROM = 8


class Relation(StrEnum):
    """How two words agree, best first."""

    EQUAL = "equal"
    NEAR = "near"
    INITIAL = "initial"
    NONE = "none"


@dataclass(frozen=True, slots=True, repr=False)
class AlignedWords:
    """A word of the booking beside its partner on the card; None where there is none. Masked in ``repr``."""

    booking: str | None
    card: str | None
    relation: Relation

    def __repr__(self) -> str:
        return f"AlignedWords({self.relation})"


def align(booking: Words, card: Words) -> tuple[AlignedWords, ...]:
    """Pair the words, best relation first, then nearest in place; the rest stand alone."""
    pairs = [
        (list(Relation).index(relation), abs(i - j), i + j, i, j, relation)
        for i, ours in enumerate(booking)
        for j, theirs in enumerate(card)
        if (relation := _relation(ours, theirs)) is not Relation.NONE
    ]
    partner: dict[int, tuple[int, Relation]] = {}
    taken: set[int] = set()
    for *_, i, j, relation in sorted(pairs):
        if i not in partner and j not in taken:
            partner[i] = (j, relation)
            taken.add(j)
    rows = []
    for i, ours in enumerate(booking):
        if i in partner:
            j, relation = partner[i]
            rows.append(AlignedWords(ours, card[j], relation))
        else:
            rows.append(AlignedWords(ours, None, Relation.NONE))
    rows += [AlignedWords(None, theirs, Relation.NONE) for j, theirs in enumerate(card) if j not in taken]
    return tuple(rows)


def _relation(a: str, b: str) -> Relation:
    # M alone is how MUHAMMAD is written most often, and still the initial of any other name.
    if a == b or {a, b} == {"M", "MUHAMMAD"}:
        return Relation.EQUAL
    short, long = sorted((a, b), key=len)
    if len(short) == 1:
        return Relation.INITIAL if long.startswith(short) and len(long) > 1 else Relation.NONE
    return Relation.NEAR if near(a, b) else Relation.NONE


def near(a: str, b: str) -> bool:
    """One letter added, dropped or changed; two when the longer has eight letters or more."""
    slips = 2 if max(len(a), len(b)) >= _TWO_SLIPS_FROM else 1
    return Levenshtein.distance(a, b, score_cutoff=slips) <= slips
