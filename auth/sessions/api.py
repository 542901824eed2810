"""What a signed-in person can ask about themselves and do with their sessions."""

from typing import Any

from anyio.to_thread import run_sync
from litestar import Controller, Request, delete, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from auth.errors import SessionNotFound
from auth.sessions.families import Families
from auth.sessions.queries import MARKS, OpenSessions, name_in, person_of
from auth.sessions.schemas import MeView, SessionList
from kernel.http.access import Access, signed_in
from kernel.http.given import TheFresh, TheReads
from kernel.principal import Principal

known = Access("citizen", "staff", "system")


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
        self, request: Request[Principal, Any, Any], open_sessions: NamedDependency[OpenSessions], fresh: TheFresh
    ) -> SessionList:
        """Answers the living sessions of the caller, newest first."""
        caller = request.scope["user"]
        fresh.depends_on(caller.session_id)
        rows, _ = await fresh.page(lambda shown: open_sessions.of(caller, shown), MARKS)
        return SessionList(items=[open_sessions.view(row, caller) for row in rows])

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
