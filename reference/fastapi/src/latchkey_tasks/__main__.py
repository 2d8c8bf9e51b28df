"""`python -m latchkey_tasks`: the task API as a process, from the environment alone."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Mapping
from typing import Any, Final, cast

import uvicorn

from latchkey_fastapi import SettingsError

from .app import TaskApi
from .protocol import LOOK_S, HttpProtocol
from .reload import KeyFiles
from .settings import TaskSettings, read_task_settings

#: For whoever sends requests here to notice that it is not ready any more.
STEP_ASIDE_S: Final = 2.0
CLOSING_S: Final = 10


class Server(uvicorn.Server):
    """uvicorn's server with our protocol, readiness that ends before answers do, and keys that are read again."""

    def __init__(self, settings: TaskSettings, source: Mapping[str, str]) -> None:
        self._api = TaskApi(settings)
        self._key_files = KeyFiles(source, self._api.latchkey)
        self._tasks: list[asyncio.Task[None]] = []
        config = uvicorn.Config(
            cast(Any, self._api),
            host=settings.host,
            port=settings.port,
            http=HttpProtocol,
            ws="none",
            loop="uvloop",
            interface="asgi3",
            access_log=False,
            log_level="warning",
            proxy_headers=False,
            server_header=False,
            backlog=4096,
            timeout_graceful_shutdown=CLOSING_S,
        )
        super().__init__(config)

    async def startup(self, sockets: list[Any] | None = None) -> None:
        await super().startup(sockets)
        loop = asyncio.get_running_loop()
        self._tasks.append(asyncio.create_task(self._look()))
        loop.add_signal_handler(signal.SIGHUP, self._key_files.reload_soon)
        for signal_number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(signal_number, self._stop)

    async def shutdown(self, sockets: list[Any] | None = None) -> None:
        for task in self._tasks:
            task.cancel()
        await super().shutdown(sockets)
        await self._key_files.close()

    def _stop(self) -> None:
        """The first signal: not ready any more, but still answering. The second does not wait."""
        if self._api.stopping:
            self.should_exit = True
            return
        self._api.begin_stop()
        asyncio.get_running_loop().call_later(STEP_ASIDE_S, setattr, self, "should_exit", True)

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            now = time.monotonic()
            for connection in list(self.server_state.connections):
                cast(HttpProtocol, connection).look(now)


def main() -> None:
    os.umask(0o077)
    try:
        settings = read_task_settings()
    except SettingsError as error:
        sys.exit(str(error))
    Server(settings, os.environ).run()


if __name__ == "__main__":
    main()
