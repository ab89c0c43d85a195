"""Scores → probabilities, by numbers that were fitted and live in models/calibration.json."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kyc_vision.types import FaceQuality

#: Both engines have to be this sure, each by itself and of different things, to contradict one another: odds 2.7 to 1.
CONTRADICTION_LLR = 1.0


@dataclass(frozen=True, slots=True)
class QualityRange:
    """Within which qualities the calibration was fitted: 98 of 100 faces were; of light, all.

    Attributes:
        height_px, sharpness, contrast: least.
        brightness: least and most.
        yaw: most to either side.
        pitch: least and most.
    """

    height_px: float
    sharpness: float
    contrast: float
    brightness: tuple[float, float]
    yaw: float
    pitch: tuple[float, float]

    @classmethod
    def of(cls, values: Mapping[str, object]) -> QualityRange:
        """From the file."""
        single = {name: float(str(values[name])) for name in ("height_px", "sharpness", "contrast", "yaw")}
        pairs = {name: _pair(values[name]) for name in ("brightness", "pitch")}
        return cls(**single, **pairs)  # type: ignore[arg-type]

    def trust(self, quality: FaceQuality) -> float:
        """1 inside the range; outside, the share of what is needed, multiplied over what is missing."""
        (dark, bright), (up, down) = self.brightness, self.pitch
        parts = (
            quality.height_px / self.height_px,
            quality.sharpness / self.sharpness,
            quality.contrast / self.contrast,
            quality.brightness / dark,
            (255 - quality.brightness) / max(255 - bright, 1e-6),
            self.yaw / max(abs(quality.yaw), 1e-6),
            quality.pitch / up,
            (1 - quality.pitch) / max(1 - down, 1e-6),
        )
        return math.prod(min(1.0, max(0.0, part)) for part in parts)


@dataclass(frozen=True, slots=True)
class FaceCalibration:
    """Logistic models of *same person*, at even prior odds.

    Attributes:
        sface: intercept and weight of the similarity.
        dlib: intercept and weight of dlib's distance.
        sface_dlib: intercept, weight of the similarity, weight of dlib's distance.
        band: similarities from which, and to which, a second opinion is asked.
        quality: what the faces were like that this was fitted on.
        digest: first 16 hex digits of the file's SHA-256.

    Source: Platt, Probabilistic outputs for support vector machines, 1999; fitted by
    ``python -m benchmarks.calibrate_faces`` (people, pairs and rates stand in the file).
    """

    sface: tuple[float, float]
    dlib: tuple[float, float]
    sface_dlib: tuple[float, float, float]
    band: tuple[float, float]
    quality: QualityRange
    digest: str

    @classmethod
    def load(cls, path: Path) -> FaceCalibration:
        """Read the fitted numbers."""
        data = path.read_bytes()
        face = json.loads(data)["face"]
        c, d, e = face["sface_dlib"]
        return cls(
            sface=_pair(face["sface"]),
            dlib=_pair(face["dlib"]),
            sface_dlib=(c, d, e),
            band=_pair(face["band"]),
            quality=QualityRange.of(face["quality"]),
            digest=hashlib.sha256(data).hexdigest()[:16],
        )

    def in_doubt(self, similarity: float) -> bool:
        """Whether the similarity lies in the band where a second opinion is asked."""
        return self.band[0] <= similarity <= self.band[1]

    def contradicts(self, similarity: float, second_distance: float) -> bool:
        """Whether each engine by itself is sure, and of the opposite."""
        first = self.sface[0] + self.sface[1] * similarity
        second = self.dlib[0] + self.dlib[1] * second_distance
        return first * second < 0 and min(abs(first), abs(second)) > CONTRADICTION_LLR

    def trust(self, probe: FaceQuality, reference: FaceQuality) -> float:
        """How far the comparison of two such faces is what was fitted: 1 within the range, towards 0 outside."""
        return self.quality.trust(probe) * self.quality.trust(reference)

    def probability(self, similarity: float, second_distance: float | None, trust: float = 1.0) -> float:
        """Probability that both faces are one person's, at even prior odds.

        Evidence *for* one person is worth less the worse the faces are seen; evidence against is left as it is, so
        that quality never raises the probability. (What is against is then held against nobody: see the checks.)
        """
        if second_distance is None:
            llr = self.sface[0] + self.sface[1] * similarity
        else:
            a, b, c = self.sface_dlib
            llr = a + b * similarity + c * second_distance
        return _logistic(llr * trust if llr > 0 else llr)


def _pair(values: object) -> tuple[float, float]:
    if not isinstance(values, list) or len(values) != 2:
        raise ValueError(f"two numbers were expected, not {values!r}")
    return float(values[0]), float(values[1])


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, x))))
