"""What officials do at the console before a journey gets to its point; and the citizen on the other side, as a script."""

import re
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from playwright.async_api import Browser, Page, expect

from backend.dev.app_user import AppUser
from tests.journeys.browser import Window, open_window, origin
from tests.support.reports import uuid7

AN_XUYEN = "32002"
CITIZEN = "hung"
ANSWER = "Đã thay bóng đèn lúc 8 giờ sáng nay, đèn sáng bình thường."
NO_PICTURE = "Ảnh chụp ban ngày không thấy đèn sáng"
expect.set_options(timeout=20_000)


@asynccontextmanager
async def app_of(world: dict[str, Any], login: str, kind: str, scope: str = "openid") -> AsyncIterator[AppUser]:
    """Somebody's app, signed in."""
    async with httpx2.AsyncClient(timeout=30) as client:
        user = AppUser(world, client)
        await user.sign_in(login, kind, scope)
        yield user


async def report_of(citizen: AppUser, text: str, **change: Any) -> dict[str, Any]:
    """A citizen sends a report; what they see of it."""
    body = {
        "clientId": uuid7(),
        "kind": "field_report",
        "category": "power_lighting",
        "text": text,
        "commune": AN_XUYEN,
        "landmark": "Gần nhà văn hóa",
        "contact": {"name": "Nguyễn Văn Hùng", "phone": "0912 000 010"},
        **change,
    }
    return await citizen.post("/v1/feedback", body)


async def given_to_the_ward(world: dict[str, Any], citizen: AppUser, text: str, *steps: tuple[str, str], **change: Any) -> str:
    """A report that the desk has passed on, moved by further steps (who, which); its id."""
    report = str((await report_of(citizen, text, **change))["id"])
    for who, step in (("yen", "classify"), ("yen", "assign"), *steps):
        async with app_of(world, who, "staff") as official:
            await official.post(f"/v1/staff/feedback/{report}/{step}", {} if step in ("classify", "assign") else None)
    return report


async def at_the_console(browser: Browser, world: dict[str, Any], login: str, *, width: int = 1280, **options: Any) -> Window:
    """A window in which this official has signed in at the console."""
    window = await open_window(browser, width=width, height=900, **options)
    page = window.page
    await page.goto(f"{world['api']}/console/")
    await page.get_by_role("link", name="Đăng nhập bằng thư công vụ").click()
    await page.get_by_role("textbox").fill(login)
    await page.get_by_role("button", name="Đăng nhập", exact=True).click()
    await expect(page.get_by_role("heading", name="Việc của tôi")).to_be_visible()
    return window


async def dossier_at_the_console(browser: Browser, world: dict[str, Any], code: str) -> Window:
    """As `minh`: sign in at the console, find the dossier by its code, open it."""
    desk = await at_the_console(browser, world, "minh")
    page = desk.page
    await page.get_by_role("link", name="Hồ sơ", exact=True).click()
    await page.get_by_label("Tìm theo mã").fill(code)
    await page.get_by_role("button", name="Tìm", exact=True).click()
    await page.get_by_role("link", name=code).click()
    await expect(page.get_by_role("heading", name="Thông tin hồ sơ")).to_be_visible()
    return desk


async def open_report(window: Window, world: dict[str, Any], report: str) -> Page:
    """The report's page."""
    await window.page.goto(f"{world['api']}/console/reports/{report}")
    await expect(window.page.get_by_role("heading", name="Diễn biến")).to_be_visible()
    return window.page


async def done(page: Page, said: str | re.Pattern[str] = "Đã") -> None:
    """The page says that it has been done."""
    await expect(page.locator(".message.good[role=status]")).to_contain_text(said)


def unheard_of() -> str:
    """A word nobody has written before."""
    return f"số {uuid.uuid4().hex[:8]}"


def assert_clean(window: Window, world: dict[str, Any]) -> None:
    """No complaint, of the policy or of anything else, and nobody asked but us and the staff's account provider."""
    assert window.watch.complaints == []
    assert window.watch.origins <= {origin(world["api"]), origin(world["providers"]["staff"])}
