"""Preferences are asked when a push leaves: a change counts at once, and the inbox has everything all the same (I29)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from backend.app.parts import Parts
from kernel.clock import VIETNAM, TestClock
from notifications.documents import InboxItem, Muted, Preferences, QuietHours
from notifications.errors import UnknownTimeZone
from notifications.personal_data import PERSONAL_DATA
from notifications.targets.register import register
from tests.support.firebase import Firebase
from tests.support.notices import a_notice, make_due, only_delivery, pause_of, phone_of, post, registered, sender, where_it_is_noon
from tests.support.officials import citizen

pytestmark = pytest.mark.proves("I29")

WAITS = "dossier.accepted"


async def chosen(**wishes: object) -> None:
    await Preferences(id="s_lan", recipient="s_lan", **wishes).commit()


def quiet_now(hours: int = 3, zone: ZoneInfo | None = None) -> QuietHours:
    """Quiet from an hour ago for some hours, by the clock there; on the phone unless another place is meant."""
    now = datetime.now(zone or ZoneInfo(where_it_is_noon(datetime.now(UTC))))
    begins, ends = now - timedelta(hours=1), now + timedelta(hours=hours)
    return QuietHours(begins=f"{begins:%H:%M}", ends=f"{ends:%H:%M}")


def night() -> TestClock:
    return TestClock(datetime(2026, 7, 1, 16, tzinfo=UTC))


async def test_what_is_muted_never_leaves_and_stands_in_the_inbox(parts: Parts, firebase: Firebase) -> None:
    phone = await phone_of(parts, firebase)
    notice = await post(parts, a_notice(message=WAITS))
    await chosen(muted=Muted(push=["dossier"]), quiet_hours=QuietHours(on=False))
    await sender(parts, firebase).drain()
    delivery = await only_delivery()
    assert (delivery.state, delivery.reason, delivery.attempts) == ("suppressed", "muted", [])
    assert await phone.messages() == []
    assert await InboxItem.get(notice)


async def test_a_result_arrives_though_everything_is_muted_and_it_is_night(parts: Parts, firebase: Firebase) -> None:
    phone = await phone_of(parts, firebase)
    await chosen(muted=Muted(push=["dossier", "result_ready"]), quiet_hours=quiet_now())
    await post(parts)
    await sender(parts, firebase).drain()
    assert len(await phone.visible()) == 1


async def test_what_can_wait_is_held_until_the_quiet_hours_are_over_and_then_sent_as_the_first_try(
    parts: Parts, firebase: Firebase
) -> None:
    phone = await phone_of(parts, firebase)
    await post(parts, a_notice(message=WAITS))
    await chosen(quiet_hours=quiet_now(hours=3))
    assert await sender(parts, firebase).drain() == 1
    held = await only_delivery()
    assert (held.state, held.tries, held.lease) == ("pending", 0, None)
    assert [(a.outcome, a.detail) for a in held.attempts] == [("held", "quiet_hours")]
    assert timedelta(hours=2, minutes=58) < pause_of(held) < timedelta(hours=3, minutes=1)
    assert await phone.messages() == []
    assert await sender(parts, firebase).drain() == 0

    await parts.db["preferences"].update_one({}, {"$set": {"quiet_hours.on": False}})
    await make_due(parts)
    await sender(parts, firebase).drain()
    assert [(await only_delivery()).state, (await only_delivery()).tries] == ["sent", 1]
    assert len(await phone.visible()) == 1


async def test_quiet_hours_go_by_the_time_zone_the_phone_has_named(parts: Parts, firebase: Firebase) -> None:
    device = await firebase.phone()
    await registered(parts, value=device["fid"], installation=device["installationId"])
    # On the other side of the world, ten hours away, the hours that are now in Vietnam are not now.
    await parts.db["push_targets"].update_one({}, {"$set": {"time_zone": "America/Cayenne"}})
    await chosen(quiet_hours=quiet_now(hours=3, zone=VIETNAM))
    await post(parts, a_notice(message=WAITS))
    await sender(parts, firebase).drain()
    assert (await only_delivery()).state == "sent"


async def test_a_time_zone_nobody_knows_is_refused(parts: Parts) -> None:
    phone, moment = await registered(parts), night().now()
    known: dict[str, Any] = {"platform": "ios", "target": phone.target, "locale": "vi", "app_version": "1", "now": moment}
    with pytest.raises(UnknownTimeZone):
        await register(citizen(), phone.id, **known, time_zone="Mars/Base")
    assert (await register(citizen(), phone.id, **known, time_zone="Asia/Tokyo")).time_zone == "Asia/Tokyo"


async def test_who_wants_to_be_told_nothing_on_the_lock_screen_gets_a_push_that_says_nothing(
    parts: Parts, firebase: Firebase
) -> None:
    phone = await phone_of(parts, firebase)
    await chosen(detail="anonymous")
    await post(parts)
    await sender(parts, firebase).drain()
    [message] = await phone.visible()
    assert message["alert"]["titleLocKey"] == "notice_anonymous_title"
    assert message["alert"]["bodyLocKey"] == "notice_anonymous_body"


@pytest.mark.proves("SEC-75")
async def test_what_somebody_chose_is_theirs_to_take_home_and_to_have_erased(parts: Parts) -> None:
    await chosen(language="km")
    [row] = await PERSONAL_DATA.export("s_lan")
    assert (row["what"], row["language"], row["quiet_hours"]["begins"]) == ("preferences", "km", "21:00")
    assert await PERSONAL_DATA.export("s_nam") == []
    assert await PERSONAL_DATA.erase("s_lan", night().now()) == 1
    assert await PERSONAL_DATA.erase("s_lan", night().now()) == 0
