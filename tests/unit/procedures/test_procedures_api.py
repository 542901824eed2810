"""The public catalogue over a real socket: no token, camelCase, nothing null, problems as problem+json."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from litestar import Litestar
from litestar.di import Provide

from backend.app.factory import fresh
from backend.dev.sockets import serving
from backend.procedures.slice import SLICE as PROCEDURES
from kernel.http.problems import EXCEPTION_HANDLERS
from tests.support.edge import edged

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(120)]


@pytest.fixture
async def http(catalogue: None) -> AsyncIterator[httpx2.AsyncClient]:
    given = {"fresh": Provide(fresh)}
    app = Litestar(list(PROCEDURES.routes), exception_handlers=EXCEPTION_HANDLERS, dependencies=given, openapi_config=None)
    async with serving(edged(app)) as server, httpx2.AsyncClient(base_url=server.url) as client:
        yield client


async def test_anybody_searches_and_may_keep_the_answer_for_five_minutes(http: httpx2.AsyncClient) -> None:
    answer = await http.get("/v1/procedures", params={"q": "thuong tru", "limit": 1})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=300"
    item = {
        "code": "1.004222",
        "name": "Đăng ký thường trú",
        "field": "Đăng ký, quản lý cư trú",
        "levels": ["commune"],
        "online": True,
    }
    assert answer.json()["items"] == [item]


async def test_the_next_page_is_reached_by_the_cursor_and_the_last_has_none(http: httpx2.AsyncClient) -> None:
    first = (await http.get("/v1/procedures", params={"q": "khai sinh", "limit": 2})).json()
    rest = (await http.get("/v1/procedures", params={"q": "khai sinh", "limit": 50, "cursor": first["nextCursor"]})).json()
    assert "nextCursor" not in rest
    assert not {item["code"] for item in first["items"]} & {item["code"] for item in rest["items"]}


async def test_the_detail_leaves_out_what_is_not_known(http: httpx2.AsyncClient) -> None:
    answer = await http.get("/v1/procedures/1.004222.000.00.00.H12")
    limit = {"text": "7 Ngày làm việc", "amount": 7, "unit": "working_days"}
    fee = {"text": "10,000 Việt Nam Đồng", "amount": 10_000}
    assert answer.json() == {
        "code": "1.004222",
        "name": "Đăng ký thường trú",
        "field": "Đăng ký, quản lý cư trú",
        "levels": ["commune"],
        "online": True,
        "channels": [{"channel": "online", "timeLimits": [limit], "fees": [fee]}],
        "applicants": [],
    }


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/v1/procedures/1.999999", 404, "procedure_not_found"),
        ("/v1/procedures/khai-sinh", 404, "procedure_not_found"),
        ("/v1/procedures?cursor=nonsense", 400, "cursor_malformed"),
        ("/v1/procedures?limit=0", 400, "invalid"),
        ("/v1/procedures?limit=1000", 400, "invalid"),
        (f"/v1/procedures?q={'a' * 201}", 400, "invalid"),
    ],
)
async def test_what_goes_wrong_is_a_problem_nobody_may_keep(http: httpx2.AsyncClient, path: str, status: int, code: str) -> None:
    answer = await http.get(path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
