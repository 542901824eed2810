"""The keys we sign with: made on first start, published before use, retired before they are forgotten (SEC-39).

    next ──(published for ten minutes)──> active ──rotate──> retired ──(tokens have run out)──> forgotten

Every process holds them in memory and looks again every few seconds, so a rotation or an emergency removal reaches all of them.
"""

import json
from datetime import datetime
from typing import Any, Literal

import structlog
from joserfc import jwe, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OctKey, OKPKey
from jwt import PyJWK
from pymongo.errors import DuplicateKeyError, OperationFailure

from auth.audit import AuthAudit
from auth.config import ConfigError
from auth.documents import SigningKey
from auth.lifetimes import KEY_PUBLICATION, LONGEST_ACCESS_TOKEN, SIGNING_KEY
from kernel.clock import Clock
from kernel.errors import Conflict, NotFound
from kernel.mongo.client import Database

log = structlog.get_logger(__name__)

Algorithm = Literal["ES256", "EdDSA"]
# Which of them a key signs with is said by the kind of key it is, never by a token.
ALGORITHM_OF: dict[str, Algorithm] = {"EC": "ES256", "OKP": "EdDSA"}
_WRAPPING = {"alg": "dir", "enc": "A256GCM"}


class NextKeyTooYoung(Conflict):
    """The next signing key has not been published long enough: others would not know it yet."""

    vi = "Khóa ký kế tiếp chưa được công bố đủ lâu."


class SigningKeyUnknown(NotFound):
    """There is no signing key of this id."""

    vi = "Không có khóa ký này."


class SigningKeys:
    """The key ring of one process."""

    def __init__(
        self, db: Database, secret: bytes, clock: Clock, audit: AuthAudit | None = None, algorithm: Algorithm = "ES256"
    ) -> None:
        self._client, self._keys = db.client, db[SigningKey.Settings.name]
        self._secret, self._clock = OctKey.import_key(secret), clock
        self._audit, self._algorithm = audit or AuthAudit(), algorithm
        self._active: ECKey | OKPKey | None = None
        self._verifying: dict[str, PyJWK] = {}
        self._public: list[dict[str, str]] = []

    async def start(self) -> None:
        """Make the keys that are missing, and load all of them. Two processes may do this at once: the index lets one key in."""
        for state in ("active", "next"):
            if await self._keys.count_documents({"state": state}, limit=1) == 0:
                try:
                    await self._keys.insert_one(self._new_key(state))
                    log.info("signing_key.created", state=state)
                except DuplicateKeyError:
                    log.info("signing_key.created_elsewhere", state=state)
        await self.reload()

    async def reload(self) -> None:
        """Take over what the database says now."""
        stored = await self._keys.find().sort("created_at", 1).to_list()
        active = next(key for key in stored if key["state"] == "active")
        if self._active is None or self._active.kid != active["_id"]:
            self._active = self._opened(active)
        known = self._verifying
        self._verifying = {
            key["_id"]: known.get(key["_id"]) or PyJWK.from_dict(key["public_jwk"], algorithm=_algorithm(key)) for key in stored
        }
        self._public = [{**key["public_jwk"], "kid": key["_id"], "use": "sig", "alg": _algorithm(key)} for key in stored]

    async def rotate(self) -> None:
        """Next becomes active, active retires, a new next is published. Run as a job; tokens already out stay valid.

        Raises:
            NextKeyTooYoung: others may not have seen the next key yet.
        """
        now = self._clock.now()
        forget_at = now + LONGEST_ACCESS_TOKEN + KEY_PUBLICATION
        async with self._client.start_session() as session, await session.start_transaction():
            published = await self._keys.find_one({"state": "next"}, session=session)
            if published is None or published["created_at"] > now - KEY_PUBLICATION:
                raise NextKeyTooYoung
            retired = {"state": "retired", "retired_at": now, "forget_at": forget_at}
            await self._keys.update_one({"state": "active"}, {"$set": retired}, session=session)
            await self._keys.update_one(
                {"_id": published["_id"]}, {"$set": {"state": "active", "activated_at": now}}, session=session
            )
            await self._keys.insert_one(self._new_key("next"), session=session)
        log.info("signing_key.rotated", kid=published["_id"])
        before = str(self._active.kid) if self._active else ""
        await self.reload()
        await self._audit.key_rotated(before, published["_id"])

    async def rotate_when_due(self) -> bool:
        """Rotate when the active key has served its time; answers whether it was. Any number of processes may ask."""
        due = self._clock.now() - SIGNING_KEY
        active = await self._keys.find_one({"state": "active"}, {"created_at": 1, "activated_at": 1})
        if active is None:
            return False
        since: datetime = active.get("activated_at") or active["created_at"]
        if since > due:
            return False
        try:
            await self.rotate()
        except (NextKeyTooYoung, OperationFailure):
            # Somebody else has just done it.
            return False
        return True

    async def revoke(self, kid: str) -> None:
        """Take a key away at once: what it signed is refused from now on, everybody signs in or refreshes anew (SEC-40).

        Should it be the one that signs, the next one does so now, however young: a verifier that does not know it yet asks again.

        Raises:
            SigningKeyUnknown: there is no such key.
        """
        now = self._clock.now()
        async with self._client.start_session() as session, await session.start_transaction():
            gone = await self._keys.find_one_and_delete({"_id": kid}, session=session)
            if gone is None:
                raise SigningKeyUnknown
            if gone["state"] == "active":
                activated = {"$set": {"state": "active", "activated_at": now}}
                await self._keys.update_one({"state": "next"}, activated, session=session)
            if gone["state"] != "retired":
                await self._keys.insert_one(self._new_key("next"), session=session)
        log.warning("signing_key.revoked", kid=kid, state=gone["state"])
        await self.reload()

    async def listed(self) -> list[dict[str, Any]]:
        """Every key without its private half, oldest first."""
        return await self._keys.find({}, {"private_jwe": 0, "public_jwk": 0}).sort("created_at", 1).to_list()

    def sign(self, claims: dict[str, Any], *, typ: str) -> str:
        """A signed JWT."""
        if self._active is None:
            raise RuntimeError("signing keys are not loaded: call start() first")
        algorithm = ALGORITHM_OF[self._active.key_type]
        header = {"alg": algorithm, "typ": typ, "kid": self._active.kid}
        return jwt.encode(header, claims, self._active, algorithms=[algorithm])

    def verifying_key(self, kid: str) -> PyJWK | None:
        """The public key of this id, whatever its state; None for one that is not, or no longer, ours."""
        return self._verifying.get(kid)

    def public_jwks(self) -> list[dict[str, str]]:
        """All keys a verifier may meet, oldest first (RFC 7517)."""
        return self._public

    def _opened(self, stored: dict[str, Any]) -> ECKey | OKPKey:
        try:
            plain = jwe.decrypt_compact(stored["private_jwe"], self._secret, algorithms=list(_WRAPPING.values())).plaintext
        except JoseError as locked:
            raise ConfigError(
                "key_secret does not open the signing keys in the database: it has been changed or mixed up"
            ) from locked
        kind = ECKey if stored["public_jwk"]["kty"] == "EC" else OKPKey
        return kind.import_key({**json.loads(plain or b""), "kid": stored["_id"]})

    def _new_key(self, state: str) -> dict[str, Any]:
        key = ECKey.generate_key("P-256") if self._algorithm == "ES256" else OKPKey.generate_key("Ed25519")
        public = key.as_dict(private=False)
        sealed = jwe.encrypt_compact(
            dict(_WRAPPING), json.dumps(key.as_dict(private=True)), self._secret, algorithms=list(_WRAPPING.values())
        )
        now: datetime = self._clock.now()
        return {
            "_id": key.thumbprint(),
            "version": 1,
            "state": state,
            "public_jwk": public,
            "private_jwe": sealed,
            "created_at": now,
        }


def _algorithm(stored: dict[str, Any]) -> Algorithm:
    return ALGORITHM_OF[stored["public_jwk"]["kty"]]
