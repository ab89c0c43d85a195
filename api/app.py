"""create_app: the service, put together. Importing it starts, opens and loads nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from fastapi_offline import FastAPIOffline
from pydantic import BaseModel

from api import errors
from api.db.session import open_database
from api.pool import BoundedPool
from api.settings import Settings
from api.verifications import routes as verifications
from api.verifications.routes import Service
from api.verifications.service import SelfieVerifier, VerificationService
from api.verifications.store import VerificationStore
from kyc_vision import __version__
from kyc_vision.errors import ModelError
from kyc_vision.image import Limits
from kyc_vision.reasons import REASONS, Audience

log = logging.getLogger("kyc.api")


def load_verifier() -> SelfieVerifier:
    """The real Verifier, with its weights.

    Raises:
        ModelError: weights are missing or not the right ones.
    """
    # Imported here because it brings ONNX Runtime: importing this module stays quick.
    from kyc_vision.build import load_verifier as load  # noqa: PLC0415

    return load()


def create_app(settings: Settings, verifier_factory: Callable[[], SelfieVerifier] = load_verifier) -> FastAPI:
    """The ASGI application.

    Args:
        settings: where it runs; ``Settings()`` is development.
        verifier_factory: called once, when the server starts. The server listens when it is done, so whoever can
            reach it finds it ready; where weights are missing it listens all the same and /readyz says so.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        engine = await asyncio.to_thread(open_database, settings.database_url)
        verifier: SelfieVerifier | None = None
        try:
            verifier = await asyncio.to_thread(verifier_factory)
        except ModelError as error:
            log.error("not ready: %s", error)  # no traceback: the message says what to do
        pool = BoundedPool(settings.workers, settings.queue_bound)
        store = VerificationStore(engine, settings.lease_s)
        app.state.service = VerificationService(verifier, store, pool, Limits(max_bytes=settings.max_upload_bytes))
        yield
        await asyncio.to_thread(pool.close)
        engine.dispose()

    # FastAPI with the files of /docs on board: its own page would fetch them from the network.
    app: FastAPI = FastAPIOffline(title="kyc-vision", version=__version__, lifespan=lifespan, redoc_url=None)
    app.state.settings = settings
    errors.install(app)
    app.include_router(operations)
    app.include_router(verifications.router)
    return app


class StatusOut(BaseModel):
    """A plain word for probes."""

    status: str


class ReasonOut(BaseModel):
    """One reason code, as a booking system sees it."""

    code: str
    severity: str
    retryable: bool
    message_id: str
    message_en: str
    next_id: str
    next_en: str


operations = APIRouter(tags=["operations"])


@operations.get("/healthz", summary="Is the process alive?")
async def healthz() -> StatusOut:
    """Answers as long as the event loop runs."""
    return StatusOut(status="alive")


@operations.get("/readyz", summary="Are the weights loaded?", responses=errors.documented(errors.NOT_READY))
async def readyz(service: Service) -> StatusOut:
    """200 when pictures can be judged, else a problem that says what the operator has to do."""
    service.require_ready()
    return StatusOut(status="ready")


@operations.get("/v1/reasons", summary="What the reason codes mean", tags=["verifications"])
async def reasons() -> list[ReasonOut]:
    """The codes a booking system can be answered with, with texts for the customer in Indonesian and English."""
    return [
        ReasonOut.model_validate(reason, from_attributes=True)
        for reason in REASONS.values()
        if Audience.BOOKING.may_see(reason)
    ]
