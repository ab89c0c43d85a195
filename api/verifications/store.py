"""Verifications and Idempotency-Keys in the database."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.db.tables import IdempotencyRow, VerificationRow

Answer = dict[str, Any]


def now_utc() -> datetime:
    """The clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to judge one request, until it is released, completed or too old."""

    key_sha256: str
    verification_id: str


class Refusal(Enum):
    """Why a key cannot be used now."""

    IN_FLIGHT = "another request with this key and content is being judged"
    OTHER_CONTENT = "this key was used for another request"


class VerificationStore:
    """The only place that reads or writes the two tables. Safe to call from several threads and processes."""

    def __init__(self, engine: Engine, lease_s: float, clock: Callable[[], datetime] = now_utc) -> None:
        self._engine = engine
        self._lease = timedelta(seconds=lease_s)
        self._clock = clock

    def reserve(self, key: str, content_hmac: str) -> Lease | Answer | Refusal:
        """Take the key for one request, or say what became of it.

        Returns:
            A lease: judge, then complete or release. An answer: this request was judged before. A refusal.
        """
        key_sha256 = hashlib.sha256(key.encode()).hexdigest()
        lease = Lease(key_sha256, str(uuid4()))
        try:
            with Session(self._engine) as session, session.begin():
                session.add(self._row(lease, content_hmac))
        except IntegrityError:  # the key is known
            return self._of_known_key(lease, content_hmac)
        return lease

    def _of_known_key(self, lease: Lease, content_hmac: str) -> Lease | Answer | Refusal:
        with Session(self._engine) as session, session.begin():
            row = session.get(IdempotencyRow, lease.key_sha256)
            if row is None:  # released between our two statements; the sender's next try finds it free
                return Refusal.IN_FLIGHT
            if row.content_hmac != content_hmac:
                return Refusal.OTHER_CONTENT
            if row.completed:
                return session.get_one(VerificationRow, row.verification_id).answer
            if row.leased_until > self._clock():
                return Refusal.IN_FLIGHT
            # Its holder died. Of several that see this, the one whose UPDATE still finds the old token goes on.
            taken = session.execute(
                update(IdempotencyRow)
                .where(IdempotencyRow.key_sha256 == row.key_sha256)
                .where(IdempotencyRow.verification_id == row.verification_id)
                .values(verification_id=lease.verification_id, leased_until=self._clock() + self._lease)
                .returning(IdempotencyRow.key_sha256)
            ).one_or_none()
            return lease if taken else Refusal.IN_FLIGHT

    def release(self, lease: Lease) -> None:
        """Give the key back: nothing was judged."""
        with Session(self._engine) as session, session.begin():
            session.execute(
                delete(IdempotencyRow)
                .where(IdempotencyRow.key_sha256 == lease.key_sha256)
                .where(IdempotencyRow.verification_id == lease.verification_id)
                .where(IdempotencyRow.completed.is_(False))
            )

    def complete(self, lease: Lease, verification: VerificationRow) -> bool:
        """Store the verification and close the key, both or neither.

        Returns:
            False when the lease had run out and another request took it over: nothing is stored.
        """
        with Session(self._engine) as session, session.begin():
            closed = session.execute(
                update(IdempotencyRow)
                .where(IdempotencyRow.key_sha256 == lease.key_sha256)
                .where(IdempotencyRow.verification_id == lease.verification_id)
                .values(completed=True)
                .returning(IdempotencyRow.key_sha256)
            ).one_or_none()
            if closed:
                session.add(verification)
            return closed is not None

    def get(self, verification_id: str) -> Answer | None:
        """The stored answer, personal values withheld."""
        with Session(self._engine) as session:
            row = session.get(VerificationRow, verification_id)
            return row.answer if row else None

    def _row(self, lease: Lease, content_hmac: str) -> IdempotencyRow:
        return IdempotencyRow(
            key_sha256=lease.key_sha256,
            content_hmac=content_hmac,
            verification_id=lease.verification_id,
            leased_until=self._clock() + self._lease,
            completed=False,
        )
