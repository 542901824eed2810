"""Which addresses an answer may go to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth.redirects import allowed, is_loopback

REGISTERED = ("https://app.example.vn/cb", "http://127.0.0.1/cb", "http://[::1]/cb?x=1")


@pytest.mark.proves("SEC-03")
def test_a_registered_address_is_taken_letter_by_letter() -> None:
    assert all(allowed(uri, REGISTERED, any_loopback_port=False) for uri in REGISTERED)
    assert not allowed("http://127.0.0.1:8080/cb", REGISTERED, any_loopback_port=False)


@pytest.mark.proves("SEC-03")
@given(port=st.integers(1, 65535))
def test_a_loopback_address_is_taken_on_any_port_where_the_app_says_so(port: int) -> None:
    assert allowed(f"http://127.0.0.1:{port}/cb", REGISTERED, any_loopback_port=True)
    assert allowed(f"http://[::1]:{port}/cb?x=1", REGISTERED, any_loopback_port=True)
    assert not allowed(f"https://app.example.vn:{port}/cb", REGISTERED, any_loopback_port=True)


@pytest.mark.proves("SEC-03")
@given(
    before=st.text(max_size=3),
    after=st.text(max_size=3),
    uri=st.sampled_from(["https://app.example.vn/cb", "http://127.0.0.1/cb", "http://127.0.0.1:8080/cb"]),
)
def test_anything_added_before_or_after_makes_it_another_address(before: str, after: str, uri: str) -> None:
    if before or after:
        assert not allowed(before + uri + after, REGISTERED, any_loopback_port=True)


@pytest.mark.proves("SEC-03")
@pytest.mark.parametrize("uri", ["https://127.0.0.1:4567/cb", "https://evil.example/cb", "javascript:alert(1)", "custom:/cb", ""])
def test_only_plain_http_has_any_port(uri: str) -> None:
    """RFC 8252, 7.3 speaks of http; an https loopback address is an address like any other."""
    assert not allowed(uri, ("https://127.0.0.1/cb", "https://localhost/cb"), any_loopback_port=True)


@pytest.mark.parametrize(
    ("uri", "answer"),
    [
        ("http://127.0.0.1", True),
        ("http://127.9.9.9:1/x", True),
        ("http://localhost:8000", True),
        ("http://[::1]:8000", True),
        ("http://10.0.0.1", False),
        ("http://localhost.evil.example", False),
        ("http://127.0.0.1.evil.example", False),
    ],
)
def test_loopback_means_this_machine(uri: str, answer: bool) -> None:
    assert is_loopback(uri) is answer
