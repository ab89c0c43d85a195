"""A card drawn as letters of two strokes; the reader is a fake that says what it was shown."""

from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from kyc_vision import layout
from kyc_vision.ocr.lines import Zone
from kyc_vision.ocr.strips import CardStrips
from kyc_vision.types import Pixels, Quad, RectifiedCard, TextLine
from tests.fakes import blank_card

PX_PER_MM = 11.8
ROWS = layout.row_centres_mm(())
VALUE_LETTERS = 10  # each 1.05 mm
END_MM = layout.VALUE_X_MM + 9 * 1.05 + 0.75


@dataclass
class Reader:
    """Remembers the cuts, in millimetres."""

    cuts: list[tuple[float, float, float, float]] = field(default_factory=list)
    both: list[bool] = field(default_factory=list)

    def recognize(self, pixels: Pixels, quad: Quad, both: bool = False) -> TextLine:  # noqa: ARG002
        left, top, right, bottom = (*quad.min(axis=0) / PX_PER_MM, *quad.max(axis=0) / PX_PER_MM)
        self.cuts.append((left, top, right, bottom))
        self.both.append(both)
        return TextLine("X", (0.9,), tuple((float(x), float(y)) for x, y in quad))


def card(drift_mm: tuple[float, float] = (0.0, 0.0), without: tuple[str, ...] = ()) -> RectifiedCard:
    pixels = np.full((637, 1010, 3), 210, np.uint8)

    def stroke(x: float, y: float, height: float) -> None:
        x0, y0 = (x + drift_mm[0]) * PX_PER_MM, (y + drift_mm[1] - height / 2) * PX_PER_MM
        pixels[round(y0) : round(y0 + height * PX_PER_MM), round(x0) : round(x0 + 0.25 * PX_PER_MM)] = 50

    for name, y in ROWS.items():
        stroke(layout.COLON_X_MM, y, 0.8)
        for letter in range(0 if name in without else VALUE_LETTERS):
            stroke(layout.VALUE_X_MM + 1.05 * letter, y, layout.CAP_HEIGHT_MM)
            stroke(layout.VALUE_X_MM + 1.05 * letter + 0.5, y, layout.CAP_HEIGHT_MM)
    for letter in range(-5, 6):
        stroke(layout.HEADER_CENTRE_X_MM + 1.3 * letter, layout.REGENCY_Y_MM, layout.HEADER_HEIGHT_MM)
    return replace(blank_card(), pixels=pixels)


def row_zone(name: str) -> Zone:
    return Zone(layout.COLON_X_MM - 0.6, layout.VALUE_END_X_MM + 1.5, ROWS[name], ink_x_mm=layout.VALUE_X_MM)


@pytest.mark.parametrize("drift_mm", [(0.0, 0.0), (0.6, -0.6), (-0.5, 0.7)])
def test_the_prints_drift_is_measured_in_the_ink(drift_mm):
    found = CardStrips.of(card(drift_mm), Reader()).drift_mm
    assert found == pytest.approx(drift_mm, abs=0.15)


@pytest.mark.parametrize("drift_mm", [(0.0, 0.0), (0.5, 0.6)])
def test_a_value_is_cut_from_its_first_letter_to_its_last_around_its_middle(drift_mm):
    reader = Reader()
    assert CardStrips.of(card(drift_mm), reader).read(row_zone("village")) is not None
    left, top, right, bottom = reader.cuts[0]
    # Half a millimetre before the first letter: the colon, 1.2 mm before it, is outside.
    assert left == pytest.approx(layout.VALUE_X_MM + drift_mm[0] - 0.55, abs=0.2)
    assert right == pytest.approx(END_MM + drift_mm[0] + 1.1, abs=0.3)
    assert (top + bottom) / 2 == pytest.approx(ROWS["village"] + drift_mm[1], abs=0.15)
    assert bottom - top == pytest.approx(layout.CAP_HEIGHT_MM + 1.65, abs=0.01)
    assert reader.both == [False]


def test_a_row_of_its_own_drift_is_followed_a_little():
    there = card()
    top, bottom = (round((ROWS["village"] + side * 1.2) * PX_PER_MM) for side in (-1, 1))
    moved = there.pixels.copy()
    moved[top:bottom] = np.roll(there.pixels[top:bottom], round(0.25 * PX_PER_MM), axis=0)
    reader = Reader()
    CardStrips.of(replace(there, pixels=moved), reader).read(row_zone("village"))
    _, top_mm, _, bottom_mm = reader.cuts[0]
    assert (top_mm + bottom_mm) / 2 == pytest.approx(ROWS["village"] + 0.25, abs=0.13)


def test_where_nothing_is_printed_nothing_is_read():
    reader = Reader()
    assert CardStrips.of(card(without=("village",)), reader).read(row_zone("village")) is None
    assert reader.cuts == []


def test_ink_beyond_a_gap_is_another_things():
    there = card()
    y, x = ROWS["sex"] * PX_PER_MM, layout.BLOOD_LABEL_X_MM * PX_PER_MM
    there.pixels[round(y - 9) : round(y + 9), round(x) : round(x + 3)] = 50
    reader = Reader()
    CardStrips.of(there, reader).read(row_zone("sex"))
    assert reader.cuts[0][2] == pytest.approx(END_MM + 1.1, abs=0.3)


def test_a_centred_line_is_cut_to_its_ink_at_both_ends():
    reader = Reader()
    zone = Zone(8.56, 77.0, layout.REGENCY_Y_MM, capital_mm=layout.HEADER_HEIGHT_MM)
    CardStrips.of(card(), reader).read(zone)
    left, _, right, _ = reader.cuts[0]
    middle = layout.HEADER_CENTRE_X_MM
    assert (left, right) == pytest.approx((middle - 6.5 - 1.1, middle + 6.75 + 1.1), abs=0.3)


def test_a_blind_cut_is_the_zone_and_a_slim_one_lies_where_the_layout_says():
    reader = Reader()
    strips = CardStrips.of(card(), reader)
    strips.read_blind(Zone(42.0, 59.0, 20.0))
    strips.read_slim(Zone(60.0, 84.0, layout.ISSUE_PLACE_Y_MM))
    blind, slim = reader.cuts
    dx, dy = strips.drift_mm
    assert blind == pytest.approx((42.0 + dx, 18.4, 59.0 + dx, 21.6), abs=0.01)
    assert (slim[1] + slim[3]) / 2 == pytest.approx(layout.ISSUE_PLACE_Y_MM + dy, abs=0.01)
    assert slim[3] - slim[1] == pytest.approx(3.2, abs=0.01)


def test_an_empty_card_has_no_lines():
    strips = CardStrips.of(blank_card(), Reader())
    assert all(strips.read(row_zone(name)) is None for name in ROWS)
