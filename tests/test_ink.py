import numpy as np

from kyc_vision.ink import strokes


def test_a_thin_dark_stroke_is_ink_by_as_much_as_it_is_darker():
    grey = np.full((40, 40), 200, np.uint8)
    grey[10:30, 19:21] = 80  # 0.25 mm at 8 px/mm
    ink = strokes(grey, 8.0)
    assert ink[20, 19] == 120
    assert ink[20, 5] == 0


def test_what_is_wider_than_a_millimetre_or_light_is_none():
    grey = np.full((60, 60), 120, np.uint8)
    grey[:, 10:30] = 40
    grey[10:50, 45:47] = 220
    assert strokes(grey, 8.0).max() == 0
