"""The documentation in a real browser: it asks nobody but the server it came from, and its policy is never broken (R-C10)."""

import pytest
from playwright.async_api import Browser

from tests.journeys.browser import open_window, origin
from tests.support.api import Api


@pytest.mark.proves("R-C10")
async def test_the_documentation_asks_nobody_else(chromium: Browser, api: Api) -> None:
    window = await open_window(chromium, width=390, height=844)
    await window.page.goto(f"{api.url}/docs#getDossier")
    await window.page.get_by_text("The result can be downloaded").first.click()
    assert window.watch.origins == {origin(api.url)}
    assert window.watch.complaints == []
    assert window.watch.count("GET", "/docs/docs.css") == 1
    await window.page.context.close()
