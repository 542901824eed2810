"""What notifications bring to the app."""

from collections.abc import Sequence

from kernel.slice import Asked, Slice, Synced
from notifications.api.citizen import Inbox, PushTargets
from notifications.documents import Delivery, InboxItem, PushTarget
from notifications.inbox import read
from notifications.personal_data import PERSONAL_DATA
from notifications.schemas import InboxEntry


async def copies(asked: Asked, ids: Sequence[str]) -> dict[str, InboxEntry]:
    """What phones keep of these notices."""
    rows = await read.among(asked.reads, asked.actor.recipient, ids)
    return {row["_id"]: InboxEntry.of(row, asked.language) for row in rows}


SLICE = Slice(
    name="notifications",
    routes=[Inbox, PushTargets],
    documents=[InboxItem, PushTarget, Delivery],
    personal_data=[PERSONAL_DATA],
    synced=[Synced("notification", InboxItem, by="recipient", view=InboxEntry, copies=copies)],
)
