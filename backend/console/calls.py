"""The API of this very process, called as any client calls it, without a socket in between.

Every check a stranger's request passes, these pass too: token, access, limits, conditions, idempotency, and the audit.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
from litestar import Request

from backend.console.errors import ApiRefused, NotSignedIn
from kernel.errors import FieldError
from kernel.http.client_address import address_of

Asked = Request[Any, Any, Any]
JSON = "application/json"


class _Problem(msgspec.Struct):
    code: str = "internal_error"
    detail: str = ""
    errors: list[FieldError] = []


@dataclass(frozen=True)
class Answer:
    """What the API answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def good(self) -> bool:
        """Was it done?"""
        return 200 <= self.status < 300  # noqa: PLR2004 - RFC 9110, 15.3

    def json(self) -> Any:
        """The body, decoded."""
        return msgspec.json.decode(self.body) if self.body else None

    def or_refused(self) -> "Answer":
        """The same, when it was done.

        Raises:
            NotSignedIn: the token is not good any more.
            ApiRefused: anything else the API says no to.
        """
        if self.good:
            return self
        try:
            problem = msgspec.json.decode(self.body, type=_Problem)
        except msgspec.DecodeError:
            problem = _Problem()
        if self.status == 401 and problem.code != "step_up_required":  # noqa: PLR2004 - RFC 9110, 15.5.2
            raise NotSignedIn
        raise ApiRefused(self.status, problem.code, problem.detail, problem.errors, self.headers.get("etag", ""))


def _scope(outer: Asked, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> dict[str, Any]:
    """The request as a server would hand it to the app (ASGI 3.0), from the address `outer` came from."""
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": outer.scope["scheme"],
        "path": path,
        "raw_path": quote(path).encode(),
        "query_string": urlencode(query).encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()],
        "client": (address_of(outer.scope), 0),
        "server": outer.scope.get("server"),
        "state": {},
    }


async def call(
    outer: Asked, method: str, path: str, *, query: Mapping[str, str] | None = None, headers: Mapping[str, str], body: bytes = b""
) -> Answer:
    """One request to the API from where `outer` came; whatever it answers."""
    given = {"host": outer.headers.get("host", ""), "content-length": str(len(body)), **headers}
    scope = _scope(outer, method, path, query or {}, given)
    start: dict[str, Any] = {}
    chunks: list[bytes] = []
    asked, answered = False, asyncio.Event()

    async def receive() -> Any:
        nonlocal asked
        if asked:
            # The caller stays until it is answered: whoever listens for its leaving would end a file half-way.
            await answered.wait()
            return {"type": "http.disconnect"}
        asked = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        elif message["type"] == "http.response.body":
            chunks.append(message.get("body", b""))
            if not message.get("more_body", False):
                answered.set()

    await outer.app(scope, receive, send)  # type: ignore[arg-type]
    told = {name.decode(): value.decode("latin-1") for name, value in start["headers"]}
    return Answer(int(start["status"]), told, b"".join(chunks))
