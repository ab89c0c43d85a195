"""How sure is it that the card is genuine, was read right and is this person's? One number, and what it lost by what.

Everything that may be untrue is a *doubt* with its odds against all being as it seems: another person (the faces'
likelihood ratio), a misread NIK or name (the readers' probabilities), each way of deceiving (its cues), a number that
contradicts the print. Since they exclude one another as explanations, their odds add; the confidence is what remains.
More of any doubt can only lower it. One fitted logistic map on top corrects what the parts get wrong together.

Source: Bayes' rule with named alternatives; the map is Platt's (1999), fitted by ``python -m
benchmarks.calibrate_attacks`` at the prior that stands in models/calibration.json.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kyc_vision.types import Check, Doubt, Evidence, FaceMatch, Field, Outcome, Suspicion

#: A genuine card whose number contradicts its print: 1 of 23 real prints (measured, November 2026).
GENUINE_CONTRADICTIONS = 1 / 23
#: No number is surer than this, whatever the parts say: the best of them were fitted on some thousand pictures.
_MOST = 0.9999


@dataclass(frozen=True, slots=True)
class Parts:
    """What is known apart from the attacks.

    Attributes:
        same_person: probability, at even prior odds, that both faces are one person's.
        nik_right, name_right: probability that each was read right.
        contradicts: whether the number contradicts the date or the sex printed beside it.
    """

    same_person: float
    nik_right: float
    name_right: float
    contradicts: bool

    @classmethod
    def of(cls, evidence: Evidence, checks: Sequence[Check]) -> Parts | None:
        """From the evidence; None where faces, NIK or name are missing."""
        fields, match = evidence.fields, evidence.match
        if fields is None or not isinstance(match, FaceMatch):
            return None
        if not isinstance(fields.nik, Field) or not isinstance(fields.name, Field):
            return None
        contradicts = any(one.name == "nik_consistent" and one.outcome is Outcome.FAIL for one in checks)
        return cls(match.probability, fields.nik.confidence, fields.name.confidence, contradicts)


@dataclass(frozen=True, slots=True)
class ConfidenceModel:
    """Doubts → confidence.

    Attributes:
        impostor_odds: another person's card against a genuine case, before anything is seen.
        contradiction_odds: the same of a card whose printed date or sex was changed.
        intercept, slope: of the log-odds; slope above 0.
        digest: first 16 hex digits of the SHA-256 of the numbers.
    """

    impostor_odds: float
    contradiction_odds: float
    intercept: float
    slope: float
    digest: str

    def __post_init__(self) -> None:
        if self.slope <= 0 or min(self.impostor_odds, self.contradiction_odds) <= 0:
            raise ValueError("slope and prior odds are above 0: else a greater doubt could raise the confidence")

    @classmethod
    def load(cls, path: Path) -> ConfidenceModel:
        """Read the fitted numbers.

        Raises:
            ValueError: a greater doubt could raise the confidence.
        """
        return cls.parse(json.loads(path.read_bytes())["confidence"])

    @classmethod
    def parse(cls, row: Mapping[str, Any]) -> ConfidenceModel:
        """From the section of the file.

        Raises:
            ValueError: a greater doubt could raise the confidence.
        """
        intercept, slope = row["platt"]
        return cls(
            impostor_odds=float(row["impostor_odds"]),
            contradiction_odds=float(row["contradiction_odds"]),
            intercept=float(intercept),
            slope=float(slope),
            digest=hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()[:16],
        )

    def doubts(self, parts: Parts | None, suspicions: Sequence[Suspicion]) -> tuple[Doubt, ...]:
        """Every doubt, most first; empty where faces, NIK or name are missing: then there is no such estimate."""
        if parts is None:
            return ()
        odds = {
            "another_person": self.impostor_odds * _against(parts.same_person),
            "nik_misread": _against(parts.nik_right),
            "name_misread": _against(parts.name_right),
            **{one.attack: one.odds for one in suspicions},
        }
        if parts.contradicts:
            odds["number_contradicts"] = self.contradiction_odds / GENUINE_CONTRADICTIONS
        lost = 1 - self._confidence(sum(odds.values()))
        total = sum(odds.values())
        doubts = [Doubt(cause, value, round(lost * value / total, 5)) for cause, value in odds.items()]
        return tuple(sorted(doubts, key=lambda one: one.odds, reverse=True))

    def confidence(self, doubts: Sequence[Doubt]) -> float:
        """0–1; 0 where there are no doubts, since then nothing was there to doubt."""
        return round(self._confidence(sum(one.odds for one in doubts)), 4) if doubts else 0.0

    def _confidence(self, odds_against: float) -> float:
        logit = self.intercept - self.slope * math.log(max(odds_against, 1e-12))
        return min(_MOST, 1 / (1 + math.exp(-max(-60.0, min(60.0, logit)))))


def _against(probability: float) -> float:
    """Odds against something of this probability; bounded, so that a certain no is still a number."""
    return (1 - probability) / max(probability, 1e-9)
