import pytest

from tests.checks.asked import NO_CARD, NOT_EXECUTED, PASS, WARN, answer, answers
from tests.fakes import limits, print_cue

NAMES = ("nik_typeface", "nik_digit", "row_grid", "row_face")


@pytest.mark.parametrize("name", NAMES)
def test_a_cue_above_its_threshold_warns_and_says_where(name):
    limit = getattr(limits(), f"max_{name}")
    check = answers(cues=(print_cue("nik_typeface", -9.0), print_cue(name, limit + 0.01)))["print_consistent"]
    assert (check.outcome, check.reasons) == (WARN, ("FRAUD_PRINT_INCONSISTENT",))
    assert (check.score, check.threshold) == (limit + 0.01, limit)
    assert f"{name}: digit 3 of 16" in check.detail
    assert answer("print_consistent", cues=(print_cue(name, limit),)) == (PASS, ())


def test_where_nothing_can_be_told_the_check_is_no_pass():
    blind = tuple(print_cue(name, None) for name in NAMES)
    assert answer("print_consistent", cues=blind) == (NOT_EXECUTED, ("CARD_PRINT_UNKNOWN",))
    assert answer("print_consistent", cues=()) == (NOT_EXECUTED, ("CARD_PRINT_UNKNOWN",))


def test_what_cannot_be_told_is_said_beside_a_pass():
    check = answers(cues=(print_cue(score=-1.0), print_cue("row_grid", None)))["print_consistent"]
    assert (check.outcome, check.detail) == (PASS, "1 of 2 cues cannot tell")


def test_without_a_card_the_print_is_not_asked():
    assert answer("print_consistent", **NO_CARD)[0] is NOT_EXECUTED
