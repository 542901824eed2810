"""The access token: one fetch for all, before the old one ends, beside the event loop and not in it."""

import asyncio
import threading
import time

import pytest
from google.auth.exceptions import RefreshError

from notifications.channels.fcm_tokens import EARLY_S, LAST_S, AccessTokens, TokenUnavailable


class Endpoint:
    """A token endpoint that answers when it is told to."""

    def __init__(self) -> None:
        self.asked = 0
        self.open = threading.Event()
        self.open.set()
        self.fails = False

    def __call__(self) -> tuple[str, float]:
        self.asked += 1
        name = f"token-{self.asked}"
        assert self.open.wait(10)
        if self.fails:
            raise RefreshError("no")
        return name, 3_600.0


class Seconds:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.proves("I36")
async def test_a_hundred_who_wait_share_one_fetch() -> None:
    endpoint, seconds = Endpoint(), Seconds()
    tokens = AccessTokens(endpoint, seconds)
    assert set(await asyncio.gather(*(tokens.get() for _ in range(100)))) == {"token-1"}
    assert endpoint.asked == 1


@pytest.mark.proves("I36")
async def test_the_next_is_fetched_early_while_the_old_one_still_serves() -> None:
    endpoint, seconds = Endpoint(), Seconds()
    tokens = AccessTokens(endpoint, seconds)
    await tokens.get()
    seconds.now += 3_600 - EARLY_S + 1
    endpoint.open.clear()
    assert [await tokens.get() for _ in range(5)] == ["token-1"] * 5
    endpoint.open.set()
    async with asyncio.timeout(5):
        while await tokens.get() != "token-2":  # noqa: ASYNC110 - a thread comes back, and sets no event of ours
            await asyncio.sleep(0)
    assert endpoint.asked == 2


@pytest.mark.proves("I36")
async def test_a_slow_endpoint_does_not_stop_the_event_loop() -> None:
    endpoint = Endpoint()
    tokens = AccessTokens(endpoint)
    endpoint.open.clear()
    waiting = asyncio.create_task(tokens.get())
    turns, started = 0, time.monotonic()
    while turns < 1_000:
        await asyncio.sleep(0)
        turns += 1
    assert not waiting.done()
    assert time.monotonic() - started < 5
    endpoint.open.set()
    assert await waiting == "token-1"


async def test_an_ended_token_is_never_used() -> None:
    endpoint, seconds = Endpoint(), Seconds()
    tokens = AccessTokens(endpoint, seconds)
    await tokens.get()
    seconds.now += 3_600 - LAST_S
    assert await tokens.get() == "token-2"
    endpoint.fails = True
    seconds.now += 3_600
    with pytest.raises(TokenUnavailable):
        await tokens.get()
    endpoint.fails = False
    assert await tokens.get() == "token-4"


async def test_a_refused_token_is_replaced_and_a_newer_one_is_not() -> None:
    endpoint, seconds = Endpoint(), Seconds()
    tokens = AccessTokens(endpoint, seconds)
    first = await tokens.get()
    tokens.refuse(first)
    second = await tokens.get()
    tokens.refuse(first)
    assert await tokens.get() == second == "token-2"


async def test_one_who_gives_up_takes_the_token_from_nobody() -> None:
    endpoint = Endpoint()
    endpoint.open.clear()
    tokens = AccessTokens(endpoint)
    impatient, patient = asyncio.create_task(tokens.get()), asyncio.create_task(tokens.get())
    await asyncio.sleep(0)
    impatient.cancel()
    endpoint.open.set()
    assert await patient == "token-1"
