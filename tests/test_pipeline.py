"""Fakes at the Protocols: what the Verifier does with what the stages say."""

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pytest

from kyc_vision.confidence import ConfidenceModel
from kyc_vision.pipeline import Stopwatch, Verifier
from kyc_vision.policy import Policy
from kyc_vision.types import CardNotFound, Claim, Decision, FaceNotFound, Image, NotRead
from tests.fakes import (
    PROBE,
    REFERENCE,
    card_fields,
    face_match,
    image,
    location,
    provenance,
    quiet,
    read_field,
)

CONFIDENCE = ConfidenceModel(0.02, 0.01, 0.0, 1.0, "d" * 16)
TODAY = date(2026, 11, 24)


@dataclass
class Stages:
    """All stages in one: each notes that it was called, and answers with good evidence unless told otherwise."""

    faces: tuple = (PROBE, REFERENCE)
    found: object = field(default_factory=location)
    fields: object = field(default_factory=card_fields)
    answer: object = field(default_factory=face_match)
    suspicions: tuple = field(default_factory=quiet)
    called: list = field(default_factory=list)
    given: dict = field(default_factory=dict)

    def detect(self, pixels, *, at_least=1):  # noqa: ARG002 - the Protocol's shape
        self.called.append("faces")
        self.given["at_least"] = at_least
        return self.faces

    def locate(self, selfie, faces):  # noqa: ARG002 - the Protocol's shape
        self.called.append("locate")
        self.given["faces"] = faces
        return self.found

    def read(self, card):
        self.called.append("read")
        self.given["card"] = card
        return self.fields

    def match(self, selfie, faces, where, card):
        self.called.append("match")
        self.given["match"] = (selfie, faces, where, card)
        return self.answer

    def weigh(self, cues):
        self.given["cues"] = cues
        return self.suspicions


def coloured(width: int = 800, height: int = 600) -> Image:
    """A picture that no quality check objects to."""
    noise = np.random.default_rng(1).integers(20, 236, (height, width, 3), dtype=np.uint8)
    return Image(noise, "JPEG", "cd" * 32)


def verifier(stages: Stages) -> Verifier:
    return Verifier(stages, stages, stages, stages, stages, CONFIDENCE, Policy.load(), provenance())


def verify(stages: Stages, selfie: Image | None = None, claim: Claim | None = None, **how):
    return verifier(stages).verify(selfie or coloured(), claim, today=how.pop("today", TODAY), **how)


def test_good_evidence_is_approved():
    verification = verify(Stages())
    assert verification.verdict.reasons == ()
    assert verification.verdict.decision is Decision.APPROVED


def test_the_stages_run_in_order_and_each_gets_what_the_ones_before_it_found():
    stages, selfie = Stages(), coloured()
    verification = verify(stages, selfie)
    assert stages.called == ["faces", "locate", "read", "match"]
    assert stages.given["faces"] == (PROBE, REFERENCE)
    assert stages.given["card"].pixels.shape == (637, 1010, 3)
    shown_selfie, faces, where, card = stages.given["match"]
    assert shown_selfie is selfie
    assert faces == (PROBE, REFERENCE)
    assert where is stages.found
    assert card is stages.given["card"]
    evidence = verification.evidence
    assert (evidence.fields, evidence.match, evidence.location) == (stages.fields, stages.answer, stages.found)
    assert evidence.card is card
    assert {"card_held", "nik_digit", "moire_scene"} <= {cue.name for cue in evidence.cues}
    assert stages.given["cues"] == evidence.cues
    assert evidence.suspicions == stages.suspicions


def test_two_faces_are_looked_for():
    stages = Stages()
    verify(stages)
    assert stages.given["at_least"] == 2


def test_every_stage_is_timed_in_order_and_the_total_is_their_sum():
    timings = verify(Stages()).timings_ms
    assert list(timings) == ["faces", "locate", "rectify", "read", "match", "quality", "authentic", "decide", "total"]
    assert all(value >= 0 for value in timings.values())
    assert timings["total"] == pytest.approx(sum(list(timings.values())[:-1]), abs=0.11)


def test_a_stopwatch_that_already_ran_counts_in():
    watch = Stopwatch()
    with watch.stage("decode"):
        pass
    watch.timings_ms["decode"] = 1000.0
    timings = verify(Stages(), stopwatch=watch).timings_ms
    assert next(iter(timings)) == "decode"
    assert timings["total"] >= 1000.0


def test_a_stage_that_raises_is_timed_and_its_error_goes_on():
    watch = Stopwatch()
    with pytest.raises(KeyError), watch.stage("broken"):
        raise KeyError
    assert "broken" in watch.timings_ms


def test_without_a_card_nothing_is_read_or_matched_and_the_customer_is_asked_again():
    stages = Stages(found=CardNotFound("CARD_NOT_FOUND"))
    verification = verify(stages)
    assert stages.called == ["faces", "locate"]
    assert verification.evidence.card is None
    assert verification.evidence.fields is None
    # Of the face and the scene there are cues without a card as well.
    assert "moire_scene" in {cue.name for cue in verification.evidence.cues}
    assert not {"card_held", "nik_digit"} & {cue.name for cue in verification.evidence.cues}
    assert verification.evidence.match == FaceNotFound("CARD_NOT_FOUND")
    assert verification.verdict.decision is Decision.RETAKE
    assert verification.verdict.confidence == 0
    assert verification.verdict.reasons == ("CARD_NOT_FOUND",)
    assert not {"rectify", "read", "match"} & set(verification.timings_ms)


def test_without_card_and_faces_both_are_said():
    verification = verify(Stages(faces=(), found=CardNotFound("CARD_NOT_FOUND")))
    assert verification.evidence.match == FaceNotFound("FACE_NOT_FOUND")
    assert {"CARD_NOT_FOUND", "FACE_NOT_FOUND"} <= set(verification.verdict.reasons)


def test_what_one_stage_says_leads_to_its_decision():
    assert verify(Stages(answer=face_match(probability=0.0))).verdict.decision is Decision.REJECTED
    assert verify(Stages(answer=FaceNotFound("FACE_NOT_FOUND"))).verdict.decision is Decision.RETAKE
    unread = card_fields(nik=NotRead("OCR_NIK_UNREADABLE"))
    assert verify(Stages(fields=unread)).verdict.decision is Decision.RETAKE
    contradiction = card_fields(birth_date=read_field("1985-07-06"))
    assert verify(Stages(fields=contradiction)).verdict.reasons == ("NIK_BIRTH_DATE_MISMATCH",)


def test_a_claim_is_put_to_the_fields_and_none_asks_nothing():
    assert verify(Stages(), claim=Claim(nik="3276020507850003")).verdict.decision is Decision.APPROVED
    denied = verify(Stages(), claim=Claim(nik="3276020507850004")).verdict
    assert denied.reasons == ("NIK_CLAIM_MISMATCH",)
    assert not [check for check in verify(Stages()).verdict.checks if check.name.startswith("claim")]


def test_the_judgement_is_of_the_day_that_was_given():
    undated = card_fields(nik=read_field("3276022902000003"), birth_date=read_field("2000-02-29"))
    assert verify(Stages(fields=undated)).verdict.decision is Decision.APPROVED
    without = card_fields(nik=read_field("3276022902000003"), birth_date=NotRead("OCR_FIELD_NOT_FOUND"))
    early, late = (verify(Stages(fields=without), today=today).verdict.reasons for today in (date(2016, 1, 1), TODAY))
    assert "NIK_INVALID_DATE" in early
    assert "NIK_INVALID_DATE" not in late


def test_the_provenance_names_the_picture_as_it_was_sent():
    verification = verify(Stages())
    assert verification.provenance.image_sha256 == "cd" * 32
    assert verification.provenance.weights == provenance().weights


def test_sharpness_is_measured_on_the_live_face_and_not_on_the_portrait():
    selfie = coloured()
    pixels = selfie.pixels.copy()
    x, y, w, h = (int(v) for v in PROBE.box)
    pixels[y : y + h, x : x + w] = 128  # a face without any detail
    flat = verify(Stages(), Image(pixels, "JPEG", "00"))
    assert flat.evidence.quality.sharpness < 0.1
    assert verify(Stages(), selfie).evidence.quality.sharpness > 0.5


def test_one_verifier_serves_one_selfie_after_the_other():
    stages = Stages()
    one = verifier(stages)
    first = one.verify(coloured(), today=TODAY)
    stages.found = CardNotFound("CARD_NOT_FOUND")
    second = one.verify(image(), today=TODAY)
    stages.found = location()
    third = one.verify(coloured(), today=TODAY)
    assert first.verdict == third.verdict
    assert second.verdict.decision is Decision.RETAKE
