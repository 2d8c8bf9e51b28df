"""What a request says, read in the order in which errors are told."""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any, Final, NoReturn
from urllib.parse import parse_qsl

from latchkey_fastapi import FieldFault, ProblemError
from latchkey_fastapi.problem import invalid_request

MAX_BODY: Final = 65_536
JSON_TYPE: Final = re.compile(
    rb'application/json[ \t]*(;[ \t]*charset=("utf-8"|utf-8)[ \t]*)?', re.IGNORECASE
)
MERGE_PATCH_TYPE: Final = re.compile(
    rb'application/(merge-patch\+)?json[ \t]*(;[ \t]*charset=("utf-8"|utf-8)[ \t]*)?', re.IGNORECASE
)
ENTITY_TAGS: Final = re.compile(rb'(W/)?"[\x21\x23-\x7e]*"([ \t]*,[ \t]*(W/)?"[\x21\x23-\x7e]*")*')
STRONG_REVISION: Final = re.compile(rb'(?<!W/)"([1-9][0-9]{0,14})"')
IDEMPOTENCY_KEY: Final = re.compile(rb"[\x21-\x7e]{1,255}")
LIMIT: Final = re.compile(r"[1-9][0-9]{0,2}", re.ASCII)
MOST_ERRORS: Final = 20
LONGEST_PAGE: Final = 100

# Fields that say who asks whom, and where a body ends. Given twice, two readers may each believe another one
# (RFC 9110 §5.3, RFC 9112 §3.2 and §6.3).
SINGULAR: Final = frozenset(
    {
        b"authorization",
        b"content-encoding",
        b"content-length",
        b"content-type",
        b"host",
        b"idempotency-key",
        b"origin",
        b"transfer-encoding",
    }
)

#: Revisions a precondition names; `True` for any; `None` without one.
Revisions = list[int] | bool | None
#: Reads the body, at most so many bytes, or raises that it is too large or not well-formed.
ReadBody = Callable[[int], Awaitable[bytes]]


class Request:
    __slots__ = ("headers", "method", "path", "peer", "query", "read_body", "repeated", "request_id")

    def __init__(
        self,
        method: str,
        path: bytes,
        query: bytes,
        fields: list[tuple[bytes, bytes]],
        peer: str,
        read_body: ReadBody,
    ) -> None:
        self.method = method
        self.path = path
        self.query = query
        self.peer = peer
        self.read_body = read_body
        self.request_id = ""
        #: Whether a field that may stand but once stands twice.
        self.repeated = False
        headers: dict[bytes, bytes] = {}
        for name, value in fields:
            if name in headers:
                self.repeated = self.repeated or name in SINGULAR
                headers[name] += b", " + value
            else:
                headers[name] = value
        self.headers = headers


async def read_json(
    request: Request, still_accepted: Callable[[], None], media_type: re.Pattern[bytes] = JSON_TYPE
) -> Any:
    """Media type, size, then the body itself; the token is judged again when all of it is here."""
    headers = request.headers
    if not media_type.fullmatch(headers.get(b"content-type", b"")):
        raise ProblemError("unsupported_media_type")
    if headers.get(b"content-encoding", b"identity").lower() != b"identity":
        raise ProblemError("unsupported_media_type")
    if int(headers.get(b"content-length", b"0")) > MAX_BODY:
        raise ProblemError("content_too_large")
    body = await request.read_body(MAX_BODY)
    still_accepted()
    try:
        return _decoder.decode(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise invalid_request(FieldFault("", "must be JSON in UTF-8")) from None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


# No number has a place in our bodies, so that none need be read exactly; NaN is no JSON, whatever Python says.
_decoder: Final = json.JSONDecoder(parse_constant=_refuse_constant, parse_int=float)


class ListQuery:
    __slots__ = ("completed", "cursor", "limit")

    def __init__(self, limit: int, completed: bool | None, cursor: str | None) -> None:
        self.limit = limit
        self.completed = completed
        self.cursor = cursor


DEFAULT_QUERY: Final = ListQuery(50, None, None)


def read_list_query(request: Request) -> ListQuery:
    if not request.query:
        return DEFAULT_QUERY
    pairs = _pairs(request)
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for at, name in enumerate(names) if name in names[:at])
        raise invalid_request(FieldFault(_shown(twice), "must be given once"))
    faults = []
    limit, completed = values.pop("limit", "50"), values.pop("completed", None)
    cursor = values.pop("cursor", None)
    if not LIMIT.fullmatch(limit) or int(limit) > LONGEST_PAGE:
        faults.append(FieldFault("limit", f"must be a whole number from 1 to {LONGEST_PAGE}"))
    if completed not in (None, "true", "false"):
        faults.append(FieldFault("completed", "must be true or false"))
    faults += [FieldFault(_shown(name), "is not known") for name in values]
    if faults:
        raise invalid_request(*faults)
    return ListQuery(int(limit), None if completed is None else completed == "true", cursor)


def refuse_query(request: Request) -> None:
    if not request.query:
        return
    names = dict.fromkeys(name for name, _ in _pairs(request))
    if names:
        raise invalid_request(*(FieldFault(_shown(name), "is not known") for name in names))


def _pairs(request: Request) -> list[tuple[str, str]]:
    return parse_qsl(request.query.decode("latin-1"), keep_blank_values=True, errors="replace")


def read_revisions(request: Request, name: bytes, shown: str) -> Revisions:
    """A weak tag never matches (RFC 9110 §13.1.1)."""
    value = request.headers.get(name)
    if value is None:
        return None
    if value == b"*":
        return True
    if not ENTITY_TAGS.fullmatch(value):
        raise invalid_request(FieldFault(shown, "must be * or entity tags"))
    return [int(revision) for revision in STRONG_REVISION.findall(value)]


def read_idempotency_key(request: Request) -> bytes | None:
    key = request.headers.get(b"idempotency-key")
    if key is None or IDEMPOTENCY_KEY.fullmatch(key):
        return key
    raise invalid_request(FieldFault("Idempotency-Key", "must be 1 to 255 visible ASCII characters"))


def pointer(name: str) -> str:
    """RFC 6901."""
    return "/" + _shown(name.replace("~", "~0").replace("/", "~1"))


def _shown(name: str) -> str:
    return name if len(name) <= 100 else f"{name[:100]}…"
