from dataclasses import replace

import pytest

from kyc_vision.reasons import ATTACKS
from tests.checks.asked import FAIL, LIMITS, NOT_EXECUTED, PASS, answer, answers
from tests.fakes import quiet


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
