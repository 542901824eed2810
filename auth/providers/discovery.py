"""A provider's metadata and keys: cached, refreshed, and never trusted further than the configuration (SEC-13, SEC-15)."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import httpx2
import msgspec
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet

from auth.config import ProviderConfig
from auth.errors import ProviderAnswerRefused, ProviderUnavailable
from auth.providers.outbound import EXCHANGE_TIMEOUT_S, ProviderTransport, client_options
from kernel.clock import Clock

log = structlog.get_logger(__name__)

METADATA_TTL = timedelta(hours=1)
KEYS_TTL = timedelta(hours=1)
# Tokens with invented key ids must not make us fetch for each of them.
KEYS_COOLDOWN = timedelta(seconds=30)
# After a failure what we have serves on; asking again waits a little.
RETRY_AFTER = timedelta(seconds=5)


class Metadata(msgspec.Struct, frozen=True, kw_only=True):
    """What we use of a provider's metadata (OpenID Connect Discovery, 3). Its list of algorithms is left out on purpose."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    pushed_authorization_request_endpoint: str | None = None
    userinfo_endpoint: str | None = None
    end_session_endpoint: str | None = None
    authorization_response_iss_parameter_supported: bool = False


class Discovery:
    """Metadata and keys of one provider, for one process."""

    def __init__(self, provider: ProviderConfig, transport: ProviderTransport, clock: Clock) -> None:
        self._provider, self._clock = provider, clock
        self._http = httpx2.AsyncClient(**client_options(transport))  # type: ignore[arg-type]
        self._lock = asyncio.Lock()
        self._metadata: Metadata | None = None
        self._metadata_due: datetime | None = None
        self._keys: KeySet | None = None
        self._keys_asked_at: datetime | None = None

    async def metadata(self) -> Metadata:
        """The metadata, at most an hour old; the old one serves on while the provider does not answer.

        Raises:
            ProviderUnavailable: it does not answer, and never has.
            ProviderAnswerRefused: what it says names another issuer than the configuration.
        """
        async with self._lock:
            now = self._clock.now()
            if self._metadata_due is None or now >= self._metadata_due:
                # Set before we ask: those who wait for the lock meanwhile do not each wait for a provider that is down.
                self._metadata_due = now + RETRY_AFTER
                await self._fetch_metadata()
            if self._metadata is None:
                raise ProviderUnavailable
            return self._metadata

    async def key(self, kid: str | None) -> Key:
        """The provider's public key of this id.

        Raises:
            ProviderAnswerRefused: it has no such key.
            ProviderUnavailable: its keys cannot be had.
        """
        uri = (await self.metadata()).jwks_uri
        async with self._lock:
            now = self._clock.now()
            asked_at = self._keys_asked_at
            found = _find(self._keys, kid)
            stale = asked_at is None or now - asked_at >= KEYS_TTL
            if stale or (found is None and asked_at is not None and now - asked_at >= KEYS_COOLDOWN):
                self._keys_asked_at = now
                await self._fetch_keys(uri)
                found = _find(self._keys, kid)
        if found is None:
            log.warning("provider.key_unknown", provider=self._provider.id)
            raise ProviderAnswerRefused
        return found

    async def close(self) -> None:
        """End the HTTP client."""
        await self._http.aclose()

    async def _fetch_metadata(self) -> None:
        url = self._provider.discovery_url or f"{self._provider.issuer.rstrip('/')}/.well-known/openid-configuration"
        try:
            fetched = msgspec.json.decode(await self._get(url), type=Metadata)
        except (ProviderUnavailable, msgspec.DecodeError) as failed:
            log.warning("provider.metadata_unavailable", provider=self._provider.id, error=type(failed).__name__)
            return
        if fetched.issuer != self._provider.issuer:
            log.error("provider.issuer_mismatch", provider=self._provider.id, claimed=fetched.issuer)
            self._metadata = None
            raise ProviderAnswerRefused
        self._metadata, self._metadata_due = fetched, self._clock.now() + METADATA_TTL

    async def _fetch_keys(self, uri: str) -> None:
        try:
            document: Any = msgspec.json.decode(await self._get(uri))
            self._keys = KeySet.import_key_set(document)
        except (ProviderUnavailable, msgspec.DecodeError, JoseError, KeyError, TypeError, ValueError) as failed:
            log.warning("provider.keys_unavailable", provider=self._provider.id, error=type(failed).__name__)
            if self._keys is None:
                # Nothing to go on with: the next sign-in may ask again at once.
                self._keys_asked_at = None
                raise ProviderUnavailable from failed

    async def _get(self, url: str) -> bytes:
        try:
            async with asyncio.timeout(EXCHANGE_TIMEOUT_S):
                response = await self._http.get(url)
            response.raise_for_status()
        except (httpx2.HTTPError, TimeoutError) as failed:
            log.warning("provider.unreachable", provider=self._provider.id, error=repr(failed)[:200])
            raise ProviderUnavailable from failed
        return response.content


def _find(keys: KeySet | None, kid: str | None) -> Key | None:
    if keys is None:
        return None
    if kid is None:
        # OIDC Core, 10.1: without a kid there must be exactly one key.
        return keys.keys[0] if len(keys.keys) == 1 else None
    return next((key for key in keys.keys if key.kid == kid), None)
