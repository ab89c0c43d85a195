"""The nearest change that would have altered a decision: what a reviewer or an operator asks first."""

from __future__ import annotations

from dataclasses import replace

from kyc_vision.policy import Policy
from kyc_vision.types import Change, Check, Decision, Outcome, Verdict

CONFIDENCE = "confidence"


def nearest_change(verdict: Verdict, policy: Policy) -> Change:
    """The fewest checks that would have had to pass for a better decision; for an approved one the narrowest pass.

    The gravest action decides, so every check that gives a reason of that action has to pass, and no other.
    """
    if verdict.decision is Decision.APPROVED:
        return Change((_narrowest(verdict, policy),), None)
    gravest = policy.action(verdict.reasons[0])
    holding = [check for check in verdict.checks if any(policy.action(code) == gravest for code in check.reasons)]
    names = [check.name for check in holding]
    if "POLICY_LOW_CONFIDENCE" in verdict.reasons:
        names.append(CONFIDENCE)
    checks = tuple(_passed(check) if check in holding else check for check in verdict.checks)
    # Where something was not found there is no confidence yet: found and right, it would be there.
    enough = policy.thresholds.approve_confidence
    return Change(tuple(names), policy.decide(checks, enough).decision)


def _passed(check: Check) -> Check:
    return replace(check, outcome=Outcome.PASS, reasons=())


def _narrowest(verdict: Verdict, policy: Policy) -> str:
    distances = {
        check.name: abs(check.score - check.threshold) / max(abs(check.threshold), 1e-9)
        for check in verdict.checks
        if check.outcome is Outcome.PASS and check.score is not None and check.threshold is not None
    }
    enough = policy.thresholds.approve_confidence
    distances[CONFIDENCE] = (verdict.confidence - enough) / enough
    return min(distances, key=lambda name: distances[name])
