"""The demo dossiers: the same bytes for the same seed, and a past that could have happened."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.dev.demo.dossiers import DemoDossier, dossiers
from backend.dev.demo.persons import persons
from backend.dossiers.code import normalise
from backend.dossiers.schemas.dossiers import DossierEvent
from backend.dossiers.states import is_regular
from kernel.clock import VIETNAM
from kernel.state_calendar import state_calendar

NOW = datetime(2026, 11, 21, 10, tzinfo=VIETNAM)
CALENDAR = state_calendar(2028)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(VIETNAM))  # noqa: DTZ001 - the zone is beside it

# What a citizen does at any hour; everything else is done in an office.
AT_ANY_HOUR = {"registered"}


def told(now: datetime = NOW, *, count: int = 2_000, seed: int = 12) -> list[DemoDossier]:
    return list(dossiers(persons(), now=now, calendar=CALENDAR, count=count, seed=seed))


@pytest.fixture(scope="module")
def all_of_them() -> list[DemoDossier]:
    return told()


def regular(told_dossiers: list[DemoDossier]) -> list[DemoDossier]:
    return [dossier for dossier in told_dossiers if dossier.irregular is None]


def state(dossier: DemoDossier) -> str:
    return max(dossier.events, key=lambda event: event.at).status


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    assert msgspec.json.encode(told(count=50)) == msgspec.json.encode(told(count=50))
    assert msgspec.json.encode(told(count=50)) != msgspec.json.encode(told(count=50, seed=13))


def test_every_move_is_in_the_table_except_where_it_is_flagged(all_of_them: list[DemoDossier]) -> None:
    for dossier in regular(all_of_them):
        statuses = [None, *(event.status for event in dossier.events)]
        assert all(is_regular(before, after) for before, after in pairwise(statuses) if after), dossier.code
    for dossier in all_of_them:
        if dossier.irregular == "skipped":
            statuses = [None, *(event.status for event in dossier.events)]
            assert not all(is_regular(before, after) for before, after in pairwise(statuses) if after)


@given(now=MOMENTS)
@settings(max_examples=15, deadline=None)
def test_times_rise_and_stay_in_the_year_before_now(now: datetime) -> None:
    for dossier in regular(told(now, count=60)):
        times = [event.at for event in dossier.events]
        assert all(earlier < later for earlier, later in pairwise(times))
        assert now - timedelta(days=367) < times[0]
        assert times[-1] <= now


def test_codes_are_well_formed_unique_and_numbered_by_agency_and_day(all_of_them: list[DemoDossier]) -> None:
    assert len({dossier.code for dossier in all_of_them}) == 2_000
    by_day: dict[str, list[int]] = defaultdict(list)
    for dossier in all_of_them:
        first = min(dossier.events, key=lambda event: event.at)
        prefix, _, number = dossier.code.rpartition("-")
        by_day[prefix].append(int(number))
        assert normalise(dossier.code) == dossier.code
        if dossier.irregular != "skipped":
            assert prefix == f"{first.receiving_agency}-{first.at.astimezone(VIETNAM):%y%m%d}"
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in by_day.values())


def test_an_event_id_is_used_once_unless_the_delivery_repeats_it(all_of_them: list[DemoDossier]) -> None:
    ids = Counter(event.event_id for dossier in all_of_them for event in dossier.events)
    assert sum(ids.values()) - len(ids) == sum(dossier.irregular == "repeated" for dossier in all_of_them)


def test_offices_move_dossiers_in_office_hours_only(all_of_them: list[DemoDossier]) -> None:
    for event in (event for dossier in all_of_them for event in dossier.events if event.status not in AT_ANY_HOUR):
        at = event.at.astimezone(VIETNAM)
        assert CALENDAR.works(at.date()), event.event_id
        assert time(7) <= at.time() <= time(11) or time(13) <= at.time() <= time(17), event.event_id


def test_a_due_date_comes_with_acceptance_and_is_kept_by_working_days(all_of_them: list[DemoDossier]) -> None:
    for dossier in regular(all_of_them):
        for event in dossier.events:
            assert (event.due_at is None) == (event.status in ("registered", "not_accepted"))
            if event.due_at is not None:
                assert event.due_at.astimezone(VIETNAM).time() == time(17)


def test_waiting_for_the_citizen_moves_the_due_date() -> None:
    moved = 0
    for dossier in regular(told(count=600)):
        for before, after in pairwise(dossier.events):
            waited = before.status in ("awaiting_papers", "awaiting_payment") and after.status == "processing"
            if before.due_at and after.due_at:
                assert after.due_at == before.due_at or (waited and after.due_at > before.due_at)
                moved += after.due_at > before.due_at
    assert moved > 10


def test_reasons_are_given_where_the_rules_ask_for_one(all_of_them: list[DemoDossier]) -> None:
    needing = {"not_accepted", "awaiting_papers", "stopped"}
    assert all(event.note for dossier in all_of_them for event in dossier.events if event.status in needing)


def test_the_spread_is_that_of_a_working_province(all_of_them: list[DemoDossier]) -> None:
    states = Counter(map(state, all_of_them))
    assert states["finished"] + states["returned"] > 1_500
    assert all(
        states[name] > 0 for name in ("registered", "processing", "awaiting_papers", "awaiting_payment", "not_accepted", "stopped")
    )
    overdue = [d for d in all_of_them if state(d) == "processing" and (d.events[-1].due_at or NOW) < NOW]
    assert 5 <= len(overdue) <= 60
    assert 10 <= sum(d.irregular is not None for d in all_of_them) <= 30


def test_some_dossiers_are_taken_in_elsewhere_than_where_they_are_decided(all_of_them: list[DemoDossier]) -> None:
    communes = [e for d in all_of_them for e in d.events[:1] if e.deciding_agency.count(".") == 1 and len(e.deciding_agency) > 6]
    crossing = [event for event in communes if not event.receiving_agency.startswith(event.deciding_agency)]
    assert 0.05 < len(crossing) / len(communes) < 0.25


def test_the_fortnight_after_tet_is_the_busiest(all_of_them: list[DemoDossier]) -> None:
    days = Counter(min(e.at for e in d.events).astimezone(VIETNAM).date() for d in all_of_them)
    after_tet = sum(days[datetime(2026, 2, 23, tzinfo=UTC).date() + timedelta(days=n)] for n in range(14))
    in_april = sum(days[datetime(2026, 4, 6, tzinfo=UTC).date() + timedelta(days=n)] for n in range(14))
    assert after_tet > 1.8 * in_april


@given(now=MOMENTS)
@settings(max_examples=25, deadline=None)
def test_lan_always_has_her_seven_dossiers_in_the_states_the_story_needs(now: datetime) -> None:
    hers = [d for d in told(now, count=30) if d.events[0].applicant.name == "Nguyễn Thị Lan"]
    wanted = ["awaiting_papers", "awaiting_payment", "finished", "processing", "processing", "registered", "returned"]
    assert sorted(map(state, hers)) == wanted
    (story,) = [d for d in hers if d.events[0].receiving_agency == "H12.13"]
    last = story.events[-1]
    assert (last.status, last.deciding_agency) == ("processing", "H12.15")
    assert last.due_at is not None
    assert last.due_at > now
    (late,) = [d for d in hers if state(d) == "processing" and d is not story]
    assert (late.events[-1].due_at or now) < now


def test_the_integration_api_takes_every_event_as_it_is(all_of_them: list[DemoDossier]) -> None:
    for dossier in all_of_them[:200]:
        for event in dossier.events:
            read = msgspec.json.decode(msgspec.json.encode(event), type=DossierEvent)
            assert (read.event_id, read.status, read.applicant.name) == (event.event_id, event.status, event.applicant.name)
