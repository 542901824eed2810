"""What the log of a sign-in tells: that it happened, and nothing one could use (SEC-26, SEC-69)."""

import json
import logging
from collections.abc import Iterator

import pytest

from kernel.telemetry import logs
from tests.api.auth.world import LAN, World

pytestmark = pytest.mark.anyio


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """Everything any logger of this process says, at the most talkative level, the way production writes it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    logs.configure(as_json=True, level="DEBUG")
    chain = root.handlers[0].formatter
    assert chain is not None
    said: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(chain.format(record))

    root.handlers = [Keep()]
    yield said
    root.handlers = handlers
    root.setLevel(level)


@pytest.mark.proves("SEC-26")
async def test_no_secret_and_no_personal_data_reaches_the_log(world: World, lines: list[str]) -> None:
    async with world.browser() as browser:
        callback = await browser.to_callback("lan")
        answer = dict(
            item.split("=", 1) for item in (await browser.http.get(callback)).headers["location"].split("?")[1].split("&")
        )
        tokens = (await browser.redeem(answer["code"])).json()
        secrets = [*dict(browser.http.cookies).values(), browser.verifier, callback.split("code=")[1][:20]]
    renewed = (await world.refresh(tokens["refresh_token"])).json()
    await world.refresh(tokens["refresh_token"])
    await world.refresh(renewed["refresh_token"])
    assertion = world.assertion()
    await world.system_token(assertion)
    await world.system_token(assertion)
    await world.me(renewed["access_token"])
    text = "\n".join(lines)
    assert "sign_in.completed" in text
    assert "refresh_token.reused" in text
    secrets += [answer["code"], tokens["refresh_token"], tokens["access_token"], renewed["refresh_token"], assertion]
    for secret in [*secrets, "eyJ", LAN.name, json.dumps(LAN.name)[1:-1], str(LAN.personal_number), LAN.subject]:
        assert secret not in text, secret
