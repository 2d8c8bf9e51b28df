"""RFC 9562 UUIDv7, made here because PostgreSQL has it only from 18, and Python from 3.14."""

import os
import re
import time
from typing import Final

#: The one canonical text of a UUIDv7.
UUID_V7: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.ASCII)

_last = (0, 0)


def uuid7() -> str:
    """Twelve bits count within one millisecond (§6.2), so what one process makes is in order; 62 bits are random."""
    global _last  # noqa: PLW0603
    now = time.time_ns() // 1_000_000
    moment, count = (now, 0) if now > _last[0] else (_last[0], _last[1] + 1)
    if count > 0xFFF:
        moment, count = moment + 1, 0
    _last = (moment, count)
    rest = int.from_bytes(os.urandom(8)) & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    return shaped(f"{moment:012x}{0x7000 | count:04x}{rest:016x}")


def shaped(digits: str) -> str:
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
