"""Puts the caller where guards look: `scope["user"]` is a Principal, or None for somebody who says nothing about themselves."""

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from auth.audit import AuthAudit
from auth.config import AuthConfig
from auth.errors import BearerRefused, ProofInvalid, ProofNonceMissing, TokenInvalid, TokenNeedsProof, TokenUnbound
from auth.schemes import NO_BEARER
from auth.tokens.dpop import ALGORITHMS, Presented, Proofs
from auth.tokens.verification import AccessTokens
from kernel.errors import Problem, Unauthenticated
from kernel.http.problems import CHALLENGE, SCHEME
from kernel.principal import Principal

_ALGORITHMS = f'algs="{" ".join(ALGORITHMS)}"'
_ERRORS: dict[type[Problem], str] = {ProofInvalid: "invalid_dpop_proof", ProofNonceMissing: "use_dpop_nonce"}


class AuthMiddleware(ASGIMiddleware):
    """Verifies the access token of every request that brings one: `Bearer` (RFC 6750), or `DPoP` with a proof (RFC 9449).

    A token that is there and bad is an error even on a public route: an app that believes it is signed in must learn that it
    is not.
    Only the header counts; a token in a query or a body is not looked for (SEC-26).
    """

    scopes = (ScopeType.HTTP,)
    exclude_opt_key = NO_BEARER

    def __init__(self, config: AuthConfig, tokens: AccessTokens, proofs: Proofs, audit: AuthAudit) -> None:
        self._config, self._tokens, self._proofs, self._audit = config, tokens, proofs, audit

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        given = [value for name, value in scope["headers"] if name == b"authorization"]
        scope["user"] = None
        # What somebody without a token is told to bring; a guard that refuses them knows nothing of schemes.
        scope["state"][CHALLENGE] = self._challenge()
        if not given:
            await next_app(scope, receive, send)
            return
        scheme, _, token = given[0].decode("latin-1").partition(" ")
        scheme = scheme.lower()
        try:
            if len(given) > 1 or scheme not in ("bearer", "dpop") or not token:
                raise TokenInvalid
            scope["user"] = await self._caller(scope, scheme, token)
            scope["state"][SCHEME] = "DPoP" if scheme == "dpop" else "Bearer"
        except Unauthenticated as refused:
            refused.params.setdefault("headers", {}).update(_challenged(refused, scheme))
            raise
        if scope["user"].acting:
            await self._audit.acted_for(scope["user"], f"{scope.get('method')} {_path(scope)}")
        await next_app(scope, receive, self._with_nonce(send) if scheme == "dpop" else send)

    async def _caller(self, scope: Scope, scheme: str, token: str) -> Principal:
        principal, jkt = await self._tokens.bearer_of(token)
        if scheme == "bearer":
            # RFC 9449, 7.2: a resource "MUST reject a DPoP-bound access token received as a bearer token".
            if jkt is not None:
                raise TokenNeedsProof
            if not self._config.takes_bearer(principal.client_id):
                raise BearerRefused
            return principal
        if jkt is None:
            raise TokenUnbound
        proofs = [value for name, value in scope["headers"] if name == b"dpop"]
        request = Presented(method=str(scope.get("method")), url=self._config.issuer + _path(scope), access_token=token)
        if await self._proofs.check(proofs, request) != jkt:
            raise ProofInvalid
        return principal

    def _challenge(self) -> str:
        dpop = f"DPoP {_ALGORITHMS}"
        return dpop if self._config.bearer_tokens == "refused" else f"Bearer, {dpop}"

    def _with_nonce(self, send: Send) -> Send:
        """RFC 9449, 8.2: the next nonce comes with every answer, so that a phone hardly ever has to ask twice."""
        nonces = self._proofs.nonces
        if nonces is None:
            return send

        async def send_with_nonce(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message["headers"], (b"dpop-nonce", nonces.current().encode())]
                message = {**message, "headers": headers}
            await send(message)

        return send_with_nonce


def _challenged(refused: Problem, scheme: str) -> dict[str, str]:
    """RFC 6750, 3 and RFC 9449, 7.1: what was wrong, in the scheme that would have been right."""
    error = _ERRORS.get(type(refused), "invalid_token")
    dpop = scheme == "dpop" or isinstance(refused, TokenNeedsProof | BearerRefused)
    if isinstance(refused, TokenUnbound):
        dpop = False
    challenge = f'DPoP error="{error}", {_ALGORITHMS}' if dpop else f'Bearer error="{error}"'
    nonce = {"dpop-nonce": refused.nonce} if isinstance(refused, ProofNonceMissing) else {}
    return {"www-authenticate": challenge, **nonce}


def _path(scope: Scope) -> str:
    """The path as it was sent: a proof is of the address in its escaped form."""
    raw = scope.get("raw_path") or b""
    return raw.decode("latin-1") or scope["path"]
