"""The port through which every room says who did what to whose data (SEC-67); `backend/audit` keeps the record."""

from typing import Protocol, runtime_checkable

import msgspec

from kernel.principal import Principal

# What an entry says became of its act: it was about to be done, or it was done.
ATTEMPTED, DONE = "attempted", "ok"


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One act.

    `object` is `kind:id` of what it was done to, `subjects` are the citizens concerned, `fields` which personal fields were shown
    or changed (names, never values), `purpose` why.
    """

    action: str
    object: str
    subjects: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    agency: str | None = None
    purpose: str | None = None
    result: str = DONE


@runtime_checkable
class Audit(Protocol):
    """Whoever keeps the record."""

    async def record(self, actor: Principal, *entries: AuditEntry) -> None:
        """Write the entries, in one go, before the act's answer leaves.

        Raises:
            AuditUnavailable: they could not be written. Then a read of personal data must not be answered (SEC-71).
        """
        ...
