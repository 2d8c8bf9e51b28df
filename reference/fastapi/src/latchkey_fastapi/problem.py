"""Every error the API can say (RFC 9457). `type` and `code` never change their meaning; `title` is for people."""

import json
from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import Request, Response

PROBLEMS: Final[dict[str, tuple[int, str]]] = {
    "malformed_request": (400, "The request is not well-formed HTTP."),
    "invalid_request": (400, "The request is not valid."),
    "authentication_required": (401, "An access token is required."),
    "invalid_token": (401, "The access token is not valid."),
    "token_expired": (401, "The access token has expired."),
    "not_found": (404, "There is nothing here."),
    "method_not_allowed": (405, "This method is not allowed here."),
    "request_timeout": (408, "The request took too long to arrive."),
    "precondition_failed": (412, "The task is not in the state the request expects."),
    "content_too_large": (413, "The body is too large."),
    "unsupported_media_type": (415, "The body must be JSON in UTF-8."),
    "expectation_failed": (417, "This expectation cannot be met."),
    "idempotency_key_reused": (422, "This Idempotency-Key was used with another body."),
    "headers_too_large": (431, "The header fields are too large."),
    "internal_error": (500, "Something went wrong."),
    "unavailable": (503, "The service is not available for a moment."),
}

PROBLEM_TYPE: Final = "application/problem+json; charset=utf-8"

# RFC 6750 §3.1: a request without credentials learns that some are needed, and no error code.
CHALLENGES: Final = {
    "authentication_required": 'Bearer realm="latchkey"',
    "invalid_token": 'Bearer realm="latchkey", error="invalid_token"',
    "token_expired": 'Bearer realm="latchkey", error="invalid_token", '
    'error_description="The access token expired"',
}


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One wrong part of a request: a JSON pointer into the body, or the name of a parameter or header."""

    field: str
    message: str


@dataclass
class ProblemError(Exception):
    """Raised to answer with a problem from wherever it is noticed."""

    code: str
    errors: tuple[FieldFault, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)


def invalid_request(*faults: FieldFault) -> ProblemError:
    return ProblemError("invalid_request", faults[:20])


def problem_body(code: str, errors: tuple[FieldFault, ...] = (), request_id: str | None = None) -> bytes:
    status, title = PROBLEMS[code]
    name = code.replace("_", "-")
    document: dict[str, Any] = {
        "type": f"urn:latchkey:problem:{name}",
        "title": title,
        "status": status,
        "code": code,
    }
    if errors:
        document["errors"] = [{"field": fault.field, "message": fault.message} for fault in errors]
    # Only on a 500: what X-Request-Id says, to be quoted to whoever runs this.
    if code == "internal_error" and request_id is not None:
        document["id"] = request_id
    return f"{json.dumps(document, ensure_ascii=False, separators=(',', ':'))}\n".encode()


def problem_headers(code: str) -> dict[str, str]:
    headers = {"Content-Type": PROBLEM_TYPE}
    if code in CHALLENGES:
        headers["WWW-Authenticate"] = CHALLENGES[code]
    if code == "unavailable":
        headers["Retry-After"] = "1"
    return headers


async def answer_problem(_request: Request, error: Exception) -> Response:
    """What FastAPI answers when a dependency or a route raises a `ProblemError`."""
    if not isinstance(error, ProblemError):
        raise error
    headers = {"Cache-Control": "no-store", **problem_headers(error.code), **error.headers}
    return Response(problem_body(error.code, error.errors), PROBLEMS[error.code][0], headers)
