"""Is the name of a booking the name on a card?

Both are normalised: capitals; accents and marks off; titles before and degrees after the name off; the usual
abbreviations taken for their name (``MOCH`` is MUHAMMAD, ``ABD`` is ABDUL, ``ACHMAD`` is AHMAD). A ``BIN`` or
``BINTI`` with what follows may be missing on one side; when both have one, both must agree. Then:

``same``
    1. the words of one, in any order, spell the other when spaces are left out (OCR drops them); not a lone M, or
    2. both have the same number of words, each is equal to one of the other's or is its initial, and at least two
       are equal. One full word and an initial (ANDI S, ANDI SAPUTRA) fit too many people.
``close``
    not the same, but
    1. every word of the name with fewer words has a partner in the other that is equal, its initial, or near; and
       one pair is equal (ANDI, ANDI SAPUTRA), or near when both have the same number of words (ALI, ALDI), or
    2. without spaces, the two are near, or the shorter has four letters or more and begins the longer, or
       one spells the other when a glued M is taken for MUHAMMAD.
``different``
    all else, and any name without a letter or longer than 200 characters.

*Near* is one letter apart (added, dropped or changed), two from eight letters on. So a letter apart is never the
same, unless both spellings stand in the table of name_words.py. No score decides: ALI and ALDI are further apart than
many slips of OCR, and yet two people. The probability says how often names that agree in this way are one person's
(name_agreement.py); it is told, and decides nothing.

Source: own rules; Levenshtein distance, V. I. Levenshtein 1966, as in rapidfuzz.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from rapidfuzz.distance import Levenshtein

from kyc_vision.ocr.name_agreement import PROBABILITY, Agreement, NameOutcome, agreement
from kyc_vision.ocr.name_alignment import AlignedWords, Relation, align, near
from kyc_vision.ocr.name_words import Words, normalise, spell_each_other

_PATRONYMIC = ("BIN", "BINTI")
_PREFIX_FROM = 4
# A card holds 60 letters (Permendagri 73/2022); what is far longer is no name and must cost no time.
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class NameComparison:
    """The answer and what it rests on.

    Attributes:
        agreement: in which way the names agree; outcome and probability follow from it.
        similarity: 0–1, share of letters in place without spaces, better of the given and the sorted order of words;
            for showing and ranking.
        aligned: the normalised words side by side; one row for all when the words are divided differently.
    """

    agreement: Agreement
    similarity: float
    aligned: tuple[AlignedWords, ...]

    @property
    def outcome(self) -> NameOutcome:
        """Decided by the module's rules, never by similarity or probability."""
        return self.agreement.outcome

    @property
    def probability(self) -> float:
        """That both names are one person's, at even prior odds: between 0 and 1, and never either."""
        return PROBABILITY[self.agreement]


_NOTHING = NameComparison(Agreement.NOTHING, 0.0, ())


def compare(booking: str, card: str) -> NameComparison:
    """Hold the name of a booking against the name on a card, by the rules above.

    Args:
        booking: as the customer gave it.
        card: as it was read; spaces may be missing.
    """
    if max(len(booking), len(card)) > _LONGEST_NAME:
        return _NOTHING
    ours, theirs = _readings(booking), _readings(card)
    if len(ours) > 1 and len(theirs) > 1:
        # Both name a father: leaving him out would make strangers one.
        ours, theirs = ours[-1:], theirs[-1:]
    found = [_match(a, b) for a, b in product(ours, theirs)]
    order = list(Agreement)
    return min(found, key=lambda one: (order.index(one.agreement), -one.similarity))


def _readings(name: str) -> list[Words]:
    """The name's words; with a patronymic: without it, with the father's name, and with all of it."""
    words = normalise(name)
    for at, word in enumerate(words[:-1]):
        if at and word in _PATRONYMIC:
            return [words[:at], words[:at] + words[at + 1 :], words]
    return [words]


def _match(booking: Words, card: Words) -> NameComparison:
    whole_b, whole_c = "".join(booking), "".join(card)
    if not whole_b or not whole_c:
        return _NOTHING
    rows = align(booking, card)
    relations = [row.relation for row in rows]
    if whole_b == whole_c or (min(len(whole_b), len(whole_c)) > 1 and spell_each_other(booking, card)):
        if set(relations) != {Relation.EQUAL}:
            rows = (AlignedWords(" ".join(booking), " ".join(card), Relation.EQUAL),)
        return _found(NameOutcome.SAME, 1.0, rows)

    similarity = max(
        Levenshtein.normalized_similarity(whole_b, whole_c),
        Levenshtein.normalized_similarity("".join(sorted(booking)), "".join(sorted(card))),
    )
    fits = set(relations) <= {Relation.EQUAL, Relation.INITIAL}
    if fits and relations.count(Relation.EQUAL) >= 2:
        return _found(NameOutcome.SAME, similarity, rows)

    partners = [relation for relation in relations if relation is not Relation.NONE]
    anchored = Relation.EQUAL in partners or (Relation.NEAR in partners and len(booking) == len(card))
    all_fit = anchored and len(partners) == min(len(booking), len(card))
    short, long = sorted((whole_b, whole_c), key=len)
    glued = (
        near(whole_b, whole_c)
        or (len(short) >= _PREFIX_FROM and long.startswith(short))
        or spell_each_other(booking, card, glued_m=True)
    )
    outcome = NameOutcome.CLOSE if all_fit or glued else NameOutcome.DIFFERENT
    return _found(outcome, similarity, rows)


def _found(outcome: NameOutcome, similarity: float, rows: tuple[AlignedWords, ...]) -> NameComparison:
    return NameComparison(agreement(outcome, rows), similarity, rows)
