import base64
from pathlib import Path

import pytest

from latchkey_fastapi import SettingsError, read_settings
from latchkey_tasks.settings import read_task_settings

KEY = base64.urlsafe_b64encode(bytes(32)).rstrip(b"=").decode()
GOOD = {
    "ISSUER_URL": "https://todo.example.org",
    "ACCESS_TOKEN_KEYS": f"first:{KEY}",
    "REVOCATION_FEED_SECRET": "s" * 32,
    "API_DATABASE_URL": "postgres://api@localhost/x",
}


def faults(**given: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        read_task_settings({**GOOD, **given})
    return caught.value.faults


def test_defaults_are_those_of_the_typescript_api() -> None:
    settings = read_task_settings(GOOD)
    assert (settings.host, settings.port) == ("127.0.0.1", 3000)
    assert settings.web_origins == ("https://todo.example.org",)
    shared = settings.shared
    assert (shared.audience, shared.algorithm, shared.ttl) == ("latchkey-api", "HS256", 3600)
    assert shared.feed_url == "https://todo.example.org/api/auth/revocations"
    assert shared.api_url == "https://todo.example.org"


def test_every_fault_is_told_in_a_sentence_of_its_own() -> None:
    with pytest.raises(SettingsError) as caught:
        read_task_settings({"ACCESS_TOKEN_TTL": "0", "PORT": "x", "TRUSTED_PROXIES": "10.0.0.0/33"})
    told = "\n".join(caught.value.faults)
    for name in (
        "ISSUER_URL",
        "ACCESS_TOKEN_KEYS",
        "ACCESS_TOKEN_TTL",
        "REVOCATION_FEED_SECRET",
        "API_DATABASE_URL",
        "PORT",
        "TRUSTED_PROXIES",
    ):
        assert told.count(name) >= 1


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"ACCESS_TOKEN_KEYS": "first"}, "must read kid:base64url"),
        ({"ACCESS_TOKEN_KEYS": f"first:{KEY[:-1]}B"}, "not canonical base64url"),
        ({"ACCESS_TOKEN_KEYS": "first:AAAA"}, "has 3 bytes; it needs at least 32"),
        ({"ACCESS_TOKEN_KEYS": f"a:{KEY},a:{KEY}"}, "names one kid twice"),
        ({"ACCESS_TOKEN_KEYS": "first:example-make-your-own"}, "is the example"),
        ({"REVOCATION_FEED_SECRET": "example-make-your-own-with-openssl"}, "is the example"),
        ({"REVOCATION_FEED_SECRET": "short"}, "has 5 bytes"),
        ({"REVOCATION_FEED_SECRET_FILE": "/x"}, "are both given"),
        ({"ACCESS_TOKEN_ALG": "none"}, "must be one of HS256, EdDSA"),
        ({"ISSUER_URL": "https://todo.example.org/path"}, "must be an origin"),
        ({"WEB_ORIGIN": "https://a.example, *"}, "must be an origin"),
        ({"REVOCATION_FEED_URL": "ftp://x"}, "must be an address"),
    ],
)
def test_a_wrong_value_is_refused(given: dict[str, str], fault: str) -> None:
    assert any(fault in told for told in faults(**given))


def test_secrets_may_stand_in_files_and_are_never_shown(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("f" * 40 + "\n")
    source = {**GOOD, "REVOCATION_FEED_SECRET": "", "REVOCATION_FEED_SECRET_FILE": str(file)}
    settings = read_settings(source)
    assert settings.feed_secret == "f" * 40
    assert "f" * 40 not in repr(settings)
    assert KEY not in repr(settings)
    with pytest.raises(SettingsError) as caught:
        read_settings({**source, "REVOCATION_FEED_SECRET_FILE": str(tmp_path / "none")})
    assert "cannot be read" in str(caught.value)


def test_eddsa_needs_no_shared_keys() -> None:
    settings = read_settings({**GOOD, "ACCESS_TOKEN_KEYS": "", "ACCESS_TOKEN_ALG": "EdDSA"})
    assert settings.keys == ()
