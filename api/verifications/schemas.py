"""The wire: what is sent and what is answered. Pydantic stays in here and in errors.py."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from kyc_vision.types import Decision, Outcome

Point = tuple[float, float]
BoxOut = tuple[float, float, float, float]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9._:-]{1,64}$")]  # no spaces, no @: an id, not a name or address


class ConsentIn(BaseModel):
    """What the customer agreed to, and when. It is stored as it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text_version: str = Field(min_length=1, max_length=64, examples=["2026-01-id"])
    granted_at: AwareDatetime = Field(description="with its time zone")
    purpose: str = Field(min_length=1, max_length=120, examples=["booking-kyc"])


class ClaimIn(BaseModel):
    """What the booking system knows of the customer. It is compared, never stored."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    nik: str | None = Field(default=None, pattern=r"^[0-9]{16}$")
    name: str | None = Field(default=None, min_length=1, max_length=100)
    birth_date: date | None = None
    person_requested: bool = Field(default=False, description="the customer asks for a person; nobody has to say why")


class IdsIn(BaseModel):
    """The plain text parts."""

    model_config = ConfigDict(frozen=True)

    customer_id: Identifier
    booking_id: Identifier | None = None


class CardOut(BaseModel):
    """Where the card lies."""

    quad: list[Point] = Field(description="TL, TR, BR, BL of the printed card, upright selfie pixels")
    mirrored: bool
    confidence: float
    anchors: int = Field(description="printed landmarks that support it")
    residual_mm: float = Field(description="their median distance from where they belong on the card")
    edges: int = Field(
        description="sides of the quad that were seen as edges; the others lie where the print puts them"
    )


class FieldOut(BaseModel):
    """One printed value."""

    text: str | None = Field(description="normalised; null where withheld")
    read: str | None = Field(description="as printed; null where withheld")
    confidence: float
    repaired: list[int] = Field(default=[], description="positions in text that differ from what was read")
    readings: dict[str, str] = Field(default={}, description="what each reader read, where several were asked")
    withheld: bool = Field(default=False, description="the value was read and answered once; it is not stored")


class FaceOut(BaseModel):
    """The live face against the card's portrait."""

    similarity: float
    probability: float
    probe: BoxOut = Field(description="the live face: x, y, width, height, upright selfie pixels")
    reference: BoxOut = Field(description="the card's portrait")
    reference_height_px: float = Field(description="what the comparison could see of it")


class CheckOut(BaseModel):
    """One question put to the evidence."""

    name: str
    outcome: Outcome
    score: float | None
    threshold: float | None
    reasons: list[str]
    detail: str = ""


class DoubtOut(BaseModel):
    """What the confidence lost, and by what."""

    cause: str
    odds: float = Field(description="of it against everything being as it seems")
    lost: float = Field(description="all losses and the confidence make 1")


class ChangeOut(BaseModel):
    """The nearest other verdict."""

    checks: list[str] = Field(description="that would have had to pass; of an approved one the narrowest pass")
    decision: Decision | None


class AdviceOut(BaseModel):
    """What the customer can do better; only where the picture is to be taken again."""

    code: str
    text_id: str
    text_en: str
    place: list[Point] | None = Field(description="where in the picture: corners, upright selfie pixels")


class ProvenanceOut(BaseModel):
    """What made the verdict."""

    image_sha256: str
    code: str
    weights: dict[str, str]
    policy: str
    calibration: str
    engines: dict[str, str]


class VerificationOut(BaseModel):
    """One selfie judged."""

    id: str
    status: Literal["completed"] = "completed"
    created_at: datetime
    customer_id: str
    booking_id: str | None
    decision: Decision
    confidence: float = Field(ge=0, le=1)
    card: CardOut | None
    fields: dict[str, FieldOut | None]
    fields_missing: dict[str, str] = Field(description="field → reason code")
    face: FaceOut | None
    checks: list[CheckOut]
    reasons: list[str] = Field(description="codes of GET /v1/reasons; empty only when approved")
    doubts: list[DoubtOut] = Field(default=[], description="most first; ways of deceiving together as `deception`")
    nearest_change: ChangeOut | None = None
    advice: list[AdviceOut] = Field(default=[], description="for the customer")
    provenance: ProvenanceOut
    timings_ms: dict[str, float]

    def withheld(self) -> VerificationOut:
        """The same without anything that is printed on the card: of each field only the confidence stays."""
        fields = {
            name: value and FieldOut(text=None, read=None, confidence=value.confidence, withheld=True)
            for name, value in self.fields.items()
        }
        return self.model_copy(update={"fields": fields})
