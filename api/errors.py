"""RFC 9457 problem+json for everything that goes wrong; docs/api.md explains each ``type``.

A problem says what to do next. It never repeats a value that was sent and never shows an exception of ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from kyc_vision import errors as core


@dataclass(frozen=True, slots=True)
class Kind:
    """One problem type: its URI is ``/problems/<slug>``."""

    slug: str
    status: int
    title: str


# The request as a whole
NOT_FOUND = Kind("not-found", 404, "There is nothing here")
METHOD_NOT_ALLOWED = Kind("method-not-allowed", 405, "This method is not offered here")
INVALID_REQUEST = Kind("invalid-request", 422, "The request is not as documented")
INTERNAL = Kind("internal-error", 500, "The service failed")
NOT_READY = Kind("not-ready", 503, "The service cannot judge pictures yet")
BUSY = Kind("busy", 503, "Too many pictures are waiting")
# The multipart body
UNSUPPORTED_MEDIA = Kind("unsupported-media-type", 415, "The body must be multipart/form-data")
MALFORMED_MULTIPART = Kind("malformed-multipart", 400, "The multipart body cannot be read")
BODY_TOO_LARGE = Kind("body-too-large", 413, "The upload is too large")
MISSING_PART = Kind("missing-part", 422, "A required part is missing")
DUPLICATE_PART = Kind("duplicate-part", 422, "A part was sent twice")
UNKNOWN_PART = Kind("unknown-part", 422, "There is a part we do not know")
INVALID_JSON = Kind("invalid-json", 422, "A JSON part is not JSON")
INVALID_NIK = Kind("invalid-nik", 422, "A NIK has 16 digits")
TIMEZONE_MISSING = Kind("timezone-missing", 422, "A time lacks its time zone")
INVALID_PART = Kind("invalid-part", 422, "A part does not have the documented form")
# Idempotency
KEY_MISSING = Kind("idempotency-key-missing", 400, "The header Idempotency-Key is required")
KEY_INVALID = Kind("idempotency-key-invalid", 400, "The Idempotency-Key cannot be used")
KEY_IN_FLIGHT = Kind("idempotency-key-in-flight", 409, "The same request is still being judged")
KEY_REUSED = Kind("idempotency-key-reused", 422, "The Idempotency-Key belongs to another request")
# The picture
PICTURE: Mapping[type[core.InputError], Kind] = {
    core.EmptyInput: Kind("empty-picture", 422, "The picture is empty"),
    core.UnknownFormat: Kind("unknown-format", 415, "This is not a picture we read"),
    core.UnsupportedFormat: Kind("unsupported-format", 415, "This picture format is not supported here"),
    core.AnimatedPicture: Kind("animated-picture", 422, "The picture is animated"),
    core.BrokenPicture: Kind("broken-picture", 422, "The picture is damaged or cut off"),
    core.PictureTooSmall: Kind("picture-too-small", 422, "The picture is too small"),
    core.PictureTooLarge: Kind("picture-too-large", 413, "The picture is too large"),
}
KINDS = (*(value for value in list(globals().values()) if isinstance(value, Kind)), *PICTURE.values())


class PartError(BaseModel):
    """What is wrong with one part; never the value itself."""

    part: str
    field: str | None = None
    message: str


class Problem(BaseModel):
    """RFC 9457 problem details."""

    type: str = Field(description="URI reference, explained in docs/api.md", examples=["/problems/missing-part"])
    title: str
    status: int
    detail: str = Field(description="What to do")
    errors: list[PartError] | None = Field(default=None, description="The parts concerned")


class ProblemError(Exception):
    """Answer the request with a problem."""

    def __init__(
        self, kind: Kind, detail: str, errors: Sequence[PartError] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(kind.slug)
        self.kind = kind
        self.detail = detail
        self.errors = errors
        self.headers = headers or {}


def answer(problem: ProblemError) -> JSONResponse:
    """The problem as a response."""
    kind = problem.kind
    body = Problem(
        type=f"/problems/{kind.slug}",
        title=kind.title,
        status=kind.status,
        detail=problem.detail,
        errors=list(problem.errors) or None,
    )
    return JSONResponse(
        body.model_dump(exclude_none=True),
        kind.status,
        headers=dict(problem.headers),
        media_type="application/problem+json",
    )


def documented(*kinds: Kind) -> dict[int | str, dict[str, object]]:
    """The ``responses`` of a route for OpenAPI."""
    schema = {"application/problem+json": {"schema": Problem.model_json_schema()}}
    return {
        status: {
            "description": "; ".join(
                f"`/problems/{kind.slug}`: {kind.title}" for kind in kinds if kind.status == status
            ),
            "content": schema,
        }
        for status in sorted({kind.status for kind in kinds})
    }


def install(app: FastAPI) -> None:
    """Make every error of the app a problem."""

    async def on_problem(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, ProblemError)
        return answer(error)

    async def on_picture(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, core.InputError)
        return answer(ProblemError(PICTURE[type(error)], str(error)))

    async def on_validation(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        if any(tuple(e["loc"]) == ("header", "idempotency-key") for e in error.errors()):
            detail = "Send a header Idempotency-Key, new for each selfie and the same when you repeat a request."
            return answer(ProblemError(KEY_MISSING, detail))
        return answer(ProblemError(INVALID_REQUEST, "Compare the request with /docs."))

    async def on_http(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        kind = {404: NOT_FOUND, 405: METHOD_NOT_ALLOWED}.get(error.status_code, INVALID_REQUEST)
        return answer(ProblemError(kind, "The addresses and methods are listed at /docs.", headers=error.headers))

    async def on_anything(_request: Request, _error: Exception) -> JSONResponse:
        # Starlette raises it again after this answer, so that the server logs the traceback.
        detail = "Send the same request again with the same Idempotency-Key; if it fails again, tell the operator."
        return answer(ProblemError(INTERNAL, detail))

    app.add_exception_handler(ProblemError, on_problem)
    app.add_exception_handler(core.InputError, on_picture)
    app.add_exception_handler(RequestValidationError, on_validation)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(Exception, on_anything)
