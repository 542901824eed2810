"""What a newcomer sees in `motcua up`: no receipt, so an e-mail or a Zalo message, in the post office."""

import random
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


async def arrived(http: httpx2.AsyncClient, world: dict[str, Any], channel: str, to: str) -> list[dict[str, Any]]:
    return list((await http.get(f"{world['post_office']}/messages", params={"channel": channel, "to": to})).json())


@pytest.mark.proves("I32")
@pytest.mark.parametrize(
    ("login", "kind", "by", "way", "purpose"),
    [("lan", "email", "email", "email", "told_by_email"), ("nam", "phone", "sms", "zalo", "told_by_zalo")],
)
async def test_who_has_no_phone_that_answers_finds_a_text(
    live_world: LiveWorld, world: dict[str, Any], login: str, kind: str, by: str, way: str, purpose: str
) -> None:
    address = f"{new_id()}@example.com" if kind == "email" else f"+849{random.randrange(10**8):08}"
    async with httpx2.AsyncClient(timeout=30) as http:
        citizen = AppUser(world, http)
        await citizen.sign_in(login, "citizen")
        await citizen.put(f"/v1/me/contacts/{kind}", {"address": address})
        [code] = await arrived(http, world, by, address)
        found = re.search(r"\b\d{6}\b", code["title"] + code["text"])
        assert found
        await citizen.post(f"/v1/me/contacts/{kind}/confirmation", {"code": found[0]})
        await agree(citizen, purpose)
        before = len(await arrived(http, world, way, address))
        # Somebody signs in in their name elsewhere: they are told, and no phone of theirs says that it heard.
        async with httpx2.AsyncClient(timeout=30, headers={"user-agent": f"Another phone {new_id()}"}) as other:
            await AppUser(world, other).sign_in(login, "citizen")

        async def one_more() -> list[dict[str, Any]]:
            return (await arrived(http, world, way, address))[before:]

        [told] = await until(one_more, patience_s=90)
        assert "Đăng nhập trên thiết bị mới" in told["title"] + told["text"]
        assert (f"{world['phone']}" in told["text"]) == (way == "email")
        notices = (await citizen.get("/v1/inbox"))["items"]
        notice = next(one["id"] for one in notices if one["message"] == "account.new_device")
    async with connect(world["mongodb_uri"]) as client:
        item = await client["motcua"]["inbox"].find_one({"_id": notice})
    assert item
    why = motcua("deliveries", "why", item["recipient"], notice, MOTCUA_MONGODB_URI=world["mongodb_uri"])
    assert why.returncode == 0, why.stderr
    assert re.search(rf"no receipt by \d\d:\d\d, {way} sent \d\d:\d\d", why.stdout)
    assert address not in why.stdout
