import numpy as np
import pytest

from samples.other.panels import Panel, cell, draw_panel, light_of

STRIPE = Panel("stripe", 0.8, 0.0, (1.0, 1.0, 1.0))
DIAMOND = Panel("diamond", 0.7, 0.0, (1.0, 1.0, 1.0))
GREY = np.full((240, 240, 3), 255, np.uint8)
WINDOW = (0, 0, 100, 100)


def scaled(density: float) -> np.ndarray:
    return np.diag([density, density, 1.0])


@pytest.mark.parametrize("panel", [STRIPE, DIAMOND])
def test_a_cell_has_the_light_of_its_pixels_in_each_colour(panel: Panel) -> None:
    drawn, pixels = cell(panel)
    assert drawn.shape[0] % pixels == 0
    assert drawn.mean(axis=(0, 1)) == pytest.approx([1, 1, 1], abs=1e-5)


def test_stripes_differ_across_and_diamonds_share_red_and_blue_between_two_pixels() -> None:
    stripe, _ = cell(STRIPE)
    assert [int(np.argmax(stripe[1, :, c])) for c in range(3)] == [0, 1, 2]
    diamond, pixels = cell(DIAMOND)
    assert pixels == 2
    half = len(diamond) // 2
    assert diamond[:half, :half, 0].sum() > 5 * diamond[:half, half:, 0].sum()
    assert diamond[:half, :half, 1].sum() == pytest.approx(diamond[:half, half:, 1].sum())


@pytest.mark.parametrize("panel", [STRIPE, DIAMOND])
def test_a_white_display_is_as_bright_as_it_is_and_nothing_shines_beside_it(panel: Panel) -> None:
    light = light_of(GREY, panel, scaled(2.6), WINDOW, 0.5)
    assert light[10:80, 10:80].mean() == pytest.approx(1.0, abs=0.02)
    assert light[97:, 97:].max() < 0.05


def test_coarse_pixels_leave_a_pattern_that_blur_and_finer_pixels_take_away() -> None:
    def pattern(density: float, blur: float) -> float:
        return float(light_of(GREY, STRIPE, scaled(density), WINDOW, blur)[20:80, 20:80].std())

    sharp = pattern(0.6, 0.35)
    assert sharp > 0.05
    assert pattern(0.6, 1.8) < 0.2 * sharp
    assert pattern(2.2, 0.35) < 0.2 * sharp


def test_where_the_window_starts_changes_nothing_of_what_is_seen() -> None:
    content = np.random.default_rng(1).integers(0, 255, (120, 120, 3), dtype=np.uint8)
    whole = light_of(content, DIAMOND, scaled(0.8), (0, 0, 100, 100), 0.5)
    part = light_of(content, DIAMOND, scaled(0.8), (30, 40, 70, 90), 0.5)
    assert np.abs(whole[40:90, 30:70] - part).max() < 0.02


def test_an_oled_is_darker_where_it_is_black() -> None:
    rng = np.random.default_rng(3)
    assert draw_panel(rng, oled=True).black < draw_panel(rng, oled=False).black
