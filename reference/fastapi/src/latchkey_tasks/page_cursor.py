"""
Page cursors only this API can write, bound to the account and the query they were made for, so that an edited or a
borrowed one is plainly refused. Row security does not depend on it. The TypeScript API's are the same.
"""

import base64
import binascii
import hashlib
import hmac
import json
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAC_BYTES: Final = 16

#: When the last task of a page was made, and its id.
Position = tuple[str, str]


_compact: Final = json.JSONEncoder(separators=(",", ":"))


class PageCursors:
    def __init__(self, secret: str) -> None:
        kdf = HKDF(algorithm=SHA256(), length=32, salt=b"", info=b"latchkey page cursor")
        self._key = kdf.derive(secret.encode())

    def _mac(self, scope: str, body: bytes) -> bytes:
        return hmac.digest(self._key, f"{scope}\n".encode() + body, hashlib.sha256)[:MAC_BYTES]

    def seal(self, position: Position, scope: str) -> str:
        body = _compact.encode(position).encode()
        return base64.urlsafe_b64encode(self._mac(scope, body) + body).rstrip(b"=").decode()

    def open(self, cursor: str, scope: str) -> Position | None:
        """None for whatever `seal` did not write for this scope."""
        try:
            sealed = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        except (ValueError, binascii.Error):
            return None
        tag, body = sealed[:MAC_BYTES], sealed[MAC_BYTES:]
        if base64.urlsafe_b64encode(sealed).rstrip(b"=").decode() != cursor:
            return None
        if not hmac.compare_digest(tag, self._mac(scope, body)):
            return None
        created_at, task_id = json.loads(body)
        return created_at, task_id
