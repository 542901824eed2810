"""A citizen says on the phone how it went, thinks better of it, and the office reads it."""

import re
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.journeys.browser import Window
from tests.journeys.desks import dossier_at_the_console
from tests.journeys.visits import sign_in, tell_dossier

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(180)]


async def test_a_citizen_rates_a_dossier_that_is_done_and_thinks_better_of_it(
    phone: Window, chromium: Browser, world: dict[str, Any]
) -> None:
    code = await tell_dossier(world, finished=True)
    page = phone.page
    await sign_in(phone)
    await page.get_by_role("link", name=code).click()
    card = page.get_by_role("region", name="Đánh giá")

    await card.get_by_role("button", name="Gửi đánh giá").click()
    assert await card.get_by_role("radio").first.evaluate("radio => radio.validity.valueMissing"), "a rating has stars"
    await card.get_by_role("radio", name="3 trên 5 sao").check()
    words = card.get_by_label("Đôi lời với cơ quan")
    await words.fill("Phải chờ hơi lâu")
    # A push comes in while she types, and the screen is loaded anew: what is typed cannot be.
    async with page.expect_response(re.compile(r"/v1/dossiers/[^/?]+$")):
        await tell_dossier(world, finished=True)
    await expect(page.locator("[aria-busy]")).to_have_count(0)
    await expect(words).to_have_value("Phải chờ hơi lâu")
    await card.get_by_role("button", name="Gửi đánh giá").click()
    await expect(card.get_by_role("img", name="3 trên 5 sao")).to_be_visible()
    await expect(card).to_contain_text("Có thể sửa đến")

    await card.get_by_role("radio", name="5 trên 5 sao").check()
    await card.get_by_role("button", name="Sửa đánh giá").click()
    await expect(card.get_by_role("img", name="5 trên 5 sao")).to_be_visible()
    await card.scroll_into_view_if_needed()
    await phone.keep_screenshot("rating", width=390, height=844)

    desk = await dossier_at_the_console(chromium, world, code)
    said = desk.page.get_by_role("region", name="Người dân đánh giá")
    await expect(said).to_contain_text("5")
    await expect(said).to_contain_text("Phải chờ hơi lâu")
