"""The authorization code: asked for with PKCE S256 (RFC 7636), redeemed once within a minute (RFC 6749, 4.1)."""

import re
from typing import Any

from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, InvalidRequestError
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7636 import CodeChallenge

from auth.opaque import new_secret
from auth.server.authorization_server import Request
from auth.server.clients import App
from auth.sessions.arrivals import Arrivals
from auth.sessions.families import Families, Grantee

THUMBPRINT = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


class S256Challenge(CodeChallenge):
    """PKCE as RFC 9700, 2.1.1 wants it: required of everybody, and never `plain` (SEC-01)."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        said = grant.request.payload.data
        if not said.get("code_challenge") or not said.get("code_challenge_method"):
            # Without a method Authlib would take `plain`.
            raise InvalidRequestError("PKCE with code_challenge_method S256 is required")
        super().validate_code_challenge(grant, redirect_uri)

    def get_authorization_code_challenge_method(self, _: Any) -> str:
        return "S256"


class NamedKey:
    """`dpop_jkt` at the authorization endpoint (RFC 9449, 10): a thumbprint, or the request is refused."""

    def __call__(self, grant: AuthorizationCodeGrant) -> None:
        grant.register_hook("after_validate_authorization_request_payload", self.check)

    def check(self, grant: Any, redirect_uri: str) -> None:  # noqa: ARG002 - Authlib's signature
        """Refuse what is no SHA-256 in base64url (RFC 7638, 3)."""
        named = grant.request.payload.data.get("dpop_jkt")
        if named is not None and not THUMBPRINT.fullmatch(named):
            raise InvalidRequestError("dpop_jkt is not the thumbprint of a key")


class Code(AuthorizationCodeMixin):
    """A consumed code, as Authlib asks about it."""

    def __init__(self, row: dict[str, Any]) -> None:
        self.session_id: str = row["session_id"]
        self.code_challenge: str = row["code_challenge"]
        self._row = row

    def get_redirect_uri(self) -> str:
        return str(self._row["redirect_uri"])

    def get_scope(self) -> str:
        return str(self._row["scope"])


class CodeGrant(AuthorizationCodeGrant):
    """Authlib's grant over our families of tokens. `families` and `arrivals` are set by `code_grant`."""

    TOKEN_ENDPOINT_AUTH_METHODS = ["none"]
    families: Families
    arrivals: Arrivals

    def generate_authorization_code(self) -> str:
        return new_secret()

    def save_authorization_code(self, code: str, request: Request) -> None:
        said = request.payload.data
        self.families.open(
            code,
            request.user,
            client_id=request.client.client_id,
            redirect_uri=said["redirect_uri"],
            scope=request.scope,
            code_challenge=said["code_challenge"],
            jkt=said.get("dpop_jkt"),
        )

    def query_authorization_code(self, code: str, client: App) -> Code | None:
        # Consumed here, before anything else is checked: two who come at once cannot both find it, and a wrong verifier burns it.
        row = self.families.consume_code(code, client.client_id)
        # RFC 9449, 10: the code is good only with the key the app named when it asked (SEC-08).
        if row is None or row.get("jkt") not in (None, self.request.jkt):
            return None
        return Code(row)

    def delete_authorization_code(self, authorization_code: Code) -> None:
        """Nothing: it is consumed, and kept so that a replay is noticed."""

    def authenticate_user(self, authorization_code: Code) -> Grantee | None:
        grantee = self.families.activate(authorization_code.session_id, self.request.jkt, self.request.device)
        if grantee is not None:
            self.arrivals.settle(grantee.session)
        return grantee


def code_grant(families: Families, arrivals: Arrivals) -> type[CodeGrant]:
    """The grant class Authlib makes an instance of for every request."""
    return type("BoundCodeGrant", (CodeGrant,), {"families": families, "arrivals": arrivals})
