import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from feed import SECRET, Feed

from latchkey_fastapi import RevocationReader
from latchkey_fastapi.log import JsonLog
from latchkey_fastapi.revocations import Clocks

TTL = 3_600


class Time:
    monotonic = 1_000.0
    wall = 1_800_000_000_000.0


class World:
    def __init__(self, feed: Feed, url: str) -> None:
        self.feed = feed
        self.time = Time()
        self.lines: list[dict[str, Any]] = []
        self._url = url
        self._client = httpx.AsyncClient(trust_env=False)
        self._tasks: list[asyncio.Task[None]] = []

    def open(self, **given: Any) -> RevocationReader:
        time = self.time
        reader = RevocationReader(
            url=self._url,
            secret=SECRET,
            ttl=TTL,
            client=self._client,
            log=JsonLog("trace", lambda line: self.lines.append(json.loads(line))),
            clocks=Clocks(lambda: time.monotonic, lambda: time.wall),
            **given,
        )
        self._tasks.append(asyncio.create_task(reader.run()))
        return reader

    async def answers(self, count: int = 2) -> None:
        target = len(self.feed.polls) + count
        await until(lambda: len(self.feed.polls) >= target)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.aclose()
        await self.feed.stop()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.005)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    feed = Feed()
    world = World(feed, await feed.start())
    yield world
    await world.close()


async def test_nothing_is_known_before_the_first_snapshot(world: World) -> None:
    world.feed.fault = lambda _poll: (503, None)
    reader = world.open()
    await until(lambda: len(world.lines) > 0)
    assert not reader.leased()
    assert reader.now() is None


async def test_it_asks_for_everything_first_then_for_what_follows(world: World) -> None:
    world.feed.sids.append("before")
    reader = world.open()
    await until(lambda: len(world.feed.polls) >= 2)
    assert reader.has("before")
    first, second = world.feed.polls[:2]
    assert "after" not in first
    assert second["after"] == "e1.1"
    assert first["instance"] == second["instance"]
    assert first["nonce"] != second["nonce"]


async def test_an_entry_is_applied_before_the_poll_that_acknowledges_it(world: World) -> None:
    reader = world.open()
    await world.answers(1)
    world.feed.sids.append("s1")
    await until(lambda: world.feed.polls[-1].get("after") == "e1.1")
    assert reader.has("s1")


async def test_another_epoch_forgets_nothing(world: World) -> None:
    world.feed.sids.append("s1")
    reader = world.open()
    await world.answers(2)
    world.feed.epoch = "e2"
    await until(lambda: world.feed.polls[-1].get("after") == "e2.1")
    assert reader.has("s1")


async def test_time_is_the_feeds_and_moves_on_by_the_monotonic_clock_alone(world: World) -> None:
    world.feed.now = 5_000_000
    world.feed.hold = 60
    reader = world.open()
    await until(lambda: reader.now() is not None)
    world.time.monotonic += 700
    world.time.wall += 10_000_000
    assert reader.now() == 5_000_700


async def test_no_time_is_taken_back_from_a_feed_that_is_set_back(world: World) -> None:
    world.feed.now = 7_200_000
    reader = world.open()
    await until(lambda: reader.now() is not None)
    world.time.monotonic += 1_000
    world.feed.now = 1
    await world.answers(3)
    assert (reader.now() or 0) >= 7_200_999


async def test_the_lease_ends_by_either_clock(world: World) -> None:
    world.feed.hold = 60
    reader = world.open()
    await until(reader.leased)
    world.time.monotonic += 1_999
    assert reader.leased()
    world.time.monotonic += 1
    assert not reader.leased()
    world.time.monotonic -= 2_000
    assert reader.leased()
    world.time.wall += 2_000
    assert not reader.leased()


async def test_the_lease_counts_from_the_moment_its_poll_was_sent(world: World) -> None:
    feed, sent = world.feed, world.time.monotonic

    def late(poll: dict[str, Any]) -> tuple[int, Any]:
        world.time.monotonic += 1_500
        feed.fault = None
        feed.hold = 60
        return 200, feed.document(poll)

    feed.fault = late
    reader = world.open()
    await until(lambda: reader.now() is not None)
    world.time.monotonic = sent + 1_999
    assert reader.leased()
    world.time.monotonic = sent + 2_000
    assert not reader.leased()


async def test_of_very_many_entries_each_part_is_applied_and_only_the_last_gives_a_lease(
    world: World,
) -> None:
    world.feed.sids += [f"s{at}" for at in range(40_001)]
    parts: list[int] = []

    def hold_the_last(poll: dict[str, Any]) -> tuple[int, Any] | None:
        after = int(poll.get("after", "e1.0").partition(".")[2])
        parts.append(after)
        return (200, world.feed.document(poll, after)) if after < 40_000 else None

    world.feed.fault = hold_the_last
    reader = world.open()
    await until(lambda: len(parts) == 3)
    assert parts == [0, 20_000, 40_000]
    assert reader.size() == 40_000
    assert reader.has("s39999")
    assert reader.now() is not None
    assert not reader.leased()
    assert world.lines == []
    world.feed.fault = None
    await until(reader.leased)
    assert reader.size() == 40_001
    assert world.feed.polls[-1]["after"] in {"e1.40000", "e1.40001"}


async def test_a_part_neither_ends_nor_extends_the_lease_there_is(world: World) -> None:
    reader = world.open()
    await until(reader.leased)
    sent = world.time.monotonic
    world.feed.hold = 60
    world.feed.page = 1
    world.time.monotonic += 1_000
    parts: list[str] = []

    def hold_the_second(poll: dict[str, Any]) -> tuple[int, Any] | None:
        parts.append(poll["after"])
        return (200, world.feed.document(poll, len(parts) - 1)) if len(parts) == 1 else None

    world.feed.fault = hold_the_second
    world.feed.sids += ["a", "b"]
    await until(lambda: reader.has("a"))
    assert reader.leased()
    world.time.monotonic = sent + 2_000
    assert not reader.leased()


@pytest.mark.parametrize(
    "changed",
    [
        None,
        {"nonce": "of another poll"},
        {"now": "1"},
        {"now": True},
        {"entries": [{}]},
        {"entries": None},
        {"lease_ms": "2"},
        {"lease_ms": 2.5},
        {"seq": 0.5},
        {"epoch": 1},
    ],
)
async def test_an_answer_that_is_not_what_was_agreed_extends_nothing(
    world: World, changed: dict[str, Any] | None
) -> None:
    world.feed.fault = lambda poll: (200, changed and world.feed.document(poll, **changed))
    reader = world.open()
    await until(lambda: len(world.lines) > 0)
    assert not reader.leased()
    assert world.lines[0]["event"] == "revocation_feed_lost"


async def test_an_answer_that_never_comes_is_given_up(world: World) -> None:
    world.open()
    await world.answers(1)
    world.time.monotonic += 2_000
    world.feed.fault = lambda _poll: None
    await until(lambda: len(world.lines) > 0)
    assert world.lines[0]["reason"] == "TimeoutError"


async def test_a_feed_that_is_slow_is_waited_for_longer_each_time(world: World) -> None:
    reader = world.open()
    await until(reader.leased)
    world.feed.hold = 1.3
    world.time.monotonic += 2_000
    await until(reader.leased)


async def test_more_sessions_than_can_be_kept_leave_no_lease(world: World) -> None:
    world.feed.sids += ["a", "b", "c"]
    reader = world.open(max_entries=2)
    await until(lambda: len(world.lines) > 0)
    assert world.lines[0]["reason"] == "too_many_entries"
    assert not reader.leased()


async def test_entries_are_kept_for_a_tokens_life_and_ten_minutes_by_elapsed_time(world: World) -> None:
    world.feed.sids.append("old")
    reader = world.open()
    await world.answers(2)
    world.time.wall += 100 * TTL * 1000
    await world.answers(2)
    assert reader.has("old")
    world.time.monotonic += TTL * 1000 + 600_000
    await world.answers(2)
    assert reader.has("old")
    world.time.monotonic += 1
    await world.answers(2)
    assert not reader.has("old")


async def test_loss_and_recovery_are_logged_once_each_and_no_secret_with_them(world: World) -> None:
    world.open()
    await world.answers(1)
    world.feed.fault = lambda _poll: (401, None)
    world.time.monotonic += 2_000
    await until(lambda: len(world.lines) > 0)
    await world.answers(2)
    world.feed.fault = None
    await until(lambda: len(world.lines) > 1)
    said = [(line["event"], line.get("reason")) for line in world.lines]
    assert said == [("revocation_feed_lost", "status_401"), ("revocation_feed_recovered", None)]
    assert SECRET not in json.dumps(world.lines)
