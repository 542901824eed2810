"""Reading consents, requests for erasure and exports."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from backend.privacy import states
from backend.privacy.documents import Breach, Consent, DataRequest, DueRequest, ErasureRequest, Export, mine
from backend.privacy.errors import ExportNotFound
from backend.privacy.purposes import PURPOSES
from kernel.http.paging import decode_cursor, encode_cursor
from kernel.mongo.reads import Fields, Row
from kernel.privacy.vault import Vault, key_name, retired_name

_NEWEST_FIRST = [("requested_at", -1), ("_id", -1)]
TELL_ME, FOREIGN_PUSH = "tell_me_who_looked", "foreign_push"
_NO_WORDS = {"reason": 0, "extension_reason": 0, "wish": 0}
# A citizen with more requests than this has other troubles.
MOST_REQUESTS = 100
_RETIRED = retired_name("", "").removeprefix(key_name(""))


async def decisions(subject: str) -> tuple[list[Row], None]:
    """The last decision of the citizen on each purpose they ever decided on; there is no second page."""
    asked = [key for key, purpose in PURPOSES.items() if purpose.basis == "consent"]
    stages = [
        {"$match": {**mine(subject), "purpose": {"$in": asked}}},
        {"$sort": {"subject": 1, "purpose": 1, "number": -1}},
        {"$group": {"_id": "$purpose", "last": {"$first": "$$ROOT"}}},
        {"$replaceRoot": {"newRoot": "$last"}},
        {"$sort": {"purpose": 1}},
    ]
    found = await Consent.get_pymongo_collection().aggregate(stages)
    return await found.to_list(), None


async def has_consented(subject: str, purpose: str) -> bool:
    """May data of this citizen be processed for this purpose? A consent to another text than the present one is none."""
    if PURPOSES[purpose].basis != "consent":
        return True
    return subject in await consenting([subject], purpose)


async def consenting(subjects: Collection[str], purpose: str) -> set[str]:
    """Whose data may be processed on the ground of their yes: said to the present text, and not restricted since.

    Whoever has not been asked has not said it.
    """
    agreed = await _agreed(subjects, purpose)
    return agreed - await DataRequest.restricted(agreed)


async def _agreed(subjects: Collection[str], purpose: str) -> set[str]:
    stages: list[dict[str, Any]] = [
        {"$match": {"subject": {"$in": list(subjects)}, "purpose": {"$eq": purpose}}},
        {"$sort": {"subject": 1, "purpose": 1, "number": -1}},
        {"$group": {"_id": "$subject", "granted": {"$first": "$granted"}, "text_version": {"$first": "$text_version"}}},
        {"$match": {"granted": True, "text_version": PURPOSES[purpose].text_version}},
    ]
    found = await Consent.get_pymongo_collection().aggregate(stages)
    return {row["_id"] async for row in found}


async def withdrawn_since(moment: datetime) -> list[tuple[str, str]]:
    """Who has said no to which purpose since then, and has not said yes to it again."""
    found = Consent.get_pymongo_collection().find({"at": {"$gte": moment}, "granted": False}, {"subject": 1, "purpose": 1})
    noes = {(row["subject"], row["purpose"]) async for row in found}
    # A restriction is no withdrawal: what a later yes allows to be held is held.
    return [(subject, purpose) for subject, purpose in sorted(noes) if not await _agreed([subject], purpose)]


async def letting_pushes_leave(recipients: Collection[str]) -> set[str]:
    """Who of these lets pushes pass through a service abroad: what the sender of pushes asks (SEC-81)."""
    return await consenting(recipients, FOREIGN_PUSH)


async def wants_to_know(subject: str) -> datetime | None:
    """Since when this citizen wants to be told when an official looks at their data; None where they have not asked for it."""
    last = await Consent.latest(subject, TELL_ME)
    return last["at"] if last and last["granted"] and last["text_version"] == PURPOSES[TELL_ME].text_version else None


async def owed_notices() -> list[Row]:
    """The breaches of which the authority has not been told, by when each has to be."""
    found = Breach.get_pymongo_collection().find({"notified_at": {"$exists": False}}, {"notify_by": 1})
    return await found.sort("notify_by", 1).to_list()


async def requests_of(of: type[DueRequest], subject: str, shown: Fields | None = None) -> tuple[list[Row], None]:
    """The citizen's requests, newest first; there is no second page. Reasons are still sealed."""
    found = of.get_pymongo_collection().find(mine(subject), shown, limit=MOST_REQUESTS, sort=_NEWEST_FIRST)
    return await found.to_list(), None


async def request_of(of: type[DueRequest], subject: str, request_id: str, shown: Fields | None = None) -> Row:
    """One request of the citizen, or the fields of it that are to be `shown`.

    Raises:
        ErasureNotFound, DataRequestNotFound.
    """
    wanted = {"_id": {"$eq": request_id}, **mine(subject)}
    row: Row | None = await of.get_pymongo_collection().find_one(wanted, shown)
    if row is None:
        raise of.missing
    return row


async def request_for_staff(of: type[DueRequest], request_id: str) -> Row:
    """One request of anybody's, without anything a citizen or an official wrote.

    Raises:
        ErasureNotFound, DataRequestNotFound.
    """
    row: Row | None = await of.get_pymongo_collection().find_one({"_id": {"$eq": request_id}}, _NO_WORDS)
    if row is None:
        raise of.missing
    return row


async def page_of_requests(
    of: type[DueRequest], *, limit: int, cursor: str | None, state: str | None, shown: Fields | None = None
) -> tuple[list[Row], str | None]:
    """One page of everybody's requests, newest first, without what was written.

    Raises:
        CursorMalformed.
    """
    wanted: dict[str, Any] = {"state": {"$eq": state}} if state else {}
    if cursor:
        at, last_id = decode_cursor(cursor, [datetime, str])
        wanted["$or"] = [{"requested_at": {"$lt": at}}, {"requested_at": at, "_id": {"$lt": last_id}}]
    found = of.get_pymongo_collection().find(wanted, shown or _NO_WORDS, limit=limit + 1, sort=_NEWEST_FIRST)
    rows = await found.to_list()
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]
    return rows[:limit], encode_cursor(last["requested_at"], last["_id"])


async def export_of(subject: str, export_id: str, shown: Fields | None = None) -> Row:
    """The state of one export of the citizen.

    Raises:
        ExportNotFound.
    """
    wanted = {"_id": {"$eq": export_id}, **mine(subject)}
    row: Row | None = await Export.get_pymongo_collection().find_one(wanted, shown or {"file": 0})
    if row is None:
        raise ExportNotFound
    return row


async def unsettled() -> list[ErasureRequest]:
    """Requests of which it has to be decided whether they may go ahead."""
    return await ErasureRequest.find({"state": {"$in": states.UNSETTLED}}).to_list()


async def due_erasures(now: datetime) -> list[ErasureRequest]:
    """Requests whose waiting period is over, and those a crash left in the middle."""
    due = {"$or": [{"state": states.WAITING, "waits_until": {"$lte": now}}, {"state": states.ERASING}]}
    return await ErasureRequest.find(due).sort("+requested_at").to_list()


async def erased_subjects(vault: Vault) -> dict[str, datetime]:
    """The ledger: every subject ever erased, and when, oldest first.

    Two witnesses, so that a backup of one of them restored does not silence the other: the requests that are done, which lie with
    the data, and the tombstones, which lie with the keys.
    """
    done = ErasureRequest.get_pymongo_collection().find({"state": states.DONE}, {"subject": 1, "closed_at": 1})
    found = {row["subject"]: row["closed_at"] async for row in done}
    async for stone in vault.keys.find({"erased_at": {"$exists": True}}, {"keyAltNames": 1, "erased_at": 1}):
        subject = stone["keyAltNames"][0].removeprefix(key_name(""))
        # A former key bears the same mark; the tombstone under the subject's own name speaks for it.
        if _RETIRED not in subject:
            found.setdefault(subject, stone["erased_at"])
    return dict(sorted(found.items(), key=lambda entry: entry[1]))
