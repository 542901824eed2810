"""The refresh token family of a session: opened by a sign-in, passed on by rotation, ended by one write.

Written for the authorization server's worker threads, hence the synchronous driver. Every decision between two callers who come at
the same moment is one statement the database executes atomically; what the code does around it may be interrupted anywhere.
"""

from datetime import datetime
from typing import Any

import msgspec
import structlog
from pymongo import ReturnDocument
from pymongo.database import Database

from auth.audit import AuthAudit
from auth.documents import CODE_MEMORY, AuthorizationCode, RefreshToken, Session, SignedInKind
from auth.events import SessionEnded
from auth.lifetimes import AUTHORIZATION_CODE, OF, ROTATION_RETRY
from auth.opaque import digest, new_secret
from auth.sessions.ended import EndedSessions
from kernel.clock import Clock
from kernel.events import encode
from kernel.ids import new_id

log = structlog.get_logger(__name__)

Row = dict[str, Any]
_UNUSED = {"used_at": {"$exists": False}}
_NOT_ENDED = {"ended_at": {"$exists": False}}


class SignIn(msgspec.Struct, frozen=True, kw_only=True):
    """Who has just proven to be who, with which account."""

    person_id: str
    kind: SignedInKind
    provider: str
    issuer: str
    subject: str
    upstream_sid: str | None
    assurance: int
    authenticated_at: datetime | None


class Grantee(msgspec.Struct, frozen=True, kw_only=True):
    """To whom a token is about to be given: a living session, and the refresh token that goes along."""

    session: Row
    refresh_token: str


class Families:
    """Sessions and their tokens in the database."""

    def __init__(self, db: Database[Row], ended: EndedSessions, clock: Clock, audit: AuthAudit | None = None) -> None:
        self._codes = db[AuthorizationCode.Settings.name]
        self._sessions = db[Session.Settings.name]
        self._tokens = db[RefreshToken.Settings.name]
        self._ended, self._clock = ended, clock
        self._audit = audit or AuthAudit()

    def open(
        self,
        code: str,
        sign_in: SignIn,
        *,
        client_id: str,
        redirect_uri: str,
        scope: str,
        code_challenge: str,
        jkt: str | None = None,
    ) -> None:
        """A session that lives for the code's minute; redeeming the code, with the key `jkt` if any, gives it its real life."""
        now = self._clock.now()
        session_id, expires_at = new_id(), now + AUTHORIZATION_CODE
        told = {name: value for name, value in msgspec.structs.asdict(sign_in).items() if value is not None}
        times = {"created_at": now, "last_seen_at": now, "expires_at": expires_at}
        self._sessions.insert_one({"_id": session_id, "version": 1, "client_id": client_id, "scope": scope, **told, **times})
        self._codes.insert_one(
            {
                "_id": digest(code),
                "version": 1,
                "client_id": client_id,
                "redirect_uri": redirect_uri,
                "scope": scope,
                "code_challenge": code_challenge,
                "session_id": session_id,
                "expires_at": expires_at,
                "forget_at": expires_at + CODE_MEMORY,
                **({"jkt": jkt} if jkt else {}),
            }
        )

    def consume_code(self, code: str, client_id: str) -> Row | None:
        """The code's row, for the first who asks in time. Whoever asks again ends the session (RFC 6749, 4.1.2; SEC-06)."""
        now, mine = self._clock.now(), {"_id": digest(code), "client_id": client_id}
        row = self._codes.find_one_and_update({**mine, **_UNUSED}, {"$set": {"used_at": now}})
        if row is not None:
            return row if row["expires_at"] > now else None
        if replayed := self._codes.find_one(mine):
            self.end(replayed["session_id"], "code_replayed")
        return None

    def activate(self, session_id: str, jkt: str | None = None, device: str = "") -> Grantee | None:
        """Give a session its life, its key and its first refresh token; None when it has been ended meanwhile."""
        now = self._clock.now()
        alive = {"_id": session_id, "activated_at": {"$exists": False}, "expires_at": {"$gt": now}, **_NOT_ENDED}
        session = self._sessions.find_one(alive, {"kind": 1})
        if session is None:
            return None
        life: Row = {"activated_at": now, "last_seen_at": now, "expires_at": now + OF[session["kind"]].absolute}
        life |= {name: value for name, value in {"jkt": jkt, "device": device}.items() if value}
        session = self._sessions.find_one_and_update(alive, {"$set": life}, return_document=ReturnDocument.AFTER)
        if session is None:
            return None
        secret = new_secret()
        self._issue(secret, session, now)
        return Grantee(session=session, refresh_token=secret)

    def admit(self, session: Row) -> Grantee:
        """A session that begins without a code of its own, with its first refresh token."""
        self._sessions.insert_one({"version": 1, **session})
        secret = new_secret()
        self._issue(secret, session, self._clock.now())
        return Grantee(session=session, refresh_token=secret)

    def presented(self, secret: str, client_id: str, jkt: str | None = None) -> tuple[Row, Row] | None:
        """The token's row and its session's, when this token was ever given to this client and may still matter.

        To somebody without the session's key it is unknown: a stolen token neither works nor ends the owner's session (SEC-30).
        To a session without a key no key is added: a thief could add theirs.
        """
        found = self.family_of(secret, client_id)
        return found if found and found[1].get("jkt") in (None, jkt) else None

    def family_of(self, secret: str, client_id: str) -> tuple[Row, Row] | None:
        """The same for somebody who need not prove the key: signing out by mistake is better than not being able to."""
        now = self._clock.now()
        token = self._tokens.find_one({"_id": digest(secret), "client_id": client_id, "expires_at": {"$gt": now}})
        if token is None:
            return None
        session = self._sessions.find_one({"_id": token["session_id"], "expires_at": {"$gt": now}, **_NOT_ENDED})
        return (token, session) if session else None

    def rotate(self, token: Row, session: Row) -> Grantee | None:
        """Pass the family on to a new token; None, and the family ended, when this one had been passed on before (SEC-28, SEC-29).

        The exception: whoever lost our answer may ask once more within a minute, as long as nobody has used the answer. The answer
        they lost is then worth nothing, and using it ends the family, so a thief and the owner cannot both go on.
        """
        now, secret = self._clock.now(), new_secret()
        self._issue(secret, session, now)
        if not self._hand_over(token["_id"], digest(secret), now):
            self._tokens.delete_one({"_id": digest(secret)})
            log.warning("refresh_token.reused", session=session["_id"], client=session["client_id"])
            self._audit.reused(session)
            self.end(session["_id"], "refresh_token_reused")
            return None
        self._sessions.update_one({"_id": session["_id"]}, {"$set": {"last_seen_at": now}})
        self._audit.refreshed(session)
        return Grantee(session=session, refresh_token=secret)

    def end(self, session_id: str, reason: str, *, successor: str | None = None) -> bool:
        """End a session now and for ever; False when it had ended before or never was."""
        now = self._clock.now()
        event = encode(SessionEnded(at=now, session_id=session_id, reason=reason, successor=successor))
        change = {"$set": {"ended_at": now, "end_reason": reason}, "$push": {"outbox": event}}
        done = self._sessions.update_one({"_id": session_id, **_NOT_ENDED}, change)
        self._ended.add([session_id])
        if done.modified_count:
            log.info("session.ended", session=session_id, reason=reason)
            self._audit.ended(session_id, reason)
        # Whoever is not signed in themselves acts for nobody.
        for acted in self._sessions.find({"helper.session_id": session_id, **_NOT_ENDED}, {"_id": 1}):
            self.end(acted["_id"], "helper_signed_out")
        return bool(done.modified_count)

    def end_all(self, person_id: str, reason: str, *, keep: str | None = None) -> int:
        """End every session of a person, but for `keep`; answers how many that were."""
        found = self._sessions.find({"person_id": person_id, **_NOT_ENDED}, {"_id": 1})
        return sum(self.end(session["_id"], reason) for session in found if session["_id"] != keep)

    def end_of_account(self, issuer: str, subject: str | None, upstream_sid: str | None, *, until: datetime | None = None) -> int:
        """End what began with this sign-in at the provider, or everything of this account; answers how many sessions that were.

        With `until` only what had begun by then.
        """
        told = {"subject": subject, "upstream_sid": upstream_sid}
        named = {name: value for name, value in told.items() if value is not None}
        if not named:
            return 0
        begun: Row = {"created_at": {"$lte": until}} if until else {}
        found = self._sessions.find({"issuer": issuer, **named, **begun, **_NOT_ENDED}, {"_id": 1})
        return sum(self.end(session["_id"], "signed_out_at_provider") for session in found)

    def _issue(self, secret: str, session: Row, now: datetime) -> None:
        # Disuse ends a session, but no rotation moves the end set at its beginning (SEC-31).
        expires_at = min(now + OF[session["kind"]].idle, session["expires_at"])
        row = {"session_id": session["_id"], "client_id": session["client_id"], "issued_at": now, "expires_at": expires_at}
        self._tokens.insert_one({"_id": digest(secret), "version": 1, **row})

    def _hand_over(self, used: str, successor: str, now: datetime) -> bool:
        """Make `successor` the one living token after `used`. Whoever's statement comes last wins; the others' tokens die."""
        if self._use(used, now, successor):
            return True
        while True:
            token = self._tokens.find_one({"_id": used})
            if token is None or token["used_at"] < now - ROTATION_RETRY or "successor" not in token:
                return False
            lost, named = token["successor"], {"_id": used, "successor": token["successor"]}
            if self._tokens.find_one({"_id": lost, **_UNUSED}) is None:
                # Used by somebody, or only replaced by another retry? A retry changes the name first, then ends the token.
                if self._tokens.find_one(named):
                    return False
                continue
            if self._tokens.update_one(named, {"$set": {"successor": successor}}).modified_count:
                # Somebody may have used it between our look and our swap: then this is a reuse after all.
                return self._use(lost, now, None)

    def _use(self, token: str, now: datetime, successor: str | None) -> bool:
        mark = {"used_at": now} | ({"successor": successor} if successor else {})
        return bool(self._tokens.update_one({"_id": token, **_UNUSED}, {"$set": mark}).modified_count)
