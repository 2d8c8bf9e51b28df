"""One JSON line for each thing worth knowing, as the issuer writes them; security events are sampled in a flood."""

import json
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, Protocol

LEVELS: Final = {"trace": 10, "debug": 20, "info": 30, "warn": 40, "error": 50, "fatal": 60, "silent": 100}

BURST: Final = 50
PER_SECOND: Final = 10
MAX_TEXT: Final = 128

Field = str | int | float | None


class Log(Protocol):
    def info(self, message: str, **fields: Field) -> None: ...

    def warn(self, message: str, **fields: Field) -> None: ...

    def error(self, message: str, **fields: Field) -> None: ...


class Output:
    """Whoever reads the log may stop reading, and no request waits for that: lines are dropped, and counted."""

    def __init__(self, descriptor: int = 1) -> None:
        self._descriptor = descriptor
        self._dropped = 0
        os.set_blocking(descriptor, False)

    def __call__(self, line: str) -> None:
        try:
            if self._dropped:
                os.write(self._descriptor, _lost(self._dropped).encode())
                self._dropped = 0
            os.write(self._descriptor, line.encode())
        except OSError:
            self._dropped += 1


def _lost(count: int) -> str:
    loss = {
        "level": "warn",
        "time": _now(),
        "event": "sys_log_dropped",
        "dropped": count,
        "msg": "lines were lost",
    }
    return json.dumps(loss) + "\n"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class JsonLog:
    def __init__(self, level: str = "info", write: Callable[[str], None] | None = None) -> None:
        self._least = LEVELS[level]
        self._write = write or Output()

    def info(self, message: str, **fields: Field) -> None:
        self._line("info", message, fields)

    def warn(self, message: str, **fields: Field) -> None:
        self._line("warn", message, fields)

    def error(self, message: str, **fields: Field) -> None:
        self._line("error", message, fields)

    def _line(self, level: str, message: str, fields: dict[str, Field]) -> None:
        if LEVELS[level] < self._least:
            return
        said = {name: value for name, value in fields.items() if value is not None}
        record = {"level": level, "time": _now(), "service": "api", **said, "msg": message}
        self._write(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")


class SecurityLog:
    """
    A flood of one kind is sampled: the next line that is written says how many were not, so neither the disk nor
    whoever reads it drowns.
    """

    def __init__(self, log: Log, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._log = log
        self._monotonic = monotonic
        #: By kind: what is left, since when, and how many were suppressed.
        self._allowances: dict[tuple[str, Field], tuple[float, float, int]] = {}

    def record(self, message: str, *, event: str, **fields: Field) -> None:
        kind = (event, fields.get("reason"))
        now = self._monotonic()
        left, at, suppressed = self._allowances.get(kind, (BURST, now, 0))
        left = min(BURST, left + (now - at) * PER_SECOND)
        if left < 1:
            self._allowances[kind] = (left, now, suppressed + 1)
            return
        self._allowances[kind] = (left - 1, now, 0)
        self._log.warn(message, event=event, **fields, suppressed=suppressed or None)


def sanitised(text: str | None) -> str | None:
    """What a stranger wrote, made fit for a log line: printable ASCII, bounded."""
    if text is None:
        return None
    return "".join(char if " " <= char <= "~" else "?" for char in text[:MAX_TEXT])
