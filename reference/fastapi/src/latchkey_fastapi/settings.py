"""Every variable the package reads: the names, defaults and rules of the TypeScript API."""

import base64
import binascii
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar, cast
from urllib.parse import urlsplit

from .access_token import Algorithm
from .keys import SharedKey
from .log import LEVELS

Value = TypeVar("Value")

KEY: Final = re.compile(r"([A-Za-z0-9_-]{1,64}):([A-Za-z0-9_-]+)", re.ASCII)


class SettingsError(Exception):
    """Everything that is wrong with the environment, a sentence each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Settings:
    issuer_url: str
    api_url: str
    audience: str
    algorithm: Algorithm
    #: All verify; empty under EdDSA, whose keys come from the issuer's JWKS.
    keys: tuple[SharedKey, ...] = field(repr=False)
    #: The longest `exp - iat` a token may have, in seconds.
    ttl: int
    feed_url: str
    feed_secret: str = field(repr=False)
    log_level: str


def read_settings(source: Mapping[str, str] = os.environ) -> Settings:
    """Reads them all, or raises with all that is wrong."""
    reader = Reader(source)
    settings = read_with(reader)
    reader.finish()
    return settings


def read_with(reader: "Reader") -> Settings:
    """For a program with variables of its own, whose faults are told together."""
    algorithm = cast(Algorithm, reader.choice("ACCESS_TOKEN_ALG", ("HS256", "EdDSA")))
    issuer_url = reader.origin("ISSUER_URL", None)
    return Settings(
        issuer_url=issuer_url,
        api_url=reader.origin("API_URL", issuer_url),
        audience=reader.text("API_AUDIENCE", "latchkey-api"),
        algorithm=algorithm,
        keys=tuple(reader.keys("ACCESS_TOKEN_KEYS")) if algorithm == "HS256" else (),
        ttl=reader.integer("ACCESS_TOKEN_TTL", 3600, 1, 86_400),
        feed_url=reader.url("REVOCATION_FEED_URL", f"{issuer_url}/api/auth/revocations"),
        feed_secret=reader.checked_secret("REVOCATION_FEED_SECRET"),
        log_level=reader.choice("LOG_LEVEL", ("info", *LEVELS)),
    )


class Reader:
    """Reads what it can, and keeps a sentence for each fault. No sentence repeats a secret."""

    def __init__(self, source: Mapping[str, str]) -> None:
        self._source = source
        self.faults: list[str] = []

    def finish(self) -> None:
        if self.faults:
            raise SettingsError(self.faults)

    def text(self, name: str, fallback: str) -> str:
        return self._source.get(name) or fallback

    def secret(self, name: str) -> str:
        value, path = self._source.get(name), self._source.get(f"{name}_FILE")
        if value and path:
            self.faults.append(f"{name} and {name}_FILE are both given; keep one of them.")
        if value:
            return value
        if not path:
            self.faults.append(
                f"{name} is missing; give it, or the path of a file that holds it in {name}_FILE."
            )
            return ""
        try:
            return Path(path).read_text("utf-8").strip()
        except OSError:
            self.faults.append(f"{name}_FILE names a file that cannot be read.")
            return ""

    def checked_secret(self, name: str) -> str:
        """An example is a value of `.env.example`; nothing guesses at entropy."""
        secret = self.secret(name)
        size = len(secret.encode())
        if secret.startswith("example-"):
            self.faults.append(f"{name} is the example of .env.example; make your own.")
        elif secret and size < 32:
            self.faults.append(f"{name} has {size} bytes; it needs at least 32.")
        return secret

    def keys(self, name: str) -> Iterator[SharedKey]:
        value = self.secret(name)
        seen: set[str] = set()
        for entry in value.split(",") if value else []:
            key = self._key(name, entry)
            if key is None:
                continue
            if key.kid in seen:
                self.faults.append(f"{name} names one kid twice.")
            seen.add(key.kid)
            yield key

    def _key(self, name: str, entry: str) -> SharedKey | None:
        match = KEY.fullmatch(entry)
        if not match:
            self.faults.append(f"{name} must read kid:base64url,kid2:base64url.")
            return None
        kid, encoded = match.groups()
        if encoded.startswith("example-"):
            self.faults.append(f"{name} is the example of .env.example; make your own.")
            return None
        secret = _canonical(encoded)
        if secret is None:
            self.faults.append(f"{name}: key {kid} is not canonical base64url.")
            return None
        # RFC 7518 §3.2: an HS256 key is at least as long as its hash.
        if len(secret) < 32:
            self.faults.append(f"{name}: key {kid} has {len(secret)} bytes; it needs at least 32.")
            return None
        return SharedKey(kid, secret)

    def origin(self, name: str, fallback: str | None) -> str:
        value = self._source.get(name) or fallback
        if value is None:
            self.faults.append(f"{name} is missing: the API follows the issuer there.")
            return ""
        origin = value.removesuffix("/")
        # Everything after it hangs on a wrong one, which has been told.
        if value and not re.fullmatch(r"https?://([a-z0-9._-]+|\[[0-9a-f:]+\])(:\d{1,5})?", origin):
            self.faults.append(f"{name} must be an origin such as https://todo.example.org, without a path.")
        return origin

    def origins(self, name: str, fallback: str) -> tuple[str, ...]:
        given = (entry.strip() for entry in self.text(name, fallback).split(","))
        return tuple(Reader.origin(self._aside(name, entry), name, fallback) for entry in given)

    def _aside(self, name: str, value: str) -> "Reader":
        reader = Reader({name: value})
        reader.faults = self.faults
        return reader

    def url(self, name: str, fallback: str) -> str:
        value = self.text(name, fallback)
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            self.faults.append(
                f"{name} must be an address such as https://todo.example.org/api/auth/revocations."
            )
        return value

    def integer(self, name: str, fallback: int, least: int, most: int) -> int:
        value = self.text(name, str(fallback))
        if re.fullmatch(r"[0-9]{1,10}", value) and least <= int(value) <= most:
            return int(value)
        self.faults.append(f"{name} must be a whole number from {least} to {most}.")
        return fallback

    def choice(self, name: str, choices: tuple[str, ...]) -> str:
        """The first choice is the default."""
        value = self.text(name, choices[0])
        if value not in choices:
            self.faults.append(f"{name} must be one of {', '.join(dict.fromkeys(choices))}.")
            return choices[0]
        return value

    def each(self, name: str, read: Callable[[str], Value], fault: str) -> list[Value]:
        """The entries of a list separated by commas; those that cannot be read are faults."""
        values = []
        for entry in filter(None, (part.strip() for part in self.text(name, "").split(","))):
            try:
                values.append(read(entry))
            except ValueError:
                self.faults.append(f"{name}: {entry} {fault}")
        return values


def _canonical(encoded: str) -> bytes | None:
    try:
        secret = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
    except binascii.Error:
        return None
    return secret if base64.urlsafe_b64encode(secret).rstrip(b"=").decode() == encoded else None
