"""A configuration that would not be safe is refused before anything runs."""

import io
from typing import Any

import msgspec
import pytest
from joserfc.jwk import ECKey, RSAKey
from rich.console import Console

from auth.config import AppClient, AuthConfig, ConfigError, ProviderConfig, SystemClient
from auth.lifetimes import OF
from auth.server.public_keys import key_set

PROVIDER: dict[str, Any] = {
    "id": "citizen",
    "kind": "citizen",
    "name": "VNeID",
    "issuer": "https://id.example.vn",
    "client_id": "motcua",
    "client_secret": "very-secret-value",
}
APP = AppClient(client_id="app", name="App", redirect_uris=("https://app.example.vn/cb",))


def config(**changes: Any) -> AuthConfig:
    usual: dict[str, Any] = {
        "issuer": "https://motcua.example.vn",
        "key_secret": b"k" * 32,
        "providers": (ProviderConfig(**PROVIDER),),
        "app_clients": (APP,),
    }
    return AuthConfig(**(usual | changes))


@pytest.mark.proves("SEC-14")
@pytest.mark.parametrize("algorithm", ["none", "HS256", "HS512"])
def test_a_provider_may_not_sign_with_what_others_can_forge(algorithm: str) -> None:
    with pytest.raises(ConfigError):
        ProviderConfig(**PROVIDER, algorithms=("ES256", algorithm))


@pytest.mark.parametrize(
    "changes",
    [
        {"client_secret": None},
        {"kind": "staff"},
        {"echoes_nonce": False, "takes_pkce": False},
    ],
)
def test_a_provider_needs_a_secret_or_key_and_a_binding_and_for_staff_its_domains(changes: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        ProviderConfig(**(PROVIDER | changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"key_secret": b"short"},
        {"issuer": "https://motcua.example.vn/"},
        {"issuer": "http://motcua.example.vn"},
        {"issuer": "http://127.0.0.1:8000"},
        {"issuer": "http://motcua.example.vn", "development": True},
        {"providers": (ProviderConfig(**PROVIDER), ProviderConfig(**(PROVIDER | {"issuer": "https://b.example.vn"})))},
        {"providers": (ProviderConfig(**PROVIDER), ProviderConfig(**(PROVIDER | {"id": "b"})))},
        {"providers": (ProviderConfig(**(PROVIDER | {"issuer": "http://id.example.vn"})),)},
        {"providers": (ProviderConfig(**(PROVIDER | {"discovery_url": "http://id.example.vn/x"})),)},
        {"app_clients": (APP, APP)},
    ],
    ids=str,
)
def test_a_configuration_that_is_unsafe_or_ambiguous_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        config(**changes)


def test_plain_http_is_for_this_machine_in_development() -> None:
    assert not config(issuer="http://127.0.0.1:8000", development=True).secure_cookies
    assert config().secure_cookies


@pytest.mark.proves("SEC-41")
def test_no_secret_is_printed_with_the_configuration() -> None:

    console = Console(record=True, width=200, file=io.StringIO())

    console.print(config(), ProviderConfig(**PROVIDER))
    for printed in (repr(config()), str(config().providers), console.export_text()):
        assert "very-secret-value" not in printed
        assert "kkkk" not in printed


def test_providers_and_clients_can_be_written_as_json() -> None:
    written = msgspec.json.encode(config(providers=(ProviderConfig(**PROVIDER, assurance={"vneid:2": 2}),)))
    assert msgspec.json.decode(written, type=AuthConfig).providers[0].assurance == {"vneid:2": 2}
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(PROVIDER | {"isuer": "typing mistake"}, ProviderConfig)


@pytest.mark.parametrize("uri", ["app.example.vn/cb", "https://app.example.vn/cb#fragment"])
def test_a_redirect_address_is_absolute_and_has_no_fragment(uri: str) -> None:
    with pytest.raises(ConfigError):
        AppClient(client_id="app", name="App", redirect_uris=(uri,))


def test_a_system_client_has_exactly_one_kind_of_key_and_it_is_public_and_strong() -> None:
    def client(**keys: Any) -> SystemClient:
        return SystemClient(client_id="s", name="S", scopes=("x",), **keys)

    good = ECKey.generate_key("P-256")
    rsa = RSAKey.generate_key(2048)
    public = good.as_pem(private=False).decode()
    assert key_set(client(public_key_pem=public)).keys[0].thumbprint() == good.thumbprint()
    assert key_set(client(public_key_pem=rsa.as_pem(private=False).decode()))
    assert len(key_set(client(jwks={"keys": [good.as_dict(private=False), rsa.as_dict(private=False)]})).keys) == 2
    for keys in ({}, {"public_key_pem": public, "jwks": {"keys": []}}):
        with pytest.raises(ConfigError):
            client(**keys)
    for keys in (
        {"public_key_pem": good.as_pem(private=True).decode()},
        {"public_key_pem": "garbage"},
        {"jwks": {"keys": [good.as_dict(private=True)]}},
        {"jwks": {"keys": [{"kty": "oct", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0"}]}},
        {"jwks": {}},
        {"jwks": {"keys": "x"}},
    ):
        with pytest.raises(ConfigError):
            key_set(client(**keys))


def test_the_lifetimes_are_those_of_the_specification() -> None:
    seconds = {
        kind: (lifetimes.access_token.total_seconds(), lifetimes.idle.total_seconds(), lifetimes.absolute.total_seconds())
        for kind, lifetimes in OF.items()
    }
    day = 86_400
    assert seconds["citizen"] == (600, 30 * day, 180 * day)
    assert seconds["staff"] == (300, 8 * 3600, 12 * 3600)
