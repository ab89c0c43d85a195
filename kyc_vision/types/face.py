"""Faces and their comparison."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kyc_vision.types.picture import Box


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """A detected face, in the pixels of the picture it was looked for in.

    Attributes:
        box: (x, y, width, height) px.
        landmarks: (5, 2) float32 px: right eye, left eye, nose, right and left mouth corner *of the person*.
        confidence: the detector's own score, 0–1.
    """

    box: Box
    landmarks: NDArray[np.float32]
    confidence: float


@dataclass(frozen=True, slots=True)
class FaceNotFound:
    """No usable face, and why: a reason code of the catalogue."""

    reason: str


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """What a second engine said, or why it was not asked.

    Attributes:
        engine: its name, e.g. ``dlib``.
        value: its own number (for faces a distance); None when it was not asked or could not run.
        reason: why there is no value.
        contradicts: whether its number alone would answer the other way than the first engine's.
    """

    engine: str
    value: float | None
    reason: str = ""
    contradicts: bool = False


@dataclass(frozen=True, slots=True)
class FaceQuality:
    """How well a face can be seen. Nothing here says anything about the person.

    Attributes:
        height_px: height of the face in the selfie, for a portrait as it is printed there.
        sharpness: fine detail against form inside the face, about 0 (blurred) to 1.
        yaw: by how much the nose lies to a side, in distances of the eyes; 0 from the front.
        pitch: where the nose lies between eyes (0) and mouth (1).
        roll_deg: degrees clockwise, as the face lies in the pixels it was found in.
        brightness: mean luma inside the face, 0–255.
        contrast: standard deviation of the luma there.
    """

    height_px: float
    sharpness: float
    yaw: float
    pitch: float
    roll_deg: float
    brightness: float
    contrast: float


@dataclass(frozen=True, slots=True, eq=False)
class FaceMatch:
    """The live face against the card's portrait.

    Attributes:
        probe: the live face, in selfie pixels.
        reference: the card's portrait, in selfie pixels.
        reference_height_px: height of the portrait's face in the selfie: what the comparison could see.
        similarity: cosine of the two embeddings, −1 to 1.
        probability: calibrated probability that both show one person, at even prior odds.
        second: the second opinion in the borderline band.
        probe_quality: how well the live face can be seen; None where nobody measured.
        reference_quality: how well the portrait can be seen.
        trust: 1 where both are seen as well as those the calibration was fitted on; towards 0 the worse they are.
    """

    probe: Face
    reference: Face
    reference_height_px: float
    similarity: float
    probability: float
    second: SecondOpinion
    probe_quality: FaceQuality | None = None
    reference_quality: FaceQuality | None = None
    trust: float = 1.0
