"""Printed landmarks: which line of text is which label, and where that label is on the card.

A line that was read becomes an ``Anchor``: a point in the picture and the place on the card where that point is
printed, one for each hypothesis of wrapped rows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from kyc_vision import layout
from kyc_vision.types import TextLine

#: Of a label's letters (upper case, letters and slash only), share that must agree; 75 lets one slip of
#: the reader through in KECAMATAN and none in NIK. Nama / Agama / Alamat agree to 67 at most.
MIN_AGREEMENT = 75.0
#: A text detector's box begins this much left of the ink (measured: 0.008 of the card's width).
BOX_LEAD_MM = 0.5
_KEEP = re.compile(r"[^A-Z/]")


@dataclass(frozen=True, slots=True, eq=False)
class Anchor:
    """A point of the picture whose place on the card is known.

    Attributes:
        name: what it is: a row's field, ``nik``, ``nik_end``, ``province`` …
        point: (2,) picture pixels.
        card_mm: (len(layout.WRAPS), 2) its place for each hypothesis of wrapped rows.
        weight: how far to trust it, 0–1; x of a centred line depends on its text being read whole.
    """

    name: str
    point: NDArray[np.float64]
    card_mm: NDArray[np.float64]
    weight: float = 1.0


_ROW_Y = {
    row.field: np.array([layout.row_centres_mm(wrapped)[row.field] for wrapped in layout.WRAPS]) for row in layout.ROWS
}


#: Values that give their row away, as patterns over capitals, digits and slashes. On small cards the pale labels
#: are lost long before the values are.
_VALUES = tuple(
    (re.compile(pattern), field)
    for pattern, field in (
        (r"(LAKI-?LAKI|PEREMPUAN)", "sex"),
        (r"\d{2,3}/\d{2,3}", "rt_rw"),
        (r"(ISLAM|KRISTEN|KATH?OLIK|HINDU|BUDDH?A|KH?ONGHUCU)", "religion"),
        (r"(BELUMKAWIN|KAWIN|CERAIHIDUP|CERAIMATI|KAWINTERCATAT)", "marital_status"),
        (r"WNI", "nationality"),
        (r"SEUMURHIDUP", "valid_until"),
        (r"[A-Z' ./-]{3,},?\d{2}-\d{2}-\d{4}", "birth_place"),
    )
)


def from_lines(lines: list[TextLine]) -> list[Anchor]:
    """The anchors in lines of text, read the right way round."""
    anchors: list[Anchor] = []
    for line in lines:
        anchors += _label(line) or _nik_digits(line) or _header(line) or _issue_date(line) or _value(line)
    return anchors


def labels_in(lines: list[TextLine]) -> int:
    """How many lines begin with one of the card's labels."""
    return sum(bool(_label(line)) for line in lines)


def row_point_mm(field: str, x_mm: float) -> NDArray[np.float64]:
    """(len(WRAPS), 2) place of a point at x_mm on a row's centre line, for each hypothesis."""
    y = _ROW_Y[field]
    return np.column_stack([np.full(len(y), x_mm), y])


def fixed_mm(x_mm: float, y_mm: float) -> NDArray[np.float64]:
    """(len(WRAPS), 2) a place that no wrapped row moves."""
    return np.tile([x_mm, y_mm], (len(layout.WRAPS), 1))


def start(line: TextLine) -> NDArray[np.float64]:
    """(2,) middle of the line's left side."""
    return np.asarray((np.array(line.quad[0]) + np.array(line.quad[3])) / 2)


def end(line: TextLine) -> NDArray[np.float64]:
    """(2,) middle of the line's right side."""
    return np.asarray((np.array(line.quad[1]) + np.array(line.quad[2])) / 2)


def _label(line: TextLine) -> list[Anchor]:
    letters = _KEEP.sub("", line.text.upper())
    best_score, best_row = 0.0, None
    for row in layout.ROWS:
        label = _KEEP.sub("", row.label.upper())
        if len(letters) < len(label) - 1:
            continue
        score = fuzz.ratio(label, letters[: len(label)])
        if score > best_score:
            best_score, best_row = score, row
    if best_row is not None and best_score >= MIN_AGREEMENT:
        place = row_point_mm(best_row.field, best_row.label_x_mm - BOX_LEAD_MM)
        return [Anchor(best_row.field, start(line), place)]
    if letters.startswith("NIK") and len(letters) <= 5:
        anchors = [Anchor("nik", start(line), fixed_mm(layout.NIK_LABEL_X_MM - BOX_LEAD_MM, layout.NIK_Y_MM))]
        if sum(c.isdigit() for c in line.text) == 16:
            anchors.append(Anchor("nik_end", end(line), fixed_mm(layout.NIK_END_X_MM + BOX_LEAD_MM, layout.NIK_Y_MM)))
        return anchors
    if letters.startswith(("GOLDARAH", "GOLDAR")):
        return [Anchor("blood_type", start(line), row_point_mm("sex", layout.BLOOD_LABEL_X_MM - BOX_LEAD_MM))]
    return []


def _nik_digits(line: TextLine) -> list[Anchor]:
    compact = line.text.replace(" ", "").lstrip(":")
    digits = sum(c.isdigit() for c in compact)
    if not (14 <= len(compact) <= 17 and digits >= 12):
        return []
    anchors = [Anchor("nik_end", end(line), fixed_mm(layout.NIK_END_X_MM + BOX_LEAD_MM, layout.NIK_Y_MM))]
    if not line.text.lstrip().startswith(":"):
        anchors.append(Anchor("nik_start", start(line), fixed_mm(layout.NIK_X_MM - BOX_LEAD_MM, layout.NIK_Y_MM)))
    return anchors


def _header(line: TextLine) -> list[Anchor]:
    letters = _KEEP.sub("", line.text.upper())
    for prefixes, y_mm, name in (
        (("PROVINSI", "PROVINS"), layout.PROVINCE_Y_MM, "province"),
        (("KABUPATEN", "KOTA", "JAKARTA"), layout.REGENCY_Y_MM, "regency"),
    ):
        if letters.startswith(prefixes):
            centre = (start(line) + end(line)) / 2
            return [Anchor(name, np.asarray(centre), fixed_mm(layout.HEADER_CENTRE_X_MM, y_mm), 0.7)]
    return []


def _issue_date(line: TextLine) -> list[Anchor]:
    if re.fullmatch(r"\d{2}-\d{2}-\d{4}", line.text.replace(" ", "")):
        centre = (start(line) + end(line)) / 2
        place = fixed_mm(layout.ISSUE_CENTRE_X_MM, layout.ISSUE_DATE_Y_MM)
        return [Anchor("issue_date", np.asarray(centre), place, 0.7)]
    return []


def _value(line: TextLine) -> list[Anchor]:
    printed = line.text.upper().replace(" ", "")
    x_mm = layout.COLON_X_MM if printed.startswith(":") else layout.VALUE_X_MM
    for pattern, field in _VALUES:
        if pattern.fullmatch(printed.lstrip(":")):
            return [Anchor(f"{field}_value", start(line), row_point_mm(field, x_mm - BOX_LEAD_MM), 0.8)]
    return []
