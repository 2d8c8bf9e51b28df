"""The keys that verify: the key ring of HS256, and the issuer's JWK Set of EdDSA."""

import asyncio
import contextlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import httpx
from jwt.algorithms import OKPAlgorithm

from .log import Log

REFRESH_S: Final = 60.0
#: An unknown `kid` brings the next look forward, but never closer than this to the last.
COOLDOWN_S: Final = 5.0
RETRY_S: Final = 1.0
TIMEOUT_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class SharedKey:
    kid: str
    secret: bytes


class SharedKeys:
    """Every key verifies, and `kid` selects exactly one."""

    loaded: Final = True

    def __init__(self, ring: Sequence[SharedKey]) -> None:
        self._known: dict[str, bytes] = {}
        self.replace(ring)

    def get(self, kid: str) -> bytes | None:
        return self._known.get(kid)

    def replace(self, ring: Sequence[SharedKey]) -> None:
        """A key that was known stays the same object, so what it verified stays verified."""
        before = self._known
        self._known = {
            key.kid: before[key.kid] if before.get(key.kid) == key.secret else key.secret for key in ring
        }


@dataclass(frozen=True, slots=True)
class PublicKey:
    x: str
    key: Any


def read_key_set(document: object, known: Mapping[str, PublicKey]) -> dict[str, PublicKey]:
    """Ed25519 public keys out of a JWK Set (RFC 7517, RFC 8037); anything else in it is passed over."""
    entries = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        raise TypeError("not a JWK Set")
    keys: dict[str, PublicKey] = {}
    for jwk in entries:
        if not isinstance(jwk, dict) or jwk.get("kty") != "OKP" or jwk.get("crv") != "Ed25519":
            continue
        kid, x = jwk.get("kid"), jwk.get("x")
        if not isinstance(kid, str) or not isinstance(x, str):
            continue
        same = known.get(kid)
        keys[kid] = same if same and same.x == x else PublicKey(x, _public_key(x))
    return keys


def _public_key(x: str) -> object:
    return OKPAlgorithm.from_jwk(json.dumps({"kty": "OKP", "crv": "Ed25519", "x": x}))


class KeySet:
    """
    The issuer's public keys, fetched in the background alone: a token never makes anyone wait for a key, and what
    a token says about where keys are is not read.
    """

    def __init__(self, *, url: str, client: httpx.AsyncClient, log: Log) -> None:
        self._url = url
        self._client = client
        self._log = log
        self._keys: dict[str, PublicKey] | None = None
        self._wanted = asyncio.Event()
        self._lost = False

    @property
    def loaded(self) -> bool:
        return self._keys is not None

    def get(self, kid: str) -> Any:
        known = self._keys.get(kid) if self._keys else None
        if known is None:
            self._wanted.set()
            return None
        return known.key

    async def run(self) -> None:
        while True:
            self._wanted.clear()
            await self.refresh()
            await asyncio.sleep(COOLDOWN_S if self.loaded else RETRY_S)
            if self.loaded:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wanted.wait(), REFRESH_S - COOLDOWN_S)

    async def refresh(self) -> None:
        try:
            answer = await self._client.get(self._url, timeout=TIMEOUT_S)
            if answer.status_code != 200:
                raise ValueError(f"status {answer.status_code}")
            self._keys = read_key_set(answer.json(), self._keys or {})
        except Exception as error:  # Whatever is wrong with the issuer's answer, the keys known so far stay.
            if not self._lost:
                self._log.warn(
                    "The key set cannot be read", event="key_set_lost", reason=type(error).__name__
                )
            self._lost = True
        else:
            if self._lost:
                self._log.info("The key set can be read again", event="key_set_recovered")
            self._lost = False
