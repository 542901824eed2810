"""A dossier's official papers, and what anybody sees of it who holds its slip."""

from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from backend.dossiers.schemas.dossiers import StatusView
from kernel.http.schemas import Body, View


class PaperView(View, frozen=True, kw_only=True):
    """An official paper: `form` is its number in the annex, `href` the PDF."""

    number: str
    form: str
    title: str
    basis: str
    issued_at: datetime
    href: str


class Papers(View, frozen=True, kw_only=True):
    """Every paper of a dossier, the oldest first."""

    items: list[PaperView]


class LookUpDossier(Body, frozen=True, kw_only=True):
    """What stands in the code on the slip (`token`), or the code of the dossier with the secret printed beside it."""

    token: Annotated[str, Meta(max_length=2_048)] | None = None
    code: Annotated[str, Meta(max_length=64)] | None = None
    secret: Annotated[str, Meta(max_length=40)] | None = None


class LookedUp(View, frozen=True, kw_only=True):
    """How a dossier stands, for whoever holds its slip: no name, no reason, no file."""

    code: str
    status: StatusView
    status_at: datetime
    overdue: bool
    due_at: datetime | UnsetType = UNSET
