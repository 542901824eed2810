"""What the tests of the development world share."""

from collections.abc import AsyncIterator

import pytest

from backend.dev.providers.profile import CITIZEN, STAFF
from tests.support.official_accounts import Browser, browse


@pytest.fixture
async def citizen(anyio_backend: str) -> AsyncIterator[Browser]:
    async with browse(CITIZEN) as browser:
        yield browser


@pytest.fixture
async def staff(anyio_backend: str) -> AsyncIterator[Browser]:
    async with browse(STAFF) as browser:
        yield browser
