"""The vault: one data key for each subject, wrapped by a master key that a key service (or a file, in development) holds.

Explicit client-side field encryption of MongoDB, which community servers have. Erasure strips the subject's key in place: the row
stays as a tombstone, so the same subject never gets another key, and "erased" can be told from "lost".
"""

import hashlib
import hmac
import re
import secrets
import time
import uuid
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import structlog
from bson.binary import Binary
from bson.codec_options import CodecOptions
from pymongo.asynchronous.encryption import AsyncClientEncryption
from pymongo.asynchronous.mongo_client import AsyncMongoClient
from pymongo.errors import DuplicateKeyError, EncryptionError, PyMongoError
from pymongo.read_concern import ReadConcern

from kernel.privacy import batch
from kernel.privacy.errors import SubjectErased, SubjectMissing, VaultUnavailable
from kernel.privacy.field import Plain, Sealed
from kernel.privacy.master_key import awaiting
from kernel.privacy.walk import each, replaced

log = structlog.get_logger(__name__)

Row = dict[str, Any]

COLLECTION = "keys"
# How long a process goes on using a key it has opened or looked at: an erasure elsewhere is effective here after that.
KEY_EXPIRATION_MS = 10_000
KNOWN_AT_MOST = 20_000
SETTLED_WITHIN_MS = 5_000
REWRAPPED_AT_ONCE = 1_000
HIDDEN_KEY: Final = "look-up"
# Client-side encryption specification: equal values give different ciphertexts.
RANDOM: Final = "AEAD_AES_256_CBC_HMAC_SHA_512-Random"


class Erased:
    """What stands where an erased citizen's data stood."""

    def __repr__(self) -> str:
        return "<erased>"


ERASED = Erased()


class Vault:
    """Seals, opens and erases.

    `providers` and `provider` are PyMongo's KMS providers and the one new keys are wrapped by, `master_key` which of its keys (a
    local one has only one), `tls` PyMongo's TLS options for a provider reached over a network.
    """

    def __init__(
        self,
        client: AsyncMongoClient[Row],
        database: str,
        *,
        providers: Mapping[str, Any],
        provider: str,
        master_key: Mapping[str, Any] | None = None,
        tls: Mapping[str, Any] | None = None,
        key_expiration_ms: int = KEY_EXPIRATION_MS,
    ) -> None:
        # libmongocrypt reads keys so, and must find what we have found.
        self.keys = client[database].get_collection(COLLECTION, read_concern=ReadConcern("majority"))
        self.remembers_s = key_expiration_ms / 1000
        self._provider, self._master_key = provider, dict(master_key or {}) or None
        self._encryption: AsyncClientEncryption[Row] = AsyncClientEncryption(
            providers,
            f"{database}.{COLLECTION}",
            client,
            CodecOptions(),
            kms_tls_options=tls or {},
            key_expiration_ms=key_expiration_ms,
        )
        self._known: OrderedDict[str, tuple[Binary, float]] = OrderedDict()
        self._living: dict[bytes, float] = {}
        self._hidden: bytes | None = None

    async def prepare(self) -> None:
        """Build the one index that makes a key's name unique. A migration's business."""
        present = {"keyAltNames": {"$exists": True}}
        await self.keys.create_index("keyAltNames", unique=True, partialFilterExpression=present)

    async def seal(self, subject: str | None, value: Any) -> Any:
        """The value with every `Plain` in it, at any depth, replaced by `Sealed` under the subject's key.

        Raises:
            SubjectMissing: there is something to seal and nobody it belongs to.
            SubjectErased: the subject's data have been erased.
            VaultUnavailable: no key can be had at the moment.
        """
        plains = {id(p): p for p in each(value, Plain)}
        if not plains:
            return value
        if subject is None:
            raise SubjectMissing
        try:
            sealed = await self._all_sealed(subject, plains)
        except PyMongoError as failure:
            log.error("vault.cannot_seal", error=type(failure).__name__)  # noqa: TRY400 - the trace would show values
            raise VaultUnavailable from failure
        return replaced(value, Plain, lambda p: sealed[id(p)])

    async def open(self, rows: Sequence[Row]) -> list[Row]:
        """The rows with every `Sealed` in them, at any depth, as text, or `ERASED` where its subject has been erased.

        Raises:
            VaultUnavailable: a key could not be had; nobody is shown as erased because of that.
        """
        words = await self._words(rows)
        opened: list[Row] = replaced(list(rows), Sealed, lambda s: words.get(s, ERASED)) if words is not None else list(rows)
        return opened

    async def unsealed(self, value: Any) -> Any:
        """The value with every `Sealed` in it as `Plain`, to be sealed anew for somebody else. What is erased stays sealed."""
        words = await self._words(value) or {}
        return replaced(value, Sealed, lambda s: Plain(words[s]) if s in words else s)

    async def _words(self, value: Any) -> dict[Sealed, str] | None:
        """Every sealed value in the clear, but those of the erased; None where nothing is sealed."""
        sealed = list(dict.fromkeys(each(value, Sealed)))
        if not sealed:
            return None
        try:
            try:
                return await self._opened(sealed)
            except EncryptionError:
                # Erased elsewhere since we looked: look again.
                self._living.clear()
                return await self._opened(sealed)
        except PyMongoError as failure:
            log.error("vault.cannot_open", error=type(failure).__name__)  # noqa: TRY400 - the trace would show values
            raise VaultUnavailable from failure

    async def _opened(self, sealed: Sequence[Sealed]) -> dict[Sealed, str]:
        erased = await self._erased_among({s.key_id for s in sealed})
        living = [s for s in sealed if s.key_id not in erased]
        return dict(zip(living, await batch.decrypt(self._encryption, living), strict=True))

    async def open_one(self, sealed: Sealed) -> str | Erased:
        """One value."""
        opened: str | Erased = (await self.open([{"v": sealed}]))[0]["v"]
        return opened

    async def token(self, word: str) -> bytes:
        """A keyed hash of a word, to look it up by without storing it. The same in every process.

        Raises:
            VaultUnavailable: the secret behind it cannot be had at the moment.
        """
        if self._hidden is None:
            try:
                self._hidden = await self._hidden_secret()
            except PyMongoError as failure:
                raise VaultUnavailable from failure
        return hmac.new(self._hidden, word.encode(), hashlib.sha256).digest()[:16]

    async def erase(self, subject: str, *, now: datetime) -> bool:
        """Destroy the subject's keys, for ever; False when that had been done, or there never was one.

        A row stays as a tombstone: it says when, and keeps the name taken, also of a subject that never had a key.
        """
        self._known.pop(subject, None)
        destroyed = await self._strip(subject, now)
        try:
            await self.keys.insert_one({"_id": Binary(uuid.uuid4().bytes, 4), "keyAltNames": [key_name(subject)], "erased_at": now})
        except DuplicateKeyError:
            log.debug("vault.tombstone_stands")
        # Once more: a key may have been made, or retired, since the first look.
        destroyed += await self._strip(subject, now)
        self._living.clear()
        return destroyed > 0

    async def _strip(self, subject: str, now: datetime) -> int:
        names = [key_name(subject), re.compile("^" + re.escape(retired_name(subject, "")))]
        done = await self.keys.update_many(
            {"keyAltNames": {"$in": names}, "keyMaterial": {"$exists": True}},
            {"$unset": {"keyMaterial": "", "masterKey": ""}, "$set": {"erased_at": now}},
        )
        return done.modified_count

    async def rewrap(self, provider: str, master_key: Mapping[str, Any] | None = None) -> int:
        """Wrap the next keys anew by another master key, of this provider or of another; the data are not touched.

        Answers how many keys were rewrapped: call it until there are none. Broken off, it goes on where it was.
        """
        chosen = master_key or (self._master_key if provider == self._provider else None)
        waiting = awaiting(provider, chosen)
        some = [row["_id"] async for row in self.keys.find(waiting, {"_id": 1}).limit(REWRAPPED_AT_ONCE)]
        these = {"_id": {"$in": some}} if some else {}
        if some:
            await self._encryption.rewrap_many_data_key({**these, **waiting}, provider=provider, master_key=chosen)
        # It reads, then writes: a key that was erased in between has come back, and is destroyed again; at the end, any such key.
        risen = {**these, "erased_at": {"$exists": True}, "keyMaterial": {"$exists": True}}
        await self.keys.update_many(risen, {"$unset": {"keyMaterial": "", "masterKey": ""}})
        return len(some)

    async def close(self) -> None:
        """Let go of libmongocrypt's state."""
        await self._encryption.close()

    async def _all_sealed(self, subject: str, plains: Mapping[int, Plain]) -> dict[int, Sealed]:
        try:
            key = await self._key_of(subject)
            return {name: await self._encrypted(p.reveal(), key) for name, p in plains.items()}
        except EncryptionError:
            if await self._is_erased(subject):
                raise SubjectErased(subject) from None
            raise

    async def _encrypted(self, value: str, key: Binary) -> Sealed:
        return Sealed(bytes(await self._encryption.encrypt(value, RANDOM, key_id=key)))

    async def _key_of(self, subject: str) -> Binary:
        known, until = self._known.get(subject, (None, 0.0))
        if known and time.monotonic() < until:
            self._known.move_to_end(subject)
            return known
        found = await self.keys.find_one({"keyAltNames": key_name(subject)}, {"erased_at": 1})
        if found and "erased_at" in found:
            raise SubjectErased(subject)
        key: Binary = found["_id"] if found else await self._new_key(subject)
        self._known[subject] = key, time.monotonic() + self.remembers_s
        if len(self._known) > KNOWN_AT_MOST:
            self._known.popitem(last=False)
        return key

    async def _new_key(self, subject: str) -> Binary:
        try:
            return await self._encryption.create_data_key(self._provider, self._master_key, key_alt_names=[key_name(subject)])
        except EncryptionError as clash:
            # Another process was faster: the loser hears of it wrapped in an EncryptionError.
            if not isinstance(clash.__cause__, DuplicateKeyError):
                raise
            # Its key is there, but perhaps not on the majority yet: this read waits for that.
            settled = self.keys.with_options(read_concern=ReadConcern("linearizable"))
            found = await settled.find_one({"keyAltNames": key_name(subject)}, {"_id": 1}, max_time_ms=SETTLED_WITHIN_MS)
            assert found
            key: Binary = found["_id"]
            return key

    async def _is_erased(self, subject: str) -> bool:
        self._known.pop(subject, None)
        tombstone = {"keyAltNames": key_name(subject), "erased_at": {"$exists": True}}
        return await self.keys.find_one(tombstone, {"_id": 1}) is not None

    async def _erased_among(self, key_ids: set[bytes]) -> set[bytes]:
        """Which of the keys are tombstones. Of one that is not, this is not asked again for as long as a key is remembered."""
        now = time.monotonic()
        asked = [k for k in key_ids if self._living.get(k, 0.0) < now]
        if not asked:
            return set()
        wanted = {"_id": {"$in": [Binary(k, 4) for k in asked]}, "erased_at": {"$exists": True}}
        erased = {bytes(row["_id"]) async for row in self.keys.find(wanted, {"_id": 1})}
        if len(self._living) > KNOWN_AT_MOST:
            self._living.clear()
        self._living |= {k: now + self.remembers_s for k in asked if k not in erased}
        return erased

    async def _hidden_secret(self) -> bytes:
        """The secret behind look-up tokens: random, made once, sealed under a key of its own."""
        row = await self.keys.database["secrets"].find_one({"_id": HIDDEN_KEY})
        if row is None:
            fresh = (await self.seal(HIDDEN_KEY, {"v": Plain(secrets.token_hex(32))}))["v"]
            try:
                await self.keys.database["secrets"].insert_one({"_id": HIDDEN_KEY, "v": fresh})
            except DuplicateKeyError:
                return await self._hidden_secret()
            row = {"v": fresh}
        opened = await self.open_one(row["v"])
        assert isinstance(opened, str)
        return bytes.fromhex(opened)


def key_name(subject: str) -> str:
    """What the subject's present key is called."""
    return f"subject:{subject}"


def retired_name(subject: str, key: str) -> str:
    """What one of its former keys is called: it still opens, and seals no more."""
    return f"subject:{subject}:retired:{key}"
