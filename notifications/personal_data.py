"""What notifications hold about a citizen: their notices, their phones, what was sent where, how they want to be told."""

from datetime import datetime
from typing import Any

from kernel.slice import PersonalData
from notifications.documents import Delivery, InboxItem, Preferences, PushTarget


async def export(subject: str) -> list[dict[str, Any]]:
    """The inbox, what they chose, and the registered phones without the addresses pushes go to."""
    mine = {"recipient": {"$eq": subject}}
    notices = InboxItem.get_pymongo_collection().find(mine, {"message": 1, "params": 1, "created_at": 1, "read_at": 1, "_id": 0})
    shown = ("platform", "locale", "time_zone", "app_version", "registered_at", "refreshed_at", "active")
    phones = PushTarget.get_pymongo_collection().find(mine, {**dict.fromkeys(shown, 1), "_id": 0})
    chosen = Preferences.get_pymongo_collection().find({"_id": {"$eq": subject}}, {"_id": 0, "version": 0})
    return [
        *[{"what": "preferences", **row} async for row in chosen],
        *[{"what": "notice", **row} async for row in notices],
        *[{"what": "phone", **row} async for row in phones],
    ]


async def erase(subject: str, _: datetime) -> int:
    """Nothing of this has to be kept by law: it is deleted, deliveries with it."""
    mine = {"recipient": {"$eq": subject}}
    gone = [await document.get_pymongo_collection().delete_many(mine) for document in (Delivery, PushTarget, InboxItem)]
    gone.append(await Preferences.get_pymongo_collection().delete_one({"_id": {"$eq": subject}}))
    return sum(result.deleted_count for result in gone)


PERSONAL_DATA = PersonalData("notices", "Thông báo và điện thoại đã đăng ký", "Notices and phones", export, erase)
