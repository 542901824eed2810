"""A notice becomes a row in the inbox, and a delivery for every device of its recipient."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

from pymongo import UpdateOne
from pymongo.errors import DuplicateKeyError

from kernel.clock import Clock
from kernel.ids import derived_id
from notifications.documents import Contact, Delivery, InboxItem, PushTarget
from notifications.errors import UnknownMessage
from notifications.lanes import FALLBACK, lane_of
from notifications.messages.catalogue import CATALOGUE
from notifications.messages.waits import USUAL, Waits, waits_of
from notifications.notice import Notice

USUAL_WAITS = waits_of(USUAL)
# Long ago by any clock: claims compare with the database's, and a poster whose own is ahead must not delay a push (I37).
AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)


class Notices:
    """Where other rooms post."""

    def __init__(self, clock: Clock, waits: Waits = USUAL_WAITS) -> None:
        """`waits`: how long, by category, a receipt is waited for before a contact stands in."""
        self._clock, self._waits = clock, waits

    async def post(self, notice: Notice) -> str:
        """Tell the recipient; answers the id of the notice. Posting again after a crash finishes what the first try began.

        Raises:
            UnknownMessage: the catalogue does not have it.
        """
        message = CATALOGUE.get(notice.message)
        if message is None:
            raise UnknownMessage(message=notice.message)
        now = self._clock.now()
        item = InboxItem(
            id=derived_id("notice", notice.recipient, notice.message, notice.dedupe_key),
            recipient=notice.recipient,
            message=notice.message,
            params=notice.params,
            link=notice.link,
            created_at=now,
            expires_at=now + message.lifetime,
        )
        # Posted before: what is left to do is the planning, in case the first try died between the two.
        with suppress(DuplicateKeyError):
            await item.commit()
        await _plan(item, now)
        if wait := self._waits.get(message.category):
            await _plan_fallback(item, wait)
        return item.id


async def _plan(item: InboxItem, now: datetime) -> None:
    """One delivery for each active installation; the id makes a second planning find the first (I4)."""
    wanted = {"recipient": item.recipient, "active": True}
    shown = {"epoch": 1, "refreshed_at": 1}
    urgent = CATALOGUE[item.message].urgency == "high"
    planned = [
        Delivery(
            id=derived_id("delivery", item.id, target["_id"], str(target["epoch"])),
            notice=item.id,
            recipient=item.recipient,
            installation=target["_id"],
            epoch=target["epoch"],
            message=item.message,
            group=derived_id("group", item.recipient, item.link),
            lane=lane_of(urgent=urgent, refreshed_at=target["refreshed_at"], now=now),
            planned=AT_ONCE,
            due=AT_ONCE,
            version=1,
        )
        async for target in PushTarget.get_pymongo_collection().find(wanted, shown)
    ]
    if planned:
        await Delivery.get_pymongo_collection().bulk_write([_once(delivery) for delivery in planned], ordered=False)


async def _plan_fallback(item: InboxItem, wait: timedelta) -> None:
    """One for each notice whose recipient has a confirmed contact, due when its wait is over; the rest is asked then (I32)."""
    confirmed = {"recipient": item.recipient, "confirmed_at": {"$exists": True}}
    if not await Contact.get_pymongo_collection().find_one(confirmed, {"_id": 1}):
        return
    fallback = Delivery(
        id=derived_id("delivery", item.id, FALLBACK),
        notice=item.id,
        recipient=item.recipient,
        message=item.message,
        group=derived_id("group", item.recipient, item.link),
        lane=FALLBACK,
        planned=AT_ONCE,
        due=AT_ONCE,
        version=1,
    )
    await Delivery.get_pymongo_collection().bulk_write([_once(fallback, wait)])


def _once(delivery: Delivery, wait: timedelta = timedelta()) -> UpdateOne:
    """Inserts a delivery that is not there; when it was planned is what the database's clock says (I26, I37)."""
    fields = {name: {"$literal": value} for name, value in delivery.model_dump(exclude={"id"}, exclude_none=True).items()}
    planned = {**fields, "planned": "$$NOW"}
    if wait:
        planned["due"] = {"$add": ["$$NOW", int(wait.total_seconds() * 1000)]}
    return UpdateOne({"_id": delivery.id}, [{"$replaceWith": {"$mergeObjects": [planned, "$$ROOT"]}}], upsert=True)
