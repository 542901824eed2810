"""What is left of deliveries after a while, and of everything after an erasure."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from bson import json_util

from backend.app.parts import Parts
from kernel.http.language import LANGUAGES
from notifications.delivery.fold import AFTER, fold
from notifications.documents import InboxItem
from notifications.messages.catalogue import CATALOGUE, Message
from notifications.personal_data import erase
from notifications.targets.register import remove
from tests.support.firebase import Firebase
from tests.support.notices import a_notice, phone_of, post, registered, sender
from tests.support.officials import citizen


@pytest.mark.proves("I34")
async def test_of_finished_deliveries_counts_are_left_however_often_it_is_folded(parts: Parts, firebase: Firebase) -> None:
    phones = [await phone_of(parts, firebase) for _ in range(3)]
    await firebase.uninstall(phones[0].device)
    notice = await post(parts)
    await sender(parts, firebase).drain()
    assert await fold(parts.clock.now()) == 0
    later = parts.clock.now() + AFTER + timedelta(seconds=1)
    assert await fold(later) == 1
    await parts.db["deliveries"].update_many({}, {"$unset": {"folded_at": ""}})
    assert await fold(later) == 1
    assert await fold(later) == 0
    item = await InboxItem.get(notice)
    assert item
    assert item.summary == {"sent": 2, "failed": 1, "seen": 0}
    assert await parts.db["deliveries"].count_documents({"folded_at": {"$exists": True}}) == 3


@pytest.mark.proves("I34")
async def test_after_an_erasure_nothing_anywhere_says_who_or_where(parts: Parts, firebase: Firebase) -> None:
    phone = await phone_of(parts, firebase, "s_erased")
    gone = await phone_of(parts, firebase, "s_erased")
    await firebase.uninstall(gone.device)
    await post(parts, a_notice("s_erased", params={"code": "H12.13-260615-0666"}))
    await sender(parts, firebase).drain()
    await erase("s_erased", parts.clock.now())
    everything: list[Any] = []
    for name in ("inbox", "push_targets", "deliveries", "preferences", "fcm_permits", "dead_events"):
        everything += await parts.db[name].find({}).to_list()
    left = json_util.dumps(everything)
    for word in ("s_erased", "H12.13-260615-0666", *(one.target.target.value for one in (phone, gone))):
        assert word not in left


@pytest.mark.proves("I5")
async def test_a_notice_goes_to_exactly_the_phones_active_when_it_is_planned(parts: Parts) -> None:
    before = [await registered(parts) for _ in range(40)]
    for target in before[:10]:
        await remove(citizen(), target.id)
    await registered(parts, "s_nam")
    notice = a_notice()
    await post(parts, notice)
    late = await registered(parts)
    planned = [row["installation"] async for row in parts.db["deliveries"].find({})]
    assert sorted(planned) == sorted(target.id for target in before[10:])
    assert late.id not in planned


@pytest.mark.proves("I30")
@pytest.mark.parametrize("key", sorted(CATALOGUE))
def test_every_message_has_its_words_in_every_language_and_others_fall_back(key: str) -> None:
    message = CATALOGUE[key]
    for language in LANGUAGES:
        words = message.render(language, {"code": "X"})
        assert words.title.strip()
        assert words.body.strip()
    assert message.render("fr", {"code": "X"}) == message.render("vi", {"code": "X"})


@pytest.mark.proves("I30")
@pytest.mark.parametrize("missing", ["vi", "en"])
def test_a_missing_text_fails_when_the_catalogue_is_read(missing: str) -> None:
    raw = msgspec.to_builtins(CATALOGUE["dossier.accepted"])
    del raw[missing]
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(raw, Message)
