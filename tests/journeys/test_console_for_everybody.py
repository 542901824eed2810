"""Every page of the console, tried by axe-core in both themes, on a small phone and enlarged to twice its size (R-D1)."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.journeys.desks import ANSWER, CITIZEN, app_of, assert_clean, at_the_console, given_to_the_ward
from tests.peers.node import modules

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(600)]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# 320 CSS pixels (WCAG 2.2, 1.4.10), and a window of 1280 at 200 % (1.4.4), which leaves 640.
WIDTHS = {"320 px": 320, "200 %": 640, "wide": 1280}


async def violations(page: Page) -> list[str]:
    """What axe finds on the page as it stands, every `details` of it open."""
    await page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
    await page.evaluate((modules() / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    found = await page.evaluate("rules => axe.run({runOnly: rules})", RULES)
    return [f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]]


async def pages(page: Page, world: dict[str, Any], report: str) -> AsyncIterator[str]:
    """Goes from page to page; says where it is."""
    console = f"{world['api']}/console"
    for name, path in {
        "queue": "/",
        "filtered": "/?state=closed&category=water",
        "figures": "/figures",
        "dossiers": "/dossiers",
    }.items():
        await page.goto(console + path)
        yield name
    await page.locator(".queue a").first.click()
    yield "dossier"
    await page.goto(f"{console}/reports/{report}")
    yield "report"
    await page.get_by_role("link", name="Vì sao người dân chưa nhận được").click()
    yield "notices"
    await page.goto(f"{console}/reports/{report}")
    act = page.locator("#act-answer")
    await act.get_by_label("Nội dung gửi người dân").fill(ANSWER)
    await act.get_by_role("button", name="Trả lời", exact=True).click()
    await expect(page.get_by_role("alert")).to_be_visible()
    yield "refusal"
    await act.get_by_role("button", name="Xem trước").click()
    await expect(page.get_by_role("heading", name="Người dân sẽ thấy")).to_be_visible()
    yield "preview"
    await page.goto(f"{console}/reports/{report}")
    await page.locator("#act-answer input[name=version]").evaluate("field => field.value = '1'")
    await act.get_by_role("button", name="Trả lời", exact=True).click()
    await expect(page.get_by_role("heading", name="Có người vừa thay đổi")).to_be_visible()
    yield "collision"
    await page.goto(f"{console}/reports/nothing")
    yield "problem"
    await page.goto(f"{console}/sign-in")
    yield "door"


@pytest.mark.proves("R-D1", "R-D2")
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
async def test_axe_finds_nothing_and_nothing_has_to_be_scrolled_sideways(
    chromium: Browser, world: dict[str, Any], width: int, theme: Any
) -> None:
    async with app_of(world, CITIZEN, "citizen") as citizen:
        report = await given_to_the_ward(world, citizen, "Đèn đường không sáng", ("linh", "start"))
    desk = await at_the_console(chromium, world, "linh", width=width, color_scheme=theme)
    found = {}
    async for where in pages(desk.page, world, report):
        found[where] = await violations(desk.page)
        wide = await desk.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found[where] += [f"{wide} px too wide"] if wide > 0 else []
        await desk.keep_screenshot(f"console-{where}-{theme}-{width}", width=width, height=900)
    assert {where: what for where, what in found.items() if what} == {}
    # The statuses of the pages that say no are the browser's own complaint; the policy's would be others.
    told = [one for one in desk.watch.complaints if "status of 4" not in one]
    assert told == []
    desk.watch.complaints.clear()
    assert_clean(desk, world)


@pytest.mark.proves("R-D1")
@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_axe_finds_nothing_on_the_pages_of_an_administrator(chromium: Browser, world: dict[str, Any], theme: Any) -> None:
    desk = await at_the_console(chromium, world, "admin", width=320, color_scheme=theme)
    await desk.page.get_by_role("link", name="Cán bộ, cơ quan").click()
    await expect(desk.page.get_by_role("heading", name="Cán bộ, cơ quan")).to_be_visible()
    assert await violations(desk.page) == []
    await desk.page.locator(".queue a").first.click()
    await expect(desk.page.get_by_role("heading", name="Thôi việc")).to_be_visible()
    assert await violations(desk.page) == []
