"""A dossier under every mixture of late, repeated and irregular events and of steps by staff: what must hold after each of them."""

from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.strategies import data, integers, lists, sampled_from

from backend.dossiers.actions.changes import news
from backend.dossiers.actions.steps import allowed_moves, record_step
from backend.dossiers.documents import Dossier, TimelineEntry
from backend.dossiers.states import STATUSES
from kernel.principal import Principal
from tests.unit.dossiers.test_states import BY_CODE, MOVES

BEGIN = datetime(2026, 6, 1, tzinfo=UTC)
EVERYBODY = Principal(id="s", kind="staff", client_id="app", roles=frozenset({"intake_officer", "handler", "approver"}))
KNOWN_STEPS = {(BY_CODE[before], BY_CODE[after]) for before, afters in MOVES.items() for after in afters}
hours = integers(0, 20)


class Timeline(RuleBasedStateMachine):
    """Drives one dossier; the model is the plain list of everything that was ever told."""

    def __init__(self) -> None:
        super().__init__()
        self.told: dict[str, TimelineEntry] = {}
        self.now = BEGIN
        # Beanie refuses to build a document without a database; the timeline needs none.
        self.dossier = Dossier.model_construct(
            code="H12.13-260615-0001", deciding_agency="H12.15", applicant="c", timeline=[], status="registered", status_at=BEGIN
        )

    def entry(self, hour: int, status: str) -> TimelineEntry:
        entry = TimelineEntry(
            key=f"source:{len(self.told)}", at=BEGIN + timedelta(hours=hour), recorded_at=self.now, status=status, source="source"
        )
        self.told[entry.key] = entry
        return entry

    @initialize(hour=hours, status=sampled_from(sorted(STATUSES)))
    def begins(self, hour: int, status: str) -> None:
        self.dossier.tell(self.entry(hour, status))

    @rule(batch=lists(sampled_from(sorted(STATUSES)), min_size=1, max_size=4), hour=hours)
    def the_source_tells_in_no_order(self, batch: list[str], hour: int) -> None:
        before = self.dossier.status
        entries = [self.entry((hour * (n + 1)) % 21, status) for n, status in enumerate(batch)]
        self.dossier.tell(*entries)
        assert bool(news(before, self.dossier)) == (self.dossier.status != before)

    @rule(some=data())
    def the_source_repeats_itself(self, some: object) -> None:
        again = some.draw(lists(sampled_from(sorted(self.told)), min_size=1))  # type: ignore[attr-defined]
        before = self.dossier.model_copy(deep=True)
        self.dossier.tell(*(self.told[key] for key in again))
        assert self.dossier.timeline == before.timeline
        assert news(before.status, self.dossier) == []

    @precondition(lambda self: allowed_moves(EVERYBODY, self.dossier.status))
    @rule(some=data(), later=hours)
    def staff_take_a_step(self, some: object, later: int) -> None:
        step = some.draw(sampled_from(allowed_moves(EVERYBODY, self.dossier.status)))  # type: ignore[attr-defined]
        self.now += timedelta(hours=later)
        record_step(self.dossier, step, EVERYBODY, "a reason long enough", self.now)
        assert self.dossier.status == step.target, "a person's act happens now, whatever the source has told of the future"
        newest = next(entry for entry in self.dossier.timeline if entry.key not in self.told)
        assert not newest.irregular
        self.told[newest.key] = newest

    @invariant()
    def every_event_is_there_once(self) -> None:
        assert sorted(entry.key for entry in self.dossier.timeline) == sorted(self.told)

    @invariant()
    def in_the_order_it_happened(self) -> None:
        whens = [(entry.at, entry.key) for entry in self.dossier.timeline]
        assert whens == sorted(whens)

    @invariant()
    def the_state_is_the_last_entrys(self) -> None:
        if self.dossier.timeline:
            assert self.dossier.status == self.dossier.timeline[-1].status

    @invariant()
    def exactly_the_unknown_steps_are_marked(self) -> None:
        before = None
        for entry in self.dossier.timeline:
            known = entry.status in ("registered", "accepted") if before is None else (before, entry.status) in KNOWN_STEPS
            assert entry.irregular is not known, (before, entry.status)
            before = entry.status


TestTimeline = Timeline.TestCase
TestTimeline.settings = settings(max_examples=40, stateful_step_count=15, deadline=None)
