"""What every test may ask for: one real database server a session, a clock that stands still, the app's parts, a running world."""

import asyncio
import logging
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings

from backend.app.parts import Parts
from backend.dev.mongod import Mongod
from kernel.clock import TestClock
from kernel.ids import new_id
from kernel.mongo.client import Database, connect
from kernel.privacy.vault import Vault
from tests.support.api import Api, running_api
from tests.support.firebase import Firebase, running_firebase
from tests.support.live_world import LiveWorld, live
from tests.support.parts import EVENTFUL, empty, open_parts
from tests.support.vaults import vault_beside

# A shared machine stalls now and then: a deadline would blame the code for it. Derandomised, so that a red run can be run again.
settings.register_profile(
    "motcua", deadline=None, derandomize=True, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.load_profile("motcua")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One sign-in world serves all of tests/api/auth, and documents are bound to one database of a process at a time."""
    for item in items:
        if item.path.parent.parts[-2:] == ("api", "auth") and "api" in getattr(item, "fixturenames", ()):
            raise pytest.UsageError(f"{item.nodeid} asks for the API beside the sign-in world: it belongs a folder higher.")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def mongodb_uri() -> Iterator[str]:
    """One mongod for the whole session."""
    with tempfile.TemporaryDirectory(prefix="motcua-tests-") as data_dir:
        mongod = asyncio.run(Mongod.start(Path(data_dir)))
        yield mongod.uri
        asyncio.run(mongod.stop())


@pytest.fixture
async def database(mongodb_uri: str) -> AsyncIterator[Database]:
    """An empty database of the test's own."""
    client = connect(mongodb_uri)
    db = client[f"test_{new_id()}"]
    yield db
    await client.drop_database(db.name)
    await client.close()


@pytest.fixture
async def vault(database: Database) -> AsyncIterator[Vault]:
    """The vault of that database."""
    async with vault_beside(database) as vault:
        yield vault


@pytest.fixture(scope="module")
def clock() -> TestClock:
    """Begins now, because the database's own clock (leases, TTL indexes) cannot be moved; advances when told to."""
    return TestClock(datetime.now(UTC))


@pytest.fixture(scope="module")
async def module_parts(anyio_backend: str, mongodb_uri: str, clock: TestClock) -> AsyncIterator[Parts]:
    async with open_parts(mongodb_uri, clock) as parts:
        yield parts


@pytest.fixture
async def parts(module_parts: Parts) -> Parts:
    """Everything an API or a worker is made of, over a database of the module's own, with agencies and staff but no dossier."""
    await empty(module_parts, EVENTFUL)
    return module_parts


@pytest.fixture(scope="module")
async def module_api(anyio_backend: str, mongodb_uri: str, clock: TestClock) -> AsyncIterator[Api]:
    async with running_api(mongodb_uri, clock) as api:
        yield api


@pytest.fixture
async def api(module_api: Api) -> Api:
    """The API on a real socket, without a dossier, and tokens for everybody who may call it."""
    await empty(module_api.parts, EVENTFUL)
    # Whoever locked an account or ended every session in the test before is signed in again.
    await module_api.forget_ended()
    return module_api


@pytest.fixture
async def firebase(anyio_backend: str) -> AsyncIterator[Firebase]:
    """The FCM simulator on a socket, and our channel to it."""
    async with running_firebase() as firebase:
        yield firebase


@pytest.fixture
def our_logging() -> Iterator[None]:
    """For a test that sets up logging as the product does: the tests' own set-up is back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def live_world() -> Iterator[LiveWorld]:
    """`motcua up` as a process of its own, with its demo data: processes in it may be killed."""
    with tempfile.TemporaryDirectory(prefix="motcua-world-") as data_dir, live(Path(data_dir)) as world:
        yield world


@pytest.fixture
def world(live_world: LiveWorld) -> dict[str, object]:
    """What world.json says."""
    return live_world.facts
