"""A person with our app, as a script: signs in as the app does (RFC 8252, RFC 7636) and calls the public API."""

import base64
import hashlib
import html
import re
import secrets
import uuid
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx2

MAX_REDIRECTS = 10
ATTESTATION = "x-firebase-appcheck"


class ApiError(Exception):
    """The API answered with a problem."""


class AppUser:
    """One person's app. `client` may be shared; cookies of a sign-in are kept apart."""

    def __init__(self, world: dict[str, Any], client: httpx2.AsyncClient) -> None:
        self._world, self._client = world, client
        self.tokens: dict[str, Any] = {}
        self._vouched_by = ""

    async def sign_in(self, login: str, provider: str, scope: str = "openid") -> None:
        """Authorize in a browser of its own, choose `login` at the provider, and redeem the code.

        Raises:
            ApiError: somebody on the way said no.
        """
        verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
        redirect_uri = self._world["app_client"]["redirect_uris"][0]
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": self._world["app_client"]["client_id"],
            "redirect_uri": redirect_uri,
            "scope": scope,
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "provider": provider,
        }
        came_back = await self.come_back(f"{self._world['api']}/oauth/authorize", asked, login, redirect_uri)
        if came_back.get("state") != state or came_back.get("iss") != self._world["api"] or "code" not in came_back:
            raise ApiError(f"the sign-in came back with {sorted(came_back)}: {came_back.get('error', 'state or iss differ')}")
        form = {
            "grant_type": "authorization_code",
            "code": came_back["code"],
            "redirect_uri": redirect_uri,
            "client_id": self._world["app_client"]["client_id"],
            "code_verifier": verifier,
        }
        answer = await self._client.post(f"{self._world['api']}/oauth/token", data=form, headers=await self.vouched())
        self.tokens = _checked(answer).json()

    async def vouched(self) -> dict[str, str]:
        """The header in which App Check vouches for this app, got once: a debug build exchanges its debug token for that."""
        if not self._vouched_by:
            check = self._world["app_check"]
            answer = await self._client.post(check["exchange_url"], json={"debugToken": check["debug_token"]})
            self._vouched_by = _checked(answer).json()["token"]
        return {ATTESTATION: self._vouched_by}

    async def come_back(self, url: str, params: dict[str, str], login: str, redirect_uri: str) -> dict[str, str]:
        """Follow the redirects as a browser would, fill in the one form, stop at the app's own address."""
        async with httpx2.AsyncClient(timeout=30) as browser:
            answer = await browser.get(url, params=params)
            for _ in range(MAX_REDIRECTS):
                if answer.is_redirect:
                    url = urljoin(str(answer.url), answer.headers["location"])
                    if url.startswith(redirect_uri):
                        return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
                    answer = await browser.get(url)
                else:
                    answer = await _submit(browser, _checked(answer), login)
        raise ApiError("the sign-in went round in circles")

    async def get(self, path: str) -> dict[str, Any]:
        """GET as JSON."""
        return self._json(await self._client.get(self._world["api"] + path, headers=self._headers()))

    async def post(self, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        """POST JSON, or nothing, under a key of its own."""
        headers = {**self._headers(), **await self.vouched(), "idempotency-key": str(uuid.uuid4())}
        return self._json(await self._client.post(self._world["api"] + path, json=body, headers=headers))

    async def put(self, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        """PUT JSON, or nothing."""
        return self._json(await self._client.put(self._world["api"] + path, json=body, headers=self._headers()))

    async def patch(self, path: str, change: dict[str, Any]) -> dict[str, Any]:
        """PATCH as a merge patch (RFC 7396), over whatever version there is."""
        headers = {**self._headers(), "content-type": "application/merge-patch+json", "if-match": "*"}
        return self._json(await self._client.patch(self._world["api"] + path, json=change, headers=headers))

    async def let_pushes_leave(self) -> None:
        """Read what a push through a service abroad means and agree to it, as the app asks when it first registers (SEC-81)."""
        purposes = (await self.get("/v1/me/consents"))["items"]
        text_version = next(one["textVersion"] for one in purposes if one["purpose"] == "foreign_push")
        await self.put("/v1/me/consents/foreign_push", {"granted": True, "textVersion": text_version})

    async def upload(self, path: str, name: str, content: bytes) -> dict[str, Any]:
        """POST one PDF as a form's file."""
        files = {"data": (name, content, "application/pdf")}
        return self._json(await self._client.post(self._world["api"] + path, files=files, headers=self._headers()))

    async def download(self, path: str) -> bytes:
        """The bytes behind an address of the API."""
        return _checked(await self._client.get(self._world["api"] + path, headers=self._headers())).content

    def _headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.tokens['access_token']}"}

    def _json(self, answer: httpx2.Response) -> dict[str, Any]:
        found: dict[str, Any] = _checked(answer).json()
        return found


def _checked(answer: httpx2.Response) -> httpx2.Response:
    if answer.is_error:
        raise ApiError(f"{answer.request.method} {answer.url.path} answered {answer.status_code}: {answer.text[:300]}")
    return answer


async def _submit(browser: httpx2.AsyncClient, page: httpx2.Response, login: str) -> httpx2.Response:
    """Send the page's one form with `login` filled in."""
    action = re.search(r'<form[^>]*\baction="([^"]*)"', page.text)
    where = urljoin(str(page.url), html.unescape(action[1]) if action else "")
    hidden = re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]*)"[^>]*value="([^"]*)"', page.text)
    fields = {name: html.unescape(value) for name, value in hidden}
    return await browser.post(where, data={**fields, "login": login})
