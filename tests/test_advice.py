from dataclasses import replace

import numpy as np
import pytest

from kyc_vision.advice import Advice, advice
from kyc_vision.policy import Policy
from kyc_vision.reasons import get
from kyc_vision.types import CardNotFound, Check, Decision, Outcome, Verdict
from tests.fakes import PROBE, QUAD, blank_card, evidence, verification


def advised(*checks: Check, **changes: object) -> dict[str, Advice]:
    verdict = Policy.load().decide(checks, 0.99)
    return {one.code: one for one in advice(verification(verdict=verdict, evidence=evidence(**changes)))}


def failed(code: str, score: float | None = None, threshold: float | None = None, detail: str = "") -> Check:
    return Check("asked", Outcome.FAIL, score, threshold, (code,), detail)


def test_a_small_card_is_told_its_width_and_the_width_that_is_needed_and_where_it_is():
    found = advised(failed("CARD_TOO_SMALL", 240.4, 280.0))["CARD_TOO_SMALL"]
    assert (
        found.text_en == f"The card is 240 pixels wide in the picture, 280 are needed. {get('CARD_TOO_SMALL').next_en}"
    )
    assert found.text_id.startswith("KTP di dalam foto lebarnya 240 piksel, diperlukan 280. ")
    assert found.place == tuple((float(x), float(y)) for x, y in QUAD)


def test_a_cut_off_card_is_told_at_which_side():
    found = advised(failed("CARD_CUT_OFF", 0.2, 0.03, "cut off at the picture's left and bottom"))["CARD_CUT_OFF"]
    assert "di sisi kiri dan bawah foto" in found.text_id
    assert "at the picture's left and bottom" in found.text_en


def test_a_line_that_was_not_read_is_pointed_at_and_a_glaring_spot_instead_where_there_is_one():
    dull = advised(failed("OCR_NAME_UNREADABLE", 0.3, 0.8))["OCR_NAME_UNREADABLE"]
    assert dull.place is not None
    (left, top), _, (right, bottom), _ = dull.place
    assert 0.25 < left / 1010 < right / 1010 < 0.70
    assert 0.24 < top / 637 < 0.277 < bottom / 637 < 0.32
    assert "where it is marked" not in dull.text_en
    card = blank_card()
    card.pixels[300:360, 500:580] = 255
    bright = advised(failed("OCR_NAME_UNREADABLE", 0.3, 0.8), card=card)["OCR_NAME_UNREADABLE"]
    assert bright.place is not None
    assert np.allclose(bright.place, [[500, 300], [580, 300], [580, 360], [500, 360]], atol=1)
    assert bright.text_en.startswith("There is glare on the card where it is marked. ")
    assert "silau" in bright.text_id


def test_a_blurred_picture_points_at_the_face():
    found = advised(failed("QUALITY_BLURRED", 0.1, 0.38))["QUALITY_BLURRED"]
    assert found.place is not None
    assert found.place[0] == PROBE.box[:2]


def test_without_a_card_there_is_no_place():
    nothing = {"location": CardNotFound("CARD_NOT_FOUND"), "card": None, "fields": None}
    assert advised(failed("CARD_NOT_FOUND"), **nothing)["CARD_NOT_FOUND"].place is None


@pytest.mark.parametrize("code", ["FRAUD_PAPER_COPY", "FACE_MISMATCH", "CARD_EXPIRED", "NIK_SEX_MISMATCH"])
def test_what_may_be_an_attack_is_never_coached_even_beside_a_poor_picture(code):
    assert advised(failed(code), replace(failed("CARD_TOO_SMALL", 240.0, 280.0), name="size")) == {}


def test_only_what_customers_may_see_is_advised():
    hidden = replace(failed("FACE_SECOND_OPINION_MISSING"), name="other")
    found = advised(failed("CARD_TOO_SMALL", 240.0, 280.0), hidden)
    assert set(found) == {"CARD_TOO_SMALL"}


def test_an_approved_picture_needs_no_advice():
    assert advice(verification(verdict=Verdict(Decision.APPROVED, 0.99, (), ()))) == ()
