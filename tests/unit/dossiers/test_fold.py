"""Folding a timeline: the order of arrival does not matter, telling twice changes nothing."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis.strategies import builds, integers, just, lists, none, permutations, sampled_from

from backend.dossiers.fold import fold, in_order
from backend.dossiers.states import STATUSES

BEGIN = datetime(2026, 6, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Entry:
    key: str
    at: datetime
    status: str
    due_at: datetime | None = None


def at(hours: int) -> datetime:
    return BEGIN + timedelta(hours=hours)


entries = builds(
    Entry,
    key=integers(0, 10_000).map(str),
    # Few hours, so that equal times happen often.
    at=integers(0, 6).map(at),
    status=sampled_from(sorted(STATUSES)),
    due_at=none() | integers(24, 48).map(at) | just(None),
)
timelines = lists(entries, min_size=1, max_size=12, unique_by=lambda entry: entry.key)


@given(timelines.flatmap(lambda timeline: permutations(timeline).map(lambda shuffled: (timeline, shuffled))))
def test_any_order_of_arrival_ends_in_the_same_state(both: tuple[list[Entry], list[Entry]]) -> None:
    timeline, shuffled = both
    assert fold(timeline) == fold(shuffled)
    assert in_order(timeline) == in_order(shuffled)


@given(timelines)
def test_the_state_is_that_of_the_last_thing_that_happened(timeline: list[Entry]) -> None:
    folded = fold(timeline)
    last = max(timeline, key=lambda entry: (entry.at, entry.key))
    assert (folded.status, folded.status_at) == (last.status, last.at)


@given(timelines)
def test_the_first_acceptance_counts(timeline: list[Entry]) -> None:
    accepted = [entry.at for entry in timeline if entry.status == "accepted"]
    assert fold(timeline).accepted_at == min(accepted, default=None)


@given(timelines)
def test_a_dossier_that_is_open_has_no_end_and_one_that_is_closed_has_one(timeline: list[Entry]) -> None:
    folded = fold(timeline)
    statuses = {entry.status for entry in timeline}
    if STATUSES[folded.status].clock == "stopped":
        assert folded.finished_at is not None
    elif "finished" not in statuses:
        assert folded.finished_at is None


def test_the_end_is_the_result_before_its_handing_over_before_a_stop() -> None:
    """The order in which the national formula 2.1 looks for an end."""
    story = [Entry("1", at(0), "accepted"), Entry("2", at(1), "finished"), Entry("3", at(5), "returned")]
    assert fold(story).finished_at == at(1)
    assert fold([story[0], story[2]]).finished_at == at(5)
    assert fold([story[0], Entry("4", at(3), "stopped")]).finished_at == at(3)


def test_a_later_due_date_replaces_an_earlier_one_and_silence_does_not() -> None:
    story = [Entry("1", at(0), "accepted", at(30)), Entry("2", at(1), "processing", at(40)), Entry("3", at(2), "awaiting_papers")]
    assert fold(story).due_at == at(40)


def test_steps_the_table_does_not_know_are_marked() -> None:
    story = [
        Entry("1", at(0), "registered"),
        Entry("2", at(1), "finished"),
        Entry("3", at(2), "returned"),
        Entry("4", at(3), "processing"),
    ]
    assert fold(story).irregular == {"2", "4"}


def test_a_late_entry_can_make_a_step_regular_that_was_not() -> None:
    story = [Entry("1", at(0), "registered"), Entry("3", at(2), "processing")]
    assert fold(story).irregular == {"3"}
    assert fold([*story, Entry("2", at(1), "accepted")]).irregular == set()
