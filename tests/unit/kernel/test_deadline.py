"""Due dates, explained: every unit, pauses and extensions, and what must hold for any of them."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis.strategies import booleans, builds, datetimes, integers, just, lists, sampled_from

from kernel.clock import VIETNAM
from kernel.deadline import Extension, Pause, Term, deadline
from kernel.state_calendar import state_calendar
from kernel.working_time import WorkingTime


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


STATE = WorkingTime(state_calendar(2029))
UNITS = ["working_days", "calendar_days", "working_hours", "hours", "months"]
terms = builds(Term, integers(1, 20), sampled_from(UNITS))
starts = datetimes(at("2024-02-01").replace(tzinfo=None), at("2026-06-30").replace(tzinfo=None), timezones=just(VIETNAM))


def due(start: str, amount: int, unit: str, **more: object) -> datetime | None:
    return deadline(at(start), Term(amount, unit), STATE, **more).due_at


@pytest.mark.parametrize(
    ("accepted", "days", "expected"),
    [
        ("2026-08-21", 5, "2026-08-27"),
        ("2026-08-28", 3, "2026-09-07"),
        ("2026-02-12", 5, "2026-02-26"),
        ("2025-12-31", 2, "2026-01-06"),
        ("2026-01-08", 2, "2026-01-10"),
        ("2026-11-23", 1, "2026-11-25"),
        ("2025-04-25", 5, "2025-05-06"),
        ("2026-04-24", 1, "2026-04-28"),
    ],
)
def test_working_days_are_the_golden_vectors(accepted: str, days: int, expected: str) -> None:
    assert due(f"{accepted}T09:00", days, "working_days") == at(f"{expected}T17:00")


@pytest.mark.parametrize(
    ("accepted", "amount", "unit", "expected"),
    [
        ("2026-11-05T09:00", 10, "calendar_days", "2026-11-16T17:00"),  # The tenth day is a Sunday.
        ("2026-01-31T09:00", 1, "months", "2026-03-02T17:00"),  # 28 February is a Saturday.
        ("2026-08-05T09:00", 1, "months", "2026-09-07T17:00"),  # 5 September is a Saturday.
        ("2026-11-06T16:00", 2, "working_hours", "2026-11-09T08:00"),
        ("2026-11-08T22:30", 12, "hours", "2026-11-09T10:30"),  # A Sunday night, by the clock on the wall.
    ],
)
def test_every_unit_of_the_national_list_has_its_clock(accepted: str, amount: int, unit: str, expected: str) -> None:
    assert due(accepted, amount, unit) == at(expected)


def test_what_comes_after_the_cut_off_counts_as_of_the_next_working_day() -> None:
    before, after = (due(f"2026-11-06T{hour}:00", 1, "working_days", cutoff=time(15)) for hour in (14, 15))
    assert (before, after) == (at("2026-11-09T17:00"), at("2026-11-10T17:00"))


def test_a_pause_gives_back_what_was_left() -> None:
    # Due Monday 16th; three hours into Wednesday it stops, and goes on on Friday at three.
    pause = Pause(at("2026-11-11T10:00"), at("2026-11-13T15:00"), "supplement")
    found = deadline(at("2026-11-09T10:00"), Term(5, "working_days"), STATE, pauses=[pause])
    assert found.remaining(at("2026-11-13T15:00")) == timedelta(hours=29)
    # Two hours on Friday, eight on each of Monday to Wednesday, three on Thursday: a term in days runs to that day's end.
    assert found.due_at == at("2026-11-19T17:00")


def test_while_it_stands_still_there_is_no_due_date_and_the_rest_is_known() -> None:
    pause = Pause(at("2026-11-11T10:00"), None, "supplement")
    found = deadline(at("2026-11-09T10:00"), Term(5, "working_days"), STATE, pauses=[pause])
    now = at("2026-11-20T10:00")
    assert (found.due_at, found.remaining(now)) == (None, timedelta(hours=29))
    assert (found.days(now)[-1].day, found.days(now)[-1].kind) == (date(2026, 11, 20), "paused")


def test_an_extension_moves_the_date_and_a_later_pause_moves_it_on() -> None:
    extension = Extension(at("2026-11-16T10:00"), at("2026-11-20T17:00"), "12/XL")
    start, term = at("2026-11-09T10:00"), Term(5, "working_days")
    assert deadline(start, term, STATE, extensions=[extension]).due_at == at("2026-11-20T17:00")
    pause = Pause(at("2026-11-18T07:00"), at("2026-11-19T07:00"), "payment")
    found = deadline(start, term, STATE, extensions=[extension], pauses=[pause])
    assert found.due_at == at("2026-11-23T17:00")


def test_the_days_say_why_they_count_or_do_not() -> None:
    found = deadline(at("2026-02-12T09:00"), Term(5, "working_days"), STATE)
    kinds = [day.kind for day in found.days(found.start)]
    assert kinds == ["received", "counted", "weekend", "weekend", *["holiday"] * 5, "weekend", "weekend", *["counted"] * 4]
    assert found.days(found.start)[5].why == "Tết Nguyên Đán"
    swapped = deadline(at("2026-01-08T09:00"), Term(2, "working_days"), STATE)
    assert [(day.kind, day.why) for day in swapped.days(swapped.start)] == [
        ("received", ""),
        ("counted", ""),
        ("counted", "12729/VPCP-KGVX"),
    ]


@given(start=starts, term=terms, gaps=lists(integers(1, 4_000), max_size=6))
def test_a_pause_without_length_changes_nothing(start: datetime, term: Term, gaps: list[int]) -> None:
    moments = [start + timedelta(minutes=sum(gaps[: n + 1])) for n in range(len(gaps))]
    pauses = [Pause(moment, moment, "") for moment in moments]
    assert deadline(start, term, STATE, pauses=pauses).due_at == deadline(start, term, STATE).due_at


@given(start=starts, term=terms, gaps=lists(integers(1, 3_000), min_size=2, max_size=8), longer=integers(0, 3_000))
def test_a_longer_pause_never_makes_it_due_earlier(start: datetime, term: Term, gaps: list[int], longer: int) -> None:
    marks = [start + timedelta(minutes=sum(gaps[: n + 1])) for n in range(len(gaps))]
    short = [Pause(a, b, "") for a, b in zip(marks[::2], marks[1::2], strict=False)]
    last = short[-1]
    long = [*short[:-1], Pause(last.begins, last.ends + timedelta(minutes=longer), "")]
    assert deadline(start, term, STATE, pauses=long).due_at >= deadline(start, term, STATE, pauses=short).due_at


@given(start=starts, term=terms, more=integers(0, 5), later=integers(0, 5_000))
def test_more_is_never_earlier_and_neither_is_who_comes_later(start: datetime, term: Term, more: int, later: int) -> None:
    found = deadline(start, term, STATE).due_at
    assert deadline(start, Term(term.amount + more, term.unit), STATE).due_at >= found
    assert deadline(start + timedelta(minutes=later), term, STATE).due_at >= found


@given(start=starts, term=terms, pauses=lists(integers(1, 2_000), max_size=4), paused=booleans())
def test_the_days_listed_add_up_to_the_term(start: datetime, term: Term, pauses: list[int], paused: bool) -> None:
    marks = [start + timedelta(minutes=sum(pauses[: n + 1])) for n in range(len(pauses))]
    stopped = [Pause(a, b, "") for a, b in zip(marks[::2], marks[1::2], strict=False)] if paused else []
    found = deadline(start, term, STATE, pauses=stopped)
    assert sum((day.counted for day in found.days(start)), timedelta(0)) == found.remaining(start)
