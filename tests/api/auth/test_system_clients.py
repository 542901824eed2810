"""Source systems: a token for who proves the private key, for what it was registered for."""

import pytest
from joserfc.jwk import ECKey, OctKey

from tests.api.auth.world import World

pytestmark = pytest.mark.anyio


async def test_a_system_gets_a_token_for_itself(world: World) -> None:
    answer = await world.system_token()
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    tokens = answer.json()
    assert "refresh_token" not in tokens
    assert tokens["scope"] == "dossiers:write"
    me = (await world.me(tokens["access_token"])).json()
    assert (me["id"], me["kind"], me["scopes"], me["name"]) == ("one-stop", "system", ["dossiers:write"], "Hệ thống một cửa")
    assert (await world.me(tokens["access_token"], "/v1/me/sessions")).status_code == 403


async def test_without_a_scope_it_gets_all_of_its_own_and_never_another(world: World) -> None:
    assert (await world.system_token(scope="")).json()["scope"] == "dossiers:write procedures:write"
    refused = await world.system_token(scope="dossiers:write openid")
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_scope")


@pytest.mark.parametrize("aud", ["issuer", "token endpoint", "list"])
async def test_the_assertion_is_for_us(world: World, aud: str) -> None:
    good = {"issuer": world.url, "token endpoint": f"{world.url}/oauth/token", "list": [world.url, "https://elsewhere.example"]}
    assert (await world.system_token(world.assertion(aud=good[aud]))).status_code == 200


@pytest.mark.parametrize(
    "bent",
    [
        {"aud": "https://elsewhere.example"},
        {"aud": None},
        {"iss": "another"},
        {"iss": None},
        {"sub": "another"},
        {"sub": "app"},
        {"sub": 7},
        {"sub": None},
        {"exp": None},
        {"exp": -60},
        {"exp": 3600},
        {"exp": "soon"},
        {"iat": 120},
        {"nbf": 120},
        {"jti": None},
        {"jti": 7},
    ],
    ids=str,
)
async def test_an_assertion_with_one_thing_wrong_proves_nothing(world: World, bent: dict[str, object]) -> None:
    now = int(world.clock.now().timestamp())
    times = ("exp", "iat", "nbf")
    claims = {k: now + v if k in times and isinstance(v, int) else v for k, v in bent.items()}
    answer = await world.system_token(world.assertion(**claims))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")


async def test_another_key_or_a_secret_proves_nothing(world: World) -> None:
    assert (await world.system_token(world.assertion(ECKey.generate_key("P-256")))).json()["error"] == "invalid_client"
    symmetric = world.assertion(OctKey.generate_key(256), {"alg": "HS256"})  # type: ignore[arg-type]
    for assertion in (symmetric, "x.y.z", "", "e30.e30.", "bnVsbA.bnVsbA.bnVsbA"):
        answer = await world.system_token(assertion or "x")
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")


async def test_an_assertion_counts_once(world: World) -> None:
    assertion = world.assertion()
    assert (await world.system_token(assertion)).status_code == 200
    assert (await world.system_token(assertion)).json()["error"] == "invalid_client"


@pytest.mark.proves("SEC-05")
async def test_a_system_cannot_use_the_ways_of_apps(world: World) -> None:
    for form in ({"grant_type": "refresh_token", "refresh_token": "x"}, {"grant_type": "authorization_code", "code": "x"}):
        answer = await world.system_token(**form)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")
        plain = await world.post("/oauth/token", client_id="one-stop", **form)
        assert plain.json()["error"] == "invalid_client"
