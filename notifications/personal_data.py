"""What notifications hold about a citizen: notices, phones, contacts, what was sent where, how they want to be told."""

from datetime import datetime
from typing import Any

from kernel.slice import PersonalData, only
from notifications.documents import Contact, Delivery, InboxItem, Preferences, PushTarget

_NOTICE = ("message", "params", "link", "created_at", "expires_at", "read_at", "summary")
_PHONE = (
    *("platform", "target", "locale", "time_zone", "app_version", "registered_at", "refreshed_at", "active", "retired_reason"),
)
_DELIVERY = (
    *("message", "installation", "planned", "state", "reason", "seen", "finished_at"),
    *("attempts.at", "attempts.outcome", "attempts.channel", "late.at", "late.outcome", "late.channel", "begun"),
)
_CHOSEN = ("language", "detail", "quiet_hours", "muted", "fallback")
_CONTACT = ("kind", "address", "confirmed_at", "retired_reason", "pending.address", "pending.expires_at")


async def export(subject: str) -> list[dict[str, Any]]:
    """The inbox, what they chose, the registered phones with the addresses pushes go to, and what was sent there."""
    mine = {"recipient": {"$eq": subject}}
    told = (
        ("preferences", Preferences.get_pymongo_collection().find({"_id": {"$eq": subject}}, only(_CHOSEN))),
        ("notice", InboxItem.get_pymongo_collection().find(mine, only(_NOTICE))),
        ("phone", PushTarget.get_pymongo_collection().find(mine, only(_PHONE))),
        ("contact", Contact.get_pymongo_collection().find(mine, only(_CONTACT))),
        ("delivery", Delivery.get_pymongo_collection().find(mine, only(_DELIVERY))),
    )
    return [{"what": what, **row} for what, found in told async for row in found]


async def erase(subject: str, _: datetime) -> int:
    """Nothing of this has to be kept by law: it is deleted, deliveries with it."""
    mine = {"recipient": {"$eq": subject}}
    gone = [await document.get_pymongo_collection().delete_many(mine) for document in (Delivery, PushTarget, Contact, InboxItem)]
    gone.append(await Preferences.get_pymongo_collection().delete_one({"_id": {"$eq": subject}}))
    return sum(result.deleted_count for result in gone)


PERSONAL_DATA = PersonalData(
    "notices",
    "Thông báo và điện thoại đã đăng ký",
    "Notices and phones",
    export,
    erase,
    told={InboxItem: _NOTICE, PushTarget: _PHONE, Delivery: _DELIVERY, Contact: _CONTACT, Preferences: _CHOSEN},
)
