"""``/v1/verifications``: thin; what happens is in service.py."""

from __future__ import annotations

from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Header, Request, Response

from api import errors
from api.settings import Settings
from api.verifications.schemas import ClaimIn, ConsentIn, VerificationOut
from api.verifications.service import VerificationService
from api.verifications.upload import REQUIRED, read_submission

router = APIRouter(prefix="/v1/verifications", tags=["verifications"])


def service_of(request: Request) -> VerificationService:
    """The service that the lifespan built."""
    return cast(VerificationService, request.app.state.service)


def settings_of(request: Request) -> Settings:
    """The settings the app was created with."""
    return cast(Settings, request.app.state.settings)


Service = Annotated[VerificationService, Depends(service_of)]
Configured = Annotated[Settings, Depends(settings_of)]


def _body() -> dict[str, Any]:
    """The multipart body for OpenAPI; FastAPI cannot derive it, for the route reads the stream itself."""
    identifier = {"type": "string", "pattern": "^[A-Za-z0-9._:-]{1,64}$"}
    schema = {
        "type": "object",
        "required": list(REQUIRED),
        "additionalProperties": False,
        "properties": {
            "selfie": {"type": "string", "format": "binary", "description": "JPEG, PNG, WebP or HEIC; a file part"},
            "customer_id": {**identifier, "description": "your id of the customer; never a NIK, name or address"},
            "booking_id": identifier,
            "consent": ConsentIn.model_json_schema(),
            "claim": ClaimIn.model_json_schema(),
        },
    }
    encoding = {
        "selfie": {"contentType": "image/jpeg, image/png, image/webp, image/heic"},
        "consent": {"contentType": "application/json"},
        "claim": {"contentType": "application/json"},
    }
    return {
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema, "encoding": encoding}}}
    }


@router.post(
    "",
    status_code=201,
    response_model=VerificationOut,
    summary="Judge one selfie",
    openapi_extra=_body(),
    responses=errors.documented(
        errors.KEY_MISSING, errors.KEY_INVALID, errors.KEY_IN_FLIGHT, errors.KEY_REUSED,
        errors.UNSUPPORTED_MEDIA, errors.MALFORMED_MULTIPART, errors.BODY_TOO_LARGE,
        errors.MISSING_PART, errors.DUPLICATE_PART, errors.UNKNOWN_PART, errors.INVALID_JSON, errors.INVALID_NIK,
        errors.TIMEZONE_MISSING, errors.INVALID_PART, *errors.PICTURE.values(),
        errors.INTERNAL, errors.NOT_READY, errors.BUSY,
    ),
)  # fmt: skip
async def submit(
    request: Request,
    response: Response,
    service: Service,
    settings: Configured,
    idempotency_key: Annotated[str, Header(description="new for each selfie, the same when a request is repeated")],
) -> VerificationOut:
    """Judge one selfie and answer with the verdict.

    The printed values are in this answer only: they are not stored, so a replay and a later GET withhold them.
    """
    service.require_ready()
    submission = await read_submission(request, settings.max_upload_bytes)
    answer, replayed = await service.submit(submission, idempotency_key)
    response.headers["Location"] = f"/v1/verifications/{answer.id}"
    if replayed:
        response.headers["Idempotency-Replayed"] = "true"
    return answer


@router.get(
    "/{verification_id}",
    summary="Look a verification up",
    responses=errors.documented(errors.NOT_FOUND, errors.INTERNAL),
)
async def get(verification_id: str, service: Service) -> VerificationOut:
    """The verification without the printed values, which are not stored."""
    return await service.get(verification_id)
