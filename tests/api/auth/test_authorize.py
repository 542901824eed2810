"""The authorization endpoint: what an app may ask, and where an answer may go."""

import httpx2
import pytest

from tests.api.auth.world import CALLBACK, World, answered

pytestmark = pytest.mark.anyio

# A code_challenge of the right length that is a challenge of nothing.
CHALLENGE = "a" * 43


@pytest.mark.proves("SEC-01")
@pytest.mark.parametrize(
    "changes",
    [
        {"code_challenge": None, "code_challenge_method": None},
        {"code_challenge_method": None},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": "s256"},
        {"code_challenge_method": "S512"},
        {"code_challenge": None},
        {"code_challenge": "a" * 42},
        {"code_challenge": "a" * 129},
        {"code_challenge": "=" * 43},
        {"code_challenge": "a" * 42 + "\n"},
    ],
)
async def test_without_pkce_s256_there_is_no_sign_in(world: World, changes: dict[str, str | None]) -> None:
    async with world.browser() as browser:
        answer = answered(await browser.authorize(**changes))
    assert answer["error"] == "invalid_request"
    assert (answer["state"], answer["iss"]) == ("the-app's-own", world.url)


@pytest.mark.proves("SEC-03")
@pytest.mark.parametrize(
    "uri",
    [
        "http://127.0.0.1:4567/callback/",
        "http://127.0.0.1:4567/Callback",
        "http://127.0.0.1:4567/callback?x=1",
        "http://127.0.0.1:4567/callback#x",
        "http://127.0.0.1:4567/callback/../callback",
        "http://127.0.0.1:4567/%63allback",
        "http://127.0.0.1:4567@evil.example/callback",
        "http://127.0.0.1:4567:80/callback",
        "http://127.0.0.1:/callback",
        "http://127.0.0.1.evil.example/callback",
        "http://127.0.0.1\\@evil.example:80/callback",
        "http://localhost:4567/callback",
        "http://[::1]:4567/callback",
        "http://user@127.0.0.1:4567/callback",
        "HTTP://127.0.0.1:4567/callback",
        "https://127.0.0.1:4567/callback",
        "https://app.example.vn:444/callback",
        "https://app.example.vn/callback/",
        "https://APP.example.vn/callback",
        "https://аpp.example.vn/callback",
        "https://app.example.vn.evil.example/callback",
        "https://evil.example/https://app.example.vn/callback",
        "https://other.example.vn/callback",
        "javascript:alert(1)",
        "//app.example.vn/callback",
        " https://app.example.vn/callback",
        "https://app.example.vn/callback\n",
        None,
    ],
)
async def test_an_address_that_is_not_registered_gets_nothing(world: World, uri: str | None) -> None:
    async with world.browser() as browser:
        page = await browser.authorize(redirect_uri=uri)
    assert page.status_code == 400
    assert "location" not in page.headers
    assert page.headers["content-type"].startswith("text/html")


@pytest.mark.proves("SEC-03")
async def test_a_registered_address_and_its_loopback_twin_on_any_port_are_taken(world: World) -> None:
    for uri in ("https://app.example.vn/callback", "http://127.0.0.1/callback", "http://127.0.0.1:1/callback"):
        async with world.browser() as browser:
            assert (await browser.authorize(redirect_uri=uri)).status_code == 302


@pytest.mark.proves("SEC-03")
async def test_an_unknown_app_gets_nothing(world: World) -> None:
    async with world.browser() as browser:
        for client_id in ("unknown", "one-stop", None):
            page = await browser.authorize(client_id=client_id)
            assert (page.status_code, "location" in page.headers) == (400, False)


@pytest.mark.proves("SEC-03")
async def test_a_parameter_said_twice_is_refused_and_redirects_nowhere(world: World) -> None:
    async with world.browser() as browser:
        query = [*browser.request().items(), ("redirect_uri", "https://evil.example/")]
        page = await browser.http.get("/oauth/authorize", params=query)
    assert (page.status_code, "location" in page.headers) == (400, False)


@pytest.mark.proves("SEC-04")
async def test_state_and_issuer_come_back_on_success_and_on_every_error(world: World) -> None:
    state = "ạ&b=c d%25"
    async with world.browser() as browser:
        good = await browser.code(state=state)
        assert (good["state"], good["iss"]) == (state, world.url)
        assert "code" in good
        for changes, error in (
            ({"response_type": "token"}, "unsupported_response_type"),
            ({"response_type": "code id_token"}, "unsupported_response_type"),
            ({"response_type": "có"}, "unsupported_response_type"),
            ({"response_type": None}, "unsupported_response_type"),
            ({"scope": "openid dossiers:write"}, "invalid_scope"),
            ({"code_challenge_method": "plain"}, "invalid_request"),
            ({"provider": "unheard-of"}, "invalid_request"),
            ({"prompt": "none"}, "login_required"),
        ):
            answer = answered(await browser.authorize(**{"state": state, **changes}))
            assert (answer["error"], answer["state"], answer["iss"]) == (error, state, world.url), changes


@pytest.mark.proves("SEC-05")
@pytest.mark.parametrize(
    "form",
    [
        {"grant_type": "password", "username": "lan", "password": "x", "client_id": "app"},
        {"grant_type": "implicit", "client_id": "app"},
        {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": "x", "client_id": "app"},
        {"client_id": "app"},
    ],
)
async def test_there_are_no_other_grants(world: World, form: dict[str, str]) -> None:
    answer = await world.post("/oauth/token", **form)
    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type")
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.proves("SEC-05", "SEC-09")
async def test_an_app_cannot_act_for_itself(world: World) -> None:
    answer = await world.post("/oauth/token", grant_type="client_credentials", client_id="app")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")


@pytest.mark.proves("SEC-07")
async def test_nobody_is_signed_in_silently(world: World) -> None:
    async with world.browser() as browser:
        await browser.sign_in()
        answer = answered(await browser.authorize(prompt="none"))
        assert answer["error"] == "login_required"
        assert world.citizen_url in (await browser.authorize()).headers["location"]


@pytest.mark.proves("SEC-09")
async def test_a_secret_is_refused_where_none_can_be(world: World) -> None:
    async with world.browser() as browser:
        code = (await browser.code())["code"]
        posted = await browser.redeem(code, client_secret="s3cret")
        assert (posted.status_code, posted.json()["error"]) == (400, "invalid_client")
        tokens = (await browser.redeem((await browser.code())["code"])).json()
        form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"], "client_id": "app"}
        basic = await browser.http.post("/oauth/token", data=form, auth=("app", "s3cret"))
        assert (basic.status_code, basic.json()["error"]) == (400, "invalid_client")
        assert "Authorization header" in basic.json()["error_description"]
        assert (await browser.http.post("/oauth/token", data=form)).status_code == 200, "it was not used up"


# What a client's library decides by (RFC 8414, 2; RFC 9449, 5.1; RFC 9126, 5).
TAKES = {
    "response_types_supported": ["code"],
    "response_modes_supported": ["query"],
    "grant_types_supported": [
        "authorization_code",
        "refresh_token",
        "client_credentials",
        "urn:ietf:params:oauth:grant-type:token-exchange",
    ],
    "code_challenge_methods_supported": ["S256"],
    "token_endpoint_auth_methods_supported": ["none", "private_key_jwt"],
    "token_endpoint_auth_signing_alg_values_supported": ["ES256", "RS256", "PS256", "EdDSA"],
    "introspection_endpoint_auth_methods_supported": ["private_key_jwt"],
    "introspection_endpoint_auth_signing_alg_values_supported": ["ES256", "RS256", "PS256", "EdDSA"],
    "revocation_endpoint_auth_methods_supported": ["none"],
    "dpop_signing_alg_values_supported": ["ES256", "EdDSA"],
    "authorization_response_iss_parameter_supported": True,
    "prompt_values_supported": ["login"],
    "ui_locales_supported": ["vi", "en"],
    "scopes_supported": ["dossiers:write", "openid", "procedures:write", "tokens:introspect"],
}


async def test_the_metadata_lets_a_client_find_everything(world: World) -> None:
    async with httpx2.AsyncClient(base_url=world.url) as http:
        metadata = (await http.get("/.well-known/oauth-authorization-server")).json()
        assert metadata == (await http.get("/.well-known/openid-configuration")).json()
        assert metadata["issuer"] == world.url
        for name, takes in TAKES.items():
            assert metadata[name] == takes, name
        assert metadata["authorization_response_iss_parameter_supported"] is True
        assert (await http.get(metadata["jwks_uri"])).json()["keys"]
        assert metadata["dpop_signing_alg_values_supported"] == ["ES256", "EdDSA"]
        assert (metadata["require_pushed_authorization_requests"], metadata["acr_values_supported"]) == (False, ["1", "2"])
        for name in ("token", "revocation", "introspection", "pushed_authorization_request"):
            # Each is there and takes POST: an empty form is a mistake and no missing address.
            assert (await http.post(metadata[f"{name}_endpoint"], data={})).status_code == 400, name
    assert CALLBACK.startswith("http://127.0.0.1")


async def test_a_malformed_form_is_answered_in_oauths_own_words(world: World) -> None:
    async with httpx2.AsyncClient(base_url=world.url) as http:
        twice = await http.post(
            "/oauth/token",
            content="grant_type=refresh_token&grant_type=x",
            headers={"content-type": "application/x-www-form-urlencoded"},
        )
        as_json = await http.post("/oauth/token", json={"grant_type": "refresh_token"})
        for answer in (twice, as_json):
            assert answer.headers.get_list("content-type") == ["application/json"]
            assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
        huge = await http.post("/oauth/token", data={"refresh_token": "x" * 20_000})
        assert huge.status_code == 413
