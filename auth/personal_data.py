"""What auth holds about a citizen: their name, their accounts, their sign-ins."""

from datetime import datetime
from typing import Any

from auth.documents import Delegation, Person, Session, account_subject
from kernel.slice import PersonalData, only


def _of(subject: str) -> dict[str, Any]:
    """The accounts of a citizen; one without a personal number stands for itself, by its own id."""
    return {"$or": [{"citizen_key": {"$eq": subject}}, {"_id": {"$eq": subject}}]}


_ACCOUNT = ("name", "identities", "created_at", "signed_in_at", "locked_at")
_SESSION = (
    *("client_id", "scope", "provider", "device", "label", "assurance", "authenticated_at", "created_at", "last_seen_at"),
    *("activated_at", "expires_at", "ended_at", "end_reason"),
)
# Of a session in which they acted for somebody else: what they did, not whose it is and on which device.
_AS_HELPER = ("client_id", "scope", "created_at", "last_seen_at", "expires_at", "ended_at", "end_reason")
_DELEGATION = ("relation", "scopes", "created_at", "code_expires_at", "taken_up_at", "helper_kind", "helper_agencies")


async def export(subject: str) -> list[dict[str, Any]]:
    """Every account with this number, its sessions, who was let act in them, and where they acted for others themselves."""
    people = Person.get_pymongo_collection()
    ids = [person["_id"] async for person in people.find(_of(subject), {"_id": 1})]
    own, helping = {"person_id": {"$in": ids}}, {"helper.person_id": {"$in": ids}}
    told = (
        ("account", people.find(_of(subject), only(_ACCOUNT))),
        ("session", Session.get_pymongo_collection().find(own, only(_SESSION))),
        ("session_as_helper", Session.get_pymongo_collection().find(helping, only(_AS_HELPER))),
        ("delegation", Delegation.get_pymongo_collection().find(own, only(_DELEGATION))),
    )
    return [{"what": what, **row} for what, found in told async for row in found]


async def erase(subject: str, now: datetime) -> int:
    """End every session and cut every account loose: whoever signs in again is somebody new.

    An account had a key of its own as long as it vouched for no number: with that key an old backup could still be read.
    """
    assert Person.vault
    people = Person.get_pymongo_collection()
    found = await people.find(_of(subject), {"identities": 1}).to_list()
    ids = [row["_id"] for row in found]
    for account in (account for row in found for account in row["identities"]):
        await Person.vault.erase(account_subject(account["issuer"], account["subject"]), now=now)
    # What they called a device while their account stood for itself.
    for person_id in ids:
        await Person.vault.erase(person_id, now=now)
    await Session.get_pymongo_collection().update_many(
        {"$or": [{"person_id": {"$in": ids}}, {"helper.person_id": {"$in": ids}}], "ended_at": {"$exists": False}},
        {"$set": {"ended_at": now, "end_reason": "erased"}, "$inc": {"version": 1}},
    )
    await Session.get_pymongo_collection().update_many(
        {"person_id": {"$in": ids}},
        {"$set": {"subject": ""}, "$unset": dict.fromkeys(("upstream_sid", "device", "label", "named_by"), "")},
    )
    await Delegation.get_pymongo_collection().delete_many({"person_id": {"$in": ids}})
    gone = await people.delete_many({"_id": {"$in": ids}})
    return gone.deleted_count


PERSONAL_DATA = PersonalData(
    "account",
    "Tài khoản và phiên đăng nhập",
    "Account and sign-ins",
    export,
    erase,
    told={Person: _ACCOUNT, Session: _SESSION, Delegation: _DELEGATION},
)
