"""What auth holds about a citizen: their name, their accounts, their sign-ins."""

from datetime import datetime
from typing import Any

from auth.documents import Person, Session
from kernel.slice import PersonalData


async def export(subject: str) -> list[dict[str, Any]]:
    """The person and every session, without what only serves to check them."""
    person = await Person.get_pymongo_collection().find_one({"citizen_key": {"$eq": subject}})
    if person is None:
        return []
    sessions = Session.get_pymongo_collection().find(
        {"person_id": person["_id"]}, {"created_at": 1, "last_seen_at": 1, "provider": 1, "ended_at": 1, "_id": 0}
    )
    about = {name: person[name] for name in ("name", "created_at", "signed_in_at") if name in person}
    return [{"what": "account", **about}, *[{"what": "session", **row} async for row in sessions]]


async def erase(subject: str, now: datetime) -> int:
    """End every session and cut every account loose: whoever signs in again is somebody new."""
    people = Person.get_pymongo_collection()
    ids = [row["_id"] async for row in people.find({"citizen_key": {"$eq": subject}}, {"_id": 1})]
    await Session.get_pymongo_collection().update_many(
        {"person_id": {"$in": ids}, "ended_at": {"$exists": False}},
        {"$set": {"ended_at": now, "end_reason": "erased"}, "$inc": {"version": 1}},
    )
    await Session.get_pymongo_collection().update_many(
        {"person_id": {"$in": ids}}, {"$set": {"subject": ""}, "$unset": {"upstream_sid": ""}}
    )
    gone = await people.delete_many({"_id": {"$in": ids}})
    return gone.deleted_count


PERSONAL_DATA = PersonalData("account", "Tài khoản và phiên đăng nhập", "Account and sign-ins", export, erase)
