"""Authlib's authorization server with our grants, and requests and answers that know no web framework."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import msgspec
from authlib.oauth2.rfc6749 import AuthorizationServer as AuthlibServer
from authlib.oauth2.rfc6749 import OAuth2Request
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload

Header = tuple[str, str]


class Asked(msgspec.Struct, frozen=True):
    """A request to an OAuth endpoint: what it says, each thing once."""

    method: str
    path: str
    parameters: Mapping[str, str]
    jkt: str | None = None
    """Thumbprint of the key whose holder asks, when the request came with a proof of one."""
    device: str = ""
    """What the app calls itself and what it runs on."""


class Answer(msgspec.Struct, frozen=True):
    """What the server says to it: a JSON object, or a redirect when there is a `Location`."""

    status: int
    body: dict[str, Any]
    headers: Sequence[Header]

    @property
    def location(self) -> str | None:
        """Where the browser is sent."""
        return next((value for name, value in self.headers if name == "Location"), None)


class Request(OAuth2Request):
    """A request in Authlib's words."""

    def __init__(self, issuer: str, asked: Asked) -> None:
        # Built from our public address and not from what the socket saw: behind a TLS proxy that would be plain http.
        query = f"?{urlencode(asked.parameters)}" if asked.method == "GET" else ""
        super().__init__(asked.method, f"{issuer}{asked.path}{query}", headers={})
        self.payload = BasicOAuth2Payload(dict(asked.parameters))
        self.jkt, self.device = asked.jkt, asked.device

    @property
    def args(self) -> dict[str, str]:
        return dict(self.payload.data) if self.method == "GET" else {}

    @property
    def form(self) -> dict[str, str]:
        return dict(self.payload.data) if self.method == "POST" else {}


class AuthorizationServer(AuthlibServer):
    """The server; grants and endpoints are registered on it by `auth.slice`."""

    def __init__(self, issuer: str, clients: Mapping[str, Any], generate_token: Callable[..., dict[str, Any]]) -> None:
        super().__init__()
        self._issuer, self._clients = issuer, clients
        self.register_token_generator("default", generate_token)
        self.make_token = generate_token

    def query_client(self, client_id: str) -> Any:
        return self._clients.get(client_id)

    def save_token(self, token: dict[str, Any], request: OAuth2Request) -> None:
        """Nothing: refresh tokens are stored by the atomic step that made them, access tokens never."""

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nothing: nobody listens to Authlib's signals."""

    def create_oauth2_request(self, request: Asked) -> Request:
        return Request(self._issuer, request)

    def handle_response(self, status: int, body: Any, headers: Sequence[Header]) -> Answer:
        return Answer(status, body if isinstance(body, dict) else {}, list(headers))
