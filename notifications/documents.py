"""What is stored so that somebody gets told: the inbox, the devices, and what is still to be sent where."""

from datetime import datetime
from typing import Any, ClassVar, Literal

from beanie.odm.fields import IndexModelField
from pydantic import BaseModel
from pymongo import ASCENDING, DESCENDING, IndexModel

from kernel.mongo.document import Stored


class InboxItem(Stored):
    """One notice in one recipient's inbox: the record, of which a push is only a hint."""

    recipient: str
    message: str
    params: dict[str, str]
    link: str
    created_at: datetime
    expires_at: datetime
    read_at: datetime | None = None

    class Settings:
        name = "inbox"
        indexes: ClassVar[list[IndexModelField | IndexModel]] = [
            IndexModel([("recipient", ASCENDING), ("created_at", DESCENDING), ("_id", DESCENDING)]),
        ]


class Target(BaseModel, frozen=True):
    """Where a push goes: a Firebase installation id (`fid`), or a registration token of an older app."""

    kind: Literal["fid", "token"]
    value: str


class PushTarget(Stored):
    """One installation of the app, its `id` chosen by the app. `epoch` counts re-registrations: a late 404 hits its own (I15)."""

    recipient: str
    session_id: str | None = None
    platform: Literal["android", "ios", "web"]
    target: Target
    locale: str = "vi"
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


class Attempt(BaseModel, frozen=True):
    """One try: when, what came back, how long it took."""

    at: datetime
    outcome: str
    detail: str
    took_ms: int


class Delivery(Stored):
    """One notice on its way to one installation.

    `pending` is claimed and sent; every other state is an end: `sent`, `suppressed`, `expired`, `failed`. While somebody works
    on it, `lease` holds their token and `due` lies in the future.
    """

    notice: str
    recipient: str
    installation: str
    epoch: int
    state: Literal["pending", "sent", "suppressed", "expired", "failed"] = "pending"
    reason: str | None = None
    due: datetime
    lease: str | None = None
    tries: int = 0
    attempts: list[Attempt] = []
    provider_id: str | None = None
    finished_at: datetime | None = None

    class Settings:
        name = "deliveries"
        indexes: ClassVar[list[IndexModelField | IndexModel]] = [
            IndexModel([("due", ASCENDING)], name="pending", partialFilterExpression={"state": "pending"}),
            IndexModel([("notice", ASCENDING)]),
            IndexModel([("finished_at", ASCENDING)], name="keep_90_days", expireAfterSeconds=90 * 86_400),
        ]


def mine(recipient: str) -> dict[str, Any]:
    """The filter of everything that belongs to one recipient."""
    return {"recipient": {"$eq": recipient}}
