"""The main job, done against a running world and nothing but its public addresses: from a sign-in to a result on the phone.

A source system tells of a dossier; its citizen signs in through an official account, follows it and registers the phone for push;
staff sign in and publish the result; the phone shows the push, opens the dossier, checks the file. Every step is named and timed.
"""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

import httpx2
import msgspec

from backend.dev.app_user import AppUser
from backend.dev.demo.agencies import LAND_OFFICE, PROVINCIAL_CENTRE
from backend.dev.demo.persons import persons
from backend.dev.demo.procedures import procedure
from backend.dev.paper import one_page_pdf
from backend.dev.system import SystemCaller
from kernel.clock import VIETNAM, SystemClock
from kernel.ids import new_id

PUSH_TIMEOUT_S = 30.0
PROCEDURE = "1.012786"


class Step(msgspec.Struct):
    """One step of the story: what it was, how long it took, and why it failed if it did."""

    name: str
    ms: float
    ok: bool = True
    detail: str = ""


class _Timed(msgspec.Struct):
    """What a step found, when it knows better than the stopwatch how long it took."""

    value: Any
    ms: float


class StoryFailed(Exception):
    """A step did not do what it should; the story ends there."""


class Story:
    """Plays the main job once."""

    def __init__(self, world: dict[str, Any], tell: Callable[[Step], None] = lambda _: None) -> None:
        self._world, self._tell = world, tell
        self.steps: list[Step] = []

    async def play(self) -> list[Step]:
        """Every step in order; the last one may have failed."""
        async with httpx2.AsyncClient(timeout=30) as client:
            with suppress(StoryFailed):
                await self._play(client)
        return self.steps

    async def _play(self, client: httpx2.AsyncClient) -> None:
        phone, desk = AppUser(self._world, client), AppUser(self._world, client)
        device: dict[str, Any] = {}
        code = f"{PROVINCIAL_CENTRE}-{SystemClock().now().astimezone(VIETNAM):%y%m%d}-{int(time.time() * 10) % 10_000_000:07}"
        await self._step("source system tells of a dossier: accepted, in process", self._source_tells(client, code))
        await self._step("citizen signs in through the official account", phone.sign_in("lan", "citizen"))
        dossier = await self._step("citizen finds the dossier and follows it", self._find(phone, code))
        await self._step("citizen agrees to pushes through a service abroad", phone.let_pushes_leave())
        await self._step("phone registers for push", self._register(client, phone, device))
        await self._step("staff sign in with their official mail", desk.sign_in("minh", "staff"))
        paper = one_page_pdf(f"Kết quả hồ sơ {code}")
        published = await self._step("staff publish the result", self._publish(desk, dossier["id"], paper))
        notice = await self._step("from commit to push on the phone", self._push(client, phone, device, published))
        await self._step("phone opens the notice, which leads to the dossier", self._open(phone, notice))
        await self._step("result file opens, SHA-256 as announced", self._download(phone, dossier["id"], paper))

    async def _step(self, name: str, work: Awaitable[Any]) -> Any:
        started = time.perf_counter()
        try:
            found = await work
        except Exception as error:
            self._note(Step(name, _ms_since(started), ok=False, detail=f"{type(error).__name__}: {error}"))
            raise StoryFailed(name) from error
        if isinstance(found, _Timed):
            self._note(Step(name, round(found.ms, 1)))
            return found.value
        self._note(Step(name, _ms_since(started)))
        return found

    def _note(self, step: Step) -> None:
        self.steps.append(step)
        self._tell(step)

    async def _source_tells(self, client: httpx2.AsyncClient, code: str) -> None:
        lan, what, now = persons()[0], procedure(PROCEDURE), SystemClock().now()
        event = {
            "source": "one-stop-demo",
            "dossierCode": code,
            "procedureCode": what.code,
            "procedureName": what.name,
            "applicant": {"personalNumber": lan.personal_number, "name": lan.name},
            "receivingAgency": PROVINCIAL_CENTRE,
            "decidingAgency": LAND_OFFICE,
            "dueAt": (now + timedelta(days=3)).isoformat(),
        }
        told = [
            {**event, "eventId": new_id(), "status": "accepted", "at": (now - timedelta(minutes=2)).isoformat()},
            {**event, "eventId": new_id(), "status": "processing", "at": (now - timedelta(minutes=1)).isoformat()},
        ]
        caller = SystemCaller(client, self._world["api"], self._world["system_client"])
        answer = await caller.post("/v1/integration/dossier-events", msgspec.json.encode({"events": told}))
        _expect(answer["applied"] == len(told), f"both events applied, got {answer}")

    async def _find(self, phone: AppUser, code: str) -> dict[str, Any]:
        listed = await phone.get("/v1/dossiers")
        found = next((d for d in listed["items"] if d["code"] == code), None)
        _expect(found is not None, f"{code} among the citizen's dossiers")
        assert found
        dossier = await phone.get(f"/v1/dossiers/{found['id']}")
        _expect(dossier["status"]["name"] == "processing", "the dossier is in process")
        return dossier

    async def _register(self, client: httpx2.AsyncClient, phone: AppUser, device: dict[str, Any]) -> None:
        made = await client.post(f"{self._world['fcm']}/devices", json={"platform": "android", "name": "story", "locale": "vi"})
        made.raise_for_status()
        device.update(made.json())
        target = {"platform": "android", "target": {"kind": "fid", "value": device["fid"]}, "locale": "vi", "appVersion": "1.0.0"}
        await phone.put(f"/v1/push-targets/{device['installationId']}", target)

    async def _publish(self, desk: AppUser, dossier_id: str, paper: bytes) -> dict[str, Any]:
        published = await desk.upload(f"/v1/staff/dossiers/{dossier_id}/result", "ket-qua.pdf", paper)
        _expect(published["status"]["name"] == "finished", "the dossier is finished")
        return published

    async def _push(self, client: httpx2.AsyncClient, phone: AppUser, device: dict[str, Any], dossier: dict[str, Any]) -> _Timed:
        """Wait until the device shows the push of this dossier's result. Timed by the two clocks that count: commit and arrival."""
        async with asyncio.timeout(PUSH_TIMEOUT_S), _stream(client, self._world["fcm"], device) as messages:
            async for message in messages:
                data: dict[str, Any] = message["message"]["data"]
                notice = await self._notice(phone, data["nid"])
                if notice and data["category"] == "result_ready" and notice["link"] == f"/dossiers/{dossier['id']}":
                    took = datetime.fromisoformat(message["receivedAt"]) - datetime.fromisoformat(dossier["statusAt"])
                    return _Timed(notice, took / timedelta(milliseconds=1))
        raise StoryFailed("the device's stream ended")

    async def _notice(self, phone: AppUser, notice_id: str) -> dict[str, Any] | None:
        inbox = await phone.get("/v1/inbox")
        return next((n for n in inbox["items"] if n["id"] == notice_id), None)

    async def _open(self, phone: AppUser, notice: dict[str, Any]) -> None:
        read = await phone.put(f"/v1/inbox/{notice['id']}/read", None)
        _expect("readAt" in read, "the notice is marked as read")
        dossier = await phone.get(f"/v1{notice['link']}")
        _expect(dossier["status"]["name"] == "finished", "the notice leads to a finished dossier")

    async def _download(self, phone: AppUser, dossier_id: str, paper: bytes) -> None:
        dossier = await phone.get(f"/v1/dossiers/{dossier_id}")
        content = await phone.download(dossier["result"]["href"])
        _expect(hashlib.sha256(content).hexdigest() == dossier["result"]["sha256"], "the hash is the announced one")
        _expect(content == paper, "the file is the published one, byte for byte")


def _expect(true: bool, what: str) -> None:  # noqa: FBT001 - reads as a sentence where it is called
    if not true:
        raise AssertionError(f"expected: {what}")


def _ms_since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)


@asynccontextmanager
async def _stream(client: httpx2.AsyncClient, fcm: str, device: dict[str, Any]) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
    """What the device keeps and then receives, as the simulator streams it."""
    async with client.stream("GET", f"{fcm}/devices/{device['installationId']}/stream", timeout=PUSH_TIMEOUT_S) as answer:

        async def messages() -> AsyncIterator[dict[str, Any]]:
            async for line in answer.aiter_lines():
                if line.startswith("data:"):
                    yield msgspec.json.decode(line.removeprefix("data:"))

        yield messages()
