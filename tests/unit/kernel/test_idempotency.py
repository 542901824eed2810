"""`Idempotency-Key` at routes that demand or honour it: what is answered, what is kept, what is decided anew."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx2
import msgspec
import pytest
from hypothesis import given
from hypothesis.strategies import text
from litestar import Litestar, Request, Response, post
from litestar.di import Provide
from litestar.params import FromPath, JSONBody
from pymongo.errors import AutoReconnect, DuplicateKeyError

from backend.dev.sockets import serving
from kernel.errors import Conflict, Forbidden
from kernel.http.access import citizens
from kernel.http.bodies import CheckedRequest
from kernel.http.claims import Claim, KeyedRequest
from kernel.http.given import TheOperation
from kernel.http.idempotency import (
    IDEMPOTENT,
    KEY_REQUIRED,
    LONGEST,
    SHORTEST,
    Idempotency,
    IdempotencyKeyMalformed,
    fingerprint_of,
    key_of,
    operation,
)
from kernel.http.problems import EXCEPTION_HANDLERS
from kernel.http.schemas import Body, ClientId
from kernel.ids import named_id
from kernel.mongo.client import Database, bind
from kernel.principal import Principal
from kernel.privacy.vault import Vault
from tests.support.edge import edged
from tests.support.lamps import Lamp
from tests.support.named_callers import NamedCallers
from tests.support.officials import HOA, citizen
from tests.support.waiting import until

KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"
proves = pytest.mark.proves("R-A1", "I12")


class Hang(Body, frozen=True, kw_only=True):
    """Hang a lamp."""

    room: str


@dataclass
class House:
    """The routes of a house, how often each was walked through, and what is to happen in them."""

    http: httpx2.AsyncClient
    db: Database
    calls: list[str] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    barred: set[str] = field(default_factory=set)

    async def hang(self, room: str = "hall", key: str | None = KEY, who: str = "lan", path: str = "/lamps") -> httpx2.Response:
        headers = {"x-as": who, **({"idempotency-key": key} if key else {})}
        return await self.http.post(path, json={"room": room}, headers=headers)


@pytest.fixture
async def house(database: Database, vault: Vault) -> AsyncIterator[House]:
    await bind(database, [KeyedRequest, Lamp], vault, build_indexes=True)
    state = House(httpx2.AsyncClient(), database)
    state.gate.set()

    async def not_barred(connection: Any, _: Any) -> None:
        if connection.user.id in state.barred:
            raise Forbidden

    async def made(data: Hang, this: TheOperation) -> Response[dict[str, str]]:
        state.calls.append(this.id)
        await state.gate.wait()
        if state.failures:
            raise state.failures.pop()
        lamp = await Lamp.get(this.id) or await Lamp(id=this.id, room=data.room).commit()
        return Response({"id": lamp.id, "room": lamp.room}, headers={"location": f"/lamps/{lamp.id}", "etag": f'"{lamp.version}"'})

    @post("/lamps", guards=[citizens, not_barred], opt=KEY_REQUIRED)
    async def hang(data: JSONBody[Hang], operation: TheOperation) -> Response[dict[str, str]]:
        return await made(data, operation)

    @post("/rooms/{room:str}/lamps", guards=[citizens], opt=IDEMPOTENT)
    async def hang_there(room: FromPath[str], data: JSONBody[Hang], operation: TheOperation) -> Response[dict[str, str]]:
        return await made(data, operation)

    people: dict[str, Principal] = {"lan": citizen("s_lan"), "nam": citizen("s_nam"), "hoa": HOA}
    app = Litestar(
        [hang, hang_there],
        request_class=CheckedRequest,
        middleware=[NamedCallers(people), Idempotency],
        exception_handlers=EXCEPTION_HANDLERS,
        dependencies={"operation": Provide(operation)},
        request_max_body_size=2_000,
        openapi_config=None,
        logging_config=None,
    )
    async with serving(edged(app)) as server, httpx2.AsyncClient(base_url=server.url) as http:
        state.http = http
        yield state


def problem(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, str(answer.json()["code"])


@proves
async def test_sent_again_it_is_answered_to_the_letter_and_not_done_again(house: House) -> None:
    first, second = await house.hang(), await house.hang()
    assert first.status_code == second.status_code == 201
    assert first.content == second.content
    for header in ("location", "etag", "content-type"):
        assert first.headers[header] == second.headers[header]
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    assert second.headers["x-trace-id"] != first.headers["x-trace-id"]
    assert len(house.calls) == 1


@proves
async def test_where_a_key_is_demanded_there_is_no_way_without(house: House) -> None:
    assert problem(await house.hang(key=None)) == (400, "idempotency_key_missing")
    assert (await house.hang(key=None, path="/rooms/hall/lamps")).status_code == 201
    assert len(house.calls) == 1


@proves
async def test_a_key_belongs_to_one_request_of_one_person_at_one_route(house: House) -> None:
    await house.hang("hall")
    assert problem(await house.hang("attic")) == (422, "idempotency_key_reused")
    assert (await house.hang("cellar", who="nam")).status_code == 201
    assert (await house.hang("kitchen", path="/rooms/a/lamps")).status_code == 201
    assert problem(await house.hang("kitchen", path="/rooms/b/lamps")) == (422, "idempotency_key_reused")
    assert problem(await house.hang("kitchen", path="/rooms/a/lamps?really=yes")) == (422, "idempotency_key_reused")
    assert len({*house.calls}) == 3


@proves
async def test_while_the_first_is_in_hand_the_second_is_asked_to_wait_a_second(house: House) -> None:
    house.gate.clear()
    first = asyncio.create_task(house.hang())
    await until(lambda: _arrived(house))
    waiting = await house.hang()
    assert problem(waiting) == (409, "idempotency_key_in_use")
    assert waiting.headers["retry-after"] == "1"
    house.gate.set()
    assert (await first).status_code == 201
    assert (await house.hang()).content == (await first).content


async def _arrived(house: House) -> bool:
    return bool(house.calls)


@proves
async def test_a_failure_and_a_refusal_are_not_kept_and_the_next_try_may_succeed(house: House) -> None:
    house.failures = [Conflict("the ladder is in use"), RuntimeError("the ladder broke")]
    assert problem(await house.hang()) == (500, "internal_error")
    assert problem(await house.hang()) == (409, "conflict")
    assert (await house.hang()).status_code == 201
    assert len({*house.calls}) == 1, "it was one operation all the time"


@proves
async def test_a_body_that_was_wrong_may_be_mended_under_its_key(house: House) -> None:
    headers = {"x-as": "lan", "idempotency-key": KEY}
    wrong = await house.http.post("/lamps", json={"rom": "hall"}, headers=headers)
    assert problem(wrong) == (400, "invalid")
    assert [error["pointer"] for error in wrong.json()["errors"]] == ["/rom"]
    assert (await house.hang()).status_code == 201


@proves
async def test_who_dies_between_the_write_and_the_answer_has_made_it_and_the_next_finds_it(house: House) -> None:
    first = await house.hang()
    # As it is after a kill -9 in between: the lamp hangs, nothing is kept, the lease has run out.
    await house.db["idempotency_keys"].update_one({}, {"$unset": {"answer": ""}, "$set": {"token": "dead"}})
    again = await house.hang()
    assert again.content == first.content
    assert "idempotency-replayed" not in again.headers
    assert await house.db["lamps"].count_documents({}) == 1


@proves
async def test_who_took_over_gives_the_answer_and_not_who_was_slow(house: House) -> None:
    house.gate.clear()
    slow = asyncio.create_task(house.hang())
    await until(lambda: _arrived(house))
    await house.db["idempotency_keys"].update_one({}, {"$set": {"token": "another's"}})
    house.gate.set()
    assert problem(await slow) == (409, "idempotency_key_in_use")


@proves
async def test_when_the_database_goes_away_before_the_answer_is_kept_it_is_given_all_the_same(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> bool:
        raise AutoReconnect("gone")

    with monkeypatch.context() as patched:
        patched.setattr(Claim, "keep", away)
        patched.setattr(Claim, "release", away)
        first = await house.hang()
        assert first.status_code == 201
        house.failures = [Conflict("the ladder is in use")]
        assert problem(await house.hang("attic", key=str(uuid.uuid4()))) == (409, "conflict")
    await house.db["idempotency_keys"].update_many({}, {"$unset": {"leased_until": ""}})
    assert (await house.hang()).content == first.content
    assert await house.db["lamps"].count_documents({}) == 1


@proves
async def test_a_kept_answer_is_not_for_a_stranger_nor_for_who_may_no_longer_ask(house: House) -> None:
    await house.hang()
    assert problem(await house.hang(who="")) == (401, "unauthenticated")
    assert problem(await house.hang(who="hoa")) == (403, "forbidden")
    house.barred.add("person-s_lan")
    assert problem(await house.hang()) == (403, "forbidden")


async def test_a_body_that_is_too_large_is_refused_and_leaves_the_key_free(house: House) -> None:
    assert problem(await house.hang("x" * 3_000)) == (413, "too_large")
    assert (await house.hang()).status_code == 201


@proves
async def test_fifty_at_once_make_one_and_hear_one_answer(house: House) -> None:
    answers = await asyncio.gather(*(house.hang() for _ in range(50)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    assert await house.db["lamps"].count_documents({}) == 1


async def test_a_stream_is_left_for_its_route_to_read() -> None:
    async def never() -> Any:
        pytest.fail("nobody but the route reads a stream")

    async def fingerprint(length: bytes) -> str:
        headers = [(b"content-type", b"application/offset+octet-stream"), (b"upload-length", length)]
        scope: Any = {"type": "http", "method": "POST", "path": "/uploads", "query_string": b"", "headers": headers}
        return await fingerprint_of(Request(scope, never))

    assert await fingerprint(b"7") == await fingerprint(b"7") != await fingerprint(b"8")


def asked(*keys: bytes) -> dict[str, Any]:
    """A request with these keys."""
    return {"headers": [(b"host", b"here"), *((b"idempotency-key", key) for key in keys)]}


@pytest.mark.parametrize(
    "header", [KEY, KEY.upper(), f'"{KEY}"', '"sixteen letters!"', f'"{"x" * LONGEST}"', r'"a \"quoted\" key \\ of mine"']
)
def test_a_uuid_and_a_quoted_text_are_keys(header: str) -> None:
    assert key_of(asked(header.encode()))


def test_quotes_are_no_part_of_a_key() -> None:
    assert key_of(asked(f'"{KEY}"'.encode())) == key_of(asked(KEY.encode()))
    assert key_of(asked()) is None


NO_KEYS = ["", "sixteen-letters-x", '"short"', f'"{"x" * (LONGEST + 1)}"', '"no end of this one', '"sixteen letters!";a=1']


@pytest.mark.parametrize("header", [*NO_KEYS, '"không phải ASCII đâu nhé"'])
def test_anything_else_is_refused(header: str) -> None:
    with pytest.raises(IdempotencyKeyMalformed):
        key_of(asked(header.encode()))


def test_two_keys_are_none() -> None:
    with pytest.raises(IdempotencyKeyMalformed):
        key_of(asked(KEY.encode(), KEY.encode()))


@given(text(alphabet=[chr(n) for n in range(0x20, 0x7F)], min_size=SHORTEST, max_size=LONGEST))
def test_every_printable_text_can_be_quoted_and_read_again(key: str) -> None:
    quoted = key.replace("\\", "\\\\").replace('"', '\\"')
    assert key_of(asked(f'"{quoted}"'.encode())) == key


@pytest.mark.proves("R-A2")
async def test_an_id_of_the_clients_choosing_is_unique_for_each_of_them(house: House) -> None:
    chosen = "01932c07-209f-7e3a-8b7a-3f6f0a1b2c3d"
    assert msgspec.convert(chosen, ClientId) == chosen
    for wrong in (KEY, chosen.replace("-7e", "-4e"), chosen.replace("-8b", "-cb"), chosen[:-1], chosen + "0", f"{{{chosen}}}"):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(wrong, ClientId)
    assert named_id("lamp", "s_lan", chosen) == named_id("lamp", "s_lan", chosen.upper())
    assert len({named_id(kind, who, chosen) for kind in ("lamp", "table") for who in ("s_lan", "s_nam")}) == 4
    await Lamp(id=named_id("lamp", "s_lan", chosen), room="a").commit()
    await Lamp(id=named_id("lamp", "s_nam", chosen), room="b").commit()
    with pytest.raises(DuplicateKeyError):
        await Lamp(id=named_id("lamp", "s_lan", chosen), room="c").commit()
