"""A citizen takes a copy of their reports, and has themselves erased from them; what was broken stays on file."""

from datetime import timedelta
from typing import Any

import pytest

from backend.app.parts import Parts
from backend.feedback.actions.answer import Answer, answer
from backend.feedback.actions.citizen_steps import withdraw
from backend.feedback.actions.dispatch import assign, classify, merge
from backend.feedback.actions.follow import follow
from backend.feedback.actions.note import write_note
from backend.feedback.actions.send import Told, send
from backend.feedback.actions.steps import Circumstances
from backend.feedback.actions.work import start
from backend.feedback.documents import Feedback
from backend.feedback.errors import FeedbackNotFound
from backend.feedback.personal_data import erase, export
from backend.feedback.places import Spot
from kernel.errors import Gone, StaleVersion
from kernel.ids import new_id
from kernel.principal import Principal
from kernel.privacy.vault import ERASED
from kernel.state_calendar import calendar_at
from tests.support.callers import NAMES
from tests.support.officials import CENTRE, HOA, MINH, citizen
from tests.support.reports import ENOUGH, NO_PICTURE, uuid7

LAN, NAM = citizen("s_lan"), citizen("s_nam")


@pytest.fixture
def gone() -> Principal:
    """Somebody who will be erased: a citizen of one test only, because erased is for ever."""
    return citizen(f"s_{new_id()}")


TEXT = "Đèn đường trước nhà văn hóa không sáng"


def given(parts: Parts) -> Circumstances:
    now = parts.clock.now()
    return Circumstances(now, calendar_at(now))


async def sent(parts: Parts, who: Principal = LAN) -> Feedback:
    told = Told(
        client_id=uuid7(),
        kind="field_report",
        category="power_lighting",
        urgency="normal",
        text=TEXT,
        landmark="Cạnh nhà bà Lan",
        spot=Spot(9.176912, 105.152431),
        place_consent=True,
        place_consent_text="0123456789abcdef",
        name=NAMES["lan"],
        phone="0912000001",
    )
    return await send(who, told, given(parts))


async def at_work(parts: Parts, who: Principal = LAN) -> Feedback:
    report = await sent(parts, who)
    await classify(MINH, report.id, category=None, urgency=None, agency=CENTRE, given=given(parts))
    await assign(MINH, report.id, agency=None, given=given(parts))
    return await start(HOA, report.id, given=given(parts))


async def opened(parts: Parts, feedback_id: str) -> dict[str, Any]:
    row = await parts.db["feedback"].find_one({"_id": feedback_id})
    assert row
    return (await parts.vault.open([row]))[0]


async def test_the_copy_holds_everything_the_citizen_told_and_nothing_of_the_offices_own(parts: Parts) -> None:
    report = await at_work(parts)
    await write_note(HOA, report.id, "Đã gọi Điện lực", given(parts))
    await sent(parts, NAM)
    rows = await parts.vault.open(await export("s_lan"))
    [row] = rows
    assert (row["text"], row["reporter_name"], row["landmark"]) == (TEXT, NAMES["lan"], "Cạnh nhà bà Lan")
    assert "9.176912" in row["place"]
    assert not {"reporter", "follow_secret", "follow_hash", "assignee", "seen_by", "_id"} & set(row)
    assert "Điện lực" not in str(rows)


async def test_the_copy_holds_the_pictures_of_an_answer_once_it_has_been_given(parts: Parts) -> None:
    report = await at_work(parts)
    shown, drafted = ({"upload": name, "file": picture(name)} for name in ("u_shown", "u_drafted"))
    step = {"timeline.0.uploads": ["u_shown"], "timeline.0.why_no_picture": "Trời mưa"}
    await parts.db["feedback"].update_one({"_id": report.id}, {"$set": {"files": [shown, drafted], **step}})
    [row] = await export("s_lan")
    assert [one["upload"] for one in row["files"]] == ["u_shown"]
    assert row["timeline"][0]["why_no_picture"] == "Trời mưa"
    assert row["spot"]["coordinates"], "as coarse as others may know it"


async def test_the_copy_says_what_they_follow_and_nothing_of_who_sent_it(parts: Parts) -> None:
    report = await at_work(parts)
    await follow(NAM, report.id, given=given(parts))
    [row] = await export("s_nam")
    assert (row["what"], row["code"], row["category"]) == ("followed", report.code, "power_lighting")
    assert not {"text", "landmark", "place", "reporter_name", "files", "timeline", "reporter"} & set(row)


def picture(name: str) -> dict[str, Any]:
    return {"id": name, "name": f"{name}.jpg", "key": "k", "media_type": "image/jpeg", "size": 1, "sha256": "0"}


@pytest.mark.proves("SEC-75")
async def test_after_an_erasure_nobody_can_say_who_reported_what_and_the_office_can_still_answer(
    parts: Parts, gone: Principal
) -> None:
    now = parts.clock.now()
    report = await at_work(parts, gone)
    await write_note(HOA, report.id, "Bà Lan gọi hỏi", given(parts))
    assert await erase(gone.recipient, now) == 1
    await parts.vault.erase(gone.recipient, now=now)
    row = await opened(parts, report.id)
    assert {row[field] for field in ("text", "landmark", "place", "reporter_name", "reporter_phone")} == {ERASED}
    assert not {"reporter", "follow_secret", "follow_hash", "client_id"} & set(row)
    [note] = await parts.vault.open(await parts.db["feedback_notes"].find().to_list())
    assert note["text"] is ERASED
    assert "subject" not in note
    assert await export(gone.recipient) == []
    said = Answer(text=ENOUGH, why_no_picture=NO_PICTURE)
    await answer(HOA, report.id, said, given=given(parts))
    row = await opened(parts, report.id)
    assert (row["state"], row["timeline"][-1]["text"], row["text"]) == ("answered", ENOUGH, ERASED)
    with pytest.raises(FeedbackNotFound):
        await withdraw(gone, report.id, given(parts))
    assert await erase(gone.recipient, now) == 0


async def test_an_erased_follower_is_not_carried_along_any_more(parts: Parts) -> None:
    first, second = await at_work(parts), await sent(parts, NAM)
    await merge(MINH, second.id, into=first.id, given=given(parts))
    assert (await opened(parts, first.id))["followers"] == ["s_nam"]
    assert await erase("s_nam", parts.clock.now()) == 2
    assert (await opened(parts, first.id))["followers"] == []


async def test_who_is_erased_in_the_middle_of_a_step_finds_another_report(parts: Parts, gone: Principal) -> None:
    report = await at_work(parts, gone)
    await parts.vault.erase(gone.recipient, now=parts.clock.now())
    said = Answer(text=ENOUGH, why_no_picture=NO_PICTURE)
    with pytest.raises(StaleVersion):
        await answer(HOA, report.id, said, given=given(parts))
    with pytest.raises(Gone):
        await write_note(HOA, report.id, "Đã gọi Điện lực", given(parts))
    with pytest.raises(StaleVersion):
        await sent(parts, gone)


async def test_a_report_from_another_machine_whose_clock_is_ahead_stays_in_order(parts: Parts) -> None:
    report = await sent(parts)
    behind = Circumstances(parts.clock.now() - timedelta(minutes=5), calendar_at(parts.clock.now()))
    moved = await classify(MINH, report.id, category=None, urgency=None, agency=None, given=behind)
    assert [entry.at for entry in moved.timeline] == [report.received_at] * 2
