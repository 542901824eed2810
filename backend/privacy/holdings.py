"""What the house holds of its citizens, and the means to open, hand out and destroy it: handed to this room by the app."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from litestar.di import NamedDependency

from kernel.audit import Audit
from kernel.calendar import Calendar
from kernel.clock import Clock
from kernel.mongo.client import Database
from kernel.mongo.files import Files
from kernel.privacy.subjects import Subjects
from kernel.privacy.vault import Vault
from kernel.slice import PersonalData
from kernel.state_calendar import state_calendar

YEARS_AHEAD = 2


@dataclass(frozen=True)
class Holdings:
    """What actions, jobs and commands work with.

    `open_cases(subject)` names the cases the law wants finished before an erasure.
    """

    db: Database
    vault: Vault
    subjects: Subjects
    files: Files
    audit: Audit
    clock: Clock
    personal_data: Sequence[PersonalData]
    open_cases: Callable[[str], Awaitable[list[str]]]

    def calendar(self) -> Calendar:
        """The state's working calendar, as far ahead as any term reaches."""
        return state_calendar(self.clock.now().year + YEARS_AHEAD)


TheHoldings = NamedDependency[Holdings]
