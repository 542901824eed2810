"""A citizen types an address in the browser, finds the code in the post office, and says it."""

import re
from typing import Any

import httpx2
import pytest
from playwright.async_api import expect

from kernel.ids import new_id
from tests.journeys.browser import Window
from tests.journeys.visits import sign_in

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(300)]


async def test_an_address_is_typed_confirmed_by_its_code_and_forgotten(phone: Window, world: dict[str, Any]) -> None:
    address = f"m.{new_id()}@example.com"
    await sign_in(phone)
    page = phone.page
    await page.goto(f"{world['phone']}#/account/contacts")
    mail = page.get_by_role("region", name="Thư điện tử")
    await mail.get_by_label("Nhập địa chỉ").fill(address)
    await mail.get_by_role("button", name="Gửi mã xác nhận").click()
    code = mail.get_by_label("Mã gồm 6 chữ số đã gửi tới m***@example.com")
    await expect(code).to_be_visible()
    async with httpx2.AsyncClient() as http:
        [arrived] = (await http.get(f"{world['post_office']}/messages", params={"to": address})).json()
    found = re.search(r"\d{6}", arrived["title"])
    assert found
    await code.fill("000000" if found[0] != "000000" else "000001")
    await mail.get_by_role("button", name="Xác nhận", exact=True).click()
    await expect(mail.get_by_role("alert")).to_contain_text("Mã xác nhận không đúng")
    await code.fill(found[0])
    await mail.get_by_role("button", name="Xác nhận", exact=True).click()
    await expect(mail.get_by_text("đã xác nhận")).to_be_visible()
    await mail.get_by_role("button", name="Gỡ địa chỉ này").click()
    await expect(mail.get_by_text("đã xác nhận")).to_have_count(0)
    assert [one for one in phone.watch.complaints if "422" not in one] == []


async def test_the_post_office_shows_what_arrived(phone: Window, world: dict[str, Any]) -> None:
    page = phone.page
    await page.goto(f"{world['post_office']}/")
    await expect(page.get_by_role("heading", name="Bưu cục mô phỏng")).to_be_visible()
    for channel in ("Thư điện tử", "SMS", "Zalo"):
        await expect(page.get_by_role("heading", name=channel)).to_be_visible()
    await expect(page.get_by_role("status")).not_to_have_text("Đang kết nối…")
    assert phone.watch.complaints == []
