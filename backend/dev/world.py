"""The whole development world: what `motcua up` starts, in which order, and what it writes down for everybody who wants to join.

mongod ── a child     providers, simulators of FCM, mail, SMS, Zalo and a virus scanner, pages ── in this process, each on its port
API, worker ── children, brought up again when they die         world.json ── written when all of it answers
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2

from backend.app.parts import make_parts
from backend.dev import people, seed
from backend.dev.children import Child
from backend.dev.clamd import running_clamd
from backend.dev.configuration import (
    SYSTEM_CLIENT,
    Addresses,
    api_environment,
    app_check,
    app_client,
    clients_file,
    provider_client,
)
from backend.dev.fcm.app import create_fcm
from backend.dev.mongod import Mongod
from backend.dev.pages.app import create_pages
from backend.dev.post_office import running_post_office
from backend.dev.post_office.zalo_tokens import ZaloAccount
from backend.dev.providers.app import create_provider
from backend.dev.providers.profile import CITIZEN, STAFF
from backend.dev.remembered import Remembered, remember, save
from backend.dev.reports import seed_reports
from backend.dev.sockets import AsgiApp, bound_socket, serve_on, url_of
from backend.dev.system import SystemCaller
from backend.settings import Settings, load
from kernel.clock import SystemClock
from kernel.mongo.client import connect
from notifications.channels.zalo import ZaloChannel

READY_TIMEOUT_S = 60.0
WATCH_S = 0.2

Say = Callable[[str], None]
Progress = Callable[[int, int], None]


class PortTaken(RuntimeError):
    """Somebody else listens where the API should."""


class World:
    """A running world: `facts` is what world.json says."""

    def __init__(self, data_dir: Path, facts: dict[str, Any], children: list[Child]) -> None:
        self.data_dir, self.facts, self.children = data_dir, facts, children

    async def watch(self, say: Say) -> None:
        """Bring the API and the worker up again whenever they die, until cancelled."""
        while True:
            for child in self.children:
                if not child.alive():
                    child.revive()
                    self.write_pids()
                    say(f"{child.name} died and was started again")
            await asyncio.sleep(WATCH_S)

    def write_pids(self) -> None:
        """Who may be killed for a test."""
        _write(self.data_dir / "pids.json", {child.name: child.pid for child in self.children})


@asynccontextmanager
async def running_world(
    data_dir: Path, port: int, *, say: Say = lambda _: None, progress: Progress = lambda _, __: None
) -> AsyncIterator[World]:
    """Everything up and answering; everything down at the end, also after an error.

    `progress` hears how many of the demo's events have been told, of how many, when the data directory was empty.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    (data_dir / "world.json").unlink(missing_ok=True)
    kept = remember(data_dir)
    async with AsyncExitStack() as stack:
        mongod = await stack.enter_async_context(await Mongod.start(data_dir / "mongod"))
        say("MongoDB accepts writes")
        addresses = await _outsides(stack, kept, data_dir, mongod.uri, port)
        say("official-account providers, FCM simulator, post office and pages answer")
        save(data_dir, kept)
        environment = api_environment(addresses, kept, data_dir)
        await _migrate(load(environment), fresh=not kept.demo_complete)
        say("indexes, agencies, staff and procedures are in place")
        children = [_child(name, data_dir, environment) for name in ("serve", "worker")]
        stack.push_async_callback(_stop, children)
        for child in children:
            child.start()
        facts = world_facts(addresses, kept)
        await _until_ready(children[0], facts["api"])
        say("API and worker answer")
        world = World(data_dir, facts, children)
        if not kept.demo_complete:
            await _seed(facts, kept, data_dir, progress)
            say("a year of demo dossiers has been told")
        world.write_pids()
        _write(data_dir / "world.json", facts)
        # Written last and gone first: who finds it finds a world that answers.
        stack.callback((data_dir / "world.json").unlink, missing_ok=True)
        yield world


async def _outsides(stack: AsyncExitStack, kept: Remembered, data_dir: Path, mongodb_uri: str, port: int) -> Addresses:
    """Start what lies outside the product: providers, Firebase, the post, a virus scanner, and the pages that are its clients."""
    sockets = {name: kept.socket(name) for name in ("citizen", "staff", "fcm", "pages")}
    if port == 0:
        # Handed to a child, so the port has to be free again when the child binds it.
        with kept.socket("api") as api:
            port = api.getsockname()[1]
    else:
        _refuse_taken(port)
    clamd = await stack.enter_async_context(running_clamd())
    urls = {name: url_of(sock) for name, sock in sockets.items()}
    office = await stack.enter_async_context(running_post_office(kept.socket("post_office"), kept.socket("mail")))
    addresses = Addresses(
        api=f"http://127.0.0.1:{port}",
        mongodb_uri=mongodb_uri,
        clamd=clamd.address,
        post_office=office.url,
        smtp=office.smtp_url,
        **urls,
    )
    fcm = create_fcm(addresses.fcm, debug_token=kept.app_check_debug_token)
    _write(data_dir / "fcm-service-account.json", fcm.service_account)
    _write(data_dir / "app-check-keys.json", fcm.simulator.app_check.keys_file())
    _write(data_dir / "clients.json", clients_file(addresses, kept))
    apps: dict[str, AsgiApp] = {"fcm": fcm.app, "pages": create_pages(world_facts(addresses, kept))}
    for kind, profile, accounts in (("citizen", CITIZEN, people.citizens()), ("staff", STAFF, people.officials())):
        apps[kind] = create_provider(profile, addresses.provider(kind), accounts, [provider_client(kind, addresses, kept)])
    for name, app in apps.items():
        server = await serve_on(sockets[name], app)
        stack.push_async_callback(server.stop)
    return addresses


def _refuse_taken(port: int) -> None:
    try:
        bound_socket(port=port).close()
    except OSError as taken:
        raise PortTaken(f"Port {port} is taken: end the program that listens there, or choose another with --port.") from taken


def world_facts(addresses: Addresses, kept: Remembered) -> dict[str, Any]:
    """What world.json says: enough for any script, browser or test to join."""
    return {
        "api": addresses.api,
        "mongodb_uri": addresses.mongodb_uri,
        "providers": {"citizen": addresses.citizen, "staff": addresses.staff},
        "fcm": addresses.fcm,
        "post_office": addresses.post_office,
        "phone": f"{addresses.pages}/phone/",
        "console": f"{addresses.api}/console/",
        "docs": f"{addresses.api}/docs",
        "app_client": app_client(),
        "app_check": app_check(addresses, kept),
        "system_client": {
            "client_id": SYSTEM_CLIENT,
            "private_key_pem": kept.system_key_pem,
            "token_url": f"{addresses.api}/oauth/token",
        },
        "people": people.listed(),
    }


async def _migrate(settings: Settings, *, fresh: bool) -> None:
    parts = make_parts(settings)
    try:
        await parts.open(build_indexes=True)
        await seed.seed_directory()
        if isinstance(zalo := parts.texts.get("zalo"), ZaloChannel) and not await zalo.tokens.planted():
            await zalo.tokens.plant(ZaloAccount().first_refresh_token)
        if fresh:
            await seed.seed_procedures(parts.clock.now())
    finally:
        await parts.close()


async def _seed(facts: dict[str, Any], kept: Remembered, data_dir: Path, progress: Progress) -> None:
    """A year of dossiers from the source system, and a dozen reports. Broken off and begun again, it tells the very same."""
    kept.demo_until = kept.demo_until or SystemClock().now()
    save(data_dir, kept)
    async with httpx2.AsyncClient() as client:
        caller = SystemCaller(client, facts["api"], facts["system_client"])
        await seed.seed_dossiers(caller, seed.demo_events(kept.demo_until), progress=progress)
    await seed_reports(facts)
    await _until_heard(facts["mongodb_uri"])
    kept.demo_complete = True
    save(data_dir, kept)


async def _until_heard(mongodb_uri: str) -> None:
    """Wait until the worker has relayed what the demo told: only then is the world at rest."""
    client = connect(mongodb_uri)
    try:
        async with asyncio.timeout(READY_TIMEOUT_S):
            for name in ("dossiers", "feedback"):
                rows = client[Settings().database][name]
                while await rows.find_one({"outbox.at": {"$exists": True}}, {"_id": 1}):  # noqa: ASYNC110 - a database sets no event
                    await asyncio.sleep(0.1)
    finally:
        await client.close()


def _child(command: str, data_dir: Path, environment: dict[str, str]) -> Child:
    return Child({"serve": "api"}.get(command, command), [command], environment, data_dir / f"{command}.log")


async def _until_ready(api: Child, url: str) -> None:
    async with httpx2.AsyncClient() as client, asyncio.timeout(READY_TIMEOUT_S):
        while True:
            if not api.alive():
                raise RuntimeError(f"the API did not start: see {api.log}")
            try:
                if (await client.get(f"{url}/health/ready")).is_success:
                    return
            except httpx2.TransportError:
                pass
            await asyncio.sleep(0.05)


async def _stop(children: list[Child]) -> None:
    for child in children:
        child.ask_to_stop()
    for child in children:
        await child.ended()


def _write(file: Path, content: dict[str, Any]) -> None:
    """Whole or not at all, and for its owner only: there are private keys in it."""
    draft = file.with_suffix(".draft")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    draft.replace(file)
