"""Every list is read to its end without a row twice and without one missing, while new rows arrive (R-B3)."""

from typing import Any

import pytest

from tests.api.paged_lists import LISTS, PAGED, PagedList, dossiers_arrive, page
from tests.support.api import Api, assert_problem

EACH = pytest.mark.parametrize("one", LISTS.values(), ids=LISTS.keys())
AT_ONCE = ENOUGH_PAGES = 100


@pytest.fixture(autouse=True)
async def nobody_came(api: Api, request: pytest.FixtureRequest) -> None:
    """What came into a list in the test before has left it."""
    one = request.node.callspec.params.get("one") if hasattr(request.node, "callspec") else None
    if one and one.leave:
        await one.leave(api)


@pytest.mark.proves("R-B3")
@EACH
@pytest.mark.parametrize("limit", [1, 3, 7])
async def test_what_was_there_at_the_beginning_is_read_once_each(api: Api, one: PagedList, limit: int) -> None:
    await one.arrive(api, 7)
    whole = [item[one.key] for item in (await page(api, one, limit=AT_ONCE))["items"]]
    assert len(whole) >= 7 if one.begun else len(whole) == 7
    read: list[str] = []
    following: dict[str, Any] = {}
    for _ in range(ENOUGH_PAGES):
        here = await page(api, one, limit=limit, **following)
        assert 0 < len(here["items"]) <= limit
        read += [item[one.key] for item in here["items"]]
        if "nextCursor" not in here or set(whole) <= set(read):
            break
        following = {"cursor": here["nextCursor"]}
        await one.arrive(api, 2)
    assert len(read) == len(set(read))
    assert [key for key in read if key in set(whole)] == whole


@EACH
async def test_a_full_last_page_has_no_next(api: Api, one: PagedList) -> None:
    await one.arrive(api, 3)
    length = len((await page(api, one, limit=AT_ONCE))["items"])
    assert "nextCursor" not in await page(api, one, limit=length)
    assert "nextCursor" in await page(api, one, limit=length - 1)


@pytest.mark.parametrize("one", [one for one in LISTS.values() if not one.begun])
async def test_an_empty_list_is_a_list(api: Api, one: PagedList) -> None:
    assert (await page(api, one, limit=3))["items"] == []


@pytest.mark.proves("SEC-43")
async def test_anothers_cursor_opens_nothing_of_theirs(api: Api) -> None:
    await dossiers_arrive(api, 3)
    [mine] = PAGED["listDossiers"]
    cursor = (await page(api, mine, limit=1))["nextCursor"]
    assert (await api.get("nam", f"/v1/dossiers?cursor={cursor}")).json() == {"items": []}
    assert_problem(await api.get("", f"/v1/procedures?cursor={cursor}"), 400, "cursor_malformed")


@pytest.mark.proves("SEC-65")
@pytest.mark.parametrize("one", [lists[0] for lists in PAGED.values()], ids=PAGED.keys())
async def test_no_page_is_longer_than_a_hundred_and_no_cursor_is_believed(api: Api, one: PagedList) -> None:
    for limit in ("0", "-1", "101", "1000000", "x"):
        assert_problem(await api.get(one.who, f"{one.path}?limit={limit}"), 400, "invalid")
    for cursor in ("x", "W3siJG5lIjoiIn0sImEiXQ", "e30"):
        assert_problem(await api.get(one.who, f"{one.path}?cursor={cursor}"), 400, "cursor_malformed")
