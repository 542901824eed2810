"""Where an app has to be vouched for: pushing a request, getting tokens, sending a report."""

import msgspec
import pytest

from auth.attestation import Attestation
from backend.app.clients_file import auth_config
from tests.api.auth.world import World
from tests.support.api import Api, assert_problem
from tests.support.reports import a_report

pytestmark = pytest.mark.anyio


class Vouching:
    """Vouches for whoever says the word."""

    async def app_of(self, token: str) -> str | None:
        return "ours" if token == "the-word" else None


@pytest.fixture
def enforcing(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    app, *others = world.config.app_clients
    config = msgspec.structs.replace(world.config, app_clients=(msgspec.structs.replace(app, attested_as=("ours",)), *others))
    monkeypatch.setattr(world.auth.proven_endpoint, "_attestation", Attestation(config, Vouching(), "enforce"))
    return world


@pytest.mark.proves("SEC-66")
async def test_an_app_nobody_vouches_for_neither_pushes_nor_gets_tokens(enforcing: World) -> None:
    async with enforcing.browser() as browser:
        code = (await browser.code())["code"]
        for headers, status in (({}, 400), ({"x-firebase-appcheck": "x"}, 400), ({"x-firebase-appcheck": "the-word"}, 201)):
            pushed = await browser.http.post("/oauth/par", data=browser.request(), headers=headers)
            assert pushed.status_code == status
        assert (await browser.redeem(code)).json()["error"] == "invalid_client"
        browser.http.headers["x-firebase-appcheck"] = "the-word"
        assert (await browser.redeem(code)).status_code == 200
    assert (await enforcing.system_token()).status_code == 200


@pytest.mark.proves("SEC-66")
async def test_a_report_is_taken_from_attested_apps_only(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    known = auth_config(api.parts.settings)
    apps = tuple(msgspec.structs.replace(app, attested_as=("ours",)) for app in known.app_clients)
    asked = Attestation(msgspec.structs.replace(known, app_clients=apps), Vouching(), "enforce")
    monkeypatch.setattr(api.parts.auth.attested, "_attestation", asked)
    for headers in ({}, {"x-firebase-appcheck": "x"}):
        refused = await api.call("lan", "POST", "/v1/feedback", json=a_report(), headers=headers)
        assert_problem(refused, 403, "app_not_attested")
    vouched = {"x-firebase-appcheck": "the-word", "idempotency-key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}
    taken = await api.call("lan", "POST", "/v1/feedback", json=a_report(), headers=vouched)
    assert taken.status_code == 201, taken.text
    # Reading one's own reports is nobody's flood.
    assert (await api.get("lan", "/v1/feedback")).status_code == 200
