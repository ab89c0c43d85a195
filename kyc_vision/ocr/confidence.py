"""How likely a value is exactly what is printed, from the readers' own numbers and whether they agree.

A fitted logistic line per kind of value and agreement: readers are sure of what they misread, and how sure differs
with what is read and with who agrees.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from kyc_vision.types import Field, NotRead

_FREE = ("birth_place", "address", "village", "district", "province", "regency", "issue_place")
KINDS = ("nik", "name", "birth_date", "free", "closed")
#: Nothing that was read is stated as impossible.
LEAST = 1e-4
_ODDS_CAP = 1e-4


class Agreement(StrEnum):
    """What the other readers make of the same value."""

    ALONE = "alone"
    AGREE = "agree"
    SPLIT = "split"
    DIFFER = "differ"


def kind_of(name: str) -> str:
    """Values that are alike share a line: nik, name, birth_date; free text; closed vocabularies."""
    if name in ("nik", "name", "birth_date"):
        return name
    return "free" if name in _FREE else "closed"


def agreement(value: Field) -> Agreement:
    """Whether the readings after the first say the same letters and digits."""
    ours, *others = ("".join(c for c in text.upper() if c.isalnum()) for _, text in value.readings or (("", ""),))
    same = [bool(ours) and other == ours for other in others]
    if not same:
        return Agreement.ALONE
    return Agreement.AGREE if all(same) else Agreement.SPLIT if any(same) else Agreement.DIFFER


def log_odds(probability: float) -> float:
    """Natural log of the odds, kept within ±9.2: beyond, readers say the same of all lines."""
    p = min(max(probability, _ODDS_CAP), 1 - _ODDS_CAP)
    return math.log(p / (1 - p))


@dataclass(frozen=True, slots=True)
class ReadingConfidence:
    """Probability that a value is exactly right.

    Attributes:
        lines: of "kind/agreement": intercept and slope on the readers' log odds, and the highest that it may say.
        digest: first 16 hex digits of the file's SHA-256; empty without a file.

    Source: fitted by ``python -m benchmarks.calibrate_reading`` (cards, counts and rates stand in the file).
    """

    lines: Mapping[str, tuple[float, float, float]]
    digest: str = ""

    @classmethod
    def load(cls, path: Path) -> ReadingConfidence:
        """Read the fitted numbers."""
        data = path.read_bytes()
        lines = {key: tuple(row["line"]) for key, row in json.loads(data)["lines"].items()}
        return cls(lines, hashlib.sha256(data).hexdigest()[:16])

    def of(self, name: str, value: Field | NotRead) -> Field | NotRead:
        """The value with its probability in the place of the readers' own number."""
        if isinstance(value, NotRead):
            return value
        intercept, slope, highest = self.lines[f"{kind_of(name)}/{agreement(value)}"]
        score = intercept + slope * log_odds(value.confidence)
        return replace(value, confidence=round(max(LEAST, min(highest, 1 / (1 + math.exp(-score)))), 4))


#: The readers' own numbers as they are: what the lines are fitted on.
RAW = ReadingConfidence({f"{kind}/{way}": (0.0, 1.0, 1.0) for kind in KINDS for way in Agreement})
