"""A coroutine that is begun at once and goes on when what it waits for is there: an asyncio task without the detour."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")


class Turn(Generic[Value]):
    """`done` gets the coroutine's value, or None when it was cancelled. What it awaits must need no current task."""

    __slots__ = ("_coroutine", "_done", "_loop")

    def __init__(
        self,
        coroutine: Coroutine[Any, None, Value],
        done: Callable[[Value | None], None],
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self._coroutine = coroutine
        self._done = done
        self._loop = loop
        self._step(None)

    def _step(self, _awaited: object) -> None:
        try:
            awaited = self._coroutine.send(None)
        except StopIteration as end:
            self._done(end.value)
        except asyncio.CancelledError:
            self._done(None)
        else:
            if awaited is None:
                self._loop.call_soon(self._step, None)
            else:
                awaited._asyncio_future_blocking = False
                awaited.add_done_callback(self._step)
