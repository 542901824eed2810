"""A source system as a client: it proves a private key, gets a token, and calls the API with it (RFC 7523, client_credentials)."""

import time
from typing import Any

import httpx2
from joserfc import jwt
from joserfc.jwk import ECKey

from kernel.ids import new_id

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LIFETIME_S = 60


class SystemCaller:
    """Calls `api` as the system client of world.json."""

    def __init__(self, client: httpx2.AsyncClient, api: str, system_client: dict[str, str]) -> None:
        self._client, self._api, self._system = client, api, system_client
        self._token = ""

    async def sign_in(self) -> None:
        """Get an access token."""
        now = int(time.time())
        name, token_url = self._system["client_id"], self._system["token_url"]
        claims = {"iss": name, "sub": name, "aud": token_url, "iat": now, "exp": now + LIFETIME_S, "jti": new_id()}
        assertion = jwt.encode({"alg": "ES256"}, claims, ECKey.import_key(self._system["private_key_pem"]))
        form = {
            "grant_type": "client_credentials",
            "scope": "dossiers:write",
            "client_id": name,
            "client_assertion_type": ASSERTION,
            "client_assertion": assertion,
        }
        answer = await self._client.post(token_url, data=form)
        answer.raise_for_status()
        self._token = answer.json()["access_token"]

    async def post(self, path: str, body: bytes) -> dict[str, Any]:
        """Send JSON, get JSON; signs in first where that has not been done."""
        if not self._token:
            await self.sign_in()
        headers = {"authorization": f"Bearer {self._token}", "content-type": "application/json"}
        answer = await self._client.post(self._api + path, content=body, headers=headers, timeout=60)
        if answer.is_error:
            raise RuntimeError(f"{path} answered {answer.status_code}: {answer.text[:500]}")
        found: dict[str, Any] = answer.json()
        return found
