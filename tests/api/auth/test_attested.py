"""Where an app has to be vouched for: pushing a request and getting tokens."""

import msgspec
import pytest

from auth.attestation import Attestation
from tests.api.auth.world import World
from tests.support.vouching import Vouching

pytestmark = pytest.mark.anyio


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
