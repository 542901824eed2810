"""From which address a request comes: the peer's, unless the peer is a proxy of ours that says for whom it asks (SEC-64).

What a stranger writes into `X-Forwarded-For` or `Forwarded` counts for nothing. Only one of the two headers is read, the one our
proxy sets: the other passes through it as the caller wrote it.
"""

import ipaddress
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from litestar.types import ASGIApp, Receive, Scope, Send

from kernel.audit import CALLER_NETWORK, network_of
from kernel.http.answer import answer_of

Header = Literal["x-forwarded-for", "forwarded"]
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# RFC 7239, 4: `for=192.0.2.60`, `for="[2001:db8::1]:4711"`; other parameters of the element do not matter here.
_FOR = re.compile(r'(?:^|;)\s*for\s*=\s*"?([^";]*)', re.IGNORECASE)
_PORT = re.compile(r"^\[([^\]]*)\](?::\d+)?$|^([\d.]+):\d+$")
# Whoever has one IPv6 address has the 2^64 beside it.
_IPV6_HOME = 64


class ClientAddress:
    """Notes the address for whoever counts by it (`address_of`)."""

    def __init__(self, app: ASGIApp, proxies: Sequence[str], header: Header) -> None:
        self._app, self._header, forwarded = app, header.encode(), header == "forwarded"
        # Where no proxy is ours, nobody's word counts and nothing has to be read.
        self._listens = bool(proxies)
        trusted = tuple(ipaddress.ip_network(proxy) for proxy in proxies)

        @lru_cache(maxsize=4_096)
        def found(peer: str, said: str) -> str:
            return client_address(peer, _elements(said, forwarded=forwarded), trusted)

        self._found = found

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = scope["client"]
        said = answer_of(scope).asked.get(self._header, b"") if self._listens else b""
        scope["state"]["address"] = address = self._found(client[0] if client else "", said.decode("latin-1"))
        # Never reset: the server runs each request in a context of its own.
        CALLER_NETWORK.set(network_of(address) if address else None)
        await self._app(scope, receive, send)


def address_of(scope: Scope) -> str:
    """Where this request comes from; empty where there is no telling."""
    return str(scope["state"]["address"])


def client_address(peer: str, hops: Sequence[str], trusted: Sequence[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> str:
    """The last address before our own proxies: the rightmost of `hops` and `peer` that is none of them.

    A hop that is no address is as far as we can see: then it is the proxy that named it.
    """
    seen = _address(peer)
    if seen is None:
        return ""
    for hop in reversed(hops):
        if not any(seen in network for network in trusted):
            break
        further = _address(hop)
        if further is None:
            break
        seen = further
    return str(seen)


@lru_cache(maxsize=4_096)
def home_of(address: str) -> str:
    """By which an address is counted: itself, or the network an IPv6 caller can choose addresses from."""
    if ":" not in address:
        return address
    return str(ipaddress.ip_network((address, _IPV6_HOME), strict=False))


def _elements(said: str, *, forwarded: bool) -> list[str]:
    elements = said.split(",") if said else []
    if not forwarded:
        return elements
    named = [_FOR.search(element) for element in elements]
    return [match[1] if match else "" for match in named]


def _address(text: str) -> _Address | None:
    text = text.strip()
    if with_port := _PORT.match(text):
        text = with_port[1] or with_port[2]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
