"""A refresh token that is good once: asked with by one, stored before it is used, never lost where anything can be done."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo.errors import AutoReconnect

from backend.app.parts import Parts
from kernel.clock import TestClock
from notifications.channels.port import Retry, Sent, Text
from notifications.channels.zalo_tokens import TokenUnavailable, ZaloTokens
from notifications.documents import ZaloGrant
from notifications.messages.spoken import Said
from tests.support.contacts import ADDRESSES
from tests.support.post_office import Post, zalo_tokens

pytestmark = pytest.mark.proves("I36")

TEXT = Text("ref", ADDRESSES["phone"], "vi", Said("Đã có kết quả hồ sơ", "", ""))


def workers(post: Post, parts: Parts, many: int, clock: TestClock | None = None) -> list[ZaloTokens]:
    """So many processes that share the grant."""
    return [zalo_tokens(post.office, parts.vault, clock) for _ in range(many)]


async def test_many_texts_in_many_workers_cost_one_refresh(parts: Parts, post_office: Post) -> None:
    tokens = workers(post_office, parts, 5)
    values = await asyncio.gather(*(one.get() for one in tokens for _ in range(10)))
    assert len(set(values)) == 1
    assert post_office.office.zalo.refreshed == 1
    for one in tokens:
        await one.close()


async def test_an_old_token_is_followed_by_the_next_again_and_again(parts: Parts, post_office: Post, clock: TestClock) -> None:
    [tokens] = workers(post_office, parts, 1, clock)
    first = await tokens.get()
    assert await tokens.get() == first
    clock.advance(timedelta(hours=25))
    assert await tokens.get() != first
    clock.advance(timedelta(hours=25))
    await tokens.get()
    assert post_office.office.zalo.refreshed == 3
    await tokens.close()


@pytest.mark.proves("SEC-72")
async def test_neither_token_lies_in_the_database_in_the_clear(parts: Parts, post_office: Post) -> None:
    [tokens] = workers(post_office, parts, 1)
    planted, value = post_office.office.zalo.first_refresh_token, await tokens.get()
    stored = str(await parts.db["zalo_grants"].find_one({}))
    for secret in (planted, value, post_office.office.zalo.first_refresh_token):
        assert secret not in stored
    await tokens.close()


async def test_an_answer_is_stored_however_long_the_database_is_away_and_whoever_gives_up(
    parts: Parts, post_office: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    [tokens] = workers(post_office, parts, 1)
    real, failures = tokens._vault.seal, [AutoReconnect("away")] * 3
    waited = asyncio.Event()

    async def seal(owner: str | None, value: Any) -> Any:
        if failures:
            waited.set()
            raise failures.pop()
        return await real(owner, value)

    monkeypatch.setattr("notifications.channels.zalo_tokens.KEEP_TRYING_S", 0.01)
    monkeypatch.setattr(tokens._vault, "seal", seal)
    impatient = asyncio.create_task(tokens.get())
    await waited.wait()
    impatient.cancel()
    # A graceful stop waits for it.
    await tokens.close()
    [other] = workers(post_office, parts, 1)
    await other.get()
    assert post_office.office.zalo.refreshed == 1
    await other.close()


async def test_a_worker_that_died_while_it_asked_is_followed_by_another(parts: Parts, post_office: Post) -> None:
    [grant] = await ZaloGrant.find_all().to_list()
    await parts.db["zalo_grants"].update_one(
        {"_id": grant.id}, {"$set": {"lease": "dead", "leased_until": datetime.now(UTC) + timedelta(milliseconds=300)}}
    )
    [tokens] = workers(post_office, parts, 1)
    await tokens.get()
    assert post_office.office.zalo.refreshed == 1
    await tokens.close()


async def test_a_question_that_never_arrived_is_asked_again_with_the_same_token(parts: Parts, post_office: Post) -> None:
    [tokens] = workers(post_office, parts, 1)
    await post_office.arm(channel="zalo", at="token", drop="before", times=1)
    with pytest.raises(TokenUnavailable):
        await tokens.get()
    await tokens.get()
    assert post_office.office.zalo.refreshed == 1
    await tokens.close()


async def test_an_answer_that_was_lost_needs_an_operator_and_then_goes_on(parts: Parts, post_office: Post) -> None:
    [tokens] = workers(post_office, parts, 1)
    await post_office.arm(channel="zalo", at="token", drop="after", times=1)
    for _ in range(2):
        with pytest.raises(TokenUnavailable):
            await tokens.get()
    outcome = await post_office.channels["zalo"].send(TEXT, now=datetime.now(UTC))
    assert isinstance(outcome, Retry)
    assert outcome.scope == "project"
    await tokens.plant(post_office.office.zalo.first_refresh_token)
    assert isinstance(await post_office.channels["zalo"].send(TEXT, now=datetime.now(UTC)), Sent)
    await tokens.close()


async def test_a_token_withdrawn_before_its_time_is_renewed_within_the_same_try(parts: Parts, post_office: Post) -> None:
    zalo = post_office.channels["zalo"]
    assert isinstance(await zalo.send(TEXT, now=datetime.now(UTC)), Sent)
    post_office.office.zalo.withdrawn = post_office.office.zalo.used
    assert isinstance(await zalo.send(TEXT, now=datetime.now(UTC)), Sent)
    assert post_office.office.zalo.refreshed == 2


async def test_a_late_refusal_of_an_old_token_leaves_the_new_one_alone(parts: Parts, post_office: Post) -> None:
    [tokens] = workers(post_office, parts, 1)
    old = await tokens.get()
    await tokens.refuse(old)
    new = await tokens.get()
    await tokens.refuse(old)
    assert await tokens.get() == new
    assert post_office.office.zalo.refreshed == 2
    await tokens.close()


async def test_without_a_grant_nothing_is_asked(parts: Parts, post_office: Post) -> None:
    await parts.db["zalo_grants"].delete_many({})
    [tokens] = workers(post_office, parts, 1)
    with pytest.raises(TokenUnavailable, match="no grant"):
        await tokens.get()
    assert post_office.office.zalo.refreshed == 0
    await tokens.close()


async def test_whoever_looks_now_and_then_keeps_the_grant_alive(parts: Parts, post_office: Post) -> None:
    [tokens] = workers(post_office, parts, 1)
    stop = asyncio.Event()
    keeping = asyncio.create_task(tokens.keep_fresh(stop))
    await tokens.get()
    stop.set()
    await keeping
    assert post_office.office.zalo.refreshed == 1
    await tokens.close()
