"""A feed over HTTP that answers as it is told to, for clocks and faults that no real issuer shows on demand."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

SECRET = "feed-secret-of-at-least-32-bytes-"

Fault = Callable[[dict[str, Any]], tuple[int, Any] | None]


class Feed:
    def __init__(self) -> None:
        self.polls: list[dict[str, Any]] = []
        self.sids: list[str] = []
        self.epoch = "e1"
        self.lease_ms = 2_000
        #: Entries in one answer at most; before the last of them there is no lease.
        self.page = 20_000
        self.hold = 0.02
        self.now = 1_800_000_000_000
        #: Answers instead of the feed: a status and a document, or None for no answer at all.
        self.fault: Fault | None = None
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    async def start(self) -> str:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}/api/auth/revocations"

    async def stop(self) -> None:
        assert self._server
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
                length = int(head.split("content-length:")[1].split("\r\n")[0])
                poll = json.loads(await reader.readexactly(length))
                assert f"authorization: bearer {SECRET}".lower() in head
                answer = await self._answer(poll)
                if answer is None:
                    await asyncio.sleep(60)
                status, document = answer or (500, None)
                body = json.dumps(document).encode()
                writer.write(b"HTTP/1.1 %d x\r\nContent-Length: %d\r\n\r\n%b" % (status, len(body), body))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass

    async def _answer(self, poll: dict[str, Any]) -> tuple[int, Any] | None:
        self.polls.append(poll)
        if self.fault:
            return self.fault(poll)
        epoch, _, seq = poll.get("after", "").partition(".")
        after = int(seq) if epoch == self.epoch else 0
        if epoch == self.epoch and after == len(self.sids):
            await asyncio.sleep(self.hold)
        return 200, self.document(poll, after)

    def document(self, poll: dict[str, Any], after: int = 0, **changed: Any) -> dict[str, Any]:
        seq = min(len(self.sids), after + self.page)
        return {
            "now": self.now,
            "epoch": self.epoch,
            "seq": seq,
            "entries": [{"sid": sid, "expires_at": 1} for sid in self.sids[after:seq]],
            "lease_ms": self.lease_ms if seq == len(self.sids) else 0,
            "nonce": poll["nonce"],
            **changed,
        }
