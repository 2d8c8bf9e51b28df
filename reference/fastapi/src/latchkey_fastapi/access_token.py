"""Judges access tokens without any input or output: keys and revocations are brought in the background."""

import binascii
import json
import math
import re
from dataclasses import dataclass
from typing import Any, Final, Literal, NoReturn, Protocol

from jwt.algorithms import get_default_algorithms

Algorithm = Literal["HS256", "EdDSA"]

# Why a token was refused: for the log alone.
Refusal = Literal[
    "malformed_credentials",
    "too_large",
    "malformed",
    "header",
    "algorithm",
    "type",
    "critical_header",
    "unknown_key",
    "signature",
    "claims",
    "subject_mismatch",
    "issuer",
    "audience",
    "lifetime",
    "not_yet_valid",
    "expired",
    "revoked",
]

MAX_BYTES: Final = 4096
CLOCK_SKEW_MS: Final = 5_000
SHAPE: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", re.ASCII)
# RFC 9068 §4 with RFC 7515 §4.1.9: the prefix may be left out, and media types ignore case.
TYPE: Final = re.compile(r"(application/)?at\+jwt", re.IGNORECASE | re.ASCII)
IDENTIFIER: Final = re.compile(r"[\x21-\x7e]{1,255}", re.ASCII)
KID: Final = re.compile(r"[A-Za-z0-9._~-]{1,128}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Claims:
    #: The account's id; `sub` and `user_id` say the same.
    subject: str
    #: The session's id, by which the token is revoked.
    sid: str
    iat: float
    nbf: float
    exp: float


@dataclass(frozen=True, slots=True)
class SignedToken:
    kid: str
    key: Any
    claims: Claims


@dataclass(frozen=True, slots=True)
class Refused:
    reason: Refusal
    kid: str | None = None
    #: Known only when the signature was good: nobody can be accused by a forged token.
    claims: Claims | None = None


@dataclass(frozen=True, slots=True)
class Unavailable:
    """The token may be good, but nobody can say so now."""


Verdict = SignedToken | Refused | Unavailable
UNAVAILABLE: Final = Unavailable()


class VerificationKeys(Protocol):
    """The keys that verify at this moment, by `kid`. Looking never waits."""

    def get(self, kid: str) -> Any: ...

    @property
    def loaded(self) -> bool: ...


class Revocations(Protocol):
    """What the revocation feed knows; each answer is about this very moment."""

    def now(self) -> float | None: ...

    def has(self, sid: str) -> bool: ...

    def leased(self) -> bool: ...


class RefusedError(Exception):
    def __init__(self, reason: Refusal, kid: str | None = None, claims: Claims | None = None) -> None:
        super().__init__(reason)
        self.refused = Refused(reason, kid, claims)


class AccessTokenVerifier:
    def __init__(
        self,
        *,
        algorithm: Algorithm,
        keys: VerificationKeys,
        issuer: str,
        audience: str,
        ttl: int,
        revocations: Revocations,
        cache_size: int = 20_000,
    ) -> None:
        self._algorithm = algorithm
        self._signature = get_default_algorithms()[algorithm]
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._ttl = ttl
        self._revocations = revocations
        self._cache_size = cache_size
        self._verified: dict[str, SignedToken] = {}

    def verify(self, token: str) -> Verdict:
        if not self._keys.loaded:
            return UNAVAILABLE
        signed = self._verified.get(token)
        if signed is None:
            try:
                signed = self._remember(token, self._read_signed(token))
            except RefusedError as error:
                return error.refused
        return self.judge(signed)

    def remembered(self) -> int:
        """How many verified tokens are remembered."""
        return len(self._verified)

    def judge(self, signed: SignedToken) -> Verdict:
        """One step without an await: between its looks at lease, set and clock nothing else can run."""
        claims = signed.claims
        if self._keys.get(signed.kid) is not signed.key:
            return Refused("unknown_key", signed.kid)
        leased = self._revocations.leased()
        revoked = self._revocations.has(claims.sid)
        now = self._revocations.now()
        if now is None:
            return UNAVAILABLE
        if claims.iat * 1000 > now + CLOCK_SKEW_MS or claims.nbf * 1000 > now + CLOCK_SKEW_MS:
            return Refused("not_yet_valid", signed.kid, claims)
        if revoked:
            return Refused("revoked", signed.kid, claims)
        if now >= claims.exp * 1000:
            return Refused("expired", signed.kid, claims)
        return signed if leased else UNAVAILABLE

    def _remember(self, token: str, signed: SignedToken) -> SignedToken:
        """By the token's exact text. The oldest goes first, so a flood of tokens costs time and no memory."""
        if len(self._verified) >= self._cache_size:
            del self._verified[next(iter(self._verified))]
        self._verified[token] = signed
        return signed

    def _read_signed(self, token: str) -> SignedToken:
        """Everything about a token that does not change with time, in the order of the token profile."""
        header, payload, signature = _read_segments(token)
        kid = _read_kid(header, self._algorithm)
        key = self._keys.get(kid)
        if key is None:
            raise RefusedError("unknown_key", kid)
        signed = token[: token.rindex(".")].encode("ascii")
        if not self._signature.verify(signed, key, signature):
            raise RefusedError("signature", kid)
        return SignedToken(kid, key, self._read_claims(payload, kid))

    def _read_claims(self, payload: bytes, kid: str) -> Claims:
        claims = _read_object(payload)
        if claims is None:
            _refuse("claims", kid)
        sub, sid = claims.get("sub"), claims.get("sid")
        identifiers = (sub, claims.get("user_id"), sid, claims.get("jti"))
        if not all(isinstance(value, str) and IDENTIFIER.fullmatch(value) for value in identifiers):
            _refuse("claims", kid)
        iat, exp, nbf = (_time(claims.get(name, default)) for name, default in _TIMES)
        if not isinstance(claims.get("email"), str) or not iat or exp is None or nbf is None:
            _refuse("claims", kid)
        read = Claims(str(sub), str(sid), iat, nbf, exp)
        if sub != claims.get("user_id"):
            _refuse("subject_mismatch", kid, read)
        if claims.get("iss") != self._issuer:
            _refuse("issuer", kid, read)
        if not _includes_audience(claims.get("aud"), self._audience):
            _refuse("audience", kid, read)
        if exp - iat > self._ttl or iat > exp or nbf > exp:
            _refuse("lifetime", kid, read)
        return read


_TIMES: Final[tuple[tuple[str, int | None], ...]] = (("iat", None), ("exp", None), ("nbf", 0))


def _refuse(reason: Refusal, kid: str | None = None, claims: Claims | None = None) -> NoReturn:
    raise RefusedError(reason, kid, claims)


def _read_segments(token: str) -> tuple[bytes, bytes, bytes]:
    """Each segment must be the one canonical base64url text of its bytes: PyJWT alone takes padding."""
    if len(token.encode()) > MAX_BYTES:
        _refuse("too_large")
    if not SHAPE.fullmatch(token):
        _refuse("malformed")
    header, payload, signature = token.split(".")
    return _canonical(header), _canonical(payload), _canonical(signature)


def _canonical(segment: str) -> bytes:
    text = segment.translate(_TO_STANDARD) + "=" * (-len(segment) % 4)
    try:
        decoded = binascii.a2b_base64(text, strict_mode=True)
    except binascii.Error:
        _refuse("malformed")
    # Altered trailing bits decode as well: several texts for one token.
    if binascii.b2a_base64(decoded, newline=False).decode("ascii") != text:
        _refuse("malformed")
    return decoded


_TO_STANDARD: Final = str.maketrans("-_", "+/")


def _read_kid(header_bytes: bytes, algorithm: str) -> str:
    header = _read_object(header_bytes)
    if header is None:
        _refuse("header")
    kid, typ = header.get("kid"), header.get("typ")
    known = kid if isinstance(kid, str) else None
    if header.get("alg") != algorithm:
        _refuse("algorithm", known)
    if not isinstance(typ, str) or not TYPE.fullmatch(typ):
        _refuse("type", known)
    # RFC 7515 §4.1.11, and RFC 8725bis §3.15 for `zip`: we know no extension, and compress nothing.
    if any(name in header for name in ("crit", "zip", "b64")):
        _refuse("critical_header", known)
    if not isinstance(kid, str) or not KID.fullmatch(kid):
        _refuse("unknown_key", known)
    return kid


def _includes_audience(aud: object, audience: str) -> bool:
    if not isinstance(aud, list):
        return aud == audience
    return all(isinstance(entry, str) for entry in aud) and audience in aud


def _time(value: object) -> float | None:
    """A number, and not a text or a truth value that looks like one."""
    if type(value) is not int and type(value) is not float:
        return None
    try:
        time = float(value)
    except OverflowError:
        return None
    return time if math.isfinite(time) and time >= 0 else None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


_decoder: Final = json.JSONDecoder(parse_constant=_refuse_constant)


def _read_object(data: bytes) -> dict[str, Any] | None:
    """Of members with one name the last counts (RFC 7519 §4). NaN and Infinity are no JSON, whatever Python says."""
    try:
        value = _decoder.decode(data.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
