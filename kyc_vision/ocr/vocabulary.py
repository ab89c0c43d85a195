"""The values of closed fields, and the one that a reading means.

Source: values seen on 23 real prints and in Permendagri 109/2019; spellings that differ between prints are kept,
each pointing to one normalised value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from rapidfuzz import fuzz, process

SEX: Mapping[str, str] = {
    "LAKI-LAKI": "M", "LAKILAKI": "M", "LAKI LAKI": "M", "MALE": "M", "PEREMPUAN": "F", "FEMALE": "F",
}  # fmt: skip
RELIGION: Mapping[str, str] = {
    "ISLAM": "ISLAM", "KRISTEN": "KRISTEN", "KATHOLIK": "KATOLIK", "KATOLIK": "KATOLIK", "HINDU": "HINDU",
    "BUDHA": "BUDDHA", "BUDDHA": "BUDDHA", "KHONGHUCU": "KHONGHUCU", "KONGHUCU": "KHONGHUCU",
    "KEPERCAYAAN": "KEPERCAYAAN", "KEPERCAYAAN TERHADAP TUHAN YME": "KEPERCAYAAN",
    "KEPERCAYAAN TERHADAP TUHAN YANG MAHA ESA": "KEPERCAYAAN", "LAINNYA": "LAINNYA",
    "CHRISTIAN": "KRISTEN", "CATHOLIC": "KATOLIK", "MOSLEM": "ISLAM", "MUSLIM": "ISLAM", "BUDDHIST": "BUDDHA",
    "CONFUCIAN": "KHONGHUCU", "OTHERS": "LAINNYA",
}  # fmt: skip
MARITAL_STATUS: Mapping[str, str] = {
    "BELUM KAWIN": "BELUM KAWIN", "KAWIN": "KAWIN", "CERAI HIDUP": "CERAI HIDUP", "CERAI MATI": "CERAI MATI",
    "KAWIN TERCATAT": "KAWIN", "KAWIN BELUM TERCATAT": "KAWIN", "CERAI HIDUP TERCATAT": "CERAI HIDUP",
    "CERAI HIDUP BELUM TERCATAT": "CERAI HIDUP", "SINGLE": "BELUM KAWIN", "MARRIED": "KAWIN", "DIVORCED": "CERAI HIDUP",
    "WIDOWED": "CERAI MATI", "WIDOW": "CERAI MATI", "WIDOWER": "CERAI MATI",
}  # fmt: skip
BLOOD_TYPE: Mapping[str, str] = {
    group + sign: group + sign for group in ("A", "B", "AB", "O") for sign in ("", "+", "-")
} | {"0": "O", "0+": "O+", "0-": "O-", "8": "B", "A8": "AB", "-": "-"}  # fmt: skip
FOR_LIFE = "SEUMUR HIDUP"
#: A citizen's card prints WNI; a foreigner's prints the country.
CITIZEN = "WNI"
#: Source: Permendagri 109/2019, form F-1.01, its 99 in their order. The last eleven are from public copies of the
#: list, which spell CHEFF also CHEF. A reading that is near none of them stays as it was read.
OCCUPATIONS = (
    "BELUM/TIDAK BEKERJA", "MENGURUS RUMAH TANGGA", "PELAJAR/MAHASISWA", "PENSIUNAN", "PEGAWAI NEGERI SIPIL",
    "TENTARA NASIONAL INDONESIA", "KEPOLISIAN RI", "PERDAGANGAN", "PETANI/PEKEBUN", "PETERNAK",
    "NELAYAN/PERIKANAN", "INDUSTRI", "KONSTRUKSI", "TRANSPORTASI", "KARYAWAN SWASTA", "KARYAWAN BUMN",
    "KARYAWAN BUMD", "KARYAWAN HONORER", "BURUH HARIAN LEPAS", "BURUH TANI/PERKEBUNAN",
    "BURUH NELAYAN/PERIKANAN", "BURUH PETERNAKAN", "PEMBANTU RUMAH TANGGA", "TUKANG CUKUR", "TUKANG LISTRIK",
    "TUKANG BATU", "TUKANG KAYU", "TUKANG SOL SEPATU", "TUKANG LAS/PANDAI BESI", "TUKANG JAHIT", "TUKANG GIGI",
    "PENATA RIAS", "PENATA BUSANA", "PENATA RAMBUT", "MEKANIK", "SENIMAN", "TABIB", "PARAJI", "PERANCANG BUSANA",
    "PENTERJEMAH", "IMAM MASJID", "PENDETA", "PASTOR", "WARTAWAN", "USTADZ/MUBALIGH", "JURU MASAK",
    "PROMOTOR ACARA", "ANGGOTA DPR-RI", "ANGGOTA DPD", "ANGGOTA BPK", "PRESIDEN", "WAKIL PRESIDEN",
    "ANGGOTA MAHKAMAH KONSTITUSI", "ANGGOTA KABINET/KEMENTERIAN", "DUTA BESAR", "GUBERNUR", "WAKIL GUBERNUR", "BUPATI",
    "WAKIL BUPATI", "WALIKOTA", "WAKIL WALIKOTA", "ANGGOTA DPRD PROVINSI", "ANGGOTA DPRD KABUPATEN/KOTA", "DOSEN",
    "GURU", "PILOT", "PENGACARA", "NOTARIS", "ARSITEK", "AKUNTAN", "KONSULTAN", "DOKTER", "BIDAN", "PERAWAT",
    "APOTEKER", "PSIKIATER/PSIKOLOG", "PENYIAR TELEVISI", "PENYIAR RADIO", "PELAUT", "PENELITI", "SOPIR", "PIALANG",
    "PARANORMAL", "PEDAGANG", "PERANGKAT DESA", "KEPALA DESA", "BIARAWATI", "WIRASWASTA", "ANGGOTA LEMBAGA TINGGI",
    "ARTIS", "ATLIT", "CHEFF", "MANAJER", "TENAGA TATA USAHA", "OPERATOR", "PEKERJA PENGOLAHAN, KERAJINAN",
    "TEKNISI", "ASISTEN AHLI", "LAINNYA",
)  # fmt: skip
#: Every spelling of one of them → itself.
OCCUPATION: Mapping[str, str] = {name: name for name in OCCUPATIONS} | {
    "PEGAWAI NEGERI SIPIL (PNS)": "PEGAWAI NEGERI SIPIL", "KEPOLISIAN RI (POLRI)": "KEPOLISIAN RI",
    "TENTARA NASIONAL INDONESIA (TNI)": "TENTARA NASIONAL INDONESIA", "IMAM MESJID": "IMAM MASJID",
    "PENERJEMAH": "PENTERJEMAH", "PASTUR": "PASTOR", "CHEF": "CHEFF", "PEKERJAAN LAINNYA": "LAINNYA",
}  # fmt: skip

#: Letters that a reader takes for digits and the reverse, where only digits can stand.
DIGIT_FOR: Mapping[str, str] = {
    "O": "0", "o": "0", "D": "0", "Q": "0", "I": "1", "l": "1", "i": "1", "|": "1", "!": "1", "L": "1",
    "Z": "2", "z": "2", "S": "5", "s": "5", "B": "8", "G": "6", "b": "6", "g": "9", "q": "9", "T": "7", "?": "7",
}  # fmt: skip
#: Share of letters that must agree before a reading counts as a value of its vocabulary.
MIN_AGREEMENT = 80.0
#: Or this share, with so much more than any other value has: LAKLLAK is nothing else than LAKI-LAKI.
MIN_ALONE, MIN_LEAD = 55.0, 25.0


def closest(text: str, vocabulary: Mapping[str, str], least: float = MIN_AGREEMENT) -> str | None:
    """The normalised value that a reading means, compared space-free; None when none is close enough."""
    compact = {key.replace(" ", ""): value for key, value in vocabulary.items()}
    found = process.extractOne(text.upper().replace(" ", ""), compact.keys(), scorer=fuzz.ratio)
    return compact[found[0]] if found and found[1] >= least else None


def likeliest(text: str, vocabulary: Mapping[str, str]) -> str | None:
    """As closest; a worse reading counts too when it is far nearer to one value than to any other."""
    if found := closest(text, vocabulary):
        return found
    compact = text.upper().replace(" ", "")
    scores: dict[str, float] = {}
    for spelling, value in vocabulary.items():
        scores[value] = max(scores.get(value, 0.0), fuzz.ratio(compact, spelling.replace(" ", "")))
    (best, value), (second, _) = sorted(((score, value) for value, score in scores.items()), reverse=True)[:2]
    return value if best >= MIN_ALONE and best - second >= MIN_LEAD else None


def parse_date(text: str) -> date | None:
    """The date dd-mm-yyyy in a reading, day first, its separators read as whatever mark or lost; None without one.

    Letters taken for digits are mended. A digit more than a date has is none that may be left out.
    """
    compact = text.replace(" ", "")
    mended = "".join(DIGIT_FOR.get(c, c) for c in compact)
    found = re.search(r"(\d{2})[^A-Za-z0-9]{0,2}(\d{2})[^A-Za-z0-9]{0,2}(\d{4})(?!\d)", mended)
    if found is None or compact[: found.start()][-1:].isdigit():
        return None
    day, month, year = (int(part) for part in found.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None
