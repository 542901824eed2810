"""A report that is given to an agency that has closed goes to the one in its place, or to nobody (ADR 0030)."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from backend.agencies.documents import Agency
from kernel.clock import VIETNAM
from tests.support.api import Api, assert_problem
from tests.support.officials import CENTRE, LAND_OFFICE, WARD
from tests.support.reports import ahead, in_state, staff

Closing = Callable[[str, str | None], Awaitable[None]]


@pytest.fixture
async def close(api: Api) -> AsyncIterator[Closing]:
    """Ends an agency's time today; everything is as it was afterwards."""
    before: dict[str, Agency] = {}

    async def closing(code: str, successor: str | None) -> None:
        agency = await Agency.get(code)
        assert agency
        before[code] = agency.model_copy()
        agency.valid_to, agency.successor = api.parts.clock.now().astimezone(VIETNAM).date().isoformat(), successor
        await agency.commit()

    yield closing
    for code, was in before.items():
        agency = await Agency.get(code)
        assert agency
        agency.valid_from, agency.valid_to, agency.successor = was.valid_from, was.valid_to, was.successor
        await agency.commit()
    ahead(api, minutes=2)


async def stored(api: Api, feedback: str) -> dict[str, Any]:
    found = await api.parts.db["feedback"].find_one({"_id": feedback})
    assert found
    return dict(found)


async def test_a_report_for_a_closed_agency_goes_to_the_last_of_its_successors(api: Api, close: Closing) -> None:
    await close(LAND_OFFICE, WARD)
    await close(WARD, CENTRE)
    feedback = await in_state(api, "classified")

    given = await staff(api, "minh", feedback, "assign", agency=LAND_OFFICE)

    assert given.status_code == 200, given.text
    assert given.json()["agency"]["code"] == CENTRE
    # Whoever is at the successor begins with it, like with any other.
    assert (await staff(api, "hoa", feedback, "start")).status_code == 200


async def test_a_report_the_rules_suggest_for_a_closed_agency_goes_to_its_successor_too(api: Api, close: Closing) -> None:
    feedback = await in_state(api, "received")
    assert (await staff(api, "minh", feedback, "classify", agency=LAND_OFFICE)).status_code == 200
    await close(LAND_OFFICE, CENTRE)

    given = await staff(api, "minh", feedback, "assign")

    assert (given.status_code, given.json()["agency"]["code"]) == (200, CENTRE), given.text


async def test_where_nobody_has_taken_over_the_report_stays_and_the_desk_is_told(api: Api, close: Closing) -> None:
    await close(LAND_OFFICE, None)
    feedback = await in_state(api, "classified")
    before = await stored(api, feedback)

    for step in ("assign", "classify"):
        refused = await staff(api, "minh", feedback, step, agency=LAND_OFFICE)
        assert "ngừng hoạt động" in assert_problem(refused, 400, "agency_unknown")["detail"]
    many = {"ids": [feedback], "step": "assign", "agency": LAND_OFFICE}
    [one] = (await api.call("yen", "POST", "/v1/staff/feedback/bulk", json=many)).json()["items"]

    assert (one["moved"], one["code"]) == (False, "agency_unknown")
    assert await stored(api, feedback) == before


async def test_an_agency_that_has_not_begun_takes_no_report(api: Api, close: Closing) -> None:
    await close(LAND_OFFICE, None)
    office = await Agency.get(LAND_OFFICE)
    assert office
    office.valid_from, office.valid_to = "2099-01-01", None
    await office.commit()
    feedback = await in_state(api, "classified")

    assert_problem(await staff(api, "minh", feedback, "assign", agency=LAND_OFFICE), 400, "agency_unknown")
