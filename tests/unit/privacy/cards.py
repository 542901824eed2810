"""A document that holds personal data at every depth, and what makes a vault."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from kernel.mongo.client import Database
from kernel.mongo.document import Stored
from kernel.mongo.files import StoredFile
from kernel.privacy.field import PersonalText, PersonName, Phone
from kernel.privacy.vault import Vault

NOW = datetime(2026, 7, 1, 8, tzinfo=UTC)
NAME = "Nguyễn Thị Chim Yến"
KEK: dict[str, dict[str, bytes]] = {name: {"key": secrets.token_bytes(96)} for name in ("local", "local:next", "local:wrong")}

NewVault = Callable[..., Vault]


class Remark(BaseModel, frozen=True):
    """Something somebody wrote."""

    model_config = ConfigDict(hide_input_in_errors=True)

    text: PersonalText


class Card(Stored):
    """An index card of one citizen."""

    owner: str | None = "s_one"
    name: PersonName | None = None
    phones: list[Phone] = []
    remarks: tuple[Remark, ...] = ()
    file: StoredFile | None = None

    class Settings:
        name = "cards"
        indexes: ClassVar[list[Any]] = []

    def data_subject(self) -> str | None:
        return self.owner


async def raw(db: Database, card: Card) -> dict[str, Any]:
    """What the database holds of it."""
    row = await db["cards"].find_one({"_id": card.id})
    assert row
    return row
