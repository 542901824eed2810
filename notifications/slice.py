"""What notifications bring to the app."""

from kernel.slice import Slice
from notifications.api.citizen import Inbox, PushTargets
from notifications.api.preferences import MyPreferences
from notifications.api.receipts import Receipts
from notifications.documents import Delivery, InboxItem, Preferences, PushTarget
from notifications.personal_data import PERSONAL_DATA

SLICE = Slice(
    name="notifications",
    routes=[Inbox, PushTargets, Receipts, MyPreferences],
    documents=[InboxItem, PushTarget, Delivery, Preferences],
    personal_data=[PERSONAL_DATA],
)
