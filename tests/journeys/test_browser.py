"""The main job in a real browser: a citizen's phone and an official's console, two people who never meet but through the API."""

import hashlib
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from backend.dev.app_user import AppUser
from backend.dev.paper import one_page_pdf
from tests.faults.scene import until
from tests.journeys.browser import Window, origins_of
from tests.journeys.desks import app_of, done, dossier_at_the_console
from tests.journeys.visits import PROCEDURE, SIGN_IN, device_is_known, sign_in, tell_dossier

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(300)]


async def test_a_citizen_hears_of_the_result_and_opens_it(
    phone: Window, chromium: Browser, world: dict[str, Any], tmp_path: Path
) -> None:
    code = await tell_dossier(world)
    page = phone.page
    await sign_in(phone)
    card = page.get_by_role("link", name=code)
    await expect(card).to_contain_text("Đang xử lý")

    desk = await publish_at_the_console(chromium, world, code)

    banner = page.locator(".banner")
    await expect(banner).to_contain_text("Đã có kết quả hồ sơ")
    await expect(card).to_contain_text("Đã xử lý xong")
    await phone.keep_screenshot("phone", width=1280, height=860)
    await banner.get_by_role("button").first.click()

    await expect(page.get_by_role("heading", name=PROCEDURE.name)).to_be_visible()
    # Not by the number on the badge: notices of earlier steps may still be arriving.
    link = "/dossiers/" + page.url.rpartition("/")[2]
    async with app_of(world, "lan", "citizen") as lan:
        await until(partial(has_read, lan, link, "dossier.result_ready"), "the notice is read")
    await page.get_by_role("button", name="Xem kết quả").click()
    await expect(page.get_by_text("SHA-256 trùng khớp")).to_be_attached()
    viewer = page.get_by_role("dialog")
    await expect(viewer).to_contain_text(f"{code}.pdf")
    async with page.expect_download() as saving:
        await viewer.get_by_role("link", name="Lưu tệp").click()
    saved = tmp_path / "result.pdf"
    await (await saving.value).save_as(saved)

    assert saved.read_bytes().startswith(b"%PDF-")
    assert hashlib.sha256(saved.read_bytes()).hexdigest() == await page.locator(".digest").inner_text()
    for window in (phone, desk):
        assert window.watch.complaints == []
        assert window.watch.origins <= origins_of(world)


async def test_a_refused_token_is_refreshed_once_however_many_requests_hit_it(phone: Window, world: dict[str, Any]) -> None:
    await sign_in(phone)
    page = phone.page
    await page.evaluate("""() => {
        const tokens = JSON.parse(sessionStorage.getItem("phone.tokens"));
        sessionStorage.setItem("phone.tokens", JSON.stringify({ ...tokens, access: "spoilt" }));
    }""")
    phone.watch.requests.clear()

    await page.reload()

    await expect(page.get_by_role("heading", name="Hồ sơ của tôi")).to_be_visible()
    await device_is_known(page)
    assert phone.watch.count("POST", "/oauth/token") == 1


@pytest.mark.parametrize(
    ("state", "issuer", "said"),
    [("another", None, "Phiên đăng nhập không khớp"), ("ours", "http://127.0.0.1:9", "máy chủ lạ")],
    ids=["a state nobody sent", "a stranger as issuer"],
)
async def test_a_sign_in_answer_we_did_not_ask_for_is_refused(
    phone: Window, world: dict[str, Any], state: str, issuer: str | None, said: str
) -> None:
    page = phone.page
    attempt = {"state": "ours", "verifier": "v", "returnTo": ""}
    await page.evaluate("attempt => sessionStorage.setItem('phone.attempt', JSON.stringify(attempt))", attempt)

    await page.goto(f"{world['phone']}?code=stolen&state={state}&iss={issuer or world['api']}")

    await expect(page.get_by_role("alert")).to_contain_text(said)
    await expect(page.get_by_role("button", name=SIGN_IN)).to_be_visible()
    assert phone.watch.count("POST", "/oauth/token") == 0
    assert "code=" not in page.url


async def test_without_network_the_phone_says_so_and_a_retry_brings_it_back(phone: Window) -> None:
    await sign_in(phone)
    page = phone.page
    await page.context.set_offline(offline=True)

    await page.locator(".dossier-card").first.click()

    await expect(page.get_by_role("alert")).to_contain_text("Không kết nối được máy chủ")
    await page.context.set_offline(offline=False)
    await page.get_by_role("button", name="Thử lại").click()
    await expect(page.get_by_role("heading", name="Diễn biến")).to_be_visible()


async def test_the_phone_speaks_english_when_asked_and_lets_its_person_go(phone: Window) -> None:
    await sign_in(phone)
    page = phone.page

    await page.get_by_role("button", name="English").click()
    await expect(page.get_by_role("heading", name="My dossiers")).to_be_visible()
    await page.get_by_role("link", name="Account").click()
    await page.get_by_role("button", name="Sign out").click()

    await expect(page.get_by_role("heading", name="Your dossiers, step by step")).to_be_visible()
    assert await page.evaluate("sessionStorage.length") == 0
    assert phone.watch.count("POST", "/oauth/revoke") == 1
    assert phone.watch.complaints == []


async def has_read(citizen: AppUser, link: str, message: str) -> bool:
    items = (await citizen.get("/v1/inbox?limit=100"))["items"]
    return any(item["link"] == link and item["message"] == message and "readAt" in item for item in items)


async def publish_at_the_console(chromium: Browser, world: dict[str, Any], code: str) -> Window:
    """As `minh`: find the dossier, publish a result."""
    desk = await dossier_at_the_console(chromium, world, code)
    act = desk.page.locator("details.act").filter(has_text="Công bố kết quả")
    if await act.get_attribute("open") is None:
        await act.locator("summary").click()
    paper = {"name": f"{code}.pdf", "mimeType": "application/pdf", "buffer": one_page_pdf(code)}
    await act.get_by_label("Tệp kết quả").set_input_files(paper)  # type: ignore[arg-type]
    await act.get_by_role("button", name="Công bố kết quả").click()
    await done(desk.page, "người dân được báo ngay")
    return desk
