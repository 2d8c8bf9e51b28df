"""Keys that are read again at SIGHUP, while everything goes on; `npm run keys` is told which text was read."""

import asyncio
import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from latchkey_fastapi import Latchkey, SettingsError, read_settings

VARIABLE: Final = "ACCESS_TOKEN_KEYS"


class KeyFiles:
    def __init__(self, source: Mapping[str, str], latchkey: Latchkey) -> None:
        self._source = source
        self._latchkey = latchkey
        self._tasks: set[asyncio.Task[None]] = set()
        self._confirmed: set[Path] = set()

    def reload_soon(self) -> None:
        task = asyncio.create_task(self.reload())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def reload(self) -> None:
        """Whatever is wrong with the files, the process goes on as before."""
        log = self._latchkey.log
        try:
            text = self._read()
            given = {VARIABLE: text, f"{VARIABLE}_FILE": ""} if text is not None else {}
            await self._latchkey.use_keys(read_settings({**self._source, **given}).keys)
        except (OSError, SettingsError) as error:
            log.error(
                "keys and secrets stay as they were",
                event="sys_keys_reload_fail",
                reason=str(error) if isinstance(error, SettingsError) else type(error).__name__,
            )
            return
        log.info("keys and secrets were read again", event="sys_keys_reloaded")
        if text is not None:
            self._confirm(text)

    def _path(self) -> Path | None:
        path = self._source.get(f"{VARIABLE}_FILE")
        return Path(path) if path and not self._source.get(VARIABLE) else None

    def _read(self) -> str | None:
        path = self._path()
        return path.read_text("utf-8").strip() if path else None

    def _confirm(self, text: str) -> None:
        """Tells `npm run keys` that this process has read this text."""
        path = self._path()
        if path is None:
            return
        real = path.resolve()
        confirmation = real.with_name(f"{real.name}.read-by-{os.getpid()}")
        written = real.with_name(f"{confirmation.name}.new")
        written.write_text(hashlib.sha256(text.encode()).hexdigest(), "utf-8")
        written.replace(confirmation)
        self._confirmed.add(confirmation)

    async def close(self) -> None:
        await asyncio.gather(*self._tasks)
        for confirmation in self._confirmed:
            confirmation.unlink(missing_ok=True)
