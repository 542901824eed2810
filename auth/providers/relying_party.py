"""The code flow with one provider: the address to send somebody to, and who they are when they come back."""

import asyncio
from typing import Any
from urllib.parse import parse_qsl

import httpx2
import msgspec
import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.common.urls import add_params_to_uri
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from joserfc.jwk import ECKey, RSAKey

from auth.config import AuthConfig, ProviderConfig
from auth.errors import ProviderAnswerRefused, ProviderUnavailable
from auth.providers import id_token
from auth.providers.account import Account, account_of
from auth.providers.discovery import Discovery, Metadata
from auth.providers.outbound import EXCHANGE_TIMEOUT_S, ProviderTransport, client_options
from kernel.clock import Clock

log = structlog.get_logger(__name__)


class RelyingParty:
    """Us, towards one provider."""

    def __init__(self, config: AuthConfig, provider: ProviderConfig, clock: Clock) -> None:
        self.provider, self._clock = provider, clock
        # One callback address per provider, so that an answer cannot be taken for another's (RFC 9700, 4.4).
        self.redirect_uri = f"{config.issuer}/auth/callback/{provider.id}"
        self._transport = ProviderTransport(provider, plain_http_here=config.development)
        self.discovery = Discovery(provider, self._transport, clock)

    async def authorization_url(self, *, state: str, nonce: str, code_verifier: str, asked: dict[str, str]) -> str:
        """Where to send the browser; `asked` is what this sign-in wants besides: level, freshness.

        Raises:
            ProviderUnavailable, ProviderAnswerRefused: its metadata cannot be had, or is not its own.
        """
        metadata = await self.discovery.metadata()
        if self.provider.takes_pkce:
            asked = {**asked, "code_verifier": code_verifier}
        async with self._client() as client:
            url, _ = client.create_authorization_url(metadata.authorization_endpoint, state=state, nonce=nonce, **asked)
            endpoint = metadata.pushed_authorization_request_endpoint
            return await self._pushed(client, endpoint, str(url)) if endpoint and self.provider.pushes else str(url)

    async def _pushed(self, client: AsyncOAuth2Client, endpoint: str, url: str) -> str:
        """The same request said to the provider itself, so that nobody on the way through the browser can read or bend it."""
        address, _, query = url.partition("?")
        try:
            async with asyncio.timeout(EXCHANGE_TIMEOUT_S):
                answer = await client.post(
                    endpoint,
                    data=dict(parse_qsl(query)),
                    auth=client.client_auth(client.token_endpoint_auth_method),
                )
            answer.raise_for_status()
            name = _text(msgspec.json.decode(answer.content, type=dict[str, Any]), "request_uri")
        except (httpx2.HTTPError, TimeoutError) as failed:
            raise self._unavailable("par", failed) from failed
        except (AuthlibBaseError, msgspec.DecodeError) as refused:
            raise ProviderAnswerRefused from refused
        return str(add_params_to_uri(address, [("client_id", self.provider.client_id), ("request_uri", name)]))

    async def redeem(self, code: str, *, iss: str | None, nonce: str, code_verifier: str) -> Account:
        """Who came back with this code.

        Raises:
            ProviderAnswerRefused: the answer is not this provider's, not for this sign-in, or contradicts itself.
            ProviderUnavailable: the provider does not answer.
        """
        metadata = await self.discovery.metadata()
        self._check_issuer(metadata, iss)
        now = self._clock.now()
        async with self._client() as client:
            token = await self._fetch_token(client, metadata, code, code_verifier)
            claims = await id_token.validate(
                _text(token, "id_token"),
                self.provider,
                self.discovery,
                nonce=nonce,
                access_token=token.get("access_token"),
                now=now,
            )
            if self.provider.userinfo:
                claims = await self._userinfo(client, metadata, claims)
        return account_of(claims, self.provider, now)

    async def close(self) -> None:
        """End the connections."""
        await self.discovery.close()
        await self._transport.close_for_good()

    def _check_issuer(self, metadata: Metadata, iss: str | None) -> None:
        """RFC 9207, 2.4: a client must compare `iss`, and refuse an answer without it from a server that says it sends it."""
        expected = metadata.authorization_response_iss_parameter_supported or iss is not None
        if expected and iss != self.provider.issuer:
            log.warning("provider.mixed_up", provider=self.provider.id)
            raise ProviderAnswerRefused

    def _client(self) -> AsyncOAuth2Client:
        """A client of its own for each exchange: it keeps the token it fetches."""
        provider = self.provider
        client = AsyncOAuth2Client(
            client_id=provider.client_id,
            client_secret=_private_key(provider) or provider.client_secret,
            token_endpoint_auth_method="private_key_jwt" if provider.private_key_pem else "client_secret_basic",
            scope=" ".join(provider.scopes),
            redirect_uri=self.redirect_uri,
            code_challenge_method="S256",
            **client_options(self._transport),
        )
        if provider.private_key_pem:
            client.register_client_auth_method(PrivateKeyJWT(alg=provider.private_key_algorithm))
        return client

    async def _fetch_token(self, client: AsyncOAuth2Client, metadata: Metadata, code: str, code_verifier: str) -> dict[str, Any]:
        try:
            async with asyncio.timeout(EXCHANGE_TIMEOUT_S):
                proof = {"code_verifier": code_verifier} if self.provider.takes_pkce else {}
                token: dict[str, Any] = await client.fetch_token(
                    metadata.token_endpoint, grant_type="authorization_code", code=code, **proof
                )
        except (httpx2.HTTPError, TimeoutError) as failed:
            raise self._unavailable("token", failed) from failed
        except (AuthlibBaseError, ValueError) as refused:
            log.warning("provider.code_refused", provider=self.provider.id, error=type(refused).__name__)
            raise ProviderAnswerRefused from refused
        return token

    async def _userinfo(self, client: AsyncOAuth2Client, metadata: Metadata, claims: dict[str, Any]) -> dict[str, Any]:
        """The ID token's claims and, below them, those of userinfo: what is signed wins."""
        if metadata.userinfo_endpoint is None:
            raise ProviderAnswerRefused
        try:
            async with asyncio.timeout(EXCHANGE_TIMEOUT_S):
                response = await client.get(metadata.userinfo_endpoint)
            response.raise_for_status()
            told = msgspec.json.decode(response.content, type=dict[str, Any])
        except (httpx2.HTTPError, TimeoutError) as failed:
            raise self._unavailable("userinfo", failed) from failed
        except (AuthlibBaseError, msgspec.DecodeError) as refused:
            raise ProviderAnswerRefused from refused
        # OIDC Core, 5.3.2: if it does not match exactly, the userinfo values MUST NOT be used (SEC-21).
        if told.get("sub") != claims["sub"]:
            log.warning("provider.userinfo_of_somebody_else", provider=self.provider.id)
            raise ProviderAnswerRefused
        return told | claims

    def _unavailable(self, what: str, failed: Exception) -> ProviderUnavailable:
        log.warning("provider.unreachable", provider=self.provider.id, endpoint=what, error=type(failed).__name__)
        return ProviderUnavailable()


def _private_key(provider: ProviderConfig) -> ECKey | RSAKey | None:
    if not provider.private_key_pem:
        return None
    kind = ECKey if provider.private_key_algorithm == "ES256" else RSAKey
    return kind.import_key(provider.private_key_pem)


def _text(token: dict[str, Any], name: str) -> str:
    value = token.get(name)
    if not isinstance(value, str):
        raise ProviderAnswerRefused
    return value
