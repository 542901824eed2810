"""What the journeys through a browser share: a Chromium, and a phone with the page open."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser

from tests.journeys.browser import MISSING, Window, find_chromium, open_window, running_chromium


@pytest.fixture(scope="session")
def chromium_path() -> str:
    path = find_chromium()
    if path is None:
        pytest.skip(MISSING)
    return path


@pytest.fixture
async def chromium(chromium_path: str) -> AsyncIterator[Browser]:
    async with running_chromium(chromium_path) as browser:
        yield browser


@pytest.fixture
async def phone(chromium: Browser, world: dict[str, Any]) -> Window:
    """A phone with the page open, nobody signed in."""
    window = await open_window(chromium, width=390, height=844, has_touch=True)
    await window.page.goto(world["phone"])
    return window
