"""What is stored. No picture, no NIK, nothing that is printed on a card: see docs/api.md, "What is stored"."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime; SQLite forgets the zone, so it is stored in UTC and comes back in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """To UTC."""
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """From UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Table(DeclarativeBase):
    """The tables' common metadata."""


class VerificationRow(Table):
    """One selfie judged. Written once, never changed.

    Attributes:
        answer: the answer as JSON with every personal value withheld.
        claim_given: which parts of a claim were sent, not what they said.
    """

    __tablename__ = "verifications"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    customer_id: Mapped[str] = mapped_column(String(64), index=True)
    booking_id: Mapped[str | None] = mapped_column(String(64))
    decision: Mapped[str] = mapped_column(String(16))
    confidence: Mapped[float]
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
    consent_text_version: Mapped[str] = mapped_column(String(64))
    consent_granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    consent_purpose: Mapped[str] = mapped_column(String(120))
    claim_given: Mapped[list[str]] = mapped_column(JSON)


class IdempotencyRow(Table):
    """One Idempotency-Key. The primary key is what lets only one of two racing requests judge.

    Attributes:
        key_sha256: the key itself is not stored: it also keys content_hmac.
        content_hmac: HMAC-SHA256 of everything that was sent, under the key: without the key nobody can try NIKs on it.
        verification_id: the verification this key will have, or has; also the token of whoever holds the lease.
        leased_until: when a holder that has not finished counts as dead.
        completed: the verification is stored.
    """

    __tablename__ = "idempotency_keys"

    key_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    content_hmac: Mapped[str] = mapped_column(String(64))
    verification_id: Mapped[str] = mapped_column(String(36))
    leased_until: Mapped[datetime] = mapped_column(UtcDateTime)
    completed: Mapped[bool] = mapped_column(default=False)
