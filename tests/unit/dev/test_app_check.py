"""The simulated App Check: who shows the right debug token is vouched for, in a way the API takes (SEC-66)."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest

from backend.app.attestors import attestation
from backend.dev.configuration import APP_CLIENT, Addresses, app_check, clients_file
from backend.dev.fcm.app import Fcm, create_fcm
from backend.dev.fcm.app_check import APP_ID, PROJECT_NUMBER
from backend.dev.remembered import Remembered
from backend.dev.sockets import bound_socket, serve_on, url_of
from backend.settings import Settings
from kernel.clock import TestClock

pytestmark = [pytest.mark.anyio, pytest.mark.proves("SEC-66")]

KEPT = Remembered()


@pytest.fixture
async def fcm() -> AsyncIterator[Fcm]:
    sock = bound_socket()
    fcm = create_fcm(url_of(sock), debug_token=KEPT.app_check_debug_token, clock=TestClock(datetime.now(UTC)))
    server = await serve_on(sock, fcm.app)
    yield fcm
    await server.stop()


def addresses(fcm: Fcm) -> Addresses:
    here = "http://127.0.0.1:1"
    return Addresses(
        api=here,
        mongodb_uri="",
        citizen=here,
        staff=f"{here}1",
        fcm=fcm.simulator.base_url,
        pages=here,
        clamd="off",
        post_office=here,
        smtp="",
    )


async def exchanged(fcm: Fcm, debug_token: str = KEPT.app_check_debug_token, **bent: str) -> httpx2.Response:
    url = app_check(addresses(fcm), KEPT)["exchange_url"]
    for what, instead in bent.items():
        url = url.replace({"app": APP_ID, "project": f"projects/{PROJECT_NUMBER}", "verb": ":exchangeDebugToken"}[what], instead)
    async with httpx2.AsyncClient() as http:
        return await http.post(url, json={"debugToken": debug_token})


async def test_what_the_world_hands_to_the_api_vouches_for_the_worlds_app(fcm: Fcm, tmp_path: Path) -> None:
    keys, clients = tmp_path / "keys.json", tmp_path / "clients.json"
    keys.write_text(json.dumps(fcm.simulator.app_check.keys_file()))
    clients.write_text(json.dumps(clients_file(addresses(fcm), KEPT)))
    enforcing = attestation(Settings(app_attestation="enforce", app_check_keys=keys, clients_file=clients))
    answer = (await exchanged(fcm)).json()
    assert answer["ttl"] == "3600s"
    assert enforcing.refuses
    assert await enforcing.doubt(APP_CLIENT, answer["token"]) == ""
    assert await enforcing.doubt(APP_CLIENT, None) == "missing"
    # A simulator that was started anew signs with another key.
    another = create_fcm("http://127.0.0.1:1", debug_token="d").simulator.app_check
    forged = another.exchange(PROJECT_NUMBER, APP_ID, "d", datetime.now(UTC))
    assert forged
    assert await enforcing.doubt(APP_CLIENT, forged["token"]) == "invalid"
    # Tokens of an hour ago are none.
    old = fcm.simulator.app_check.exchange(
        PROJECT_NUMBER, APP_ID, KEPT.app_check_debug_token, datetime.now(UTC) - timedelta(hours=1, seconds=1)
    )
    assert old
    assert await enforcing.doubt(APP_CLIENT, old["token"]) == "invalid"


@pytest.mark.parametrize(
    "bent",
    [{"debug_token": "another"}, {"app": "1:1:ios:abc"}, {"project": "projects/123"}, {"verb": ""}, {"verb": ":exchangeSafetyNet"}],
    ids=str,
)
async def test_nothing_else_is_vouched_for(fcm: Fcm, bent: dict[str, str]) -> None:
    refused = await exchanged(fcm, **bent)
    assert (refused.status_code, refused.json()["error"]["status"]) == (403, "PERMISSION_DENIED")


async def test_the_keys_are_published_and_the_private_half_is_not(fcm: Fcm) -> None:
    async with httpx2.AsyncClient(base_url=fcm.simulator.base_url) as http:
        [key] = (await http.get("/v1/jwks")).json()["keys"]
    assert key["alg"] == "RS256"
    assert not {"d", "p", "q"} & set(key)
