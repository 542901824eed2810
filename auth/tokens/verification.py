"""An access token to the Principal behind it: every check of RFC 9068, section 4, and RFC 8725, on every request (SEC-22).

The signature is checked once. After that the token is remembered until it expires, and what may change sooner is asked each time:
the clock, the ended sessions, the keys still known, and for staff the directory.
"""

import hashlib
from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import msgspec

from auth.config import AuthConfig
from auth.directory import CachedDirectory
from auth.documents import Person, Session
from auth.errors import SessionEnded, StaffAccessWithdrawn, TokenInvalid
from auth.sessions.ended import EndedSessions
from auth.tokens.signing_keys import SigningKeys
from kernel.clock import Clock
from kernel.mongo.client import Database
from kernel.principal import Principal

# RFC 9068, 4: "The resource server MUST verify that the 'typ' header value is 'at+jwt' or 'application/at+jwt'".
ACCESS_TOKEN_TYPES = ("at+jwt", "application/at+jwt")
REQUIRED = ["iss", "aud", "exp", "iat", "sub", "jti", "client_id", "scope"]

# The role in which an official may act for citizens.
ASSISTANT = "assistant"

MAX_REMEMBERED = 50_000
# Longer than any token of ours; whoever sends more wants our processor's time.
MAX_LENGTH = 4096
RELOAD_COOLDOWN = timedelta(seconds=2)


class Verified(msgspec.Struct, frozen=True):
    """A token whose signature and claims have been found good."""

    principal: Principal
    kid: str
    expires_at: datetime
    email: str | None = None
    jkt: str | None = None
    """The key it is bound to (RFC 9449, 6.1)."""


class AccessTokens:
    """The check of access tokens in one process."""

    def __init__(
        self,
        config: AuthConfig,
        db: Database,
        *,
        keys: SigningKeys,
        ended: EndedSessions,
        directory: CachedDirectory,
        clock: Clock,
    ) -> None:
        self._config, self._keys, self._ended = config, keys, ended
        self._directory, self._clock = directory, clock
        self._people, self._sessions = db[Person.Settings.name], db[Session.Settings.name]
        self._remembered: OrderedDict[bytes, Verified] = OrderedDict()
        self._reloaded_at: datetime | None = None

    async def verify(self, token: str) -> Principal:
        """Whom this token stands for, whoever brings it."""
        principal, _ = await self.bearer_of(token)
        return principal

    async def claims_of(self, token: str) -> dict[str, Any]:
        """What is in a token that is good at this moment (RFC 7662), whoever brings it.

        Raises:
            TokenInvalid, SessionEnded, StaffAccessWithdrawn.
        """
        await self.bearer_of(token)
        return jwt.decode(token, options={"verify_signature": False})

    async def bearer_of(self, token: str) -> tuple[Principal, str | None]:
        """Whom this token stands for, and the thumbprint of the key its bearer has to prove, when it is bound to one.

        Raises:
            TokenInvalid: it is not an access token of ours, or has expired.
            SessionEnded: it was, until its session ended.
            StaffAccessWithdrawn: the directory does not know its owner any more.
        """
        name = hashlib.sha256(token.encode()).digest()
        known = self._remembered.get(name)
        if known is None:
            known = await self._first_sight(token)
            self._remember(name, known)
        principal = known.principal
        if known.expires_at <= self._clock.now() or self._keys.verifying_key(known.kid) is None:
            self._remembered.pop(name, None)
            raise TokenInvalid
        for signed_in in filter(None, (principal, principal.acting)):
            if signed_in.session_id is not None and signed_in.session_id in self._ended:
                raise SessionEnded
        if known.email is not None:
            principal = await self._with_roles(principal, known.email)
        return principal, known.jkt

    async def _with_roles(self, principal: Principal, email: str) -> Principal:
        grant = await self._directory.active_grant(email)
        if grant is None or (principal.acting and ASSISTANT not in grant.roles):
            raise StaffAccessWithdrawn
        told = {"name": grant.name, "roles": grant.roles, "agencies": grant.agencies, "posts": grant.posts}
        if principal.acting is None:
            return msgspec.structs.replace(principal, **told)
        return msgspec.structs.replace(principal, acting=msgspec.structs.replace(principal.acting, **told))

    async def _first_sight(self, token: str) -> Verified:
        kid, claims = await self._checked_claims(token)
        expires_at = datetime.fromtimestamp(claims["exp"], UTC)
        scopes = frozenset(claims["scope"].split())
        client_id, subject = claims["client_id"], claims["sub"]
        if system := self._config.system_client(client_id):
            if subject != client_id or "sid" in claims:
                raise TokenInvalid
            principal = Principal(id=subject, kind="system", client_id=client_id, name=system.name, scopes=scopes)
            return Verified(principal, kid, expires_at, jkt=_key_bound_to(claims))
        if self._config.app_client(client_id) is None:
            raise TokenInvalid
        session = await self._sessions.find_one({"_id": str(claims.get("sid")), "person_id": subject, "client_id": client_id})
        person = await self._people.find_one({"_id": subject})
        if session is None or person is None:
            raise TokenInvalid
        if "ended_at" in session:
            raise SessionEnded
        principal = Principal(
            id=subject,
            kind=session["kind"],
            client_id=client_id,
            scopes=scopes,
            citizen_key=person.get("citizen_key") if session["kind"] == "citizen" else None,
            assurance=session["assurance"],
            session_id=session["_id"],
            authenticated_at=session.get("authenticated_at"),
            signed_in_at=session["created_at"],
        )
        official = person
        if (helper := session.get("helper")) or "act" in claims:
            principal, official = await self._acted_for(principal, claims, helper or {})
        # Fail closed: a staff token without an address finds no grant.
        email = official.get("email", "") if (principal.acting or principal).kind == "staff" else None
        return Verified(principal, kid, expires_at, email, _key_bound_to(claims))

    async def _acted_for(
        self, principal: Principal, claims: dict[str, Any], helper: dict[str, Any]
    ) -> tuple[Principal, dict[str, Any]]:
        """The principal with whoever acts for them, and that one's person: what the token says has to be what the session says."""
        person = await self._people.find_one({"_id": str(helper.get("person_id"))})
        if person is None or claims.get("act") != {"sub": person["_id"]}:
            raise TokenInvalid
        acting = Principal(id=person["_id"], kind=helper["kind"], client_id=principal.client_id, session_id=helper["session_id"])
        return msgspec.structs.replace(principal, acting=acting), person

    async def _checked_claims(self, token: str) -> tuple[str, dict[str, Any]]:
        if len(token) > MAX_LENGTH:
            raise TokenInvalid
        try:
            kid = jwt.get_unverified_header(token).get("kid")
            key = await self._key(kid) if isinstance(kid, str) else None
            if key is None:
                raise TokenInvalid
            decoded = jwt.decode_complete(
                token,
                key,
                algorithms=[key.algorithm_name],
                audience=self._config.issuer,
                issuer=self._config.issuer,
                # Time is the clock's business: one rule for a token seen first and one remembered.
                options={"require": REQUIRED, "strict_aud": True, "verify_exp": False, "verify_iat": False, "verify_nbf": False},
            )
        # A header is parsed before its signature can be checked, so its nesting is anybody's choice.
        except (jwt.InvalidTokenError, RecursionError) as refused:
            raise TokenInvalid from refused
        claims: dict[str, Any] = decoded["payload"]
        # Read here and not before, so that it is the signed header that speaks.
        if str(decoded["header"].get("typ", "")).lower() not in ACCESS_TOKEN_TYPES:
            raise TokenInvalid
        texts = all(isinstance(claims[name], str) for name in ("sub", "client_id", "scope", "jti"))
        if not texts or not all(type(claims[name]) is int for name in ("exp", "iat")):
            raise TokenInvalid
        return str(kid), claims

    async def _key(self, kid: str) -> jwt.PyJWK | None:
        """The key, after a look into the database when it is new to us; a flood of invented ids costs one look in two seconds."""
        key = self._keys.verifying_key(kid)
        now = self._clock.now()
        if key is None and (self._reloaded_at is None or now - self._reloaded_at >= RELOAD_COOLDOWN):
            self._reloaded_at = now
            await self._keys.reload()
            key = self._keys.verifying_key(kid)
        return key

    def _remember(self, name: bytes, verified: Verified) -> None:
        self._remembered[name] = verified
        if len(self._remembered) > MAX_REMEMBERED:
            self._remembered.popitem(last=False)


def _key_bound_to(claims: dict[str, Any]) -> str | None:
    """RFC 7800, 3.1: a confirmation of a kind we do not know is one we cannot check, so the token is not good here."""
    if "cnf" not in claims:
        return None
    confirmation = claims["cnf"]
    jkt = confirmation.get("jkt") if isinstance(confirmation, dict) else None
    if not isinstance(jkt, str):
        raise TokenInvalid
    return jkt
