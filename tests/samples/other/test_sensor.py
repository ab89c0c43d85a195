from dataclasses import replace

import numpy as np
import pytest

from samples.other.sensor import Sensor, develop, draw_sensor, linear

CALM = Sensor(photons=1e9, read=0.0, contrast=0.0, smooth=0.0, sharpen=0.0)


def test_even_light_comes_out_as_its_gamma() -> None:
    light = np.full((40, 40, 3), [0.2, 0.5, 0.8], np.float32)
    picture = develop(light, CALM, np.random.default_rng(0))
    wanted = 255 * np.array([0.2, 0.5, 0.8]) ** (1 / 2.2)
    assert picture[10:30, 10:30].reshape(-1, 3).mean(axis=0) == pytest.approx(wanted, abs=1.5)


def test_the_gain_of_a_colour_is_its_own() -> None:
    light = np.full((20, 20, 3), 0.3, np.float32)
    red, green, blue = develop(light, replace(CALM, gain=(1.5, 1.0, 0.5)), np.random.default_rng(0))[10, 10]
    assert red > green > blue


def test_a_grid_finer_than_the_mosaic_turns_coloured() -> None:
    light = np.zeros((60, 60, 3), np.float32)
    light[:, ::2] = 0.6
    picture = develop(light, CALM, np.random.default_rng(0)).astype(int)
    assert np.abs(picture[20:40, 20:40, 0] - picture[20:40, 20:40, 2]).mean() > 60


def test_fewer_photons_are_noisier_and_one_generator_gives_one_picture() -> None:
    light = np.full((64, 64, 3), 0.25, np.float32)
    few, many = (develop(light, replace(CALM, photons=n), np.random.default_rng(1)).std() for n in (500, 50_000))
    assert few > 3 * many
    sensor = draw_sensor(np.random.default_rng(2))
    once, twice = (develop(light, sensor, np.random.default_rng(3)) for _ in range(2))
    assert np.array_equal(once, twice)


def test_linear_undoes_the_gamma() -> None:
    assert linear(np.array([0, 128, 255], np.uint8)) == pytest.approx([0, (128 / 255) ** 2.2, 1], abs=1e-4)
