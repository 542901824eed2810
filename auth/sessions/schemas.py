"""What a signed-in person reads about themselves."""

from datetime import datetime
from typing import Annotated, Any, Self

from msgspec import UNSET, Meta, UnsetType

from kernel.http.schemas import Body, View
from kernel.principal import Kind, Principal


class MeView(View, frozen=True, kw_only=True):
    """Who the caller is, as the access token and the directory say at this moment."""

    id: str
    kind: Kind
    name: str
    assurance: int
    scopes: list[str]
    roles: list[str]
    agencies: list[str]
    has_personal_number: bool
    """Whether the account vouched for a personal number; without one there are no dossiers to see."""
    client_id: str
    session_id: str | UnsetType = UNSET
    authenticated_at: datetime | UnsetType = UNSET

    @classmethod
    def of(cls, caller: Principal, name: str) -> Self:
        """The view of this caller."""
        return cls(
            id=caller.id,
            kind=caller.kind,
            name=name,
            assurance=caller.assurance,
            scopes=sorted(caller.scopes),
            roles=sorted(caller.roles),
            agencies=sorted(caller.agencies),
            has_personal_number=caller.citizen_key is not None,
            client_id=caller.client_id,
            session_id=caller.session_id or UNSET,
            authenticated_at=caller.authenticated_at or UNSET,
        )


class SessionView(View, frozen=True, kw_only=True):
    """One sign-in of the caller, on one device."""

    id: str
    app: str
    device: str
    """What the app calls itself, and what it runs on."""
    name: str | UnsetType = UNSET
    """What its owner calls it."""
    bound: bool
    """Whether its tokens are bound to a key of the device (DPoP)."""
    provider: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    current: bool
    """Whether this is the session the request came with."""

    @classmethod
    def of(cls, row: dict[str, Any], app: str, *, current: bool) -> Self:
        """The view of a stored session."""
        return cls(
            id=row["_id"],
            app=app,
            device=row.get("device", ""),
            name=label if isinstance(label := row.get("label"), str) else UNSET,
            bound="jkt" in row,
            provider=row["provider"],
            created_at=row["created_at"],
            last_seen_at=row["last_seen_at"],
            expires_at=row["expires_at"],
            current=current,
        )


class SessionList(View, frozen=True, kw_only=True):
    """The caller's living sessions, newest first. There are never more than a page of them."""

    items: list[SessionView]
    next_cursor: str | UnsetType = UNSET


class SessionName(Body, frozen=True, kw_only=True):
    """What the caller calls one of their devices."""

    name: Annotated[str, Meta(max_length=60)]
    """Empty takes the name away."""


class LockView(View, frozen=True, kw_only=True):
    """The account is locked."""

    unlock_code: str
    """Shown this once and kept nowhere: whoever has it opens the account again."""


class UnlockCode(Body, frozen=True, kw_only=True):
    """What opens a locked account."""

    unlock_code: Annotated[str, Meta(min_length=1, max_length=64)]
