"""`Subject` in somebody's own FastAPI app, with the real issuer."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from latchkey_fastapi import Latchkey, Subject
from latchkey_fastapi.log import JsonLog
from latchkey_tasks.settings import TaskSettings

lines: list[str] = []


@pytest.fixture
async def app(settings: TaskSettings) -> AsyncIterator[httpx.AsyncClient]:
    latchkey = Latchkey(settings.shared, JsonLog("info", lines.append))
    app = latchkey.protect(FastAPI())

    @app.get("/me")
    async def me(subject: Subject) -> str:
        return subject

    @app.get("/api/{user_id}/notes")
    async def notes(subject: Subject) -> list[str]:
        return [subject]

    async with app.router.lifespan_context(app):
        async with asyncio.timeout(20):
            while not latchkey.ready():
                await asyncio.sleep(0.01)
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://notes.example") as client:
            yield client


async def get(app: httpx.AsyncClient, path: str, token: str) -> httpx.Response:
    """On a busy machine a lease can run out; whoever waits as told is answered."""
    async with asyncio.timeout(20):
        while True:
            answer = await app.get(path, headers=bearer(token))
            if answer.status_code != 503:
                return answer
            await asyncio.sleep(0.1)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def test_it_is_the_account_that_asks(app: httpx.AsyncClient, people: list[dict[str, str]]) -> None:
    for person in people:
        answer = await get(app, "/me", person["token"])
        assert answer.json() == person["id"]
        assert (await get(app, f"/api/{person['id']}/notes", person["token"])).status_code == 200


async def test_somebody_elses_path_is_a_path_of_nobody(
    app: httpx.AsyncClient, people: list[dict[str, str]]
) -> None:
    ada, bob = people
    answers = [await get(app, f"/api/{owner}/notes", ada["token"]) for owner in (bob["id"], "nobody")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert answers[0].headers == answers[1].headers


@pytest.mark.parametrize("authorization", ["", "Bearer", "Basic YTpi", "Bearer a.b.c", "Bearer x y"])
async def test_what_is_no_token_is_401(app: httpx.AsyncClient, authorization: str) -> None:
    answer = await app.get("/me", headers={"Authorization": authorization})
    assert answer.status_code == 401
    assert answer.json()["code"] == "invalid_token"
    assert answer.headers["www-authenticate"] == 'Bearer realm="latchkey", error="invalid_token"'
    assert answer.headers["content-type"].startswith("application/problem+json")


async def test_no_token_is_401_without_an_error_code(app: httpx.AsyncClient) -> None:
    answer = await app.get("/me")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="latchkey"'


async def test_two_tokens_are_none(app: httpx.AsyncClient, people: list[dict[str, str]]) -> None:
    tokens = [("Authorization", f"Bearer {person['token']}") for person in people]
    assert (await app.get("/me", headers=tokens)).status_code == 400


async def test_failures_are_logged_without_the_token(
    app: httpx.AsyncClient, people: list[dict[str, str]]
) -> None:
    token = people[0]["token"]
    lines.clear()
    await app.get("/me", headers=bearer(token[:-8] + "AAAAAAAA"))
    await app.get("/api/x/notes", headers=bearer(token))
    said = "".join(lines)
    assert '"event":"authn_token_rejected"' in said
    assert '"reason":"signature"' in said
    assert '"event":"authz_fail"' in said
    assert '"route":"/me"' in said
    assert '"route":"/api/{user_id}/notes"' in said
    assert token.split(".")[1] not in said


async def test_a_sign_out_is_over_when_it_has_answered(
    app: httpx.AsyncClient, deployment: dict[str, Any]
) -> None:
    issuer = deployment["env"]["ISSUER_URL"]
    async with httpx.AsyncClient(base_url=issuer, headers={"Origin": issuer}) as client:
        account = {"email": "signs-out@example.com", "password": "violet otter ladder"}
        token = (await client.post("/api/auth/sign-up/email", json=account)).json()["access_token"]
        assert (await get(app, "/me", token)).status_code == 200
        assert (await client.post("/api/auth/sign-out", json={})).status_code == 200
    assert (await get(app, "/me", token)).status_code == 401
