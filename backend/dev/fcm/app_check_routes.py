"""What firebaseappcheck.googleapis.com would answer: its keys, and the exchange of a debug token."""

from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from backend.dev.fcm.rejection import Rejection
from backend.dev.fcm.simulator import Simulator

VERB = ":exchangeDebugToken"


class DebugToken(msgspec.Struct, rename="camel"):
    """What a debug build sends instead of a proof of the platform."""

    debug_token: str


@get("/v1/jwks", sync_to_thread=False)
def app_check_keys(fcm: NamedDependency[Simulator]) -> dict[str, Any]:
    """The keys under which App Check tokens are signed."""
    return fcm.app_check.jwks


@post("/v1/projects/{project:str}/apps/{app:str}", status_code=200, sync_to_thread=False)
def exchange_debug_token(
    data: JSONBody[DebugToken], fcm: NamedDependency[Simulator], project: FromPath[str], app: FromPath[str]
) -> Response[Any]:
    """`POST /v1/projects/{number}/apps/{app id}:exchangeDebugToken`: `{"token", "ttl"}`."""
    exchanged = fcm.app_check.exchange(project, app.removesuffix(VERB), data.debug_token, fcm.now()) if app.endswith(VERB) else None
    if exchanged is None:
        refused = Rejection(403, "App attestation failed.")
        return Response(refused.body(), status_code=refused.status)
    return Response(exchanged)
