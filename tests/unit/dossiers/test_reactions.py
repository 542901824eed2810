"""Who hears of what: each status that concerns a citizen, once, and nothing that is history."""

from datetime import timedelta

import pytest

from backend.app.parts import Parts
from backend.app.worker import make_relay
from backend.dossiers.actions.record_events import record_events
from backend.dossiers.reactions import MESSAGES
from backend.dossiers.states import STATUSES
from notifications.documents import InboxItem
from notifications.messages.catalogue import CATALOGUE
from tests.support.feed import ago, new_code, people, told


async def inbox_after(parts: Parts, *events: object) -> list[InboxItem]:
    await record_events(events, now=parts.clock.now(), people=people(parts))  # type: ignore[arg-type]
    await make_relay(parts).drain()
    return await InboxItem.find_all().to_list()


def test_every_status_but_the_silent_ones_has_a_message_of_the_catalogue() -> None:
    assert set(STATUSES) - set(MESSAGES) == {"registered", "processing"}
    assert set(MESSAGES.values()) <= set(CATALOGUE)


@pytest.mark.parametrize("status", sorted(STATUSES))
async def test_a_change_of_status_is_told_to_its_citizen(parts: Parts, status: str) -> None:
    items = await inbox_after(parts, told(code := new_code(), status))
    assert [item.message for item in items] == ([MESSAGES[status]] if status in MESSAGES else [])
    for item in items:
        assert (item.recipient, item.params) == (await parts.subjects.of("096199000001"), {"code": code})
        assert item.link.startswith("/dossiers/")


async def test_last_years_dossiers_are_history_and_nobody_is_told(parts: Parts) -> None:
    assert await inbox_after(parts, told(new_code(), "finished", ago(days=20))) == []


async def test_a_dossier_of_nobody_known_is_told_to_nobody(parts: Parts) -> None:
    assert await inbox_after(parts, told(new_code(), personal_number=None)) == []


@pytest.mark.proves("I4")
async def test_an_event_relayed_twice_is_one_notice(parts: Parts) -> None:
    code = new_code()
    await record_events([told(code)], now=parts.clock.now(), people=people(parts))
    row = await parts.db["dossiers"].find_one({"code": code})
    assert row
    await make_relay(parts).drain()
    await parts.db["dossiers"].update_one({"code": code}, {"$set": {"outbox": row["outbox"]}})
    await make_relay(parts).drain()
    assert await InboxItem.find_all().count() == 1


async def test_a_notice_stays_worth_a_push_for_as_long_as_the_catalogue_says(parts: Parts) -> None:
    [item] = await inbox_after(parts, told(new_code(), "finished"))
    assert item.expires_at - item.created_at == timedelta(days=28)
