"""May a text stand in for this push, and which? Asked when it is due; the strongest reason against it first (I13, I29, I32)."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from notifications.channels.port import Text
from notifications.delivery.decision import BEHIND, End, Wait
from notifications.delivery.fallback.briefing import Brief, Reached
from notifications.messages.catalogue import CATALOGUE, MUST_READ, Message
from notifications.messages.spoken import news
from notifications.messages.waits import Waits
from notifications.preferences import verdict
from notifications.ways import GOES_TO, ChannelName, language_on

Row = dict[str, Any]
ShutFor = Callable[[ChannelName], timedelta]


@dataclass(frozen=True)
class Way:
    """It goes, by this channel, to this contact."""

    channel: ChannelName
    contact: Reached
    text: Text


@dataclass(frozen=True)
class Offered:
    """What this house sends by, and from where: the same for every fallback."""

    channels: Collection[ChannelName]
    waits: Waits
    link: str | None = None
    """The app's door, the same for everybody: it holds no id and no secret."""


def decide(row: Row, brief: Brief, offered: Offered, shut_for: ShutFor, now: datetime) -> Way | End | Wait:
    """What is to happen with a claimed fallback; `shut_for` says how long a channel takes nothing, zero where it does."""
    if ended := _ended(row, brief, now):
        return ended
    assert brief.item
    message = CATALOGUE[brief.item["message"]]
    if verdict.is_muted(brief.preferences.muted, message, "fallback"):
        return End("suppressed", "muted")
    if quiet := _quiet_for(brief, message, now):
        # The push leaves in the morning too, and is given its time anew.
        return Wait(quiet + offered.waits.get(message.category, timedelta()), "quiet_hours")
    if brief.behind:
        return Wait(BEHIND, "older_first")
    return _way(row, brief, offered, shut_for)


def _ended(row: Row, brief: Brief, now: datetime) -> End | None:
    item = brief.item
    if row.get("begun"):
        # Somebody began to send it and could not say what became of it. Twice is worse than never: the inbox has it.
        return End("failed", "perhaps_sent")
    if item is None:
        return End("suppressed", "notice_gone")
    reasons = (
        (item.get("read_at") is not None, End("suppressed", "read")),
        (brief.received, End("suppressed", "receipt")),
        (brief.superseded or brief.overtaken, End("suppressed", "superseded")),
        (item["expires_at"] <= now, End("expired", "too_late")),
    )
    return next((end for holds, end in reasons if holds), None)


def _quiet_for(brief: Brief, message: Message, now: datetime) -> timedelta:
    """At night only what must be read and is urgent: a text rings for everybody in the room."""
    zone = verdict.zone_of(brief.time_zone)
    return verdict.quiet_for(brief.preferences.quiet_hours, message, zone, now, even_urgent=message.category not in MUST_READ)


def _way(row: Row, brief: Brief, offered: Offered, shut_for: ShutFor) -> Way | End | Wait:
    """The first channel in the recipient's order that may take it."""
    assert brief.item
    shut: list[timedelta] = []
    reasons: list[str] = []
    for name in brief.preferences.fallback:
        if name in row.get("passed", ()):
            reasons.append("not_taken")
        elif name not in offered.channels:
            reasons.append("not_offered")
        elif (contact := brief.contacts.get(GOES_TO[name])) is None:
            reasons.append("no_contact")
        elif name not in brief.consents:
            reasons.append("no_consent")
        elif rest := shut_for(name):
            shut.append(rest)
        else:
            return Way(name, contact, _text(row, brief, name, contact, offered.link))
    if shut:
        return Wait(min(shut), "channel_closed")
    if "not_taken" in reasons:
        return End("failed", "not_taken")
    # The reason that its recipient can do most about.
    return End("suppressed", next((why for why in ("no_consent", "no_contact", "not_offered") if why in reasons), "not_wanted"))


def _text(row: Row, brief: Brief, channel: ChannelName, contact: Reached, link: str | None) -> Text:
    assert brief.item
    chosen = brief.preferences
    told = brief.item["message"]
    language = language_on(channel, chosen.language)
    said = news(told, language, detail=chosen.detail)
    return Text(row["_id"], contact.address, language, said, link)
