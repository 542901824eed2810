"""A person in front of an official-account provider, and an independent client (Authlib, joserfc) that sent them there."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
from authlib.integrations.httpx_client import AsyncOAuth2Client
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from backend.dev.providers.app import create_provider
from backend.dev.providers.client import Client
from backend.dev.providers.person import Person
from backend.dev.providers.profile import Profile
from backend.dev.sockets import bound_socket, serve_on, url_of
from kernel.clock import TestClock

NOW = datetime(2026, 7, 1, 8, tzinfo=UTC)
CALLBACK = "http://127.0.0.1:9/callback"
AFTER_LOGOUT = "http://127.0.0.1:9/bye"
LAN = Person("lan", "Nguyễn Thị Lan", "citizen-1", date(1988, 3, 8), "096199000001", assurance=2)
TUYET = Person("tuyet", "Danh Thị Tuyết", "citizen-2", date(1951, 8, 14), "096199000005", assurance=1)
HOA = Person("hoa", "Trần Thị Hòa", "staff-1", email="hoa@ttpvhcc.camau.gov.vn", roles=["handler"])
CLIENT_KEY = ECKey.generate_key("P-256", {"alg": "ES256", "use": "sig"}, auto_kid=True)
APP = Client("app", (CALLBACK,), secret="a-secret", post_logout_redirect_uris=(AFTER_LOGOUT,))
KEYED = Client("keyed", (CALLBACK,), jwks=dict(KeySet([CLIENT_KEY]).as_dict(private=False)))


class Browser:
    """A person in front of one provider, and the client that sent them there."""

    def __init__(self, url: str, clock: TestClock) -> None:
        self.url = url
        self.clock = clock
        self.http = httpx2.AsyncClient(base_url=url)
        self.verifier = secrets.token_urlsafe(48)
        self.nonce = secrets.token_urlsafe(16)
        self.client = AsyncOAuth2Client(
            "app", APP.secret, redirect_uri=CALLBACK, scope="openid profile email", code_challenge_method="S256"
        )

    def address(self, **params: Any) -> str:
        address, self.state = self.client.create_authorization_url(
            f"{self.url}/authorize", code_verifier=self.verifier, nonce=self.nonce, **params
        )
        return str(address)

    async def sign_in(self, login: str, **params: Any) -> dict[str, str]:
        """The query the client gets back at its callback."""
        return query_of(await self.http.post(self.address(**params), data={"login": login}))

    async def sign_in_silently(self, **params: Any) -> dict[str, str]:
        return query_of(await self.http.get(self.address(prompt="none", **params)))

    async def redeem(self, code: str) -> dict[str, Any]:
        return dict(await self.client.fetch_token(f"{self.url}/token", code=code, code_verifier=self.verifier))

    async def tokens(self, login: str) -> dict[str, Any]:
        return await self.redeem((await self.sign_in(login))["code"])

    async def claims(self, id_token: str) -> dict[str, Any]:
        keys = KeySet.import_key_set((await self.http.get("/jwks")).json())
        return jwt.decode(id_token, keys, algorithms=["ES256", "RS256"]).claims

    async def arm(self, **fault: Any) -> None:
        (await self.http.post("/_control/faults", json=fault)).raise_for_status()


def query_of(answer: httpx2.Response) -> dict[str, str]:
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"].startswith(CALLBACK)
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}


@asynccontextmanager
async def browse(profile: Profile, *clients: Client, now: datetime = NOW) -> AsyncIterator[Browser]:
    clock = TestClock(now)
    sock = bound_socket()
    app = create_provider(profile, url_of(sock), [LAN, TUYET, HOA], [APP, KEYED, *clients], clock=clock)
    server = await serve_on(sock, app)
    browser = Browser(server.url, clock)
    try:
        yield browser
    finally:
        await browser.http.aclose()
        await browser.client.aclose()
        await server.stop()


def token_form(browser: Browser, code: str) -> dict[str, str]:
    return {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "code_verifier": browser.verifier}


def with_params(address: str, change: dict[str, Any]) -> str:
    url = httpx2.URL(address)
    for name, value in change.items():
        url = url.copy_remove_param(name) if value is None else url.copy_set_param(name, value)
    return str(url)
