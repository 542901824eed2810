"""What is stored has a version, and changes together with the events that tell of it.

The events lie inside the changed document (`outbox`), so change and event are one write of one document: no transaction, no dual
write, nothing to forget (ADR 0003). `kernel.outbox.relay` takes them from there.
"""

from typing import Any, ClassVar, Self

from beanie import Document
from pydantic import ConfigDict, Field

from kernel.errors import StaleVersion
from kernel.events import Event, encode
from kernel.ids import new_id
from kernel.privacy.vault import Vault


class Stored(Document):
    """A document with optimistic concurrency and its own outbox. A field that is None is absent in the database."""

    emits_events: ClassVar[bool] = False
    vault: ClassVar[Vault | None] = None
    """Seals what is personal; set once by `kernel.mongo.client.bind`."""

    # A rejected value is not printed: it may be somebody's name.
    model_config = ConfigDict(hide_input_in_errors=True)

    id: str = Field(default_factory=new_id)  # type: ignore[assignment]
    version: int = 0

    def data_subject(self) -> str | None:
        """Whose personal data this document holds. A document with personal fields has to say."""
        return None

    async def commit(self, *events: Event) -> Self:
        """Write this document and its events in one atomic step.

        Raises:
            StaleVersion: somebody wrote since it was loaded; nothing has been changed.
            SubjectErased, VaultUnavailable: what is personal in it cannot be sealed; nothing has been written.
            pymongo.errors.DuplicateKeyError: a unique index already holds one of the values.
        """
        collection = self.get_pymongo_collection()
        fields = self.model_dump(exclude={"id", "version"})
        present = await self._sealed(_without_none(fields))
        entries = [encode(event) for event in events]
        if self.version == 0:
            outbox = {"outbox": entries} if entries else {}
            await collection.insert_one({"_id": self.id, **present, "version": 1, **outbox})
        else:
            update: dict[str, Any] = {"$set": {**present, "version": self.version + 1}}
            if absent := {name: "" for name in fields if name not in present}:
                update["$unset"] = absent
            if entries:
                update["$push"] = {"outbox": {"$each": entries}}
            done = await collection.update_one({"_id": self.id, "version": self.version}, update)
            if done.matched_count == 0:
                there = await collection.find_one({"_id": self.id}, {"version": 1})
                raise StaleVersion(id=self.id, version=self.version, present=there and there["version"])
        self.version += 1
        return self

    async def _sealed(self, fields: dict[str, Any]) -> dict[str, Any]:
        if self.vault is None:
            return fields
        sealed: dict[str, Any] = await self.vault.seal(self.data_subject(), fields)
        return sealed


def _without_none(value: Any) -> Any:
    """Absent, never null, at every depth."""
    if isinstance(value, dict):
        return {k: _without_none(v) for k, v in value.items() if v is not None}
    if isinstance(value, list):
        return [_without_none(v) for v in value]
    return value
