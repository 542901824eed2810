"""Is a delivery still to be sent, now that it is its turn? Everything is asked at send time, not when it was planned (I13, I29)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from notifications.channels.port import Push
from notifications.delivery.briefing import Brief
from notifications.documents import Target
from notifications.lanes import GONE_AFTER
from notifications.messages.catalogue import ANONYMOUS, CATALOGUE, localisation_key
from notifications.preferences import verdict

Row = dict[str, Any]

# How long a newer notice waits for an older one that somebody is just sending.
BEHIND = timedelta(milliseconds=200)


@dataclass(frozen=True)
class End:
    """It is not to be sent (any more)."""

    state: str
    reason: str


@dataclass(frozen=True)
class Wait:
    """Not yet."""

    delay: timedelta
    why: str


def decide(delivery: Row, brief: Brief, now: datetime) -> Push | End | Wait:
    """What is to happen with a claimed delivery."""
    if ended := _ended(delivery, brief, now):
        return ended
    assert brief.item
    assert brief.device
    message = CATALOGUE[brief.item["message"]]
    if why := verdict.unwanted(brief.preferences.muted, message, consenting=brief.consenting):
        return End("suppressed", why)
    zone = verdict.zone_of(brief.device.get("time_zone"))
    if wait := verdict.quiet_for(brief.preferences.quiet_hours, message, zone, now):
        return Wait(wait, "quiet_hours")
    if brief.behind:
        return Wait(BEHIND, "older_first")
    return push_of(delivery, brief)


def _ended(delivery: Row, brief: Brief, now: datetime) -> End | None:
    """The first reason why it is not to be sent, the strongest first."""
    item, device = brief.item, brief.device
    if item is None:
        return End("suppressed", "notice_gone")
    mine = device is not None and device["active"] and device["epoch"] == delivery["epoch"]
    reasons = (
        # An attempt without an answer has arrived after all: the phone says so (I10).
        (delivery.get("seen", {}).get("level", 0) > 0, End("sent", "receipt")),
        (item.get("read_at") is not None, End("suppressed", "read")),
        (brief.superseded, End("suppressed", "superseded")),
        (item["expires_at"] <= now, End("expired", "too_late")),
        (not mine or _of(device, "recipient") != delivery["recipient"], End("suppressed", "target_gone")),
        (mine and now - _of(device, "refreshed_at") > GONE_AFTER, End("suppressed", "target_stale")),
    )
    return next((end for holds, end in reasons if holds), None)


def _of(device: Row | None, name: str) -> Any:
    return device[name] if device else None


def push_of(delivery: Row, brief: Brief) -> Push:
    """What leaves: ids and keys."""
    assert brief.item
    assert brief.device
    key = brief.item["message"]
    message = CATALOGUE[key]
    said = ANONYMOUS if brief.preferences.detail == "anonymous" else key
    return Push(
        notice_id=delivery["notice"],
        platform=brief.device["platform"],
        target=Target.model_construct(**brief.device["target"]),
        category=message.category,
        urgent=message.urgency == "high",
        title_key=localisation_key(said, "title"),
        body_key=localisation_key(said, "body"),
        expires_at=brief.item["expires_at"],
    )
