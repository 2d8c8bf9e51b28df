"""The deployment that `npm run test:fastapi` started, whose issuer and PostgreSQL these tests meet."""

import json
import os
from typing import Any

import pytest

from latchkey_tasks.settings import TaskSettings, read_task_settings


@pytest.fixture(scope="session")
def deployment() -> dict[str, Any]:
    given: dict[str, Any] = json.loads(os.environ["LATCHKEY_DEPLOYMENT"])
    return given


@pytest.fixture
def settings(deployment: dict[str, Any]) -> TaskSettings:
    return read_task_settings(deployment["env"])


@pytest.fixture
def people(deployment: dict[str, Any]) -> list[dict[str, str]]:
    """Two accounts of the issuer: `id`, `email`, `token` and `cookie` of each."""
    people: list[dict[str, str]] = deployment["people"]
    return people
