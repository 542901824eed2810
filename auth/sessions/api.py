"""What a signed-in person can ask about themselves and do with their sessions."""

from typing import Annotated, Any

from anyio.to_thread import run_sync
from litestar import Controller, Request, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from auth.errors import SessionNotFound, UnlockCodeUnknown
from auth.schemes import NO_BEARER
from auth.sessions.families import Families
from auth.sessions.locking import lock, unlock
from auth.sessions.queries import MARKS, OpenSessions, name_in, person_of
from auth.sessions.schemas import LockView, MeView, SessionList, SessionName, UnlockCode
from kernel.audit import AuditEntry, Change, changed
from kernel.http.access import ACT_FOR, Access, everybody, signed_in
from kernel.http.given import TheAudit, TheClock, TheFresh, TheReads, TheVault
from kernel.http.limits import limited
from kernel.principal import Principal
from kernel.text import clean

known = Access("citizen", "staff", "system", helped=ACT_FOR)


class Me(Controller):
    """The caller."""

    path = "/v1/me"
    tags = ("Me",)

    @get("/", guards=[known], operation_id="getMe", summary="Who am I?")
    async def me(self, request: Request[Principal, Any, Any], reads: TheReads, fresh: TheFresh) -> MeView:
        """Answers the caller as the server sees them: kind, roles, agencies, level of assurance, session."""
        caller = request.scope["user"]
        fresh.depends_on(caller.name, caller.assurance, sorted(caller.scopes), caller.session_id, caller.authenticated_at)
        if caller.kind != "citizen":
            fresh.at(0)
            return MeView.of(caller, caller.name)
        # A citizen's name is opened for this answer only, and not carried about with every request.
        person = await fresh.row(lambda shown: person_of(reads, caller.id, shown))
        return MeView.of(caller, name_in(person))

    @get("/sessions", guards=[signed_in], operation_id="listMySessions", summary="Where am I signed in?")
    async def sessions(
        self, request: Request[Principal, Any, Any], open_sessions: NamedDependency[OpenSessions], fresh: TheFresh, vault: TheVault
    ) -> SessionList:
        """Answers the living sessions of the caller, newest first."""
        caller = request.scope["user"]
        fresh.depends_on(caller.session_id)
        rows, _ = await fresh.page(lambda shown: open_sessions.of(caller, shown), MARKS)
        return SessionList(items=[open_sessions.view(row, caller) for row in await vault.open(rows)])

    @delete("/sessions/{session_id:str}", guards=[signed_in], operation_id="endMySession", summary="Sign out a device")
    async def end(
        self,
        request: Request[Principal, Any, Any],
        session_id: FromPath[str],
        open_sessions: NamedDependency[OpenSessions],
        families: NamedDependency[Families],
    ) -> None:
        """Ends one of the caller's sessions: its tokens stop working everywhere within two seconds."""
        if not await open_sessions.has(request.scope["user"], session_id):
            raise SessionNotFound
        await run_sync(families.end, session_id, "ended_by_person")

    @delete("/sessions", guards=[signed_in], operation_id="endMySessions", summary="Sign out every other device")
    async def end_all(
        self,
        request: Request[Principal, Any, Any],
        families: NamedDependency[Families],
        *,
        include_current: Annotated[bool, QueryParameter(name="includeCurrent")] = False,
    ) -> None:
        """Ends the caller's other sessions, with `includeCurrent=true` this one too."""
        caller = request.scope["user"]
        keep = None if include_current else caller.session_id
        await run_sync(lambda: families.end_all(caller.id, "ended_by_person", keep=keep))

    @put(
        "/sessions/{session_id:str}/name",
        guards=[signed_in],
        status_code=204,
        operation_id="nameMySession",
        summary="Give a device a name",
    )
    async def name(
        self,
        request: Request[Principal, Any, Any],
        session_id: FromPath[str],
        data: JSONBody[SessionName],
        open_sessions: NamedDependency[OpenSessions],
        audit: TheAudit,
    ) -> None:
        """So that its owner knows it again in the list."""
        caller = request.scope["user"]
        changes = await open_sessions.name(caller, session_id, clean(data.name))
        if changes is None:
            raise SessionNotFound
        await audit.record(caller, _entry("auth.session_named", caller, f"session:{session_id}", changes))

    @post(
        "/lock",
        guards=[signed_in],
        status_code=200,
        operation_id="lockMyAccount",
        summary="Lock my account",
        opt=limited("lock"),
    )
    async def lock(
        self, request: Request[Principal, Any, Any], families: NamedDependency[Families], clock: TheClock, audit: TheAudit
    ) -> LockView:
        """Ends every session of the caller, this one too, and lets nobody sign in again before the code of the answer is given.

        For a stolen phone. The code is shown this once.
        """
        caller = request.scope["user"]
        code = await lock(caller.id, now=clock.now())
        # Locked first: a sign-in between the two steps would outlive both.
        await run_sync(families.end_all, caller.id, "locked_by_person")
        locked = changed({"locked": False}, {"locked": True})
        await audit.record(caller, _entry("auth.account_locked", caller, f"person:{caller.id}", locked))
        return LockView(unlock_code=code)


def _entry(action: str, caller: Principal, what: str, changes: tuple[Change, ...]) -> AuditEntry:
    subjects = (caller.recipient,) if caller.kind == "citizen" else ()
    return AuditEntry(action=action, object=what, subjects=subjects, whose=caller.recipient, changes=changes)


class Unlocking(Controller):
    """For somebody who can no longer sign in."""

    path = "/auth/unlock"
    tags = ("Sign-in",)
    guards = (everybody,)
    opt = {NO_BEARER: True, **limited("unlock")}

    @post("/", status_code=204, operation_id="unlockAccount", summary="Unlock an account with its code")
    async def unlock(self, data: JSONBody[UnlockCode]) -> None:
        """Opens the account the code belongs to: its owner can sign in again. The code has 128 random bits and is good once."""
        if not await unlock(data.unlock_code):
            raise UnlockCodeUnknown
