"""What a newcomer sees in `motcua up`: no receipt, so an e-mail, in the post office."""

import re
from typing import Any

import httpx2
import pytest

from backend.dev.app_user import AppUser
from kernel.ids import new_id
from kernel.mongo.client import connect
from tests.support.live_world import LiveWorld, motcua
from tests.support.waiting import until

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(180)]


async def agree(user: AppUser, purpose: str) -> None:
    purposes = (await user.get("/v1/me/consents"))["items"]
    version = next(one["textVersion"] for one in purposes if one["purpose"] == purpose)
    await user.put(f"/v1/me/consents/{purpose}", {"granted": True, "textVersion": version})


@pytest.mark.proves("I32")
async def test_who_has_no_phone_that_answers_finds_an_e_mail(live_world: LiveWorld, world: dict[str, Any]) -> None:
    address = f"lan.{new_id()}@example.com"
    async with httpx2.AsyncClient(timeout=30) as http:

        async def mails() -> list[dict[str, Any]]:
            asked = {"channel": "email", "to": address}
            return list((await http.get(f"{world['post_office']}/messages", params=asked)).json())

        lan = AppUser(world, http)
        await lan.sign_in("lan", "citizen")
        await lan.put("/v1/me/contacts/email", {"address": address})
        [code] = await mails()
        await lan.post("/v1/me/contacts/email/confirmation", {"code": code["title"][-6:]})
        await agree(lan, "told_by_email")
        # Somebody signs in as Lan elsewhere: she is told, and no phone of hers says that it heard.
        async with httpx2.AsyncClient(timeout=30, headers={"user-agent": f"Another phone {new_id()}"}) as other:
            await AppUser(world, other).sign_in("lan", "citizen")
        await until(lambda: _second(mails), patience_s=90)
        [_, told] = await mails()
        assert told["title"] == "Đăng nhập trên thiết bị mới"
        assert f"{world['phone']}" in told["text"]
        notices = (await lan.get("/v1/inbox"))["items"]
        notice = next(one["id"] for one in notices if one["message"] == "account.new_device")
    async with connect(world["mongodb_uri"]) as client:
        item = await client["motcua"]["inbox"].find_one({"_id": notice})
    assert item
    why = motcua("deliveries", "why", item["recipient"], notice, MOTCUA_MONGODB_URI=world["mongodb_uri"])
    assert why.returncode == 0, why.stderr
    assert re.search(r"no receipt by \d\d:\d\d, email sent \d\d:\d\d", why.stdout)
    assert address not in why.stdout


async def _second(mails: Any) -> bool:
    return len(await mails()) > 1
