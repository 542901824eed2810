"""A citizen lets somebody act for them, sees who does, and ends it."""

from datetime import timedelta
from typing import Any

from litestar import Controller, Request, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from auth.audit import AuthAudit
from auth.delegations.consent import allow, take_back
from auth.delegations.queries import GivenPermissions
from auth.delegations.schemas import AllowHelp, DelegationList, DelegationView, HelpCode
from auth.sessions.families import Families
from kernel.http.access import citizens
from kernel.http.given import TheClock, TheFresh
from kernel.http.limits import limited
from kernel.principal import Principal


class Delegations(Controller):
    """Who may act for the caller. No helper gets in here."""

    path = "/v1/me/delegations"
    tags = ("Me",)
    guards = (citizens,)

    @get("/", operation_id="listMyDelegations", summary="Who may act for me?")
    async def list_mine(
        self, request: Request[Principal, Any, Any], given_permissions: NamedDependency[GivenPermissions], fresh: TheFresh
    ) -> DelegationList:
        """Answers who acts for the caller, could, or did in the last three months, newest first."""
        rows = await given_permissions.of(request.scope["user"])
        fresh.depends_on([(row["_id"], row["version"], row["state"], row.get("ended_at")) for row in rows])
        fresh.at(0)
        return DelegationList(items=[DelegationView.of(row) for row in rows])

    @post("/", operation_id="allowHelp", summary="Let somebody act for me", opt=limited("help"))
    async def allow(
        self,
        request: Request[Principal, Any, Any],
        data: JSONBody[AllowHelp],
        auth_audit: NamedDependency[AuthAudit],
        clock: TheClock,
    ) -> HelpCode:
        """Answers a code to show to the helper: good for five minutes, once. A code asked for before is good for nothing now.

        The helper brings it to the token endpoint (`urn:ietf:params:oauth:grant-type:token-exchange`) with their own access token.
        """
        now, lasts = clock.now(), timedelta(minutes=data.minutes)
        given, code = await allow(request.scope["user"], data.relation, data.scopes, lasts, now=now, audit=auth_audit)
        return HelpCode(id=given.id, code=code, qr=f"motcua:act-for:{code}", code_expires_at=given.code_expires_at)

    @delete("/{delegation_id:str}", operation_id="endMyDelegation", summary="Let somebody act for me no more")
    async def end(
        self, request: Request[Principal, Any, Any], delegation_id: FromPath[str], families: NamedDependency[Families]
    ) -> None:
        """Takes the permission back: its code is good for nothing, its tokens stop working everywhere within two seconds."""
        await take_back(request.scope["user"], delegation_id, families)
