"""What people do in the browser before a journey gets to its point; and the source system that tells of a dossier."""

import re
from datetime import timedelta
from typing import Any

import httpx2
import msgspec
from playwright.async_api import Page, expect

from backend.dev.demo.agencies import LAND_OFFICE, PROVINCIAL_CENTRE
from backend.dev.demo.persons import persons
from backend.dev.demo.procedures import procedure
from backend.dev.system import SystemCaller
from kernel.clock import VIETNAM, SystemClock
from kernel.ids import new_id
from tests.journeys.browser import Window

PROCEDURE = procedure("1.012786")
LAN = "Nguyễn Thị Lan"
SIGN_IN = "Đăng nhập bằng tài khoản định danh"
expect.set_options(timeout=20_000)


async def sign_in(phone: Window, name: str = LAN) -> None:
    """Through the citizens' account provider; whoever is asked about pushes for the first time agrees."""
    await phone.page.get_by_role("button", name=SIGN_IN).click()
    await phone.choose_person(name)
    await expect(phone.page.get_by_role("heading", name="Hồ sơ của tôi")).to_be_visible()
    await device_is_known(phone.page)
    if await (yes := phone.page.get_by_role("button", name="Đồng ý", exact=True)).is_visible():
        await yes.click()
        await expect(yes).to_have_count(0)


async def device_is_known(page: Page) -> None:
    """The developer's list shows that the phone has told the API where it can be reached; from then on no push is missed."""
    told = page.locator(".call.put").filter(has_text="/v1/push-targets/").filter(has_text=re.compile(r"20\d"))
    await expect(told.first).to_be_attached()


async def tell_dossier(world: dict[str, Any], *, finished: bool = False) -> str:
    """A source system tells of a dossier of `lan`, in process or finished; its code."""
    now = SystemClock().now()
    code = f"{PROVINCIAL_CENTRE}-{now.astimezone(VIETNAM):%y%m%d}-{int(now.timestamp() * 10) % 10_000_000:07}"
    event = {
        "source": "one-stop-demo",
        "dossierCode": code,
        "procedureCode": PROCEDURE.code,
        "procedureName": PROCEDURE.name,
        "applicant": {"personalNumber": persons()[0].personal_number, "name": persons()[0].name},
        "receivingAgency": PROVINCIAL_CENTRE,
        "decidingAgency": LAND_OFFICE,
        "dueAt": (now + timedelta(days=3)).isoformat(),
    }
    steps = {"accepted": timedelta(minutes=2), "processing": timedelta(minutes=1)}
    if finished:
        steps["finished"] = timedelta(seconds=1)
    told = [{**event, "eventId": new_id(), "status": status, "at": (now - ago).isoformat()} for status, ago in steps.items()]
    async with httpx2.AsyncClient() as client:
        caller = SystemCaller(client, world["api"], world["system_client"])
        answer = await caller.post("/v1/integration/dossier-events", msgspec.json.encode({"events": told}))
    assert answer["applied"] == len(told)
    return code
