"""Who asked for what they may not have (SEC-67): every refusal to somebody who is signed in is put on record, in one place."""

from collections.abc import Awaitable, Callable

import structlog
from litestar.types import Scope

from kernel.audit import REFUSED, Audit, AuditEntry, changed
from kernel.errors import AuditUnavailable, Forbidden
from kernel.principal import Principal

log = structlog.get_logger(__name__)


def recording_denials(audit: Audit) -> Callable[[Exception, Scope], Awaitable[None]]:
    """What the app does after an exception, beside answering it.

    Who is not signed in at all is nobody to put on record, and could fill the trail at will.
    """

    async def record(exception: Exception, scope: Scope) -> None:
        caller: Principal | None = scope.get("user")
        if not isinstance(exception, Forbidden) or caller is None:
            return
        route = getattr(scope.get("route_handler"), "operation_id", None) or scope["path"]
        told = changed({}, {"code": exception.code(), "method": str(scope.get("method", ""))})
        try:
            await audit.record(caller, AuditEntry(action="auth.denied", object=f"route:{route}", changes=told, result=REFUSED))
        except AuditUnavailable:
            # It stays denied: there is nothing the answer could keep back.
            log.error("record.missing", route=route)  # noqa: TRY400 - the audit has logged why

    return record
