"""The multipart body → Submission: in memory only, counted while it streams, every part known by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from api.errors import (
    BODY_TOO_LARGE,
    DUPLICATE_PART,
    INVALID_JSON,
    INVALID_NIK,
    INVALID_PART,
    MALFORMED_MULTIPART,
    MISSING_PART,
    TIMEZONE_MISSING,
    UNKNOWN_PART,
    UNSUPPORTED_MEDIA,
    Kind,
    PartError,
    ProblemError,
)
from api.verifications.schemas import ClaimIn, ConsentIn, IdsIn

REQUIRED = ("selfie", "customer_id", "consent")
KNOWN = (*REQUIRED, "booking_id", "claim")
TEXT_PART_MAX_BYTES = 16 * 1024  # a claim is some hundred bytes
AROUND_THE_PICTURE_BYTES = 64 * 1024  # the text parts, their headers and the boundaries
FORM = f"Send multipart/form-data with the parts {', '.join(KNOWN)}; only selfie has a file name. See /docs."
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True, repr=False)
class Submission:
    """One well-formed request. Without repr: it carries personal data."""

    selfie: bytes
    ids: IdsIn
    consent: ConsentIn
    claim: ClaimIn | None


async def read_submission(request: Request, max_picture_bytes: int) -> Submission:
    """Read and check the body.

    Raises:
        ProblemError: 400, 413, 415 or 422, each with its own type.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "multipart/form-data":
        raise ProblemError(UNSUPPORTED_MEDIA, FORM)
    limit = max_picture_bytes + AROUND_THE_PICTURE_BYTES
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > limit:
        raise _too_large(max_picture_bytes)
    parser = MultiPartParser(
        request.headers,
        _counted(request, limit, max_picture_bytes),
        max_files=len(KNOWN) + 1,
        max_fields=len(KNOWN) + 1,
        max_part_size=TEXT_PART_MAX_BYTES,
    )
    parser.spool_max_size = limit + 1  # so that no picture ever reaches a temporary file
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise ProblemError(MALFORMED_MULTIPART, FORM) from error
    try:
        return await _submission(form)
    finally:
        await form.close()


def _too_large(max_picture_bytes: int) -> ProblemError:
    # The rest of the body is not read, so the connection cannot carry another request.
    detail = f"Send a picture of at most {max_picture_bytes / 1024 / 1024:g} MiB."
    return ProblemError(BODY_TOO_LARGE, detail, headers={"Connection": "close"})


async def _counted(request: Request, limit: int, max_picture_bytes: int) -> AsyncGenerator[bytes, None]:
    """The body as it arrives, until it is more than limit: a declared length may be absent or a lie."""
    received = 0
    async for chunk in request.stream():
        received += len(chunk)
        if received > limit:
            raise _too_large(max_picture_bytes)
        yield chunk


async def _submission(form: FormData) -> Submission:
    counts = Counter(name for name, _ in form.multi_items())
    if counts.keys() - set(KNOWN):
        raise ProblemError(UNKNOWN_PART, FORM)  # its name is not repeated: it may be anything
    _refuse(MISSING_PART, [name for name in REQUIRED if not counts[name]], "is required")
    _refuse(DUPLICATE_PART, [name for name in KNOWN if counts[name] > 1], "may be sent once only")
    selfie = form["selfie"]
    if not isinstance(selfie, UploadFile):
        raise _refusal(INVALID_PART, ["selfie"], "must be a file part, with a file name")
    texts = {name: value for name, value in form.items() if isinstance(value, str)}
    _refuse(INVALID_PART, [name for name in counts if name != "selfie" and name not in texts], "must not be a file")
    return Submission(
        selfie=await selfie.read(),
        ids=_validated(IdsIn, {name: texts[name] for name in ("customer_id", "booking_id") if name in texts}),
        consent=_from_json(ConsentIn, "consent", texts["consent"]),
        claim=_from_json(ClaimIn, "claim", texts["claim"]) if "claim" in texts else None,
    )


def _refusal(kind: Kind, parts: Sequence[str], message: str) -> ProblemError:
    return ProblemError(kind, FORM, [PartError(part=part, message=message) for part in parts])


def _refuse(kind: Kind, parts: Sequence[str], message: str) -> None:
    if parts:
        raise _refusal(kind, parts, message)


def _validated(model: type[Model], values: Mapping[str, str]) -> Model:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        parts = [str(e["loc"][0]) for e in error.errors(include_input=False)]
        raise _refusal(INVALID_PART, parts, "must be 1 to 64 letters, digits or . _ : -") from None


def _from_json(model: type[Model], part: str, text: str) -> Model:
    """Parse one JSON part; what pydantic says of it is repeated without what was sent."""
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        found = error.errors(include_input=False, include_context=False, include_url=False)
        errors = [
            # An unknown member's name is the sender's text: it is not repeated.
            PartError(part=part, field=str(e["loc"][0]), message=e["msg"])
            if e["loc"] and e["type"] != "extra_forbidden"
            else PartError(part=part, message=_WITHOUT_FIELD.get(e["type"], "must be a JSON object"))
            for e in found
        ]
        raise ProblemError(_kind(found[0]["type"], errors[0].field), FORM, errors) from None


_WITHOUT_FIELD = {"json_invalid": "is not valid JSON", "extra_forbidden": "has a member that we do not know"}


def _kind(error_type: str, name: str | None) -> Kind:
    if error_type == "json_invalid":
        return INVALID_JSON
    if error_type == "timezone_aware":
        return TIMEZONE_MISSING
    return INVALID_NIK if name == "nik" else INVALID_PART
