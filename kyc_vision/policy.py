"""Checks → verdict, by policy.toml."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from kyc_vision import reasons
from kyc_vision.types import Check, Decision, Doubt, Verdict

DEFAULT = Path(__file__).with_name("policy.toml")
#: Whoever asks for a person gets one, whatever else was found.
PERSON_REQUESTED = "POLICY_PERSON_REQUESTED"
#: These say why a field is null; no check gives them as a reason.
DESCRIPTIVE = ("OCR_FIELD_NOT_FOUND", "OCR_FIELD_UNREADABLE")


class Action(StrEnum):
    """What a reason leads to."""

    REJECT = "reject"
    REVIEW = "review"
    RETAKE = "retake"
    NOTE = "note"


_DECISIONS = ((Action.REJECT, Decision.REJECTED), (Action.REVIEW, Decision.REVIEW), (Action.RETAKE, Decision.RETAKE))


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The limits that checks are held against; policy.toml says where each was measured."""

    min_brightness: float
    max_brightness: float
    min_sharpness: float
    min_location_confidence: float
    min_card_width_px: float
    max_cut_off: float
    min_card_colour: float
    min_scene_colour: float
    max_file_facts: float
    min_nik_confidence: float
    min_name_confidence: float
    min_birth_date_confidence: float
    min_validity_confidence: float
    min_age_years: float
    min_reference_height_px: float
    min_probe_confidence: float
    approve_face_probability: float
    reject_face_probability: float
    approve_confidence: float


@dataclass(frozen=True, slots=True)
class Policy:
    """Thresholds for the checks, and the action of each reason."""

    version: str
    thresholds: Thresholds
    actions: Mapping[str, Action]
    digest: str

    @classmethod
    def load(cls, path: Path = DEFAULT) -> Policy:
        """Read a policy.

        Raises:
            ValueError: a threshold is missing or unknown, or a reason of the catalogue has no action.
        """
        data = path.read_bytes()
        try:
            table = tomllib.loads(data.decode("utf-8"))
            thresholds = Thresholds(**{name: float(value) for name, value in table["thresholds"].items()})
            actions = {code: Action(action) for code, action in table["actions"].items()}
            version = str(table["version"])
        except (TypeError, KeyError, ValueError) as error:
            raise ValueError(f"{path.name}: {error}") from error
        decided = {code for code in reasons.REASONS if code != reasons.CANNOT_VERIFY and code not in DESCRIPTIVE}
        if odd := actions.keys() ^ decided:
            raise ValueError(f"{path.name}: these reasons lack an action or are not in the catalogue: {sorted(odd)}")
        return cls(version, thresholds, actions, hashlib.sha256(data).hexdigest()[:16])

    def decide(self, checks: tuple[Check, ...], confidence: float, doubts: tuple[Doubt, ...] = ()) -> Verdict:
        """The gravest action of any reason decides; approval needs every check and enough confidence besides.

        Args:
            checks: every question's answer.
            confidence: that all is as it seems, 0–1; 0 where that could not be estimated.
            doubts: what the confidence lost, and by what.
        """
        codes = list(dict.fromkeys(code for check in checks for code in check.reasons))
        decision = self._gravest(codes)
        if decision is Decision.APPROVED and confidence < self.thresholds.approve_confidence:
            codes.append("POLICY_LOW_CONFIDENCE")
            decision = self._gravest(codes)
        codes.sort(key=lambda code: list(Action).index(self.action(code)))
        return Verdict(decision, confidence, checks, tuple(codes), doubts)

    def action(self, code: str) -> Action:
        """What a reason leads to; one that the policy does not know goes to a person."""
        return self.actions.get(code, Action.REVIEW)

    def _gravest(self, codes: list[str]) -> Decision:
        if PERSON_REQUESTED in codes:
            # Who cannot or will not be judged by a machine is neither refused by one nor sent round for retakes.
            return Decision.REVIEW
        actions = {self.action(code) for code in codes}
        return next((decision for action, decision in _DECISIONS if action in actions), Decision.APPROVED)
