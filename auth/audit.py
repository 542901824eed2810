"""What auth puts on record (SEC-67): who came in and how, who was not let in, what was renewed and ended.

Each act has its name here, and nowhere else.
A sign-in that cannot be recorded does not happen. Everything else here is recorded as well as may be: a session is ended, a thief
shut out and a key changed whether or not there is a record of it; what was missed is in the log.
"""

from typing import Any, Protocol

import anyio.from_thread
import structlog

from auth.config import ProviderConfig
from auth.documents import Person, Session, SignedInKind
from kernel.audit import REFUSED, Audit, AuditEntry, changed
from kernel.errors import AuditUnavailable
from kernel.principal import SYSTEM, Principal

log = structlog.get_logger(__name__)

Row = dict[str, Any]

NOBODY_YET = "unknown"
# Ended by the person from the app itself; every other end is somebody else's doing, or another device's.
SIGNED_OUT = "revoked_by_app"


class Proven(Protocol):
    """What is told of an account somebody has just proven to have."""

    @property
    def acr(self) -> str: ...
    @property
    def amr(self) -> tuple[str, ...]: ...
    @property
    def assurance(self) -> int: ...


class AuthAudit:
    """auth's side of the audit. Without a `book` nothing is recorded: a part of auth by itself, in a test."""

    def __init__(self, book: Audit | None = None) -> None:
        self.book = book

    async def signed_in(self, person_id: str, account: Proven, provider: ProviderConfig, client_id: str) -> None:
        """Somebody proved who they are: with which provider, at which level, by which means.

        Raises:
            AuditUnavailable: then they are not signed in.
        """
        if self.book:
            told = {"idp": provider.id, "acr": account.acr, "amr": list(account.amr), "assurance": account.assurance}
            subjects = await _subjects(person_id, provider.kind)
            entry = AuditEntry(action="auth.signed_in", object=f"person:{person_id}", subjects=subjects, changes=changed({}, told))
            await self.book.record(Principal(id=person_id, kind=provider.kind, client_id=client_id), entry)

    async def sign_in_failed(self, provider: ProviderConfig, client_id: str, why: str) -> None:
        """Somebody did not get in; who it was is not known, or not to be believed."""
        told = changed({}, {"idp": provider.id, "why": why})
        entry = AuditEntry(action="auth.sign_in_failed", object=f"provider:{provider.id}", changes=told, result=REFUSED)
        await self._note(Principal(id=NOBODY_YET, kind=provider.kind, client_id=client_id), entry)

    async def key_rotated(self, before: str, after: str) -> None:
        """Another key signs from now on."""
        told = changed({"kid": before}, {"kid": after})
        await self._note(SYSTEM, AuditEntry(action="auth.key_rotated", object="signing_keys", changes=told))

    async def attestation_failed(self, client_id: str, why: str) -> None:
        """An app did not prove to be ours; where that is only observed, it goes on all the same."""
        entry = AuditEntry(
            action="auth.attestation_failed", object=f"client:{client_id}", changes=changed({}, {"why": why}), result=REFUSED
        )
        await self._note(Principal(id=NOBODY_YET, kind="citizen", client_id=client_id), entry)

    async def act_for_allowed(self, citizen: Principal, delegation_id: str, relation: str, scopes: list[str]) -> None:
        """A citizen lets somebody act for them.

        Raises:
            AuditUnavailable: then they do not.
        """
        if self.book:
            told = changed({}, {"relation": relation, "scopes": scopes})
            whose, entry = (citizen.recipient,), f"delegation:{delegation_id}"
            await self.book.record(citizen, AuditEntry(action="auth.act_for_allowed", object=entry, subjects=whose, changes=told))

    def act_for_started(self, session: Row, helper: Principal) -> None:
        """Somebody acts for a citizen from now on.

        Raises:
            AuditUnavailable: then they do not.
        """
        if self.book:
            anyio.from_thread.run(self._act_for_started, session, helper)

    async def _act_for_started(self, session: Row, helper: Principal) -> None:
        assert self.book
        subjects = await _subjects(session["person_id"], session["kind"])
        told = changed({}, {"scope": session["scope"]})
        entry = AuditEntry(
            action="auth.act_for_started",
            object=f"delegation:{session['_id']}",
            subjects=subjects,
            changes=told,
            agency=_office(helper),
        )
        await self.book.record(helper, entry)

    async def acted_for(self, principal: Principal, request: str) -> None:
        """Whoever acts for a citizen asks something in their place; on record before it is answered.

        Raises:
            AuditUnavailable: then it is not.
        """
        if self.book and principal.acting:
            entry = AuditEntry(
                action="auth.acted_for",
                object=f"request:{request}",
                subjects=(principal.recipient,),
                agency=_office(principal.acting),
            )
            await self.book.record(principal, entry)

    def refreshed(self, session: Row) -> None:
        """A session goes on. Called, like what follows, in a worker thread."""
        # Every ten minutes and the citizen's own phone: of no interest in the citizen's list of who looked.
        self._in_thread(session, AuditEntry(action="auth.token_refreshed", object=f"session:{session['_id']}"))

    def reused(self, session: Row) -> None:
        """A refresh token came a second time: it is in two hands."""
        self._in_thread(session, AuditEntry(action="auth.token_reused", object=f"session:{session['_id']}", result=REFUSED))

    def ended(self, session_id: str, reason: str) -> None:
        """A session is over, and why."""
        if self.book:
            anyio.from_thread.run(self._ended, session_id, reason)

    async def _ended(self, session_id: str, reason: str) -> None:
        session = await Session.get_pymongo_collection().find_one({"_id": session_id}, _WHOSE)
        if session is None:
            return
        action = "auth.signed_out" if reason == SIGNED_OUT else "auth.session_ended"
        subjects = await _subjects(session["person_id"], session["kind"])
        told = changed({}, {"reason": reason})
        await self._note(_of(session), AuditEntry(action=action, object=f"session:{session_id}", subjects=subjects, changes=told))

    def _in_thread(self, session: Row, entry: AuditEntry) -> None:
        if self.book:
            anyio.from_thread.run(self._note, _of(session), entry)

    async def _note(self, actor: Principal, entry: AuditEntry) -> None:
        if self.book is None:
            return
        try:
            await self.book.record(actor, entry)
        except AuditUnavailable:
            log.error("record.missing", action=entry.action, object=entry.object)  # noqa: TRY400 - the audit has logged why


_WHOSE = {"person_id": 1, "kind": 1, "client_id": 1}


def _office(helper: Principal) -> str | None:
    return min(helper.agencies, default=None)


def _of(session: Row) -> Principal:
    return Principal(id=session["person_id"], kind=session["kind"], client_id=session["client_id"], session_id=session["_id"])


async def _subjects(person_id: str, kind: SignedInKind) -> tuple[str, ...]:
    """In whose list of accesses it stands: a citizen's own, and nobody's for an official."""
    if kind != "citizen":
        return ()
    person = await Person.get_pymongo_collection().find_one({"_id": person_id}, {"citizen_key": 1})
    return ((person or {}).get("citizen_key") or person_id,)
