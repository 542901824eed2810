"""What is made of a provider's claims."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth.config import ClaimNames, ProviderConfig
from auth.providers.account import account_of, in_domains

NOW = datetime(2026, 7, 1, 8, tzinfo=UTC)
VNEID = ProviderConfig(
    id="citizen",
    kind="citizen",
    name="VNeID",
    issuer="https://id.example.vn",
    client_id="motcua",
    client_secret="s",
    assurance={"vneid:1": 1, "vneid:2": 2},
    claims=ClaimNames(name="HoVaTen", personal_number="SoDinhDanh", email="email"),
)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.proves("SEC-17")
@pytest.mark.parametrize(
    ("email", "answer"),
    [
        ("a@camau.gov.vn", True),
        ("a@snn.camau.gov.vn", True),
        ("a@evilcamau.gov.vn", False),
        ("a@camau.gov.vn.evil.com", False),
        ("a@evil.com@camau.gov.vn", False),
        ("@camau.gov.vn", False),
        ("camau.gov.vn", False),
        ("a@.camau.gov.vn", True),
        ("", False),
    ],
)
def test_an_official_address_is_of_the_domain_or_below_it(email: str, answer: bool) -> None:
    assert in_domains(email, ("camau.gov.vn",)) is answer


@pytest.mark.parametrize(
    ("verified", "kept"), [(True, True), ("true", True), (False, False), ("false", False), (None, False), (1, True)]
)
def test_only_a_verified_address_counts(verified: Any, kept: bool) -> None:
    account = account_of({"sub": "1", "email": " Hoa@CaMau.gov.vn ", "email_verified": verified}, VNEID, NOW)
    assert account.email == ("hoa@camau.gov.vn" if kept else None)


def test_the_moment_of_authentication_is_the_providers_and_never_in_the_future() -> None:
    assert account_of({"sub": "1", "auth_time": 1_700_000_000}, VNEID, NOW).authenticated_at == datetime.fromtimestamp(
        1_700_000_000, UTC
    )
    for wrong in (None, "x", True, -5, NOW.timestamp() + 3600, int(NOW.timestamp()) + 3600):
        assert account_of({"sub": "1", "auth_time": wrong}, VNEID, NOW).authenticated_at == NOW


@given(
    claims=st.dictionaries(
        st.sampled_from(["HoVaTen", "SoDinhDanh", "email", "email_verified", "acr", "auth_time", "sid"]), json_values
    )
)
def test_claims_of_any_shape_make_an_account_and_never_an_error(claims: dict[str, Any]) -> None:
    account = account_of({"sub": "1", **claims}, VNEID, NOW)
    assert account.assurance in (0, 1, 2)
    assert len(account.name) <= 200
    assert account.authenticated_at <= NOW
