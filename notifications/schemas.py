"""What crosses the wire about being told."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from kernel.http.schemas import Body, View
from kernel.mongo.reads import Row
from notifications.messages.catalogue import CATALOGUE

# Open lists: what the catalogue has today (R-C7).
MessageKey = Annotated[str, Meta(examples=sorted(CATALOGUE))]
Category = Annotated[str, Meta(examples=sorted({message.category for message in CATALOGUE.values()}))]


class InboxEntry(View, frozen=True, kw_only=True):
    """One notice. `message` is its key in the catalogue, `link` where a tap leads in the app."""

    id: str
    message: MessageKey
    category: Category
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
    app_version: Annotated[str, Meta(max_length=32)] = ""


class PushTargetView(View, frozen=True, kw_only=True):
    """A registered installation."""

    installation_id: str
    platform: str
    locale: str
    registered_at: datetime
    refreshed_at: datetime
