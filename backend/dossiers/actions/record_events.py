"""A source system tells what happened to its dossiers: late, twice, out of order, and sometimes against the table.

One commit a dossier, whatever the number of its events; every event gets its own answer; what the national system says is recorded
and marked, never refused.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import msgspec
from pymongo.errors import DuplicateKeyError

from backend.dossiers import code, states
from backend.dossiers.actions.applicant import People
from backend.dossiers.actions.changes import news
from backend.dossiers.documents import Dossier, TimelineEntry
from backend.dossiers.errors import StatusUnknown
from backend.dossiers.search import search_keys
from backend.dossiers.told import LONGEST, Told
from kernel.calendar import UnknownYear
from kernel.clock import to_millis
from kernel.errors import Conflict, FieldError, Invalid, Problem, StaleVersion
from kernel.personal import check_personal_number
from kernel.privacy.errors import SubjectErased
from kernel.privacy.field import Plain
from kernel.state_calendar import calendar_at
from kernel.text import clean
from kernel.working_time import WorkingTime

RETRIES = 8
CLOCKS_DIFFER = timedelta(days=1)
AT_ONCE = 16


class TimeMalformed(Invalid):
    """A time is RFC 3339 with its zone, for example 2026-06-15T08:30:00+07:00."""

    vi = "Thời điểm phải theo RFC 3339 và có múi giờ, ví dụ 2026-06-15T08:30:00+07:00."


class EventMalformed(Invalid):
    """An event needs a source and an id of its own, and no field of it may be endless."""

    vi = "Sự kiện cần có nguồn và mã riêng; các trường không được quá dài."


class EventInFuture(Invalid):
    """What has not happened yet is no event; the clocks may differ by a day."""

    vi = "Sự kiện chưa xảy ra thì chưa thể ghi nhận."


class EventOfAnotherDossier(Conflict):
    """This event id has already been told of another dossier."""

    vi = "Mã sự kiện này đã được dùng cho một hồ sơ khác."


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one event: `applied`, `irregular` (applied, against the table), `duplicate`, `invalid`."""

    event_id: str
    outcome: str
    dossier_id: str | None = None
    problem: Problem | None = None


class _Checked(msgspec.Struct, frozen=True, kw_only=True):
    told: Told
    code: str
    entry: TimelineEntry


# With the position of each in the call, which is where its answer goes.
Events = list[tuple[int, _Checked]]


def _unheard(_: Dossier) -> None:
    """Nobody wants to know."""


async def record_events(
    told: Sequence[Told], *, now: datetime, people: People, heard: Callable[[Dossier], None] = _unheard
) -> list[Outcome]:
    """Record each event once. The answers stand in the order of the events; `heard` gets every dossier that was changed."""
    outcomes: dict[int, Outcome] = {}
    by_code: dict[str, Events] = defaultdict(list)
    for position, event in enumerate(told):
        try:
            checked = _check(event, now)
        except Problem as problem:
            outcomes[position] = Outcome(event_id=event.event_id, outcome="invalid", problem=problem)
        else:
            by_code[checked.code].append((position, checked))
    room = asyncio.Semaphore(AT_ONCE)

    async def one(events: Events) -> None:
        async with room:
            outcomes.update(await _record_one_dossier(events, now, people, heard))

    async with asyncio.TaskGroup() as tasks:
        for events in by_code.values():
            tasks.create_task(one(events))
    return [outcomes[position] for position in range(len(told))]


def _check_lengths(event: Told) -> None:
    """Names and ids are neither missing nor endless.

    Raises:
        EventMalformed: names the fields.
    """
    wrong = [name for name in ("source", "event_id") if not getattr(event, name)]
    wrong += [name for name, longest in LONGEST.items() if len(getattr(event, name) or "") > longest]
    # The colon parts source and event id in an entry's key.
    wrong += ["source"] if ":" in event.source else []
    if wrong:
        raise EventMalformed(errors=[FieldError(f"/{name}", "malformed", "missing, too long, or with a colon") for name in wrong])


def _check(event: Told, now: datetime) -> _Checked:
    _check_lengths(event)
    if event.status not in states.STATUSES:
        raise StatusUnknown(f"{event.status!r}: {StatusUnknown.default_detail()}")
    entry = TimelineEntry(
        key=f"{event.source}:{event.event_id}",
        at=_instant(event.at),
        recorded_at=now,
        status=event.status,
        source=event.source,
        agency=event.deciding_agency or None,
        note=Plain(clean(event.note)) if event.note else None,
        due_at=_instant(event.due_at) if event.due_at else None,
    )
    if entry.at > now + CLOCKS_DIFFER:
        raise EventInFuture
    if event.personal_number:
        check_personal_number(event.personal_number)
    return _Checked(told=event, code=code.normalise(event.dossier_code), entry=entry)


def _instant(raw: str) -> datetime:
    try:
        instant = msgspec.convert(raw, datetime)
    except msgspec.ValidationError as malformed:
        raise TimeMalformed from malformed
    if instant.tzinfo is None:
        raise TimeMalformed
    try:
        return to_millis(instant)
    except OverflowError as before_time_began:
        raise TimeMalformed from before_time_began


async def _record_one_dossier(
    events: Events, now: datetime, people: People, heard: Callable[[Dossier], None]
) -> dict[int, Outcome]:
    """All events of one dossier in one commit; when somebody else wrote meanwhile, load and decide anew."""
    refused: dict[int, Outcome] = {}
    for _ in range(RETRIES):
        try:
            return refused | await _try_once(events, now, people, heard)
        except (StaleVersion, SubjectErased):
            # Erased since it was loaded, or being so: the next look finds a dossier without its person.
            continue
        except DuplicateKeyError:
            # Either the dossier was created a moment ago (the code clashes): try again. Or an event belongs elsewhere: without it.
            elsewhere = await _told_of_another(events)
            refused |= _all_refused([one for one in events if one[1].entry.key in elsewhere], EventOfAnotherDossier())
            events = [one for one in events if one[1].entry.key not in elsewhere]
            if not events:
                return refused
    return refused | _all_refused(events, StaleVersion("This dossier is being changed by many at once: send the event again."))


async def _told_of_another(events: Events) -> set[str]:
    """The keys of these events under which another dossier has an entry already."""
    keys, code = [checked.entry.key for _, checked in events], events[0][1].code
    others = Dossier.get_pymongo_collection().find({"timeline.key": {"$in": keys}, "code": {"$ne": code}}, {"timeline.key": 1})
    return {entry["key"] async for other in others for entry in other["timeline"]} & set(keys)


def _all_refused(events: Events, problem: Problem) -> dict[int, Outcome]:
    return {position: Outcome(event_id=c.told.event_id, outcome="invalid", problem=problem) for position, c in events}


async def _try_once(events: Events, now: datetime, people: People, heard: Callable[[Dossier], None]) -> dict[int, Outcome]:
    first = events[0][1]
    dossier = await Dossier.find_one({"code": first.code})
    before = dossier.status if dossier else None
    known = {entry.key for entry in dossier.timeline} if dossier else set()
    fresh = [checked for _, checked in events if checked.entry.key not in known]
    if dossier is None:
        dossier = _new_dossier(first, now)
    else:
        dossier.remember()
    if fresh:
        _tell(dossier, fresh, now)
        await _take_facts(dossier, fresh, now, people)
        await dossier.commit(*news(before, dossier))
        heard(dossier)
    irregular = {entry.key for entry in dossier.timeline if entry.irregular}
    outcomes = {}
    for position, checked in events:
        key = checked.entry.key
        word = "duplicate" if key in known else "irregular" if key in irregular else "applied"
        known.add(key)
        outcomes[position] = Outcome(event_id=checked.told.event_id, outcome=word, dossier_id=dossier.id)
    return outcomes


def _tell(dossier: Dossier, fresh: list[_Checked], now: datetime) -> None:
    """Into the timeline; what we promised ourselves is counted anew, as far as the calendar reaches."""
    due_at = dossier.due_at
    dossier.tell(*(checked.entry for checked in fresh))
    if dossier.promise or dossier.prolonged:
        try:
            dossier.settle(WorkingTime(calendar_at(now)))
        except UnknownYear:
            # What happened is recorded all the same; the promise stays as it was.
            dossier.due_at = due_at


def _new_dossier(first: _Checked, now: datetime) -> Dossier:
    return Dossier(
        code=first.code,
        procedure_code=first.told.procedure_code,
        procedure_name=clean(first.told.procedure_name),
        receiving_agency=first.told.receiving_agency,
        deciding_agency=first.told.deciding_agency,
        submit_channel=first.told.submit_channel,
        status=first.entry.status,
        status_at=first.entry.at,
        updated_at=now,
        timeline=[],
    )


async def _take_facts(dossier: Dossier, fresh: list[_Checked], now: datetime, people: People) -> None:
    """The newest word on who and where wins; a field a source leaves empty keeps what is known."""
    for checked in sorted(fresh, key=lambda c: c.entry.at):
        told = checked.told
        if dossier.source_updated_at is None or checked.entry.at >= dossier.source_updated_at:
            dossier.source_updated_at = checked.entry.at
            dossier.deciding_agency = told.deciding_agency or dossier.deciding_agency
            dossier.receiving_agency = told.receiving_agency or dossier.receiving_agency
        await people.apply(dossier, told.personal_number, told.applicant_name)
        dossier.procedure_code = dossier.procedure_code or told.procedure_code
        dossier.procedure_name = dossier.procedure_name or clean(told.procedure_name)
    dossier.updated_at = now
    dossier.search = search_keys(dossier.code, dossier.procedure_name)
