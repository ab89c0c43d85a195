"""Invented identities: coherent as a real card's are, and nobody's.

Every value comes from a seed and short lists of common names, places and occupations. Any likeness to a
living person's data is chance; the serial numbers are drawn, never looked up.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, TypeVar

import numpy as np

from samples.regions import ESTATES, REGIONS, STREETS, Region

Sex = Literal["M", "F"]
T = TypeVar("T")

_GIVEN: dict[Sex, tuple[str, ...]] = {
    "M": ("BUDI", "AGUS", "DEDI", "RIZKY", "BAYU", "EKO", "FAJAR", "HENDRA", "MUHAMMAD", "SURYA", "WAHYU", "YUSUF"),
    "F": ("SITI", "DEWI", "SRI", "RINA", "AYU", "FITRI", "INDAH", "LESTARI", "MEGA", "NURUL", "PUTRI", "RATNA"),
}
_MIDDLE: dict[Sex, tuple[str, ...]] = {
    "M": ("ADI", "DWI", "TRI", "ARIF", "NUR", "RAHMAT", "BAGUS"),
    "F": ("NUR", "DWI", "TRI", "AULIA", "RAHMA", "CITRA", "KARTIKA"),
}
_LAST: dict[Sex, tuple[str, ...]] = {
    "M": (
        "SANTOSO",
        "WIJAYA",
        "PRATAMA",
        "SAPUTRA",
        "NUGROHO",
        "HIDAYAT",
        "KURNIAWAN",
        "SETIAWAN",
        "SIREGAR",
        "GUNAWAN",
    ),
    "F": ("WULANDARI", "RAHAYU", "ANGGRAINI", "HANDAYANI", "PERMATASARI", "SAFITRI", "WAHYUNI", "SIREGAR", "UTAMI"),
}
_SINGLE: dict[Sex, tuple[str, ...]] = {
    "M": ("SUPRIYADI", "SUGIYANTO", "MULYONO", "RUSDIANTO"),
    "F": ("SUMIYATI", "SUHARTINI", "KARTINAH", "MARYATI"),
}
_LONG: dict[Sex, tuple[str, ...]] = {
    "M": ("MUHAMMAD RAHMAT HIDAYATULLAH", "BAGUS CHRISTIAN WIRATMAJA PUTRA"),
    "F": ("ANASTASIA KARTIKA PERMATASARI", "NURUL AULIA RAHMAWATI HANDAYANI"),
}
_OCCUPATIONS = (
    "KARYAWAN SWASTA",
    "WIRASWASTA",
    "PELAJAR/MAHASISWA",
    "GURU",
    "PEGAWAI NEGERI SIPIL",
    "BURUH HARIAN LEPAS",
    "BELUM/TIDAK BEKERJA",
    "DOKTER",
    "PERAWAT",
)
_RELIGIONS = ("ISLAM", "ISLAM", "ISLAM", "KRISTEN", "KATHOLIK", "HINDU", "BUDHA")
# Characters that surely fit one line of the card.
_LINE = 22
_MARITAL = ("BELUM KAWIN", "KAWIN", "KAWIN", "CERAI HIDUP", "CERAI MATI")


@dataclass(frozen=True, slots=True)
class Identity:
    """What one card says. Everything is invented.

    Attributes:
        nik: 16 digits, PPKKCC DDMMYY SSSS; 40 is added to a woman's day.
        birth_date: the printed birth date.
        sex: ``M`` (LAKI-LAKI) or ``F`` (PEREMPUAN).
        valid_until: ``SEUMUR HIDUP`` or DD-MM-YYYY, as printed.
        province, regency: the two lines of the header, as printed.
        issue_date: the date under the portrait.
    """

    nik: str
    name: str
    birth_place: str
    birth_date: date
    sex: Sex
    blood_type: str
    address: str
    rt_rw: str
    village: str
    district: str
    religion: str
    marital_status: str
    occupation: str
    nationality: str
    valid_until: str
    province: str
    regency: str
    issue_place: str
    issue_date: date

    def printed(self) -> dict[str, str]:
        """Every field in the values' convention: dates YYYY-MM-DD, sex M or F, else as printed."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return {name: value.isoformat() if isinstance(value, date) else str(value) for name, value in values.items()}


def invent(seed: int, sex: Sex | None = None) -> Identity:
    """An invented, coherent identity: the same for the same seed and sex."""
    rng = np.random.default_rng([seed, 0x1D])
    chosen: Sex = sex or ("M" if rng.random() < 0.5 else "F")
    region = REGIONS[int(rng.integers(len(REGIONS)))]
    born = date(1961, 1, 1) + timedelta(days=int(rng.integers(0, 365 * 44)))
    issued = date(2012, 1, 1) + timedelta(days=int(rng.integers(0, 365 * 13)))
    issued = max(issued, born + timedelta(days=17 * 366))
    # Cards issued before UU 24/2013 took hold carry a date: the birthday in the fifth year.
    dated = issued.year < 2014
    name = _name(rng, chosen)
    birth_place = region.birth_place if rng.random() < 0.7 else _pick(rng, REGIONS).birth_place
    # At most one of name, birth place and address takes a second line: with two, the last row nears the edge,
    # where the drawn thumb is.
    if len(birth_place) > _LINE - len(", 01-01-1990"):
        birth_place = "JAKARTA"
    room = _LINE if len(name) > _LINE else 99
    until = f"{born.day:02d}-{born.month:02d}-{issued.year + 5}" if dated else "SEUMUR HIDUP"
    return Identity(
        nik=make_nik(region.code, born, chosen, int(rng.integers(1, 60))),
        name=name,
        birth_place=birth_place,
        birth_date=born,
        sex=chosen,
        blood_type=_pick(rng, ("A", "B", "AB", "O", "-")),
        address=_address(rng, room),
        rt_rw=f"{rng.integers(1, 16):03d}/{rng.integers(1, 13):03d}",
        village=_pick(rng, region.villages),
        district=region.district,
        religion=_pick(rng, _RELIGIONS),
        marital_status=_pick(rng, _MARITAL) if issued.year - born.year >= 22 else "BELUM KAWIN",
        occupation=_occupation(rng, issued.year - born.year),
        nationality="WNI",
        valid_until=until,
        province=region.province,
        regency=region.regency,
        issue_place=region.issue_place,
        issue_date=issued,
    )


_COUNTRIES = ("MALAYSIA", "JAPAN", "AUSTRALIA", "NETHERLANDS", "INDIA", "SOUTH KOREA", "GERMANY", "UNITED STATES")


def as_foreigner(identity: Identity, seed: int) -> Identity:
    """The identity with what a foreigner's card prints: a country instead of WNI, English values, a real end date."""
    rng = np.random.default_rng([seed, 0xF0])
    issued = date(2023, 1, 9) + timedelta(days=int(rng.integers(0, 1200)))
    return replace(
        identity,
        nationality=_pick(rng, _COUNTRIES),
        religion=_pick(rng, ("CHRISTIAN", "CATHOLIC", "ISLAM", "OTHERS")),
        marital_status=_pick(rng, ("SINGLE", "MARRIED")),
        issue_date=issued,
        valid_until=f"{issued.day:02d}-{issued.month:02d}-{issued.year + 5}" if issued.day < 29 else "28-02-2029",
    )


def make_nik(region_code: str, born: date, sex: Sex, serial: int) -> str:
    """PPKKCC DDMMYY SSSS with 40 added to the day of a woman.

    Source: PP 40/2019, article 37 (composition of the NIK).
    """
    day = born.day + (40 if sex == "F" else 0)
    return f"{region_code}{day:02d}{born:%m%y}{serial:04d}"


def region_of(identity: Identity) -> Region:
    """The district the identity's NIK names."""
    return next(region for region in REGIONS if region.code == identity.nik[:6])


def _pick(rng: np.random.Generator, items: tuple[T, ...]) -> T:
    return items[int(rng.integers(len(items)))]


def _name(rng: np.random.Generator, sex: Sex) -> str:
    kind = rng.random()
    if kind < 0.12:
        return _pick(rng, _SINGLE[sex])
    if kind > 0.93:
        return _pick(rng, _LONG[sex])
    words = [_pick(rng, _GIVEN[sex]), _pick(rng, _LAST[sex])]
    if kind > 0.55:
        words.insert(1, _pick(rng, _MIDDLE[sex]))
    return " ".join(words)


def _occupation(rng: np.random.Generator, age: int) -> str:
    occupation = _pick(rng, _OCCUPATIONS)
    if age < 22:
        return "PELAJAR/MAHASISWA"
    return "KARYAWAN SWASTA" if age > 27 and occupation == "PELAJAR/MAHASISWA" else occupation


def _address(rng: np.random.Generator, room: int) -> str:
    number = int(rng.integers(1, 140))
    kind = rng.random() if room > _LINE else 0.0
    if kind < 0.75:
        return f"JL. {_pick(rng, STREETS)} NO. {number}"
    if kind < 0.88:
        return f"JL. {_pick(rng, STREETS)} RAYA GG. {int(rng.integers(1, 9))} NO. {number}"
    return f"PERUM {_pick(rng, ESTATES)} BLOK {_pick(rng, ('A', 'B', 'C'))}{int(rng.integers(1, 9))} NO. {number}"
