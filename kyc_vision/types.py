"""Every value that crosses a stage boundary, and the conventions they share.

Convention: pictures are (H, W, 3) uint8 **RGB**, upright (EXIF applied). Points are (x, y) pixel centres with
the origin top left. A ``Quad`` is (4, 2) float32 in the order TL, TR, BR, BL *of the printed card*, so the way
up and the mirroring are part of the answer. A ``Box`` is (x, y, width, height) in pixels. ``similarity`` is a
cosine, ``confidence`` a detector's own number, ``probability`` only what a calibration gave.

All values are frozen; arrays are to be read, never written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Quad = NDArray[np.float32]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Image:
    """A decoded picture and what was known of its file.

    Attributes:
        pixels: (H, W, 3) uint8 RGB, upright.
        format: the container, e.g. ``JPEG``, ``PNG``, ``WEBP``, ``HEIF``.
        sha256: hex digest of the bytes as they were sent.
        orientation: the EXIF orientation that was applied, 1–8.
    """

    pixels: Pixels
    format: str
    sha256: str
    orientation: int = 1

    @property
    def size_wh(self) -> tuple[int, int]:
        """Width and height in upright pixels."""
        return int(self.pixels.shape[1]), int(self.pixels.shape[0])


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


@dataclass(frozen=True, slots=True, eq=False)
class CardLocation:
    """Where the card lies in the selfie.

    Attributes:
        quad: TL, TR, BR, BL of the printed card, upright selfie pixels.
        confidence: 0–1, from how many printed landmarks agree and how closely.
        mirrored: the print is seen mirrored (a front camera's preview was saved).
        anchors: how many printed landmarks supported the fit.
        residual_mm: median distance of those landmarks from their place on the card.
        wrapped: rows that take a second line and so push the rows below them down by one pitch.
    """

    quad: Quad
    confidence: float
    mirrored: bool
    anchors: int
    residual_mm: float
    wrapped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CardNotFound:
    """No e-KTP was found, and why: a reason code of the catalogue."""

    reason: str
    anchors: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class RectifiedCard:
    """The card seen from straight above, print the right way round.

    Attributes:
        pixels: (637, 1010, 3) uint8 RGB at px_per_mm.
        homography: (3, 3), selfie pixels → card pixels.
        px_per_mm: resolution of pixels.
        source_width_px: the card's width in the selfie: the resolution that was really there.
        wrapped: rows that take a second line, as in CardLocation.
    """

    pixels: Pixels
    homography: NDArray[np.float64]
    px_per_mm: float
    source_width_px: float
    wrapped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TextLine:
    """One recognised line of text.

    Attributes:
        text: what was recognised.
        confidences: one value, 0–1, per character of text: the recogniser's own.
        quad: four corners (x, y) px: TL, TR, BR, BL in reading direction.
    """

    text: str
    confidences: tuple[float, ...]
    quad: tuple[tuple[float, float], ...]

    @property
    def confidence(self) -> float:
        """The least certain character's confidence; 0 for an empty line."""
        return min(self.confidences, default=0.0)


@dataclass(frozen=True, slots=True, repr=False)
class Field:
    """One printed value.

    Attributes:
        read: what is printed, as it was recognised.
        text: its normalised value (dates YYYY-MM-DD, sex M or F, upper case else).
        confidence: 0–1, the main reader's own: the product of its characters' confidences.
        box: where it stands, in pixels of the rectified card.
        readings: (reader, what it read) of every reader that was asked, the main one first.
        repaired: positions in text that differ from what was read (letters taken for digits).
    """

    read: str
    text: str
    confidence: float
    box: Box
    readings: tuple[tuple[str, str], ...] = ()
    repaired: tuple[int, ...] = ()

    def __repr__(self) -> str:
        return f"Field(<{len(self.text)} characters>, confidence={self.confidence:.2f})"


@dataclass(frozen=True, slots=True)
class NotRead:
    """A value that is not there, and why: a reason code of the catalogue."""

    reason: str


@dataclass(frozen=True, slots=True)
class CardFields:
    """What is printed on the card; each value is a Field or says why it is not there."""

    nik: Field | NotRead
    name: Field | NotRead
    birth_place: Field | NotRead
    birth_date: Field | NotRead
    sex: Field | NotRead
    blood_type: Field | NotRead
    address: Field | NotRead
    rt_rw: Field | NotRead
    village: Field | NotRead
    district: Field | NotRead
    religion: Field | NotRead
    marital_status: Field | NotRead
    occupation: Field | NotRead
    nationality: Field | NotRead
    valid_until: Field | NotRead
    province: Field | NotRead
    regency: Field | NotRead
    issue_place: Field | NotRead
    issue_date: Field | NotRead

    def items(self) -> list[tuple[str, Field | NotRead]]:
        """(name, value) of every field, in the card's order."""
        return [(f.name, getattr(self, f.name)) for f in fields(self)]

    def text(self, name: str) -> str | None:
        """The normalised value of one field, or None where it was not read."""
        value = getattr(self, name)
        return value.text if isinstance(value, Field) else None


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
    """

    engine: str
    value: float | None
    reason: str = ""


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
    """

    probe: Face
    reference: Face
    reference_height_px: float
    similarity: float
    probability: float
    second: SecondOpinion


@dataclass(frozen=True, slots=True, repr=False)
class Claim:
    """What the booking system says of the customer; each part is optional."""

    nik: str | None = None
    name: str | None = None
    birth_date: str | None = None

    def __repr__(self) -> str:
        given = [f.name for f in fields(self) if getattr(self, f.name) is not None]
        return f"Claim(given={given})"


class Outcome(StrEnum):
    """What a check found. A check that could not run is never a pass."""

    PASS = "pass"  # noqa: S105 - not a password
    WARN = "warn"
    FAIL = "fail"
    NOT_EXECUTED = "not_executed"


class Decision(StrEnum):
    """What the booking system is told."""

    APPROVED = "approved"
    REVIEW = "review"
    RETAKE = "retake"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Check:
    """One question put to the evidence.

    Attributes:
        name: what was asked, snake_case.
        outcome: the answer.
        score: the number the answer rests on, in the check's own unit; None when there is none.
        threshold: the limit it was held against; None when there is none.
        reasons: codes of the catalogue; never empty unless the outcome is pass.
        detail: a plain remark without personal data, e.g. why it was not executed.
    """

    name: str
    outcome: Outcome
    score: float | None = None
    threshold: float | None = None
    reasons: tuple[str, ...] = ()
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision and what it rests on.

    Attributes:
        decision: approved, review, retake or rejected.
        confidence: 0–1, estimated probability that the card is genuine, was read right and is this person's.
        checks: every check that was put, in order.
        reasons: codes of every check that spoke against approval, most severe first; empty only when approved.
    """

    decision: Decision
    confidence: float
    checks: tuple[Check, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Everything the stages found in one selfie.

    Attributes:
        image: the upright picture.
        quality: numbers on the picture, for the checks.
        faces: every face found in the selfie.
        location: where the card lies, or why it was not found.
        card: the rectified card; None when there is no location.
        fields: what is printed; None when there is no location.
        match: the comparison of faces, or why there is none.
    """

    image: Image
    quality: Quality
    faces: tuple[Face, ...]
    location: CardLocation | CardNotFound
    card: RectifiedCard | None
    fields: CardFields | None
    match: FaceMatch | FaceNotFound


@dataclass(frozen=True, slots=True)
class Quality:
    """Numbers on the photograph, measured where they matter.

    Attributes:
        brightness: mean luma, 0–255, of the whole picture.
        sharpness: of the live face, else of the picture, 0–1: what a slight blur would still change.
        scene_colour: spread of the picture's colours, CIE a*b*.
        card_width_px: the card's width in the selfie; None without a card.
        card_colour: spread of the card's colours, CIE a*b*; None without a card.
    """

    brightness: float
    sharpness: float
    scene_colour: float
    card_width_px: float | None = None
    card_colour: float | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """What made a verdict, so that it can be computed again.

    Attributes:
        image_sha256: hex digest of the bytes as they were sent.
        code: version of kyc_vision.
        weights: file name → first 16 hex digits of its SHA-256.
        policy: first 16 hex digits of the policy file's SHA-256.
        calibration: first 16 hex digits of the calibration file's SHA-256.
        engines: library → version, those that can change a pixel or a score.
    """

    image_sha256: str
    code: str
    weights: Mapping[str, str]
    policy: str
    calibration: str
    engines: Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Verification:
    """One selfie judged: the verdict, the evidence, the times and the provenance."""

    verdict: Verdict
    evidence: Evidence
    timings_ms: Mapping[str, float]
    provenance: Provenance
