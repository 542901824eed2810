"""A citizen with phones, an official at a desk and a source system in a running world, patient with what is being killed."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx2
import msgspec

from backend.dev.app_user import AppUser
from backend.dev.demo.persons import DemoPerson, persons
from backend.dev.system import SystemCaller
from kernel.mongo.client import Database, connect
from tests.support.feed import event
from tests.support.live_world import LiveWorld

T = TypeVar("T")
PATIENCE_S = 60.0
PDF = b"%PDF-1.4\n% what must not be lost\n%%EOF\n"
RESULT_READY = {"category": "result_ready"}


async def until(found: Callable[[], Awaitable[T | None]], what: str, patience_s: float = PATIENCE_S) -> T:
    """Ask until there is an answer that is true."""
    try:
        async with asyncio.timeout(patience_s):
            while not (answer := await found()):  # noqa: ASYNC110 - neither a database nor a process sets an event
                await asyncio.sleep(0.02)
            return answer
    except TimeoutError:
        raise AssertionError(f"not within {patience_s:.0f} s: {what}") from None


@dataclass
class Scene:
    """What the people of one test do in the world, and what a test may break in it."""

    world: LiveWorld
    http: httpx2.AsyncClient
    db: Database
    person: DemoPerson
    citizen: AppUser
    desk: AppUser
    source: SystemCaller

    async def phone(self, platform: str = "android") -> dict[str, Any]:
        """A fresh phone of the citizen's, registered for push."""
        phone: dict[str, Any] = (await self.http.post(f"{self.world.facts['fcm']}/devices", json={"platform": platform})).json()
        target = {"platform": platform, "target": {"kind": "fid", "value": phone["fid"]}, "locale": "vi", "appVersion": "1.0.0"}
        await self.citizen.put(f"/v1/push-targets/{phone['installationId']}", target)
        return phone

    def told(self, code: str, status: str, at: str) -> dict[str, Any]:
        """One event of a dossier of this citizen."""
        return event(code, status, at, applicant={"personalNumber": self.person.personal_number, "name": self.person.name})

    async def tell(self, *events: dict[str, Any]) -> list[dict[str, Any]]:
        """As a source system should: again and again until it has an answer. What became of each event."""
        body = msgspec.json.encode({"events": events})

        async def answered() -> dict[str, Any] | None:
            try:
                return await self.source.post("/v1/integration/dossier-events", body)
            except httpx2.TransportError:
                return None

        return list((await until(answered, "the API takes the events"))["results"])

    async def publish(self, dossier_id: str) -> None:
        """The result is published: acknowledged when this returns."""
        published = await self.desk.upload(f"/v1/staff/dossiers/{dossier_id}/result", "ket-qua.pdf", PDF)
        assert published["status"]["name"] == "finished"

    async def arm(self, phone: dict[str, Any], **fault: Any) -> None:
        """Something goes wrong with the next result that is pushed to this phone (backend/dev/fcm/faults.py)."""
        line = {"match": {"device": phone["installationId"], "data": RESULT_READY}, "times": 1, **fault}
        (await self.http.post(f"{self.world.facts['fcm']}/_control/faults", json=line)).raise_for_status()

    async def sends(self, *phones: dict[str, Any]) -> list[dict[str, Any]]:
        """What Firebase was asked to send to these phones, answered or not."""
        ids = {phone["installationId"] for phone in phones}
        log = (await self.http.get(f"{self.world.facts['fcm']}/log")).json()
        return [entry for entry in log if entry.get("installationId") in ids]

    async def received(self, phone: dict[str, Any]) -> list[dict[str, Any]]:
        """Every message that reached the phone."""
        return list((await self.http.get(f"{self.world.facts['fcm']}/devices/{phone['installationId']}/messages")).json())

    async def alerts(self, phone: dict[str, Any]) -> list[str]:
        """The notices that stand on its screen, one for each alert."""
        return [m["message"]["data"]["nid"] for m in await self.received(phone) if m["visible"]]

    async def deliveries(self, *dossier_ids: str) -> list[dict[str, Any]]:
        """Every delivery of a notice that leads to one of these dossiers."""
        links = [f"/dossiers/{dossier_id}" for dossier_id in dossier_ids]
        notices = [row["_id"] async for row in self.db["inbox"].find({"link": {"$in": links}}, {"_id": 1})]
        return await self.db["deliveries"].find({"notice": {"$in": notices}}).to_list()

    async def killed(self, name: str) -> None:
        """kill -9 of the `api` or the `worker`; its successor is there when this returns, and an API answers."""
        before = self.world.kill(name)

        async def back() -> bool:
            return self.world.pid(name) != before and (name != "api" or await self._ready())

        await until(back, f"the {name} is back")

    def freeze_worker(self) -> int:
        """It does nothing from now on, and is not dead either."""
        worker = self.world.pid("worker")
        os.kill(worker, signal.SIGSTOP)
        return worker

    async def _ready(self) -> bool:
        try:
            return (await self.http.get(f"{self.world.facts['api']}/health/ready")).is_success
        except httpx2.TransportError:
            return False


@asynccontextmanager
async def scene(world: LiveWorld, login: str) -> AsyncIterator[Scene]:
    """This citizen at the phone, `minh` at the desk. A citizen of one test only has no phones from another."""
    person = next(one for one in persons() if one.login == login)
    facts, database = world.facts, connect(world.facts["mongodb_uri"])
    async with httpx2.AsyncClient(timeout=30) as http:
        citizen, desk = AppUser(facts, http), AppUser(facts, http)
        await citizen.sign_in(login, "citizen")
        # A test may run at night, and waits for every push there is.
        await citizen.patch("/v1/me/preferences", {"quietHours": {"on": False}})
        await citizen.let_pushes_leave()
        await desk.sign_in("minh", "staff")
        source = SystemCaller(http, facts["api"], facts["system_client"])
        yield Scene(world, http, database["motcua"], person, citizen, desk, source)
    await database.close()
