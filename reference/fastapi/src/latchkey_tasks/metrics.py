"""Figures for Prometheus at a port of their own: what is known at this moment, asked only when somebody looks."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Final

PATIENCE_S: Final = 10.0

#: By name, after `latchkey_api_`; None when there is no such figure yet.
Figures = Mapping[str, Callable[[], float | None]]


def described(figures: Figures) -> bytes:
    known = ((name, read()) for name, read in figures.items())
    lines = (
        f"# TYPE latchkey_api_{name} gauge\nlatchkey_api_{name} {value:.12g}\n"
        for name, value in known
        if value is not None
    )
    return "".join(lines).encode()


@contextlib.asynccontextmanager
async def serving(figures: Figures, host: str, port: int | None) -> AsyncIterator[None]:
    """Whoever reaches the port may read them; without one there are none."""
    if port is None:
        yield
        return

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(
            OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError
        ):
            async with asyncio.timeout(PATIENCE_S):
                head = await reader.readuntil(b"\r\n\r\n")
                is_there = head.startswith(b"GET /metrics ")
                body = described(figures) if is_there else b""
                status = b"200 OK" if is_there else b"404 Not Found"
                writer.write(b"HTTP/1.1 %b\r\nContent-Type: text/plain; version=0.0.4\r\n" % status)
                writer.write(b"Content-Length: %d\r\nConnection: close\r\n\r\n%b" % (len(body), body))
                await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, host, port):
        yield
