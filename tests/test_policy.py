from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_vision.policy import DEFAULT, Action, Policy
from kyc_vision.reasons import CANNOT_VERIFY, REASONS
from kyc_vision.types import Check, Decision, Outcome

COMMITTED = Policy.load()
POLICY = replace(COMMITTED, thresholds=replace(COMMITTED.thresholds, approve_confidence=0.9))
#: Lightest first.
GRAVITY = (Decision.APPROVED, Decision.RETAKE, Decision.REVIEW, Decision.REJECTED)
CODES = sorted(POLICY.actions)
#: What a machine found, whoever asked for a person.
JUDGED = [code for code in CODES if code != "POLICY_PERSON_REQUESTED"]
BY_ACTION = {action: [code for code in CODES if POLICY.action(code) is action] for action in Action}
unit = st.floats(0, 1)


def failed(*codes: str, outcome: Outcome = Outcome.FAIL) -> Check:
    return Check("asked", outcome, reasons=codes)


def decide(*checks: Check, confidence: float = 0.97):
    return POLICY.decide(checks, confidence)


@st.composite
def some_checks(draw, largest: int = 6):
    """Any checks that keep the rule: no reason on a pass, at least one on everything else."""
    answers = []
    for number in range(draw(st.integers(0, largest))):
        outcome = draw(st.sampled_from(Outcome))
        codes = draw(st.lists(st.sampled_from(CODES), min_size=1, max_size=3, unique=True))
        answers.append(Check(f"check_{number}", outcome, reasons=() if outcome is Outcome.PASS else tuple(codes)))
    return tuple(answers)


def test_without_a_finding_good_evidence_is_approved():
    verdict = decide(Check("asked", Outcome.PASS))
    assert (verdict.decision, verdict.reasons) == (Decision.APPROVED, ())
    assert verdict.confidence == 0.97


@pytest.mark.parametrize(
    ("actions", "decision"),
    [
        (["note"], Decision.APPROVED),
        (["note", "retake"], Decision.RETAKE),
        (["retake", "review"], Decision.REVIEW),
        (["review", "retake", "reject", "note"], Decision.REJECTED),
    ],
)
def test_the_gravest_action_decides(actions, decision):
    codes = [BY_ACTION[Action(action)][0] for action in actions]
    one_check, many_checks = decide(failed(*codes)), decide(*(failed(code) for code in reversed(codes)))
    assert one_check.decision is many_checks.decision is decision
    # The gravest first, whatever the order of the checks.
    order = [list(Action).index(POLICY.action(code)) for code in many_checks.reasons]
    assert order == sorted(order)
    assert set(many_checks.reasons) == set(codes)


@pytest.mark.parametrize("outcome", [Outcome.WARN, Outcome.FAIL, Outcome.NOT_EXECUTED])
def test_a_reason_leads_to_its_action_whatever_the_outcome(outcome):
    assert decide(failed(BY_ACTION[Action.REVIEW][0], outcome=outcome)).decision is Decision.REVIEW


def test_a_reason_that_the_policy_forgot_goes_to_a_person():
    forgetful = replace(POLICY, actions={})
    assert forgetful.decide((failed("FACE_MISMATCH"),), 0.97).decision is Decision.REVIEW


def test_approval_needs_confidence():
    verdict = decide(confidence=0.89)
    assert verdict.decision is Decision.REVIEW
    assert verdict.reasons == ("POLICY_LOW_CONFIDENCE",)
    assert decide(confidence=0.9).decision is Decision.APPROVED


def test_low_confidence_is_no_second_reason_where_there_is_one():
    assert decide(failed("CARD_TOO_SMALL"), confidence=0.1).reasons == ("CARD_TOO_SMALL",)


def test_who_asks_for_a_person_is_neither_refused_nor_sent_round_by_a_machine():
    asked = failed("POLICY_PERSON_REQUESTED", outcome=Outcome.WARN)
    for code in (BY_ACTION[Action.REJECT][0], BY_ACTION[Action.RETAKE][0]):
        assert decide(failed(code)).decision is not Decision.REVIEW
        assert decide(failed(code), asked).decision is Decision.REVIEW
    assert decide(asked).decision is Decision.REVIEW


@given(unit, some_checks())
def test_no_approval_is_refused_without_a_reason_and_none_given_against_one(confidence, checks):
    verdict = POLICY.decide(checks, confidence)
    assert verdict.confidence == confidence
    assert verdict.checks == checks
    given_codes = {code for check in checks for code in check.reasons}
    assert given_codes <= set(verdict.reasons) <= given_codes | {"POLICY_LOW_CONFIDENCE"}
    assert len(set(verdict.reasons)) == len(verdict.reasons)
    weighty = [code for code in verdict.reasons if POLICY.action(code) is not Action.NOTE]
    assert (verdict.decision is Decision.APPROVED) == (not weighty)
    if verdict.decision is Decision.APPROVED:
        assert verdict.confidence >= 0.9


@given(unit, some_checks(), st.lists(st.sampled_from(JUDGED), min_size=1, max_size=3, unique=True))
def test_a_further_failure_lightens_no_decision(confidence, checks, codes):
    before, after = POLICY.decide(checks, confidence), POLICY.decide((*checks, failed(*codes)), confidence)
    # Low confidence may have sent it to a person; a reason of its own then speaks instead.
    if "POLICY_LOW_CONFIDENCE" not in before.reasons:
        assert GRAVITY.index(after.decision) >= GRAVITY.index(before.decision)


@given(unit, some_checks())
def test_the_order_of_the_checks_decides_nothing(confidence, checks):
    one, other = POLICY.decide(checks, confidence), POLICY.decide(checks[::-1], confidence)
    assert (one.decision, one.confidence, set(one.reasons)) == (other.decision, other.confidence, set(other.reasons))


@given(some_checks())
def test_a_failure_that_is_no_note_is_never_approved(checks):
    verdict = POLICY.decide(checks, 0.97)
    grave = [c for check in checks for c in check.reasons if POLICY.action(c) is not Action.NOTE]
    assert (verdict.decision is Decision.APPROVED) == (not grave)


def written(tmp_path: Path, old: str, new: str) -> Path:
    text = DEFAULT.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "policy.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_the_committed_policy_loads_and_says_what_it_is():
    assert COMMITTED.version
    assert len(COMMITTED.digest) == 16
    assert COMMITTED.thresholds.reject_face_probability < COMMITTED.thresholds.approve_face_probability
    assert COMMITTED.thresholds.min_brightness < COMMITTED.thresholds.max_brightness


def test_another_policy_has_another_digest(tmp_path: Path):
    path = written(tmp_path, "approve_confidence = 0.9115", "approve_confidence = 0.91")
    assert Policy.load(path).digest != COMMITTED.digest
    assert Policy.load(path).thresholds.approve_confidence == 0.91


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("min_brightness =", "min_lightness =", "min_lightness"),
        ("min_brightness =", "# min_brightness =", "min_brightness"),
        ("FACE_MISMATCH =", "FACE_ON_FIRE =", "FACE_ON_FIRE"),
        ('FACE_MISMATCH = "reject"', 'FACE_MISMATCH = "arrest"', "arrest"),
    ],
    ids=["unknown threshold", "missing threshold", "unknown reason", "unknown action"],
)
def test_a_policy_that_does_not_fit_the_code_is_refused(old, new, named, tmp_path: Path):
    with pytest.raises(ValueError, match=named):
        Policy.load(written(tmp_path, old, new))


def test_a_policy_without_an_action_for_a_reason_is_refused(tmp_path: Path):
    with pytest.raises(ValueError, match="FACE_MISMATCH"):
        Policy.load(written(tmp_path, "FACE_MISMATCH =", "# FACE_MISMATCH ="))


def test_what_looks_like_an_attack_is_never_answered_with_a_retake():
    for code in REASONS.keys() - {CANNOT_VERIFY}:
        if code.startswith("FRAUD_"):
            assert COMMITTED.action(code) in (Action.REVIEW, Action.REJECT), code
