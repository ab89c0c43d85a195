"""ektp.md is the measurement; samples/ektp.py prints from it apart from layout.py, so their agreement proves both."""

from dataclasses import replace

import numpy as np
import pytest

from kyc_vision import layout
from samples.ektp import print_card
from samples.identity import invent

PX_PER_MM = 11.8
RED_SQUARE = np.full((100, 80, 3), (230, 20, 20), np.uint8)
ONE_MM = 1.0
#: Fractions of the card's height, in the order of the rows, as ektp.md has them.
MEASURED = (0.277, 0.324, 0.370, 0.416, 0.463, 0.510, 0.557, 0.604, 0.651, 0.697, 0.744, 0.791)


def printed(**changes: str) -> np.ndarray:
    plain = {"name": "BUDI", "birth_place": "DEPOK", "address": "JL. MELATI NO. 1", "nik": "0" * 16}
    identity = replace(invent(3, "M"), **{**plain, **changes})
    return print_card(identity, RED_SQUARE, seed=3, px_per_mm=PX_PER_MM, float_xy=False)[..., :3].astype(int)


def ink(pixels: np.ndarray, box_mm: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of the ink inside (left, top, right, bottom), all in mm."""
    left, top, right, bottom = (round(v * PX_PER_MM) for v in box_mm)
    ys, xs = np.nonzero(pixels[top:bottom, left:right].max(axis=2) < 110)
    edges = (xs.min() + left, ys.min() + top, xs.max() + 1 + left, ys.max() + 1 + top)
    return tuple(float(edge) / PX_PER_MM for edge in edges)


def test_the_outline_is_id_1():
    width, height = layout.CARD_WH_MM
    assert (width, height) == (85.60, 53.98)
    assert layout.outline_mm().tolist() == [[0, 0], [85.60, 0], [85.60, 53.98], [0, 53.98]]


def test_a_row_is_two_and_a_half_millimetres_below_the_other():
    pitch = layout.ROW_PITCH_MM
    assert pitch == pytest.approx(2.53, abs=0.005)
    centres = list(layout.row_centres_mm(()).values())
    assert np.diff(centres) == pytest.approx(np.full(11, 2.53), abs=0.05)


def test_rows_stand_where_they_were_measured():
    centres = list(layout.row_centres_mm(()).values())
    assert centres == pytest.approx([y * 53.98 for y in MEASURED], abs=0.01)
    nik = [layout.NIK_X_MM, layout.NIK_END_X_MM, layout.NIK_Y_MM]
    assert nik == pytest.approx([20.29, 56.24, 10.26], abs=0.01)


def test_only_the_three_rows_of_the_neighbourhood_are_indented():
    assert {row.field for row in layout.ROWS if row.indented} == {"rt_rw", "village", "district"}


@pytest.mark.parametrize("field", ["name", "birth_place", "address"])
def test_a_wrapped_row_pushes_those_below_it_down_by_one_pitch_and_no_other(field):
    plain, pushed = layout.row_centres_mm(()), layout.row_centres_mm((field,))
    names = [row.field for row in layout.ROWS]
    below = names[names.index(field) + 1 :]
    assert {name for name in names if pushed[name] != plain[name]} == set(below)
    for name in below:
        assert pushed[name] - plain[name] == pytest.approx(layout.ROW_PITCH_MM)


def test_two_wrapped_rows_push_by_two_pitches():
    plain, pushed = layout.row_centres_mm(()), layout.row_centres_mm(("name", "address"))
    assert pushed["address"] - plain["address"] == pytest.approx(layout.ROW_PITCH_MM)
    assert pushed["valid_until"] - plain["valid_until"] == pytest.approx(2 * layout.ROW_PITCH_MM)


def test_a_row_named_twice_pushes_by_two_pitches():
    plain, pushed = layout.row_centres_mm(()), layout.row_centres_mm(("name", "name"))
    assert pushed["name"] == plain["name"]
    assert pushed["birth_place"] - plain["birth_place"] == pytest.approx(2 * layout.ROW_PITCH_MM)


def test_the_last_row_stays_on_the_card_whatever_wraps():
    for wrapped in layout.WRAPS:
        assert layout.row_centres_mm(wrapped)["valid_until"] < 53.98 - layout.CAP_HEIGHT_MM / 2


def test_the_likeliest_hypothesis_comes_first_and_none_twice():
    assert layout.WRAPS[0] == ()
    assert len(set(layout.WRAPS)) == len(layout.WRAPS)


@pytest.mark.parametrize(
    ("address", "wrapped"), [("JL. MELATI NO. 1", ()), ("JL. MELATI NO. 1 PERUM TAMAN INDAH PERMAI", ("address",))]
)
def test_printed_values_lie_within_a_millimetre_of_the_layout(address, wrapped):
    pixels = printed(address=address)
    for name, y in layout.row_centres_mm(wrapped).items():
        # Two millimetres of the value: capitals and digits, no comma.
        x = layout.VALUE_X_MM
        left, top, _, bottom = ink(pixels, (x - 0.4, y - 1.2, x + 2.0, y + 1.2))
        assert (top + bottom) / 2 == pytest.approx(y, abs=0.25), name
        assert left == pytest.approx(x, abs=0.25), name


def test_printed_labels_lie_within_a_millimetre_of_the_layout():
    pixels = printed()
    for row in layout.ROWS:
        x = row.label_x_mm
        left, *_ = ink(pixels, (max(0.0, x - 2.0), row.y_mm - 1.0, x + 3.0, row.y_mm + 1.0))
        assert left == pytest.approx(x, abs=ONE_MM / 2), row.label


@pytest.mark.parametrize("address", ["JL. MELATI NO. 1", "JL. MELATI NO. 1 PERUM TAMAN INDAH PERMAI"])
def test_no_wrapped_row_moves_the_portrait_the_nik_or_the_issue(address):
    pixels = printed(address=address)
    ys, xs = np.nonzero(pixels[..., 0] - pixels[..., 2] > 90)
    x, y, w, h = layout.PORTRAIT_MM
    found = np.array([xs.min(), ys.min(), xs.max() + 1, ys.max() + 1]) / PX_PER_MM
    assert found == pytest.approx([x, y, x + w, y + h], abs=0.3)

    nik_x, nik_y = layout.NIK_X_MM, layout.NIK_Y_MM
    left, top, right, bottom = ink(pixels, (nik_x - 1.0, nik_y - 2.0, layout.NIK_END_X_MM + 2.0, nik_y + 2.0))
    assert (left, (top + bottom) / 2, right) == pytest.approx((nik_x, nik_y, layout.NIK_END_X_MM), abs=0.4)
    assert bottom - top == pytest.approx(layout.NIK_HEIGHT_MM, abs=0.3)

    issue_y = layout.ISSUE_DATE_Y_MM
    left, top, right, bottom = ink(pixels, (60.0, issue_y - 1.0, 85.0, issue_y + 1.0))
    assert ((left + right) / 2, (top + bottom) / 2) == pytest.approx((layout.ISSUE_CENTRE_X_MM, issue_y), abs=0.4)


def test_printed_header_lines_lie_within_a_millimetre_of_the_layout():
    pixels = printed()
    for y in (layout.PROVINCE_Y_MM, layout.REGENCY_Y_MM):
        left, top, right, bottom = ink(pixels, (5.0, y - 1.3, 80.0, y + 1.3))
        assert ((left + right) / 2, (top + bottom) / 2) == pytest.approx((layout.HEADER_CENTRE_X_MM, y), abs=0.4)


def test_the_printed_colon_and_blood_group_stand_where_the_layout_has_them():
    pixels = printed()
    y = layout.row_centres_mm(())["sex"]
    left, *_ = ink(pixels, (layout.COLON_X_MM - 0.9, y - 1.0, layout.COLON_X_MM + 0.8, y + 1.0))
    assert left == pytest.approx(layout.COLON_X_MM, abs=0.4)
    left, *_ = ink(pixels, (layout.BLOOD_LABEL_X_MM - 2, y - 1.0, layout.BLOOD_LABEL_X_MM + 3, y + 1.0))
    assert left == pytest.approx(layout.BLOOD_LABEL_X_MM, abs=0.4)
