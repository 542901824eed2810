"""What a citizen hears of their sign-ins, and what becomes of a phone's push target."""

import pytest
from anyio.to_thread import run_sync

from auth.documents import Session
from auth.events import NewDevice
from backend.app.parts import Parts
from backend.app.worker import make_relay
from kernel.events import encode
from notifications.documents import InboxItem, PushTarget, Target
from notifications.targets.register import register
from tests.support.callers import NUMBERS, Callers

pytestmark = pytest.mark.anyio


@pytest.fixture
async def lans_phone(parts: Parts) -> PushTarget:
    """A phone on which lan has just signed in."""
    from backend.app.clients_file import auth_config

    await parts.db["sessions"].delete_many({})
    token = await Callers(parts, auth_config(parts.settings)).token("lan")
    actor = await parts.auth.tokens.verify(token)
    target = Target(kind="fid", value="fid-of-lan")
    return await register(actor, "phone", platform="android", target=target, locale="vi", app_version="1", now=parts.clock.now())


async def relayed(parts: Parts) -> tuple[list[str], PushTarget]:
    """What stands in lan's inbox when everything has been heard, and her phone."""
    await make_relay(parts).drain()
    lan = await parts.subjects.of(NUMBERS["lan"])
    phone = await PushTarget.get("phone")
    assert phone
    return [item.message for item in await InboxItem.find({"recipient": lan}).to_list()], phone


@pytest.mark.proves("SEC-32")
@pytest.mark.parametrize(
    ("reason", "messages"),
    [
        ("revoked_by_app", []),
        ("ended_by_person", []),
        ("signed_out_at_provider", []),
        ("refresh_token_reused", ["account.token_reused"]),
        ("too_many_sessions", ["account.signed_out"]),
        ("locked_by_person", ["account.locked"]),
    ],
)
async def test_with_its_session_a_phone_loses_its_push_target(
    parts: Parts, lans_phone: PushTarget, reason: str, messages: list[str]
) -> None:
    await run_sync(lambda: parts.auth.families.end(str(lans_phone.session_id), reason))
    inbox, phone = await relayed(parts)
    assert (inbox, phone.active, phone.retired_reason) == (messages, False, "signed_out")


async def test_a_phone_that_signs_in_anew_keeps_its_push_target(parts: Parts, lans_phone: PushTarget) -> None:
    await run_sync(lambda: parts.auth.families.end(str(lans_phone.session_id), "replaced", successor="the-next"))
    inbox, phone = await relayed(parts)
    assert (inbox, phone.active, phone.session_id) == ([], True, "the-next")


async def test_a_new_device_is_told_of_once(parts: Parts, lans_phone: PushTarget) -> None:
    event = encode(NewDevice(at=parts.clock.now(), session_id=str(lans_phone.session_id)))
    for _ in range(2):
        await Session.find_one({"_id": lans_phone.session_id}).update({"$push": {"outbox": event}})
        inbox, phone = await relayed(parts)
        assert (inbox, phone.active) == (["account.new_device"], True)
