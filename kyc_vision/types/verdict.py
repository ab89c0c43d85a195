"""What is asked of the evidence, and what was decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum

from kyc_vision.types.card import CardFields, CardLocation, CardNotFound, RectifiedCard
from kyc_vision.types.cue import Cue, Suspicion
from kyc_vision.types.face import Face, FaceMatch, FaceNotFound
from kyc_vision.types.picture import Image, Quality


@dataclass(frozen=True, slots=True, repr=False)
class Claim:
    """What the booking system says of the customer; each part is optional.

    Attributes:
        nik, name, birth_date: what it has on file.
        person_requested: the customer asks for a person: a veiled face, a changed appearance, no e-KTP yet.
    """

    nik: str | None = None
    name: str | None = None
    birth_date: str | None = None
    person_requested: bool = False

    def __repr__(self) -> str:
        given = [f.name for f in fields(self) if getattr(self, f.name) not in (None, False)]
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

    def __post_init__(self) -> None:
        if self.outcome is not Outcome.PASS and not self.reasons:
            raise ValueError(f"check {self.name}: {self.outcome.value} without a reason")


@dataclass(frozen=True, slots=True)
class Doubt:
    """One way in which *genuine, read right, this person's* may be untrue.

    Attributes:
        cause: snake_case, an attack's name among them.
        odds: of it against everything being as it seems.
        lost: what it takes from the confidence, 0–1; the losses of all doubts and the confidence make 1.
    """

    cause: str
    odds: float
    lost: float


@dataclass(frozen=True, slots=True)
class Change:
    """What would have altered a decision.

    Attributes:
        checks: those that would have had to pass (``confidence`` where that was too low); of an approved verdict the
            one that came nearest to its limit.
        decision: what would have been decided; None for an approved one, where something would have stood in the way.
    """

    checks: tuple[str, ...]
    decision: Decision | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision and what it rests on.

    Attributes:
        decision: approved, review, retake or rejected.
        confidence: 0–1, estimated probability that the card is genuine, was read right and is this person's.
        checks: every check that was put, in order.
        reasons: codes of every check that spoke against approval, most severe first; empty only when approved.
        doubts: what the confidence lost and by what, most first; empty where there is nothing to be confident of.
    """

    decision: Decision
    confidence: float
    checks: tuple[Check, ...]
    reasons: tuple[str, ...]
    doubts: tuple[Doubt, ...] = ()


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
        cues: signs of a forgery, a copy or a screen, measurable or not.
        suspicions: what the cues together say of each way of deceiving, likeliest first.
    """

    image: Image
    quality: Quality
    faces: tuple[Face, ...]
    location: CardLocation | CardNotFound
    card: RectifiedCard | None
    fields: CardFields | None
    match: FaceMatch | FaceNotFound
    cues: tuple[Cue, ...] = ()
    suspicions: tuple[Suspicion, ...] = ()


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
    """One selfie judged: the verdict, the evidence, the times, the provenance, and the nearest other verdict."""

    verdict: Verdict
    evidence: Evidence
    timings_ms: Mapping[str, float]
    provenance: Provenance
    nearest: Change | None = None
