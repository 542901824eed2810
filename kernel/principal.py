"""Who is asking. auth makes it, everyone reads it, nobody changes it."""

from datetime import datetime
from typing import Literal

import msgspec

Kind = Literal["citizen", "staff", "system"]


class Principal(msgspec.Struct, frozen=True, kw_only=True):
    """A caller whose token has been verified.

    `citizen_key` is the data subject behind the personal number an official account vouched for; a citizen whose account carries
    none has no dossiers. `assurance` is the level of the electronic identity (0 unknown, 1, 2). `acting` is whoever does it in
    their place, with their consent; whose data it is, and who is answered, stays the principal.
    """

    id: str
    kind: Kind
    client_id: str
    name: str = ""
    scopes: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    agencies: frozenset[str] = frozenset()
    citizen_key: str | None = None
    assurance: int = 0
    session_id: str | None = None
    authenticated_at: datetime | None = None
    acting: "Principal | None" = None

    @property
    def recipient(self) -> str:
        """Under which name notices for this caller are kept."""
        return self.citizen_key or self.id
