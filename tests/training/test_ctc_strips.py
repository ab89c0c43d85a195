"""Lines as the readers are taught them; none of this needs torch."""

import numpy as np
import pytest

from kyc_vision import layout
from kyc_vision.ocr.cut import HEIGHT_PX
from samples.fonts import SANS
from training.ctc.strip import FINE_PX_PER_MM, draw, photograph
from training.ctc.typeface import Typeface
from training.nik import lines as nik

PLAIN = Typeface(SANS, 1.0, 0.0, layout.ROW_PITCH_MM)


def ink_rows(mask: np.ndarray) -> tuple[float, float]:
    """First and last row with ink, mm."""
    rows = np.flatnonzero((mask > 127).any(axis=1))
    return rows[0] / FINE_PX_PER_MM, (rows[-1] + 1) / FINE_PX_PER_MM


def test_capitals_are_as_high_as_the_layout_says_and_in_the_middle():
    drawn = draw("HHH", PLAIN, layout.CAP_HEIGHT_MM, ("", "", ""))
    top, bottom = ink_rows(drawn.mask)
    assert bottom - top == pytest.approx(layout.CAP_HEIGHT_MM, abs=0.17)
    assert (top + bottom) / 2 == pytest.approx(drawn.ink_mm[2], abs=0.15)


def test_the_ink_is_where_it_is_said_to_be():
    drawn = draw("HOH", PLAIN, layout.CAP_HEIGHT_MM, ("", "", ""), tail_mm=5.0)
    columns = np.flatnonzero((drawn.mask > 127).any(axis=0)) / FINE_PX_PER_MM
    assert (columns[0], columns[-1]) == pytest.approx(drawn.ink_mm[:2], abs=0.2)
    assert drawn.mask.shape[1] / FINE_PX_PER_MM - drawn.ink_mm[1] == pytest.approx(9.0, abs=0.2)


def test_neighbours_stand_one_pitch_away():
    among = draw("HHH", PLAIN, layout.CAP_HEIGHT_MM, ("HHH", "HHH", ":"))
    inked = (among.mask > 127).any(axis=1)
    middle, half = among.ink_mm[2], layout.CAP_HEIGHT_MM / 2
    for side in (-1, 1):
        near, far = (round((middle + side * mm) * FINE_PX_PER_MM) for mm in (half + 0.2, layout.ROW_PITCH_MM - 0.2))
        between = inked[min(near, far) : max(near, far)]
        # From a letter's edge to its neighbour's there is 2.53 − 1.55 mm of ground.
        assert not between[: len(between) // 3].any() if side > 0 else not between[-len(between) // 3 :].any()
        assert inked[far]


def test_a_broader_stroke_has_more_ink_and_a_finer_one_less():
    def ink(weight: float) -> float:
        face = Typeface(SANS, 1.0, weight, layout.ROW_PITCH_MM)
        return float(draw("BUDI", face, layout.CAP_HEIGHT_MM, ("", "", "")).mask.mean())

    assert ink(-1.0) < ink(0.0) < ink(1.0)


@pytest.mark.parametrize("seed", range(6))
def test_a_photographed_line_has_the_readers_height_and_is_the_same_for_the_same_seed(seed):
    first, again = (photograph(nik.draw_line(rng), rng) for rng in (np.random.default_rng(seed) for _ in range(2)))
    assert first.pixels.shape[0] == HEIGHT_PX
    assert first.pixels.shape[1] % 4 == 0
    np.testing.assert_array_equal(first.pixels, again.pixels)
    assert first.text == again.text


def test_digits_are_drawn_evenly_nearly_always_sixteen():
    rng = np.random.default_rng(1)
    texts = [nik.draw_line(rng).text for _ in range(150)]
    counts = np.bincount([int(digit) for text in texts for digit in text], minlength=10)
    assert counts.min() > 0.8 * counts.mean()
    assert sum(len(text) == 16 for text in texts) > 0.85 * len(texts)
    assert all(3 <= len(text) <= 16 for text in texts)


def test_ocr_a_digits_keep_the_pitch_of_the_card():
    rng = np.random.default_rng(3)
    widths = [
        drawn.ink_mm[1] - drawn.ink_mm[0] for drawn in (nik.draw_line(rng) for _ in range(80)) if len(drawn.text) == 16
    ]
    lawful = layout.NIK_END_X_MM - layout.NIK_X_MM
    assert np.median(widths) == pytest.approx(lawful, rel=0.04)
