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
same, unless both spellings stand in the table below. No score decides: ALI and ALDI are further apart than many
slips of OCR, and yet two people.

Source: own rules; Levenshtein distance, V. I. Levenshtein 1966, as in rapidfuzz.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from rapidfuzz.distance import Levenshtein

Words = tuple[str, ...]


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


# One name, written out or short. No two of these spellings make different people on an Indonesian card.
SPELLINGS = {
    "MUHAMMAD": _set("""
        MUHAMAD MUHAMMED MOHAMMAD MOHAMAD MOHAMMED MOHAMED MUCHAMMAD MUCHAMAD MUKHAMMAD MUKHAMAD MOCHAMMAD MOCHAMAD
        MOKHAMMAD MOKHAMAD MUH MUHD MOH MOHD MUCH MUKH MOCH MOKH MHD"""),
    "ABDUL": _set("ABD"),
    "AHMAD": _set("ACHMAD AKHMAD ACH AKH"),
}
_FULL = {short: full for full, spellings in SPELLINGS.items() for short in spellings}

# Before a name: religious and academic titles, and the salutations of booking forms.
TITLES = _set("""
    H HJ HAJI HAJJAH KH TGH UST USTADZ DR DRS DRA DRG DRH IR PROF MR MRS MS MISS TN NY NN SDR SDRI BPK BAPAK IBU""")
# After a name and known even without dots; the salutations because airline forms put them last. Short ones that are
# names as well (MEI, SAN, AK) are not here: LIE MEI and LIE SAN would both become LIE.
DEGREES = _set("""
    SE SH ST SPD SPDI SKOM SKM SSOS SPSI SKEP SKED SIKOM SFARM SHUM MM MT MBA MSI MSC MPD MPDI MKES MKOM MHUM PHD
    AMD AMDKEB AMDKEP MR MRS MS MISS""")
# Only with dots between the letters (S.Ag., M.A.).
_DOTTED = DEGREES | _set("""
    SEI SEAK SHI SS SSI SSN SSTP SST SSTR STP STR SP SPT SPDK SKG SKH SAG SAP SAB SAK SIP SIK SGZ SHUT SPI STH SFIL
    SAN SDS MH MA MAG MPSI MKN MAP MAK ME MEI MSN MTI MENG MARS MKM MSOS SPA SPOG SPPD SPB SPM LC""")
_PATRONYMIC = ("BIN", "BINTI")

_TWO_SLIPS_FROM = 8
_PREFIX_FROM = 4
# Five words can stand in 120 orders; a longer name is only tried as it stands, so a hostile one costs no time.
_ANY_ORDER_TO = 5
# A card holds 60 letters (Permendagri 73/2022); what is far longer is no name and must cost no time.
_LONGEST_NAME = 200


class NameOutcome(StrEnum):
    """Whether two names are one person's."""

    SAME = "same"
    CLOSE = "close"
    DIFFERENT = "different"


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


@dataclass(frozen=True, slots=True)
class NameComparison:
    """The answer and what it rests on.

    Attributes:
        outcome: decided by the module's rules, never by the similarity.
        similarity: 0–1, share of letters in place without spaces, better of the given and the sorted order of words;
            for showing and ranking.
        aligned: the normalised words side by side; one row for all when the words are divided differently.
    """

    outcome: NameOutcome
    similarity: float
    aligned: tuple[AlignedWords, ...]


def compare(booking: str, card: str) -> NameComparison:
    """Hold the name of a booking against the name on a card, by the rules above.

    Args:
        booking: as the customer gave it.
        card: as it was read; spaces may be missing.
    """
    if max(len(booking), len(card)) > _LONGEST_NAME:
        return NameComparison(NameOutcome.DIFFERENT, 0.0, ())
    ours, theirs = _readings(booking), _readings(card)
    if len(ours) > 1 and len(theirs) > 1:
        # Both name a father: leaving him out would make strangers one.
        ours, theirs = ours[-1:], theirs[-1:]
    found = [_match(a, b) for a, b in product(ours, theirs)]
    order = list(NameOutcome)
    return min(found, key=lambda one: (order.index(one.outcome), -one.similarity))


def normalise(name: str) -> Words:
    """The words of a name in capitals, without marks, titles and degrees, abbreviations written out."""
    plain = unicodedata.normalize("NFKD", name).upper()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = re.sub("['’‘`´]", "", plain)
    words: list[str] = []
    for chunk in re.split(r"[^A-Z0-9.]+", plain):
        whole = chunk.replace(".", "")
        # "S.PD" is a degree and keeps a dot as its mark, "M.RIDWAN" is two words whose space was lost.
        degree = whole in _DOTTED and "." in chunk.strip(".")
        words += [whole + "."] if degree else [part for part in chunk.split(".") if part]
    while len(words) > 1 and words[0] in TITLES:
        words.pop(0)
    while len(words) > 1 and (size := _degree_at_end(words)):
        del words[-size:]
    return tuple(_FULL.get(word, word) for word in (word.rstrip(".") for word in words))


def _degree_at_end(words: list[str]) -> int:
    """How many of the last words are a degree: 1, 2 for one written apart (S. PD), else 0."""
    if words[-1] in DEGREES or words[-1].endswith("."):
        return 1
    apart = len(words) > 2 and len(words[-2]) == 1 and len(words[-1]) > 1 and words[-2] + words[-1] in DEGREES
    return 2 if apart else 0


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
        return NameComparison(NameOutcome.DIFFERENT, 0.0, ())
    rows = _align(booking, card)
    relations = [row.relation for row in rows]
    if whole_b == whole_c or (min(len(whole_b), len(whole_c)) > 1 and _spell_each_other(booking, card)):
        if set(relations) != {Relation.EQUAL}:
            rows = (AlignedWords(" ".join(booking), " ".join(card), Relation.EQUAL),)
        return NameComparison(NameOutcome.SAME, 1.0, rows)

    similarity = max(
        Levenshtein.normalized_similarity(whole_b, whole_c),
        Levenshtein.normalized_similarity("".join(sorted(booking)), "".join(sorted(card))),
    )
    fits = set(relations) <= {Relation.EQUAL, Relation.INITIAL}
    if fits and relations.count(Relation.EQUAL) >= 2:
        return NameComparison(NameOutcome.SAME, similarity, rows)

    partners = [relation for relation in relations if relation is not Relation.NONE]
    anchored = Relation.EQUAL in partners or (Relation.NEAR in partners and len(booking) == len(card))
    all_fit = anchored and len(partners) == min(len(booking), len(card))
    short, long = sorted((whole_b, whole_c), key=len)
    glued = (
        _near(whole_b, whole_c)
        or (len(short) >= _PREFIX_FROM and long.startswith(short))
        or _spell_each_other(booking, card, glued_m=True)
    )
    outcome = NameOutcome.CLOSE if all_fit or glued else NameOutcome.DIFFERENT
    return NameComparison(outcome, similarity, rows)


def _align(booking: Words, card: Words) -> tuple[AlignedWords, ...]:
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
    return Relation.NEAR if _near(a, b) else Relation.NONE


def _near(a: str, b: str) -> bool:
    slips = 2 if max(len(a), len(b)) >= _TWO_SLIPS_FROM else 1
    return Levenshtein.distance(a, b, score_cutoff=slips) <= slips


def _spell_each_other(a: Words, b: Words, glued_m: bool = False) -> bool:
    return _spells(a, "".join(b), glued_m) or _spells(b, "".join(a), glued_m)


def _spells(words: Words, text: str, glued_m: bool) -> bool:
    """Whether the words, each in any of its spellings and in any order, make up the text."""
    if not words or not text:
        return not words and not text
    choices: Iterable[int] = range(len(words)) if len(words) <= _ANY_ORDER_TO else (0,)
    return any(
        _spells(words[:at] + words[at + 1 :], text[len(spelling) :], glued_m)
        for at in choices
        for spelling in _spellings(words[at], glued_m)
        if text.startswith(spelling)
    )


def _spellings(word: str, glued_m: bool) -> Iterable[str]:
    if word == "M":
        return ("M", "MUHAMMAD", *SPELLINGS["MUHAMMAD"])
    short = ("M",) if glued_m and word == "MUHAMMAD" else ()
    return (word, *SPELLINGS.get(word, ()), *short)
