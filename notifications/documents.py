"""What is stored so that somebody gets told: the inbox, the devices, and what is still to be sent where."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any, ClassVar, Literal

from beanie.odm.fields import IndexModelField
from pydantic import BaseModel, ConfigDict
from pymongo import ASCENDING, DESCENDING, IndexModel

from kernel.mongo.document import Stored
from kernel.mongo.on_record import OnRecord
from kernel.privacy.field import PersonalText, Plain
from notifications.addresses import ContactKind
from notifications.lanes import Lane
from notifications.ways import ChannelName


class InboxItem(Stored):
    """One notice in one recipient's inbox: the record, of which a push is only a hint."""

    emits_events: ClassVar[bool] = True

    recipient: str
    message: str
    params: dict[str, str]
    link: str
    created_at: datetime
    expires_at: datetime
    read_at: datetime | None = None
    summary: dict[str, int] = {}
    """How its deliveries ended, by state, and how many phones had it: all that is left of them after a week."""

    class Settings:
        name = "inbox"
        indexes: ClassVar[list[IndexModelField | IndexModel]] = [
            IndexModel([("recipient", ASCENDING), ("created_at", DESCENDING), ("_id", DESCENDING)]),
        ]


class Target(BaseModel, frozen=True):
    """Where a push goes: a Firebase installation id (`fid`), or a registration token of an older app."""

    kind: Literal["fid", "token"]
    value: str


class PushTarget(OnRecord):
    """One installation of the app, its `id` chosen by the app. `epoch` counts re-registrations: a late 404 hits its own (I15)."""

    recipient: str
    session_id: str | None = None
    platform: Literal["android", "ios", "web"]
    target: Target
    locale: str = "vi"
    time_zone: str | None = None
    app_version: str = ""
    epoch: int = 1
    active: bool = True
    registered_at: datetime
    refreshed_at: datetime
    retired_reason: str | None = None

    class Settings:
        name = "push_targets"
        indexes: ClassVar[list[IndexModelField | IndexModel]] = [
            IndexModel([("recipient", ASCENDING), ("active", ASCENDING)]),
            IndexModel([("session_id", ASCENDING)], sparse=True),
            # One value is active for one installation only: a phone handed on never shows its former owner's notices (I16).
            IndexModel([("target.value", ASCENDING)], unique=True, partialFilterExpression={"active": True}),
        ]

    def facts(self) -> Mapping[str, Any]:
        """What its citizen can change of it; where it can be reached only by reference."""
        told = ("session_id", "platform", "locale", "time_zone", "app_version", "active", "retired_reason")
        return {"target": Plain(self.target.value), **{name: getattr(self, name) for name in told}}


class Attempt(BaseModel, frozen=True):
    """One try: when, what came back, how long it took, under which lease, and by which channel where it was no push."""

    at: datetime
    outcome: str
    detail: str
    took_ms: int
    lease: str = ""
    channel: ChannelName | None = None


class Begun(BaseModel, frozen=True):
    """A text has begun to leave: noted before its first byte, so that a crash after it never sends it twice (I32)."""

    channel: ChannelName
    at: datetime


class Seen(BaseModel, frozen=True):
    """How far a push is known to have come, by the app's own word; `level` is the furthest (`notifications.stages`)."""

    level: int = 0
    delivered_at: datetime | None = None
    displayed_at: datetime | None = None
    opened_at: datetime | None = None


class Delivery(Stored):
    """One notice on its way to one installation; in the lane `fallback`, to one contact instead of any (ADR 0035).

    `pending` is claimed and sent; every other state is an end: `sent`, `suppressed`, `expired`, `failed`. While somebody works
    on it, `lease` holds their token and `due` lies in the future. `planned` is by the database's clock: of two deliveries of one
    `group` to one installation the later planned tells the newer (I26).
    """

    notice: str
    recipient: str
    installation: str = ""
    epoch: int = 0
    message: str
    group: str
    lane: Lane = "normal"
    planned: datetime
    state: Literal["pending", "sent", "suppressed", "expired", "failed"] = "pending"
    reason: str | None = None
    due: datetime
    lease: str | None = None
    tries: int = 0
    attempts: list[Attempt] = []
    late: list[Attempt] = []
    seen: Seen = Seen()
    begun: Begun | None = None
    passed: list[ChannelName] = []
    """Channels that certainly did not take it, so that the next may."""
    provider_id: str | None = None
    finished_at: datetime | None = None
    folded_at: datetime | None = None

    class Settings:
        name = "deliveries"
        indexes: ClassVar[list[IndexModelField | IndexModel]] = [
            IndexModel([("lane", ASCENDING), ("due", ASCENDING)], name="lanes", partialFilterExpression={"state": "pending"}),
            IndexModel([("notice", ASCENDING)]),
            IndexModel([("group", ASCENDING)]),
            IndexModel([("finished_at", ASCENDING)], name="keep_90_days", expireAfterSeconds=90 * 86_400),
            IndexModel([("folded_at", ASCENDING)], name="gone_once_folded", expireAfterSeconds=3_600),
        ]


class QuietHours(BaseModel, frozen=True):
    """When nothing that can wait is to ring, by the clock on the phone, `HH:MM`; over midnight where it ends before it begins."""

    on: bool = True
    begins: str = "21:00"
    ends: str = "07:00"

    @property
    def begin(self) -> time:
        return time.fromisoformat(self.begins)

    @property
    def end(self) -> time:
        return time.fromisoformat(self.ends)


class Muted(BaseModel, frozen=True):
    """Which categories of messages stay silent on which channel. Whatever is muted is in the inbox all the same."""

    push: list[str] = []
    fallback: list[str] = []
    """What is never told by a contact instead of a push."""


class Preferences(OnRecord):
    """How one recipient wants to be told; its `id` is the recipient, too. Nobody has to choose anything.

    `detail`: a push in full says what kind of news it brings, an anonymous one only that there is some; neither says anything
    personal. `language` is for channels that carry words; a push carries none, the phone has them.
    """

    emits_events: ClassVar[bool] = True

    recipient: str
    language: str = "vi"
    detail: Literal["full", "anonymous"] = "full"
    quiet_hours: QuietHours = QuietHours()
    muted: Muted = Muted()
    fallback: list[ChannelName] = ["email", "zalo", "sms"]
    """In which order contacts are tried instead of a push, each with a consent of its own; what is missing is not tried."""

    class Settings:
        name = "preferences"

    def facts(self) -> Mapping[str, Any]:
        """What its recipient can choose."""
        hours = self.quiet_hours
        quiet = f"{hours.begins}-{hours.ends}" if hours.on else "off"
        muted = {"muted.push": self.muted.push, "muted.fallback": self.muted.fallback}
        return {"language": self.language, "detail": self.detail, "quiet_hours": quiet, "fallback": self.fallback, **muted}


class PendingAddress(BaseModel, frozen=True):
    """An address whose owner has still to say the code that was sent there. `tries` are those left."""

    model_config = ConfigDict(hide_input_in_errors=True)

    address: PersonalText
    digest: str
    expires_at: datetime
    tries: int


class Contact(OnRecord):
    """Where somebody is reached but by push: one e-mail address, one telephone number.

    `address` counts once it is confirmed; a new one waits in `pending` and the former stays until then. `edition` is another for
    each confirmed address: what a provider says of a dead mailbox is true for the edition it was sent to (as I15).
    """

    recipient: str
    kind: ContactKind
    address: PersonalText | None = None
    confirmed_at: datetime | None = None
    edition: str = ""
    pending: PendingAddress | None = None
    retired_reason: str | None = None

    class Settings:
        name = "contacts"
        indexes: ClassVar[list[IndexModelField | IndexModel]] = [
            IndexModel([("recipient", ASCENDING), ("kind", ASCENDING)], unique=True),
        ]

    def data_subject(self) -> str:
        return self.recipient

    def facts(self) -> Mapping[str, Any]:
        """What its owner can change of it; the address itself only by reference."""
        return {"address": self.address, "confirmed_at": self.confirmed_at, "retired_reason": self.retired_reason}


class ZaloGrant(Stored):
    """Zalo's permission for our official account: the refresh token that is good once, and the access token it brought last.

    `edition` counts what was stored; `lease` is of the one worker that is asking.
    """

    refresh_token: PersonalText
    access_token: PersonalText | None = None
    ends_at: datetime | None = None
    edition: int = 0
    since: datetime
    lease: str | None = None
    leased_until: datetime | None = None

    class Settings:
        name = "zalo_grants"

    def data_subject(self) -> str:
        """Nobody's data, and sealed all the same: under a key of our own."""
        return f"provider:{self.id}"


def mine(recipient: str) -> dict[str, Any]:
    """The filter of everything that belongs to one recipient, but what is being thrown away."""
    return {"recipient": {"$eq": recipient}, "leaving": None}
