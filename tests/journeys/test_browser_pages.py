"""What the pages' server hands out: public facts, under a policy that lets the pages reach nobody else; colours one can read."""

import re
from collections.abc import AsyncIterator
from itertools import product
from typing import Any

import httpx2
import pytest

from backend.dev.pages.app import STATIC, create_pages
from backend.dev.sockets import serving

pytestmark = pytest.mark.anyio

WORLD: dict[str, Any] = {
    "api": "http://127.0.0.1:8000",
    "mongodb_uri": "mongodb://127.0.0.1:27017/?replicaSet=rs0",
    "providers": {"citizen": "http://127.0.0.1:8001", "staff": "http://127.0.0.1:8002"},
    "fcm": "http://127.0.0.1:8003",
    "docs": "http://127.0.0.1:8000/docs",
    "console": "http://127.0.0.1:8000/console/",
    "app_check": {"app_id": "1:1:android:a", "debug_token": "a-debug-token", "exchange_url": "http://127.0.0.1:8003/v1/x"},
    "app_client": {"client_id": "app", "redirect_uris": []},
    "system_client": {"client_id": "system", "private_key_pem": "a private key", "token_url": ""},
    "people": [{"login": "lan", "provider": "citizen", "name": "Nguyễn Thị Lan", "roles": []}],
}
AA = 4.5


@pytest.fixture
async def pages() -> AsyncIterator[httpx2.AsyncClient]:
    async with serving(create_pages(WORLD)) as server, httpx2.AsyncClient(base_url=server.url) as client:
        yield client


async def test_a_browser_is_told_addresses_and_the_public_client_and_nothing_else(pages: httpx2.AsyncClient) -> None:
    assert (await pages.get("/world.json")).json() == {
        "api": "http://127.0.0.1:8000",
        "providers": ["citizen", "staff"],
        "fcm": "http://127.0.0.1:8003",
        "docs": "http://127.0.0.1:8000/docs",
        "console": "http://127.0.0.1:8000/console/",
        "app_check": {"debug_token": "a-debug-token", "exchange_url": "http://127.0.0.1:8003/v1/x"},
        "app_client": {"client_id": "app"},
    }


@pytest.mark.parametrize("path", ["/", "/phone/", "/phone/main.js", "/shared/theme.css", "/world.json", "/nothing"])
async def test_every_answer_carries_the_policy(pages: httpx2.AsyncClient, path: str) -> None:
    headers = (await pages.get(path)).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))

    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["connect-src"].split() == ["'self'", "http://127.0.0.1:8000", "http://127.0.0.1:8003"]
    assert policy["frame-ancestors"] == policy["form-action"] == policy["base-uri"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("page", ["", "phone/"])
async def test_every_file_a_page_names_is_served_by_us(pages: httpx2.AsyncClient, page: str) -> None:
    html = (await pages.get(f"/{page}")).text
    named = re.findall(r'(?:src|href)="([^"]+)"', html)

    assert named
    for path in named:
        assert path.startswith("/"), f"{path} would be somebody else's"
        assert (await pages.get(path)).is_success, path
    assert "<style" not in html
    assert not re.search(r"<script(?![^>]* src=)|\son\w+=|\sstyle=", html)


async def test_every_module_another_one_imports_is_there() -> None:
    for module in STATIC.rglob("*.js"):
        for path in re.findall(r'^import (?:.* from )?"([^"]+)";', module.read_text(encoding="utf-8"), re.MULTILINE):
            assert (module.parent / path).is_file(), f"{module.name} imports {path}"


async def test_both_languages_know_the_same_words() -> None:
    for file in STATIC.rglob("*.js"):
        vietnamese, _, english = file.read_text(encoding="utf-8").partition("\n  en: {")
        words = [re.findall(r'^    "([\w.]+)":', part, re.MULTILINE) for part in (vietnamese, english)]
        assert words[0] == words[1], file.name


async def test_every_text_colour_can_be_read_on_every_ground_it_stands_on() -> None:
    theme = (STATIC / "shared" / "theme.css").read_text(encoding="utf-8")
    colours = dict(re.findall(r"--([\w-]+): light-dark\((#\w{6}, #\w{6})\)", theme))
    pairs = [
        *product(["ink", "quiet", "green"], ["paper", "card", "raised"]),
        *((mood, f"{mood}-ground") for mood in ("calm", "waiting", "ready", "ended", "done")),
        ("ended", "card"),
        ("on-green", "green"),
        ("on-lotus", "lotus"),
    ]
    for text, ground in pairs:
        for scheme, ink, paper in zip(("light", "dark"), colours[text].split(", "), colours[ground].split(", "), strict=True):
            assert contrast(ink, paper) >= AA, f"{scheme}: {text} on {ground} is {contrast(ink, paper):.2f}"


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
