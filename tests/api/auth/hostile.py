"""A provider that answers anything a test wants: every claim, header, key and endpoint of it can be bent."""

import base64
import hashlib
import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.jwk import ECKey, Key, KeySet
from litestar import Litestar, Request, Response, get, post
from litestar.response import Redirect

from kernel.clock import Clock


class HostileProvider:
    """An OpenID provider without a page: whoever comes is `subject`. What a test sets stays until `behave`."""

    def __init__(self, issuer: str, clock: Clock) -> None:
        self.issuer, self.clock = issuer, clock
        self.key: Key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
        self.behave()

    def behave(self) -> None:
        """Be an ordinary provider again."""
        self.subject = "mallory"
        self.claims: dict[str, Any] = {}
        self.header: dict[str, Any] = {}
        self.signing_key: Key = self.key
        self.metadata: dict[str, Any] = {}
        self.response: dict[str, str] = {}
        self.userinfo: dict[str, Any] = {}
        self.forge: Callable[[dict[str, Any]], str] | None = None
        self.oversized = self.babbles = self.refuses_code = False
        self.encodings: set[str] = set()
        self.takes_pushed = 201
        self.pushed: dict[str, str] = {}
        self.pushed_by = ""
        self.down = False
        self.redirects_to: str | None = None
        self.fetched = {"metadata": 0, "jwks": 0, "token": 0}
        self.nonces: dict[str, tuple[str, str]] = {}
        self.token_requests: list[dict[str, str]] = []

    def id_token(self, nonce: str, access_token: str) -> str:
        """The token, bent as asked. A claim set to None is left out."""
        now = int(self.clock.now().timestamp())
        half = hashlib.sha256(access_token.encode()).digest()[:16]
        claims = {
            "iss": self.issuer,
            "sub": self.subject,
            "aud": "motcua",
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            "at_hash": base64.urlsafe_b64encode(half).rstrip(b"=").decode(),
            "name": "Mallory",
        }
        claims = {name: value for name, value in (claims | self.claims).items() if value is not None}
        return self.forge(claims) if self.forge else self.sign(claims)

    def sign(self, claims: dict[str, Any], **header: Any) -> str:
        """Sign anything."""
        header = {"alg": "ES256", "kid": self.key.kid, **self.header, **header}
        return jwt.encode(header, claims, self.signing_key, algorithms=[header["alg"]], default_type=None)

    def app(self) -> Litestar:
        """Served at the issuer's address."""

        @get("/.well-known/openid-configuration", sync_to_thread=False)
        def metadata() -> Response[Any]:
            self.fetched["metadata"] += 1
            if self.down:
                return Response({}, status_code=503)
            if self.redirects_to:
                return Redirect(self.redirects_to)
            document = {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/jwks",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
                "id_token_signing_alg_values_supported": ["none", "HS256", "ES256"],
                "authorization_response_iss_parameter_supported": True,
            }
            return Response(document | self.metadata)

        @get("/authorize", sync_to_thread=False)
        def authorize(request: Request[Any, Any, Any]) -> Redirect:
            asked = self.pushed if "request_uri" in request.query_params else request.query_params
            code = secrets.token_urlsafe(16)
            self.nonces[code] = (asked["nonce"], asked["code_challenge"])
            answer = {"code": code, "state": asked["state"], "iss": self.issuer} | self.response
            return Redirect(f"{asked['redirect_uri']}?{urlencode({k: v for k, v in answer.items() if v})}")

        @post("/token", status_code=200)
        async def token(request: Request[Any, Any, Any]) -> Response[Any]:
            self.fetched["token"] += 1
            if self.oversized:
                return Response({"id_token": "x" * 300_000})
            if self.refuses_code:
                return Response({"error": "invalid_grant"}, status_code=400)
            form = {str(k): str(v) for k, v in (await request.form()).items()}
            self.token_requests.append(form)
            nonce, challenge = self.nonces.pop(form["code"])
            digest = hashlib.sha256(form["code_verifier"].encode()).digest()
            assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == challenge
            access = secrets.token_urlsafe(16)
            return Response({"access_token": access, "token_type": "Bearer", "id_token": self.id_token(nonce, access)})

        @post("/par", status_code=201)
        async def par(request: Request[Any, Any, Any]) -> Response[Any]:
            self.pushed = {str(k): str(v) for k, v in (await request.form()).items()}
            self.pushed_by = request.headers.get("authorization", "")
            return Response(
                {"request_uri": "urn:x:1", "expires_in": 60} if self.takes_pushed else {}, status_code=self.takes_pushed
            )

        @get("/jwks", sync_to_thread=False)
        def jwks() -> Response[Any]:
            self.fetched["jwks"] += 1
            return Response(KeySet([self.key]).as_dict(private=False), status_code=503 if self.down else 200)

        @get("/userinfo", sync_to_thread=False)
        def userinfo(request: Request[Any, Any, Any]) -> Response[Any]:
            self.encodings.add(request.headers.get("accept-encoding", ""))
            if self.babbles:
                return Response(b"<html>", media_type="text/html")
            return Response({"sub": self.subject} | self.userinfo)

        return Litestar([metadata, authorize, par, token, jwks, userinfo])
