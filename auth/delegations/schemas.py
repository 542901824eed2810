"""What crosses the wire about acting for somebody."""

from datetime import datetime
from typing import Annotated, Any, Self

from msgspec import UNSET, Meta, UnsetType

from auth.delegations.relations import Relation, Scope
from kernel.http.schemas import Body, View


class AllowHelp(Body, frozen=True, kw_only=True):
    """What somebody may do in the caller's place. The community digital team is `assistant`."""

    relation: Relation
    scopes: Annotated[list[Scope], Meta(min_length=1, max_length=2)]
    minutes: Annotated[int, Meta(ge=5, le=43_200)]
    """An hour at most for an assistant, a day for a proxy, thirty days for a guardian."""


class HelpCode(View, frozen=True, kw_only=True):
    """What the helper needs: shown on the citizen's phone, scanned or typed on the helper's."""

    id: str
    code: str
    qr: str
    """What the QR code says."""
    code_expires_at: datetime


class DelegationView(View, frozen=True, kw_only=True):
    """One permission of the caller's."""

    id: str
    relation: Annotated[str, Meta(examples=["assistant", "proxy", "guardian"])]
    scopes: list[str]
    state: Annotated[str, Meta(examples=["waiting", "active", "over"])]
    created_at: datetime
    code_expires_at: datetime
    helper_kind: str | UnsetType = UNSET
    helper_agencies: list[str] = []
    taken_up_at: datetime | UnsetType = UNSET
    expires_at: datetime | UnsetType = UNSET
    ended_at: datetime | UnsetType = UNSET

    @classmethod
    def of(cls, row: dict[str, Any]) -> Self:
        """The view of a stored permission and its session."""
        told: tuple[str, ...] = ("relation", "scopes", "state", "created_at", "code_expires_at", "helper_agencies")
        known = ("helper_kind", "taken_up_at", "expires_at", "ended_at")
        facts: dict[str, Any] = {name: row[name] for name in told} | {name: row.get(name) or UNSET for name in known}
        return cls(id=row["_id"], **facts)


class DelegationList(View, frozen=True, kw_only=True):
    """Who may act for the caller or could lately, newest first. There are never more than a page of them."""

    items: list[DelegationView]
    next_cursor: str | UnsetType = UNSET
