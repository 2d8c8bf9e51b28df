"""Its lines are in the order of its answers: framing, preflight, token, lease, path, method, then the route's own."""

import asyncio
import contextlib
import time
import traceback
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from latchkey_fastapi import Latchkey, ProblemError, Refused, SignedToken, Unavailable
from latchkey_fastapi.log import Field, sanitised

from .answer import SECURITY_HEADERS, Answer, Header, json_answer, problem_answer
from .contract import describe_api
from .database import Database, DatabaseUnavailableError, OverloadedError, SubjectGoneError
from .metrics import Figures, serving
from .page_cursor import PageCursors
from .request import Request
from .settings import TaskSettings
from .tasks import Caller, Tasks

EXPOSED: Final = b"ETag, Link, Location, Retry-After, Server-Timing, WWW-Authenticate, X-Request-Id"
PREFLIGHT: Final[list[Header]] = [
    (b"Access-Control-Allow-Methods", b"GET, HEAD, POST, PUT, PATCH, DELETE"),
    (
        b"Access-Control-Allow-Headers",
        b"Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match",
    ),
    (b"Access-Control-Max-Age", b"600"),
]
HOUR_S: Final = 3_600

OfAll = Callable[[Caller, Request], Awaitable[Answer]]
OfOne = Callable[[Caller, Request, str], Awaitable[Answer]]


class TaskApi:
    """An ASGI application; `respond` is its heart, for a server that need not speak ASGI (see `protocol`)."""

    def __init__(self, settings: TaskSettings) -> None:
        self.settings = settings
        self.latchkey = Latchkey(settings.shared)
        self.log = self.latchkey.log
        self._record = self.latchkey.security.record
        self._origins = {origin.encode() for origin in settings.web_origins}
        self._proxies = settings.trusted_proxies
        self._document: bytes | None = None
        self._stopping = False
        self.common = list(SECURITY_HEADERS)
        if settings.shared.api_url.startswith("https:"):
            self.common.append((b"Strict-Transport-Security", b"max-age=63072000"))

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        database = Database(self.settings.database_url)
        self._database = database
        tasks = Tasks(database, PageCursors(self.settings.shared.feed_secret))
        self._all: dict[str, OfAll] = {
            "GET": tasks.list_tasks,
            "HEAD": tasks.list_tasks,
            "POST": tasks.create_task,
        }
        self._one: dict[str, OfOne] = {
            "GET": tasks.read_task,
            "HEAD": tasks.read_task,
            "PUT": tasks.replace_task,
            "PATCH": tasks.change_task,
            "DELETE": tasks.delete_task,
        }
        self._complete: dict[str, OfOne] = {"PATCH": tasks.toggle_task}
        metrics = serving(self._figures(), self.settings.metrics_host, self.settings.metrics_port)
        async with self.latchkey.following(), metrics:
            purging = asyncio.create_task(self._purge())
            self.log.info("API started", event="sys_startup", part="api", alg=self.settings.shared.algorithm)
            try:
                yield
            finally:
                purging.cancel()
                await asyncio.gather(purging, return_exceptions=True)
                await database.close()

    @property
    def stopping(self) -> bool:
        return self._stopping

    def begin_stop(self) -> None:
        """Not ready any more, while every request is still answered."""
        self._stopping = True

    async def ready(self) -> bool:
        return self.latchkey.ready() and not self._stopping and await self._database.reachable()

    def _figures(self) -> Figures:
        revocations = self.latchkey.revocations
        return {
            "database_requests_waiting": self._database.waiting,
            "lease_age_seconds": revocations.lease_age,
            "revoked_sessions": revocations.size,
            "verified_tokens": self.latchkey.verifier.remembered,
        }

    async def _purge(self) -> None:
        """Every hour: what has been in the trash for 30 days goes. Several APIs may do so at once."""
        while True:
            with contextlib.suppress(DatabaseUnavailableError):
                while await self._database.purge_trash() > 0:
                    pass
            await asyncio.sleep(HOUR_S)

    async def respond(self, request: Request) -> Answer:
        request.request_id = str(uuid.uuid4())
        try:
            answer = await self._answer(request)
        except ProblemError as problem:
            answer = problem_answer(problem, request.request_id)
        except Exception as error:  # Nothing an app raises reaches the client.
            answer = problem_answer(self._problem_of(error, request), request.request_id)
        answer.headers.append((b"X-Request-Id", request.request_id.encode()))
        origin = request.headers.get(b"origin")
        if origin is not None and origin in self._origins and not request.repeated:
            answer.headers.append((b"Access-Control-Allow-Origin", origin))
            answer.headers.append((b"Access-Control-Expose-Headers", EXPOSED))
        return answer

    async def _answer(self, request: Request) -> Answer:
        headers = request.headers
        if request.repeated:
            raise ProblemError("malformed_request")
        if (
            request.method == "OPTIONS"
            and b"origin" in headers
            and b"access-control-request-method" in headers
        ):
            return Answer(204, None, [*PREFLIGHT] if headers[b"origin"] in self._origins else [])
        parts = request.path.split(b"/")
        if parts[1:2] != [b"api"]:
            return await self._answer_health(request)
        if request.path == b"/api/openapi.json" and request.method in {"GET", "HEAD"}:
            self._document = self._document or describe_api(self.settings.shared.api_url)
            return json_answer(200, self._document)
        began = time.perf_counter_ns()
        signed = self._require_token(request)
        took = time.perf_counter_ns() - began
        self._require_own_path(request, parts, signed)
        answer = await self._answer_route(request, parts, signed)
        # On success alone: how long a refusal took, and in which of its steps, is nobody's business.
        if answer.status < 300:
            answer.headers.append((b"Server-Timing", b"auth;dur=%.3f" % (took / 1e6)))
        return answer

    async def _answer_health(self, request: Request) -> Answer:
        if request.path not in {b"/healthz", b"/readyz"}:
            raise ProblemError("not_found")
        if request.method not in {"GET", "HEAD"}:
            raise ProblemError("method_not_allowed", headers={"Allow": "GET, HEAD"})
        if request.path == b"/readyz" and not await self.ready():
            raise ProblemError("unavailable")
        return json_answer(200, b'{"status":"ok"}')

    def _require_token(self, request: Request) -> SignedToken:
        """401 without a token that passes every check; 503 while nobody can say whether it was revoked."""
        credentials = request.headers.get(b"authorization")
        if credentials is None:
            self._rejected(request, "no_credentials")
            raise ProblemError("authentication_required")
        verdict = self.latchkey.judge(credentials.decode("latin-1"))
        if isinstance(verdict, SignedToken):
            return verdict
        if isinstance(verdict, Unavailable):
            raise ProblemError("unavailable")
        # A subject is told only when the signature was good: nobody can be accused by a forged token.
        sub = verdict.claims.subject if verdict.claims else None
        self._rejected(request, verdict.reason, kid=sanitised(verdict.kid), sub=sub)
        raise ProblemError("token_expired" if verdict.reason == "expired" else "invalid_token")

    def _rejected(self, request: Request, reason: str, **known: Field) -> None:
        about = self._about(request)
        self._record(
            "An access token was rejected", event="authn_token_rejected", reason=reason, **about, **known
        )

    def _require_own_path(self, request: Request, parts: list[bytes], signed: SignedToken) -> None:
        """Someone else's path and a path of nobody are one thing: not there (FR-015)."""
        owner = unquote_to_bytes(parts[2]) if len(parts) > 2 else b""
        subject = signed.claims.subject
        if owner == subject.encode():
            return
        target = sanitised(owner.decode("latin-1"))
        about = self._about(request)
        self._record(
            "A request for another account's data", event="authz_fail", actor=subject, target=target, **about
        )
        raise ProblemError("not_found")

    async def _answer_route(self, request: Request, parts: list[bytes], signed: SignedToken) -> Answer:
        length = len(parts)
        if not _is_tasks(parts):
            raise ProblemError("not_found")
        caller = Caller(signed.claims.subject, lambda: self._require_still_accepted(signed))
        if length == 4:
            handle_all = self._all.get(request.method)
            if handle_all is None:
                return _other_method(request, self._all)
            return await handle_all(caller, request)
        operations = self._one if length == 5 else self._complete
        handle_one = operations.get(request.method)
        if handle_one is None:
            return _other_method(request, operations)
        return await handle_one(caller, request, unquote_to_bytes(parts[4]).decode("latin-1"))

    def _require_still_accepted(self, signed: SignedToken) -> None:
        """A long upload outlives a session: what was accepted at its start may be revoked at its end."""
        verdict = self.latchkey.verifier.judge(signed)
        if isinstance(verdict, Unavailable):
            raise ProblemError("unavailable")
        # EC-6: a request accepted in time completes, so that the token expired meanwhile is no reason.
        if isinstance(verdict, Refused) and verdict.reason != "expired":
            raise ProblemError("invalid_token")

    def _problem_of(self, error: Exception, request: Request) -> ProblemError:
        """What went wrong is for the log; the client learns which problem it is, and of a fault only its id."""
        # EC-5: the account is gone while its token has not expired.
        if isinstance(error, SubjectGoneError):
            return ProblemError("invalid_token")
        about = self._about(request)
        if isinstance(error, OverloadedError):
            self._record("A request was refused under load", event="load_shed", reason=str(error), **about)
            return ProblemError("unavailable")
        if isinstance(error, DatabaseUnavailableError):
            self._record(
                "The database is unavailable", event="database_unavailable", reason=str(error), **about
            )
            return ProblemError("unavailable")
        stack = "".join(traceback.format_exception(error))
        self.log.error("A request failed", event="sys_error", err=stack, **about)
        return ProblemError("internal_error")

    def _about(self, request: Request) -> dict[str, Field]:
        client = self._client_address(request)
        return {
            "request_id": request.request_id,
            "client": client,
            "method": request.method,
            "route": _route(request.path.split(b"/")),
        }

    def _client_address(self, request: Request) -> str:
        """
        The TCP peer, or, when that is a trusted proxy, the right-most address in X-Forwarded-For that is none. What
        stands further left was written by the client and proves nothing.
        """
        client = request.peer.removeprefix("::ffff:")
        hops = request.headers.get(b"x-forwarded-for", b"").decode("latin-1").split(",")
        while hops and self._is_trusted(client):
            hop = hops.pop().strip().removeprefix("::ffff:")
            if not _is_address(hop):
                break
            client = hop
        return client

    def _is_trusted(self, address: str) -> bool:
        return _is_address(address) and any(ip_address(address) in network for network in self._proxies)

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)
        else:
            await send({"type": "websocket.close"})

    async def _live(self, receive: Any, send: Any) -> None:
        await receive()
        async with self.running():
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})

    async def _serve(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        async def read_body(limit: int) -> bytes:
            body = bytearray()
            more = True
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ProblemError("malformed_request")
                body += message.get("body", b"")
                more = message.get("more_body", False)
                if len(body) > limit:
                    raise ProblemError("content_too_large")
            return bytes(body)

        peer = (scope.get("client") or ("", 0))[0]
        path = scope.get("raw_path") or scope["path"].encode()
        request = Request(scope["method"], path, scope["query_string"], scope["headers"], peer, read_body)
        answer = await self.respond(request)
        headers = [(name.lower(), value) for name, value in (*self.common, *answer.headers)]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body or b""})


def _is_tasks(parts: list[bytes]) -> bool:
    """Whether a path is one of ours, whoever's: `/api/{user_id}/tasks`, and what stands below it."""
    length = len(parts)
    if length < 4 or length > 6 or parts[3] != b"tasks" or not parts[-1]:
        return False
    return length < 6 or (parts[5] == b"complete" and bool(parts[4]))


def _route(parts: list[bytes]) -> str:
    """A template, for the log: what people put into a path is not told there."""
    if _is_tasks(parts):
        return _TEMPLATES[len(parts) - 4]
    return "/api/:user_id/*" if len(parts) > 3 else "/api/*"


_TEMPLATES: Final = (
    "/api/:user_id/tasks",
    "/api/:user_id/tasks/:id",
    "/api/:user_id/tasks/:id/complete",
)


def _other_method(request: Request, operations: dict[str, Any]) -> Answer:
    allowed = ", ".join([*operations, "OPTIONS"])
    if request.method == "OPTIONS":
        return Answer(204, None, [(b"Allow", allowed.encode())])
    raise ProblemError("method_not_allowed", headers={"Allow": allowed})


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
