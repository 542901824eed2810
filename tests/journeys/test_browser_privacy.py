"""What a citizen can do with their own data, in a real browser: see who looked, decide, take a copy, ask to be erased."""

import json
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest
from playwright.async_api import Browser, Page, Route, expect

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


@pytest.mark.proves("SEC-37")
async def test_who_signs_in_again_for_a_step_goes_on_with_it(phone: Window, world: dict[str, Any]) -> None:
    """Her provider remembered her from an hour ago: for a copy she has to sign in anew, and need not ask for it anew."""
    async with httpx2.AsyncClient() as http:
        old = {"endpoint": "token", "break": ["authTime"], "times": 1}
        (await http.post(f"{world['providers']['citizen']}/_control/faults", json=old)).raise_for_status()
    await open_right(phone, "Bản sao dữ liệu của tôi")
    page = phone.page
    await page.get_by_role("button", name="Yêu cầu bản sao").click()
    phone.watch.requests.clear()

    await page.get_by_role("button", name="Đăng nhập lại").click()
    await phone.choose_person(LAN)

    await expect(page.get_by_role("button", name="Tải về (một lần)")).to_be_visible()
    [asked] = [query_of(url) for _, url in phone.watch.requests if urlsplit(url).path == "/oauth/authorize"]
    # As the refusal said (RFC 9470, 3).
    assert (asked["max_age"], asked["acr_values"]) == ("300", "2")
    assert phone.watch.count("POST", "/v1/me/exports") == 1


@pytest.mark.proves("SEC-37")
async def test_an_erasure_that_was_understood_goes_on_after_the_sign_in_and_for_nobody_else(phone: Window) -> None:
    await open_right(phone, "Xóa dữ liệu của tôi", "Trần Văn Nam")
    page = phone.page
    for person, sent in ((LAN, False), ("Trần Văn Nam", True)):
        # Nobody waits five minutes here: what the API would answer then is answered in its place (SEC-37 is proven elsewhere).
        await refuse_once(page)
        await page.get_by_role("button", name="Yêu cầu xóa dữ liệu").click()
        dialog = page.get_by_role("dialog", name="Xóa dữ liệu của bạn?")
        await dialog.get_by_role("checkbox").check()
        await dialog.get_by_role("button", name="Gửi yêu cầu xóa").click()
        await dialog.get_by_role("button", name="Đăng nhập lại").click()
        phone.watch.requests.clear()
        await phone.choose_person(person)
        await expect(page.get_by_role("heading", name="Xóa dữ liệu của tôi")).to_be_visible()
        await expect(page.get_by_text("Đã tiếp nhận yêu cầu")).to_have_count(int(sent))
        assert phone.watch.count("POST", "/v1/me/erasure-requests") == int(sent)
        if not sent:
            await page.get_by_role("link", name="Tài khoản").first.click()
            await page.get_by_role("button", name="Đăng xuất").click()
            await open_right(phone, "Xóa dữ liệu của tôi", "Trần Văn Nam")
    await takes_back(page)


async def takes_back(page: Page) -> None:
    """The request that is open ends; the same person may have ended others before, in tests of the same world."""
    ended = page.get_by_text("Đã rút yêu cầu")
    before = await ended.count()
    await page.get_by_role("button", name="Rút yêu cầu").click()
    await expect(ended).to_have_count(before + 1)


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
    await takes_back(page)
    await expect(page.get_by_role("button", name="Yêu cầu xóa dữ liệu")).to_be_visible()
    assert phone.watch.complaints == []


@pytest.mark.proves("SEC-77")
async def test_an_objection_names_a_duty_and_is_taken_back_as_easily_as_it_was_made(phone: Window) -> None:
    await open_right(phone, "Sửa, hạn chế, phản đối", "Trần Văn Nam")
    page = phone.page
    await page.get_by_role("button", name="Gửi phản đối").click()
    dialog = page.get_by_role("dialog", name="Phản đối xử lý")
    offered = await dialog.get_by_label("Mục đích xử lý").locator("option").all_inner_texts()
    assert offered, "there are duties to object to"
    assert "Thông báo đẩy qua dịch vụ nước ngoài" not in offered, "that rests on a consent, and is withdrawn"
    await dialog.get_by_label("Nội dung yêu cầu").fill("Tôi không muốn có trong thống kê")
    await dialog.get_by_role("button", name="Gửi yêu cầu").click()

    card = page.get_by_role("region", name="Yêu cầu hiện tại")
    await expect(card).to_contain_text("Tôi không muốn có trong thống kê")
    await expect(page.get_by_role("button", name="Gửi phản đối")).to_have_count(0)
    await card.get_by_role("button", name="Rút yêu cầu").click()
    await expect(page.get_by_text("Đã rút yêu cầu")).to_be_visible()
    await expect(page.get_by_role("button", name="Gửi phản đối")).to_be_visible()
    assert phone.watch.complaints == []


async def refuse_once(page: Page) -> None:
    """The next who asks to be erased gets what the API answers when the sign-in is too old."""
    refused = False

    async def answer(route: Route) -> None:
        nonlocal refused
        if refused or route.request.method != "POST":
            await route.continue_()
            return
        refused = True
        headers = {
            "www-authenticate": 'Bearer error="insufficient_user_authentication", max_age="300"',
            "access-control-allow-origin": "*",
            "access-control-expose-headers": "www-authenticate",
        }
        problem = {"type": "/docs#step_up_required", "status": 401, "code": "step_up_required", "detail": "Cần đăng nhập lại."}
        await route.fulfill(status=401, headers=headers, content_type="application/problem+json", body=json.dumps(problem))

    await page.unroute_all()
    await page.route("**/v1/me/erasure-requests", answer)


def query_of(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


async def open_right(phone: Window, right: str, person: str = LAN) -> None:
    """Sign in and go to one of the screens of "my data"."""
    await sign_in(phone, person)
    await phone.page.get_by_role("link", name="Tài khoản").click()
    await phone.page.get_by_role("link", name=right).click()
    await expect(phone.page.get_by_role("heading", name=right)).to_be_visible()
