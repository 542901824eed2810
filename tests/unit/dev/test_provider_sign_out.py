"""Signing out of an official account: every client of the sign-in hears it, and nothing made of it is worth anything any more."""

from dataclasses import replace
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from litestar import Litestar, Request, post

from backend.dev.providers.profile import CITIZEN
from backend.dev.providers.tokens import LOGOUT_EVENT
from backend.dev.sockets import serving
from tests.support.official_accounts import AFTER_LOGOUT, APP, Browser, browse

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(30)]


async def test_signing_out_tells_every_client_on_the_back_channel_and_ends_the_tokens() -> None:
    received: list[str] = []

    @post("/backchannel", status_code=200)
    async def hear(request: Request[Any, Any, Any]) -> None:
        received.append(str((await request.form())["logout_token"]))

    async with serving(Litestar([hear], logging_config=None)) as relying_party:
        listening = replace(APP, backchannel_logout_uri=f"{relying_party.url}/backchannel")
        async with browse(CITIZEN, listening) as browser:
            tokens = await browser.tokens("lan")
            sid = (await browser.claims(tokens["id_token"]))["sid"]
            params = {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": AFTER_LOGOUT, "state": "s"}
            answer = await browser.http.get("/end_session", params=params)
            assert (answer.status_code, answer.headers["location"]) == (303, f"{AFTER_LOGOUT}?state=s")
            keys = KeySet.import_key_set((await browser.http.get("/jwks")).json())
            logout = jwt.decode(received[0], keys, algorithms=["ES256"])
            assert logout.header["typ"] == "logout+jwt"
            assert {
                "iss": browser.url,
                "aud": "app",
                "sid": sid,
                "sub": "citizen-1",
                "events": {LOGOUT_EVENT: {}},
            }.items() <= logout.claims.items()
            assert logout.claims["exp"] - logout.claims["iat"] == 120
            assert {"jti"} <= set(logout.claims)
            assert "nonce" not in logout.claims
            assert (await browser.sign_in_silently())["error"] == "login_required"
            assert (
                await browser.http.get("/userinfo", headers={"Authorization": f"Bearer {tokens['access_token']}"})
            ).status_code == 401


async def test_a_sign_out_elsewhere_ends_every_browser_of_the_person_and_nobody_elses() -> None:
    silent = replace(APP, backchannel_logout_uri="http://127.0.0.1:9/nobody-listens")
    async with browse(CITIZEN, silent) as browser:
        await browser.sign_in("lan")
        answer = await browser.http.post("/_control/sign-out", json={"login": "tuyet"})
        assert (answer.json(), "code" in await browser.sign_in_silently()) == ({}, True)
        answer = await browser.http.post("/_control/sign-out", json={"login": "lan"})
        assert answer.json() == {"app": None}
        assert (await browser.sign_in_silently())["error"] == "login_required"


async def test_without_a_hint_the_person_is_asked_and_a_strange_address_is_not_followed(citizen: Browser) -> None:
    await citizen.sign_in("lan")
    params = {"client_id": "app", "post_logout_redirect_uri": "https://evil.example/"}
    question = await citizen.http.get("/end_session", params=params)
    assert "Nguyễn Thị Lan" in question.text
    assert "code" in await citizen.sign_in_silently()
    answer = await citizen.http.post("/end_session", params=params)
    assert (answer.status_code, "Đã đăng xuất" in answer.text) == (200, True)
    assert (await citizen.sign_in_silently())["error"] == "login_required"
