"""The reader of the revocation feed, and the lease it earns."""

import asyncio
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeGuard
from uuid import uuid4

import httpx

from .log import Log

POLL_S: Final = 1.0
#: Nothing is accepted before the first snapshot, so it may take its time, however long it is.
SNAPSHOT_S: Final = 10.0
PAUSE_AFTER_ERROR_S: Final = 0.2
#: How much slower than ours the issuers' clock may run: more than any two clocks differ.
DRIFT: Final = 1 / 1_000
#: What a revoked token may outlive: its own life, and the slack between issuer and us.
RETENTION_SLACK_MS: Final = 600_000
MAX_ENTRIES: Final = 2_000_000
MAX_SAFE_INTEGER: Final = 2**53 - 1


@dataclass(frozen=True, slots=True)
class Clocks:
    """Milliseconds each. `monotonic` never runs back; `wall` is what the operating system believes."""

    monotonic: Callable[[], float]
    wall: Callable[[], float]


SYSTEM_CLOCKS: Final = Clocks(lambda: time.monotonic() * 1000, lambda: time.time() * 1000)


@dataclass(frozen=True, slots=True)
class FeedAnswer:
    now: float
    epoch: str
    seq: int
    sids: list[str]
    lease_ms: int


class FeedError(Exception):
    """What is wrong with the feed's answer, in one word for the log."""


class RevocationReader:
    """
    Rule: an answer's entries are applied before its lease counts, and the lease counts from the moment its poll was
    *sent*: a sign-out that has waited a lease for this instance then knows that nothing is accepted here any more.
    """

    def __init__(
        self,
        *,
        url: str,
        secret: str,
        ttl: int,
        client: httpx.AsyncClient,
        log: Log,
        clocks: Clocks = SYSTEM_CLOCKS,
        max_entries: int = MAX_ENTRIES,
    ) -> None:
        self._url = url
        self._headers = {"Authorization": f"Bearer {secret}"}
        self._retention_ms = ttl * 1000 + RETENTION_SLACK_MS
        self._client = client
        self._log = log
        self._clocks = clocks
        self._monotonic = clocks.monotonic
        self._wall = clocks.wall
        self._max_entries = max_entries
        self._instance = str(uuid4())
        self._revoked: dict[str, float] = {}
        self._cursor: str | None = None
        #: Until when, by the monotonic clock and by the wall's; and when the poll was sent that it counts from.
        self._lease: tuple[float, float] | None = None
        self._sent_ms = 0.0
        #: What the feed said the time was, and when it was heard.
        self._time: tuple[float, float] | None = None
        self._lost = False
        self._patience = SNAPSHOT_S

    def leased(self) -> bool:
        """By both clocks: the monotonic one may stand still in a machine that sleeps, the other may be set."""
        lease = self._lease
        return lease is not None and self._monotonic() < lease[0] and self._wall() < lease[1]

    def has(self, sid: str) -> bool:
        return sid in self._revoked

    def lease_age(self) -> float | None:
        """Seconds since the poll was sent that the lease counts from; None before the first."""
        return None if self._lease is None else (self._monotonic() - self._sent_ms) / 1000

    def size(self) -> int:
        """How many ended sessions are remembered."""
        return len(self._revoked)

    def now(self) -> float | None:
        """The issuer's time, and the time since by the clock that never runs back."""
        heard = self._time
        return None if heard is None else heard[0] + (self._monotonic() - heard[1])

    async def run(self) -> None:
        while True:
            sent = (self._monotonic(), self._wall())
            try:
                async with asyncio.timeout(self._patience):
                    answer = await self._poll()
                self._apply(answer, sent)
                # Before the last part nothing is accepted, or only what an earlier lease allows.
                self._patience = POLL_S if answer.lease_ms > 0 else SNAPSHOT_S
                if answer.lease_ms > 0:
                    self._find()
            except Exception as error:  # Whatever it is, nothing is accepted once the lease is over.
                # A feed that is slow, on a machine that is busy, would else be cut off each time and never heard.
                self._patience = min(2 * self._patience, SNAPSHOT_S)
                if not self.leased():
                    self._lose(error)
                await asyncio.sleep(PAUSE_AFTER_ERROR_S)

    def _lose(self, error: Exception) -> None:
        """One poll that fails is no loss: the next may still come in time."""
        if not self._lost:
            reason = str(error) if isinstance(error, FeedError) else type(error).__name__
            self._log.warn("The revocation feed is lost", event="revocation_feed_lost", reason=reason)
        self._lost = True

    def _find(self) -> None:
        if self._lost:
            self._log.info("The revocation feed answers again", event="revocation_feed_recovered")
        self._lost = False

    async def _poll(self) -> FeedAnswer:
        """An answer is one to this very poll: an earlier one, delivered again, would extend the lease."""
        nonce = str(uuid4())
        poll = {"instance": self._instance, "nonce": nonce}
        if self._cursor is not None:
            poll["after"] = self._cursor
        answer = await self._client.post(self._url, json=poll, headers=self._headers, timeout=None)
        if answer.status_code != 200:
            raise FeedError(f"status_{answer.status_code}")
        document = answer.json()
        read = _read_answer(document)
        if document.get("nonce") != nonce:
            raise FeedError("answer_to_another_poll")
        return read

    def _apply(self, answer: FeedAnswer, sent: tuple[float, float]) -> None:
        heard = self._monotonic()
        self._prune(heard)
        for sid in answer.sids:
            self._revoked.setdefault(sid, heard)
        if len(self._revoked) > self._max_entries:
            raise FeedError("too_many_entries")
        self._cursor = f"{answer.epoch}.{answer.seq}"
        self._time = (max(answer.now, self._slowest_time(heard)), heard)
        # A part of very many entries gives no lease; the one there is runs on to its own end.
        if answer.lease_ms > 0:
            self._sent_ms = sent[0]
            self._lease = (sent[0] + answer.lease_ms, sent[1] + answer.lease_ms)

    def _slowest_time(self, heard: float) -> float:
        """Time slows down to where the feed's is, and never runs back: no clock that is set wakes a dead token."""
        if self._time is None:
            return 0
        return self._time[0] + (heard - self._time[1]) * (1 - DRIFT)

    def _prune(self, now: float) -> None:
        """In the order heard, so by elapsed monotonic time: no wall clock brings a revoked token back."""
        expired = []
        for sid, heard in self._revoked.items():
            if now - heard <= self._retention_ms:
                break
            expired.append(sid)
        for sid in expired:
            del self._revoked[sid]


def _read_answer(document: Any) -> FeedAnswer:
    if not isinstance(document, dict):
        raise FeedError("malformed_answer")
    epoch, entries = document.get("epoch"), document.get("entries")
    if not isinstance(epoch, str) or not isinstance(entries, list):
        raise FeedError("malformed_answer")
    sids = [_sid(entry) for entry in entries]
    now, seq, lease_ms = (document.get(name) for name in ("now", "seq", "lease_ms"))
    if not _is_number(now) or not _is_integer(seq) or not _is_integer(lease_ms):
        raise FeedError("malformed_answer")
    return FeedAnswer(now, epoch, seq, sids, lease_ms)


def _sid(entry: object) -> str:
    sid = entry.get("sid") if isinstance(entry, dict) else None
    if not isinstance(sid, str):
        raise FeedError("malformed_answer")
    return sid


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_integer(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MAX_SAFE_INTEGER
