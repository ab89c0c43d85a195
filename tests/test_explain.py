from hypothesis import given
from hypothesis import strategies as st

from kyc_vision.explain import nearest_change
from kyc_vision.policy import Action, Policy
from kyc_vision.types import Change, Check, Decision, Outcome
from tests.test_policy import GRAVITY, some_checks

POLICY = Policy.load()
ENOUGH = POLICY.thresholds.approve_confidence


def failed(name: str, *codes: str) -> Check:
    return Check(name, Outcome.FAIL, reasons=codes)


def nearest(*checks: Check, confidence: float = 0.999) -> Change:
    return nearest_change(POLICY.decide(checks, confidence), POLICY)


def test_the_check_that_holds_the_gravest_action_is_named_and_what_would_be_left():
    assert nearest(failed("size", "CARD_TOO_SMALL")) == Change(("size",), Decision.APPROVED)
    both = nearest(failed("size", "CARD_TOO_SMALL"), failed("attack", "FRAUD_PAPER_COPY"))
    assert both == Change(("attack",), Decision.RETAKE)


def test_low_confidence_is_named_where_nothing_else_stood_in_the_way():
    assert nearest(confidence=ENOUGH - 0.01) == Change(("confidence",), Decision.APPROVED)


def test_of_an_approved_one_the_narrowest_pass_is_named():
    wide, narrow = Check("wide", Outcome.PASS, 9.0, 1.0), Check("narrow", Outcome.PASS, 1.0005, 1.0)
    assert nearest(wide, narrow, confidence=0.9999) == Change(("narrow",), None)
    assert nearest(wide, confidence=ENOUGH) == Change(("confidence",), None)


@given(some_checks(), st.floats(0, 1))
def test_what_is_named_alters_the_decision_for_the_better(checks, confidence):
    verdict = POLICY.decide(checks, confidence)
    change = nearest_change(verdict, POLICY)
    asked = any("POLICY_PERSON_REQUESTED" in check.reasons for check in checks)
    if verdict.decision is not Decision.APPROVED and not asked:
        assert change.decision is not None
        assert GRAVITY.index(change.decision) < GRAVITY.index(verdict.decision)
        gravest = POLICY.action(verdict.reasons[0])
        holding = {check.name for check in checks if any(POLICY.action(code) is gravest for code in check.reasons)}
        assert holding == set(change.checks) - {"confidence"}
        assert gravest is not Action.NOTE
