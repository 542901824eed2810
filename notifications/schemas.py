"""What crosses the wire about being told."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from kernel.http.schemas import Body, View
from kernel.mongo.reads import Row
from notifications.addresses import CONTACT_KINDS, masked
from notifications.messages.catalogue import CATALOGUE, CATEGORIES, MUST_READ, Category
from notifications.stages import Stage
from notifications.ways import ChannelName

# Open lists: what the catalogue has today (R-C7).
MessageKey = Annotated[str, Meta(examples=sorted(CATALOGUE))]
CategoryName = Annotated[str, Meta(examples=sorted({message.category for message in CATALOGUE.values()}))]


class InboxEntry(View, frozen=True, kw_only=True):
    """One notice. `message` is its key in the catalogue, `link` where a tap leads in the app."""

    id: str
    message: MessageKey
    category: CategoryName
    title: str
    body: str
    link: str
    created_at: datetime
    read_at: datetime | UnsetType = UNSET

    @classmethod
    def of(cls, row: Row, language: str) -> "InboxEntry":
        """The stored notice in the reader's language."""
        message = CATALOGUE[row["message"]]
        words = message.render(language, row["params"])
        return cls(
            id=row["_id"],
            message=row["message"],
            category=message.category,
            title=words.title,
            body=words.body,
            link=row["link"],
            created_at=row["created_at"],
            read_at=row.get("read_at", UNSET),
        )


class InboxPage(View, frozen=True, kw_only=True):
    """One page of the inbox, newest first. `unreadCount` stops counting at 100."""

    items: list[InboxEntry]
    unread_count: int
    next_cursor: str | UnsetType = UNSET


class PushAddress(Body, frozen=True, kw_only=True):
    """Where Firebase finds this installation: its installation id (`fid`), or a registration token of an older app."""

    kind: Literal["fid", "token"]
    value: Annotated[str, Meta(min_length=8, max_length=4_096)]


class RegisterPushTarget(Body, frozen=True, kw_only=True):
    """This installation of the app, as it is now. Send it at every start and whenever Firebase hands out another address."""

    platform: Literal["android", "ios", "web"]
    target: PushAddress
    locale: Annotated[str, Meta(max_length=16)] = "vi"
    time_zone: Annotated[str, Meta(max_length=64, description="Name of the IANA database; quiet hours go by it.")] | None = None
    app_version: Annotated[str, Meta(max_length=32)] = ""


class PushTargetView(View, frozen=True, kw_only=True):
    """A registered installation."""

    installation_id: str
    platform: str
    locale: str
    registered_at: datetime
    refreshed_at: datetime


class ReceiptBody(Body, frozen=True, kw_only=True):
    """How far the push of one notice came on this phone; `noticeId` is the push's `nid`."""

    notice_id: Annotated[str, Meta(min_length=1, max_length=64)]
    installation_id: Annotated[str, Meta(min_length=16, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
    stage: Stage
    at: Annotated[datetime, Meta(tz=True, description="When, by the phone's clock.")]


class SendReceipts(Body, frozen=True, kw_only=True):
    """What became of pushes, many at once."""

    receipts: Annotated[list[ReceiptBody], Meta(min_length=1, max_length=100)]


class ReceiptsView(View, frozen=True, kw_only=True):
    """Of how many pushes we know. The others are too old, or not yours; sending them again changes nothing."""

    known: int


Language = Literal["vi", "en", "km"]
Detail = Literal["full", "anonymous"]
ClockTime = Annotated[str, Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$", description="On the phone's clock, `HH:MM`.")]
Categories = Annotated[list[Category], Meta(max_length=50)]


class QuietHoursView(View, frozen=True, kw_only=True):
    """When nothing that can wait rings; over midnight where it ends before it begins."""

    on: bool = True
    begins: ClockTime = "21:00"
    ends: ClockTime = "07:00"


class MutedView(View, frozen=True, kw_only=True):
    """The categories that stay silent, by channel. The inbox has everything."""

    push: list[str] = []
    fallback: list[str] = []


class Wishes(View, frozen=True, kw_only=True):
    """What a recipient may choose. `detail`: a push says what kind of news it brings (`full`), or only that there is some."""

    language: str = "vi"
    detail: Detail = "full"
    quiet_hours: QuietHoursView = msgspec.field(default_factory=QuietHoursView)
    muted: MutedView = msgspec.field(default_factory=MutedView)
    fallback: Annotated[list[str], Meta(description="By which way, in this order, when no push came; each with a consent.")] = (
        msgspec.field(default_factory=lambda: ["email", "zalo", "sms"])
    )


class PreferencesView(Wishes, frozen=True, kw_only=True):
    """What I chose. `categories` are all there are, `mandatory` those nobody can mute."""

    categories: list[str]
    mandatory: list[str]
    version: int

    @classmethod
    def of(cls, wishes: Wishes, version: int) -> "PreferencesView":
        """The choices, with what there is to choose from."""
        chosen = msgspec.structs.asdict(wishes)
        return cls(**chosen, categories=list(CATEGORIES), mandatory=sorted(MUST_READ), version=version)


class ChangeQuietHours(Body, frozen=True, kw_only=True):
    """A change of the quiet hours."""

    on: bool | UnsetType | None = UNSET
    begins: ClockTime | UnsetType | None = UNSET
    ends: ClockTime | UnsetType | None = UNSET


class ChangeMuted(Body, frozen=True, kw_only=True):
    """A change of what is muted: the whole list of a channel."""

    push: Categories | UnsetType | None = UNSET
    fallback: Categories | UnsetType | None = UNSET


class ChangePreferences(Body, frozen=True, kw_only=True):
    """A merge patch (RFC 7396): what is absent stays, null brings back what we begin with."""

    language: Language | UnsetType | None = UNSET
    detail: Detail | UnsetType | None = UNSET
    quiet_hours: ChangeQuietHours | UnsetType | None = UNSET
    muted: ChangeMuted | UnsetType | None = UNSET
    fallback: Annotated[list[ChannelName], Meta(max_length=3)] | UnsetType | None = UNSET


class EnterContact(Body, frozen=True, kw_only=True):
    """An e-mail address, or a mobile number of Vietnam in any of the ways people write one."""

    address: Annotated[str, Meta(min_length=6, max_length=254)]


class ConfirmContact(Body, frozen=True, kw_only=True):
    """The code that came there."""

    code: Annotated[str, Meta(pattern="^[0-9]{6}$")]


class ContactView(View, frozen=True, kw_only=True):
    """One contact, masked. `address` counts, `pending` waits for its code; at an `unreachable` one nobody is there any more."""

    kind: Annotated[str, Meta(examples=list(CONTACT_KINDS))]
    address: str | UnsetType = UNSET
    confirmed_at: datetime | UnsetType = UNSET
    pending: str | UnsetType = UNSET
    unreachable: bool = False

    @classmethod
    def of(cls, row: Row) -> "ContactView":
        """The stored contact, opened."""
        kind, pending = row["kind"], row.get("pending")
        return cls(
            kind=kind,
            address=masked(kind, str(row["address"])) if "address" in row else UNSET,
            confirmed_at=row.get("confirmed_at", UNSET),
            pending=masked(kind, str(pending["address"])) if pending else UNSET,
            unreachable="retired_reason" in row,
        )


class ContactsView(View, frozen=True, kw_only=True):
    """My contacts; one of each kind at most."""

    items: list[ContactView]
