"""A notice becomes a row in the inbox, and a delivery for every device of its recipient."""

from contextlib import suppress
from datetime import UTC, datetime

from pymongo.errors import BulkWriteError, DuplicateKeyError

from kernel.clock import Clock
from kernel.ids import derived_id
from notifications.documents import Delivery, InboxItem, PushTarget
from notifications.errors import UnknownMessage
from notifications.messages.catalogue import CATALOGUE
from notifications.notice import Notice

DUPLICATE_KEY = 11000
# Long ago by any clock: claims compare with the database's, and a poster whose own is ahead must not delay a push (I37).
AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)


class Notices:
    """Where other rooms post."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

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
        await _plan(item)
        return item.id


async def _plan(item: InboxItem) -> None:
    """One delivery for each active installation; the id makes a second planning find the first (I4)."""
    targets = PushTarget.get_pymongo_collection().find({"recipient": item.recipient, "active": True}, {"epoch": 1})
    planned = [
        Delivery(
            id=derived_id("delivery", item.id, target["_id"], str(target["epoch"])),
            notice=item.id,
            recipient=item.recipient,
            installation=target["_id"],
            epoch=target["epoch"],
            due=AT_ONCE,
            version=1,
        )
        async for target in targets
    ]
    if not planned:
        return
    rows = [{"_id": d.id, **d.model_dump(exclude={"id"}, exclude_none=True)} for d in planned]
    try:
        await Delivery.get_pymongo_collection().insert_many(rows, ordered=False)
    except BulkWriteError as clash:
        if any(error["code"] != DUPLICATE_KEY for error in clash.details["writeErrors"]):
            raise
