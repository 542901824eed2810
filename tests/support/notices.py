"""Notices, phones and the sender, as the notification tests put them together."""

import random
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from backend.app.parts import Parts
from kernel.ids import new_id
from notifications.channels.port import Channel
from notifications.delivery.sender import Sender
from notifications.documents import Delivery, PushTarget, Target
from notifications.inbox.post import Notices
from notifications.notice import Notice
from notifications.preferences.consent import Consenting
from notifications.targets.register import register
from tests.support.firebase import Firebase
from tests.support.officials import citizen

Platform = Literal["android", "ios", "web"]


def a_notice(recipient: str = "s_lan", message: str = "dossier.result_ready", **change: Any) -> Notice:
    """One notice; each has a key of its own unless one is given."""
    usual: dict[str, Any] = {"params": {"code": "H12.13-260615-0007"}, "link": "/dossiers/x", "dedupe_key": new_id()}
    return Notice(recipient, message, **{**usual, **change})


async def post(parts: Parts, notice: Notice | None = None) -> str:
    """Tell somebody; answers the notice's id."""
    return await Notices(parts.clock).post(notice or a_notice())


def where_it_is_noon(now: datetime) -> str:
    """A time zone in which nobody sleeps now: the clock of these tests begins at the present hour, whatever it is here."""
    ahead = 12 - now.astimezone(UTC).hour
    # POSIX counts the other way round: Etc/GMT-7 is seven hours ahead.
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


async def registered(
    parts: Parts,
    key: str = "s_lan",
    value: str | None = None,
    *,
    installation: str | None = None,
    platform: Platform = "android",
    kind: Literal["fid", "token"] = "fid",
) -> PushTarget:
    """An installation of somebody's, under that address of Firebase's."""
    return await register(
        citizen(key),
        installation or new_id(),
        platform=platform,
        target=Target(kind=kind, value=value or new_id()),
        locale="vi",
        app_version="1.0.0",
        now=parts.clock.now(),
        time_zone=where_it_is_noon(parts.clock.now()),
    )


@dataclass
class Phone:
    """A phone at the simulator that is registered with us."""

    firebase: Firebase
    device: dict[str, Any]
    target: PushTarget

    async def messages(self) -> list[dict[str, Any]]:
        return await self.firebase.messages(self.device)

    async def visible(self) -> list[dict[str, Any]]:
        """The alerts on its screen."""
        return [message for message in await self.messages() if message["visible"]]


async def phone_of(parts: Parts, firebase: Firebase, key: str = "s_lan", platform: Platform = "android") -> Phone:
    """A phone in somebody's hand."""
    device = await firebase.phone(platform)
    target = await registered(parts, key, device["fid"], installation=device["installationId"], platform=platform)
    return Phone(firebase, device, target)


async def everybody(recipients: Collection[str]) -> set[str]:
    """All of them let their pushes leave."""
    return set(recipients)


def sender(parts: Parts, channel: Channel | Firebase, consenting: Consenting = everybody) -> Sender:
    """A sender whose dice are loaded the same way every time."""
    way = channel.channel if isinstance(channel, Firebase) else channel
    return Sender(parts.db, way, parts.clock, consenting=consenting, rng=random.Random(7))


async def only_delivery() -> Delivery:
    """The one delivery there is."""
    [delivery] = await Delivery.find_all().to_list()
    return delivery


async def make_due(parts: Parts) -> None:
    """As if every pause and every lease were over."""
    await parts.db["deliveries"].update_many({"state": "pending"}, {"$set": {"due": datetime(2000, 1, 1, tzinfo=UTC)}})
    await parts.db["fcm_permits"].delete_many({})


def pause_of(delivery: Delivery) -> timedelta:
    """How long a delivery still rests, by this machine's clock."""
    return delivery.due - datetime.now(UTC)
