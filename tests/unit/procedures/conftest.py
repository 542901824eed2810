"""What the tests of the procedures share: a real database with the demo procedures, and the real national list if it is there."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backend.dev.demo.procedures import DemoProcedure, procedures
from backend.dev.mongod import Mongod
from backend.procedures.actions.import_national import import_national
from backend.procedures.documents import Procedure
from kernel.ids import new_id
from kernel.mongo.client import bind, connect
from tests.support.vaults import vault_beside

NOW = datetime(2026, 7, 1, 8, tzinfo=UTC)
NATIONAL_LIST = Path(__file__).parents[4] / "shared" / "data" / "procedures-national-2026-07.jsonl.gz"
_UNITS = {"working_days": "Ngày làm việc", "calendar_days": "Ngày"}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def mongodb_uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    mongod = asyncio.run(Mongod.start(tmp_path_factory.mktemp("mongod")))
    yield mongod.uri
    asyncio.run(mongod.stop())


@pytest.fixture
async def database(mongodb_uri: str) -> AsyncIterator[None]:
    """An empty database of the test's own, bound and indexed."""
    client = connect(mongodb_uri)
    db = client[f"test_{new_id()}"]
    async with vault_beside(db) as vault:
        await bind(db, [Procedure], vault, build_indexes=True)
        yield
    await client.drop_database(db.name)
    await client.close()


@pytest.fixture
def demo_list(tmp_path: Path) -> Path:
    """The demo procedures as a file of the national portal's form."""
    file = tmp_path / "list.jsonl"
    file.write_text("\n".join(national_line(p) for p in procedures()), encoding="utf-8")
    return file


@pytest.fixture
async def catalogue(database: None, demo_list: Path) -> None:
    await import_national(demo_list, now=NOW)


@pytest.fixture
def national_list() -> Path:
    """The real list; it is not part of the product."""
    if not NATIONAL_LIST.exists():
        pytest.skip("the real national list is not here")
    return NATIONAL_LIST


def national_line(procedure: DemoProcedure) -> str:
    fee = f"{procedure.fee:,} Việt Nam Đồng" if procedure.fee else "Miễn phí"
    channels = f"Hình thức nộpThời gianPhí, lệ phíMô tảTrực tuyến{procedure.amount} {_UNITS[procedure.unit]}{fee}"
    level = {"commune": "Cấp xã", "province": "Cấp tỉnh"}[procedure.level]
    row = {
        "ma_thu_tuc": procedure.code,
        "ten_thu_tuc": procedure.name,
        "linh_vuc": procedure.field,
        "cap_thuc_hien": level,
        "cach_thuc_thuc_hien": channels,
    }
    return json.dumps(row, ensure_ascii=False)
