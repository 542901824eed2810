"""The vault: one data key for each subject, wrapped by a master key that a key service (or a file, in development) holds.

Explicit client-side field encryption of MongoDB, which community servers have. Erasure strips the subject's key in place: the row
stays as a tombstone, so the same subject never gets another key, and "erased" can be told from "lost".
"""

import hashlib
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import structlog
from bson.binary import Binary
from bson.codec_options import CodecOptions
from pymongo.asynchronous.encryption import AsyncClientEncryption
from pymongo.asynchronous.mongo_client import AsyncMongoClient
from pymongo.errors import DuplicateKeyError, EncryptionError, PyMongoError

from kernel.privacy import batch
from kernel.privacy.errors import SubjectErased, SubjectMissing, VaultUnavailable
from kernel.privacy.field import Plain, Sealed

log = structlog.get_logger(__name__)

Row = dict[str, Any]

COLLECTION = "keys"
# How long a process goes on using a key it has opened: an erasure elsewhere is effective here after that.
KEY_EXPIRATION_MS = 10_000
KNOWN_AT_MOST = 20_000
HIDDEN_KEY: Final = "look-up"
# Client-side encryption specification: equal values give different ciphertexts.
RANDOM: Final = "AEAD_AES_256_CBC_HMAC_SHA_512-Random"


class Erased:
    """What stands where an erased citizen's data stood."""

    def __repr__(self) -> str:
        return "<erased>"


ERASED = Erased()


class Vault:
    """Seals, opens and erases. `providers` and `provider` are PyMongo's KMS providers and the one new keys are wrapped by."""

    def __init__(self, client: AsyncMongoClient[Row], database: str, *, providers: Mapping[str, Any], provider: str) -> None:
        self._keys = client[database][COLLECTION]
        self._provider = provider
        self._encryption: AsyncClientEncryption[Row] = AsyncClientEncryption(
            providers, f"{database}.{COLLECTION}", client, CodecOptions(), key_expiration_ms=KEY_EXPIRATION_MS
        )
        self._known: OrderedDict[str, Binary] = OrderedDict()
        self._hidden: bytes | None = None

    async def prepare(self) -> None:
        """Build the one index that makes a key's name unique. A migration's business."""
        present = {"keyAltNames": {"$exists": True}}
        await self._keys.create_index("keyAltNames", unique=True, partialFilterExpression=present)

    async def seal(self, subject: str | None, value: Any) -> Any:
        """The value with every `Plain` in it, at any depth, replaced by `Sealed` under the subject's key.

        Raises:
            SubjectMissing: there is something to seal and nobody it belongs to.
            SubjectErased: the subject's data have been erased.
            VaultUnavailable: no key can be had at the moment.
        """
        plains = {id(p): p for p in _each(value, Plain)}
        if not plains:
            return value
        if subject is None:
            raise SubjectMissing
        try:
            key = await self._key_of(subject)
            sealed = {name: await self._encrypted(p.reveal(), key) for name, p in plains.items()}
        except (EncryptionError, PyMongoError) as failure:
            await self._refuse_erased(subject)
            raise VaultUnavailable from failure
        return _replaced(value, Plain, lambda p: sealed[id(p)])

    async def open(self, rows: Sequence[Row]) -> list[Row]:
        """The rows with every `Sealed` in them, at any depth, as text, or `ERASED` where its subject has been erased.

        Raises:
            VaultUnavailable: a key could not be had; nobody is shown as erased because of that.
        """
        words = await self._words(rows)
        opened: list[Row] = _replaced(list(rows), Sealed, lambda s: words.get(s, ERASED)) if words is not None else list(rows)
        return opened

    async def unsealed(self, value: Any) -> Any:
        """The value with every `Sealed` in it as `Plain`, to be sealed anew for somebody else. What is erased stays sealed."""
        words = await self._words(value) or {}
        return _replaced(value, Sealed, lambda s: Plain(words[s]) if s in words else s)

    async def _words(self, value: Any) -> dict[Sealed, str] | None:
        """Every sealed value in the clear, but those of the erased; None where nothing is sealed."""
        sealed = list(dict.fromkeys(_each(value, Sealed)))
        if not sealed:
            return None
        try:
            erased = await self._erased_among({s.key_id for s in sealed})
            living = [s for s in sealed if s.key_id not in erased]
            return dict(zip(living, await batch.decrypt(self._encryption, living), strict=True))
        except (EncryptionError, PyMongoError) as failure:
            log.error("vault.cannot_open", error=type(failure).__name__)  # noqa: TRY400 - the trace would show values
            raise VaultUnavailable from failure

    async def open_one(self, sealed: Sealed) -> str | Erased:
        """One value."""
        opened: str | Erased = (await self.open([{"v": sealed}]))[0]["v"]
        return opened

    async def token(self, word: str) -> bytes:
        """A keyed hash of a word, to look it up by without storing it. Needs `start` to have been awaited once."""
        if self._hidden is None:
            self._hidden = await self._hidden_secret()
        return hmac.new(self._hidden, word.encode(), hashlib.sha256).digest()[:16]

    async def erase(self, subject: str, *, now: datetime) -> bool:
        """Destroy the subject's key, for ever; False when that had been done, or there never was one.

        The row stays as a tombstone: it says when, and keeps the name taken.
        """
        self._known.pop(subject, None)
        done = await self._keys.update_one(
            {"keyAltNames": _name(subject), "keyMaterial": {"$exists": True}},
            {"$unset": {"keyMaterial": "", "masterKey": ""}, "$set": {"erased_at": now}},
        )
        return done.modified_count == 1

    async def rewrap(self, provider: str, master_key: Mapping[str, Any] | None = None) -> int:
        """Wrap every key anew by another master key; the data are not touched. Broken off, it goes on where it was.

        Answers how many keys were rewrapped.
        """
        waiting = {"keyMaterial": {"$exists": True}, "masterKey.provider": {"$ne": provider}}
        result = await self._encryption.rewrap_many_data_key(waiting, provider=provider, master_key=master_key)
        return result.bulk_write_result.modified_count if result.bulk_write_result else 0

    async def close(self) -> None:
        """Let go of libmongocrypt's state."""
        await self._encryption.close()

    async def _encrypted(self, value: str, key: Binary) -> Sealed:
        return Sealed(bytes(await self._encryption.encrypt(value, RANDOM, key_id=key)))

    async def _key_of(self, subject: str) -> Binary:
        if known := self._known.get(subject):
            self._known.move_to_end(subject)
            return known
        found = await self._keys.find_one({"keyAltNames": _name(subject)}, {"erased_at": 1})
        if found and "erased_at" in found:
            raise SubjectErased(subject)
        key = found["_id"] if found else await self._new_key(subject)
        self._known[subject] = key
        if len(self._known) > KNOWN_AT_MOST:
            self._known.popitem(last=False)
        return key

    async def _new_key(self, subject: str) -> Binary:
        try:
            return await self._encryption.create_data_key(self._provider, key_alt_names=[_name(subject)])
        except EncryptionError as clash:
            # Another process was faster: the loser hears of it wrapped in an EncryptionError.
            if not isinstance(clash.__cause__, DuplicateKeyError):
                raise
            found = await self._keys.find_one({"keyAltNames": _name(subject)}, {"_id": 1})
            assert found
            key: Binary = found["_id"]
            return key

    async def _refuse_erased(self, subject: str) -> None:
        self._known.pop(subject, None)
        if await self._keys.find_one({"keyAltNames": _name(subject), "erased_at": {"$exists": True}}, {"_id": 1}):
            raise SubjectErased(subject)

    async def _erased_among(self, key_ids: set[bytes]) -> set[bytes]:
        wanted = {"_id": {"$in": [Binary(k, 4) for k in key_ids]}, "erased_at": {"$exists": True}}
        return {bytes(row["_id"]) async for row in self._keys.find(wanted, {"_id": 1})}

    async def _hidden_secret(self) -> bytes:
        """The secret behind look-up tokens: random, made once, sealed under a key of its own."""
        row = await self._keys.database["secrets"].find_one({"_id": HIDDEN_KEY})
        if row is None:
            fresh = (await self.seal(HIDDEN_KEY, {"v": Plain(secrets.token_hex(32))}))["v"]
            try:
                await self._keys.database["secrets"].insert_one({"_id": HIDDEN_KEY, "v": fresh})
            except DuplicateKeyError:
                return await self._hidden_secret()
            row = {"v": fresh}
        opened = await self.open_one(row["v"])
        assert isinstance(opened, str)
        return bytes.fromhex(opened)


def _name(subject: str) -> str:
    return f"subject:{subject}"


def _each(value: Any, wanted: type) -> Iterator[Any]:
    if isinstance(value, wanted):
        yield value
    elif isinstance(value, dict):
        for child in value.values():
            yield from _each(child, wanted)
    elif isinstance(value, (list, tuple)):
        for child in value:
            yield from _each(child, wanted)


def _replaced(value: Any, wanted: type, by: Any) -> Any:
    if isinstance(value, wanted):
        return by(value)
    if isinstance(value, dict):
        return {name: _replaced(child, wanted, by) for name, child in value.items()}
    if isinstance(value, list):
        return [_replaced(child, wanted, by) for child in value]
    return value
