"""One world for all sign-in tests; each test finds it well-behaved."""

import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from backend.dev.mongod import Mongod
from tests.api.auth.world import World, running_world


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
async def shared_world(anyio_backend: str) -> AsyncIterator[World]:
    with tempfile.TemporaryDirectory(prefix="motcua-auth-") as data_dir:
        async with await Mongod.start(Path(data_dir)) as mongod, running_world(mongod.uri) as world:
            yield world


@pytest.fixture
def world(shared_world: World) -> World:
    shared_world.hostile.behave()
    shared_world.directory.reset()
    return shared_world
