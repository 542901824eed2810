"""The one way out to a provider: only to hosts of its own, no redirects, five seconds, 256 KiB (SEC-15, SEC-19).

Metadata names further addresses, so whoever controls the metadata could point us anywhere. The check sits in the transport: no
library on top of it can forget it.
"""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import httpx2

from auth.config import ProviderConfig
from auth.redirects import is_loopback

TIMEOUT_S = 5.0
# The one above is for each step of a request; a provider that sends a byte at a time would keep us much longer.
EXCHANGE_TIMEOUT_S = 15.0
MAX_BYTES = 256 * 1024

_PORTS = {"https": 443, "http": 80}


class OutboundRefused(httpx2.TransportError):
    """This request must not leave, or its answer must not come in."""


class ProviderTransport(httpx2.AsyncBaseTransport):
    """What every client of one provider sends through; shared, so closing a client leaves it open."""

    def __init__(self, provider: ProviderConfig, *, plain_http_here: bool) -> None:
        addresses = [a for a in (provider.issuer, provider.discovery_url) if a]
        self._allowed = {_host(urlsplit(a).scheme, urlsplit(a).hostname, urlsplit(a).port) for a in addresses}
        self._allowed |= {_host("https", *_split(host)) for host in provider.extra_hosts}
        self._plain_http_here = plain_http_here
        # trust_env off: a proxy from the environment would not be one of the provider's hosts.
        self._inner = httpx2.AsyncHTTPTransport(trust_env=False, retries=1)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        url = request.url
        plain = self._plain_http_here and url.scheme == "http" and is_loopback(str(url))
        if url.scheme != "https" and not plain:
            raise OutboundRefused(f"{url.scheme} to {url.host} is not allowed", request=request)
        if _host(url.scheme, url.host, url.port) not in self._allowed:
            raise OutboundRefused(f"{url.host} is not a host of this provider", request=request)
        # An answer that is not compressed cannot be larger than it looks.
        request.headers["accept-encoding"] = "identity"
        response = await self._inner.handle_async_request(request)
        if isinstance(response.stream, httpx2.AsyncByteStream):
            response.stream = _Bounded(response.stream, request)
        return response

    async def aclose(self) -> None:
        """Nothing: a client made for one exchange closes its transport, and this one is not its own."""

    async def close_for_good(self) -> None:
        """Close the connections."""
        await self._inner.aclose()


def client_options(transport: ProviderTransport) -> dict[str, object]:
    """What every HTTP client of a provider is made with."""
    return {"transport": transport, "timeout": TIMEOUT_S, "follow_redirects": False, "trust_env": False}


class _Bounded(httpx2.AsyncByteStream):
    """A body that ends in an error when it grows too large."""

    def __init__(self, stream: httpx2.AsyncByteStream, request: httpx2.Request) -> None:
        self._stream, self._request = stream, request

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for chunk in self._stream:
            size += len(chunk)
            if size > MAX_BYTES:
                raise OutboundRefused(f"answer larger than {MAX_BYTES} bytes", request=self._request)
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()


def _split(host: str) -> tuple[str | None, int | None]:
    parts = urlsplit(f"//{host}")
    return parts.hostname, parts.port


def _host(scheme: str, name: str | None, port: int | None) -> tuple[str, int]:
    return (name or "").lower(), port or _PORTS.get(scheme, 0)
