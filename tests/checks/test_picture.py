from dataclasses import replace

import numpy as np
import pytest

from kyc_vision.types import (
    CardNotFound,
    FaceNotFound,
    NotRead,
)
from tests.checks.asked import FAIL, NO_CARD, NOT_EXECUTED, PASS, answer, answers
from tests.fakes import (
    QUAD,
    card_fields,
    location,
    quality,
)


def test_a_dark_picture_fails_even_when_all_was_read():
    dark = {"quality": quality(brightness=29.9)}
    assert answer("light", **dark) == (FAIL, ("QUALITY_TOO_DARK",))
    assert answer("light", quality=quality(brightness=30.0)) == (PASS, ())


@pytest.mark.parametrize(
    ("name", "poor", "code"),
    [
        ("light", quality(brightness=240.0), "QUALITY_TOO_BRIGHT"),
        ("sharpness", quality(sharpness=0.19), "QUALITY_BLURRED"),
    ],
)
def test_glare_and_blur_fail_only_where_something_was_not_found_or_read(name, poor, code):
    assert answer(name, quality=poor)[0] is PASS
    assert answer(name, quality=poor, match=FaceNotFound("FACE_REFERENCE_NOT_FOUND")) == (FAIL, (code,))
    unread = card_fields(nik=NotRead("OCR_NIK_UNREADABLE"))
    assert answer(name, quality=poor, fields=unread) == (FAIL, (code,))


def test_without_a_card_its_checks_are_not_executed_and_never_a_pass():
    found = answers(**NO_CARD)
    assert (found["card_found"].outcome, found["card_found"].reasons) == (FAIL, ("CARD_NOT_FOUND",))
    for name in ("card_in_frame", "card_size", "card_colour", "nik_read", "name_read", "birth_date_read"):
        assert found[name].outcome is NOT_EXECUTED, name
        assert found[name].reasons == ("CARD_NOT_FOUND",)
        assert found[name].detail
    for name in ("card_valid", "of_age"):
        assert (found[name].outcome, found[name].reasons) == (NOT_EXECUTED, ("CARD_NOT_FOUND",)), name
    for name in ("nik_consistent", "second_reader", "portrait", "face_match", "second_opinion"):
        assert found[name].outcome is NOT_EXECUTED, name


def test_why_the_card_was_not_found_is_kept():
    assert answer("card_found", **{**NO_CARD, "location": CardNotFound("CARD_NOT_EKTP")})[1] == ("CARD_NOT_EKTP",)


def test_an_uncertain_place_is_said_to_be_uncertain():
    assert answer("card_found", location=location(confidence=0.29)) == (FAIL, ("CARD_UNSURE",))
    assert answer("card_found", location=location(confidence=0.3))[0] is PASS


def test_a_card_may_reach_over_the_border_by_a_few_hundredths_of_its_width():
    # 428 px wide: 3 % are 12.8 px. The picture is 800 × 600: its last pixels are 799 and 599.
    for shift, outcome in (([-112, 0], PASS), ([-114, 0], FAIL), ([0, 41], PASS), ([0, 43], FAIL), ([280, 0], PASS)):
        moved = location(quad=(QUAD + shift).astype(np.float32))
        codes = ("CARD_CUT_OFF",) if outcome is FAIL else ()
        assert answer("card_in_frame", location=moved) == (outcome, codes), shift
    cut = answers(location=location(quad=QUAD - [121, 0]))["card_in_frame"]
    assert cut.score == pytest.approx(21 / 428, abs=1e-4)
    assert cut.detail == "cut off at the picture's left"


def test_a_card_that_is_no_ektp_is_pointed_at() -> None:
    other = CardNotFound("CARD_NOT_EKTP", 0, ((10.2, 20.0), (90.0, 21.0), (89.0, 70.0), (11.0, 69.6)))
    check = answers(**{**NO_CARD, "location": other})["card_found"]
    assert (check.outcome, check.reasons) == (FAIL, ("CARD_NOT_EKTP",))
    assert check.detail == "another card is at (10, 20), (90, 21), (89, 70), (11, 70)"


def test_a_second_card_is_a_failure() -> None:
    assert answer("one_card", location=replace(location(), several=True)) == (FAIL, ("CARD_SEVERAL",))
    assert answer("one_card", location=location()) == (PASS, ())


def test_a_card_too_small_to_be_read_fails():
    assert answer("card_size", quality=quality(card_width_px=279.9)) == (FAIL, ("CARD_TOO_SMALL",))
    assert answer("card_size", quality=quality(card_width_px=280.0))[0] is PASS


def test_a_grey_card_in_a_coloured_scene_is_a_copy():
    grey = quality(card_colour=5.9)
    assert answer("card_colour", quality=grey) == (FAIL, ("FRAUD_MONOCHROME_COPY",))


def test_a_grey_card_in_a_grey_or_dark_scene_is_not_judged_and_does_not_pass():
    grey_scene = quality(card_colour=1.0, scene_colour=5.9)
    assert answer("card_colour", quality=grey_scene) == (NOT_EXECUTED, ("FRAUD_COLOUR_UNKNOWN",))
    dark_scene = quality(card_colour=1.0, brightness=10.0)
    assert answer("card_colour", quality=dark_scene) == (NOT_EXECUTED, ("QUALITY_TOO_DARK",))
