"""One picture's label and answer, compared: everything that the figures count. Printed values go no further."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.metrics import Placement, edits, place
from benchmarks.store import person
from kyc_vision.geometry import mean_width
from kyc_vision.ocr import vocabulary
from samples.kinds import KINDS

#: Who could be approved, who only has to try again, who attacks.
GENUINE, QUALITY, ATTACK = "genuine", "quality", "attack"
#: Below this width print is lost: the right answer is a retake (issue 3, difficulty *beyond*).
BEYOND_PX = 280
#: Fields whose spellings are read as one value each.
_CLOSED = {"religion": vocabulary.RELIGION, "marital_status": vocabulary.MARITAL_STATUS}
_DATE = re.compile(r"(\d\d)-(\d\d)-(\d{4})")


@dataclass(frozen=True, slots=True)
class FieldScore:
    """One field that is printed.

    Attributes:
        read: whether any value was given.
        exact: the value is right to the letter.
        exact_spaceless: it is right when spaces are left out.
        edits: wrong characters, spaces left out; all of them when nothing was read.
        characters: printed characters, spaces left out.
        confidence: the reader's, 0 when nothing was read.
    """

    read: bool
    exact: bool
    exact_spaceless: bool
    edits: int
    characters: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Case:
    """A picture: what it is, and how the answer compares.

    Attributes:
        person: who took the selfie, by the name of the photograph; of an unknown one the picture's own name.
        card_px: true width of the card in the picture; None without a card.
        expected: the decisions that are right.
        reasons: codes that spoke against approval.
        placement: None when no card was found or none is there.
        fields: by name, of the fields that are printed; empty without a legible card.
        similarity: of the faces; None when they were not compared.
        sees_portrait_px: height of the printed face that was compared.
        timings_ms: by stage.
    """

    kind: str
    group: str
    person: str
    difficulty: str
    card_px: float | None
    occlusion: float | None
    expected: tuple[str, ...]
    decision: str
    confidence: float
    reasons: tuple[str, ...]
    card_found: bool
    placement: Placement | None
    fields: Mapping[str, FieldScore]
    similarity: float | None
    sees_portrait_px: float | None
    megapixels: float
    timings_ms: Mapping[str, float]

    @property
    def open_to_approval(self) -> bool:
        """Whether nothing but the confidence could stand, or stands, against approval."""
        return self.decision == "approved" or "POLICY_LOW_CONFIDENCE" in self.reasons

    @property
    def approved(self) -> bool:
        """Straight through, no person asked."""
        return self.decision == "approved"

    @property
    def read_right(self) -> bool:
        """Whether NIK and name, spaces left out, are right."""
        return all(name in self.fields and self.fields[name].exact_spaceless for name in ("nik", "name"))


def case(label: Mapping[str, Any], answer: Mapping[str, Any]) -> Case:
    """Compare one label (a line of labels.jsonl) with one answer (kyc_vision.report.describe, and size_wh)."""
    quad = label.get("quad")
    card_px = label.get("card_width_px") or (mean_width(np.array(quad)) if quad else None)
    card, face = answer.get("card"), answer.get("face")
    width, height = answer["size_wh"]
    occlusion = label.get("occlusion")
    return Case(
        kind=label["kind"],
        group=group_of(label, card_px),
        person=person(str(label["probe"])) if label.get("probe") else str(label.get("file", "")),
        difficulty=label.get("difficulty") or ("beyond" if (card_px or 0) < BEYOND_PX else "unstated"),
        card_px=card_px,
        occlusion=float(occlusion) if isinstance(occlusion, int | float) else None,
        expected=expected(label, card_px),
        decision=answer["decision"],
        confidence=float(answer["confidence"]),
        reasons=tuple(answer["reasons"]),
        card_found=card is not None,
        placement=place(np.array(card["quad"]), np.array(quad)) if card and quad else None,
        fields=_fields(label.get("fields") or {}, answer.get("fields") or {}),
        similarity=face["similarity"] if face else None,
        sees_portrait_px=face["reference_height_px"] if face else None,
        megapixels=width * height / 1e6,
        timings_ms=answer.get("timings_ms", {}),
    )


def group_of(label: Mapping[str, Any], card_px: float | None) -> str:
    """Genuine, attack, or quality: an honest picture that cannot be judged, as are the genuine ones *beyond*."""
    group = KINDS[label["kind"]].group
    return QUALITY if group == GENUINE and "approved" not in expected(label, card_px) else group


def expected(label: Mapping[str, Any], card_px: float | None) -> tuple[str, ...]:
    """The decisions that are right; where the label names none, by kind and the card's width."""
    if named := label.get("expected"):
        return tuple(named)
    if label["kind"] == "genuine":
        return ("approved",) if (card_px or 0) >= BEYOND_PX else ("retake",)
    # An impostor on a card too small to compare may be told to come nearer, never be approved.
    return ("rejected", "review") if (card_px or 0) >= BEYOND_PX else ("rejected", "review", "retake")


def printed_value(name: str, value: str) -> str:
    """A label in the values' convention: no word PROVINSI, dates YYYY-MM-DD, one spelling for what has several."""
    if closed := _CLOSED.get(name):
        return closed.get(value.upper(), value)
    if name == "province":
        return value.removeprefix("PROVINSI ")
    if found := _DATE.fullmatch(value):
        day, month, year = found.groups()
        return f"{year}-{month}-{day}"
    return value


def _fields(truth: Mapping[str, Any], answered: Mapping[str, Any]) -> dict[str, FieldScore]:
    scores = {}
    for name, printed in truth.items():
        if not printed:
            continue
        wanted = printed_value(name, str(printed)).upper()
        found = answered.get(name)
        got = str(found["text"]).upper() if found else ""
        bare, target = got.replace(" ", ""), wanted.replace(" ", "")
        scores[name] = FieldScore(
            read=bool(found),
            exact=got == wanted,
            exact_spaceless=bare == target,
            edits=edits(bare, target),
            characters=len(target),
            confidence=float(found["confidence"]) if found else 0.0,
        )
    return scores
