"""The words of a name: titles and degrees taken off, abbreviations written out, spaces not trusted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

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
# Five words can stand in 120 orders; a longer name is only tried as it stands, so a hostile one costs no time.
_ANY_ORDER_TO = 5


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


def spell_each_other(a: Words, b: Words, glued_m: bool = False) -> bool:
    """Whether the words of one, in any order and any of their spellings, make up the other without spaces.

    Args:
        a, b: words as normalise() gives them.
        glued_m: take an M in front of a word for MUHAMMAD.
    """
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
