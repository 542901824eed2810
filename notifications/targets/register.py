"""A phone says where it can be reached, again and again; a phone leaves."""

from datetime import datetime
from typing import Literal
from zoneinfo import available_timezones

from pymongo.errors import DuplicateKeyError

from kernel.errors import StaleVersion, Unavailable
from kernel.principal import Principal
from notifications.documents import PushTarget, Target, mine
from notifications.errors import PushTargetNotFound, UnknownTimeZone

RETRIES = 5


async def register(
    actor: Principal,
    installation: str,
    *,
    platform: Literal["android", "ios", "web"],
    target: Target,
    locale: str,
    app_version: str,
    now: datetime,
    time_zone: str | None = None,
) -> PushTarget:
    """Register or refresh an installation: whoever signs in on it last owns it, no former owner's notice reaches it (I14, I16).

    Raises:
        UnknownTimeZone.
    """
    if time_zone is not None and time_zone not in available_timezones():
        raise UnknownTimeZone
    for _ in range(RETRIES):
        known = await PushTarget.get(installation)
        fields = {
            "recipient": actor.recipient,
            "session_id": actor.session_id,
            "platform": platform,
            "target": target,
            "locale": locale,
            "time_zone": time_zone,
            "app_version": app_version,
            "refreshed_at": now,
            "active": True,
            "retired_reason": None,
        }
        device = known or PushTarget(id=installation, registered_at=now, **fields)
        if known and known.recipient == actor.recipient:
            # Of a former owner's registration nothing stands in the new owner's record.
            known.remember()
        if known and (known.recipient, known.target, known.active) != (actor.recipient, target, True):
            device.epoch += 1
        for name, value in fields.items():
            setattr(device, name, value)
        try:
            return await device.commit()
        except DuplicateKeyError:
            await _retire_others(installation, target)
        except StaleVersion:
            continue
    raise Unavailable


async def is_of_this_session(actor: Principal, installation: str) -> bool:
    """Is this the caller's phone, registered by the very session that asks? Then nothing new is reached by what it says again."""
    own = {"_id": {"$eq": installation}, **mine(actor.recipient), "session_id": {"$eq": actor.session_id}}
    return actor.session_id is not None and await PushTarget.find_one(own) is not None


async def _retire_others(installation: str, target: Target) -> None:
    """The same address on another installation is that installation's past."""
    await PushTarget.get_pymongo_collection().update_many(
        {"_id": {"$ne": installation}, "target.value": {"$eq": target.value}, "active": True},
        {"$set": {"active": False, "retired_reason": "moved"}, "$inc": {"version": 1}},
    )


async def remove(actor: Principal, installation: str) -> None:
    """Forget an installation.

    Raises:
        PushTargetNotFound: it is not registered for this caller.
    """
    # Kept, inactive: its epoch goes on counting, so a late answer to an old push never hits a new registration (I15).
    removed = await PushTarget.get_pymongo_collection().update_one(
        {"_id": {"$eq": installation}, **mine(actor.recipient), "active": True},
        {"$set": {"active": False, "retired_reason": "removed"}, "$inc": {"version": 1}},
    )
    if removed.matched_count == 0:
        raise PushTargetNotFound


async def hand_over(session_id: str, successor: str | None) -> None:
    """A session has ended: its installations are forgotten, or go over to the session that took its place."""
    mine = {"session_id": {"$eq": session_id}, "active": True}
    change = {"session_id": successor} if successor else {"active": False, "retired_reason": "signed_out"}
    await PushTarget.get_pymongo_collection().update_many(mine, {"$set": change, "$inc": {"version": 1}})


async def retire(installation: str, epoch: int, reason: str) -> None:
    """The provider says nobody is there: true for the registration it was sent to, not for a newer one (I15)."""
    await PushTarget.get_pymongo_collection().update_one(
        {"_id": installation, "epoch": epoch, "active": True},
        {"$set": {"active": False, "retired_reason": reason}, "$inc": {"version": 1}},
    )
