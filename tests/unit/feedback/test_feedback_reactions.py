"""Who hears of what, once, and nothing that is history."""

from datetime import timedelta

import pytest

from backend.app.parts import Parts
from backend.app.worker import make_relay
from backend.feedback import jobs
from backend.feedback.actions.steps import Circumstances
from backend.feedback.jobs import keep_feedback_clocks
from kernel.clock import TestClock
from kernel.state_calendar import calendar_at
from notifications.documents import InboxItem
from tests.unit.feedback.test_feedback_privacy import at_work, sent


async def messages() -> list[str]:
    return sorted(item.message for item in await InboxItem.find_all().to_list())


@pytest.mark.proves("I4")
async def test_an_event_relayed_twice_is_one_notice(parts: Parts) -> None:
    report = await at_work(parts)
    row = await parts.db["feedback"].find_one({"_id": report.id})
    assert row
    await make_relay(parts).drain()
    await parts.db["feedback"].update_one({"_id": report.id}, {"$set": {"outbox": row["outbox"]}})
    await make_relay(parts).drain()
    assert await messages() == ["feedback.assigned", "feedback.received"]


async def test_a_relay_that_was_down_for_weeks_tells_nobody_of_the_past(parts: Parts, clock: TestClock) -> None:
    await at_work(parts)
    clock.advance(timedelta(days=15))
    await make_relay(parts).drain()
    assert await messages() == []


async def test_every_event_names_its_report_and_whom_it_concerns_and_no_personal_word(parts: Parts) -> None:
    await at_work(parts)
    [row] = await parts.db["feedback"].find().to_list()
    # Beside them stands the news for whoever has a copy.
    told = [event for event in row["outbox"] if event["kind"] != "kernel.changed"]
    assert [event["kind"] for event in told] == ["feedback.received", *["feedback.moved"] * 3]
    for event in told:
        assert (event["feedback_id"], event["reporter"], event["followers"]) == (row["_id"], "s_lan", [])
        assert set(event) <= {"kind", "id", "at", "feedback_id", "reporter", "followers", "move", "before", "after", "round"}


async def test_the_clocks_are_kept_until_told_to_stop_and_a_bad_look_does_not_end_them(
    parts: Parts, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    import asyncio

    await sent(parts)
    clock.advance(timedelta(days=1))
    stop, looks = asyncio.Event(), []
    real = jobs.end_time_outs

    async def first_look_fails(given: Circumstances) -> int:
        looks.append(given.now)
        if len(looks) == 1:
            raise OSError("the network is away")
        done = await real(given)
        stop.set()
        return done

    monkeypatch.setattr(jobs, "end_time_outs", first_look_fails)
    await asyncio.wait_for(keep_feedback_clocks(clock, calendar_at, stop, every=timedelta(milliseconds=5)), 10)
    assert len(looks) == 2
    [row] = await parts.db["feedback"].find().to_list()
    assert row["escalated_why"] == "late"


async def test_two_workers_looking_at_once_escalate_once(parts: Parts, clock: TestClock) -> None:
    import asyncio

    for _ in range(5):
        await sent(parts)
    clock.advance(timedelta(days=1))
    now = clock.now()
    given = Circumstances(now, calendar_at(now))
    done = await asyncio.gather(*(jobs.escalate_late(given) for _ in range(3)))
    assert sum(done) == 5


async def test_a_desk_where_nobody_works_is_said_aloud_when_something_arrives(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    import msgspec

    from backend.feedback.actions import send as sending

    assert not (await sent(parts)).nobody_on_duty
    monkeypatch.setattr(sending, "RULES", msgspec.structs.replace(sending.RULES, desk="H12.7"))
    report = await sent(parts)
    assert report.nobody_on_duty
    row = await parts.db["feedback"].find_one({"_id": report.id})
    assert row
    alarm = row["outbox"][-1]
    assert (alarm["kind"], alarm["agency"], alarm["roles"]) == ("feedback.nobody_on_duty", "H12.7", ["approver", "dispatcher"])
