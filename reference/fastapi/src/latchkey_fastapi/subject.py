"""What an engineer takes away: `Subject`, and a lifespan that follows the issuer."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Final

import httpx
from fastapi import Depends, FastAPI, Request

from .access_token import AccessTokenVerifier, Refused, SignedToken, Unavailable, Verdict
from .keys import KeySet, SharedKey, SharedKeys
from .log import JsonLog, Log, SecurityLog, sanitised
from .problem import ProblemError, answer_problem
from .revocations import RevocationReader
from .settings import Settings, read_settings

# RFC 6750 §2.1 with RFC 9110 §11.1: the scheme ignores case. What follows is the verifier's to judge.
CREDENTIALS: Final = re.compile(r"bearer +([^\s,]+)", re.IGNORECASE | re.ASCII)


class Latchkey:
    """
    Follows the issuer in the background and judges tokens by what it knows. While it cannot hear from the issuer,
    no token is accepted.
    """

    def __init__(self, settings: Settings | None = None, log: Log | None = None) -> None:
        self.settings = settings or read_settings()
        self.log = log or JsonLog(self.settings.log_level)
        self.security = SecurityLog(self.log)
        self._client = httpx.AsyncClient(follow_redirects=False, trust_env=False)
        self.revocations = RevocationReader(
            url=self.settings.feed_url,
            secret=self.settings.feed_secret,
            ttl=self.settings.ttl,
            client=self._client,
            log=self.log,
        )
        self._shared = SharedKeys(self.settings.keys)
        self._key_set = KeySet(
            url=f"{self.settings.issuer_url}/api/auth/jwks", client=self._client, log=self.log
        )
        self._keys = self._shared if self.settings.algorithm == "HS256" else self._key_set
        self.verifier = AccessTokenVerifier(
            algorithm=self.settings.algorithm,
            keys=self._keys,
            issuer=self.settings.issuer_url,
            audience=self.settings.audience,
            ttl=self.settings.ttl,
            revocations=self.revocations,
        )

    def protect(self, app: FastAPI) -> FastAPI:
        """Makes `Subject` work in this app: follows the issuer while it runs, and answers with problem documents."""
        app.state.latchkey = self
        app.add_exception_handler(ProblemError, answer_problem)
        inner = app.router.lifespan_context

        @contextlib.asynccontextmanager
        async def lifespan(started: FastAPI) -> AsyncIterator[object]:
            async with self.following(), inner(started) as state:
                yield state

        app.router.lifespan_context = lifespan  # type: ignore[assignment]
        return app

    @contextlib.asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        """Polls the feed, and under EdDSA the key set, until the context ends."""
        tasks = [asyncio.create_task(self.revocations.run())]
        if self.settings.algorithm == "EdDSA":
            tasks.append(asyncio.create_task(self._key_set.run()))
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._client.aclose()

    def ready(self) -> bool:
        return self.revocations.leased() and self._keys.loaded

    async def use_keys(self, ring: Sequence[SharedKey]) -> None:
        """Goes on with other keys; under EdDSA it looks at the issuer's key set now."""
        if self.settings.algorithm == "HS256":
            self._shared.replace(ring)
        else:
            await self._key_set.refresh()

    def judge(self, authorization: str | None) -> Verdict:
        """Judges an `Authorization` header; raises the problem when it holds no token at all."""
        if authorization is None:
            raise ProblemError("authentication_required")
        credentials = CREDENTIALS.fullmatch(authorization)
        return self.verifier.verify(credentials[1]) if credentials else Refused("malformed_credentials")


def require(verdict: Verdict) -> SignedToken:
    """An accepted token, or the problem to answer with. 503 only for a token that passes every other check."""
    if isinstance(verdict, Unavailable):
        raise ProblemError("unavailable")
    if isinstance(verdict, Refused):
        raise ProblemError("token_expired" if verdict.reason == "expired" else "invalid_token")
    return verdict


async def require_subject(request: Request) -> str:
    """
    The account that sent this request. A `{user_id}` in the route's path must be the same: somebody else's path and
    a path of nobody are one thing, not there (404).
    """
    latchkey: Latchkey = request.app.state.latchkey
    values = request.headers.getlist("authorization")
    # Given twice, two readers may each believe another one (RFC 9110 §5.3).
    if len(values) > 1:
        raise ProblemError("malformed_request")
    about = {
        "client": request.client.host if request.client else None,
        "method": request.method,
        "route": getattr(request.scope.get("route"), "path", None),
    }
    try:
        verdict = latchkey.judge(values[0] if values else None)
        if isinstance(verdict, Refused):
            sub = verdict.claims.subject if verdict.claims else None
            refused = {"reason": verdict.reason, "kid": sanitised(verdict.kid), "sub": sub}
            latchkey.security.record(
                "An access token was rejected", event="authn_token_rejected", **refused, **about
            )
        subject = require(verdict).claims.subject
    except ProblemError as error:
        if error.code == "authentication_required":
            refused = {"reason": "no_credentials"}
            latchkey.security.record(
                "An access token was rejected", event="authn_token_rejected", **refused, **about
            )
        raise
    if request.path_params.get("user_id", subject) != subject:
        latchkey.security.record(
            "A request for another account's data", event="authz_fail", actor=subject, **about
        )
        raise ProblemError("not_found")
    return subject


Subject = Annotated[str, Depends(require_subject)]
