"""What notifications bring to the app."""

from kernel.slice import Slice
from notifications.api.citizen import Inbox, PushTargets
from notifications.documents import Delivery, InboxItem, PushTarget
from notifications.personal_data import PERSONAL_DATA

SLICE = Slice(
    name="notifications", routes=[Inbox, PushTargets], documents=[InboxItem, PushTarget, Delivery], personal_data=[PERSONAL_DATA]
)
