"""By when the office has promised what: over a working day, a Sunday night and Tết, with pauses and reclassifications."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis.strategies import SearchStrategy, builds, dates, datetimes, integers, sampled_from, sets

from backend.feedback import sla
from backend.feedback.limits import TERMS, Limit, NoLimitKnown, Term, term
from backend.feedback.sla import Promise, Terms, falls_due, on_entering, paused, promised, resumed, shortened
from kernel.calendar import Calendar, Override
from kernel.state_calendar import state_calendar

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
CALENDAR = state_calendar(2028)


def at(text: str) -> datetime:
    """A moment in Cà Mau."""
    return datetime.fromisoformat(text).replace(tzinfo=HANOI)


def terms(kind: str = "field_report", urgency: str = "normal", received: str = "2026-06-15 10:00") -> Terms:
    return Terms(kind=kind, urgency=urgency, received_at=at(received))


# domain.md B7. 2026-06-15 is a Monday, 06-14 a Sunday; Tết 2026 is 16-20 February, and 08-22 a Saturday that is worked.
@pytest.mark.parametrize(
    ("what", "kind", "urgency", "begins", "due"),
    [
        ("dispatch", "field_report", "normal", "2026-06-15 10:00", "2026-06-15 12:00"),
        ("dispatch", "field_report", "normal", "2026-06-15 16:59", "2026-06-15 18:59"),
        ("dispatch", "field_report", "normal", "2026-06-14 22:00", "2026-06-15 10:00"),
        ("dispatch", "field_report", "normal", "2026-06-14 23:59", "2026-06-15 11:59"),
        ("dispatch", "field_report", "normal", "2026-02-17 03:00", "2026-02-17 15:00"),
        ("dispatch", "field_report", "normal", "2026-08-22 09:00", "2026-08-22 11:00"),
        ("dispatch", "field_report", "normal", "2026-01-02 09:00", "2026-01-02 21:00"),
        ("dispatch", "field_report", "urgent", "2026-06-14 22:00", "2026-06-15 00:00"),
        ("answer", "field_report", "normal", "2026-06-15 11:00", "2026-06-15 15:00"),
        ("answer", "field_report", "normal", "2026-06-14 23:00", "2026-06-15 23:00"),
        ("answer", "field_report", "normal", "2026-02-18 08:00", "2026-02-19 08:00"),
        ("answer", "field_report", "urgent", "2026-02-18 08:00", "2026-02-18 12:00"),
        ("dispatch", "procedure_complaint", "normal", "2026-06-15 10:00", "2026-06-17 17:00"),
        ("ask", "procedure_complaint", "normal", "2026-06-15 10:00", "2026-06-22 17:00"),
        ("answer", "procedure_complaint", "normal", "2026-06-15 10:00", "2026-07-06 17:00"),
        ("answer", "procedure_complaint", "normal", "2026-02-12 10:00", "2026-03-12 17:00"),
        ("publish", "procedure_complaint", "normal", "2026-06-15 10:00", "2026-06-17 17:00"),
        ("dispatch", "procedure_complaint", "normal", "2026-06-13 10:00", "2026-06-16 17:00"),
        ("answer", "idea", "normal", "2026-06-15 10:00", "2026-07-06 17:00"),
    ],
)
def test_when_what_is_promised_falls_due(what: str, kind: str, urgency: str, begins: str, due: str) -> None:
    promise = promised(what, terms(kind, urgency, begins), at(begins), CALENDAR, why="received")
    assert promise.due_at == at(due)
    assert promise.basis
    assert promise.calendar == sla.version_of(CALENDAR)


def test_a_field_reports_answer_counts_from_its_dispatch_and_a_complaints_from_its_receipt() -> None:
    later = at("2026-06-16 09:00")
    assert promised("answer", terms(), later, CALENDAR, why="dispatched").count_from == later
    complaint = terms("procedure_complaint")
    assert promised("answer", complaint, later, CALENDAR, why="dispatched").count_from == complaint.received_at
    assert promised("answer", complaint, later, CALENDAR, why="reopened", round_=2).count_from == later


def test_a_limit_nobody_has_set_is_said_aloud() -> None:
    with pytest.raises(NoLimitKnown):
        term("field_report", "normal", "answer", date(2020, 1, 1))
    with pytest.raises(NoLimitKnown):
        term("rumour", "normal", "answer", date(2026, 1, 1))


def test_every_kind_has_its_promises_and_every_limit_its_paper() -> None:
    day = date(2026, 6, 15)
    for kind in ("field_report", "procedure_complaint", "idea"):
        for urgency in ("normal", "urgent"):
            for promise in ("dispatch", "answer"):
                assert term(kind, urgency, promise, day).basis
    rows = [(t.kind, t.urgency, t.promise, t.valid_from) for t in TERMS]
    assert len(set(rows)) == len(rows)


def test_a_new_limit_counts_from_its_day_on() -> None:
    row = {"kind": "k", "promise": "answer", "count_from": "received", "working_day": Limit(1, "hours"), "basis": "b"}
    old = Term(**row, valid_from=date(2025, 1, 1), valid_to=date(2026, 1, 1))
    new = Term(**row, valid_from=date(2026, 1, 1))
    for day, which in ((date(2025, 12, 31), [True, False]), (date(2026, 1, 1), [False, True])):
        assert [t.holds("k", "normal", "answer", day) for t in (old, new)] == which


moments = datetimes(datetime(2025, 1, 1), datetime(2027, 6, 1)).map(lambda naive: naive.replace(tzinfo=UTC))  # noqa: DTZ001
limits: SearchStrategy[Limit] = builds(Limit, integers(1, 60), sampled_from(["hours", "working_days"]))
kinds = sampled_from(["field_report", "procedure_complaint", "idea"])
urgencies = sampled_from(["normal", "urgent"])
a_while = integers(0, 60 * 24 * 20).map(lambda minutes: timedelta(minutes=minutes))


def a_promise(start: datetime, kind: str, urgency: str, calendar: Calendar = CALENDAR) -> Promise:
    return promised("answer", Terms(kind=kind, urgency=urgency, received_at=start), start, calendar, why="dispatched")


@given(moments, limits, sets(dates(date(2025, 1, 1), date(2027, 12, 31)), max_size=20))
def test_closing_another_day_never_makes_anything_due_earlier(start: datetime, limit: Limit, closed: set[date]) -> None:
    fewer = CALENDAR.overridden(Override(day, works=False, document="storm") for day in closed)
    assert falls_due(start, limit, fewer) >= falls_due(start, limit, CALENDAR)


@given(moments, limits, a_while)
def test_who_begins_later_is_not_due_earlier(start: datetime, limit: Limit, later: timedelta) -> None:
    assert falls_due(start + later, limit, CALENDAR) >= falls_due(start, limit, CALENDAR)


@given(moments, kinds, urgencies, a_while)
def test_a_pause_of_no_length_changes_nothing(start: datetime, kind: str, urgency: str, after: timedelta) -> None:
    promise = a_promise(start, kind, urgency)
    back = resumed(paused(promise, start + after), start + after, CALENDAR)
    assert (back.due_at, back.runs) == (promise.due_at, True)


@given(moments, kinds, urgencies, a_while, a_while)
def test_a_pause_gives_the_office_its_time_back_and_cures_nothing(
    start: datetime, kind: str, urgency: str, after: timedelta, gap: timedelta
) -> None:
    promise, begins = a_promise(start, kind, urgency), start + after
    ends = begins + gap
    standing = paused(promise, begins)
    assert standing.overdue(ends) == (begins > promise.due_at), "while it stands still it is as late as it was"
    back = resumed(standing, ends, CALENDAR)
    assert back.due_at >= promise.due_at
    if begins > promise.due_at:
        assert back.due_at == promise.due_at
        assert back.overdue(ends)
    elif begins < promise.due_at and promise.unit == "hours":
        assert back.due_at - ends == promise.due_at - begins
    if begins <= promise.due_at and promise.unit == "hours":
        assert not back.overdue(ends)


@given(moments, kinds, urgencies, urgencies)
def test_a_reclassification_only_shortens(start: datetime, kind: str, before: str, after: str) -> None:
    promise = a_promise(start, kind, before)
    anew = shortened(promise, Terms(kind=kind, urgency=after, received_at=start), CALENDAR)
    assert anew.due_at <= promise.due_at
    assert shortened(anew, Terms(kind=kind, urgency=before, received_at=start), CALENDAR).due_at == anew.due_at


@given(moments, kinds, urgencies)
def test_the_calendar_a_promise_was_counted_by_is_named(start: datetime, kind: str, urgency: str) -> None:
    other = CALENDAR.overridden([Override(date(2026, 6, 15), works=False, document="storm")])
    assume(other != CALENDAR)
    assert a_promise(start, kind, urgency).calendar != a_promise(start, kind, urgency, other).calendar


def test_a_promise_that_was_kept_is_judged_by_when_it_was_kept() -> None:
    promise = a_promise(at("2026-06-15 10:00"), "field_report", "normal")
    assert promise.overdue(promise.due_at + timedelta(seconds=1))
    assert not promise.overdue(promise.due_at)
    kept = promise.model_copy(update={"stopped_at": promise.due_at})
    assert not kept.overdue(promise.due_at + timedelta(days=9))


def test_a_complaint_is_told_both_promises_at_once_and_a_field_report_an_estimate() -> None:
    complaint = terms("procedure_complaint")
    both = on_entering("received", [], complaint, complaint.received_at, CALENDAR, why="received", round_=1)
    assert [p.what for p in both] == ["dispatch", "answer"]
    assert sla.answer_at_the_latest(both, complaint, CALENDAR) is None
    sunday = terms(received="2026-06-14 22:00")
    one = on_entering("received", [], sunday, sunday.received_at, CALENDAR, why="received", round_=1)
    assert [p.what for p in one] == ["dispatch"]
    # Passed on at the last moment, Monday at 10:00, it is answered four hours later.
    assert sla.answer_at_the_latest(one, sunday, CALENDAR) == at("2026-06-15 14:00")
