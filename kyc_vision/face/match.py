"""The live face against the card's portrait."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision.face.quality import face_quality
from kyc_vision.geometry import apply_homography, centre, contains, corners
from kyc_vision.layout import PORTRAIT_MM
from kyc_vision.types import (
    Box,
    CardLocation,
    Face,
    FaceMatch,
    FaceNotFound,
    FaceQuality,
    Image,
    Pixels,
    RectifiedCard,
    SecondOpinion,
)

#: Looked at around the printed portrait box, for print float and location error.
PORTRAIT_MARGIN_MM = 3.0
#: The portrait's face is about 150 px high on the rectified card; enlarged by so much the detector sees its landmarks
#: at the first look, and need not look again (detect.REFINE_BELOW_PX): half the time.
PORTRAIT_ENLARGED = 1.4
#: A live face smaller than this share of the selfie's shorter side is a bystander or a picture on a wall.
MIN_PROBE_SHARE = 0.06
#: And smaller than this it shows too little: at 40–50 px 15 % of true matches are lost (docs/decisions/0003).
MIN_PROBE_PX = 50.0


class Detector(Protocol):
    """Finds faces in RGB pixels, largest first."""

    def detect(self, pixels: Pixels, *, at_least: int = 1) -> tuple[Face, ...]:
        """Faces, largest first; searched in quarter turns when fewer than at_least are upright."""


class Embedder(Protocol):
    """Turns a face into a unit vector."""

    def embed(self, pixels: Pixels, face: Face) -> NDArray[np.float32]:
        """The vector of a face in RGB pixels."""


class SecondEmbedder(Embedder, Protocol):
    """An engine that may be missing."""

    name: str

    def missing(self) -> str:
        """Why it cannot run here; empty when it can."""


class FaceCalibration(Protocol):
    """Turns scores into a probability."""

    def in_doubt(self, similarity: float) -> bool:
        """Whether the similarity lies in the band where a second opinion is asked."""

    def contradicts(self, similarity: float, second_distance: float) -> bool:
        """Whether both engines are sure, and of the opposite."""

    def trust(self, probe: FaceQuality, reference: FaceQuality) -> float:
        """How far such faces are what was fitted, 0–1."""

    def probability(self, similarity: float, second_distance: float | None, trust: float = 1.0) -> float:
        """Probability that both faces are one person's, at even prior odds."""


@dataclass(frozen=True, slots=True)
class FaceMatcher:
    """Chooses probe and reference by geometry, and compares them."""

    detector: Detector
    embedder: Embedder
    second: SecondEmbedder
    calibration: FaceCalibration

    def match(
        self, selfie: Image, faces: tuple[Face, ...], location: CardLocation, card: RectifiedCard
    ) -> FaceMatch | FaceNotFound:
        """Compare the largest face outside the card with the face in the card's portrait box."""
        probe = self.find_probe(selfie, faces, location)
        if probe is None:
            beside = any(not contains(location.quad, centre(face.box)) for face in faces)
            return FaceNotFound("FACE_TOO_SMALL" if beside else "FACE_NOT_FOUND")
        reference = self.find_reference(card)
        if reference is None:
            return FaceNotFound("FACE_REFERENCE_NOT_FOUND")
        similarity = float(self.embedder.embed(selfie.pixels, probe) @ self.embedder.embed(card.pixels, reference))
        second = self._second_opinion(similarity, selfie, probe, card, reference)
        height_px = reference.box[3] * card.source_width_px / card.pixels.shape[1]
        probe_quality = face_quality(selfie.pixels, probe, probe.box[3])
        reference_quality = face_quality(card.pixels, reference, height_px)
        trust = self.calibration.trust(probe_quality, reference_quality)
        return FaceMatch(
            probe=probe,
            reference=_in_selfie(reference, card),
            reference_height_px=height_px,
            similarity=similarity,
            probability=self.calibration.probability(similarity, second.value, trust),
            second=second,
            probe_quality=probe_quality,
            reference_quality=reference_quality,
            trust=trust,
        )

    @staticmethod
    def find_probe(selfie: Image, faces: tuple[Face, ...], location: CardLocation | None) -> Face | None:
        """The live face: the largest one whose centre is not on the card."""
        least = max(MIN_PROBE_PX, MIN_PROBE_SHARE * min(selfie.size_wh))
        for face in faces:
            on_card = location is not None and contains(location.quad, centre(face.box))
            if not on_card and face.box[3] >= least:
                return face
        return None

    def find_reference(self, card: RectifiedCard) -> Face | None:
        """The largest face in the card's portrait box, in pixels of the rectified card."""
        x, y, w, h = (value * card.px_per_mm for value in PORTRAIT_MM)
        margin = PORTRAIT_MARGIN_MM * card.px_per_mm
        left, top = max(0, int(x - margin)), max(0, int(y - margin))
        crop = card.pixels[top : int(y + h + margin), left : int(x + w + margin)]
        enlarged = cv2.resize(crop, None, fx=PORTRAIT_ENLARGED, fy=PORTRAIT_ENLARGED, interpolation=cv2.INTER_LINEAR)
        for face in self.detector.detect(np.asarray(enlarged, dtype=np.uint8), at_least=0):
            # Pixel centres: x_enlarged = (x + 0.5) · enlarged − 0.5.
            shift = np.array([left, top]) + 0.5 / PORTRAIT_ENLARGED - 0.5
            landmarks = np.asarray(face.landmarks / PORTRAIT_ENLARGED + shift, dtype=np.float32)
            fx, fy, fw, fh = (value / PORTRAIT_ENLARGED for value in face.box)
            return Face((fx + float(shift[0]), fy + float(shift[1]), fw, fh), landmarks, face.confidence)
        return None

    def _second_opinion(
        self, similarity: float, selfie: Image, probe: Face, card: RectifiedCard, reference: Face
    ) -> SecondOpinion:
        if not self.calibration.in_doubt(similarity):
            return SecondOpinion(self.second.name, None, "not in doubt")
        if missing := self.second.missing():
            return SecondOpinion(self.second.name, None, missing)
        probe_vector = self.second.embed(selfie.pixels, probe)
        reference_vector = self.second.embed(card.pixels, reference)
        distance = float(np.linalg.norm(probe_vector - reference_vector))
        contradicts = self.calibration.contradicts(similarity, distance)
        return SecondOpinion(self.second.name, distance, contradicts=contradicts)


def _in_selfie(face: Face, card: RectifiedCard) -> Face:
    """A face of the rectified card, mapped into selfie pixels."""
    back = np.linalg.inv(card.homography)
    seen = apply_homography(back, corners(face.box))
    low, high = seen.min(axis=0), seen.max(axis=0)
    box: Box = (float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1]))
    landmarks = np.asarray(apply_homography(back, face.landmarks), dtype=np.float32)
    return Face(box, landmarks, face.confidence)
