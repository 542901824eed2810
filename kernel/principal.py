"""Who is asking. auth makes it, everyone reads it, nobody changes it."""

from datetime import datetime
from typing import Literal

import msgspec

Kind = Literal["citizen", "staff", "system"]


class Principal(msgspec.Struct, frozen=True, kw_only=True):
    """A caller whose token has been verified.

    `citizen_key` is the data subject behind the personal number an official account vouched for; a citizen whose account carries
    none has no dossiers. `assurance` is the level of the electronic identity (0 unknown, 1, 2). `posts` are the (agency, role)
    pairs of an official whose roles are not the same everywhere; `roles` and `agencies` are then all of them. `authenticated_at` is
    when they last proved themselves to their provider, where it says so; `signed_in_at` when the session began. `acting` is whoever
    does it in their place, with their consent; whose data it is, and who is answered, stays the principal.
    """

    id: str
    kind: Kind
    client_id: str
    name: str = ""
    scopes: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    agencies: frozenset[str] = frozenset()
    posts: frozenset[tuple[str, str]] = frozenset()
    citizen_key: str | None = None
    assurance: int = 0
    session_id: str | None = None
    authenticated_at: datetime | None = None
    signed_in_at: datetime | None = None
    acting: "Principal | None" = None

    def at(self, *agencies: str | None) -> "Principal":
        """The same, with no roles but those they have at one of these agencies: a handler here may be nothing there (SEC-27)."""
        if not self.posts:
            return self
        return msgspec.structs.replace(self, roles=frozenset(role for agency, role in self.posts if agency in agencies))

    def where(self, *roles: str) -> frozenset[str]:
        """The agencies at which they have one of these roles."""
        if not self.posts:
            return self.agencies if self.roles.intersection(roles) else frozenset()
        return frozenset(agency for agency, role in self.posts if role in roles)

    @property
    def recipient(self) -> str:
        """Under which name notices for this caller are kept."""
        return self.citizen_key or self.id


# Who acts where no person does: a command, an import, a job.
SYSTEM = Principal(id="motcua", kind="system", client_id="motcua")
