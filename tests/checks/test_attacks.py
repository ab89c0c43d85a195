from dataclasses import replace

import pytest

from kyc_vision.policy import Policy
from kyc_vision.reasons import ATTACKS
from kyc_vision.types import Cue, Decision, FaceNotFound, NotRead
from tests.checks.asked import FAIL, LIMITS, NO_CARD, NOT_EXECUTED, PASS, answer, answers, fields_with
from tests.fakes import quality, quiet


def suspected(attack: str, **changes):
    return tuple(replace(one, **changes) if one.attack == attack else one for one in quiet())


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_that_takes_more_than_approval_leaves_is_named(attack):
    limit = answers()[f"no_{attack}"].threshold
    assert limit is not None
    over, under = 1.02 * limit / (1 - limit), 0.98 * limit / (1 - limit)
    assert answer(f"no_{attack}", suspicions=suspected(attack, odds=over)) == (FAIL, (ATTACKS[attack],))
    assert answer(f"no_{attack}", suspicions=suspected(attack, odds=under)) == (PASS, ())
    others = {name for name in answers(suspicions=suspected(attack, odds=over)) if name.startswith("no_")}
    assert others == {f"no_{one}" for one in ATTACKS}


@pytest.mark.parametrize("attack", ATTACKS)
def test_where_no_cue_could_tell_nobody_is_called_innocent(attack):
    blind = suspected(attack, shares=(), blind=("moire",), odds=0.0001)
    assert answer(f"no_{attack}", suspicions=blind) == (NOT_EXECUTED, ("FRAUD_CANNOT_TELL",))
    assert answer(f"no_{attack}", suspicions=()) == (NOT_EXECUTED, ("FRAUD_CANNOT_TELL",))


def test_the_limit_is_what_the_approving_confidence_leaves():
    assert answers()["no_colour_copy"].threshold == pytest.approx(1 - LIMITS.approve_confidence)


@pytest.mark.parametrize(("score", "expected"), [(None, PASS), (0.0, PASS), (0.5, PASS), (1.0, FAIL), (2.0, FAIL)])
def test_a_file_that_names_an_editor_or_is_a_screenshot_goes_to_a_person_and_a_silent_one_does_not(score, expected):
    check = answers(cues=(Cue("file_facts", score),))["file_untouched"]
    assert (check.outcome, check.reasons) == (expected, ("FRAUD_FILE_EDITED",) if expected is FAIL else ())
    assert answer("file_untouched", cues=()) == (PASS, ())


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"quality": quality(brightness=9.0)}, "QUALITY_TOO_DARK"), (NO_CARD, "CARD_NOT_FOUND")],
    ids=["dark", "no card"],
)
def test_where_no_card_is_shown_or_seen_nobody_is_accused(changes, code):
    changes = {**changes, "suspicions": suspected("paper_face", odds=5.0)}
    for attack in ATTACKS:
        assert answer(f"no_{attack}", **changes) == (NOT_EXECUTED, (code,))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"match": FaceNotFound("FACE_REFERENCE_NOT_FOUND")}, "FACE_REFERENCE_NOT_FOUND"),
        (fields_with(nik=NotRead("OCR_NIK_UNREADABLE")), "OCR_NIK_UNREADABLE"),
        ({"quality": quality(card_width_px=279.0)}, "CARD_TOO_SMALL"),
    ],
    ids=["no portrait", "no NIK", "too small"],
)
def test_on_a_useless_card_a_likely_attack_is_named_and_what_cannot_tell_asks_for_another_picture(changes, code):
    likely = suspected("selfie_on_screen", odds=5.0)
    assert answer("no_selfie_on_screen", suspicions=likely, **changes) == (FAIL, ("FRAUD_SELFIE_ON_SCREEN",))
    blind = suspected("selfie_on_screen", shares=(), blind=("moire_scene",))
    assert answer("no_selfie_on_screen", suspicions=blind, **changes) == (NOT_EXECUTED, (code,))
    # The print's own signs are fitted on legible cards.
    blurred = suspected("portrait_replaced", odds=5.0)
    assert answer("no_portrait_replaced", suspicions=blurred, **changes) == (NOT_EXECUTED, (code,))


def test_a_likely_attack_on_an_unreadable_card_goes_to_a_person_and_is_given_no_advice():
    found = answers(
        **fields_with(nik=NotRead("OCR_NIK_UNREADABLE")), suspicions=suspected("selfie_on_screen", odds=5.0)
    )
    assert Policy.load().decide(tuple(found.values()), 0.0).decision is Decision.REVIEW
