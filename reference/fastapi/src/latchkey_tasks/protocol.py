"""
HTTP/1.1 on httptools, as one of uvicorn's protocol classes: what uvicorn would answer by itself, in plain text, is told
as every other problem is, and a request reaches the API without ASGI's messages between them (docs/decisions/0011).
"""

import asyncio
import time
from collections import deque
from http import HTTPStatus
from typing import Any, Final, cast
from uuid import uuid4

import httptools
from uvicorn.config import Config
from uvicorn.server import ServerState

from latchkey_fastapi import ProblemError

from .answer import Answer, Header, problem_answer
from .app import TaskApi
from .request import Request
from .turn import Turn

HEADER_BYTES: Final = 16_384
#: Seconds until a request's headers, and until all of it, must have arrived.
HEADERS_S: Final = 10.0
REQUEST_S: Final = 30.0
KEEP_ALIVE_S: Final = 65.0
LOOK_S: Final = 0.5
#: A longer body nobody asked for is not read to its end: the connection ends instead.
UNREAD_BYTES: Final = 65_536
#: Seconds a client may go on sending after its last answer.
LINGERING_S: Final = 0.5
MOST_PIPELINED: Final = 64
#: What a request line and a chunk's own line take beside what they say; rather too much than too little.
HEAD_OVERHEAD: Final = 64
CHUNK_OVERHEAD: Final = 16

_KEEP_ALIVE: Final = b"Connection: keep-alive\r\nKeep-Alive: timeout=%d\r\n" % KEEP_ALIVE_S

_STATUS_LINES: Final = {
    status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode() for status in HTTPStatus
}


def _lines(headers: list[Header]) -> bytes:
    return b"".join([b"%b: %b\r\n" % header for header in headers])


class Exchange:
    """One request while it arrives and until it is answered."""

    __slots__ = (
        "answered",
        "body",
        "complete",
        "expects",
        "fields",
        "keep_alive",
        "method",
        "url",
        "version",
        "waiting",
    )

    def __init__(self) -> None:
        self.method = ""
        self.url = b""
        self.version = "1.1"
        self.fields: list[tuple[bytes, bytes]] = []
        self.body = bytearray()
        self.keep_alive = True
        #: What the client wants to hear before it sends the body.
        self.expects: bytes | None = None
        self.complete = False
        self.answered = False
        self.waiting: asyncio.Future[None] | None = None

    def wake(self) -> None:
        if self.waiting is not None and not self.waiting.done():
            self.waiting.set_result(None)

    def has_long_rest(self) -> bool:
        """A client that waits to be asked for its body may send it or not: nothing after it could be told apart."""
        if self.complete:
            return False
        length = dict(self.fields).get(b"content-length")
        return length is None or int(length) > UNREAD_BYTES or self.expects is not None

    def is_ambiguous(self, request: Request) -> bool:
        """Two readers could disagree about who is asked, by whom, or where the request ends (RFC 9112 §6.1)."""
        coding = request.headers.get(b"transfer-encoding")
        return (
            request.repeated
            or (coding is not None and coding.lower() != b"chunked")
            or (self.version == "1.1" and b"host" not in request.headers)
        )


class HttpProtocol(asyncio.Protocol):
    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self._api = cast(TaskApi, config.app)
        self._common = _lines(self._api.common)
        self._loop = _loop or asyncio.get_running_loop()
        self._server_state = server_state
        self._transport: asyncio.Transport
        self._parser = httptools.HttpRequestParser(self)
        self._peer = ""
        #: Being received; being answered; and those sent ahead that wait for their turn.
        self._arriving: Exchange | None = None
        self._active: Exchange | None = None
        self._waiting: deque[Exchange] = deque()
        self._head_bytes = 0
        self._in_head = False
        #: Bytes that were neither of a head nor of a body: chunk extensions can be endless.
        self._unaccounted = 0
        self._starting = False
        self._write_paused = False
        self._closing = False
        #: A connection that was refused: what is still sent there never becomes a request.
        self._ended = False
        self._problem = "malformed_request"
        #: When whoever should send has been silent for too long.
        self._deadline = time.monotonic() + HEADERS_S

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._server_state.connections.add(cast(Any, self))
        address = transport.get_extra_info("peername")
        self._peer = address[0] if isinstance(address, tuple) else ""

    def connection_lost(self, _error: Exception | None) -> None:
        self._server_state.connections.discard(cast(Any, self))
        self._ended = True
        for exchange in (self._arriving, self._active):
            if exchange is not None and exchange.waiting is not None and not exchange.waiting.done():
                exchange.waiting.set_exception(ProblemError("malformed_request"))

    def data_received(self, data: bytes) -> None:
        if self._ended:
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._refuse_upgrade(data[upgrade.args[0] :])
            return
        except httptools.HttpParserError:
            self._end_with(self._problem)
            return
        self._unaccounted = max(0, self._unaccounted + len(data))
        if self._unaccounted > 2 * HEADER_BYTES:
            self._end_with("malformed_request")
            return
        if self._in_head:
            self._head_bytes += len(data)
            if self._head_bytes > HEADER_BYTES:
                self._end_with("headers_too_large")
                return
        if len(self._waiting) > MOST_PIPELINED:
            self._transport.pause_reading()
        self._start()

    def _refuse_upgrade(self, rest: bytes) -> None:
        """Nobody here speaks another protocol (RFC 9110 §7.8): what follows is read as HTTP, as before."""
        if self._arriving is None or self._arriving.method == "CONNECT":
            self._end_with("malformed_request")
            return
        self._arriving = None
        self._parser = httptools.HttpRequestParser(self)
        self.data_received(rest)

    # What the parser says.

    def on_message_begin(self) -> None:
        self._arriving = Exchange()
        self._in_head = True
        self._head_bytes = 0
        self._deadline = time.monotonic() + HEADERS_S

    def on_url(self, url: bytes) -> None:
        exchange = cast(Exchange, self._arriving)
        exchange.url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        exchange = cast(Exchange, self._arriving)
        exchange.fields.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        exchange = cast(Exchange, self._arriving)
        parser = self._parser
        self._in_head = False
        size = len(exchange.url) + sum(len(name) + len(value) + 4 for name, value in exchange.fields)
        if size > HEADER_BYTES:
            self._problem = "headers_too_large"
            raise httptools.HttpParserError(self._problem)
        exchange.method = parser.get_method().decode("ascii")
        exchange.version = parser.get_http_version()
        exchange.keep_alive = parser.should_keep_alive()
        self._unaccounted -= size + HEAD_OVERHEAD
        self._deadline += REQUEST_S - HEADERS_S
        self._waiting.append(exchange)

    def on_body(self, body: bytes) -> None:
        exchange = cast(Exchange, self._arriving)
        self._unaccounted -= len(body)
        # Nobody wants more of it than this; what is beyond only has to be noticed.
        if not exchange.answered and len(exchange.body) <= UNREAD_BYTES:
            exchange.body += body
            exchange.wake()

    def on_chunk_header(self) -> None:
        self._unaccounted -= CHUNK_OVERHEAD

    def on_message_complete(self) -> None:
        exchange = cast(Exchange, self._arriving)
        exchange.complete = True
        exchange.wake()
        if not self._parser.should_upgrade():
            self._arriving = None
        if exchange.answered and self._active is exchange:
            self._active = None

    # What becomes of a request.

    def _start(self) -> None:
        """One after another: answers go out in the order of the requests."""
        self._starting = True
        while self._waiting and self._active is None and not self._write_paused and not self._ended:
            exchange = self._active = self._waiting.popleft()
            self._begin(exchange)
        self._starting = False
        if not self._waiting and not self._ended and not self._transport.is_reading():
            self._transport.resume_reading()

    def _begin(self, exchange: Exchange) -> None:
        for name, value in exchange.fields:
            if name == b"expect":
                exchange.expects = value.lower()
        path, query = _target(exchange.url)

        async def read_body(limit: int) -> bytes:
            return await self._read_body(exchange, limit)

        request = Request(exchange.method, path, query, exchange.fields, self._peer, read_body)
        if exchange.is_ambiguous(request):
            self._refuse(exchange, "malformed_request")
        elif b"host" not in request.headers or not path.startswith(b"/"):
            self._answer(exchange, _problem("malformed_request"))
        elif exchange.expects not in (None, b"100-continue") and exchange.version == "1.1":
            self._refuse(exchange, "expectation_failed")
        else:
            Turn(self._api.respond(request), lambda answer: self._answer(exchange, answer), self._loop)

    async def _read_body(self, exchange: Exchange, limit: int) -> bytes:
        """The client is asked for its body only once somebody wants to read it."""
        if exchange.expects is not None and not exchange.complete and not exchange.body:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        exchange.expects = None
        while not exchange.complete and len(exchange.body) <= limit:
            exchange.waiting = self._loop.create_future()
            await exchange.waiting
        if len(exchange.body) > limit:
            raise ProblemError("content_too_large")
        return bytes(exchange.body)

    def _answer(self, exchange: Exchange, answer: Answer | None) -> None:
        if answer is None:
            self._transport.abort()
        if answer is None or self._ended:
            return
        exchange.answered = True
        keeps = exchange.keep_alive and not self._closing and not exchange.has_long_rest()
        self._write(exchange, answer, keeps)
        if not keeps:
            self._end_gently()
            return
        self._deadline = time.monotonic() + KEEP_ALIVE_S
        if exchange.complete:
            self._active = None
            if self._waiting and not self._starting:
                self._start()

    def _write(self, exchange: Exchange, answer: Answer, keeps: bool) -> None:
        date = self._server_state.default_headers[0][1]
        parts = [_STATUS_LINES[answer.status], b"Date: ", date, b"\r\n", self._common, _lines(answer.headers)]
        if not keeps:
            parts.append(b"Connection: close\r\n")
        else:
            parts.append(_KEEP_ALIVE)
        parts.append(b"\r\n")
        if answer.body is not None and exchange.method != "HEAD":
            parts.append(answer.body)
        self._transport.write(b"".join(parts))

    def _refuse(self, exchange: Exchange, code: str) -> None:
        exchange.keep_alive = False
        self._answer(exchange, _problem(code))

    def _end_with(self, code: str) -> None:
        """What cannot be parsed, or did not arrive in time, never becomes a request."""
        if self._ended:
            return
        exchange = Exchange()
        self._write(exchange, _problem(code), keeps=False)
        self._end_gently()

    def _end_gently(self) -> None:
        """
        Ends the connection after this answer, and reads on for a moment without keeping anything: closing while the
        client still sends would reset the connection, and the client might never see the answer (RFC 9112 §9.6).
        """
        self._ended = True
        if self._transport.is_closing():
            return
        if self._transport.can_write_eof():
            self._transport.write_eof()
        self._loop.call_later(LINGERING_S, self._transport.close)

    def eof_received(self) -> bool:
        """Whoever has said everything may still be waiting for an answer."""
        if self._ended or (self._active is None and not self._waiting):
            return False
        for exchange in (self._active, *self._waiting):
            if exchange is not None:
                exchange.keep_alive = False
        return True

    def pause_writing(self) -> None:
        self._write_paused = True

    def resume_writing(self) -> None:
        self._write_paused = False
        if not self._starting:
            self._start()

    def look(self, now: float) -> None:
        """Ends the connection of whoever is silent for too long: a request half sent holds nobody up."""
        if now < self._deadline or self._ended:
            return
        if self._active is not None and self._active.complete:
            return
        if self._arriving is None and self._active is None:
            self._end_gently()
        else:
            self._end_with("request_timeout")

    def shutdown(self) -> None:
        """Answers what was fully received, then ends: uvicorn calls it once."""
        self._closing = True
        if self._active is None and not self._waiting and not self._ended:
            self._end_gently()


def _target(url: bytes) -> tuple[bytes, bytes]:
    if url.startswith(b"/"):
        path, _, query = url.partition(b"?")
        return path, query
    if url.startswith((b"http://", b"https://")):
        rest = url.partition(b"://")[2]
        path, _, query = (b"/" + rest.partition(b"/")[2]).partition(b"?")
        return path, query
    return url, b""


def _problem(code: str) -> Answer:
    """Outside the API: without what depends on the request."""
    request_id = str(uuid4())
    answer = problem_answer(ProblemError(code), request_id)
    answer.headers.append((b"X-Request-Id", request_id.encode()))
    return answer
