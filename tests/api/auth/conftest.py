"""One world for all sign-in tests; each test finds it well-behaved."""

from collections.abc import AsyncIterator

import pytest

from tests.api.auth.world import World, running_world


@pytest.fixture(scope="session")
async def shared_world(anyio_backend: str, mongodb_uri: str) -> AsyncIterator[World]:
    async with running_world(mongodb_uri) as world:
        yield world


@pytest.fixture
def world(shared_world: World) -> World:
    shared_world.hostile.behave()
    shared_world.directory.reset()
    return shared_world
