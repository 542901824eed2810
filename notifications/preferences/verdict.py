"""May this push leave now? Pure: the preferences, the message, and the time on the phone."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from kernel.clock import VIETNAM
from notifications.documents import Muted, QuietHours
from notifications.messages.catalogue import MUST_READ, Message

PUSH = "push"


def zone_of(name: str | None) -> ZoneInfo:
    """The time zone a phone has named; Vietnam's while it has named none."""
    return ZoneInfo(name) if name else VIETNAM


def is_muted(muted: Muted, message: Message, channel: str = PUSH) -> bool:
    """Has the recipient switched this kind of message off on this channel? Must-read is never off, whatever is stored."""
    return message.category not in MUST_READ and message.category in getattr(muted, channel)


def unwanted(muted: Muted, message: Message, *, consenting: bool) -> str | None:
    """Why this push is not to leave at all, if so. Without consent not even what must be read: the inbox has it, in the country."""
    if not consenting:
        return "no_consent"
    return "muted" if is_muted(muted, message) else None


def quiet_for(hours: QuietHours, message: Message, zone: ZoneInfo, now: datetime, *, even_urgent: bool = False) -> timedelta:
    """How long it has to wait for quiet hours to be over; nothing when they are not now, or it is urgent (unless `even_urgent`)."""
    if not hours.on or (message.urgency == "high" and not even_urgent):
        return timedelta(0)
    local = now.astimezone(zone)
    if not _within(hours, local.time()):
        return timedelta(0)
    end = local.replace(hour=hours.end.hour, minute=hours.end.minute, second=0, microsecond=0)
    # Through the wall clock's day, then back to instants: where the clocks change at night, the phone's clock is what counts.
    end += timedelta(days=0 if local.time() < hours.end else 1)
    return end.astimezone(now.tzinfo) - now


def _within(hours: QuietHours, moment: time) -> bool:
    """From the beginning up to the end, over midnight where it ends earlier than it begins."""
    if hours.begin <= hours.end:
        return hours.begin <= moment < hours.end
    return moment >= hours.begin or moment < hours.end
