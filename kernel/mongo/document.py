"""What is stored has a version, and changes together with the events that tell of it.

The events lie inside the changed document (`outbox`), so change and event are one write of one document: no transaction, no dual
write, nothing to forget (ADR 0003). `kernel.outbox.relay` takes them from there.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar, Self

import structlog
from beanie import Document
from pydantic import ConfigDict, Field, PrivateAttr
from pymongo.errors import PyMongoError

from kernel.clock import to_millis
from kernel.errors import StaleVersion
from kernel.events import Event, encode
from kernel.ids import new_id
from kernel.mongo.followed import Changed, Followed, Listener
from kernel.privacy.vault import Vault

log = structlog.get_logger(__name__)

# What is told at once is told again by the relay: nobody waits longer for it than this.
AT_ONCE_S = 2.0


class Stored(Document):
    """A document with optimistic concurrency and its own outbox. A field that is None is absent in the database."""

    emits_events: ClassVar[bool] = False
    vault: ClassVar[Vault | None] = None
    """Seals what is personal; set once by `kernel.mongo.client.bind`."""
    followed: ClassVar[Followed | None] = None
    """Set where phones keep copies of it, by whoever assembles the app (`kernel.slice.Synced`)."""
    listener: ClassVar[Listener | None] = None
    """Hears of a change at once, beside the relay; set once by whoever assembles the app."""

    # A rejected value is not printed: it may be somebody's name.
    model_config = ConfigDict(hide_input_in_errors=True)

    id: str = Field(default_factory=new_id)  # type: ignore[assignment]
    version: int = 0
    _known_by: str | None = PrivateAttr(default=None)

    def model_post_init(self, _: Any) -> None:
        """Remember who had copies of the version that was loaded: they must hear of it when it becomes somebody else's."""
        self._known_by = self._concerned()

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
        news = self._news()
        entries = [encode(event) for event in (*news, *events)]
        if self.version == 0:
            outbox = {"outbox": entries} if entries else {}
            await collection.insert_one({"_id": self.id, **present, "version": 1, **outbox})
        else:
            update: dict[str, Any] = {"$set": {**present, "version": self.version + 1}}
            if absent := {name: "" for name in fields if name not in present}:
                update["$unset"] = absent
            if entries:
                update["$push"] = {"outbox": {"$each": entries}}
            # What is leaving stays on its way out.
            leaving = {"leaving": None} if self.followed else {}
            done = await collection.update_one({"_id": self.id, "version": self.version, **leaving}, update)
            if done.matched_count == 0:
                there = await collection.find_one({"_id": self.id}, {"version": 1})
                raise StaleVersion(id=self.id, version=self.version, present=there and there["version"])
        self.version += 1
        self._known_by = self._concerned()
        for changed in news:
            await tell_at_once(changed)
        return self

    @classmethod
    async def depart(cls, wanted: Mapping[str, Any]) -> int:
        """Delete what fits `wanted`; answers how many. Who has copies hears of it, even if this process dies half-way.

        Each is marked as leaving with the news in its own outbox, in one write; told, it is deleted. What could not be told here
        the relay tells, and deletes then.
        """
        collection = cls.get_pymongo_collection()
        if cls.followed is None:
            return (await collection.delete_many(wanted)).deleted_count
        marked = await collection.update_many({**wanted, "leaving": None}, [{"$set": _farewell(cls.followed)}])
        told = []
        async for row in collection.find({**wanted, "leaving": True}, {cls.followed.by: 1, "version": 1}):
            who = tuple(filter(None, [row.get(cls.followed.by)]))
            gone = Changed(at=_now(), what=cls.followed.what, item=row["_id"], version=row["version"], left=who)
            if await tell_at_once(gone):
                told.append(row["_id"])
        # An event of another kind still has to be heard by somebody: the relay deletes afterwards.
        others = {"outbox": {"$elemMatch": {"kind": {"$ne": Changed.kind()}}}}
        await collection.delete_many({"_id": {"$in": told}, "leaving": True, "$nor": [others]})
        return marked.modified_count

    @classmethod
    async def strip(cls, wanted: Mapping[str, Any], fields: Sequence[str]) -> int:
        """Take `fields` from what fits `wanted`; answers how many. The relay tells whoever has copies, in which they are still.

        The version moves on, so that whoever has the old fields in hand cannot write them back.
        """
        assert cls.followed
        changed = _news_of_all(cls.followed, leaving=cls.followed.by in fields)
        stripped = await cls.get_pymongo_collection().update_many(wanted, [{"$set": changed}, {"$unset": list(fields)}])
        return stripped.modified_count

    def _concerned(self) -> str | None:
        return getattr(self, self.followed.by, None) if self.followed else None

    def _news(self) -> list[Changed]:
        """What has to be told of this commit to whoever has copies: nothing where nobody has."""
        if self.followed is None:
            return []
        now, before = self._concerned(), self._known_by if self.version else None
        concerns, left = tuple(filter(None, [now])), tuple(filter(None, [before if before != now else None]))
        if not concerns and not left:
            return []
        return [Changed(at=_now(), what=self.followed.what, item=self.id, version=self.version + 1, concerns=concerns, left=left)]

    async def _sealed(self, fields: dict[str, Any]) -> dict[str, Any]:
        if self.vault is None:
            return fields
        sealed: dict[str, Any] = await self.vault.seal(self.data_subject(), fields)
        return sealed


async def tell_at_once(changed: Changed) -> bool:
    """Let the listener of this process hear it now; False where that failed, and then the relay is the one who tells."""
    if Stored.listener is None:
        return False
    try:
        async with asyncio.timeout(AT_ONCE_S):
            await Stored.listener(changed)
    except (PyMongoError, TimeoutError) as error:
        log.warning("followed.not_told_at_once", what=changed.what, error=type(error).__name__)
        return False
    return True


def followed_in(collection: str) -> type[Stored] | None:
    """The class of the documents in this collection, if phones keep copies of them: they are deleted by `depart` alone."""
    waiting: list[type[Stored]] = list(Stored.__subclasses__())
    while waiting:
        document = waiting.pop()
        if document.followed and document.get_settings().name == collection:
            return document
        waiting += document.__subclasses__()
    return None


def _farewell(followed: Followed) -> dict[str, Any]:
    """The last version of a document, with the news of it in its outbox."""
    return {"leaving": True, **_news_of_all(followed, leaving=True)}


def _news_of_all(followed: Followed, *, leaving: bool) -> dict[str, Any]:
    """The next version of many documents, with the news of it in the outbox of each, as an aggregation computes them.

    `leaving`: for whom they were until now, they are no more.
    """
    who = {"$cond": [{"$eq": [{"$type": f"${followed.by}"}, "missing"]}, [], [f"${followed.by}"]]}
    version = {"$add": ["$version", 1]}
    named = {"$concat": ["changed-", {"$toString": version}, "-", "$_id"]}
    news = {"kind": Changed.kind(), "id": named, "at": "$$NOW", "what": followed.what, "item": "$_id", "version": version}
    concerned = {"concerns": [], "left": who} if leaving else {"concerns": who, "left": []}
    return {
        "version": version,
        "outbox": {"$concatArrays": [{"$ifNull": ["$outbox", []]}, [{**news, **concerned}]]},
    }


def _now() -> datetime:
    """When news was written: it orders the relay's work, and decides nothing else."""
    return to_millis(datetime.now(UTC))


def _without_none(value: Any) -> Any:
    """Absent, never null, at every depth."""
    if isinstance(value, dict):
        return {k: _without_none(v) for k, v in value.items() if v is not None}
    if isinstance(value, list):
        return [_without_none(v) for v in value]
    return value
