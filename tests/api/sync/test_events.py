"""An event stream says that something has changed, resumes where it broke, and leaves nothing behind (R-B4).

The client is httpx-sse, over a real socket.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from httpx_sse import ServerSentEvent, aconnect_sse

from auth.lifetimes import OF
from backend.app.worker import make_relay
from backend.sync.api import event_stream
from backend.sync.bells import MOST_EACH
from tests.support.api import Api, assert_problem
from tests.support.feed import event, new_code
from tests.support.waiting import until

pytestmark = pytest.mark.proves("R-B4")

PATIENCE_S = 10


@dataclass
class Stream:
    """An open stream, and what came over it."""

    response: httpx.Response
    events: asyncio.Queue[ServerSentEvent | None] = field(default_factory=asyncio.Queue)
    last_id: str = ""

    async def changed(self) -> list[str]:
        """The kinds the next `changed` names."""
        return list(json.loads((await self.named("changed")).data)["types"])

    async def named(self, name: str) -> ServerSentEvent:
        async with asyncio.timeout(PATIENCE_S):
            while (found := await self.events.get()) is not None:
                self.last_id = found.id or self.last_id
                if found.event == name:
                    return found
        raise AssertionError(f"the stream ended without {name}")

    async def opened(self) -> "Stream":
        """The stream is where news begins: its first id has come."""
        async with asyncio.timeout(PATIENCE_S):
            while not self.last_id:
                found = await self.events.get()
                assert found
                self.last_id = found.id
        return self

    async def ended(self) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while await self.events.get() is not None:
                pass

    def nothing(self) -> bool:
        return self.events.empty()


@asynccontextmanager
async def stream(api: Api, who: str = "lan", path: str = "/v1/events", token: str = "", **headers: str) -> AsyncIterator[Stream]:
    bearer = {"authorization": f"Bearer {token}"} if token else await api.bearer(who)
    async with (
        httpx.AsyncClient(base_url=api.url, timeout=PATIENCE_S * 2) as client,
        aconnect_sse(client, "GET", path, headers={**bearer, **headers}) as source,
    ):
        opened = Stream(source.response)

        async def read() -> None:
            try:
                async for found in source.aiter_sse():
                    opened.events.put_nowait(found)
            except httpx.TransportError:
                pass
            opened.events.put_nowait(None)

        reading = asyncio.create_task(read())
        yield opened
        reading.cancel()
        await asyncio.wait({reading})


async def test_a_change_is_told_by_its_kind_and_nothing_else(api: Api) -> None:
    async with stream(api) as lan, stream(api, "nam") as nam:
        await lan.opened()
        await nam.opened()
        await api.told(event(new_code(), note="Cháu Lan bị ốm"))
        found = await lan.named("changed")
        assert json.loads(found.data) == {"types": ["dossier"]}
        assert nam.nothing()
        answer = await api.get("lan", "/v1/sync", params={"since": found.id})
        changes = {kind: told for kind, told in answer.json()["changes"].items() if kind != "catalogue"}
        assert changes == {}, "an id is a token of the place up to which one has been told"


@pytest.mark.parametrize("encoding", ["identity", "gzip", "br", "zstd", "gzip, br, zstd", "*"])
async def test_the_headers_come_at_once_and_let_nothing_hold_the_events_back(api: Api, encoding: str) -> None:
    await api.bearer("lan")
    began = time.perf_counter()
    async with stream(api, **{"accept-encoding": encoding}) as lan:
        assert time.perf_counter() - began < 0.1 + SLOW_MACHINE_S
        headers = lan.response.headers
        assert headers["content-type"] == "text/event-stream"
        assert headers["cache-control"] == "no-store"
        assert headers["x-accel-buffering"] == "no"
        assert not {"connection", "content-length", "content-encoding"} & set(headers)
        await lan.opened()


# Eight people share two cores here; what would hold headers back holds them back for ever.
SLOW_MACHINE_S = 0.9


async def test_it_says_when_to_come_back_and_pings_while_nothing_happens(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    assert event_stream.PING_EVERY_S == 15
    monkeypatch.setattr(event_stream, "PING_EVERY_S", 0.2)
    async with api.http.stream("GET", "/v1/events", headers=await api.bearer("lan")) as raw:
        text = ""
        async with asyncio.timeout(PATIENCE_S):
            async for chunk in raw.aiter_text():
                text += chunk
                if text.count(": ping\n\n") == 2:
                    break
    assert text.startswith("retry: 3000\n")


async def test_a_line_that_broke_is_taken_up_where_it_broke(api: Api) -> None:
    async with stream(api) as first:
        await first.opened()
        await api.told(event(new_code()))
        await first.changed()
    async with stream(api, **{"last-event-id": first.last_id}) as quiet:
        await asyncio.sleep(0)
        await api.told(event(new_code()))
        assert await quiet.changed() == ["dossier"]
    await api.told(event(new_code()))
    async with stream(api, **{"last-event-id": quiet.last_id}) as second:
        assert await second.changed() == ["dossier"], "it happened while nobody was there"


async def test_a_place_from_sync_is_as_good_as_an_id(api: Api) -> None:
    token = (await api.get("lan", "/v1/sync")).json()["nextSince"]
    await api.told(event(new_code()))
    async with stream(api, **{"last-event-id": token}) as lan:
        assert await lan.changed() == ["dossier"]


@pytest.mark.parametrize("stale", ["nonsense", "A" * 64])
async def test_with_an_id_that_means_nothing_any_more_one_is_told_to_look(api: Api, stale: str) -> None:
    await api.told(event(new_code()))
    async with stream(api, **{"last-event-id": stale}) as lan:
        assert set(await lan.changed()) >= {"notification", "dossier", "preferences"}


async def test_only_the_kinds_one_asked_for(api: Api) -> None:
    async with stream(api, path="/v1/events?types=notification") as lan:
        await lan.opened()
        dossier = await api.told(event(new_code()))
        assert (await api.publish("minh", dossier)).status_code == 201
        await make_relay(api.parts).drain()
        assert await lan.changed() == ["notification"]


async def nobody_waits(api: Api) -> None:
    async def gone() -> bool:
        return api.parts.sync.bells.waiting == 0

    await until(gone, patience_s=1)


async def test_who_hangs_up_is_gone_within_a_second(api: Api) -> None:
    async with stream(api) as lan:
        await lan.opened()
        assert api.parts.sync.bells.waiting == 1
    await nobody_waits(api)


async def test_when_the_access_token_expires_the_stream_says_so_and_ends(api: Api) -> None:
    async with stream(api, token=await api.callers.token("lan")) as lan:
        await lan.opened()
        api.parts.clock.advance(OF["citizen"].access_token)  # type: ignore[attr-defined]
        await lan.named("reauth")
        await lan.ended()
    await nobody_waits(api)
    api._tokens.clear()


async def test_when_the_session_is_ended_elsewhere_the_stream_ends_within_two_seconds(api: Api) -> None:
    token = await api.callers.token("lan")
    me = await api.get("", "/v1/me", headers={"authorization": f"Bearer {token}"})
    async with stream(api, token=token) as lan:
        await lan.opened()
        # By another process: this one hears of it from the database.
        await api.parts.db["sessions"].update_one(
            {"_id": me.json()["sessionId"]}, {"$set": {"ended_at": api.parts.clock.now(), "end_reason": "test"}}
        )
        async with asyncio.timeout(2 + SLOW_MACHINE_S):
            await lan.named("reauth")
            await lan.ended()


async def test_the_sixth_stream_of_a_person_is_refused_and_room_is_made_by_leaving(api: Api) -> None:
    async with stream(api) as last:
        others = [stream(api) for _ in range(MOST_EACH - 1)]
        for one in others:
            await (await one.__aenter__()).opened()
        await last.opened()
        refused = await api.get("lan", "/v1/events")
        assert_problem(refused, 429, "too_many_streams")
        assert refused.headers["retry-after"] == "30"
        assert (await api.get("nam", "/v1/events")).status_code == 200
        for one in others:
            await one.__aexit__(None, None, None)
    await nobody_waits(api)


async def tailing(api: Api) -> list[Any]:
    """The change streams over feeds that are open in the database."""
    found = await api.parts.db.client.admin.aggregate(
        [{"$currentOp": {"idleCursors": True, "allUsers": True}}, {"$match": {"cursor.tailable": True}}]
    )
    rows = await found.to_list()
    return [row for row in rows if row["ns"] == f"{api.parts.db.name}.sync_feeds"]


async def test_however_many_listen_there_is_one_change_stream_and_when_it_is_killed_nothing_is_lost(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stream(api) as lan, stream(api) as tablet, stream(api, "nam") as nam:
        for one in (lan, tablet, nam):
            await one.opened()
        [operation] = await until(lambda: tailing(api))
        await api.parts.db.client.admin.command("killSessions", [{"id": operation["lsid"]["id"]}])
        await api.told(event(new_code()))
        assert await lan.changed() == await tablet.changed() == ["dossier"]
        await until(lambda: tailing(api))
        await api.told(event(new_code(), whose="nam"))
        assert await nam.changed() == ["dossier"]


async def test_the_look_works_without_the_stream(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api.parts.sync.bells, "_ring", lambda _: None)
    async with stream(api) as lan:
        await lan.opened()
        await api.told(event(new_code()))
        assert await lan.changed() == ["dossier"]


async def test_the_stream_works_without_the_look(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    async with stream(api) as lan:
        await lan.opened()
        await until(lambda: tailing(api))

        async def blind() -> None:
            return

        monkeypatch.setattr(api.parts.sync.bells, "look", blind)
        await api.told(event(new_code()))
        assert await lan.changed() == ["dossier"]
