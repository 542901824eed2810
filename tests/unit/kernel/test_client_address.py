"""A stranger's word about where they come from counts for nothing (SEC-64)."""

import ipaddress
from typing import Any

import pytest
from hypothesis import given
from hypothesis.strategies import ip_addresses, lists, text

from kernel.http.answer import Answer, by_name
from kernel.http.client_address import ClientAddress, address_of, client_address, home_of

OURS = [ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("fd00::/8")]


async def address(peer: str | None, proxies: list[str], header: str = "x-forwarded-for", **said: str) -> str:
    headers = [(name.replace("_", "-").encode(), value.encode()) for name, value in said.items()]
    scope: Any = {"client": (peer, 1) if peer else None, "headers": headers, "state": {"answer": Answer("t", by_name(headers))}}

    async def app(*_: Any) -> None: ...

    await ClientAddress(app, proxies, header)(scope, None, None)  # type: ignore[arg-type]
    return address_of(scope)


@pytest.mark.proves("SEC-64")
async def test_without_a_proxy_of_ours_only_the_peer_counts() -> None:
    assert await address("203.0.113.9", [], x_forwarded_for="198.51.100.1") == "203.0.113.9"
    assert await address("203.0.113.9", ["10.0.0.0/8"], x_forwarded_for="198.51.100.1") == "203.0.113.9"
    assert await address(None, ["10.0.0.0/8"], x_forwarded_for="198.51.100.1") == ""


@pytest.mark.proves("SEC-64")
@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("198.51.100.1", "198.51.100.1"),
        ("1.2.3.4, 198.51.100.1", "198.51.100.1"),
        ("1.2.3.4, 198.51.100.1, 10.1.1.1", "198.51.100.1"),
        ("10.9.9.9, 10.1.1.1", "10.9.9.9"),
        ("198.51.100.1:4711", "198.51.100.1"),
        ("[2001:db8::7]:4711", "2001:db8::7"),
        ("2001:db8::7", "2001:db8::7"),
        ("::ffff:198.51.100.1", "198.51.100.1"),
        ("nonsense", "10.0.0.1"),
        ("198.51.100.1, unknown", "10.0.0.1"),
        ("", "10.0.0.1"),
    ],
)
async def test_from_a_proxy_of_ours_the_last_stranger_counts(said: str, found: str) -> None:
    assert await address("10.0.0.1", ["10.0.0.0/8"], x_forwarded_for=said) == found


@pytest.mark.proves("SEC-64")
async def test_only_the_header_our_proxy_sets_is_read() -> None:
    both = {"x_forwarded_for": "198.51.100.1", "forwarded": 'for=1.2.3.4, for="[2001:db8::7]:80";proto=https'}
    assert await address("10.0.0.1", ["10.0.0.0/8"], **both) == "198.51.100.1"
    assert await address("10.0.0.1", ["10.0.0.0/8"], "forwarded", **both) == "2001:db8::7"
    assert await address("10.0.0.1", ["10.0.0.0/8"], "forwarded", forwarded="for=_hidden") == "10.0.0.1"


@given(ip_addresses(v=4), lists(ip_addresses().map(str) | text(max_size=12)))
def test_whatever_is_said_the_answer_is_an_address_no_proxy_of_ours_was_told_by_a_stranger(peer: Any, hops: list[str]) -> None:
    found = client_address(str(peer), hops, OURS)
    assert ipaddress.ip_address(found)
    if not any(peer in network for network in OURS):
        assert found == str(peer)


def test_who_has_one_ipv6_address_has_the_network_around_it() -> None:
    assert home_of("2001:db8:1:2:3:4:5:6") == home_of("2001:db8:1:2::1") == "2001:db8:1:2::/64"
    assert home_of("198.51.100.1") == "198.51.100.1"
