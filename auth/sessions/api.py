"""What a signed-in person can ask about themselves and do with their sessions."""

from typing import Any

from anyio.to_thread import run_sync
from litestar import Controller, Request, Response, delete, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from auth.errors import SessionNotFound
from auth.sessions.families import Families
from auth.sessions.queries import OpenSessions, name_of
from auth.sessions.schemas import MeView, SessionList
from kernel.http.access import Access, signed_in
from kernel.principal import Principal

_PRIVATE = {"cache-control": "no-store"}
known = Access("citizen", "staff", "system")


class Me(Controller):
    """The caller."""

    path = "/v1/me"
    tags = ("Me",)

    @get("/", guards=[known], operation_id="getMe", summary="Who am I?")
    async def me(self, request: Request[Principal, Any, Any]) -> Response[MeView]:
        """Answers the caller as the server sees them: kind, roles, agencies, level of assurance, session."""
        caller = request.scope["user"]
        # A citizen's name is opened for this answer only, and not carried about with every request.
        name = await name_of(caller.id) if caller.kind == "citizen" else caller.name
        return Response(MeView.of(caller, name), headers=_PRIVATE)

    @get("/sessions", guards=[signed_in], operation_id="listMySessions", summary="Where am I signed in?")
    async def sessions(
        self, request: Request[Principal, Any, Any], open_sessions: NamedDependency[OpenSessions]
    ) -> Response[SessionList]:
        """Answers the living sessions of the caller, newest first."""
        return Response(SessionList(items=await open_sessions.of(request.scope["user"])), headers=_PRIVATE)

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
