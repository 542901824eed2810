"""A real browser for the journeys: found or installed, and watched, so that nothing the pages do goes unseen."""

import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Request, async_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
# A fresh machine has no package lists yet.
INSTALL = ("apt-get update --quiet", "apt-get install --yes --quiet --no-install-recommends chromium")
INSTALL_TIMEOUT_S = 120
MISSING = "no Chromium: install it (Debian: apt-get install chromium) to run the browser journeys"
ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PATIENCE_MS = 20_000
SCREENSHOTS = "MOTCUA_SCREENSHOTS"


def find_chromium() -> str | None:
    """The path of a Chromium; it is installed where it is missing and we may."""
    return _on_path() or _installed()


def _on_path() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


def _installed() -> str | None:
    """Debian's package, where we are root on Debian. Whatever goes wrong, the answer is that there is none."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return None
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        for command in INSTALL:
            subprocess.run(command.split(), env=environment, capture_output=True, check=True, timeout=INSTALL_TIMEOUT_S)
    except (OSError, subprocess.SubprocessError):
        return None
    return _on_path()


@asynccontextmanager
async def running_chromium(path: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            await browser.close()


class Watch:
    """What a window did: whom it asked, what it complained of. A breach of the page's policy is a complaint too."""

    def __init__(self) -> None:
        self.complaints: list[str] = []
        self.requests: list[tuple[str, str]] = []

    def follow(self, context: BrowserContext) -> None:
        context.on("request", self._asked)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))

    @property
    def origins(self) -> set[str]:
        """Everybody on the network who was asked."""
        return {origin(url) for _, url in self.requests if urlsplit(url).scheme in ("http", "https", "ws", "wss")}

    def count(self, method: str, path: str) -> int:
        """How often a path was asked for."""
        return sum(1 for asked, url in self.requests if asked == method and urlsplit(url).path == path)

    def _asked(self, request: Request) -> None:
        self.requests.append((request.method, request.url))

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")


class Window:
    """One person's browser: nothing shared with another's."""

    def __init__(self, page: Page, watch: Watch) -> None:
        self.page, self.watch = page, watch

    async def choose_person(self, name: str) -> None:
        """On the account provider's page, click a person."""
        await self.page.get_by_role("button", name=name).click()

    async def keep_screenshot(self, name: str, *, width: int, height: int) -> None:
        """For the README, when `MOTCUA_SCREENSHOTS` names a directory. The window has this size for the moment."""
        if directory := os.environ.get(SCREENSHOTS):
            before = self.page.viewport_size
            await self.page.set_viewport_size({"width": width, "height": height})
            await self.page.screenshot(path=Path(directory) / f"{name}.png", animations="disabled")
            if before:
                await self.page.set_viewport_size(before)


async def open_window(
    browser: Browser, *, width: int, height: int, color_scheme: Literal["light", "dark"] = "light", **options: Any
) -> Window:
    """A fresh window at twice the density, in Vietnam."""
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=2,
        color_scheme=color_scheme,
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        **options,
    )
    context.set_default_timeout(PATIENCE_MS)
    watch = Watch()
    watch.follow(context)
    return Window(await context.new_page(), watch)


def origins_of(world: dict[str, Any]) -> set[str]:
    """Every address of world.json, down to scheme, host and port."""
    addresses = [world["api"], world["fcm"], world["phone"], *world["providers"].values()]
    return {origin(address) for address in addresses}


def origin(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
