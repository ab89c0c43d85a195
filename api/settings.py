"""Where the service runs: the ``KYC_*`` environment. Without any, the settings are those of development."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Each attribute is an environment variable: ``port`` is ``KYC_PORT``. docs/api.md lists them."""

    model_config = SettingsConfigDict(env_prefix="KYC_", frozen=True)

    host: str = Field(default="127.0.0.1", description="Address to listen on. Loopback only, until there are keys.")
    port: int = Field(default=8000, ge=0, le=65_535, description="Port to listen on; 0 takes a free one.")
    database_url: str = Field(
        default="sqlite:///var/kyc.db", description="SQLAlchemy URL; a SQLite file's folder is made."
    )
    max_upload_bytes: int = Field(
        default=16 * 1024 * 1024, ge=1024, description="Largest picture; the other parts may add 64 KiB."
    )
    workers: int = Field(
        default=2, ge=1, description="Selfies judged at the same time, a thread each; about one per core."
    )
    queue_bound: int = Field(
        default=8, ge=0, description="Selfies that may wait for a worker; more are told to come back."
    )
    lease_s: float = Field(
        default=120.0, gt=0, description="Seconds after which an Idempotency-Key whose process died may be used again."
    )
