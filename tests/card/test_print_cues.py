from dataclasses import replace

import numpy as np
import pytest

from kyc_vision import layout
from kyc_vision.card.cues.robust import left_out, oddness
from kyc_vision.card.cues.rows import value_lines
from kyc_vision.card.cues.shapes import ATLAS
from kyc_vision.card.print_cues import print_cues
from kyc_vision.types import Cue, NotRead, RectifiedCard
from samples.fonts import MONO, OCR_A, SANS, SERIF
from tests.card.printed import FINE, NAME, identity, moved, read, seen, set_again, sheet
from training.print_faces.render import NIK_FACES, VALUE_FACES, digits, letters

NAMES = ("nik_typeface", "nik_digit", "row_face", "line_place", "line_ink", "nik_place")
NIK_MM = (layout.NIK_X_MM, layout.NIK_Y_MM)
CENTRES = layout.row_centres_mm(())


def cues(card: RectifiedCard, who=None, **changes) -> dict[str, Cue]:
    found = print_cues(card, replace(read(who or identity()), **changes), value_lines(card))
    assert tuple(cue.name for cue in found) == NAMES
    return {cue.name: cue for cue in found}


#: Above these lay 0, 3 and 3, 1 of some 480 genuine cards on which the cues were made, and 3 and 3 of 320.
ODD = {"nik_typeface": 0.0, "nik_digit": 3.6, "row_face": 0.02, "line_place": 2.6, "line_ink": 2.4}
ODD["nik_place"] = 2.6


def odd(found: dict[str, Cue]) -> set[str]:
    """Names of the cues whose score a genuine card seldom has."""
    return {name for name, cue in found.items() if cue.score is not None and cue.score > ODD[name]}


def middle_mm(cue: Cue) -> tuple[float, float]:
    assert cue.place is not None
    x, y = np.mean(cue.place, axis=0) / 11.8
    return float(x), float(y)


def without(field: str):
    return sheet(replace(identity(), **{field: ""}))


@pytest.mark.parametrize("width", [360, 520, 760])
@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_genuine_card_is_quiet_in_both_lawful_faces_of_the_nik(seed, bold, width):
    who = identity(seed)
    found = cues(seen(sheet(who, bold, seed), width, seed), who)
    assert odd(found) == set(), found
    assert found["nik_typeface"].measurable
    assert found["nik_digit"].measurable
    assert found["row_face"].measurable


@pytest.mark.parametrize("face", [SERIF, MONO, SANS], ids=["serif", "mono", "sans"])
@pytest.mark.parametrize("width", [360, 620])
def test_a_nik_in_another_face_is_seen_where_the_nik_stands(face, width):
    found = cues(seen(set_again(without("nik"), NIK_MM, identity().nik, face, 2.6), width))
    assert "nik_typeface" in odd(found)
    assert middle_mm(found["nik_typeface"])[1] == pytest.approx(layout.NIK_Y_MM, abs=0.8)


def test_a_nik_in_the_lawful_face_at_another_pitch_is_no_lawful_one():
    squeezed = set_again(without("nik"), NIK_MM, identity().nik, OCR_A, 2.2)
    found = cues(seen(squeezed, 620))
    assert "nik_typeface" in odd(found)


@pytest.mark.parametrize("at", [0, 6, 15])
@pytest.mark.parametrize("width", [400, 620])
def test_a_digit_off_the_line_is_seen_where_it_stands(at, width):
    left = layout.NIK_X_MM + at * 2.28 - 0.3
    box = (left, layout.NIK_Y_MM - 1.5, 2.2, 3.0)
    found = cues(seen(moved(sheet(identity()), without("nik"), box, 0.25), width))
    assert odd(found) == {"nik_digit"}
    assert f"digit {at + 1} of 16" in found["nik_digit"].detail
    assert middle_mm(found["nik_digit"])[0] == pytest.approx(left + 1.1, abs=0.6)


@pytest.mark.parametrize("face", [SERIF, MONO], ids=["serif", "mono"])
def test_a_digit_in_another_face_is_seen_where_it_stands(face):
    who = identity()
    whole, blank = sheet(who), without("nik")
    x, w = round((layout.NIK_X_MM + 5 * 2.28 - 0.3) * FINE), round(2.2 * FINE)
    top, bottom = round((layout.NIK_Y_MM - 1.6) * FINE), round((layout.NIK_Y_MM + 1.6) * FINE)
    whole[top:bottom, x : x + w] = blank[top:bottom, x : x + w]
    forged = set_again(whole, (layout.NIK_X_MM + 5 * 2.28, layout.NIK_Y_MM), "8", face, 2.6)
    found = cues(seen(forged, 620))
    assert odd(found) == {"nik_digit"}
    assert "digit 6 of 16" in found["nik_digit"].detail


@pytest.mark.parametrize("face", [SERIF, MONO], ids=["serif", "mono"])
@pytest.mark.parametrize("width", [400, 620])
def test_a_name_in_another_face_is_seen_at_its_row(face, width):
    forged = set_again(without("name"), (layout.VALUE_X_MM, CENTRES["name"]), NAME, face, 1.55)
    found = cues(seen(forged, width))
    assert "row_face" in odd(found)
    assert found["row_face"].detail == "row name"
    assert middle_mm(found["row_face"])[1] == pytest.approx(CENTRES["name"], abs=0.6)


def test_a_card_too_small_tells_nothing_and_says_why():
    found = cues(seen(sheet(identity()), 300))
    for cue in found.values():
        assert (cue.score, cue.place, cue.measurable) == (None, None, False)
        assert "320 are needed" in cue.detail


def test_a_covered_nik_tells_nothing_and_the_rows_still_do():
    pixels = sheet(identity())
    pixels[round(7.5 * FINE) : round(13 * FINE), : round(60 * FINE)] = (190, 150, 130)
    found = cues(seen(pixels, 620))
    assert found["nik_typeface"].score is None
    assert found["nik_digit"].score is None
    assert found["row_face"].measurable


def test_what_was_not_read_is_not_compared_with_letters():
    nothing = dict.fromkeys(("name", "birth_place", "birth_date"), NotRead("OCR_FIELD_NOT_FOUND"))
    assert cues(seen(sheet(identity()), 620), **nothing)["row_face"].score is None


def test_an_empty_card_tells_nothing():
    blank = RectifiedCard(np.full((637, 1010, 3), 220, dtype=np.uint8), np.eye(3), 11.8, 620.0)
    assert all(not cue.measurable for cue in cues(blank).values())


def test_oddness_follows_bend_and_names_the_odd_one():
    x = np.linspace(-1, 1, 12)
    values = 0.4 * x**2 + 0.1 * x
    values[4] += 1.0
    odd_ = oddness(values, 2, 0.05)
    assert int(np.abs(odd_).argmax()) == 4
    assert odd_[4] > 5
    # The other eleven lie on the curve: what is left is the step over the floor, less for what a fit cannot know.
    assert 12 < left_out(x, values, 4, 2).odd(0.05) < 20.0


def test_the_atlas_is_what_its_script_renders():
    with np.load(ATLAS, allow_pickle=False) as stored:
        for name, face in NIK_FACES.items():
            assert np.array_equal(stored[f"nik_{name}"], digits(*face)), name
        for name, path in VALUE_FACES.items():
            tiles, measures = letters(path)
            assert np.array_equal(stored[f"value_{name}"], tiles), name
            assert np.allclose(stored[f"measures_{name}"], measures)
