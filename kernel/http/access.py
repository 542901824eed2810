"""Who may call a route, said once at the route: `guards=[citizens]`. A route that says nothing fails the build."""

from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler

from kernel.errors import Forbidden, RoleMissing, ScopeMissing, Unauthenticated
from kernel.principal import Kind, Principal


class Access:
    """A guard: lets in one kind of caller, with one of `roles` where named, and with `scope` where named."""

    def __init__(self, *kinds: Kind, roles: frozenset[str] = frozenset(), scope: str = "") -> None:
        self.kinds, self.roles, self.scope = kinds, roles, scope

    # A coroutine although it awaits nothing: Litestar would wrap a plain call and take a thread for it on every request.
    async def __call__(self, connection: ASGIConnection, _: BaseRouteHandler) -> None:  # type: ignore[type-arg]
        if not self.kinds:
            return
        caller: Principal | None = connection.scope.get("user")
        if caller is None:
            raise Unauthenticated
        if caller.kind not in self.kinds:
            raise Forbidden
        if self.scope and self.scope not in caller.scopes:
            raise ScopeMissing(scope=self.scope)
        if self.roles and not self.roles & caller.roles:
            raise RoleMissing


everybody = Access()
citizens = Access("citizen")
signed_in = Access("citizen", "staff")


def staff(*roles: str) -> Access:
    """Staff, with one of these roles where any is named."""
    return Access("staff", roles=frozenset(roles))


def systems(scope: str) -> Access:
    """A system client that was given `scope`."""
    return Access("system", scope=scope)
