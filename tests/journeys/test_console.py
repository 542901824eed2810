"""The console in a real browser: the working day of a dispatcher, an officer, an approver and an administrator."""

import re
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.journeys.browser import open_window
from tests.journeys.desks import (
    ANSWER,
    CITIZEN,
    NO_PICTURE,
    app_of,
    assert_clean,
    at_the_console,
    done,
    given_to_the_ward,
    open_report,
    report_of,
    unheard_of,
)
from tests.support.samples import photo

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(300)]
MOST_BYTES = 60_000


@pytest.mark.proves("R-D3")
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
async def test_a_dispatcher_passes_on_what_has_come(chromium: Browser, world: dict[str, Any], scripts: bool) -> None:
    async with app_of(world, CITIZEN, "citizen") as citizen:
        report = await report_of(citizen, "Đèn đường không sáng")
        desk = await at_the_console(chromium, world, "yen", java_script_enabled=scripts)
        page = desk.page
        await page.get_by_role("link", name="Mới đến").click()
        await page.get_by_role("link", name=report["code"]).click()

        await page.get_by_label("Mức độ").select_option("urgent")
        await page.get_by_role("button", name="Phân loại").click()
        await done(page)
        await page.get_by_role("button", name="Phân công").click()
        await done(page)

        assert (await citizen.get(f"/v1/feedback/{report['id']}"))["state"]["name"] == "assigned"
        assert_clean(desk, world)


@pytest.mark.proves("R-D3")
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
async def test_an_officer_answers_with_a_picture_and_sees_it_as_the_citizen_will(
    chromium: Browser, world: dict[str, Any], scripts: bool
) -> None:
    async with app_of(world, CITIZEN, "citizen") as citizen:
        report = await given_to_the_ward(world, citizen, "Đèn đường không sáng")
        desk = await at_the_console(chromium, world, "linh", java_script_enabled=scripts)
        page = await open_report(desk, world, report)
        await page.get_by_role("button", name="Bắt đầu xử lý").click()
        await done(page)

        act = page.locator("#act-answer")
        await act.get_by_label("Nội dung gửi người dân").fill(ANSWER)
        picture = {"name": "den.jpg", "mimeType": "image/jpeg", "buffer": photo(0.1)}
        await act.get_by_label("Ảnh sau khi xử lý").set_input_files(picture)  # type: ignore[arg-type]
        await act.get_by_role("button", name="Xem trước").click()
        await expect(page.get_by_role("heading", name="Người dân sẽ thấy")).to_be_visible()
        await expect(page.locator(".phone")).to_contain_text(ANSWER)
        await expect(page.locator(".phone")).to_contain_text("1 ảnh")
        await page.get_by_role("button", name="Gửi đi").click()
        await done(page, "người dân được báo ngay")

        told = (await citizen.get(f"/v1/feedback/{report}"))["timeline"][-1]
        assert (told["text"], len(told["files"]), told["officer"]) == (ANSWER, 1, "Đặng Ngọc Linh")
        shown = page.locator(".timeline img").first
        await shown.scroll_into_view_if_needed()
        await expect(shown).to_have_js_property("complete", value=True)
        assert await shown.evaluate("image => image.naturalWidth") > 0
        assert_clean(desk, world)


async def test_a_second_pair_of_eyes_lets_an_answer_out(chromium: Browser, world: dict[str, Any]) -> None:
    async with app_of(world, CITIZEN, "citizen") as citizen:
        report = await given_to_the_ward(world, citizen, "Lấn chiếm vỉa hè", ("tam", "start"), category="law_violation")
        officer, leader = [await at_the_console(chromium, world, who) for who in ("tam", "son")]
        page = await open_report(officer, world, report)
        act = page.locator("#act-submit_answer")
        await act.get_by_label("Nội dung gửi người dân").fill(ANSWER)
        await act.get_by_label("Nếu không có ảnh, vì sao?").fill(NO_PICTURE)
        await act.get_by_role("button", name="Trình duyệt").click()
        await done(page, "Đã trình duyệt")
        assert (await citizen.get(f"/v1/feedback/{report}"))["state"]["name"] == "in_progress"

        page = leader.page
        await page.get_by_role("link", name="Chờ duyệt", exact=True).click()
        await open_report(leader, world, report)
        await expect(page.get_by_role("region", name="Trả lời chờ duyệt")).to_contain_text(ANSWER)
        await page.get_by_role("button", name="Duyệt trả lời").click()
        await done(page, "Đã duyệt")

        assert (await citizen.get(f"/v1/feedback/{report}"))["state"]["name"] == "answered"
        for window in (officer, leader):
            assert_clean(window, world)


async def test_an_administrator_sees_who_works_where_and_lets_somebody_go(chromium: Browser, world: dict[str, Any]) -> None:
    name = f"Cán bộ {unheard_of()}"
    async with app_of(world, "admin", "staff", "openid directory:manage") as admin:
        email = f"roi.{unheard_of().split()[1]}@camau.gov.vn"
        await admin.post(
            "/v1/staff/directory/members", {"email": email, "name": name, "agencyCodes": ["H12.1"], "roles": ["assistant"]}
        )
    desk = await at_the_console(chromium, world, "admin")
    page = desk.page
    await page.get_by_role("link", name="Cán bộ, cơ quan").click()
    await page.get_by_role("link", name=name).click()
    await page.get_by_role("button", name="Kết thúc quyền truy cập").click()

    await done(page, "mọi phiên làm việc đã kết thúc")
    await expect(page.get_by_role("link", name=name)).to_contain_text("Đã thôi việc")
    assert_clean(desk, world)


@pytest.mark.proves("R-D3")
async def test_whoever_comes_second_is_told_within_two_seconds_and_meets_both_texts(
    chromium: Browser, world: dict[str, Any]
) -> None:
    async with app_of(world, CITIZEN, "citizen") as citizen:
        report = await given_to_the_ward(world, citizen, "Đèn đường không sáng", ("linh", "start"))
    slow, quick = [await at_the_console(chromium, world, who) for who in ("linh", "phuc")]
    page = await open_report(slow, world, report)
    other = await open_report(quick, world, report)
    mine, theirs = f"Của tôi {unheard_of()}", f"Của người kia {unheard_of()}"

    await page.locator("#act-answer").get_by_label("Nội dung gửi người dân").fill(mine)
    await page.locator("#act-answer").get_by_label("Nếu không có ảnh, vì sao?").fill(NO_PICTURE)
    # Her colleague sees that she writes, before anything is sent.
    await expect(other.locator("#news")).to_contain_text("Đặng Ngọc Linh cũng đang soạn", timeout=4_000)
    await other.locator("#act-ask_reporter > summary").click()
    await other.locator("#act-ask_reporter").get_by_label("Nội dung gửi người dân").fill(theirs)
    await other.locator("#act-ask_reporter").get_by_role("button", name="Hỏi người gửi").click()
    await done(other)
    await expect(page.locator("#news")).to_contain_text("Phản ánh vừa thay đổi", timeout=2_000)

    async with page.expect_response(re.compile("/acts/answer$")) as answered:
        await page.locator("#act-answer").get_by_role("button", name="Trả lời", exact=True).click()
    assert (await answered.value).status == 412
    await expect(page.get_by_role("region", name="Vừa được ghi")).to_contain_text(theirs)
    await expect(page.get_by_role("region", name="Của bạn").get_by_role("textbox")).to_have_value(mine)
    # A question is out, so there is nothing to answer any more: the words are kept among colleagues.
    await page.get_by_role("button", name="Giữ làm ghi chú").click()
    await expect(page.get_by_role("region", name="Ghi chú nội bộ")).to_contain_text(mine)


async def test_what_is_typed_survives_a_reload_and_a_refusal(chromium: Browser, world: dict[str, Any]) -> None:
    async with app_of(world, CITIZEN, "citizen") as citizen:
        report = await given_to_the_ward(world, citizen, "Đèn đường không sáng", ("linh", "start"))
    desk = await at_the_console(chromium, world, "linh")
    page = await open_report(desk, world, report)
    blank = page.locator("#act-answer").get_by_label("Nội dung gửi người dân")
    async with page.expect_response(re.compile("/drafts$")) as kept:
        await blank.fill(ANSWER)
    assert (await kept.value).status == 200
    await expect(page.locator("#act-answer .saved")).to_have_text("Đã lưu nháp")

    await page.reload()
    await expect(blank).to_have_value(ANSWER)
    # Neither a picture nor a reason why not: the API says no, and the words stay.
    await page.locator("#act-answer").get_by_role("button", name="Trả lời", exact=True).click()
    await expect(page.get_by_role("alert")).to_contain_text("Chưa gửi được")
    await expect(page.get_by_role("alert")).to_be_focused()
    await expect(blank).to_have_value(ANSWER)


@pytest.mark.proves("R-D1")
async def test_a_report_is_found_and_answered_with_the_keyboard_alone(chromium: Browser, world: dict[str, Any]) -> None:
    async with app_of(world, CITIZEN, "citizen") as citizen:
        report = await given_to_the_ward(world, citizen, "Đèn đường không sáng", ("linh", "start"), urgency="urgent")
        desk = await at_the_console(chromium, world, "linh")
        page, press = desk.page, desk.page.keyboard.press
        await press("Tab")
        await expect(page.get_by_role("link", name="Đến nội dung chính")).to_be_focused()
        await press("Enter")
        await expect(page.locator("main")).to_be_focused()
        await press("j")
        await press("j")
        await press("k")
        await expect(page.locator(".queue a").first).to_be_focused()
        await press("Enter")
        await expect(page.get_by_role("heading", name="Diễn biến")).to_be_visible()

        page = await open_report(desk, world, report)
        blank = page.locator("#act-answer").get_by_label("Nội dung gửi người dân")
        for _ in range(40):
            await press("Tab")
            if await blank.evaluate("field => field === document.activeElement"):
                break
        await page.keyboard.type(ANSWER)
        for _ in range(2):
            await press("Tab")
        await page.keyboard.type(NO_PICTURE)
        await press("Tab")
        await press("Enter")
        await done(page, "người dân được báo ngay")
        assert (await citizen.get(f"/v1/feedback/{report}"))["state"]["name"] == "answered"


@pytest.mark.proves("R-D4")
async def test_the_first_page_costs_less_than_sixty_kilobytes(chromium: Browser, world: dict[str, Any]) -> None:
    signed_in = await at_the_console(chromium, world, "yen")
    cookies = await signed_in.page.context.cookies()
    # The same person with an empty cache.
    window = await open_window(chromium, width=390, height=844)
    await window.page.context.add_cookies(cookies)  # type: ignore[arg-type]
    wire = await window.page.context.new_cdp_session(window.page)
    sizes: list[float] = []
    wire.on("Network.loadingFinished", lambda told: sizes.append(told["encodedDataLength"]))
    await wire.send("Network.enable")
    await window.page.goto(f"{world['api']}/console/")
    await expect(window.page.locator(".queue a").first).to_be_visible()

    assert len(sizes) >= 4, "the page came without its style and scripts: this test looks in the wrong place"
    assert 5_000 < sum(sizes) < MOST_BYTES
    assert_clean(window, world)


async def test_language_and_colours_are_the_readers_choice_and_signing_out_is_the_end(
    chromium: Browser, world: dict[str, Any]
) -> None:
    desk = await at_the_console(chromium, world, "yen", java_script_enabled=False)
    page = desk.page
    await page.locator(".me summary").click()
    await page.get_by_role("button", name="English").click()
    await expect(page.get_by_role("heading", name="My work")).to_be_visible()
    await page.locator(".me summary").click()
    await page.get_by_role("button", name="Dark").click()
    assert await page.locator("html").get_attribute("data-theme") == "dark"
    cookies = await page.context.cookies()

    await page.locator(".me summary").click()
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("heading", name="Staff console")).to_be_visible()
    # Whoever had copied the cookie has nothing.
    await page.context.add_cookies(cookies)  # type: ignore[arg-type]
    await page.goto(f"{world['api']}/console/")
    await expect(page.get_by_role("heading", name="Staff console")).to_be_visible()
