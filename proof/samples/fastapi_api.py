"""Somebody else's API for the kit to judge: FastAPI, items in memory, the user only in the token, errors of its own.

`SECRET` (hex) comes from the environment; `FAULT=no-aud` makes the mistake the kit must find.
"""

import base64
import json
import os
import re
import time
import uuid
from typing import Annotated, Any

import jwt
from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictStr, field_validator
from starlette.exceptions import HTTPException

SECRET = bytes.fromhex(os.environ["SECRET"])
FAULT = os.environ.get("FAULT")
ISSUER, AUDIENCE, KID, LIFETIME = "https://accounts.sample.example", "items", "k1", 900
BODY_LIMIT = 100_000
HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
ALLOWED = {"/v1/items": "GET, HEAD, POST", "/v1/items/{key}": "DELETE, GET, HEAD, PATCH"}

app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
items_of: dict[str, dict[str, dict[str, Any]]] = {}


class Refused(Exception):
    def __init__(self, status: int, code: str, headers: dict[str, str] | None = None):
        self.status, self.code, self.headers = status, code, headers or {}


def refuse(refused: Refused) -> Response:
    return JSONResponse({"detail": refused.code}, refused.status, {**HEADERS, **refused.headers})


def canonical(part: str) -> bytes:
    """What base64url without padding says, and only when it is written the one way there is."""
    content = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    if base64.urlsafe_b64encode(content).rstrip(b"=").decode() != part:
        raise ValueError
    return content


def no_constant(name: str) -> None:
    raise ValueError(name)


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("a member is given twice")
    return dict(pairs)


def read_json(content: bytes) -> dict[str, Any]:
    value = json.loads(content.decode("utf-8"), parse_constant=no_constant, object_pairs_hook=unique)
    if not isinstance(value, dict):
        raise ValueError
    return value


def is_time(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < 1e12


def verify(token: str) -> str:
    """The user of a good token. PyJWT checks the signature; what it leaves open is checked here."""
    if len(token) > 4096 or not re.fullmatch(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", token):
        raise ValueError
    head, body, signature = token.split(".")
    header, claims = read_json(canonical(head)), read_json(canonical(body))
    canonical(signature)
    if header.get("alg") != "HS256" or header.get("kid") != KID or "crit" in header or "zip" in header:
        raise ValueError
    typ = header.get("typ")
    if not isinstance(typ, str) or typ.lower().removeprefix("application/") != "at+jwt":
        raise ValueError
    jwt.decode(token, SECRET, ["HS256"], options={"verify_aud": False, "verify_exp": False, "verify_iat": False,
                                                  "verify_nbf": False, "verify_sub": False})
    return judge(claims)


def judge(claims: dict[str, Any]) -> str:
    audience, user, now = claims.get("aud"), claims.get("uid"), time.time()
    audiences = audience if isinstance(audience, list) else [audience]
    if FAULT != "no-aud" and not (all(isinstance(one, str) for one in audiences) and AUDIENCE in audiences):
        raise ValueError
    if claims.get("iss") != ISSUER or not isinstance(user, str) or not re.fullmatch(r"[\w-]{1,64}", user, re.ASCII):
        raise ValueError
    iat, exp, nbf = claims.get("iat"), claims.get("exp"), claims.get("nbf", 1)
    if not (is_time(iat) and is_time(exp) and is_time(nbf)) or max(iat, nbf) > min(now + 5, exp):
        raise ValueError
    if exp - iat > LIFETIME:
        raise ValueError
    if exp <= now:
        raise jwt.ExpiredSignatureError
    return user


def current_user(request: Request) -> str:
    given = [value.decode("latin-1") for name, value in request.headers.raw if name == b"authorization"]
    if not given:
        raise Refused(401, "not authenticated", {"www-authenticate": "Bearer"})
    challenge = {"www-authenticate": 'Bearer error="invalid_token"'}
    match = re.fullmatch(r"bearer +([^ ]+)", given[0], re.IGNORECASE)
    try:
        if len(given) > 1 or match is None:
            raise ValueError
        return verify(match[1])
    except jwt.ExpiredSignatureError:
        raise Refused(401, "token expired", challenge) from None
    except Exception:
        raise Refused(401, "not authenticated", challenge) from None


async def json_body(request: Request, _user: Annotated[str, Depends(current_user)]) -> dict[str, Any]:
    types = request.headers.getlist("content-type")
    if len(types) != 1 or not re.fullmatch(r"application/json( *; *charset=utf-8)?", types[0], re.IGNORECASE):
        raise Refused(415, "unsupported media type")
    if "content-encoding" in request.headers:
        raise Refused(415, "unsupported media type")
    content = b""
    async for chunk in request.stream():
        content += chunk
        if len(content) > BODY_LIMIT:
            raise Refused(413, "too large")
    try:
        return read_json(content)
    except (ValueError, RecursionError):
        raise Refused(400, "bad request") from None


class Change(BaseModel):
    model_config = ConfigDict(extra="forbid")
    text: Annotated[StrictStr, Field(min_length=1, max_length=100)] = ""
    note: Annotated[StrictStr, Field(max_length=1000)] | None = None
    done: StrictBool = False

    @field_validator("text", "note")
    @classmethod
    def storable(cls, value: str | None) -> str | None:
        if value and ("\0" in value or any(0xD800 <= ord(character) < 0xE000 for character in value)):
            raise ValueError
        return value


def read_item(body: dict[str, Any]) -> dict[str, Any]:
    try:
        change = Change.model_validate(body)
    except ValueError:
        raise Refused(400, "bad request") from None
    if not body:
        raise Refused(400, "bad request")
    return {name: getattr(change, name) for name in body}


User = Annotated[str, Depends(current_user)]
Body = Annotated[dict[str, Any], Depends(json_body)]


def find(user: str, key: str) -> dict[str, Any]:
    item = items_of.get(user, {}).get(key)
    if item is None:
        raise Refused(404, "not found")
    return item


def say(body: Any, status: int = 200, **headers: str) -> Response:
    return JSONResponse(body, status, {**HEADERS, **headers})


@app.api_route("/v1/items", methods=["GET", "HEAD"])
def list_items(user: User) -> Response:
    return say({"items": list(items_of.get(user, {}).values())[::-1]})


@app.post("/v1/items")
def create_item(user: User, body: Body) -> Response:
    given = read_item(body)
    if "text" not in given:
        raise Refused(400, "bad request")
    item = {"key": str(uuid.uuid4()), "text": "", "note": None, "done": False, **given}
    items_of.setdefault(user, {})[item["key"]] = item
    return say(item, 201, location=f"/v1/items/{item['key']}")


@app.api_route("/v1/items/{key}", methods=["GET", "HEAD"])
def read_one(user: User, key: str) -> Response:
    return say(find(user, key))


@app.patch("/v1/items/{key}")
def change_item(user: User, key: str, body: Body) -> Response:
    given = read_item(body)
    item = find(user, key)
    item.update(given)
    return say(item)


@app.delete("/v1/items/{key}")
def delete_item(user: User, key: str) -> Response:
    find(user, key)
    del items_of[user][key]
    return Response(status_code=204, headers=HEADERS)


@app.exception_handler(Refused)
async def on_refused(_request: Request, refused: Refused) -> Response:
    return refuse(refused)


@app.exception_handler(RequestValidationError)
async def on_invalid(_request: Request, _error: RequestValidationError) -> Response:
    return refuse(Refused(400, "bad request"))


@app.exception_handler(HTTPException)
async def on_http(request: Request, error: HTTPException) -> Response:
    """Starlette's own answers: whoever has no good token learns nothing of what there is."""
    try:
        current_user(request)
    except Refused as refused:
        return refuse(refused)
    if error.status_code != 405:
        return refuse(Refused(error.status_code, "not found"))
    path = "/v1/items" if request.url.path == "/v1/items" else "/v1/items/{key}"
    return refuse(Refused(405, "method not allowed", {"allow": ALLOWED[path]}))


@app.exception_handler(Exception)
async def on_error(_request: Request, _error: Exception) -> Response:
    return refuse(Refused(500, "our fault"))
