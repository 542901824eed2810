"""A report on every way through the table, with time passing and reclassifications in between: what must hold after each step."""

import itertools
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.strategies import data, integers, sampled_from

from backend.feedback import sla, states
from backend.feedback.actions.steps import Circumstances, record
from backend.feedback.documents import NEVER, Feedback, TimelineEntry
from backend.feedback.states import FEEDBACK, STATES
from kernel.machine import Move
from kernel.principal import Principal
from kernel.state_calendar import state_calendar
from tests.support.officials import MINH, citizen

CALENDAR = state_calendar(2029)
# Before a weekend, before Tết, on a Sunday night.
BEGINNINGS = [datetime(2026, *when, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")) for when in ((6, 12, 16), (2, 13, 9), (6, 14, 22))]
minutes = integers(0, 60 * 30).map(lambda n: timedelta(minutes=n))


class Life(RuleBasedStateMachine):
    """Drives one report; the model is the list of the steps that were taken."""

    def __init__(self) -> None:
        super().__init__()
        self.walked = [("send", states.RECEIVED)]
        self.reopenings = 0

    @initialize(begin=sampled_from(BEGINNINGS), kind=sampled_from(["field_report", "procedure_complaint"]))
    def begins(self, begin: datetime, kind: str) -> None:
        self.now = begin
        # Beanie refuses to build a document without a database; the table needs none.
        self.report = Feedback.model_construct(
            id="r",
            reporter="s_lan",
            kind=kind,
            category="power_lighting",
            urgency="normal",
            received_at=begin,
            state=states.RECEIVED,
            state_at=begin,
            desk="H12.13",
            round=1,
            reopenings=0,
            promises=[],
            timeline=[],
            followers=[],
        )
        first = TimelineEntry(at=begin, move="send", state=states.RECEIVED, by="citizen", round=1)
        self.report.enter(first, CALENDAR, why="received")

    @rule(span=minutes)
    def time_passes(self, span: timedelta) -> None:
        self.now += span

    def moves(self, *, ends: bool) -> list[Move]:
        """The steps from here that end it, or those that do not."""
        possible = [m for m in FEEDBACK.from_state(self.report.state) if m.name not in self.shut()]
        return [m for m in possible if STATES[m.target].terminal is ends]

    @precondition(lambda self: self.moves(ends=False))
    @rule(some=data())
    def a_step_is_taken(self, some: object) -> None:
        self.take(some.draw(sampled_from(self.moves(ends=False))))  # type: ignore[attr-defined]

    # Most reports would end before anything had happened to them.
    @precondition(lambda self: len(self.walked) > 4 and self.moves(ends=True))
    @rule(some=data())
    def it_ends(self, some: object) -> None:
        self.take(some.draw(sampled_from(self.moves(ends=True))))  # type: ignore[attr-defined]

    def take(self, step: Move) -> None:
        """Record the step, by somebody who may."""
        actor: Principal | None = None if "clock" in step.by else citizen() if "citizen" in step.by else MINH
        if step.target == states.REOPENED:
            self.report.round += 1
        before = self.report.state
        event = record(self.report, step, actor, Circumstances(self.now, CALENDAR))
        assert (event.before, event.after, event.round) == (before, step.target, self.report.round)
        self.reopenings += step.name in ("reopen", "ask_to_reopen")
        self.report.reopenings = self.reopenings
        self.walked.append((step.name, step.target))

    def shut(self) -> set[str]:
        return {"ask_to_reopen"} if self.reopenings != 1 else {"reopen"}

    @precondition(lambda self: self.report.open)
    @rule()
    def it_is_called_urgent(self) -> None:
        due = [p.due_at for p in self.report.promises]
        self.report.urgency = "urgent"
        self.report.promises = [sla.shortened(p, self.report.terms, CALENDAR) for p in self.report.promises]
        self.report.settle()
        assert all(after.due_at <= before for after, before in zip(self.report.promises, due, strict=True))

    @invariant()
    def the_timeline_tells_every_step_in_order_and_nothing_else(self) -> None:
        timeline = self.report.timeline
        assert [(entry.move, entry.state) for entry in timeline] == self.walked
        assert [entry.at for entry in timeline] == sorted(entry.at for entry in timeline)
        for before, entry in itertools.pairwise(timeline):
            assert FEEDBACK.find(entry.move, before.state).target == entry.state

    @invariant()
    def the_state_is_the_last_entrys(self) -> None:
        assert (self.report.state, self.report.state_at) == (self.report.timeline[-1].state, self.report.timeline[-1].at)
        assert self.report.open == STATES[self.report.state].is_open

    @invariant()
    def the_clock_does_what_the_table_says(self) -> None:
        state = STATES[self.report.state]
        alive = [p for p in self.report.promises if p.stopped_at is None]
        assert len({p.what for p in alive}) == len(alive), "of each kind one promise at most"
        assert {p.what for p in alive} <= {state.promise, states.ANSWER}, "what was passed on is not waited for any longer"
        own = next((p for p in alive if p.what == state.promise), None)
        match state.clock:
            case "running":
                assert own
                assert own.runs
                assert self.report.due_at == self.report.queue_at == own.due_at
            case "paused":
                assert own
                assert own.paused_at == self.report.state_at
                assert (self.report.due_at, self.report.queue_at) == (None, NEVER)
            case _:
                assert alive == []
                assert (self.report.due_at, self.report.queue_at) == (None, NEVER)

    @invariant()
    def nothing_waits_for_ever(self) -> None:
        out = STATES[self.report.state].times_out
        assert self.report.times_out_at == (self.report.state_at + out.after if out else None)

    @invariant()
    def the_desk_sees_it_always(self) -> None:
        assert self.report.seen_by[0] == "desk:H12.13"

    @invariant()
    def a_promise_that_ended_ended_where_the_table_says(self) -> None:
        for promise in self.report.promises:
            if promise.stopped_at is None:
                continue
            [entry, *_] = [e for e in self.report.timeline if e.at == promise.stopped_at]
            entered = [e.state for e in self.report.timeline if e.at == promise.stopped_at]
            assert entry.at >= promise.count_from
            assert any(STATES[name].promise != promise.what for name in entered)

    def check_everything(self) -> None:
        """Every invariant at once, for a walk that Hypothesis does not lead."""
        self.the_timeline_tells_every_step_in_order_and_nothing_else()
        self.the_state_is_the_last_entrys()
        self.the_clock_does_what_the_table_says()
        self.nothing_waits_for_ever()
        self.a_promise_that_ended_ended_where_the_table_says()


def test_every_step_after_every_step_of_the_table_is_walked() -> None:
    """From each state the shortest way leads to, each two steps in a row."""
    ways: dict[str, list[Move]] = {states.RECEIVED: []}
    while len(ways) < len(STATES):
        for name, way in list(ways.items()):
            for step in FEEDBACK.from_state(name):
                ways.setdefault(step.target, [*way, step])
    walked = set()
    for name, way in ways.items():
        for first in FEEDBACK.from_state(name):
            for second in FEEDBACK.from_state(first.target) or [None]:
                life = Life()
                life.begins(BEGINNINGS[len(walked) % 3], "field_report" if len(walked) % 2 else "procedure_complaint")
                for step in filter(None, (*way, first, second)):
                    life.now += timedelta(minutes=47)
                    life.take(step)
                    life.check_everything()
                    walked.add((step.name, step.target))
    assert walked == {(m.name, m.target) for m in FEEDBACK.moves}


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=80, stateful_step_count=25, deadline=None)


def test_what_an_answer_really_took_is_what_the_promise_judges() -> None:
    """Ran 3 h, waited 30 h for the citizen, ran 59 min: kept. One minute more of work: broken."""
    for last, broken in ((59, False), (61, True)):
        life = Life()
        life.begins(BEGINNINGS[0], "field_report")
        for pause, name in (
            (0, "classify"),
            (10, "assign"),
            (0, "start"),
            (180, "ask_reporter"),
            (30 * 60, "reply"),
            (last, "answer"),
        ):
            life.now += timedelta(minutes=pause)
            step = FEEDBACK.find(name, life.report.state)
            record(life.report, step, MINH, Circumstances(life.now, CALENDAR))
        [answer] = [p for p in life.report.promises if p.what == "answer"]
        assert answer.overdue(life.now + timedelta(days=99)) is broken
