"""What a row may say: real place names, invented words, dates, numbers, closed vocabularies; nobody's data.

Words of names come from Faker's Indonesian lists (MIT), from chains of letters that follow place names, and by pure
chance, so that the reader leans on a language a little and never on a list. Every word that the generator of selfies
uses for names and streets is left out: a benchmark on those measures names that were never seen.
"""

from __future__ import annotations

import importlib
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from kyc_vision.ocr import vocabulary
from samples import identity, names
from samples import regions as sample_regions

_TITLES = (
    "H.", "HJ.", "DR.", "IR.", "DRS.", "DRA.", "KH.", "R.", "PROF.", "MOCH.", "MUH.", "ST.", "NY.", "R.A.", "DRG.",
)  # fmt: skip
_DEGREES = ("S.H.", "S.E.", "S.PD.", "S.KOM.", "M.M.", "S.T.", "A.MD.", "M.KN.", "S.SOS.", "S.AG.", "M.PD.", "S.KEP.")
_COUNTRIES = (
    "MALAYSIA", "SINGAPORE", "JAPAN", "CHINA", "KOREA, REPUBLIC OF", "AUSTRALIA", "NETHERLANDS", "GERMANY", "FRANCE",
    "UNITED KINGDOM", "UNITED STATES", "INDIA", "PHILIPPINES", "THAILAND", "VIETNAM", "RUSSIAN FEDERATION", "ITALY",
    "TIMOR-LESTE", "CANADA", "NEW ZEALAND", "PAKISTAN", "TURKEY", "EGYPT", "SAUDI ARABIA", "SOUTH KOREA",
)  # fmt: skip
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_OFTEN = "AAAAIIIUUEEOONNNRRSSTTLLMMDDKKHHGYPBWJCFZVXQ"
_STREETS = (
    "JL.", "JL", "JALAN", "GG.", "GANG",  "PERUM", "KP.", "KP", "DUSUN", "DSN", "LINGK.", "KOMP.", "BTN", "PERUMAHAN",
)  # fmt: skip


def row(rng: np.random.Generator) -> str:
    """What one row says."""
    kinds, shares = zip(*_KINDS, strict=True)
    text = kinds[int(rng.choice(len(kinds), p=shares))](rng)
    text = re.sub(r"\s+", " ", text).strip()[:34].strip()
    return text.title() if rng.random() < 0.02 else text or "-"


def name(rng: np.random.Generator) -> str:
    """A name of one to four words, one in seven with titles or degrees."""
    words = [_word(rng) for _ in range(int(rng.choice((1, 2, 3, 4), p=(0.1, 0.45, 0.33, 0.12))))]
    if rng.random() < 0.15:  # Balinese names begin with I; initials stand anywhere.
        words.insert(*((0, "I") if rng.random() < 0.4 else (int(rng.integers(len(words) + 1)), _pick(rng, _LETTERS))))
    if rng.random() < 0.04:
        at, mark = int(rng.integers(len(words))), _pick(rng, "''-")
        words[at] = f"{words[at][:2]}{mark}{words[at][2:]}" if len(words[at]) > 4 else words[at]
    text = " ".join(words)
    if rng.random() < 0.22:
        before = " ".join(_pick(rng, _TITLES) for _ in range(int(rng.choice((1, 2, 3), p=(0.6, 0.3, 0.1)))))
        text = f"{before} {text}"
    if rng.random() < 0.22:
        text = ", ".join([text, *(_pick(rng, _DEGREES) for _ in range(1 + (rng.random() < 0.35)))])
    # Of a long name it is the end that stands on the second line.
    return text[-34:].lstrip(" .,") if rng.random() < 0.4 else text


def _word(rng: np.random.Generator) -> str:
    kind = rng.random()
    if kind < 0.38:
        return _pick(rng, lexicon())
    if kind < 0.75:
        return chain().word(rng)
    length = int(rng.integers(2, 12))
    letters = _OFTEN if kind < 0.9 else _LETTERS
    return "".join(letters[i] for i in rng.integers(0, len(letters), length))


def _date(rng: np.random.Generator) -> str:
    gap = "-" if rng.random() < 0.96 else " - "
    return gap.join((f"{rng.integers(1, 32):02d}", f"{rng.integers(1, 13):02d}", str(rng.integers(1925, 2045))))


def _born(rng: np.random.Generator) -> str:
    return f"{_place(rng)}, {_date(rng)}"


def _place(rng: np.random.Generator) -> str:
    return _pick(rng, places()) if rng.random() < 0.7 else chain().word(rng)


def _address(rng: np.random.Generator) -> str:
    street = f"{_pick(rng, _STREETS)} {_word(rng)}"
    if rng.random() < 0.3:
        street += f" {_word(rng)}"
    if rng.random() < 0.3:
        street += f" {_pick(rng, ('RAYA', 'GG.', 'BLOK', 'BLK', 'I', 'II', 'III', 'IV', 'TIMUR', 'BARAT', 'DALAM'))}"
    if rng.random() < 0.3:
        street += (
            f" {_pick(rng, _LETTERS)}{rng.integers(1, 30)}" if rng.random() < 0.6 else f" GG. {rng.integers(1, 20)}"
        )
    stop = _pick(rng, ("NO. ", "NO.", "NO ", "NO: ", "/"))
    return f"{street} {stop}{rng.integers(1, 300)}" if rng.random() < 0.7 else street


def _rt_rw(rng: np.random.Generator) -> str:
    one, other = (f"{rng.integers(0, 40):03d}" if rng.random() < 0.97 else "-" for _ in range(2))
    return f"{one}/{other}" if rng.random() < 0.85 else f"{one} / {other}"


def _closed(rng: np.random.Generator) -> str:
    lists: tuple[Sequence[str], ...] = (
        tuple(vocabulary.SEX), tuple(vocabulary.RELIGION), tuple(vocabulary.MARITAL_STATUS), vocabulary.OCCUPATIONS,
        ("WNI", "WNI", "WNI", *_COUNTRIES), (vocabulary.FOR_LIFE,),
    )  # fmt: skip
    return _pick(rng, lists[int(rng.integers(len(lists)))])


def _header(rng: np.random.Generator) -> str:
    return _pick(rng, headers())


def _numbers(rng: np.random.Generator) -> str:
    return "".join("0123456789-/. "[i] for i in rng.integers(0, 14, int(rng.integers(2, 14)))).strip() or "0"


_KINDS: tuple[tuple[Callable[[np.random.Generator], str], float], ...] = (
    (name, 0.34), (_born, 0.14), (_date, 0.06), (_address, 0.14), (_rt_rw, 0.05), (_place, 0.08), (_closed, 0.10),
    (_header, 0.05), (_numbers, 0.04),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chain:
    """Letters that follow one another as they do in the words it was made of: order 2."""

    follow: dict[str, str]

    def word(self, rng: np.random.Generator) -> str:
        """A word of 3 to 13 letters that nobody need know."""
        text = "^^"
        while len(text) < 15:
            choice = self.follow[text[-2:]]
            letter = choice[int(rng.integers(len(choice)))]
            if letter == "$":
                if len(text) >= 5:
                    break
                continue
            text += letter
        return text[2:]


@cache
def chain() -> Chain:
    """Of every word of every place name."""
    follow: dict[str, list[str]] = defaultdict(list)
    for word in sorted({word for place in places() for word in place.split() if word.isalpha() and len(word) > 2}):
        for at, letter in enumerate(f"{word}$"):
            follow[f"^^{word}"[at : at + 2]].append(letter)
    return Chain({key: "".join(letters) for key, letters in follow.items()})


@cache
def _table() -> tuple[tuple[str, str], ...]:
    text = files("kyc_vision.ocr").joinpath("regions.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return tuple((code, place) for code, place, _ in rows)


@cache
def places() -> tuple[str, ...]:
    """Names of districts and regencies, without what kind of region they are."""
    return tuple(re.sub(r"^(KABUPATEN|KOTA( ADMINISTRASI)?) ", "", place) for code, place in _table() if len(code) > 2)


@cache
def headers() -> tuple[str, ...]:
    """What the two lines above the NIK say."""
    return tuple(f"PROVINSI {place}" if len(code) == 2 else place for code, place in _table() if len(code) < 6)


@cache
def lexicon() -> tuple[str, ...]:
    """Words of Indonesian names that the generator of selfies does not use."""
    Provider: Any = importlib.import_module("faker.providers.person.id_ID").Provider
    lists = (Provider.first_names_male, Provider.first_names_female, Provider.last_names)
    words = {word for group in lists for entry in group for word in re.findall(r"[A-Z]+", entry.upper())}
    return tuple(sorted(word for word in words - used_by_samples() if len(word) > 1))


def used_by_samples() -> frozenset[str]:
    """Every word that the generator can put into a name or a street."""

    def words(value: object) -> set[str]:
        if isinstance(value, str):
            return set(re.findall(r"[A-Z]+", value.upper()))
        if isinstance(value, dict):
            return set().union(*map(words, value.values()))
        return set().union(*map(words, value)) if isinstance(value, tuple | list) else set()

    lists = [vars(identity)[key] for key in ("_GIVEN", "_MIDDLE", "_LAST", "_SINGLE", "_LONG")]
    lists += [vars(names)[key] for key in ("_GIVEN", "_FAMILY", "_ONE", "_REGIONAL")]
    return frozenset(words([*lists, sample_regions.STREETS, sample_regions.ESTATES]))


def _pick(rng: np.random.Generator, items: Sequence[str]) -> str:
    return items[int(rng.integers(len(items)))]
