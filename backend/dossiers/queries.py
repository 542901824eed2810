"""Reading dossiers: projections straight into plain rows, within what the actor may see."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from backend.dossiers.code import normalise
from backend.dossiers.documents import Dossier, Reminder, visible_to
from backend.dossiers.errors import CodeMalformed, DossierNotFound, ResultNotReady, SupplementNotFound
from backend.dossiers.lookup import Secrets, ended
from backend.dossiers.search import LONGEST, query_keys
from backend.dossiers.states import STATUSES
from kernel.http.conditional import Marks
from kernel.http.paging import decode_cursor, encode_cursor
from kernel.mongo.reads import Fields, Reads, Row
from kernel.principal import Principal
from kernel.privacy.vault import Vault

COLLECTION = Dossier.Settings.name

# The file's key is opened for a download and for nothing else.
_HIDDEN = {"outbox": 0, "relay": 0, "search": 0, "name_tokens": 0, "result.key": 0, "supplements.items.files.key": 0}
# A citizen is not told their own name, so there is nothing of it to open.
_HIDDEN_FROM_CITIZENS = {**_HIDDEN, "applicant_name": 0}
# Whose a dossier is, and by which office it is seen: nothing that would have to be opened.
_CONCERNED = {"applicant": 1, "deciding_agency": 1, "receiving_agency": 1}
_RESULT = {**_CONCERNED, "result": 1}
_SUPPLIED = {**_CONCERNED, "supplements.items.files": 1}
_SUMMARY = {
    "code": 1,
    "procedure_code": 1,
    "procedure_name": 1,
    "status": 1,
    "status_at": 1,
    "deciding_agency": 1,
    "due_at": 1,
    "version": 1,
    "result.id": 1,
}
# A citizen knows their own name: their lists have nothing to open.
_STAFF_SUMMARY = {**_SUMMARY, "receiving_agency": 1, "applicant": 1, "applicant_name": 1}
_COPY = {**_SUMMARY, "receiving_agency": 1, "accepted_at": 1, "finished_at": 1}
# By what a copy of a dossier is told from the present one, and by whom it may be seen: nothing that would have to be opened.
MARKED = {**_CONCERNED, "version": 1, "status": 1, "status_at": 1, "due_at": 1}
# What a due date is explained from.
DEADLINE = {
    **MARKED,
    "code": 1,
    "accepted_at": 1,
    "updated_at": 1,
    "promise": 1,
    "prolonged": 1,
    **{f"timeline.{name}": 1 for name in ("key", "at", "recorded_at", "status", "source", "due_at")},
}
# What papers are made from.
PAPERS = {
    **MARKED,
    "code": 1,
    "procedure_name": 1,
    "applicant_name": 1,
    "accepted_at": 1,
    "prolonged": 1,
    **{f"supplements.{name}": 1 for name in ("at", "reason", "respond_by", "items.text")},
    **{f"timeline.{name}": 1 for name in ("at", "status", "agency", "note", "due_at")},
}
_LOOKED_UP = {"code": 1, "status": 1, "status_at": 1, "due_at": 1}
REMINDED = Marks({"version": 1, "at": 1})
_LATEST_FIRST = [("status_at", -1), ("_id", -1)]


async def page_of_dossiers(
    reads: Reads,
    actor: Principal,
    *,
    limit: int,
    cursor: str | None,
    status: str | None = None,
    q: str | None = None,
    shown: Fields | None = None,
) -> tuple[list[Row], str | None]:
    """One page, the latest change of state first, and the cursor of the next page if there is one.

    `shown` are the fields to read, instead of those of a summary; `status_at` has to be among them.

    Raises:
        CursorMalformed.
    """
    wanted: list[dict[str, Any]] = [visible_to(actor)]
    if status:
        wanted.append({"status": {"$eq": status}})
    if q:
        wanted.extend(await _matching(q, reads.vault))
    if cursor:
        at, last_id = decode_cursor(cursor, [datetime, str])
        wanted.append({"$or": [{"status_at": {"$lt": at}}, {"status_at": at, "_id": {"$lt": last_id}}]})
    summary = _STAFF_SUMMARY if actor.kind == "staff" else _SUMMARY
    rows = await reads.many(COLLECTION, {"$and": wanted}, shown=shown or summary, sort=_LATEST_FIRST, limit=limit + 1)
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]
    return rows[:limit], encode_cursor(last["status_at"], last["_id"])


async def _matching(q: str, vault: Vault) -> list[dict[str, Any]]:
    """Every word of the query, in the code, in the procedure or at the beginning of a word of the name."""
    keys = query_keys(q)
    if not keys:
        return [{"_id": None}]
    # A user's word becomes a pattern only escaped and anchored (SEC-51): an index range, never a scan.
    in_the_clear: list[Any] = [*keys[:-1], re.compile("^" + re.escape(keys[-1]))]
    tokens = [await vault.token(key[:LONGEST]) for key in keys]
    return [{"$or": [{"search": word}, {"name_tokens": token}]} for word, token in zip(in_the_clear, tokens, strict=True)]


async def one_dossier(reads: Reads, actor: Principal, dossier_id: str, shown: Fields | None = None) -> Row:
    """A whole dossier, or the fields of it that are to be `shown`.

    Raises:
        DossierNotFound: there is none, or it is not this actor's to see.
    """
    wanted = {"_id": {"$eq": dossier_id}, **visible_to(actor)}
    row = await reads.one(COLLECTION, wanted, shown or (_HIDDEN_FROM_CITIZENS if actor.kind == "citizen" else _HIDDEN))
    if row is None:
        raise DossierNotFound
    return row


async def dossiers_among(reads: Reads, actor: Principal, ids: Sequence[str]) -> list[Row]:
    """Those of these dossiers that the actor may see, without anything that would have to be opened."""
    wanted = {"_id": {"$in": list(ids)}, **visible_to(actor)}
    return await reads.many(COLLECTION, wanted, shown=_COPY, sort=[("_id", 1)], limit=len(ids))


async def concerned(reads: Reads, actor: Principal, dossier_id: str) -> Row:
    """Whose a dossier is and where it lies, without opening anything.

    Raises:
        DossierNotFound: there is none, or it is not this actor's to see.
    """
    row = await reads.one(COLLECTION, {"_id": {"$eq": dossier_id}, **visible_to(actor)}, _CONCERNED)
    if row is None:
        raise DossierNotFound
    return row


async def result_row(reads: Reads, actor: Principal, dossier_id: str) -> Row:
    """The result of a dossier with what opens it, and whose it is.

    Raises:
        DossierNotFound: there is none, or it is not this actor's to see.
        ResultNotReady: the dossier has none yet.
    """
    row = await reads.one(COLLECTION, {"_id": {"$eq": dossier_id}, **visible_to(actor)}, _RESULT)
    if row is None:
        raise DossierNotFound
    if "result" not in row:
        raise ResultNotReady
    return row


async def page_of_reminders(
    reads: Reads, actor: Principal, *, limit: int, cursor: str | None, shown: Fields | None = None
) -> tuple[list[Row], str | None]:
    """Reminders of the actor's agencies that are meant for their roles, the latest first.

    Raises:
        CursorMalformed.
    """
    wanted: list[dict[str, Any]] = [{"agency": {"$in": sorted(actor.agencies)}, "roles": {"$in": sorted(actor.roles)}}]
    if cursor:
        at, last_id = decode_cursor(cursor, [datetime, str])
        wanted.append({"$or": [{"at": {"$lt": at}}, {"at": at, "_id": {"$lt": last_id}}]})
    latest_first = [("at", -1), ("_id", -1)]
    rows = await reads.many(Reminder.Settings.name, {"$and": wanted}, shown=shown, sort=latest_first, limit=limit + 1)
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]
    return rows[:limit], encode_cursor(last["at"], last["_id"])


async def supplied_file(reads: Reads, actor: Principal, dossier_id: str, file_id: str) -> tuple[Row, Row]:
    """The dossier, and one of the files its citizen supplied with what opens it.

    Raises:
        DossierNotFound: there is none, or it is not this actor's to see.
        SupplementNotFound: no such file was supplied.
    """
    row = await one_dossier(reads, actor, dossier_id, _SUPPLIED)
    files = (file for one in row.get("supplements", []) for item in one["items"] for file in item["files"])
    file = next((file for file in files if file["id"] == file_id), None)
    if file is None:
        raise SupplementNotFound
    return row, file


async def looked_up(reads: Reads, code: str, secret: str, secrets: Secrets, now: datetime) -> Row:
    """How the dossier of this code stands, for whoever knows its secret.

    Raises:
        DossierNotFound: no such code, another secret, or it is over: the same answer after the same work.
    """
    try:
        wanted = normalise(code)
    except CodeMalformed:
        wanted = ""
    row = await reads.one(COLLECTION, {"code": {"$eq": wanted}}, _LOOKED_UP)
    fits = secrets.fits(secret, row["_id"] if row else "")
    if row is None or not fits or ended(row["status_at"], now, terminal=STATUSES[row["status"]].terminal):
        raise DossierNotFound
    return row
