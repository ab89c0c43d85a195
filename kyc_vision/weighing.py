"""Cues → suspicions: what each score is worth, by numbers that were fitted and live in models/calibration.json.

Every way of deceiving (*attack*) has cues of its own. A cue's score has a log-likelihood ratio of that attack against
genuine pictures, a curve that never falls, so that more of a sign never speaks less. The ratios of one attack's cues
are added and, since they are not independent, shrunk by one factor of at most 1. A cue that cannot tell adds nothing.

Source: naive Bayes with a fitted slope, as in Zadrozny & Elkan, Obtaining calibrated probability estimates, ICML 2001;
curves by isotonic regression (Ayer et al., 1955), fitted by ``python -m benchmarks.calibrate_attacks``.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from kyc_vision.types import Cue, Suspicion


@dataclass(frozen=True, slots=True)
class Curve:
    """Score → natural log-likelihood ratio: straight between knots, level beyond them, never falling.

    Attributes:
        scores: of the knots, rising.
        ratios: natural log-likelihood ratios there, never falling.
    """

    scores: tuple[float, ...]
    ratios: tuple[float, ...]

    def __post_init__(self) -> None:
        rises = all(a < b for a, b in zip(self.scores, self.scores[1:], strict=False))
        falls = any(a > b for a, b in zip(self.ratios, self.ratios[1:], strict=False))
        if not self.scores or len(self.scores) != len(self.ratios) or not rises or falls:
            raise ValueError("a curve needs rising scores and ratios that never fall, as many of each")

    def at(self, score: float) -> float:
        """The log-likelihood ratio of a score."""
        return float(np.interp(score, self.scores, self.ratios))


@dataclass(frozen=True, slots=True)
class Attack:
    """One way of deceiving.

    Attributes:
        prior_odds: how often it is expected against genuine pictures, before anything is seen.
        slope: what is left of the sum of its cues' ratios, since they are not independent; above 0, at most 1.
        curves: by cue.
    """

    prior_odds: float
    slope: float
    curves: Mapping[str, Curve]


@dataclass(frozen=True, slots=True)
class AttackModel:
    """All ways of deceiving that are looked for.

    Attributes:
        attacks: by name.
        digest: first 16 hex digits of the SHA-256 of the numbers.
    """

    attacks: Mapping[str, Attack]
    digest: str

    @classmethod
    def load(cls, path: Path) -> AttackModel:
        """Read the fitted numbers.

        Raises:
            ValueError: a curve falls, or has as many scores as ratios not.
        """
        return cls.parse(json.loads(path.read_bytes())["attacks"])

    @classmethod
    def parse(cls, table: Mapping[str, Any]) -> AttackModel:
        """From the section of the file.

        Raises:
            ValueError: a curve falls, or has as many scores as ratios not.
        """
        attacks = {
            name: Attack(
                prior_odds=float(row["prior_odds"]),
                slope=float(row["slope"]),
                curves={cue: Curve(tuple(c["scores"]), tuple(c["ratios"])) for cue, c in row["cues"].items()},
            )
            for name, row in table["kinds"].items()
        }
        return cls(attacks, hashlib.sha256(json.dumps(table, sort_keys=True).encode()).hexdigest()[:16])

    def weigh(self, cues: Sequence[Cue]) -> tuple[Suspicion, ...]:
        """One suspicion for each attack, likeliest first; a cue that was not looked for cannot tell."""
        by_name = {cue.name: cue for cue in cues}
        found = [_suspicion(name, attack, by_name) for name, attack in self.attacks.items()]
        return tuple(sorted(found, key=lambda one: one.odds, reverse=True))


def _suspicion(name: str, attack: Attack, cues: Mapping[str, Cue]) -> Suspicion:
    shares, blind = [], []
    for cue_name, curve in attack.curves.items():
        cue = cues.get(cue_name)
        if cue is None or cue.score is None:
            blind.append(cue_name)
        else:
            shares.append((cue, round(attack.slope * curve.at(cue.score), 4)))
    shares.sort(key=lambda one: one[1], reverse=True)
    log_ratio = round(sum(ratio for _, ratio in shares), 4)
    return Suspicion(name, log_ratio, attack.prior_odds * math.exp(log_ratio), tuple(shares), tuple(blind))
