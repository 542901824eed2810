"""Who may call a route, said once at the route: `guards=[citizens]`. A route that says nothing fails the build."""

from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler

from kernel.errors import Forbidden, NotForHelpers, RoleMissing, ScopeMissing, Unauthenticated
from kernel.principal import Kind, Principal


class Access:
    """A guard: lets in one kind of caller, with one of `roles` where named, and with `scope` where named.

    Whoever acts for a citizen gets in only where the route names what it is `helped` with, and only if the citizen allowed that:
    what nobody thought of stays the citizen's own (ADR 0024).
    """

    def __init__(self, *kinds: Kind, roles: frozenset[str] = frozenset(), scope: str = "", helped: str = "") -> None:
        self.kinds, self.roles, self.scope, self.helped = kinds, roles, scope, helped

    # A coroutine although it awaits nothing: Litestar would wrap a plain call and take a thread for it on every request.
    async def __call__(self, connection: ASGIConnection, _: BaseRouteHandler) -> None:  # type: ignore[type-arg]
        if not self.kinds:
            return
        caller: Principal | None = connection.scope.get("user")
        if caller is None:
            raise Unauthenticated
        if caller.kind not in self.kinds:
            raise Forbidden
        if caller.acting is not None and self.helped not in caller.scopes:
            raise NotForHelpers
        if self.scope and self.scope not in caller.scopes:
            raise ScopeMissing(scope=self.scope)
        if self.roles and not self.roles & caller.roles:
            raise RoleMissing


# What a citizen can let somebody else do in their place; the first goes with every such permission.
ACT_FOR, DOSSIERS, REPORTS = "act_for", "dossiers:read", "feedback:write"

everybody = Access()
citizens = Access("citizen")
signed_in = Access("citizen", "staff")
signed_in_or_helpers = Access("citizen", "staff", helped=REPORTS)


def citizens_or_helpers(scope: str) -> Access:
    """Citizens, and whoever acts for one of them with this permission."""
    return Access("citizen", helped=scope)


def staff(*roles: str, scope: str = "") -> Access:
    """Staff, with one of these roles where any is named, and in an app that asked for `scope` where it is named."""
    return Access("staff", roles=frozenset(roles), scope=scope)


def systems(scope: str) -> Access:
    """A system client that was given `scope`."""
    return Access("system", scope=scope)
