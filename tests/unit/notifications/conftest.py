"""What the tests of channels and fallbacks ask for."""

from collections.abc import AsyncIterator

import pytest

from backend.app.parts import Parts
from tests.support.post_office import Post, running_post


@pytest.fixture
async def post_office(parts: Parts) -> AsyncIterator[Post]:
    """An empty post office on its sockets, and our channels to it."""
    async with running_post(parts.vault) as post:
        yield post
