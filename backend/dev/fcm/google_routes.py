"""What Google's servers would answer: the token endpoint and messages:send."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from backend.dev.fcm.accounts import GrantRefused
from backend.dev.fcm.faults import Fault
from backend.dev.fcm.journal import Entry
from backend.dev.fcm.rejection import Rejection
from backend.dev.fcm.simulator import ConnectionDropped, FaultAnswers, Simulator, after_arrival, before_arrival
from backend.dev.sockets import DROP_CONNECTION

AnyRequest = Request[Any, Any, Any]
Answer = Response[Any]


@post("/token", status_code=200)
async def token(request: AnyRequest, fcm: NamedDependency[Simulator]) -> Answer:
    """RFC 7523, 2.1: a signed assertion for an access token."""

    async def answer(_: Entry) -> Any:
        form = await request.form()
        fault = fcm.faults.take("token")
        await before_arrival(fault)
        issued = fcm.account.issue(str(form.get("grant_type", "")), str(form.get("assertion", "")), fcm.now())
        after_arrival(fault)
        return issued

    return await _answered(request, fcm, "token", answer)


@post("/v1/projects/{project:str}/messages:send", status_code=200)
async def send(request: AnyRequest, fcm: NamedDependency[Simulator], project: FromPath[str]) -> Answer:
    """One message to one target."""

    async def answer(entry: Entry) -> Any:
        raw = await request.body()
        entry.body = raw.decode(errors="replace")
        try:
            parsed = json.loads(raw)
        except ValueError:
            parsed = None
        return {"name": await fcm.send(project, request.headers.get("authorization"), parsed, entry)}

    return await _answered(request, fcm, "send", answer)


async def _answered(request: AnyRequest, fcm: Simulator, endpoint: str, answer: Callable[[Entry], Awaitable[Any]]) -> Answer:
    """The answer, right, wrong or none, written down."""
    entry = fcm.journal.open(endpoint, fcm.now())
    try:
        response = Response(await answer(entry), status_code=200)
    except Rejection as refused:
        entry.error = refused.message
        response = Response(refused.body(), status_code=refused.status)
    except GrantRefused as refused:
        entry.error = str(refused)
        response = Response({"error": "invalid_grant", "error_description": str(refused)}, status_code=400)
    except FaultAnswers as armed:
        entry.error = str(armed)
        response = _of_fault(armed.fault)
    except ConnectionDropped:
        entry.dropped, entry.answered_at = True, fcm.now()
        drop: Any = (request.scope.get("extensions") or {})[DROP_CONNECTION]
        drop()
        # Nobody is there any more to read this.
        return Response(None, status_code=500)
    entry.status, entry.answered_at = response.status_code, fcm.now()
    return response


def _of_fault(fault: Fault) -> Answer:
    rejection = fault.rejection()
    headers = {"Retry-After": fault.retry_after} if fault.retry_after is not None else {}
    if fault.body is None:
        return Response(rejection.body(), status_code=rejection.status, headers=headers)
    media_type = "application/json" if fault.body.lstrip().startswith("{") else "text/html"
    return Response(fault.body.encode(), status_code=rejection.status, headers=headers, media_type=media_type)
