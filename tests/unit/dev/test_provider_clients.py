"""A provider says no: to a strange client or address, to a malformed request, to a code that is not its bearer's."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from joserfc import jwt
from joserfc.jwk import ECKey

from backend.dev.providers.profile import CITIZEN
from tests.support.official_accounts import APP, CALLBACK, CLIENT_KEY, Browser, browse, query_of, token_form, with_params

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(30)]


@pytest.mark.parametrize(
    "change", [{"client_id": "unknown"}, {"redirect_uri": CALLBACK + "/"}, {"redirect_uri": "https://evil.example/"}]
)
async def test_an_unknown_client_or_address_is_told_to_the_person_and_redirected_nowhere(
    citizen: Browser, change: dict[str, str]
) -> None:
    for method in ("GET", "POST"):
        answer = await citizen.http.request(method, with_params(citizen.address(), change))
        assert answer.status_code == 400
        assert "location" not in answer.headers


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"request": "x.y.z"}, "request_not_supported"),
    ],
)
async def test_a_malformed_request_is_told_to_the_client_with_the_issuer(
    citizen: Browser, change: dict[str, str | None], error: str
) -> None:
    answer = query_of(await citizen.http.get(with_params(citizen.address(), change)))
    assert (answer["error"], answer["state"], answer["iss"]) == (error, citizen.state, citizen.url)


async def test_a_code_works_once_and_its_reuse_kills_the_token(citizen: Browser) -> None:
    code = (await citizen.sign_in("lan"))["code"]
    tokens = await citizen.redeem(code)
    again = await citizen.http.post("/token", data=token_form(citizen, code), auth=("app", "a-secret"))
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    userinfo = await citizen.http.get("/userinfo", headers={"Authorization": f"Bearer {tokens['access_token']}"})
    assert userinfo.status_code == 401
    assert 'error="invalid_token"' in userinfo.headers["www-authenticate"]


@pytest.mark.parametrize(
    "change",
    [{"code_verifier": "x" * 43}, {"code_verifier": None}, {"redirect_uri": "http://127.0.0.1:9/other"}, {"code": "unknown"}],
)
async def test_a_code_is_bound_and_burnt_by_a_wrong_guess(citizen: Browser, change: dict[str, str | None]) -> None:
    code = (await citizen.sign_in("lan"))["code"]
    credentials = {"client_id": "app", "client_secret": APP.secret}
    form = {name: value for name, value in {**token_form(citizen, code), **credentials, **change}.items() if value is not None}
    assert (await citizen.http.post("/token", data=form)).json()["error"] == "invalid_grant"
    if "code" not in change:
        right = await citizen.http.post("/token", data={**token_form(citizen, code), **credentials})
        assert right.json()["error"] == "invalid_grant"


async def test_a_verifier_without_a_challenge_is_refused(citizen: Browser) -> None:
    bare = with_params(citizen.address(), {"code_challenge": None, "code_challenge_method": None})
    code = query_of(await citizen.http.post(bare, data={"login": "lan"}))["code"]
    form = {**token_form(citizen, code), "client_id": "app", "client_secret": APP.secret}
    assert (await citizen.http.post("/token", data=form)).json()["error"] == "invalid_grant"


async def test_a_code_expires_after_a_minute(citizen: Browser) -> None:
    code = (await citizen.sign_in("lan"))["code"]
    citizen.clock.advance(timedelta(seconds=60))
    form = {**token_form(citizen, code), "client_id": "app", "client_secret": APP.secret}
    assert (await citizen.http.post("/token", data=form)).json()["error"] == "invalid_grant"


async def test_a_wrong_secret_is_an_invalid_client(citizen: Browser) -> None:
    for credentials in ({"client_id": "app", "client_secret": "wrong"}, {"client_id": "keyed", "client_secret": ""}, {}):
        answer = await citizen.http.post("/token", data={"grant_type": "authorization_code", **credentials})
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert (await citizen.http.post("/token", headers={"Authorization": "Basic !"})).status_code == 401


async def test_a_client_proves_itself_with_a_private_key_once(citizen: Browser) -> None:
    citizen.client = AsyncOAuth2Client("keyed", redirect_uri=CALLBACK, scope="openid", code_challenge_method="S256")
    code = (await citizen.sign_in("lan"))["code"]
    now = int(citizen.clock.now().timestamp())
    claims = {"iss": "keyed", "sub": "keyed", "aud": f"{citizen.url}/token", "exp": now + 60, "jti": "1"}
    form = {**token_form(citizen, code), "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}

    async def present(key: ECKey = CLIENT_KEY, **change: Any) -> httpx2.Response:
        assertion = jwt.encode({"alg": "ES256", "kid": CLIENT_KEY.kid}, {**claims, **change}, key)
        return await citizen.http.post("/token", data={**form, "client_assertion": assertion})

    for wrong in (
        {"aud": "https://elsewhere.example"},
        {"sub": "app"},
        {"iss": "app"},
        {"exp": now - 60},
        {"key": ECKey.generate_key("P-256")},
    ):
        assert (await present(**wrong)).status_code == 401, wrong
    assert (await present()).status_code == 200
    assert (await present()).json()["error_description"] == "client assertion used before"


async def test_authlib_proves_itself_with_a_private_key() -> None:
    # Authlib dates its assertions with the machine's clock.
    async with browse(CITIZEN, now=datetime.now(UTC)) as browser:
        browser.client = AsyncOAuth2Client(
            "keyed",
            CLIENT_KEY,
            redirect_uri=CALLBACK,
            scope="openid",
            code_challenge_method="S256",
            token_endpoint_auth_method=PrivateKeyJWT(f"{browser.url}/token", headers={"kid": CLIENT_KEY.kid}, alg="ES256"),
        )
        assert (await browser.claims((await browser.tokens("lan"))["id_token"]))["aud"] == "keyed"
