"""Names as cards print them: of many regions, one word to sixty letters, with titles; all invented.

Every name is put together at random from common words; any likeness to a living person's name is chance.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from samples.identity import Identity, Sex

# How a name is built, and how often: a given name and a family or second name, one word, three words and more, ...
_KINDS = (("two", 0.34), ("three", 0.20), ("one", 0.10), ("regional", 0.18), ("titled", 0.10), ("long", 0.08))
# The register holds at most 60 letters of a name. Source: Permendagri 73/2022, article 4 (2) b.
LONGEST = 60
_LINE = 22  # letters that surely fit one line of the card

_GIVEN: dict[Sex, tuple[str, ...]] = {
    "M": (
        "ACHMAD", "ADITYA", "ANDREAS", "ARIEF", "BAMBANG", "BENNY", "CAHYO", "DANIEL", "DIMAS", "EDWIN", "FIRMAN",
        "GALIH", "HASAN", "ILHAM", "IRWAN", "JOKO", "LUKMAN", "MOCH.", "MUH.", "NANDA", "OKTAVIANUS", "PANJI", "RIZAL",
        "SLAMET", "TEGUH", "UJANG", "VINCENTIUS", "WISNU", "YOHANES", "ZAINAL",
    ),
    "F": (
        "AGNES", "AISYAH", "ANISA", "BELLA", "CHRISTINA", "DIAN", "DWI", "ELISABETH", "ERNA", "FARIDA", "GITA",
        "HALIMAH", "INTAN", "JULIANA", "KHADIJAH", "LINA", "MARIA", "MAYA", "NI'MATUL", "NOVI", "OKTAVIA", "RAHMAWATI",
        "RISKA", "SITI", "SRI", "TITIN", "ULFA", "VERONIKA", "WIDYA", "YULIA",
    ),
}  # fmt: skip
_FAMILY = (
    "ADRIANSYAH", "ARDIANTO", "BASUKI", "DARMAWAN", "EFENDI", "FIRDAUS", "HALIM", "HARTONO", "HASIBUAN", "ISKANDAR",
    "JAYA", "KUSUMA", "LUBIS", "MAHENDRA", "MANURUNG", "NASUTION", "PANGARIBUAN", "PERDANA", "PURNOMO", "RAMADHAN",
    "SIHOMBING", "SIMANJUNTAK", "SITUMORANG", "SUTANTO", "TAMBUNAN", "TANJUNG", "WARDANA", "WIBOWO", "YULIANTO",
    "ZULKARNAIN",
)  # fmt: skip
_ONE: dict[Sex, tuple[str, ...]] = {
    "M": ("SUKARDI", "PARTONO", "SUPARMAN", "KASIM", "WAGIMIN", "DARSONO", "ROHMAN", "UDIN"),
    "F": ("SUMARNI", "PONIYEM", "ROHANI", "SULASTRI", "WARSINI", "TUTIK", "JUMIATI", "ASIH"),
}
# First words that tell where the name is from, and what follows them: Bali, Bugis, Minahasa, Sunda, Maluku, Papua,
# Flores, Minangkabau, Indonesians of Chinese descent.
_REGIONAL: dict[Sex, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]] = {
    "M": (
        (("I WAYAN", "I MADE", "I NYOMAN", "I KETUT", "I GUSTI NGURAH"), ("SUDIANA", "ARTAWAN", "WIDIASA", "PUTRA")),
        (("ANDI", "DAENG"), ("BASO", "MAPPASESSU", "PANGERANG", "TENRI")),
        (("JEFRI", "STENLY", "FERDY"), ("MANDAGI", "WOWOR", "LUMENTUT", "TUMBELAKA")),
        (("ASEP", "CECEP", "DADANG"), ("SURYANA", "KOSASIH", "HERMAWAN", "RUHIYAT")),
        (("FRANSISKUS XAVERIUS", "YOSEPH"), ("LATUMAHINA", "WENDA", "DA COSTA", "TUHUMURY")),
        (("TAN", "LIM", "GO"), ("KIAN HOK", "SWIE LIONG", "BUN AN")),
    ),
    "F": (
        (("NI WAYAN", "NI MADE", "NI LUH PUTU", "I GUSTI AYU"), ("SUARTINI", "ARIANI", "PUSPITA DEWI", "LAKSMI")),
        (("ANDI", "DAENG"), ("TENRI OLA", "RATNA", "BESSE", "MARYAM")),
        (("GRACE", "MEYLAN", "STEVANI"), ("MANDAGI", "WOWOR", "LUMENTUT", "TUMBELAKA")),
        (("NENENG", "EUIS", "CUCU"), ("NURHAYATI", "KOMALASARI", "ROSTIKA")),
        (("MARIA GORETTI", "YOSEPHINA"), ("LATUMAHINA", "WENDA", "DA COSTA", "TUHUMURY")),
        (("TAN", "LIM", "GO"), ("MEI LAN", "SIOK HWA", "LI NIO")),
    ),
}
_BEFORE: dict[Sex, tuple[str, ...]] = {
    "M": ("H.", "DR.", "IR.", "DRS.", "R.", "DR. H.", "KH.", "PROF. DR. IR."),
    "F": ("HJ.", "DR.", "IR.", "DRA.", "R.A.", "DR. HJ.", "DRG."),
}
_AFTER = ("S.H.", "S.E.", "S.PD.", "S.KOM.", "M.M.", "S.T., M.T.", "A.MD.", "S.H., M.KN.")


def rename(identity: Identity, seed: int) -> Identity:
    """The identity under a name of any kind; a name of several lines gets an address of one."""
    name = invent_name(np.random.default_rng([seed, 0x4E]), identity.sex)
    address = identity.address
    if len(name) > _LINE < len(address):
        address = f"JL. MAWAR NO. {int(identity.nik[-2:]) + 1}"
    return replace(identity, name=name, address=address)


def invent_name(rng: np.random.Generator, sex: Sex) -> str:
    """A name of at most LONGEST letters, as printed: capitals, blanks, full stops, commas, apostrophes."""
    kinds, shares = [kind for kind, _ in _KINDS], [share for _, share in _KINDS]
    kind = kinds[int(rng.choice(len(kinds), p=shares))]
    given, family = _pick(rng, _GIVEN[sex]), _pick(rng, _FAMILY)
    if kind == "one":
        return _pick(rng, _ONE[sex])
    if kind == "regional":
        first, second = _REGIONAL[sex][int(rng.integers(len(_REGIONAL[sex])))]
        return f"{_pick(rng, first)} {_pick(rng, second)}"
    if kind == "titled":
        name = f"{given} {family}"
        name = f"{_pick(rng, _BEFORE[sex])} {name}" if rng.random() < 0.6 else name
        return f"{name}, {_pick(rng, _AFTER)}" if rng.random() < 0.6 else name
    if kind == "long":
        return _long(rng, given, family)
    return f"{given} {_pick(rng, _FAMILY)} {family}" if kind == "three" else f"{given} {family}"


def _long(rng: np.random.Generator, given: str, family: str) -> str:
    """Words until the name nears the longest; what goes beyond is cut, as the register does."""
    name = given
    words = [str(word) for word in rng.permutation(_FAMILY) if word != family]
    for word in [*words[:6], family]:
        name = f"{name} {word}"
        if len(name) >= 36 and rng.random() < 0.4:
            break
    return name[:LONGEST].strip()


def _pick(rng: np.random.Generator, items: tuple[str, ...]) -> str:
    return items[int(rng.integers(len(items)))]
