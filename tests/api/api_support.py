"""What the API tests share: a picture, a form, a verification full of planted personal values, a fake verifier."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import partial
from typing import Any

import httpx
import numpy as np
import PIL.Image
from anyio.from_thread import BlockingPortal
from fastapi import FastAPI

from kyc_vision.types import (
    CardFields,
    CardLocation,
    CardNotFound,
    Check,
    Claim,
    Decision,
    Evidence,
    Face,
    FaceMatch,
    FaceNotFound,
    Field,
    Image,
    NotRead,
    Outcome,
    Provenance,
    Quality,
    SecondOpinion,
    Verdict,
    Verification,
)

NIK = "3171234509870001"
NAME = "SITI PLANTED RAHMAWATI"
PLANTED = {
    "nik": NIK,
    "name": NAME,
    "birth_place": "KOTA PLANTED",
    "birth_date": "1987-09-05",
    "address": "JL PLANTED 77",
    "village": "DESA PLANTED",
}
CLAIM = {"nik": "3171999999999999", "name": "CLAIMED PERSON", "birth_date": "1912-12-12"}
SPACED_NIK = NIK[:4] + " " + NIK[4:]
PERSONAL = (*PLANTED.values(), *CLAIM.values(), SPACED_NIK, "SECOND PLANTED READING")
CONSENT = {"text_version": "2026-01", "granted_at": "2026-03-01T22:15:00+07:00", "purpose": "booking-kyc"}
MARK = b"PLANTED-BYTES-OF-THE-PICTURE"


def selfie(kind: str = "JPEG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    PIL.Image.new("RGB", (320, 240), (200, 120, 40)).save(buffer, kind, **options)
    return buffer.getvalue()


SELFIE = selfie(comment=MARK)


def parts(picture: bytes = SELFIE, **texts: Any) -> list[tuple[str, Any]]:
    """The parts of a good request; a text given as None is left out, one that is not a str is sent as JSON."""
    values = {"customer_id": "cust-1", "consent": CONSENT, **texts}
    shown = {n: v if isinstance(v, str) else json.dumps(v) for n, v in values.items() if v is not None}
    return [("selfie", ("selfie.jpg", picture, "image/jpeg")), *((n, (None, v)) for n, v in shown.items())]


def card_fields() -> CardFields:
    found = {
        name: Field(
            read=NIK[:4] + " " + NIK[4:] if name == "nik" else text, text=text, confidence=0.9, box=(1, 2, 3, 4)
        )
        for name, text in PLANTED.items()
    }
    missing = {f.name: NotRead("OCR_FIELD_NOT_FOUND") for f in fields(CardFields) if f.name not in found}
    return CardFields(**found, **missing)


def verification(image: Image) -> Verification:
    quad = np.array([[10, 10], [90, 12], [88, 60], [9, 58]], np.float32)
    face = Face((100.0, 20.0, 50.0, 60.0), np.zeros((5, 2), np.float32), 0.9)
    portrait = Face((70.0, 30.0, 10.0, 12.0), np.zeros((5, 2), np.float32), 0.8)
    checks = (
        Check("card_found", Outcome.PASS, 0.95, 0.5),
        Check("card_colour", Outcome.WARN, 3.1, 6.0, ("FRAUD_MONOCHROME_COPY",), "the ground has no colour"),
        Check("one_photo", Outcome.WARN, 0.99, 0.97, ("FRAUD_SAME_PHOTO",)),
        Check("sharpness", Outcome.FAIL, 0.1, 0.3, ("QUALITY_BLURRED",), "the live face"),
    )
    reasons = ("FRAUD_MONOCHROME_COPY", "FRAUD_SAME_PHOTO", "QUALITY_BLURRED")
    evidence = Evidence(
        image=image,
        quality=Quality(**{f.name: 0.5 for f in fields(Quality)}),  # never described
        faces=(face, portrait),
        location=CardLocation(quad, 0.95, False, 9, 0.3),
        card=None,
        fields=card_fields(),
        match=FaceMatch(face, portrait, 12.0, 0.61, 0.97, SecondOpinion("dlib", None, "not asked")),
    )
    provenance = Provenance(image.sha256, "0.1.0", {"sface": "ab" * 8}, "p" * 16, "c" * 16, {"opencv": "5.0"})
    return Verification(
        Verdict(Decision.REVIEW, 0.42, checks, reasons), evidence, {"faces": 5.0, "total": 5.0}, provenance
    )


def without_card(found: Verification) -> Verification:
    evidence = replace(
        found.evidence, location=CardNotFound("CARD_NOT_FOUND"), fields=None, match=FaceNotFound("CARD_NOT_FOUND")
    )
    return replace(found, evidence=evidence)


@dataclass
class FakeVerifier:
    """Counts, and answers with planted values; `before` may block or raise."""

    before: Callable[[], None] = lambda: None
    answer: Callable[[Image], Verification] = verification
    claims: list[Claim | None] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    days: list[date] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def verify(self, selfie: Image, claim: Claim | None = None, *, today: date) -> Verification:
        with self._lock:
            self.claims.append(claim)
            self.images.append(selfie)
            self.days.append(today)
        self.before()
        return self.answer(selfie)


class Client:
    """Calls an app from any thread, on the event loop of a portal; Starlette's own client wants another httpx."""

    def __init__(self, app: FastAPI, portal: BlockingPortal) -> None:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self._http = httpx.AsyncClient(transport=transport, base_url="http://kyc.test")
        self._portal = portal

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        return self._portal.call(partial(self._http.request, method, path, **options))

    def get(self, path: str) -> httpx.Response:
        return self.request("GET", path)

    def post(self, path: str, **options: Any) -> httpx.Response:
        return self.request("POST", path, **options)

    def delete(self, path: str) -> httpx.Response:
        return self.request("DELETE", path)
