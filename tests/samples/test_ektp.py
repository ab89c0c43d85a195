from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kyc_vision.types import Pixels
from samples import fonts
from samples.ektp import PORTRAIT, Style, print_card, print_styled
from samples.errors import SampleError
from samples.identity import as_foreigner, invent

PX_PER_MM = 11.8
RED_SQUARE = np.full((100, 80, 3), (230, 20, 20), np.uint8)


def card(seed: int = 3, **changes: str) -> Pixels:
    identity = replace(invent(seed, "M"), **changes)  # type: ignore[arg-type]
    return print_card(identity, RED_SQUARE, seed=seed, px_per_mm=PX_PER_MM, float_xy=False)


def dark_rows(pixels: Pixels, left: float, right: float) -> list[float]:
    """Middles, as fractions of the height, of the runs of rows with ink between two fractions of the width."""
    height, width = pixels.shape[:2]
    part = pixels[:, round(left * width) : round(right * width), :3].max(axis=2)
    inked = (part < 90).any(axis=1)
    edges = np.flatnonzero(np.diff(np.r_[0, inked.astype(int), 0]))
    return [(a + b - 1) / 2 / height for a, b in zip(edges[::2], edges[1::2], strict=True)]


def test_the_card_is_id_1_with_rounded_corners() -> None:
    pixels = card()
    assert pixels.shape == (637, 1010, 4)
    assert pixels[0, 0, 3] == 0
    assert pixels[300, 0, 3] > 250
    # The corner's circle: 3.2 mm radius, so (1 − 1/√2) · 3.2 mm in from the corner along the diagonal.
    reach = (1 - 1 / np.sqrt(2)) * 3.2 * PX_PER_MM
    assert pixels[round(reach - 3), round(reach - 3), 3] == 0
    assert pixels[round(reach + 3), round(reach + 3), 3] == 255


def test_the_nik_stands_where_it_was_measured() -> None:
    pixels = card(nik="0" * 16)
    height, width = pixels.shape[:2]
    row = pixels[round(0.165 * height) : round(0.215 * height), round(0.215 * width) : round(0.68 * width), :3]
    columns = np.flatnonzero((row.max(axis=2) < 110).any(axis=0)) + round(0.215 * width)
    assert columns[0] / width == pytest.approx(0.237, abs=0.002)
    assert columns[-1] / width == pytest.approx(0.657, abs=0.004)


def test_values_stand_on_the_measured_rows_and_a_long_address_pushes_the_rest_down() -> None:
    short = dark_rows(card(address="JL. MELATI NO. 1"), 0.266, 0.29)
    long = dark_rows(card(address="JL. MELATI NO. 1 PERUM TAMAN INDAH PERMAI"), 0.266, 0.29)
    # The first rows hold the NIK; the last is Berlaku Hingga.
    assert short[-1] == pytest.approx(0.791, abs=0.004)
    assert long[-1] == pytest.approx(0.791 + 0.0468, abs=0.004)
    assert len(long) == len(short) + 1


def test_the_portrait_stands_where_it_was_measured() -> None:
    pixels = card().astype(int)
    red = pixels[..., 0] - pixels[..., 2] > 90
    ys, xs = np.nonzero(red)
    box = (xs.min() / 1010, ys.min() / 637, (xs.max() + 1) / 1010, (ys.max() + 1) / 637)
    assert box == pytest.approx(PORTRAIT, abs=0.002)


def test_the_print_floats_by_the_seed_but_by_no_more_than_a_hundredth() -> None:
    lefts = []
    for seed in range(8):
        pixels = print_card(invent(1, "M"), RED_SQUARE, seed=seed, px_per_mm=6.0).astype(int)
        xs = np.nonzero(pixels[..., 0] - pixels[..., 2] > 90)[1]
        lefts.append(xs.min() / pixels.shape[1])
    assert max(lefts) - min(lefts) > 0.003
    assert all(abs(left - PORTRAIT[0]) < 0.0125 for left in lefts)


def test_the_same_seed_prints_the_same_pixels() -> None:
    assert np.array_equal(card(4), card(4))
    assert not np.array_equal(card(4), card(5))


def test_a_missing_font_names_the_package_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = Path("/nowhere/OCRA.ttf")
    monkeypatch.setitem(fonts._PACKAGE, gone, "fonts-ocr-a")
    with pytest.raises(SampleError, match="apt-get install fonts-ocr-a"):
        fonts.font(gone, 20.0)


def test_a_bold_nik_ends_where_it_was_measured() -> None:
    identity = replace(invent(3, "M"), nik="0" * 16)
    pixels = print_styled(identity, RED_SQUARE, 3, PX_PER_MM, Style(float_xy=False, nik_bold=True))
    height, width = pixels.shape[:2]
    row = pixels[round(0.165 * height) : round(0.215 * height), round(0.215 * width) : round(0.68 * width), :3]
    columns = np.flatnonzero((row.max(axis=2) < 110).any(axis=0)) + round(0.215 * width)
    assert columns[0] / width == pytest.approx(0.243, abs=0.004)
    assert columns[-1] / width == pytest.approx(0.625, abs=0.004)


def test_a_foreigners_card_prints_the_country_and_may_be_orange() -> None:
    foreigner = as_foreigner(invent(3, "F"), 3)
    assert foreigner.nationality != "WNI"
    assert foreigner.valid_until != "SEUMUR HIDUP"
    pixels = print_styled(foreigner, RED_SQUARE, 3, 6.0, Style(orange=True))
    ground = np.median(pixels[160:300, 250:340, :3].reshape(-1, 3), axis=0)
    assert ground[0] > ground[2] + 20


def test_wear_lightens_the_card_and_a_new_card_is_as_printed() -> None:
    new, worn = (print_styled(invent(3, "M"), RED_SQUARE, 3, 6.0, Style(wear=w)) for w in (0.0, 1.0))
    assert np.array_equal(new, print_card(invent(3, "M"), RED_SQUARE, seed=3, px_per_mm=6.0))
    assert worn.mean() > new.mean() + 1
    assert np.array_equal(new[..., 3], worn[..., 3])
