"""The figures of benchmarks.fraud as tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.markdown import rate_text, table

_NONE: Mapping[str, Any] = {"n": 0}
_COLUMNS = ("speaks", "speaks_variant", "false_genuine", "false_photographs", "cannot_tell")


def page(result: Mapping[str, Any]) -> str:
    """The tables, Markdown."""
    named, said = result["kinds"], result["ece"]
    limit, people = result["approve_confidence"], result["people"]
    return "\n".join(
        [
            f"Approval needs a confidence of {limit}. {people} people that nothing was fitted on.\n",
            _attacks(result),
            f"Mean over kinds: {100 * named['macro']:.2f} %; together {rate_text(named['together'], with_n=True)}.\n",
            _genuine(result["genuine"]),
            f"Calibration error, {said['prior_genuine']:.0%} genuine: {said['ece']} (n = {said['n']}).\n",
            _cues(result["cues"]),
        ]
    )


def _attacks(result: Mapping[str, Any]) -> str:
    rows = []
    for kind, row in result["kinds"].items():
        if kind not in ("macro", "together"):
            others = (result[key].get(kind, _NONE) for key in ("variant", "left_out"))
            rows.append([kind, row["n"], rate_text(row), *(rate_text(other) for other in others)])
    head = ["attack", "n", "approved, %", "other renderer, %", "kind left out of the fit, %"]
    return table(head, rows)


def _genuine(levels: Mapping[str, Any]) -> str:
    rows = []
    for name, row in levels.items():
        rows.append([name, row["approved"]["n"], rate_text(row["approved"]), rate_text(row["rejected"])])
    return table(["genuine", "n", "approved, %", "rejected, %"], rows)


def _cues(cues: Mapping[str, Any]) -> str:
    """Speaks: the cue alone makes the attack ten times as likely."""
    head = ["attack: cue", "AUC", "other renderer", "speaks, %", "other renderer, %"]
    head += ["falsely on genuine, %", "on photographs, %", "cannot tell, %"]
    rows = []
    for name, row in cues.items():
        areas = ("–" if row[key] is None else f"{row[key]:.3f}" for key in ("auc", "auc_variant"))
        rows.append([name, *areas, *(rate_text(row[key]) for key in _COLUMNS)])
    return table(head, rows)
