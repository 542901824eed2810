"""What the console adds to one report's steps: words to begin with, what everybody may read, and the same step for many."""

import re

import pytest

from tests.support.api import Api
from tests.support.console import form_of, signed_in, words_of
from tests.support.reports import in_state

pytestmark = pytest.mark.anyio

PUBLIC = "Đèn chiếu sáng công cộng gần nhà văn hóa không hoạt động."


@pytest.mark.proves("R-D3")
async def test_a_template_is_put_below_what_has_been_typed(api: Api) -> None:
    report = await in_state(api, "in_progress")
    browser, address = await signed_in(api, "hoa"), f"/console/reports/{report}"
    page = await browser.get(address)
    assert f"{address}?template=light_mended#act-answer" in page.text
    began = form_of(await browser.get(f"{address}?template=light_mended"), f"{address}/acts/answer")
    assert "{{số lượng}}" in str(began.filled()["public_text"])
    kept = await browser.post(f"{address}/acts/answer", began.filled(public_text="Chào ông Hùng,", keep="1"))
    assert kept.status_code == 303
    again = str(form_of(await browser.get(f"{address}?template=light_mended"), f"{address}/acts/answer").filled()["public_text"])
    assert again.startswith("Chào ông Hùng,\n\n")
    assert "{{số lượng}}" in again


async def test_a_template_of_nobody_changes_nothing(api: Api) -> None:
    report = await in_state(api, "in_progress")
    browser, address = await signed_in(api, "hoa"), f"/console/reports/{report}"
    assert form_of(await browser.get(f"{address}?template=none"), f"{address}/acts/answer").filled()["public_text"] == ""


@pytest.mark.proves("R-D3")
async def test_what_everybody_reads_is_published_mended_and_taken_back(api: Api) -> None:
    report = await in_state(api, "in_progress")
    browser, address = await signed_in(api, "hoa"), f"/console/reports/{report}"

    async def public_text() -> str | None:
        found: str | None = (await api.get("hoa", f"/v1/staff/feedback/{report}")).json().get("publicText")
        return found

    form = await browser.form(address, f"{address}/public")
    refused = await browser.post(f"{address}/public", form.filled(public_text="ngắn"))
    assert refused.status_code in (400, 422)
    assert "ngắn" in refused.text
    assert (await browser.post(f"{address}/public", form.filled(public_text=PUBLIC))).status_code == 303
    assert await public_text() == PUBLIC
    form = await browser.form(address, f"{address}/public")
    assert form.filled()["public_text"] == PUBLIC
    gone = await browser.post(f"{address}/public", form.filled(unpublish="1"))
    assert gone.headers["location"] == f"{address}?done=unpublish"
    assert await public_text() is None


async def test_who_has_seen_an_older_version_publishes_nothing(api: Api) -> None:
    report = await in_state(api, "in_progress")
    browser, address = await signed_in(api, "hoa"), f"/console/reports/{report}"
    form = await browser.form(address, f"{address}/public")
    await api.parts.db["feedback"].update_one({"_id": report}, {"$inc": {"version": 1}})
    stale = await browser.post(f"{address}/public", form.filled(public_text=PUBLIC))
    assert stale.status_code == 412
    assert PUBLIC in stale.text


@pytest.mark.proves("R-D3")
async def test_many_are_passed_on_at_once_and_each_has_its_own_outcome(api: Api) -> None:
    open_ones, done = [await in_state(api, "received") for _ in range(2)], await in_state(api, "answered")
    browser = await signed_in(api, "yen")
    form = await browser.form("/console/", "/console/bulk")
    codes = dict(re.findall(r'name="ticked" value="(\S+) (\S+)"', (await browser.get("/console/")).text))
    assert set(codes) == set(open_ones)
    ticked = {**form.filled(step="classify", urgency="urgent"), "ticked": [*map(" ".join, codes.items()), done]}
    moved = await browser.post("/console/bulk", ticked)
    assert moved.status_code == 200
    assert "Đã chuyển 2 trên 3 phản ánh" in words_of(moved)
    for report in open_ones:
        assert codes[report] in words_of(moved)
        assert (await api.get("yen", f"/v1/staff/feedback/{report}")).json()["urgency"] == "urgent"
    again = await browser.post("/console/bulk", ticked)
    assert words_of(again) == words_of(moved), "sent again, nothing happens again"
    nothing = await browser.post("/console/bulk", form.filled(step="assign"))
    assert nothing.status_code == 400
    assert "Chưa chọn phản ánh nào" in words_of(nothing)


async def test_who_works_at_no_desk_has_nothing_to_tick(api: Api) -> None:
    await in_state(api, "in_progress")
    assert 'name="ticked"' not in (await (await signed_in(api, "hoa")).get("/console/")).text
