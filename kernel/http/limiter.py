"""Counts every request against its limits before it is handled, and tells the caller how they stand."""

from collections.abc import Sequence
from typing import Any

from litestar.types import ASGIApp, Receive, Scope, Send

from kernel.errors import TooMany, Unauthenticated
from kernel.http.answer import answer_of
from kernel.http.client_address import address_of, home_of
from kernel.http.idempotency import is_keyed, knows_repetitions
from kernel.http.limits import LIMITS, TABLE, general, key_of
from kernel.http.per_route import only_at
from kernel.http.windows import Standing, Windows


class Limits:
    """The table, scaled, over the counters of this installation."""

    def __init__(self, windows: Windows, scale: float = 1.0) -> None:
        self.windows = windows
        self.table = {name: limit.scaled(scale) for name, limit in TABLE.items()}
        self._policies = {name: limit.policy.encode() for name, limit in self.table.items()}

    async def take(self, name: str, key: str) -> Standing:
        """Count one against the limit of that name, for a key the caller has at hand.

        Raises:
            TooMany: that was one too many.
        """
        standing = await self.windows.take(self.table[name], key)
        if not standing.allowed:
            raise TooMany(headers={"retry-after": str(standing.resets_in_s)})
        return standing

    async def take_all(self, names: Sequence[str], scope: Any) -> None:
        """Count this request against each, and note for its answer how it stands.

        Raises:
            TooMany: one of them says so.
        """
        address = home_of(address_of(scope))
        standings = []
        for name in names:
            limit = self.table[name]
            key = key_of(limit, scope, address)
            standings.append(self.windows.spend(limit, key) or await self.windows.take(limit, key))
        more = answer_of(scope).more
        more.append((b"ratelimit-policy", b", ".join([self._policies[name] for name in names])))
        more.append((b"ratelimit", ", ".join([standing.header for standing in standings]).encode()))
        if waits := [standing.resets_in_s for standing in standings if not standing.allowed]:
            more.append((b"retry-after", str(max(waits)).encode()))
            raise TooMany


@only_at(lambda handler: handler.opt.get(LIMITS) != ())
class Limiter:
    """Inside of who verifies tokens, because most is counted by caller."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self._app, self._limits = app, limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        names = scope["route_handler"].opt.get(LIMITS)
        if names is None or (names and is_keyed(scope)):
            names = (general(scope),)
        if names:
            await self._limits.take_all(names, scope)
        await self._app(scope, receive, send)


@only_at(lambda handler: bool(handler.opt.get(LIMITS)) and knows_repetitions(handler))
class LimitedWrites:
    """Inside of what answers repetitions: a write counts once, however often a bad network makes a phone send it (R-A1)."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self._app, self._limits = app, limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        names = scope["route_handler"].opt.get(LIMITS)
        if names and is_keyed(scope):
            await self._limits.take_all(names, scope)
        await self._app(scope, receive, send)


class RefusedCallers:
    """Outside of who verifies tokens: whoever tries bad ones spends a visitor's budget on it."""

    upon = Unauthenticated
    """What it answers for: where nothing inside raises this, it refuses nobody."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self._app, self._limits = app, limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except Unauthenticated:
            await self._limits.take_all(("visitor",), scope)
            raise
