"""A dossier's deadline follows its timeline: what pauses it, what sets it going again, in whatever order it was told."""

from datetime import datetime, timedelta
from itertools import pairwise

import msgspec
from hypothesis import given
from hypothesis.strategies import integers, lists, permutations, sampled_from

from backend.dossiers import states
from backend.dossiers.due import counted, pauses_of
from kernel.clock import VIETNAM
from kernel.deadline import Term
from kernel.state_calendar import state_calendar
from kernel.working_time import WorkingTime

WORKING = WorkingTime(state_calendar(2028))
FIVE_DAYS = Term(5, "working_days")


class Step(msgspec.Struct, frozen=True):
    status: str
    at: datetime
    key: str = ""
    due_at: datetime | None = None


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


def story(*steps: tuple[str, str]) -> list[Step]:
    return [Step(status, at(when), str(n)) for n, (status, when) in enumerate(steps)]


def test_asking_for_papers_stops_the_clock_until_they_come() -> None:
    told = story(
        (states.ACCEPTED, "2026-11-09T10:00"),
        (states.PROCESSING, "2026-11-09T11:00"),
        (states.AWAITING_PAPERS, "2026-11-11T10:00"),
        (states.PROCESSING, "2026-11-13T15:00"),
    )
    [pause] = pauses_of(told)
    assert (pause.begins, pause.ends, pause.why) == (told[2].at, told[3].at, states.AWAITING_PAPERS)
    assert counted(told[0].at, FIVE_DAYS, told, WORKING).due_at == at("2026-11-19T17:00")


def test_papers_asked_for_before_acceptance_pause_nothing() -> None:
    told = story(
        (states.REGISTERED, "2026-11-05T10:00"),
        (states.AWAITING_PAPERS, "2026-11-06T10:00"),
        (states.ACCEPTED, "2026-11-09T10:00"),
    )
    assert pauses_of(told) == []


def test_from_papers_to_payment_is_one_pause() -> None:
    told = story(
        (states.ACCEPTED, "2026-11-09T10:00"),
        (states.AWAITING_PAPERS, "2026-11-10T10:00"),
        (states.AWAITING_PAYMENT, "2026-11-11T10:00"),
    )
    [pause] = pauses_of(told)
    assert (pause.begins, pause.ends) == (told[1].at, None)
    assert counted(told[0].at, FIVE_DAYS, told, WORKING).due_at is None


def test_a_result_ends_a_pause() -> None:
    told = story((states.ACCEPTED, "2026-11-09T10:00"), (states.AWAITING_PAYMENT, "2026-11-10T10:00"))
    told.append(Step(states.FINISHED, at("2026-11-12T10:00"), "9"))
    assert [pause.ends for pause in pauses_of(told)] == [told[-1].at]


@given(
    statuses=lists(sampled_from(sorted(states.STATUSES)), min_size=1, max_size=8),
    gap=integers(1, 3_000),
    order=permutations(range(9)),
)
def test_the_order_of_telling_does_not_matter_and_pauses_lie_apart(statuses: list[str], gap: int, order: list[int]) -> None:
    first = at("2026-03-02T08:00")
    told = [Step(states.ACCEPTED, first, "a")]
    told += [Step(status, first + timedelta(minutes=gap * (n + 1)), str(n)) for n, status in enumerate(statuses)]
    found = pauses_of(told)
    assert pauses_of([told[n] for n in order if n < len(told)]) == found
    assert all(earlier.ends <= later.begins for earlier, later in pairwise(found))
    assert all(pause.ends is not None for pause in found[:-1])
