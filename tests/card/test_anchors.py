import numpy as np
import pytest

from kyc_vision import layout
from kyc_vision.card.anchors import BOX_LEAD_MM, fixed_mm, from_lines, labels_in, row_point_mm
from kyc_vision.types import TextLine

LEFT, TOP, WIDTH, HEIGHT = 40.0, 100.0, 120.0, 12.0


def line(text: str) -> TextLine:
    right, bottom = LEFT + WIDTH, TOP + HEIGHT
    return TextLine(text, (0.99,) * len(text), ((LEFT, TOP), (right, TOP), (right, bottom), (LEFT, bottom)))


def anchors(text: str) -> dict:
    found = from_lines([line(text)])
    return {anchor.name: anchor for anchor in found}


@pytest.mark.parametrize("row", layout.ROWS, ids=lambda row: row.field)
def test_a_label_is_an_anchor_at_the_middle_of_its_left_side(row):
    (anchor,) = from_lines([line(row.label)])
    assert anchor.name == row.field
    assert anchor.point.tolist() == [LEFT, TOP + HEIGHT / 2]
    # Its place on the card: the detector's box begins half a millimetre left of the ink.
    assert anchor.card_mm[0] == pytest.approx([row.label_x_mm - 0.5, row.y_mm])


@pytest.mark.parametrize(
    ("read", "field"),
    [
        ("Kecamatam", "district"),
        ("Tempat/TgI Lahir", "birth_place"),
        ("Status Perkawlnan", "marital_status"),
        ("Nama :BUDI SANTOSO", "name"),
        ("AGAMA", "religion"),
        ("RT/ RW", "rt_rw"),
    ],
)
def test_a_label_survives_slips_of_the_reader(read, field):
    assert list(anchors(read)) == [field]


@pytest.mark.parametrize("read", ["", "BUDI SANTOSO", "Na", "WIRASWASTA", "MK", "12", "JL. MELATI NO. 1"])
def test_what_is_no_landmark_is_no_anchor(read):
    assert anchors(read) == {}


def test_the_niks_label_and_its_last_digit_are_two_anchors():
    found = anchors("NIK : 3276020507850003")
    assert set(found) == {"nik", "nik_end"}
    assert found["nik_end"].point.tolist() == [LEFT + WIDTH, TOP + HEIGHT / 2]
    assert found["nik_end"].card_mm[0] == pytest.approx([layout.NIK_END_X_MM + BOX_LEAD_MM, layout.NIK_Y_MM])
    assert set(anchors("NIK")) == {"nik"}


def test_the_niks_digits_anchor_both_ends_unless_a_colon_is_before_them():
    assert set(anchors("3276020507850003")) == {"nik_start", "nik_end"}
    assert set(anchors("327602O507B5OO03")) == {"nik_start", "nik_end"}
    assert set(anchors(": 3276020507850003")) == {"nik_end"}
    assert anchors("3276020507") == {}


def test_centred_lines_are_anchored_by_their_middle_and_trusted_less():
    middle = [LEFT + WIDTH / 2, TOP + HEIGHT / 2]
    for read, name, place in (
        ("PROVINSI JAWA BARAT", "province", (42.8, layout.PROVINCE_Y_MM)),
        ("KOTA DEPOK", "regency", (42.8, layout.REGENCY_Y_MM)),
        ("KABUPATEN BEKASI", "regency", (42.8, layout.REGENCY_Y_MM)),
        ("02-06-2012", "issue_date", (layout.ISSUE_CENTRE_X_MM, layout.ISSUE_DATE_Y_MM)),
    ):
        found = anchors(read)
        assert list(found) == [name]
        assert found[name].point.tolist() == middle
        assert found[name].card_mm[0] == pytest.approx(place)
        assert found[name].weight < 1


@pytest.mark.parametrize(
    ("read", "field"),
    [
        ("LAKI-LAKI", "sex"),
        ("PEREMPUAN", "sex"),
        ("003/004", "rt_rw"),
        ("ISLAM", "religion"),
        ("KATHOLIK", "religion"),
        ("BELUM KAWIN", "marital_status"),
        ("WNI", "nationality"),
        ("SEUMUR HIDUP", "valid_until"),
        ("DEPOK, 05-07-1985", "birth_place"),
    ],
)
def test_a_value_that_can_stand_in_one_row_only_anchors_that_row(read, field):
    (anchor,) = from_lines([line(read)])
    (with_colon,) = from_lines([line(f": {read}")])
    assert field in anchor.name
    y = layout.row_centres_mm(())[field]
    assert anchor.card_mm[0] == pytest.approx([layout.VALUE_X_MM - BOX_LEAD_MM, y])
    assert with_colon.card_mm[0] == pytest.approx([layout.COLON_X_MM - BOX_LEAD_MM, y])


def test_a_place_is_given_for_each_hypothesis_of_wrapped_rows():
    places = row_point_mm("religion", 5.0)
    assert places.shape == (len(layout.WRAPS), 2)
    assert (places[:, 0] == 5.0).all()
    pushed = (places[:, 1] - places[0, 1]) / layout.ROW_PITCH_MM
    assert pushed == pytest.approx([len(wrapped) for wrapped in layout.WRAPS])  # religion is below all that wrap
    assert np.ptp(row_point_mm("name", 5.0)[:, 1]) == 0  # nothing is above the name


def test_no_wrapped_row_moves_the_nik_or_the_header():
    assert np.ptp(fixed_mm(3.0, 4.0), axis=0).tolist() == [0, 0]
    for read in ("NIK", "PROVINSI BALI", "02-06-2012"):
        (anchor,) = from_lines([line(read)])
        assert np.ptp(anchor.card_mm, axis=0).tolist() == [0, 0]


def test_labels_are_counted_and_values_are_not():
    assert labels_in([line(text) for text in ("Nama", "NIK", "Gol. Darah", "ISLAM", "BUDI", "KOTA DEPOK")]) == 3
