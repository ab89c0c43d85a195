"""Scores → probabilities, by numbers that were fitted and live in models/calibration.json."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FaceCalibration:
    """Logistic models of *same person*, at even prior odds.

    Attributes:
        sface: intercept and weight of the similarity.
        sface_dlib: intercept, weight of the similarity, weight of dlib's distance.
        band: similarities from which, and to which, a second opinion is asked.
        digest: first 16 hex digits of the file's SHA-256.

    Source: Platt, Probabilistic outputs for support vector machines, 1999; fitted by
    ``python -m benchmarks.calibrate_faces`` (people, pairs and rates stand in the file).
    """

    sface: tuple[float, float]
    sface_dlib: tuple[float, float, float]
    band: tuple[float, float]
    digest: str

    @classmethod
    def load(cls, path: Path) -> FaceCalibration:
        """Read the fitted numbers."""
        data = path.read_bytes()
        face = json.loads(data)["face"]
        a, b = face["sface"]
        c, d, e = face["sface_dlib"]
        low, high = face["band"]
        return cls((a, b), (c, d, e), (low, high), hashlib.sha256(data).hexdigest()[:16])

    def in_doubt(self, similarity: float) -> bool:
        """Whether the similarity lies in the band where a second opinion is asked."""
        return self.band[0] <= similarity <= self.band[1]

    def probability(self, similarity: float, second_distance: float | None) -> float:
        """Probability that both faces are one person's, at even prior odds."""
        if second_distance is None:
            a, b = self.sface
            return _logistic(a + b * similarity)
        a, b, c = self.sface_dlib
        return _logistic(a + b * similarity + c * second_distance)


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, x))))
