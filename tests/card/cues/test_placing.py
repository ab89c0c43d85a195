from dataclasses import replace

import numpy as np
import pytest

from kyc_vision import layout
from kyc_vision.card.cues.digits import cells, nik_shapes
from kyc_vision.card.cues.letters import SetLine, set_lines
from kyc_vision.card.cues.placing import line_place, nik_place
from kyc_vision.card.cues.rows import value_lines
from kyc_vision.types import Cue, Pixels, RectifiedCard
from tests.card.printed import FINE, identity, moved, seen, sheet

CENTRES = layout.row_centres_mm(())
WHO = identity()
TEXTS = {
    "name": WHO.name,
    "birth_place": f"{WHO.birth_place}, {WHO.birth_date:%d-%m-%Y}",
    "address": WHO.address,
    "rt_rw": WHO.rt_rw,
    "village": WHO.village,
    "district": WHO.district,
    "religion": WHO.religion,
    "marital_status": WHO.marital_status,
    "occupation": WHO.occupation,
    "valid_until": WHO.valid_until,
}


def lines_of(card: RectifiedCard) -> list[SetLine]:
    return set_lines(card, value_lines(card), TEXTS)


def shifted(field: str, right_mm: float, down_mm: float) -> Pixels:
    """The print, one line of it moved."""
    whole, blank = sheet(WHO), sheet(replace(WHO, **{field: ""}))
    y0, y1 = (round((CENTRES[field] + v) * FINE) for v in (-1.15, 1.15))
    x0, x1 = round((layout.VALUE_X_MM - 0.4) * FINE), round(60 * FINE)
    line = np.roll(whole[y0:y1, x0:x1], (round(down_mm * FINE), round(right_mm * FINE)), axis=(0, 1))
    forged = whole.copy()
    forged[y0:y1, x0:x1] = np.minimum(line, blank[y0:y1, x0:x1])
    return forged


def cue(pixels: Pixels, width: int = 600) -> Cue:
    card = seen(pixels, width)
    return line_place(lines_of(card), card)


def score(pixels: Pixels, width: int = 600) -> float:
    found = cue(pixels, width).score
    assert found is not None
    return found


def test_letters_are_found_where_they_stand():
    lines = {line.field: line for line in lines_of(seen(sheet(WHO), 700))}
    name = lines["name"]
    assert name.letters == WHO.name.replace(" ", "")
    assert np.median(name.middles_mm) == pytest.approx(CENTRES["name"], abs=0.08)
    assert name.lead_mm is not None
    assert name.lead_mm[0] == pytest.approx(layout.VALUE_X_MM, abs=0.12)
    assert (np.diff(name.origins_mm) > 0).all()


def test_a_line_that_says_something_else_is_no_line():
    card = seen(sheet(WHO), 700)
    assert not [line for line in set_lines(card, value_lines(card), {"name": "1234567890"}) if line.field == "name"]


@pytest.mark.parametrize("width", [340, 500, 800])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_genuine_card_is_quiet(width, seed):
    card = seen(sheet(WHO, seed=seed), width, seed)
    found = line_place(lines_of(card), card)
    assert found.score is not None
    assert found.score < 2.4


@pytest.mark.parametrize(
    ("right", "down", "what"), [(0.25, 0.0, "left end"), (-0.25, 0.0, "left end"), (0, 0.2, "height")]
)
@pytest.mark.parametrize("width", [380, 600])
def test_a_line_off_its_place_is_seen_there(right, down, what, width):
    found = cue(shifted("name", right, down), width)
    assert found.score is not None
    assert found.score > 2.8
    assert found.detail == f"row name: its {what}"
    assert found.place is not None
    assert np.mean(found.place, axis=0)[1] / 11.8 == pytest.approx(CENTRES["name"], abs=0.4)


def test_the_further_off_the_higher_the_score():
    scores = [score(shifted("name", 0.0, down)) for down in (0.1, 0.2, 0.3)]
    assert scores == sorted(scores)


def test_a_line_askew_is_seen():
    lines = lines_of(seen(sheet(WHO), 600))
    x = lines[0].origins_mm
    askew = replace(lines[0], middles_mm=lines[0].middles_mm + 0.03 * (x - np.median(x)))
    found = line_place([askew, *lines[1:]], seen(sheet(WHO), 600))
    assert found.detail == "row name: its slope"
    assert found.score is not None
    assert found.score > 4


def test_a_card_whose_advances_begin_together_is_as_genuine():
    lines = lines_of(seen(sheet(WHO), 600))
    bearings = [line.lead_mm[0] - line.lead_mm[1] for line in lines if line.lead_mm is not None]
    assert np.ptp(bearings) > 0.1
    together = [replace(line, lead_mm=(20.0 + b, 20.0)) for line, b in zip(lines, bearings, strict=True)]
    found = line_place(together, seen(sheet(WHO), 600))
    assert found.score is not None
    assert found.score < 2.4


def test_few_lines_or_a_small_card_tell_nothing():
    card = seen(sheet(WHO), 600)
    assert line_place(lines_of(card)[:5], card).score is None
    small = seen(sheet(WHO), 300)
    assert "320 are needed" in line_place(lines_of(small), small).detail


def nik_cue(pixels: Pixels, width: int = 600) -> Cue:
    card = seen(pixels, width)
    nik = nik_shapes(card)
    return nik_place(cells(nik), nik.origin_mm, lines_of(card), card)


NIK_MM = (layout.NIK_X_MM - 0.6, layout.NIK_Y_MM - 1.7, 38.0, 3.4)


@pytest.mark.parametrize("width", [340, 600])
@pytest.mark.parametrize("bold", [False, True])
def test_a_genuine_nik_stands_where_the_rows_put_it(bold, width):
    found = nik_cue(sheet(WHO, bold), width)
    assert found.score is not None
    assert found.score < 2.4


@pytest.mark.parametrize("width", [400, 700])
def test_a_nik_off_its_height_is_seen_there_and_more_so_the_further(width):
    blank = sheet(replace(WHO, nik=""))
    found = [nik_cue(moved(sheet(WHO), blank, NIK_MM, down), width) for down in (0.15, 0.3, 0.45)]
    scores = [cue.score for cue in found if cue.score is not None]
    assert scores == sorted(scores)
    assert scores[-1] > 3
    assert found[-1].detail == "its height"
    assert found[-1].place is not None
    assert np.mean(found[-1].place, axis=0)[1] / 11.8 == pytest.approx(layout.NIK_Y_MM + 0.45, abs=0.3)


def test_a_nik_askew_is_seen():
    card = seen(sheet(WHO), 600)
    nik = nik_shapes(card)
    found = cells(nik)
    askew = replace(found, tops_px=found.tops_px + 0.15 * (np.arange(16) - 7.5))
    cue_ = nik_place(askew, nik.origin_mm, lines_of(card), card)
    assert cue_.detail == "its slope"
    assert cue_.score is not None
    assert cue_.score > 4


def test_without_rows_a_nik_has_no_place():
    card = seen(sheet(WHO), 600)
    nik = nik_shapes(card)
    assert nik_place(cells(nik), nik.origin_mm, lines_of(card)[:4], card).score is None
