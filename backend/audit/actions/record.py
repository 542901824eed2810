"""Somebody did something: keep it, in a chain that this process alone writes."""

import asyncio
import base64
from datetime import datetime
from typing import Any

import structlog

from backend.audit.chain import Head, Row, begin, extend
from backend.audit.documents import AuditTrail
from backend.audit.second_copy import SecondCopy
from kernel.audit import CALLER_NETWORK, AuditEntry, Change
from kernel.clock import VIETNAM, Clock
from kernel.errors import AuditUnavailable
from kernel.ids import new_id
from kernel.principal import Principal
from kernel.privacy.errors import SubjectErased, VaultUnavailable
from kernel.privacy.field import Sealed
from kernel.privacy.vault import Vault
from kernel.text import clean

log = structlog.get_logger(__name__)

LONGEST_TEXT = 500
# What came while the last insert was on its way goes together in the next.
ACTS_AT_ONCE = 500


class AuditLog:
    """Implements `kernel.audit.Audit`.

    One task writes at a time, and takes along whatever waits. A chain goes on only while every insert is known to have succeeded;
    after a failure, at midnight and at every start a new one begins: nothing ever has to be guessed about the end of an old one.
    """

    def __init__(self, trail: AuditTrail, clock: Clock, copy: SecondCopy | None = None, vault: Vault | None = None) -> None:
        self._trail, self._clock, self._copy, self._vault = trail, clock, copy, vault
        self._head: Head | None = None
        self._waiting: list[tuple[list[Row], asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def record(self, actor: Principal, *entries: AuditEntry) -> None:
        """Keep the entries; they are on the majority's journals, and in the second copy, when this returns.

        Raises:
            AuditUnavailable: that is not certain; whatever was to be answered must not be (SEC-71).
        """
        if not entries:
            return
        drafts = [_draft(actor, entry, await self._by_reference(entry)) for entry in entries]
        written = asyncio.get_running_loop().create_future()
        self._waiting.append((drafts, written))
        if self._writing is None or self._writing.done():
            # A task of its own: a caller who hangs up cancels their own wait and nobody's insert.
            self._writing = asyncio.create_task(self._write())
        await written

    async def _by_reference(self, entry: AuditEntry) -> list[Row]:
        """The changes of an entry, what is personal in them sealed under its citizen's key."""
        values: list[dict[str, Any]] = [{"before": change.before, "after": change.after} for change in entry.changes]
        whose = entry.whose or (entry.subjects[0] if len(entry.subjects) == 1 else None)
        try:
            if values and self._vault:
                values = await self._vault.seal(whose, values)
        except SubjectErased:
            # Erased at this moment: that the field changed can be said, and nothing more.
            values = [{} for _ in values]
        except VaultUnavailable as failure:
            raise AuditUnavailable from failure
        return [_change(change, told) for change, told in zip(entry.changes, values, strict=True)]

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:ACTS_AT_ONCE], self._waiting[ACTS_AT_ONCE:]
            failure: BaseException | None = asyncio.CancelledError()
            try:
                await self._append([draft for drafts, _ in batch for draft in drafts])
                failure = None
            except Exception as broken:  # noqa: BLE001 - whatever it was: what is not written is not answered, and the next may be
                log.error("audit.cannot_write", error=type(broken).__name__, acts=len(batch))  # noqa: TRY400 - the cause flies on
                failure = broken
            finally:
                _settle([written for _, written in batch], failure)

    async def _append(self, drafts: list[Row]) -> None:
        now = self._clock.now()
        rows, head = extend(self._continued(now), drafts, at=now)
        # Forgotten until all went well: what a failed insert left behind is the sound beginning of a chain nobody continues.
        self._head = None
        await self._trail.records.insert_many(rows)
        if self._copy:
            await self._copy.append(rows)
        self._head = head

    def _continued(self, now: datetime) -> Head:
        day = now.astimezone(VIETNAM).date().isoformat()
        if self._head is None or self._head.day != day:
            return begin(day, new_id())
        return self._head


def _settle(written: list[asyncio.Future[None]], failure: BaseException | None) -> None:
    for future in written:
        if future.done():
            continue
        if failure is None:
            future.set_result(None)
        else:
            problem = AuditUnavailable()
            problem.__cause__ = failure
            future.set_exception(problem)


def _draft(actor: Principal, entry: AuditEntry, changes: list[Row]) -> Row:
    """The entry as a row without a place. What is absent is left out, as everywhere in the database."""
    told = {
        "agency": entry.agency,
        "purpose": entry.purpose,
        "trace_id": structlog.contextvars.get_contextvars().get("trace_id"),
        "network": CALLER_NETWORK.get(),
    }
    return {
        "actor": _actor(actor.acting or actor),
        "action": _line(entry.action),
        "object": _line(entry.object),
        # Whoever acts for a citizen is the one who did it, and the citizen sees it.
        "subjects": list(dict.fromkeys([*entry.subjects, *([actor.recipient] if actor.acting else [])])),
        "fields": [_line(name) for name in entry.fields],
        **({"changes": changes} if changes else {}),
        "result": _line(entry.result),
        **{name: _line(value) for name, value in told.items() if value},
    }


def _change(change: Change, told: dict[str, Any]) -> Row:
    values = {name: _value(value) for name, value in told.items() if value is not None}
    return {"field": _line(change.field), **values}


def _value(value: Any) -> Any:
    """As it is hashed: the same out of the database and out of a line of JSON."""
    match value:
        case Sealed():
            return {"sealed": base64.b64encode(value.raw).decode()}
        case datetime():
            return value.isoformat()
        case str():
            return _line(value)
        case list() | tuple():
            return [_value(item) for item in value]
        case _:
            return value


def _actor(actor: Principal) -> Row:
    """Who it was. Officials act in office, so their name is kept; a citizen's never is."""
    known = {"id": actor.id, "kind": actor.kind, "client": actor.client_id, "roles": sorted(actor.roles)}
    return {**known, "name": _line(actor.name)} if actor.kind == "staff" and actor.name else known


def _line(text: str) -> str:
    """One line without control characters and of bounded length: nobody writes a second entry into the first (SEC-69)."""
    # What no encoding can carry (half of a surrogate pair) would otherwise fail the insert of everybody who waits.
    told = clean(text.encode("utf-8", "replace").decode())
    return " ".join(told.split())[:LONGEST_TEXT]
