"""What notifications bring to the app."""

from collections.abc import Sequence

from litestar.di import Provide

from kernel.slice import Asked, Slice, Synced
from notifications.api.citizen import Inbox, PushTargets
from notifications.api.contacts import MyContacts
from notifications.api.preferences import MyPreferences
from notifications.api.receipts import Receipts
from notifications.contacts.change import ContactDesk
from notifications.documents import Contact, Delivery, InboxItem, Preferences, PushTarget, ZaloGrant
from notifications.inbox import read
from notifications.personal_data import PERSONAL_DATA
from notifications.preferences.change import preferences_of, wishes_of
from notifications.schemas import InboxEntry, PreferencesView


async def copies(asked: Asked, ids: Sequence[str]) -> dict[str, InboxEntry]:
    """What phones keep of these notices."""
    rows = await read.among(asked.reads, asked.actor.recipient, ids)
    return {row["_id"]: InboxEntry.of(row, asked.language) for row in rows}


async def chosen(asked: Asked, ids: Sequence[str]) -> dict[str, PreferencesView]:
    """What a phone keeps of its owner's preferences: there is one of them."""
    mine = await preferences_of(asked.actor.recipient)
    return {mine.id: PreferencesView.of(wishes_of(mine), mine.version)} if mine.id in ids and mine.version else {}


def build_slice(contact_desk: ContactDesk) -> Slice:
    """Notifications, with the ways a contact's code can go."""
    return Slice(
        name="notifications",
        routes=[Inbox, PushTargets, Receipts, MyPreferences, MyContacts],
        documents=[InboxItem, PushTarget, Delivery, Preferences, Contact, ZaloGrant],
        dependencies={"contact_desk": Provide(lambda: contact_desk, use_cache=True, sync_to_thread=False)},
        personal_data=[PERSONAL_DATA],
        synced=[
            Synced("notification", InboxItem, by="recipient", view=InboxEntry, copies=copies),
            Synced("preferences", Preferences, by="recipient", view=PreferencesView, copies=chosen),
        ],
    )
