"""A citizen who wants to know hears that somebody looked, and the push says neither who nor at what."""

import ast
import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from backend.app.parts import Parts
from backend.app.worker import readers_of_the_trail
from backend.audit.actions.follow import follow
from backend.audit.actions.tell_who_looked import LOOKS
from backend.privacy.actions.decide_consent import decide_consent
from backend.privacy.purposes import PURPOSES
from backend.privacy.queries import TELL_ME
from kernel.audit import ATTEMPTED, AuditEntry
from kernel.principal import Principal
from notifications.messages.catalogue import CATALOGUE
from tests.architecture.house import source_files
from tests.support.audit_trail import viewed
from tests.support.officials import HOA

pytestmark = pytest.mark.anyio


@pytest.fixture
async def lan(parts: Parts) -> Principal:
    subject = await parts.subjects.of("096199000001")
    await parts.db["consents"].delete_many({})
    await hand_on(parts)
    return Principal(id="p_lan", kind="citizen", client_id="app", citizen_key=subject)


async def wants(parts: Parts, who: Principal, *, granted: bool) -> None:
    shown = PURPOSES[TELL_ME].text_version
    await decide_consent(who, TELL_ME, granted=granted, shown_version=shown, now=parts.clock.now(), audit=parts.audit.log)


async def looked(parts: Parts, who: Principal, number: int = 1, by: Principal = HOA, **more: Any) -> None:
    entry = {name: getattr(viewed(number), name) for name in ("action", "object", "purpose")} | {"subjects": (who.recipient,)}
    await parts.audit.log.record(by, AuditEntry(**{**entry, **more}))


async def hand_on(parts: Parts) -> None:
    await follow(parts.audit.trail, parts.db, "who_looked", readers_of_the_trail(parts)["who_looked"])


async def told(parts: Parts, who: Principal) -> list[dict[str, Any]]:
    await hand_on(parts)
    return await parts.db["inbox"].find({"recipient": who.recipient}).to_list()


async def test_nobody_is_told_who_did_not_ask_for_it(parts: Parts, lan: Principal) -> None:
    await looked(parts, lan)
    assert await told(parts, lan) == []


async def test_who_asked_is_told_once_a_day_of_each_official_and_thing(parts: Parts, lan: Principal) -> None:
    await wants(parts, lan, granted=True)
    for _ in range(3):
        await looked(parts, lan)
    await looked(parts, lan, action="dossier.result_downloaded")
    assert [item["message"] for item in await told(parts, lan)] == ["privacy.seen"]
    await looked(parts, lan, 2)
    assert len(await told(parts, lan)) == 2
    await wants(parts, lan, granted=False)
    await looked(parts, lan, 3)
    assert len(await told(parts, lan)) == 2


@pytest.mark.parametrize("action", sorted(LOOKS))
async def test_every_look_is_told(parts: Parts, lan: Principal, action: str) -> None:
    await wants(parts, lan, granted=True)
    await looked(parts, lan, action=action)
    assert [item["message"] for item in await told(parts, lan)] == ["privacy.seen"]


def test_every_look_is_one_that_some_room_records() -> None:
    """A code that nobody writes would tell nobody anything, and look as if it did."""
    silent = {"backend.audit.vocabulary", "backend.audit.actions.tell_who_looked"}
    rooms = [file for file in source_files() if file.module not in silent]
    written = {
        node.value
        for file in rooms
        for node in ast.walk(file.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert sorted(LOOKS - written) == []


async def test_only_an_officials_look_that_happened_counts(parts: Parts, lan: Principal) -> None:
    await wants(parts, lan, granted=True)
    await looked(parts, lan, result=ATTEMPTED)
    await looked(parts, lan, by=lan)
    await looked(parts, lan, action="dossier.listed")
    assert await told(parts, lan) == []


async def test_what_was_looked_at_before_they_asked_is_not_told(parts: Parts, lan: Principal) -> None:
    await looked(parts, lan)
    before: datetime = parts.clock.now()
    parts.clock.advance(timedelta(seconds=1))  # type: ignore[attr-defined]
    await wants(parts, lan, granted=True)
    assert parts.clock.now() > before
    assert await told(parts, lan) == []


@pytest.mark.proves("SEC-80")
async def test_the_notice_has_no_content(parts: Parts, lan: Principal) -> None:
    await wants(parts, lan, granted=True)
    await looked(parts, lan)
    [item] = await told(parts, lan)
    assert item["params"] == {}
    assert (item["link"], "dossier:" in json.dumps(item, default=str)) == ("/account/access-log", False)
    message = CATALOGUE["privacy.seen"]
    assert not [text for words in (message.vi, message.en) for text in (words.title, words.body) if "{" in text]
