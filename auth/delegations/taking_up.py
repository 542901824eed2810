"""The code of a permission into a session in which its helper acts for the citizen: once, and only by who may.

On a worker thread, like everything behind the token endpoint.
"""

from datetime import timedelta
from typing import Any

from pymongo import ReturnDocument
from pymongo.database import Database

from auth.audit import AuthAudit
from auth.delegations.consent import plain
from auth.delegations.relations import open_to, scope_of
from auth.documents import Delegation, Helper, Session
from auth.events import ActForStarted
from auth.opaque import digest
from auth.sessions.families import Families, Grantee
from kernel.clock import Clock
from kernel.events import encode
from kernel.principal import Principal

Row = dict[str, Any]
# What is taken over from the session the citizen gave their word in: whatever ends that account's sign-ins ends this one too.
_SAME = ("person_id", "kind", "provider", "issuer", "subject", "upstream_sid", "assurance", "authenticated_at")


class Permissions:
    """The permissions citizens have given."""

    def __init__(self, db: Database[Row], families: Families, clock: Clock, audit: AuthAudit) -> None:
        self._given, self._sessions = db[Delegation.Settings.name], db[Session.Settings.name]
        self._families, self._clock, self._audit = families, clock, audit

    def take_up(self, code: str, helper: Principal, *, jkt: str | None, device: str) -> Grantee | None:
        """The session in which `helper` acts; None when this code is not for them, or not any more.

        Raises:
            AuditUnavailable: then nobody acts for anybody.
        """
        now = self._clock.now()
        for_them = {"relation": {"$in": [*open_to(helper)]}, "person_id": {"$ne": helper.id}}
        open_now = {"code_digest": digest(plain(code)), "taken_up_at": {"$exists": False}, "code_expires_at": {"$gt": now}}
        # One statement decides among all who come with the same code; who may not help cannot spoil it for who may.
        taken = {"taken_up_at": now, "helper_kind": helper.kind, "helper_agencies": sorted(helper.agencies)}
        given = self._given.find_one_and_update(
            {**open_now, **for_them}, {"$set": taken, "$inc": {"version": 1}}, return_document=ReturnDocument.AFTER
        )
        citizens, helpers = (self._living(given["given_in"]), self._living(helper.session_id)) if given else (None, None)
        if given is None or citizens is None or helpers is None:
            return None
        session = self._session(given, citizens, helper, jkt, device)
        # Nobody acts longer than they are signed in themselves.
        session["expires_at"] = min(session["expires_at"], helpers["expires_at"])
        self._audit.act_for_started(session, helper)
        return self._families.admit(session)

    def _session(self, given: Row, citizens: Row, helper: Principal, jkt: str | None, device: str) -> Row:
        now = self._clock.now()
        acts = Helper(person_id=helper.id, kind="staff" if helper.kind == "staff" else "citizen", session_id=str(helper.session_id))
        return {
            "_id": given["_id"],
            **{name: citizens[name] for name in _SAME if name in citizens},
            "client_id": helper.client_id,
            "scope": scope_of(given["scopes"]),
            "helper": acts.model_dump(),
            "created_at": now,
            "last_seen_at": now,
            "activated_at": now,
            "expires_at": now + timedelta(seconds=given["lasts_s"]),
            "outbox": [encode(ActForStarted(at=now, session_id=given["_id"]))],
            **{name: value for name, value in {"jkt": jkt, "device": device}.items() if value},
        }

    def _living(self, session_id: str | None) -> Row | None:
        alive = {"_id": session_id, "ended_at": {"$exists": False}, "expires_at": {"$gt": self._clock.now()}}
        return self._sessions.find_one(alive)
