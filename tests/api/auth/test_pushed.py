"""Requests pushed beforehand (RFC 9126), and the documents by which phones know whose our addresses are."""

from datetime import timedelta

import httpx2
import pytest

from tests.api.auth.world import CALLBACK, World, answered

pytestmark = pytest.mark.anyio


@pytest.mark.proves("SEC-01", "SEC-04")
async def test_a_pushed_request_signs_in_and_nothing_beside_it_counts(world: World) -> None:
    async with world.browser() as browser:
        pushed = await world.post("/oauth/par", **browser.request())
        assert (pushed.status_code, pushed.json()["expires_in"]) == (201, 600)
        assert pushed.headers["cache-control"] == "no-store"
        name = pushed.json()["request_uri"]
        beside = {"client_id": "app", "request_uri": name, "state": "bent", "redirect_uri": "https://evil.example/", "scope": "x"}
        page = (await browser.http.get("/oauth/authorize", params=beside)).headers["location"]
        back = await browser.http.post(page, data={"login": "lan"})
        answer = answered(await browser.http.get(back.headers["location"]))
        assert (answer["state"], answer["iss"]) == ("the-app's-own", world.url)
        assert (await browser.redeem(answer["code"])).status_code == 200
        again = await browser.http.get("/oauth/authorize", params=beside)
        assert (again.status_code, "location" in again.headers) == (400, False)


async def test_the_person_chooses_the_provider_of_a_pushed_request(world: World) -> None:
    async with world.browser() as browser:
        name = (await world.post("/oauth/par", **browser.request(provider=None))).json()["request_uri"]
        asked = {"client_id": "app", "request_uri": name}
        choice = await browser.http.get("/oauth/authorize", params=asked)
        assert (choice.status_code, "provider=citizen" in choice.text) == (200, True)
        went = await browser.http.get("/oauth/authorize", params={**asked, "provider": "citizen"})
        assert went.headers["location"].startswith(world.citizen_url)


@pytest.mark.proves("SEC-03")
async def test_a_pushed_request_is_the_apps_own_and_grows_old(world: World) -> None:
    async with world.browser() as browser:
        name = (await world.post("/oauth/par", **browser.request())).json()["request_uri"]
        for client_id, request_uri in (("other-app", name), ("app", name + "x"), ("app", "https://evil.example/request")):
            page = await browser.http.get("/oauth/authorize", params={"client_id": client_id, "request_uri": request_uri})
            assert (page.status_code, "location" in page.headers) == (400, False)
        world.clock.advance(timedelta(minutes=10))
        late = await browser.http.get("/oauth/authorize", params={"client_id": "app", "request_uri": name})
        assert (late.status_code, "location" in late.headers) == (400, False)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_id": "unknown"}, "invalid_client"),
        ({"client_id": "one-stop"}, "invalid_client"),
        ({"client_id": None}, "invalid_client"),
        ({"redirect_uri": "https://evil.example/"}, "invalid_request"),
        ({"redirect_uri": None}, "invalid_request"),
        ({"request_uri": "urn:ietf:params:oauth:request_uri:x"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "openid everything"}, "invalid_scope"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"acr_values": "9"}, "invalid_request"),
    ],
)
async def test_what_would_be_refused_later_is_refused_when_it_is_pushed(
    world: World, changes: dict[str, str | None], error: str
) -> None:
    async with world.browser() as browser:
        answer = await world.post("/oauth/par", **browser.request(**changes))
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert "location" not in answer.headers


async def test_an_app_that_pushes_everything_cannot_be_asked_otherwise(world: World) -> None:
    async with world.browser() as browser:
        refused = answered(await browser.authorize(client_id="careful-app"))
        assert (refused["error"], refused["iss"]) == ("invalid_request", world.url)
        name = (await world.post("/oauth/par", **browser.request(client_id="careful-app"))).json()["request_uri"]
        went = await browser.http.get("/oauth/authorize", params={"client_id": "careful-app", "request_uri": name})
        assert went.headers["location"].startswith(world.citizen_url)


@pytest.mark.proves("SEC-08")
async def test_a_proof_with_the_pushed_request_names_the_key_of_the_code(world: World) -> None:
    phone, thief = world.phone(), world.phone()
    async with world.browser() as browser:
        clash = await world.post("/oauth/par", proof=phone.proof("POST", "/oauth/par"), **browser.request(dpop_jkt=thief.jkt))
        assert clash.json()["error"] == "invalid_request"
        for who, status in ((thief, 400), (phone, 200)):
            pushed = await world.post("/oauth/par", proof=phone.proof("POST", "/oauth/par"), **browser.request())
            page = await browser.http.get(
                "/oauth/authorize", params={"client_id": "app", "request_uri": pushed.json()["request_uri"]}
            )
            back = await browser.http.post(page.headers["location"], data={"login": "lan"})
            code = answered(await browser.http.get(back.headers["location"]))["code"]
            assert (await browser.redeem(code, proof=who.for_token())).status_code == status


@pytest.mark.proves("SEC-03")
async def test_phones_learn_which_app_our_addresses_belong_to(world: World) -> None:
    async with httpx2.AsyncClient(base_url=world.url) as http:
        android = await http.get("/.well-known/assetlinks.json")
        apple = await http.get("/.well-known/apple-app-site-association")
    for answer in (android, apple):
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert android.json() == [
        {
            "relation": ["delegate_permission/common.handle_all_urls"],
            "target": {
                "namespace": "android_app",
                "package_name": "vn.gov.camau.app",
                "sha256_cert_fingerprints": ["AA:BB:CC"],
            },
        }
    ]
    assert apple.json()["applinks"]["details"] == [{"appIDs": ["TEAM123456.vn.gov.camau.app"], "components": [{"/": "/callback"}]}]
    assert CALLBACK.startswith("http://")


async def test_a_service_learns_what_a_token_is_worth_and_nobody_else_does(world: World) -> None:
    phone = world.phone()
    tokens = await world.sign_in(phone=phone)

    async def ask(token: str, who: str = "gateway") -> dict[str, object]:
        assertion = world.assertion(iss=who, sub=who, aud=f"{world.url}/oauth/introspect")
        form = {"client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "client_assertion": assertion}
        answer = await world.post("/oauth/introspect", token=token, **form)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    told = await ask(tokens["access_token"])
    assert (told["active"], told["token_type"], told["client_id"], told["cnf"]) == (True, "DPoP", "app", {"jkt": phone.jkt})
    unbound = await ask((await world.sign_in())["access_token"])
    assert (unbound["active"], unbound["token_type"], "cnf" in unbound) == (True, "Bearer", False)
    for token in (tokens["refresh_token"], "x", tokens["access_token"] + "x"):
        assert await ask(token) == {"active": False}
    assert await ask(tokens["access_token"], who="one-stop") == {"active": False}
    for form in ({"token": tokens["access_token"]}, {"token": tokens["access_token"], "client_id": "app"}):
        assert (await world.post("/oauth/introspect", **form)).json()["error"] == "invalid_client"
    await world.post("/oauth/revoke", token=tokens["access_token"], client_id="app")
    assert await ask(tokens["access_token"]) == {"active": False}
