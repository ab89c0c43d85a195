import numpy as np
import pytest

from samples.other.halftone import screened


@pytest.mark.parametrize("tone", [64, 128, 200, 235])
def test_dots_of_one_ink_cover_what_the_tone_asks_for(tone: int) -> None:
    printed = screened(np.full((160, 160, 3), tone, np.uint8), 20.0, 4.0, colour=False)
    # Ink is not quite black.
    assert printed.mean() == pytest.approx(255 - 0.89 * (255 - tone), abs=9)


def test_white_has_no_dots_and_black_has_no_gaps() -> None:
    assert screened(np.full((60, 60, 3), 255, np.uint8), 20.0, 4.0).min() == 255
    assert screened(np.zeros((60, 60, 3), np.uint8), 20.0, 4.0).max() < 60


def test_the_black_screen_stands_at_45_degrees_with_the_lines_that_were_asked_for() -> None:
    printed = screened(np.full((200, 200, 3), 128, np.uint8), 20.0, 4.0, colour=False)[..., 0]
    spectrum = np.abs(np.fft.fft2(printed - printed.mean()))[:100, :100]
    row, column = np.unravel_index(int(np.argmax(spectrum)), spectrum.shape)
    assert row == pytest.approx(column, abs=1)
    assert np.hypot(row, column) / 200 * 20 == pytest.approx(4.0, abs=0.15)


def test_colours_stay_what_they_are() -> None:
    red = screened(np.full((160, 160, 3), (200, 60, 60), np.uint8), 20.0, 4.5).mean(axis=(0, 1))
    blue = screened(np.full((160, 160, 3), (120, 170, 230), np.uint8), 20.0, 4.5).mean(axis=(0, 1))
    assert red[0] > red[1] + 60
    assert blue[2] > blue[1] > blue[0]
