"""The tokens a verifier of this profile must accept or refuse, and why: the same file the TypeScript API is held to."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from latchkey_fastapi import AccessTokenVerifier, Refused, SharedKey, SharedKeys, SignedToken, Verdict
from latchkey_fastapi.access_token import VerificationKeys
from latchkey_fastapi.keys import read_key_set

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[3] / "vectors/access-tokens.json").read_text("utf-8")
)


class KnownRevocations:
    def __init__(self, leased: bool) -> None:
        self._leased = leased

    def now(self) -> float:
        return float(VECTORS["now_ms"])

    def has(self, sid: str) -> bool:
        return sid in VECTORS["revoked_sids"]

    def leased(self) -> bool:
        return self._leased


class PublishedKeys:
    loaded = True

    def __init__(self) -> None:
        self._keys = read_key_set(VECTORS["jwks"], {})

    def get(self, kid: str) -> Any:
        known = self._keys.get(kid)
        return known.key if known else None


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


KEYS: dict[str, VerificationKeys] = {
    "HS256": SharedKeys([SharedKey(key["kid"], decoded(key["secret"])) for key in VECTORS["keys"]]),
    "EdDSA": PublishedKeys(),
}


def said(verdict: Verdict) -> str:
    if isinstance(verdict, SignedToken):
        return "accepted"
    return verdict.reason if isinstance(verdict, Refused) else "unavailable"


@pytest.mark.parametrize(
    "vector", VECTORS["vectors"], ids=lambda vector: f"{vector['algorithm']} {vector['name']}"
)
def test_every_vector_gets_its_verdict(vector: dict[str, Any]) -> None:
    verifier = AccessTokenVerifier(
        algorithm=vector["algorithm"],
        keys=KEYS[vector["algorithm"]],
        issuer=VECTORS["issuer"],
        audience=VECTORS["audience"],
        ttl=VECTORS["ttl"],
        revocations=KnownRevocations(vector["leased"]),
    )
    for _ in range(2):  # The second time the token may be remembered.
        verdict = verifier.verify(vector["token"])
        assert said(verdict) == vector["verdict"]
        if isinstance(verdict, SignedToken):
            assert verdict.claims.subject == vector["subject"]


def test_there_are_vectors() -> None:
    assert len(VECTORS["vectors"]) > 150
