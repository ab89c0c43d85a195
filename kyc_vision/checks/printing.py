"""Questions to the print itself."""

from __future__ import annotations

from kyc_vision.checks.question import Question, no_card
from kyc_vision.types import Check, Outcome


def print_consistent(q: Question) -> Check:
    """Is the print set as a card's is, and no part of it unlike the rest?"""
    if q.evidence.card is None:
        return no_card("print_consistent")
    limits = {cue.name: float(getattr(q.limits, f"max_{cue.name}")) for cue in q.evidence.cues}
    odd = [cue for cue in q.evidence.cues if cue.score is not None and cue.score > limits[cue.name]]
    if odd:
        detail = "; ".join(f"{cue.name}: {cue.detail}" for cue in odd)
        first = odd[0]
        limit = limits[first.name]
        return Check("print_consistent", Outcome.WARN, first.score, limit, ("FRAUD_PRINT_INCONSISTENT",), detail)
    blind = [cue for cue in q.evidence.cues if not cue.measurable]
    if len(blind) == len(q.evidence.cues):
        detail = blind[0].detail if blind else "it was not looked at"
        return Check("print_consistent", Outcome.NOT_EXECUTED, None, None, ("CARD_PRINT_UNKNOWN",), detail)
    detail = f"{len(blind)} of {len(q.evidence.cues)} cues cannot tell" if blind else ""
    return Check("print_consistent", Outcome.PASS, detail=detail)
