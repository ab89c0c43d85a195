"""The e-KTP in millimetres: what is printed where.

Convention: card coordinates are millimetres, origin at the card's top left corner, x right, y down.
Source: ISO/IEC 7810 ID-1 for the outline; positions are medians over six rectified real cards, measured as
fractions of the card in November 2026 (see docs/architecture.md). The whole print floats by about ±0.010 of the
card's width and height between cards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CARD_WH_MM = (85.60, 53.98)
_W, _H = CARD_WH_MM

#: Distance between two rows of the text block.
ROW_PITCH_MM = 0.0468 * _H
#: Left ink edge of labels, of indented labels, of the colons, of the values; right end of the longest value.
LABEL_X_MM, INDENT_X_MM, COLON_X_MM, VALUE_X_MM, VALUE_END_X_MM = (f * _W for f in (0.030, 0.084, 0.250, 0.264, 0.690))
#: The NIK's line has a layout of its own: label, first digit's left edge, last digit's right edge, centre line.
NIK_LABEL_X_MM, NIK_X_MM, NIK_END_X_MM = (f * _W for f in (0.032, 0.237, 0.657))
NIK_Y_MM = 0.190 * _H
BLOOD_LABEL_X_MM, BLOOD_VALUE_X_MM, BLOOD_END_X_MM = (f * _W for f in (0.494, 0.615, 0.690))
#: Header lines and the two lines below the portrait are centred.
HEADER_CENTRE_X_MM, PROVINCE_Y_MM, REGENCY_Y_MM = 0.500 * _W, 0.057 * _H, 0.110 * _H
ISSUE_CENTRE_X_MM, ISSUE_PLACE_Y_MM, ISSUE_DATE_Y_MM = 0.829 * _W, 0.693 * _H, 0.731 * _H
#: The portrait: x, y, width, height.
PORTRAIT_MM = (0.712 * _W, 0.197 * _H, 20.1, 24.9)
CAP_HEIGHT_MM, NIK_HEIGHT_MM, HEADER_HEIGHT_MM = 1.55, 2.6, 2.0


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled row of the text block.

    Attributes:
        field: name of the value, as in CardFields (birth_place stands for place and date of birth).
        label: as it is printed.
        y_mm: centre line when no row above wraps.
        indented: the label stands at INDENT_X_MM.
    """

    field: str
    label: str
    y_mm: float
    indented: bool = False

    @property
    def label_x_mm(self) -> float:
        """Left ink edge of the label."""
        return INDENT_X_MM if self.indented else LABEL_X_MM


ROWS = tuple(
    Row(field, label, y * _H, indented)
    for field, label, y, indented in (
        ("name", "Nama", 0.277, False),
        ("birth_place", "Tempat/Tgl Lahir", 0.324, False),
        ("sex", "Jenis Kelamin", 0.370, False),
        ("address", "Alamat", 0.416, False),
        ("rt_rw", "RT/RW", 0.463, True),
        ("village", "Kel/Desa", 0.510, True),
        ("district", "Kecamatan", 0.557, True),
        ("religion", "Agama", 0.604, False),
        ("marital_status", "Status Perkawinan", 0.651, False),
        ("occupation", "Pekerjaan", 0.697, False),
        ("nationality", "Kewarganegaraan", 0.744, False),
        ("valid_until", "Berlaku Hingga", 0.791, False),
    )
)

#: Which rows take further lines, each named once for every line beyond its first; every row below moves down by one
#: pitch for each. Likeliest first. A name has 60 letters at most, which is three lines.
WRAPS: tuple[tuple[str, ...], ...] = (
    (),
    ("address",),
    ("name",),
    ("birth_place",),
    ("name", "address"),
    ("birth_place", "address"),
    ("name", "birth_place"),
    ("name", "name"),
    ("name", "name", "address"),
    ("name", "name", "birth_place"),
)


def row_centres_mm(wrapped: tuple[str, ...]) -> Mapping[str, float]:
    """Centre line (y) of each row's first line, when the rows named in wrapped take a further line each time."""
    centres: dict[str, float] = {}
    shift = 0
    for row in ROWS:
        centres[row.field] = row.y_mm + shift * ROW_PITCH_MM
        shift += wrapped.count(row.field)
    return centres


def outline_mm() -> NDArray[np.float64]:
    """(4, 2) corners TL, TR, BR, BL of the outline, as if they were sharp."""
    return np.array([[0.0, 0.0], [_W, 0.0], [_W, _H], [0.0, _H]])
