"""How likely a located card is right, from what network, edges and print say: a fitted logistic model."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from pathlib import Path

from kyc_vision.card.agree import Agreement
from kyc_vision.card.heatmaps import Coarse

#: Residuals are capped here: a print of which nothing agrees has none to state.
MOST_RESIDUAL_MM = 1.0


def features(found: Agreement, seen: Coarse) -> tuple[float, ...]:
    """Intercept, agreement with the comb, edges as a share of four, the least certain corner, presence, residual mm."""
    residual = found.alignment.residual_mm if found.alignment else MOST_RESIDUAL_MM
    return (
        1.0,
        found.print_.score,
        found.edges / 4,
        float(seen.peaks.min()),
        seen.presence,
        min(residual, MOST_RESIDUAL_MM),
    )


@dataclass(frozen=True, slots=True)
class LocationConfidence:
    """Probability that the outline overlaps the card by IoU ≥ 0.9, the right way up.

    Attributes:
        weights: one for each of features().
        digest: first 16 hex digits of the file's SHA-256; empty without a file.

    Source: fitted by ``python -m benchmarks.calibrate_locator`` (pictures, people and rates stand in the file).
    """

    weights: tuple[float, ...]
    digest: str = ""

    @classmethod
    def load(cls, path: Path) -> LocationConfidence:
        """Read the fitted numbers."""
        data = path.read_bytes()
        return cls(tuple(json.loads(data)["weights"]), hashlib.sha256(data).hexdigest()[:16])

    def of(self, found: Agreement, seen: Coarse) -> float:
        """0–1."""
        score = sum(weight * value for weight, value in zip(self.weights, features(found, seen), strict=True))
        return round(1 / (1 + math.exp(-max(-30.0, min(30.0, score)))), 4)
