"""What auth holds about a citizen: their name, their accounts, their sign-ins."""

from datetime import datetime
from typing import Any

from auth.documents import Delegation, Person, Session, account_subject
from kernel.slice import PersonalData


def _of(subject: str) -> dict[str, Any]:
    """The accounts of a citizen; one without a personal number stands for itself, by its own id."""
    return {"$or": [{"citizen_key": {"$eq": subject}}, {"_id": {"$eq": subject}}]}


async def export(subject: str) -> list[dict[str, Any]]:
    """Every account with this number and every session of each, without what only serves to check them."""
    people = await Person.get_pymongo_collection().find(_of(subject)).to_list()
    sessions = Session.get_pymongo_collection().find(
        {"person_id": {"$in": [person["_id"] for person in people]}},
        {"created_at": 1, "last_seen_at": 1, "provider": 1, "ended_at": 1, "device": 1, "label": 1, "_id": 0},
    )
    shown = [{name: person[name] for name in ("name", "created_at", "signed_in_at") if name in person} for person in people]
    given = Delegation.get_pymongo_collection().find(
        {"person_id": {"$in": [person["_id"] for person in people]}},
        {"created_at": 1, "relation": 1, "scopes": 1, "taken_up_at": 1, "helper_agencies": 1, "_id": 0},
    )
    return [
        *[{"what": "account", **about} for about in shown],
        *[{"what": "session", **row} async for row in sessions],
        *[{"what": "delegation", **row} async for row in given],
    ]


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


PERSONAL_DATA = PersonalData("account", "Tài khoản và phiên đăng nhập", "Account and sign-ins", export, erase)
