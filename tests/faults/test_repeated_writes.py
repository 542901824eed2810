"""A write sent again and again, to several processes, one of which dies in the middle of it: it happens once (R-A1, I12)."""

import asyncio
import itertools
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

from backend.app.parts import Parts
from kernel.clock import TestClock
from tests.api.access_table import bodies
from tests.faults.held_database import HeldDatabase, held_database
from tests.faults.servers import Server, Servers, servers
from tests.support.parts import filled_parts
from tests.support.waiting import until

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(180), pytest.mark.proves("R-A1", "I12")]

MANY = 50


@pytest.fixture
async def open_house(anyio_backend: str, mongodb_uri: str, clock: TestClock) -> AsyncIterator[Parts]:
    """A database with agencies and staff, and no dossier."""
    async with filled_parts(mongodb_uri, clock) as parts:
        yield parts
        await parts.auth.stop()
        await parts.close()


@dataclass(frozen=True)
class Write:
    """One way to make something: who sends what where, in which collection it ends, and what is written just before it."""

    who: str
    path: str
    operation: str
    collection: str
    before: str

    def database(self, parts: Parts) -> str:
        """Where `before` is."""
        return parts.db.name + ("_audit" if self.before == "records" else "")

    async def made(self, parts: Parts) -> list[dict[str, Any]]:
        return await parts.db[self.collection].find({}, {"code": 1, "timeline": 1}).to_list()


WRITES = [
    # The act of an official is put on record before it is done.
    Write("hoa", "/v1/staff/dossiers", "createDossier", "dossiers", before="records"),
    # A citizen's is not: the first that is written of it is the key.
    Write("lan", "/v1/feedback", "sendFeedback", "feedback", before="idempotency_keys"),
]
EACH = pytest.mark.parametrize("write", WRITES, ids=[write.operation for write in WRITES])


class Sender:
    """Somebody who sends one write to whichever server, under one key."""

    def __init__(self, write: Write, token: str) -> None:
        self.write, self._token = write, token
        self.key, self.body = str(uuid.uuid4()), bodies()[write.operation].json

    async def send(self, server: Server) -> httpx2.Response:
        headers = {"authorization": f"Bearer {self._token}", "idempotency-key": self.key}
        return await server.http.post(self.write.path, json=self.body, headers=headers)

    async def send_patiently(self, server: Server) -> httpx2.Response:
        """As an app should: again after a moment while the first is in hand."""

        async def answered() -> httpx2.Response | None:
            answer = await self.send(server)
            return None if answer.status_code == 409 else answer

        return await until(answered)


async def sender_of(write: Write, house: Servers) -> Sender:
    return Sender(write, await house.callers.token(write.who))


@EACH
async def test_fifty_at_once_at_two_processes_make_one_and_hear_one_answer(
    write: Write, open_house: Parts, mongodb_uri: str, tmp_path: Path
) -> None:
    async with servers(open_house, [mongodb_uri, mongodb_uri], tmp_path) as house:
        sender = await sender_of(write, house)
        turns = list(itertools.islice(itertools.cycle(house.each), MANY))
        at_once = await asyncio.gather(*(sender.send(server) for server in turns))
        assert {answer.status_code for answer in at_once} <= {201, 409}
        assert {answer.json()["code"] for answer in at_once if answer.status_code == 409} <= {"idempotency_key_in_use"}
        assert {answer.headers["retry-after"] for answer in at_once if answer.status_code == 409} <= {"1"}

        later = await asyncio.gather(*(sender.send_patiently(server) for server in turns))
        answers = [answer for answer in (*at_once, *later) if answer.status_code != 409]
        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.content for answer in answers}) == 1
        replayed = Counter(answer.headers.get("idempotency-replayed") for answer in answers)
        assert replayed == {None: 1, "true": len(answers) - 1}
        [made] = await write.made(open_house)
        assert made["_id"] == answers[0].json()["id"]


@EACH
async def test_killed_between_the_write_and_the_answer_it_has_happened_once_whoever_is_asked_again(
    write: Write, open_house: Parts, mongodb_uri: str, tmp_path: Path
) -> None:
    async with held_database(mongodb_uri) as held, servers(open_house, [held.uri, mongodb_uri], tmp_path) as house:
        doomed, other = house.each
        sender = await sender_of(write, house)
        held.armed = write.collection
        await die_after_the_write(sender, doomed, held, lambda: write.made(open_house))
        [written] = await write.made(open_house)

        in_hand = await sender.send(other)
        assert (in_hand.status_code, in_hand.headers["retry-after"]) == (409, "1")
        await let_leases_run_out(open_house)
        first = await sender.send(other)
        assert (first.status_code, first.json()["id"], first.json()["code"]) == (201, written["_id"], written["code"])
        assert "idempotency-replayed" not in first.headers
        again = await sender.send(other)
        assert (again.headers["idempotency-replayed"], again.content) == ("true", first.content)
        assert await write.made(open_house) == [written]


@EACH
async def test_killed_before_the_write_it_has_not_happened_and_happens_once_when_asked_again(
    write: Write, open_house: Parts, mongodb_uri: str, tmp_path: Path
) -> None:
    async with held_database(mongodb_uri) as held, servers(open_house, [held.uri, mongodb_uri], tmp_path) as house:
        doomed, other = house.each
        sender = await sender_of(write, house)
        held.armed = write.before
        written = open_house.db.client[write.database(open_house)][write.before]
        await die_after_the_write(sender, doomed, held, lambda: written.find_one({}))
        assert await write.made(open_house) == []
        await let_leases_run_out(open_house)
        assert (await sender.send(other)).status_code == 201
        assert (await sender.send(other)).status_code == 201
        assert len(await write.made(open_house)) == 1


async def die_after_the_write(sender: Sender, server: Server, held: HeldDatabase, written: Callable[[], Awaitable[object]]) -> None:
    """kill -9 where the write has been carried out and nothing after it; whoever asked hears nothing."""
    asking = asyncio.create_task(sender.send(server))
    async with asyncio.timeout(30):
        await held.reached.wait()
    await until(written)
    server.kill()
    with pytest.raises(httpx2.TransportError):
        await asking


async def let_leases_run_out(parts: Parts) -> None:
    """The database's clock cannot be moved; what it is compared with can."""
    await parts.db["idempotency_keys"].update_many({}, {"$set": {"leased_until": datetime(2000, 1, 1, tzinfo=UTC)}})
