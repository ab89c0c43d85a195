"""The live face against the card's portrait."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kyc_vision.geometry import apply_homography, centre, contains
from kyc_vision.layout import PORTRAIT_MM
from kyc_vision.types import (
    Box,
    CardLocation,
    Face,
    FaceMatch,
    FaceNotFound,
    Image,
    Pixels,
    RectifiedCard,
    SecondOpinion,
)

#: Looked at around the printed portrait box, for print float and location error.
PORTRAIT_MARGIN_MM = 3.0
#: A live face smaller than this share of the selfie's shorter side is a bystander or a picture on a wall.
MIN_PROBE_SHARE = 0.06


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

    def probability(self, similarity: float, second_distance: float | None) -> float:
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
            return FaceNotFound("FACE_NOT_FOUND")
        reference = self.find_reference(card)
        if reference is None:
            return FaceNotFound("FACE_REFERENCE_NOT_FOUND")
        similarity = float(self.embedder.embed(selfie.pixels, probe) @ self.embedder.embed(card.pixels, reference))
        second = self._second_opinion(similarity, selfie, probe, card, reference)
        in_selfie = _in_selfie(reference, card)
        return FaceMatch(
            probe=probe,
            reference=in_selfie,
            reference_height_px=reference.box[3] * card.source_width_px / card.pixels.shape[1],
            similarity=similarity,
            probability=self.calibration.probability(similarity, second.value),
            second=second,
        )

    @staticmethod
    def find_probe(selfie: Image, faces: tuple[Face, ...], location: CardLocation | None) -> Face | None:
        """The live face: the largest one whose centre is not on the card."""
        least = MIN_PROBE_SHARE * min(selfie.size_wh)
        for face in faces:
            on_card = location is not None and contains(location.quad, centre(face.box))
            if not on_card and min(face.box[2:]) >= least:
                return face
        return None

    def find_reference(self, card: RectifiedCard) -> Face | None:
        """The largest face in the card's portrait box, in pixels of the rectified card."""
        x, y, w, h = (value * card.px_per_mm for value in PORTRAIT_MM)
        margin = PORTRAIT_MARGIN_MM * card.px_per_mm
        left, top = max(0, int(x - margin)), max(0, int(y - margin))
        crop = np.ascontiguousarray(card.pixels[top : int(y + h + margin), left : int(x + w + margin)])
        for face in self.detector.detect(crop, at_least=0):
            fx, fy, fw, fh = face.box
            moved = np.asarray(face.landmarks + np.array([left, top]), dtype=np.float32)
            return Face((fx + left, fy + top, fw, fh), moved, face.confidence)
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
        return SecondOpinion(self.second.name, float(np.linalg.norm(probe_vector - reference_vector)))


def _in_selfie(face: Face, card: RectifiedCard) -> Face:
    """A face of the rectified card, mapped into selfie pixels."""
    back = np.linalg.inv(card.homography)
    x, y, w, h = face.box
    corners = apply_homography(back, np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h]]))
    low, high = corners.min(axis=0), corners.max(axis=0)
    box: Box = (float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1]))
    landmarks = np.asarray(apply_homography(back, face.landmarks), dtype=np.float32)
    return Face(box, landmarks, face.confidence)
