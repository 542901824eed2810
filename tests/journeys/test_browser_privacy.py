"""What a citizen can do with their own data, in a real browser: see who looked, decide, take a copy, ask to be erased."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from backend.dev.demo.agencies import LAND_OFFICE, agencies
from tests.journeys.browser import Window, origins_of
from tests.journeys.desks import dossier_at_the_console
from tests.journeys.visits import LAN, sign_in, tell_dossier

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(300)]

ONLY_LEVEL_1 = "Danh Thị Tuyết"


@pytest.mark.proves("SEC-71")
async def test_lan_sees_that_an_official_looked_at_her_dossier_and_why(
    phone: Window, chromium: Browser, world: dict[str, Any]
) -> None:
    code = await tell_dossier(world)
    desk = await dossier_at_the_console(chromium, world, code)

    await open_right(phone, "Ai đã xem dữ liệu của tôi")

    look = phone.page.locator(".look").filter(has_text="Xem hồ sơ").first
    for told in (agencies()[LAND_OFFICE].name, "Người phê duyệt", "Họ và tên", "Giải quyết thủ tục hành chính"):
        await expect(look).to_contain_text(told)
    # Office and role answer; the official is not named.
    await expect(phone.page.locator("main")).not_to_contain_text("Lê Văn Minh")
    await look.get_by_role("link", name="Xem hồ sơ").click()
    await expect(phone.page.get_by_text(code)).to_be_visible()
    for window in (phone, desk):
        assert window.watch.complaints == []
        assert window.watch.origins <= origins_of(world)


@pytest.mark.proves("SEC-76")
async def test_a_switch_shows_what_the_citizen_decided_and_nothing_else(phone: Window) -> None:
    await open_right(phone, "Sự đồng ý của tôi")
    page = phone.page
    switch = page.get_by_role("switch", name="Thông báo đẩy qua dịch vụ nước ngoài")

    await expect(switch).to_be_checked()
    await switch.press("Space")
    await expect(page.get_by_text("Đã từ chối lúc")).to_be_visible()
    await page.reload()
    await expect(switch).not_to_be_checked()
    await switch.click()
    await expect(page.get_by_text("Đã đồng ý lúc")).to_be_visible()
    await page.reload()

    await expect(switch).to_be_checked()
    assert phone.watch.complaints == []


async def test_a_copy_of_everything_is_taken_home_once(phone: Window, tmp_path: Path) -> None:
    await open_right(phone, "Bản sao dữ liệu của tôi")
    page, saved = phone.page, tmp_path / "copy.zip"

    await page.get_by_role("button", name="Yêu cầu bản sao").click()
    async with page.expect_download() as saving:
        await page.get_by_role("button", name="Tải về (một lần)").click()
    await (await saving.value).save_as(saved)

    with zipfile.ZipFile(saved) as archive:
        assert LAN in json.dumps(json.loads(archive.read("du-lieu.json")), ensure_ascii=False)
    await page.reload()
    await expect(page.get_by_text("Đã tải lúc")).to_be_visible()
    await expect(page.get_by_role("button", name="Tải về (một lần)")).to_have_count(0)
    assert phone.watch.complaints == []


async def test_a_sign_in_that_is_not_strong_enough_for_a_copy_is_still_a_sign_in(phone: Window) -> None:
    await open_right(phone, "Bản sao dữ liệu của tôi", ONLY_LEVEL_1)
    page = phone.page
    phone.watch.requests.clear()

    await page.get_by_role("button", name="Yêu cầu bản sao").click()

    await expect(page.get_by_role("alert")).to_contain_text("cần đăng nhập lại")
    assert phone.watch.count("POST", "/oauth/token") == 0
    await page.get_by_role("button", name="Đăng nhập lại").click()
    await phone.choose_person(LAN)
    await page.get_by_role("button", name="Yêu cầu bản sao").click()
    await expect(page.get_by_role("button", name="Tải về (một lần)")).to_be_visible()
    assert phone.watch.count("POST", "/oauth/revoke") == 1


@pytest.mark.proves("SEC-77")
async def test_nobody_is_erased_by_a_slip_and_the_request_can_be_taken_back(phone: Window) -> None:
    await open_right(phone, "Xóa dữ liệu của tôi", "Trần Văn Nam")
    page = phone.page
    await page.get_by_role("button", name="Yêu cầu xóa dữ liệu").click()
    dialog = page.get_by_role("dialog", name="Xóa dữ liệu của bạn?")

    await dialog.get_by_role("button", name="Gửi yêu cầu xóa").click()
    await expect(dialog).to_be_visible()
    assert phone.watch.count("POST", "/v1/me/erasure-requests") == 0
    await dialog.get_by_role("checkbox").check()
    await dialog.get_by_role("button", name="Gửi yêu cầu xóa").click()

    await expect(page.get_by_text("Đã tiếp nhận yêu cầu")).to_be_visible()
    await expect(page.get_by_role("heading", name="Xóa dữ liệu của tôi")).to_be_focused()
    await page.get_by_role("button", name="Rút yêu cầu").click()
    await expect(page.get_by_text("Đã rút yêu cầu")).to_be_visible()
    await expect(page.get_by_role("button", name="Yêu cầu xóa dữ liệu")).to_be_visible()
    assert phone.watch.complaints == []


async def open_right(phone: Window, right: str, person: str = LAN) -> None:
    """Sign in and go to one of the screens of "my data"."""
    await sign_in(phone, person)
    await phone.page.get_by_role("link", name="Tài khoản").click()
    await phone.page.get_by_role("link", name=right).click()
    await expect(phone.page.get_by_role("heading", name=right)).to_be_visible()
