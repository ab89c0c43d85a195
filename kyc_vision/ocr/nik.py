"""The NIK, the sixteen digits of an Indonesian identity, and what they say of their holder.

``PPKKCC DDMMYY SSSS``: province, regency and district of first registration; birth date, a woman's day plus 40; a
serial that starts at 0001. There is no check digit, so one misread digit in CC or SSSS cannot be seen.

The number is personal data: it masks itself in ``repr`` and ``str``, and no message of this module contains it.
Nothing here repairs: what is printed and what the number implies are compared, never mixed.

Source: PP 37/2007 art. 37 (structure); UU 24/2013 art. 63 (an e-KTP is issued from 17, or on marriage).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal, Self

from kyc_vision.ocr import regions
from kyc_vision.ocr.regions import Region

Sex = Literal["M", "F"]

INVALID_DATE = "NIK_INVALID_DATE"
SERIAL_ZERO = "NIK_SERIAL_ZERO"
REGION_UNKNOWN = "NIK_REGION_UNKNOWN"
REGION_DEFUNCT = "NIK_REGION_DEFUNCT"
REGION_DIFFERS = "NIK_REGION_DIFFERS"
BIRTH_DATE_MISMATCH = "NIK_BIRTH_DATE_MISMATCH"
SEX_MISMATCH = "NIK_SEX_MISMATCH"

# Added to the day of birth of women: PP 37/2007 art. 37.
_WOMAN = 40
# Youngest holder when the print cannot tell the century. A married 16-year-old would be taken for a centenarian;
# since UU 16/2019 nobody may marry below 19 without a court.
_YOUNGEST_HOLDER = 17
# Below this the printed regency is too badly read to contradict the number. Different regencies of one kind reach
# 0.92 (BANDUNG, BADUNG), so a good score alone does not mean the right regency: the names decide.
_READABLE_REGENCY = 0.8


class NikError(ValueError):
    """The text is not sixteen digits. The message never contains it."""


@dataclass(frozen=True, slots=True, repr=False)
class Nik:
    """A number of the right form; whether it makes sense, ``warnings`` tells.

    ``repr``, ``str`` and ``masked`` show the province and nothing else: any digit after it belongs to the home
    district or the birth date, which with a name find a person, or to the serial, which is hardest to guess.

    Attributes:
        digits: the plain sixteen digits; whoever reads it means to have the personal data.

    Raises:
        NikError: digits are not exactly sixteen ASCII digits.
    """

    digits: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[0-9]{16}", self.digits):
            raise NikError("a NIK has exactly 16 digits and nothing else; read the number again")

    @classmethod
    def parse(cls, text: str) -> Self:
        """The NIK in a text; spaces around it are allowed, inside it not.

        Raises:
            NikError: the text is not sixteen digits.
        """
        return cls(text.strip())

    @property
    def masked(self) -> str:
        """The number for tables: the province's two digits and fourteen stars."""
        return self.digits[:2] + "*" * 14

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"Nik({self.masked})"

    @property
    def region(self) -> Region:
        """Where the holder was first registered; lawfully not always where the card was issued."""
        return regions.lookup(self.digits[:6])

    @property
    def sex(self) -> Sex:
        """F when the day is above 40, else M; means nothing when the day is impossible."""
        return "F" if int(self.digits[6:8]) > _WOMAN else "M"

    @property
    def day(self) -> int:
        """Day of birth as written, a woman's 40 taken off; 1–31 when possible."""
        day = int(self.digits[6:8])
        return day - _WOMAN if day > _WOMAN else day

    @property
    def month(self) -> int:
        """Month of birth as written; 1–12 when possible."""
        return int(self.digits[8:10])

    @property
    def year(self) -> int:
        """Year of birth without its century, 0–99."""
        return int(self.digits[10:12])

    @property
    def serial(self) -> str:
        """The last four digits; 0000 is not issued."""
        return self.digits[12:]

    def birth_date(self, printed: date | None, today: date) -> date | None:
        """The date of birth the number says; its century comes from elsewhere.

        Args:
            printed: the date on the card. It decides the century when its last two digits are the number's and it
                is not in the future; day and month stay the number's own.
            today: else the holder is the younger of the two who is at least 17 today.

        Returns:
            The date, or None when day and month make no date in a century that fits.
        """
        if printed is not None and printed.year % 100 == self.year and printed <= today:
            return self._on(printed.year)
        # Without a print, the centuries in which the day exists: 29 February 00 is 2000, never 1900.
        dates = [born for century in (1900, 2000) if (born := self._on(century + self.year)) is not None]
        old_enough = [born for born in dates if completed_years(born, today) >= _YOUNGEST_HOLDER]
        return max(old_enough, default=None)

    def warnings(
        self, printed_birth_date: date | None, printed_sex: Sex | None, printed_regency: str | None, today: date
    ) -> tuple[str, ...]:
        """Every way in which the number contradicts itself, the table of regions or the rest of the card.

        What was not read (None) contradicts nothing. An impossible date is reported as such only: comparing it with
        the printed one would say the same thing twice.

        Args:
            printed_birth_date: the date on the card.
            printed_sex: M or F.
            printed_regency: the card's second line, as read.
            today: the day of the judgement.

        Returns:
            Reason codes of the catalogue, in the order of the number's digits; empty when all agree.
        """
        found = self._region_warnings(printed_regency)
        if self.birth_date(printed_birth_date, today) is None:
            found.append(INVALID_DATE)
        elif printed_birth_date is not None and not self._agrees_with(printed_birth_date):
            found.append(BIRTH_DATE_MISMATCH)
        if printed_sex is not None and 1 <= self.day <= 31 and printed_sex != self.sex:
            found.append(SEX_MISMATCH)
        if self.serial == "0000":
            found.append(SERIAL_ZERO)
        return tuple(found)

    def _region_warnings(self, printed_regency: str | None) -> list[str]:
        found = []
        region = self.region
        if region.defunct:
            # The table of withdrawn codes has gaps, so a part missing below one of them proves nothing.
            found.append(REGION_DEFUNCT)
        elif region.district is None:
            found.append(REGION_UNKNOWN)
        if printed_regency is not None and region.regency is not None:
            printed = regions.closest_regency(printed_regency)
            if printed.score >= _READABLE_REGENCY and printed.name not in regions.names(self.digits[:4]):
                found.append(REGION_DIFFERS)
        return found

    def _agrees_with(self, printed: date) -> bool:
        return (self.day, self.month, self.year) == (printed.day, printed.month, printed.year % 100)

    def _on(self, year: int) -> date | None:
        try:
            return date(year, self.month, self.day)
        except ValueError:
            return None


def completed_years(born: date, today: date) -> int:
    """The age on that day; negative before birth. Who was born on 29 February is a year older on 1 March."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
