"""A booking's name beside a card's, of one person and of two: as people write names, as they are misread and mistaken.

Every share here is an assumption unless its line names a source: no counts of bookings are to be had.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from benchmarks.name_lists import Half

Words = tuple[str, ...]
Rng = np.random.Generator

#: How many words a name has. As in samples/names.py (one 0.10, two about a half), names of five and more left out.
LENGTHS = {1: 0.10, 2: 0.45, 3: 0.33, 4: 0.12}
#: Names of several words that begin with one of the table's: they are written out or shortened at will.
FIRST = {"MUHAMMAD": 0.10, "AHMAD": 0.03, "ABDUL": 0.03}
WRITTEN = {
    "MUHAMMAD": ("MUHAMMAD", "MUHAMAD", "MOHAMMAD", "MOHAMAD", "MOCHAMAD", "MUH.", "MOH.", "MOCH.", "M."),
    "AHMAD": ("AHMAD", "ACHMAD", "AKHMAD"),
    "ABDUL": ("ABDUL", "ABD."),
}
BEFORE = ("H.", "HJ.", "DR.", "IR.", "DRS.", "DRA.", "DR. H.")
AFTER = ("S.H.", "S.E.", "S.PD.", "S.KOM.", "M.M.", "S.T., M.T.", "A.MD.", "S.AG.", "SE")
SALUTATIONS = ("MR", "MRS", "MS", "MISS")

#: How a person writes the own name into a form; each habit by itself, where the name allows it.
HABITS = {
    "last word first": 0.15,  # airline forms ask for the family name
    "salutation": 0.15,
    "title or degree": 0.05,
    "middle word dropped": 0.12,  # of three words and more
    "last word dropped": 0.06,
    "first word dropped": 0.01,
    "initial": 0.08,  # of any word but the first
    "word doubled": 0.30,  # of one word, where a form wants two
    "further word": 0.02,  # a father's or husband's name that the card has not
    "glued": 0.03,
    "other spelling": 0.03,
    "accent": 0.005,
    "lower case": 0.50,
}
#: Per letter. Half of a careful typist's uncorrected 0.5 %, for one's own name is looked at twice.
TYPING_SLIP = 0.0025
#: Per letter of the card: docs/benchmarks.md, CER of names 0.0108 on cards of 400–480 px, 0.0025 of 480–640 px.
READING_SLIP = 0.005
#: Per space: docs/benchmarks.md, 1 name of 222 wrong in its spaces alone.
SPACE_LOST = 0.005
TITLE_ON_CARD = 0.08
#: What a letter is misread as; the others are lost.
CONFUSED = {"O": "0", "I": "1L", "L": "I1", "N": "M", "M": "N", "S": "5", "B": "8", "U": "V", "V": "U", "D": "O"}
#: Old and new spelling, and sounds that are written in two ways.
SOUNDS = (
    ("OE", "U"),
    ("DJ", "J"),
    ("TJ", "C"),
    ("Y", "I"),
    ("I", "Y"),
    ("F", "V"),
    ("Z", "S"),
    ("KH", "H"),
    ("DH", "D"),
)
ACCENTS = {"E": "É", "A": "Á", "I": "Í", "O": "Ö", "U": "Ü"}

#: Who else the card may belong to. A namesake's name is the same and no comparison can tell.
OTHERS = {
    "stranger": 0.60,
    "same first word": 0.13,  # very common
    "same last word": 0.08,
    "sibling": 0.06,  # all but the first word
    "one letter apart": 0.06,  # WAHYUNI, WAHYUDI
    "word more or less": 0.05,  # ANDI, ANDI SAPUTRA
    "same initial": 0.019,  # BUDI SANTOSO, BUDI SUSANTO
    "namesake": 0.001,  # NAMESAKE
}
SAME_PERSON, NAMESAKE = "same person", "namesake"


@dataclass(frozen=True, slots=True, repr=False)
class Pair:
    """Two writings, and who they belong to: SAME_PERSON or one of OTHERS. Invented, and yet masked in ``repr``."""

    booking: str
    card: str
    kind: str

    def __repr__(self) -> str:
        return f"Pair({self.kind})"


def pair(rng: Rng, half: Half, same: bool) -> Pair:
    """A booking and a card of one person, or of two."""
    kind = SAME_PERSON if same else _drawn(rng, OTHERS)
    while True:
        name = person(rng, half)
        booked = name if kind in (SAME_PERSON, NAMESAKE) else other(rng, half, name, kind)
        if booked is not None and (kind in (SAME_PERSON, NAMESAKE) or sorted(booked) != sorted(name)):
            return Pair(booking(rng, half, booked), card(rng, name), kind)


def person(rng: Rng, half: Half) -> Words:
    """The words of an invented name, none of them twice."""
    size = int(_drawn(rng, {str(size): share for size, share in LENGTHS.items()}))
    if size == 1:
        return (_pick(rng, half.single),)
    first = _drawn(rng, {**FIRST, "": 1 - sum(FIRST.values())}) or _pick(rng, half.given)
    words = [first]
    while len(words) < size:
        word = _pick(rng, half.given if len(words) < size - 1 and rng.random() < 0.4 else half.second)
        words += [] if word in words else [word]
    return tuple(words)


def other(rng: Rng, half: Half, name: Words, kind: str) -> Words | None:
    """Another person's name, as near to this one as the kind says; None where this one allows none."""
    several, stranger = len(name) > 1, person(rng, half)
    if kind == "stranger":
        return stranger
    if kind == "word more or less":
        at = int(rng.integers(len(name)))
        fewer = several and rng.random() < 0.5
        return (*name[:at], *name[at + 1 :]) if fewer else (*name, _pick(rng, half.second))
    if kind == "one letter apart":
        return _with_another_word(rng, name, {word: half.twins.get(word, ()) for word in name})
    if not several:
        return None
    if kind == "same initial":
        alike = {word: tuple(w for w in half.second if w[0] == word[0] and w != word) for word in name[1:]}
        return _with_another_word(rng, name, alike)
    return {
        "same first word": (name[0], *(stranger[1:] or (_pick(rng, half.second),))),
        "same last word": (*(stranger[:-1] or (_pick(rng, half.given),)), name[-1]),
        "sibling": (_pick(rng, half.given), *name[1:]),
    }[kind]


def _with_another_word(rng: Rng, name: Words, choices: Mapping[str, Words]) -> Words | None:
    """One word replaced by one of its choices, as far as it has any."""
    places = [at for at, word in enumerate(name) if choices.get(word)]
    if not places:
        return None
    at = places[int(rng.integers(len(places)))]
    return (*name[:at], _pick(rng, choices[name[at]]), *name[at + 1 :])


def booking(rng: Rng, half: Half, name: Words) -> str:
    """The name as its owner types it into a form."""

    def does(habit: str) -> bool:
        return bool(rng.random() < HABITS[habit])

    words = list(name)
    if len(words) > 2 and does("middle word dropped"):
        del words[int(rng.integers(1, len(words) - 1))]
    if len(words) > 1 and does("last word dropped"):
        words.pop()
    if len(words) > 1 and does("first word dropped"):
        words.pop(0)
    if len(words) == 1 and does("word doubled"):
        words *= 2
    if does("further word"):
        words.append(_pick(rng, half.second))
    if does("other spelling"):
        at = int(rng.integers(len(words)))
        words[at] = _respelt(rng, words[at])
    words = [_slips(rng, _written(rng, word), TYPING_SLIP) for word in words]
    if len(words) > 1 and does("initial"):
        at = int(rng.integers(1, len(words)))
        words[at] = words[at][0] + ("." if rng.random() < 0.5 else "")
    if len(words) > 1 and does("last word first"):
        words = [words[-1] + _pick(rng, (",", "/", "")), *words[:-1]]
    text = ("" if does("glued") else " ").join(words)
    text = f"{_pick(rng, BEFORE)} {text}" if does("title or degree") else text
    text = f"{text} {_pick(rng, SALUTATIONS)}" if does("salutation") else text
    if does("accent"):
        text = "".join(ACCENTS.get(letter, letter) if rng.random() < 0.3 else letter for letter in text)
    return text.title() if does("lower case") else text


def card(rng: Rng, name: Words) -> str:
    """The name as it is printed and read."""
    words = [_misread(rng, _written(rng, word)) for word in name]
    text = words[0]
    for word in words[1:]:
        text += ("" if rng.random() < SPACE_LOST else " ") + word
    if rng.random() < TITLE_ON_CARD:
        return f"{_pick(rng, BEFORE)} {text}" if rng.random() < 0.5 else f"{text}, {_pick(rng, AFTER)}"
    return text


def _written(rng: Rng, word: str) -> str:
    return _pick(rng, WRITTEN[word]) if word in WRITTEN else word


def _respelt(rng: Rng, word: str) -> str:
    """With one sound written the other way; a word without such a sound gets a letter doubled or single."""
    choices = [(a, b) for a, b in SOUNDS if a in word] + [(b, a) for a, b in SOUNDS[:3] if b in word]
    if choices:
        a, b = choices[int(rng.integers(len(choices)))]
        return word.replace(a, b, 1)
    at = int(rng.integers(len(word)))
    return word[:at] + word[at] + word[at:]


def _slips(rng: Rng, word: str, share: float) -> str:
    """Each letter may be mistyped: another, twice, left out, or changed with the next."""
    found, at = "", 0
    while at < len(word):
        letter, at = word[at], at + 1
        if rng.random() >= share:
            found += letter
            continue
        kind = int(rng.integers(4))
        if kind == 3 and at < len(word):
            found, at = found + word[at] + letter, at + 1
        else:
            found += (chr(65 + int(rng.integers(26))), letter * 2, "")[kind % 3]
    return found or word


def _misread(rng: Rng, word: str) -> str:
    wrong = rng.random(len(word)) < READING_SLIP
    return "".join(_mistaken(rng, letter) if bad else letter for letter, bad in zip(word, wrong, strict=True)) or word


def _mistaken(rng: Rng, letter: str) -> str:
    return _pick(rng, tuple(CONFUSED[letter])) if letter in CONFUSED else ""


def _drawn(rng: Rng, shares: Mapping[str, float]) -> str:
    at = rng.random() * sum(shares.values())
    for name, share in shares.items():
        at -= share
        if at < 0:
            return name
    return name


def _pick(rng: Rng, items: tuple[str, ...]) -> str:
    return items[int(rng.integers(len(items)))]
