"""An administrator reads what a record says of somebody: the references of one record, opened for a purpose, and that on record."""

import base64
from typing import Any

import msgspec

from backend.audit.chain import Row
from backend.audit.documents import AuditTrail
from backend.audit.vocabulary import PURPOSES
from kernel.audit import Audit, AuditEntry, Purpose
from kernel.principal import Principal
from kernel.privacy.field import Sealed
from kernel.privacy.vault import ERASED, Vault

ADMINISTRATOR = "administrator"
MARK_OF_THE_ERASED = "(erased)"


class NotOpened(Exception):
    """There is no such record, nobody who may open it, or no purpose to do so."""


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """One field of the record before and after, in the clear."""

    field: str
    before: Any = None
    after: Any = None


async def open_record(
    actor: Principal, record_id: str, purpose: str, *, trail: AuditTrail, vault: Vault, audit: Audit
) -> list[Opened]:
    """What one record says changed, references followed; what belongs to somebody erased since stays closed.

    Raises:
        NotOpened: the actor is no administrator, the purpose is none we know, or there is no such record.
        AuditUnavailable: it could not be put on record, and so nothing was opened.
    """
    if ADMINISTRATOR not in actor.roles:
        raise NotOpened("only an administrator opens records")
    try:
        why = msgspec.convert(purpose, type=Purpose)
    except msgspec.ValidationError as unknown:
        raise NotOpened(f"say what for: {', '.join(sorted(PURPOSES))}") from unknown
    record = await trail.records.find_one({"_id": {"$eq": record_id}})
    if record is None:
        raise NotOpened("there is no such record")
    changes: list[Row] = record.get("changes", [])
    fields = tuple(change["field"] for change in changes if any(_is_reference(change.get(side)) for side in ("before", "after")))
    entry = AuditEntry(
        action="audit.opened",
        object=f"audit:{record_id}",
        subjects=tuple(record["subjects"]),
        fields=fields,
        agency=record.get("agency"),
        purpose=why,
    )
    await audit.record(actor, entry)
    return [
        Opened(
            field=change["field"], before=await _told(vault, change.get("before")), after=await _told(vault, change.get("after"))
        )
        for change in changes
    ]


def _is_reference(value: Any) -> bool:
    return isinstance(value, dict) and "sealed" in value


async def _told(vault: Vault, value: Any) -> Any:
    if not _is_reference(value):
        return value
    said = await vault.open_one(Sealed(base64.b64decode(value["sealed"])))
    return MARK_OF_THE_ERASED if said is ERASED else said
