"""Verifier: a selfie in, a Verification out. The stages in order, and what each has to look like."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

from kyc_vision import checks, quality
from kyc_vision.card.authenticity import card_cues, scene_cues
from kyc_vision.card.rectify import rectify
from kyc_vision.confidence import ConfidenceModel, Parts
from kyc_vision.explain import nearest_change
from kyc_vision.face.liveness import liveness_cues
from kyc_vision.face.match import FaceMatcher
from kyc_vision.face.same_picture import same_picture
from kyc_vision.policy import Policy
from kyc_vision.types import (
    CardFields,
    CardLocation,
    CardNotFound,
    Claim,
    Cue,
    Evidence,
    Face,
    FaceMatch,
    FaceNotFound,
    Image,
    Pixels,
    Provenance,
    RectifiedCard,
    Suspicion,
    Verification,
)


class FaceDetector(Protocol):
    """Finds faces."""

    def detect(self, pixels: Pixels, *, at_least: int = 1) -> tuple[Face, ...]:
        """Faces in RGB pixels, largest first; quarter turns are tried when fewer than at_least are upright."""


class CardLocator(Protocol):
    """Finds the card."""

    def locate(self, selfie: Image, faces: tuple[Face, ...]) -> CardLocation | CardNotFound:
        """Where the card is, or why it was not found."""


class FieldReader(Protocol):
    """Reads the card."""

    def read(self, card: RectifiedCard) -> CardFields:
        """Every printed value, or why it is not there."""


class Matcher(Protocol):
    """Compares the live face with the portrait."""

    def match(
        self, selfie: Image, faces: tuple[Face, ...], location: CardLocation, card: RectifiedCard
    ) -> FaceMatch | FaceNotFound:
        """The comparison, or why there is none."""


class AttackModel(Protocol):
    """Weighs cues."""

    def weigh(self, cues: tuple[Cue, ...]) -> tuple[Suspicion, ...]:
        """One suspicion for each attack, likeliest first."""


@dataclass(slots=True)
class Stopwatch:
    """Milliseconds per stage, in the order in which the stages ran."""

    timings_ms: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time what runs inside."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.timings_ms[name] = round((time.perf_counter() - start) * 1000, 1)


@dataclass(frozen=True, slots=True)
class Verifier:
    """Holds no per-call state: one serves every thread."""

    face_detector: FaceDetector
    card_locator: CardLocator
    field_reader: FieldReader
    face_matcher: Matcher
    attack_model: AttackModel
    confidence_model: ConfidenceModel
    policy: Policy
    provenance: Provenance

    def verify(
        self, selfie: Image, claim: Claim | None = None, *, today: date, stopwatch: Stopwatch | None = None
    ) -> Verification:
        """Judge one selfie.

        Args:
            selfie: the upright picture.
            claim: what the booking system says of the customer.
            today: the day of the judgement, where the service is; the core has no clock of its own.
            stopwatch: one that already timed the decoding.
        """
        watch = stopwatch or Stopwatch()
        evidence = self._gather(selfie, watch)
        with watch.stage("decide"):
            answers = checks.run(evidence, claim or Claim(), self.policy.thresholds, today)
            doubts = self.confidence_model.doubts(Parts.of(evidence, answers), evidence.suspicions)
            verdict = self.policy.decide(answers, self.confidence_model.confidence(doubts), doubts)
        timings = {**watch.timings_ms, "total": round(sum(watch.timings_ms.values()), 1)}
        provenance = replace(self.provenance, image_sha256=selfie.sha256)
        return Verification(verdict, evidence, timings, provenance, nearest_change(verdict, self.policy))

    def _gather(self, selfie: Image, watch: Stopwatch) -> Evidence:
        with watch.stage("faces"):
            # Two are expected: the live one and the portrait.
            faces = self.face_detector.detect(selfie.pixels, at_least=2)
        with watch.stage("locate"):
            location = self.card_locator.locate(selfie, faces)
        card, fields = None, None
        match: FaceMatch | FaceNotFound = FaceNotFound("CARD_NOT_FOUND" if faces else "FACE_NOT_FOUND")
        found = location if isinstance(location, CardLocation) else None
        if found is not None:
            with watch.stage("rectify"):
                card = rectify(selfie, found)
            with watch.stage("read"):
                fields = self.field_reader.read(card)
            with watch.stage("match"):
                match = self.face_matcher.match(selfie, faces, found, card)
        probe = match.probe if isinstance(match, FaceMatch) else FaceMatcher.find_probe(selfie, faces, found)
        with watch.stage("quality"):
            measured = quality.measure(selfie.pixels, probe, card)
        with watch.stage("authentic"):
            cues = liveness_cues(selfie, faces, probe, found.quad if found else None)
            if found is not None and card is not None and fields is not None:
                cues += scene_cues(selfie, faces, found, card) + card_cues(card, fields, measured)
                if isinstance(match, FaceMatch):
                    cues += (same_picture(selfie, match, card),)
            suspicions = self.attack_model.weigh(cues)
        return Evidence(selfie, measured, faces, location, card, fields, match, cues, suspicions)
