"""What tests of the whole house may look at."""

import asyncio
from collections.abc import Iterator

import pytest
from litestar import Litestar

from backend.app.factory import create_app
from backend.app.parts import make_parts
from backend.settings import Settings


@pytest.fixture(scope="module")
def app() -> Iterator[Litestar]:
    """The app as it is served, never started: its routes are all there is to look at."""
    parts = make_parts(Settings())
    yield create_app(parts)

    async def let_go() -> None:
        await parts.auth.stop()
        await parts.close()

    asyncio.run(let_go())
