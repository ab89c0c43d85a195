"""Anchors of a card whose place is known, with noise and lies among them."""

import numpy as np
import pytest

from kyc_vision import layout
from kyc_vision.card.anchors import Anchor, fixed_mm, row_point_mm
from kyc_vision.card.fit import fit_card
from kyc_vision.geometry import apply_homography

PX_PER_MM = 7.0
#: A card of 600 px width, rolled by 10° and tilted: its right side is seen 12 % shorter.
TURN = PX_PER_MM * np.array([[np.cos(0.17), -np.sin(0.17)], [np.sin(0.17), np.cos(0.17)]])
HELD = np.array([[*TURN[0], 300], [*TURN[1], 200], [0.0015, 0.0004, 1]])


def printed(
    homography: np.ndarray, wrapped: tuple[str, ...] = (), noise_px: float = 0.0, wrong: float = 0.0
) -> list[Anchor]:
    """Two anchors a row, NIK, header and issue, as the homography shows them; a share of them anywhere."""
    rng = np.random.default_rng(5)
    index = layout.WRAPS.index(wrapped)
    places = [(row.field, row_point_mm(row.field, row.label_x_mm)) for row in layout.ROWS]
    places += [(f"{row.field}_value", row_point_mm(row.field, layout.VALUE_X_MM)) for row in layout.ROWS]
    places += [
        ("nik", fixed_mm(layout.NIK_LABEL_X_MM, layout.NIK_Y_MM)),
        ("nik_end", fixed_mm(layout.NIK_END_X_MM, layout.NIK_Y_MM)),
        ("province", fixed_mm(layout.HEADER_CENTRE_X_MM, layout.PROVINCE_Y_MM)),
        ("regency", fixed_mm(layout.HEADER_CENTRE_X_MM, layout.REGENCY_Y_MM)),
        ("issue_date", fixed_mm(layout.ISSUE_CENTRE_X_MM, layout.ISSUE_DATE_Y_MM)),
    ]
    points = [apply_homography(homography, place[index : index + 1])[0] for _, place in places]
    lies = set(rng.permutation(len(places))[: round(wrong * len(places))].tolist())
    return [
        Anchor(
            f"wrong_{name}" if i in lies else name,
            rng.uniform(0, 900, 2) if i in lies else point + rng.normal(0, noise_px, 2),
            place,
        )
        for i, ((name, place), point) in enumerate(zip(places, points, strict=True))
    ]


def corner_error_mm(found: np.ndarray, truth: np.ndarray) -> float:
    """The farthest that any corner of the outline is off, in mm on the card."""
    off = apply_homography(found, layout.outline_mm()) - apply_homography(truth, layout.outline_mm())
    return float(np.linalg.norm(off, axis=1).max()) / PX_PER_MM


def test_exact_anchors_give_the_exact_place():
    fit = fit_card(printed(HELD))
    assert fit is not None
    assert corner_error_mm(fit.homography, HELD) < 0.1
    assert fit.wrapped == ()
    assert fit.residual_mm < 0.05
    assert len(fit.inliers) == 29


def test_noise_of_a_third_of_a_millimetre_moves_no_corner_by_a_millimetre():
    fit = fit_card(printed(HELD, noise_px=0.3 * PX_PER_MM))
    assert fit is not None
    assert corner_error_mm(fit.homography, HELD) < 1.0
    assert 0.1 < fit.residual_mm < 0.6


def test_forty_per_cent_wrong_anchors_do_no_harm():
    anchors = printed(HELD, noise_px=0.2 * PX_PER_MM, wrong=0.4)
    assert sum(a.name.startswith("wrong") for a in anchors) == 12
    fit = fit_card(anchors)
    assert fit is not None
    assert corner_error_mm(fit.homography, HELD) < 1.0
    assert sum(name.startswith("wrong") for name in fit.inliers) <= 1
    assert len(fit.inliers) >= 15


@pytest.mark.parametrize("wrapped", layout.WRAPS, ids="+".join)
def test_the_wrapped_rows_are_told_by_where_the_rows_stand(wrapped):
    fit = fit_card(printed(HELD, wrapped, noise_px=0.2 * PX_PER_MM, wrong=0.2))
    assert fit is not None
    assert fit.wrapped == wrapped
    assert corner_error_mm(fit.homography, HELD) < 1.0


@pytest.mark.parametrize("angle_deg", [0, 37, 90, 180, -120])
def test_the_card_may_lie_any_way_up(angle_deg):
    angle = np.radians(angle_deg)
    turn = 4 * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    held = np.array([[*turn[0], 500], [*turn[1], 400], [0, 0, 1]])
    fit = fit_card(printed(held, noise_px=0.5))
    assert fit is not None
    assert corner_error_mm(fit.homography, held) < 0.5


def test_four_anchors_say_nothing_however_well_they_lie():
    anchors, rng = printed(HELD), np.random.default_rng(6)
    for _ in range(30):
        assert fit_card([anchors[i] for i in rng.permutation(len(anchors))[:4]]) is None
    assert fit_card([]) is None


def test_anchors_in_one_line_say_nothing():
    column = [a for a in printed(HELD) if a.name in {row.field for row in layout.ROWS if not row.indented}]
    assert len(column) == 9
    assert fit_card(column) is None


def test_five_anchors_in_one_place_say_nothing():
    anchors = printed(HELD)
    assert fit_card([Anchor(a.name, np.array([100.0, 100.0]), a.card_mm) for a in anchors[:5]]) is None


def test_a_mirrored_card_fits_only_when_it_is_flipped_back():
    mirror = np.array([[-1.0, 0, 1200], [0, 1, 0], [0, 0, 1]])
    fit = fit_card(printed(mirror @ HELD))
    # A few anchors near one line may agree with anything; a card's worth of them may not.
    assert fit is None or len(fit.inliers) < 15
    assert fit_card(printed(mirror @ mirror @ HELD)) is not None


def test_a_card_squeezed_to_a_third_of_its_width_is_not_believed():
    squeezed = HELD @ np.diag([1 / 3, 1.0, 1.0])
    fit = fit_card(printed(squeezed))
    assert fit is None or len(fit.inliers) < 15


def test_the_spread_is_that_of_the_anchors_that_agree():
    wide = fit_card(printed(HELD))
    narrow = fit_card([a for a in printed(HELD) if a.name.split("_value")[0] in {"name", "birth_place", "sex"}])
    assert wide is not None
    assert wide.spread_mm[0] > 12
    assert wide.spread_mm[1] > 8
    assert narrow is None or narrow.spread_mm[1] < 4


def test_the_same_anchors_give_the_same_fit():
    a, b = (fit_card(printed(HELD, noise_px=2.0, wrong=0.3)) for _ in range(2))
    assert a is not None
    assert b is not None
    assert np.array_equal(a.homography, b.homography)
    assert a.inliers == b.inliers
