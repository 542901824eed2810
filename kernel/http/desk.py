"""A desk at which officials see and do things: nobody's data are shown before it is on record who saw them, and why (SEC-71).

A slice makes its own of it and says which viewer shows its rows, which field of a row holds the citizen, and which hold agencies.
"""

from typing import Annotated, Any, ClassVar

from litestar.params import HeaderParameter

from kernel.audit import DONE, Audit, AuditEntry, Purpose
from kernel.http.conditional import Fresh
from kernel.http.idempotency import Operation
from kernel.mongo.on_record import OnRecord
from kernel.mongo.reads import Reads, Row
from kernel.principal import Principal

AccessPurpose = Annotated[
    Purpose,
    HeaderParameter(name="X-Access-Purpose", description="Why the caller looks; the citizen can read it. Usually left out."),
]


class Desk:
    """One official's view of what their agencies have to do with, in one request."""

    citizen: ClassVar[str]
    """The field of a row that holds the citizen it concerns."""
    places: ClassVar[tuple[str, ...]]
    """The fields of a row that hold the agencies whose officials see it."""

    def __init__(
        self, actor: Principal, reads: Reads, viewer: Any, audit: Audit, fresh: Fresh, operation: Operation, purpose: Purpose
    ) -> None:
        self._actor, self._reads, self._viewer, self._audit, self._purpose = actor, reads, viewer, audit, purpose
        self._fresh, self._operation = fresh, operation

    async def _note(
        self,
        action: str,
        what: str,
        rows: list[Row],
        fields: tuple[str, ...] = (),
        *,
        result: str = DONE,
        purpose: Purpose | None = None,
        changed: OnRecord | None = None,
    ) -> None:
        """Put on record what is done to `what`, whose `fields` are shown.

        Raises:
            AuditUnavailable.
        """
        entry = AuditEntry(
            action=action,
            object=what,
            subjects=tuple(dict.fromkeys(row[self.citizen] for row in rows if self.citizen in row)),
            fields=fields,
            changes=changed.changes() if changed else (),
            whose=changed.data_subject() if changed else None,
            agency=self._office(rows),
            purpose=purpose or self._purpose,
            result=result,
        )
        await self._audit.record(self._actor, entry)

    def _office(self, rows: list[Row]) -> str | None:
        """The official's own agency; of several, the one by which they see it."""
        own = self._actor.agencies
        concerned = [row[place] for row in rows for place in self.places if row.get(place) in own]
        return next(iter(own)) if len(own) == 1 else next(iter(concerned), None)
