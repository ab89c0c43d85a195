"""What a booking system is shown of a verdict: enough to act on, nothing that teaches how to deceive better.

Which sign gave a forgery away, and how strongly, is for reviewers. Here every way of deceiving is one check without a
score, ``authentic``, and one doubt, ``deception``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kyc_vision.reasons import ATTACKS, Audience, public_code

NAMES = frozenset({"file_untouched", *(f"no_{attack}" for attack in ATTACKS)})
_WORST = ("fail", "not_executed", "warn", "pass")


def for_booking(described: Mapping[str, Any]) -> dict[str, Any]:
    """The core's own description with only what a booking system may see."""
    shown = {key: value for key, value in described.items() if key != "suspicions"}
    attacks = [check for check in described["checks"] if check["name"] in NAMES]
    others = [_check(check) for check in described["checks"] if check["name"] not in NAMES]
    change = described["nearest_change"]
    if change is not None:
        names = dict.fromkeys("authentic" if name in NAMES else name for name in change["checks"])
        change = {**change, "checks": list(names)}
    return {
        **shown,
        "reasons": _codes(described["reasons"]),
        "fields_missing": {name: _codes([code])[0] for name, code in described["fields_missing"].items()},
        "checks": [*others, *([_authentic(attacks)] if attacks else [])],
        "doubts": _doubts(described["doubts"]),
        "nearest_change": change,
    }


def _codes(codes: list[str]) -> list[str]:
    """The codes a booking system is shown, each once, in order."""
    return list(dict.fromkeys(public_code(code, Audience.BOOKING) for code in codes))


def _check(check: Mapping[str, Any]) -> dict[str, Any]:
    shown = _codes(check["reasons"])
    hidden = not set(check["reasons"]) <= set(shown)
    return {**check, "reasons": shown, "detail": "" if hidden else check["detail"]}


def _authentic(attacks: list[Mapping[str, Any]]) -> dict[str, Any]:
    outcome = min((check["outcome"] for check in attacks), key=_WORST.index)
    reasons = _codes([code for check in attacks for code in check["reasons"]])
    return {
        "name": "authentic", "outcome": outcome, "score": None, "threshold": None, "reasons": reasons, "detail": "",
    }  # fmt: skip


def _doubts(doubts: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    attacks = [one for one in doubts if one["cause"] in ATTACKS]
    found = [dict(one) for one in doubts if one["cause"] not in ATTACKS]
    if attacks:
        odds = float(f"{sum(one['odds'] for one in attacks):.4g}")
        found.append({"cause": "deception", "odds": odds, "lost": round(sum(one["lost"] for one in attacks), 5)})
    return sorted(found, key=lambda one: one["odds"], reverse=True)
