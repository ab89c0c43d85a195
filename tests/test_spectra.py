import numpy as np
import pytest

from kyc_vision.spectra import SIDE, common_peak, green_magenta, luma, usable, whitened, windows_at


def noise(seed=1, size=(512, 512)):
    return np.random.default_rng(seed).normal(128, 4, (*size, 3))


def wave(size=(512, 512), frequency=(0.21, 0.13)):
    y, x = np.mgrid[0 : size[0], 0 : size[1]]
    return np.cos(2 * np.pi * (frequency[0] * x + frequency[1] * y))[..., None]


def peak(picture, look=luma):
    pixels = np.clip(picture, 0, 255).astype(np.uint8)
    found = common_peak(whitened(look(windows_at(pixels, (0, 0, 512, 512), (4, 4)))))
    assert found is not None
    return found


def test_a_weak_wave_everywhere_stands_out_at_its_own_frequency():
    found = peak(noise() + 2 * wave())
    assert found.strength > 4
    assert np.abs(found.frequency) == pytest.approx([0.21, 0.13], abs=1.5 / SIDE)
    assert found.windows == 16


def test_noise_has_no_frequency_in_common():
    assert peak(noise()).strength < 2.6


def test_a_strong_wave_in_a_part_of_the_picture_is_a_texture_and_does_not_count():
    part = noise()
    part[:200, :300] += 30 * wave()[:200, :300]
    assert peak(part).strength < 2.6


def test_the_edges_of_jpeg_blocks_are_no_pattern():
    blocks = noise()
    blocks[:, ::8] += 6
    blocks[::8] += 6
    assert peak(blocks).strength < 2.8


def test_a_coloured_wave_shows_in_colour_and_hardly_in_luma():
    picture = noise()
    picture[..., 1] += 4 * wave()[..., 0]
    picture[..., 0] -= 7.85 * wave()[..., 0]
    assert peak(picture, green_magenta).strength > peak(picture, luma).strength + 1


def test_windows_lie_in_the_box_at_the_resolution_asked_for():
    pixels = np.zeros((300, 400, 3), dtype=np.uint8)
    pixels[:, 200:] = 200
    left = windows_at(pixels, (0, 0, 200, 300), (2, 3))
    assert left.shape == (6, SIDE, SIDE, 3)
    assert left.max() == 0
    assert windows_at(pixels, (200, 0, 200, 300), (2, 2), 2).min() == 200
    assert len(windows_at(pixels, (0, 0, 63, 300), (2, 2))) == 0
    assert len(windows_at(pixels, (0, 0, 70, 300), (4, 2))) == 2


def test_clipped_and_flat_windows_say_nothing():
    ok = noise(size=(SIDE, SIDE)).astype(np.uint8)
    white, grey = np.full_like(ok, 255), np.full_like(ok, 90)
    assert usable(np.stack([ok, white, grey])).tolist() == [True, False, False]


def test_too_few_windows_cannot_tell():
    assert common_peak(whitened(np.zeros((3, SIDE, SIDE), dtype=np.float32))) is None
    assert common_peak(whitened(np.zeros((0, SIDE, SIDE), dtype=np.float32))) is None
