"""What a source system tells, late, twice, out of order and a thousand at once, against the real database."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from backend.app.parts import Parts
from backend.dossiers.actions.record_events import EventInFuture, EventMalformed, Outcome, record_events
from backend.dossiers.documents import Dossier
from backend.dossiers.told import Told
from kernel.mongo.followed import Changed
from kernel.privacy.field import Sealed
from tests.support.callers import NAMES
from tests.support.feed import ago, new_code, people, told

pytestmark = pytest.mark.proves("I1")


async def record(parts: Parts, *events: Told) -> list[Outcome]:
    return await record_events(events, now=parts.clock.now(), people=people(parts))


async def the(code: str) -> Dossier:
    dossier = await Dossier.find_one({"code": code})
    assert dossier
    return dossier


async def opened(parts: Parts, value: object) -> object:
    """What a sealed field says."""
    assert isinstance(value, Sealed)
    return await parts.vault.open_one(value)


async def outbox(parts: Parts, code: str) -> list[tuple[str, str | None, str | None]]:
    row = await parts.db["dossiers"].find_one({"code": code})
    assert row
    told = [event for event in row.get("outbox", []) if event["kind"] != Changed.kind()]
    return [(event["kind"], event.get("before"), event.get("after")) for event in told]


async def test_events_make_a_dossier_with_its_facts_and_its_news(parts: Parts) -> None:
    code = new_code()
    outcomes = await record(
        parts,
        told(code.lower(), "accepted", ago(hours=2), due_at="2027-01-04T17:00:00+07:00"),
        told(code, "processing", ago(hours=1), note="  Chuyển\u200b phòng  "),
    )
    dossier = await the(code)
    assert [(one.outcome, one.dossier_id) for one in outcomes] == [("applied", dossier.id)] * 2
    assert (dossier.status, dossier.version) == ("processing", 1)
    assert await opened(parts, dossier.applicant_name) == "Nguyễn Thị Lan"
    assert dossier.applicant == await parts.subjects.of("096199000001")
    assert dossier.due_at == datetime(2027, 1, 4, 10, tzinfo=UTC)
    assert await opened(parts, dossier.timeline[1].note) == "Chuyển phòng"
    assert await outbox(parts, code) == [("dossier.status_changed", None, "processing")]


async def test_neither_number_nor_name_nor_note_is_kept_in_the_clear(parts: Parts) -> None:
    code = new_code()
    await record(parts, told(code, note="Cháu Chim Yến bị ốm"))
    row = await parts.db["dossiers"].find_one({"code": code})
    for personal in ("096199000001", NAMES["lan"], "Nguyễn", "nguyen", "Chim Yến"):
        assert personal not in str(row), personal


@pytest.mark.proves("I4")
async def test_the_same_batch_twice_changes_nothing_the_second_time(parts: Parts) -> None:
    code = new_code()
    batch = [told(code, "accepted", ago(hours=2)), told(code, "processing", ago(hours=1))]
    await record(parts, *batch)
    before = await parts.db["dossiers"].find_one({"code": code})
    again = await record(parts, *batch)
    assert [one.outcome for one in again] == ["duplicate", "duplicate"]
    assert await parts.db["dossiers"].find_one({"code": code}) == before


@pytest.mark.proves("I4")
async def test_the_same_event_twice_in_one_batch_is_recorded_once(parts: Parts) -> None:
    code = new_code()
    one = told(code)
    assert [o.outcome for o in await record(parts, one, one, one)] == ["applied", "duplicate", "duplicate"]
    assert len((await the(code)).timeline) == 1


@pytest.mark.proves("I26")
async def test_a_late_event_changes_the_timeline_and_is_no_news(parts: Parts) -> None:
    code = new_code()
    await record(parts, told(code, "accepted", ago(days=3)), told(code, "processing", ago(days=1)))
    await parts.db["dossiers"].update_one({"code": code}, {"$unset": {"outbox": ""}})
    [outcome] = await record(parts, told(code, "awaiting_papers", ago(days=2)))
    dossier = await the(code)
    assert outcome.outcome == "applied"
    assert [entry.status for entry in dossier.timeline] == ["accepted", "awaiting_papers", "processing"]
    assert dossier.status == "processing"
    assert await outbox(parts, code) == []


async def test_any_order_of_arrival_ends_in_the_same_dossier(parts: Parts) -> None:
    forward, backward = new_code(), new_code()
    story = [("accepted", ago(days=4)), ("processing", ago(days=3)), ("finished", ago(days=2)), ("returned", ago(days=1))]
    for status, when in story:
        await record(parts, told(forward, status, when))
    for status, when in reversed(story):
        await record(parts, told(backward, status, when))
    one, two = await the(forward), await the(backward)
    for field in ("status", "status_at", "accepted_at", "finished_at", "deciding_agency", "applicant"):
        assert getattr(one, field) == getattr(two, field), field
    assert [entry.status for entry in one.timeline] == [entry.status for entry in two.timeline]


async def test_what_goes_against_the_table_is_recorded_and_marked(parts: Parts) -> None:
    code = new_code()
    outcomes = await record(parts, told(code, "registered", ago(hours=3)), told(code, "returned", ago(hours=1)))
    assert [one.outcome for one in outcomes] == ["applied", "irregular"]
    dossier = await the(code)
    assert (dossier.status, [entry.irregular for entry in dossier.timeline]) == ("returned", [False, True])


async def test_a_result_that_is_ready_is_news_of_its_own(parts: Parts) -> None:
    code = new_code()
    await record(parts, told(code, "processing", ago(hours=2)), told(code, "finished", ago(hours=1)))
    assert [kind for kind, _, _ in await outbox(parts, code)] == ["dossier.status_changed", "dossier.result_published"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"status": "exploded"}, "status_unknown"),
        ({"at": "yesterday"}, "time_malformed"),
        ({"at": "2026-06-15T08:30:00"}, "time_malformed"),
        ({"at": "2026-02-30T08:30:00Z"}, "time_malformed"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "time_malformed"),
        ({"at": ""}, "time_malformed"),
        ({"due_at": "soon"}, "time_malformed"),
        ({"dossier_code": "H12.13-260615-007"}, "code_malformed"),
        ({"dossier_code": "H12.13-260231-0007"}, "code_malformed"),
        ({"personal_number": "12"}, "personal_number_malformed"),
    ],
)
async def test_a_broken_event_gets_its_own_answer_and_stops_nobody(parts: Parts, change: dict[str, str], code: str) -> None:
    fine = new_code()
    broken = told(**{"code": new_code(), **change}) if "dossier_code" not in change else told("x", **change)
    first, wrong, last = await record(parts, told(fine, "accepted", ago(hours=2)), broken, told(fine, "processing", ago(hours=1)))
    assert (first.outcome, wrong.outcome, last.outcome) == ("applied", "invalid", "applied")
    assert wrong.problem
    assert wrong.problem.code() == code
    assert wrong.event_id == broken.event_id
    assert await Dossier.find_all().count() == 1


async def test_an_event_of_another_dossier_is_refused_and_its_neighbours_are_not(parts: Parts) -> None:
    one, two = new_code(), new_code()
    mine = told(one)
    await record(parts, mine)
    stolen = told(two, "processing", ago(minutes=3), event_id=mine.event_id)
    outcomes = await record(parts, told(two, "accepted", ago(minutes=9)), stolen, told(two, "stopped", ago(minutes=1)))
    assert [outcome.outcome for outcome in outcomes] == ["applied", "invalid", "applied"]
    assert outcomes[1].problem
    assert outcomes[1].problem.code() == "event_of_another_dossier"
    assert [entry.status for entry in (await the(two)).timeline] == ["accepted", "stopped"]


async def test_two_batches_at_once_make_one_dossier_with_all_events(parts: Parts) -> None:
    code = new_code()
    batches = [[told(code, status, ago(minutes=n)) for n in range(5)] for status in ("accepted", "processing", "awaiting_papers")]
    answers = await asyncio.gather(*(record(parts, *batch) for batch in batches))
    assert {one.outcome for answer in answers for one in answer} <= {"applied", "irregular"}
    dossier = await the(code)
    assert len(dossier.timeline) == 15
    assert len({entry.key for entry in dossier.timeline}) == 15
    assert await Dossier.find({"code": code}).count() == 1


async def test_a_thousand_events_in_one_call_are_each_answered_in_their_place(parts: Parts) -> None:
    codes = [new_code() for _ in range(250)]
    batch = [
        told(code, status, ago(hours=9 - n))
        for n, status in enumerate(("accepted", "processing", "finished", "returned"))
        for code in codes
    ]
    outcomes = await record(parts, *batch)
    assert [one.event_id for one in outcomes] == [event.event_id for event in batch]
    assert Counter(one.outcome for one in outcomes) == {"applied": 1000}
    assert await Dossier.find({"status": "returned"}).count() == 250


async def test_the_newest_word_on_the_deciding_agency_wins_and_silence_keeps_it(parts: Parts) -> None:
    code = new_code()
    await record(parts, told(code, "accepted", ago(days=3), deciding_agency="H12.15"))
    await record(parts, told(code, "processing", ago(days=1), deciding_agency="H12.4"))
    await record(parts, told(code, "awaiting_papers", ago(days=2), deciding_agency="H12.15"))
    await record(parts, told(code, "stopped", ago(hours=1), deciding_agency=""))
    assert (await the(code)).deciding_agency == "H12.4"


async def test_who_it_is_may_be_told_later(parts: Parts) -> None:
    code = new_code()
    await record(parts, told(code, "accepted", ago(days=2), personal_number=None, applicant_name=""))
    assert (await the(code)).applicant is None
    await record(parts, told(code, "processing", ago(days=1)))
    assert (await the(code)).applicant == await parts.subjects.of("096199000001")


async def test_a_source_that_catches_up_on_last_year_moves_its_dossiers_in_time(parts: Parts) -> None:
    code = new_code()
    when = datetime.now(UTC) - timedelta(days=400)
    await record(parts, told(code, "finished", when.isoformat()))
    dossier = await the(code)
    assert abs(dossier.status_at - when) < timedelta(milliseconds=1)


async def test_an_event_of_next_week_has_not_happened(parts: Parts) -> None:
    [answer] = await record(parts, told(new_code(), at=(datetime.now(UTC) + timedelta(days=7)).isoformat()))
    assert isinstance(answer.problem, EventInFuture)


async def test_a_source_cannot_pass_for_another_by_a_colon(parts: Parts) -> None:
    [answer] = await record(parts, told(new_code(), source="one-stop:1", event_id="2"))
    assert isinstance(answer.problem, EventMalformed)
