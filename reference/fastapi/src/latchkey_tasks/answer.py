"""What goes back. The headers that every answer carries are put before these where it is written."""

from typing import Final

from latchkey_fastapi import ProblemError
from latchkey_fastapi.problem import PROBLEMS, problem_body, problem_headers

Header = tuple[bytes, bytes]

JSON_TYPE: Final[Header] = (b"Content-Type", b"application/json; charset=utf-8")

# On every answer, whoever wrote it: nothing here is a document, and nothing here may be kept.
SECURITY_HEADERS: Final[list[Header]] = [
    (b"Cache-Control", b"no-store"),
    (b"Content-Security-Policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"Cross-Origin-Resource-Policy", b"same-origin"),
    (b"Referrer-Policy", b"no-referrer"),
    (b"X-Content-Type-Options", b"nosniff"),
    # Said to every origin, so that no cache mixes them up.
    (b"Vary", b"Origin"),
]


class Answer:
    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, body: bytes | None, headers: list[Header]) -> None:
        self.status = status
        self.body = body
        self.headers = headers
        if body is not None:
            headers.append((b"Content-Length", b"%d" % len(body)))


def json_answer(status: int, body: bytes, *more: Header) -> Answer:
    return Answer(status, body, [JSON_TYPE, *more])


def problem_answer(error: ProblemError, request_id: str) -> Answer:
    headers = {**problem_headers(error.code), **error.headers}
    body = problem_body(error.code, error.errors, request_id)
    encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
    return Answer(PROBLEMS[error.code][0], body, encoded)
