"""VerificationService: the only caller of the Verifier."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import time
from contextlib import ExitStack
from datetime import date, timedelta, timezone
from functools import partial
from typing import Any, Protocol

from api.db.tables import VerificationRow
from api.errors import BUSY, KEY_IN_FLIGHT, KEY_INVALID, KEY_REUSED, NOT_FOUND, NOT_READY, ProblemError
from api.pool import BoundedPool, PoolFullError
from api.verifications.audience import for_booking
from api.verifications.schemas import VerificationOut
from api.verifications.store import Lease, Refusal, VerificationStore, now_utc
from api.verifications.upload import Submission
from kyc_vision.image import Limits, read
from kyc_vision.report import describe
from kyc_vision.types import Claim, Image, Verification

log = logging.getLogger("kyc.api")
JAKARTA = timezone(timedelta(hours=7), "WIB")  # whose day counts for ages and dates on the card; no summer time
RETRY_AFTER_S = 2  # a selfie is to take 1.5 s at most, so by then a place is free


class SelfieVerifier(Protocol):
    """What the service asks of ``kyc_vision.pipeline.Verifier``; called from several threads."""

    def verify(self, selfie: Image, claim: Claim | None = None, *, today: date) -> Verification:
        """Judge one selfie; today is the day of the judgement."""


class VerificationService:
    """Takes a submission once, has it judged on the pool, stores what may be stored."""

    def __init__(
        self, verifier: SelfieVerifier | None, store: VerificationStore, pool: BoundedPool, limits: Limits
    ) -> None:
        self._verifier = verifier
        self._store = store
        self._pool = pool
        self._limits = limits

    def require_ready(self) -> None:
        """Raise the problem to answer with while there are no weights."""
        if self._verifier is None:
            detail = "The operator has to run `make setup` and start the service again; its log says what is missing."
            raise ProblemError(NOT_READY, detail)

    async def submit(self, submission: Submission, key: str) -> tuple[VerificationOut, bool]:
        """Judge a submission, or find what was answered to it before.

        Returns:
            The answer, and whether it is a replay: then without the values that are not stored.

        Raises:
            ProblemError: the key cannot be used, no worker is free, or there are no weights.
            InputError: the picture cannot be judged; the key stays free.
        """
        self.require_ready()
        if not (1 <= len(key) <= 128 and key.isascii() and key.isprintable()):
            raise ProblemError(KEY_INVALID, "Use 1 to 128 printable ASCII characters, for example a UUID.")
        found = await asyncio.to_thread(self._reserve, submission, key)
        if isinstance(found, dict):
            return VerificationOut.model_validate(found), True
        if found is Refusal.IN_FLIGHT:
            detail = "Wait, then send the same request again: it will be answered with the result."
            raise ProblemError(KEY_IN_FLIGHT, detail, headers=_retry_after())
        if found is Refusal.OTHER_CONTENT:
            raise ProblemError(KEY_REUSED, "Use a new Idempotency-Key for a new selfie or changed parts.")
        assert isinstance(found, Lease)
        try:
            future = self._pool.submit(partial(self._run, submission, found))
        except PoolFullError:
            await asyncio.to_thread(self._store.release, found)
            raise ProblemError(BUSY, "Send the same request again after Retry-After.", headers=_retry_after()) from None
        # Shielded: a selfie taken on is judged and stored even when its sender hangs up.
        return await asyncio.shield(asyncio.wrap_future(future)), False

    async def get(self, verification_id: str) -> VerificationOut:
        """The stored answer, personal values withheld."""
        answer = await asyncio.to_thread(self._store.get, verification_id)
        if answer is None:
            raise ProblemError(NOT_FOUND, "Use the id or the Location of an answer to POST /v1/verifications.")
        return VerificationOut.model_validate(answer)

    def _reserve(self, submission: Submission, key: str) -> Lease | dict[str, Any] | Refusal:
        return self._store.reserve(key, _content_hmac(submission, key))

    def _run(self, submission: Submission, lease: Lease) -> VerificationOut:
        """Decode, judge, store: runs on a worker thread."""
        assert self._verifier is not None
        with ExitStack() as undo:
            undo.callback(self._store.release, lease)
            started = time.perf_counter()
            image = read(submission.selfie, self._limits)
            decoded = time.perf_counter()
            today = now_utc().astimezone(JAKARTA).date()
            verification = self._verifier.verify(image, _claim(submission), today=today)
            answer = _answer(verification, submission, lease, 1000 * (decoded - started))
            if not self._store.complete(lease, _row(answer, submission)):
                detail = "Judging took longer than the lease and another request took over: send it again."
                raise ProblemError(KEY_IN_FLIGHT, detail, headers=_retry_after())
            undo.pop_all()
        log.info("verification %s: %s, %.0f ms", answer.id, answer.decision, answer.timings_ms["total"])
        return answer


def _retry_after() -> dict[str, str]:
    return {"Retry-After": str(RETRY_AFTER_S)}


def _content_hmac(submission: Submission, key: str) -> str:
    """What the request says, in one number that is of no use without the key, which we do not keep.

    A bare hash would be: whoever has the database could try NIKs and birth dates until it matches.
    """
    parts = (submission.ids, submission.consent, submission.claim)
    text = json.dumps([part and part.model_dump(mode="json") for part in parts], sort_keys=True)
    digest = hmac.new(key.encode(), text.encode() + b"\0", hashlib.sha256)
    digest.update(submission.selfie)
    return digest.hexdigest()


def _claim(submission: Submission) -> Claim | None:
    claim = submission.claim
    if claim is None:
        return None
    born = claim.birth_date.isoformat() if claim.birth_date else None
    return Claim(claim.nik, claim.name, born, claim.person_requested)


def _answer(verification: Verification, submission: Submission, lease: Lease, decode_ms: float) -> VerificationOut:
    """The core's own description, with ids, the time to decode, and the reasons a booking system may see."""
    described: dict[str, Any] = describe(verification)
    timings: dict[str, float] = {"decode": decode_ms, **described["timings_ms"]}
    timings["total"] += decode_ms
    return VerificationOut.model_validate(
        {
            **for_booking(described),
            "id": lease.verification_id,
            "created_at": now_utc(),
            "customer_id": submission.ids.customer_id,
            "booking_id": submission.ids.booking_id,
            "timings_ms": {stage: round(ms, 1) for stage, ms in timings.items()},
        }
    )


def _row(answer: VerificationOut, submission: Submission) -> VerificationRow:
    claim = submission.claim
    return VerificationRow(
        id=answer.id,
        created_at=answer.created_at,
        customer_id=answer.customer_id,
        booking_id=answer.booking_id,
        decision=answer.decision.value,
        confidence=answer.confidence,
        answer=answer.withheld().model_dump(mode="json"),
        consent_text_version=submission.consent.text_version,
        consent_granted_at=submission.consent.granted_at,
        consent_purpose=submission.consent.purpose,
        claim_given=sorted(claim.model_dump(exclude_defaults=True)) if claim else [],
    )
