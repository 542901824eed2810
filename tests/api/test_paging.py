"""Every list is read to its end without a row twice and without one missing, while new rows arrive (R-B3)."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, cast

import pytest

from kernel.clock import TestClock
from kernel.ids import new_id
from notifications.inbox.post import Notices
from notifications.notice import Notice
from tests.support.api import Api, assert_problem
from tests.support.callers import NUMBERS
from tests.support.feed import ago, event, new_code

Arrive = Callable[[Api, int], Awaitable[object]]
AT_ONE_MOMENT = ago(days=1)


async def dossiers_arrive(api: Api, count: int) -> None:
    """First all of one moment, so that only the id tells them apart; then newer ones."""
    listed = (await api.get("lan", "/v1/dossiers?limit=1")).json()["items"]
    await api.tell(*(event(new_code(), at=ago(minutes=1) if listed else AT_ONE_MOMENT) for _ in range(count)))


async def notices_arrive(api: Api, count: int) -> None:
    cast("TestClock", api.parts.clock).advance(timedelta(milliseconds=1))
    lan = await api.parts.subjects.of(NUMBERS["lan"])
    for _ in range(count):
        await Notices(api.parts.clock).post(Notice(lan, "dossier.accepted", {"code": "H12.13"}, "/dossiers/x", new_id()))


LISTS = pytest.mark.parametrize(
    ("who", "path", "arrive"),
    [
        ("lan", "/v1/dossiers", dossiers_arrive),
        ("hoa", "/v1/staff/dossiers", dossiers_arrive),
        ("hoa", "/v1/staff/dossiers?q=nguyen&status=accepted", dossiers_arrive),
        ("lan", "/v1/inbox", notices_arrive),
    ],
    ids=["my dossiers", "staff", "staff search", "inbox"],
)


async def page(api: Api, who: str, path: str, **query: Any) -> dict[str, Any]:
    sign = "&" if "?" in path else "?"
    answer = await api.get(who, path + sign + "&".join(f"{name}={value}" for name, value in query.items()))
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


@pytest.mark.proves("R-B3")
@LISTS
@pytest.mark.parametrize("limit", [1, 3, 7])
async def test_what_was_there_at_the_beginning_is_read_once_each(api: Api, who: str, path: str, arrive: Arrive, limit: int) -> None:
    await arrive(api, 7)
    whole = [item["id"] for item in (await page(api, who, path, limit=100))["items"]]
    assert len(whole) == 7
    read: list[str] = []
    following: dict[str, Any] = {}
    while True:
        here = await page(api, who, path, limit=limit, **following)
        assert 0 < len(here["items"]) <= limit
        read += [item["id"] for item in here["items"]]
        if "nextCursor" not in here:
            break
        following = {"cursor": here["nextCursor"]}
        await arrive(api, 2)
    assert read == whole


@LISTS
async def test_a_full_last_page_has_no_next(api: Api, who: str, path: str, arrive: Arrive) -> None:
    await arrive(api, 3)
    assert "nextCursor" not in await page(api, who, path, limit=3)
    assert "nextCursor" in await page(api, who, path, limit=2)


@LISTS
async def test_an_empty_list_is_a_list(api: Api, who: str, path: str, arrive: Arrive) -> None:
    assert (await page(api, who, path, limit=3))["items"] == []


@pytest.mark.proves("SEC-43")
async def test_anothers_cursor_opens_nothing_of_theirs(api: Api) -> None:
    await dossiers_arrive(api, 3)
    cursor = (await page(api, "lan", "/v1/dossiers", limit=1))["nextCursor"]
    assert (await page(api, "nam", "/v1/dossiers", cursor=cursor)) == {"items": []}
    assert_problem(await api.get("", f"/v1/procedures?cursor={cursor}"), 400, "cursor_malformed")


@pytest.mark.proves("SEC-65")
async def test_no_page_is_longer_than_a_hundred_and_no_cursor_is_believed(api: Api) -> None:
    for who, path in (("lan", "/v1/dossiers"), ("hoa", "/v1/staff/dossiers"), ("lan", "/v1/inbox"), ("", "/v1/procedures")):
        for limit in ("0", "-1", "101", "1000000", "x"):
            assert_problem(await api.get(who, f"{path}?limit={limit}"), 400, "invalid")
        for cursor in ("x", "W3siJG5lIjoiIn0sImEiXQ", "e30"):
            assert_problem(await api.get(who, f"{path}?cursor={cursor}"), 400, "cursor_malformed")
