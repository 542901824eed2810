"""Liveness and readiness: two questions, two answers."""

from typing import Any

import pytest
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import ServerSelectionTimeoutError

from tests.support.api import Api, assert_problem


async def test_it_is_alive_and_ready(api: Api) -> None:
    assert (await api.get("", "/health/live")).json() == {"status": "alive"}
    assert (await api.get("", "/health/ready")).json() == {"status": "ready"}


async def test_without_its_database_it_is_alive_and_not_ready(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    async def gone(*_: Any, **__: Any) -> None:
        raise ServerSelectionTimeoutError("no primary")

    monkeypatch.setattr(AsyncDatabase, "command", gone)
    assert (await api.get("", "/health/live")).status_code == 200
    answer = await api.get("", "/health/ready")
    assert_problem(answer, 503, "unavailable")
    assert int(answer.headers["retry-after"]) > 0
