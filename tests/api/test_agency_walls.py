"""No list or search crosses from one agency to another, whatever is asked and however it is paged (SEC-48)."""

from itertools import product

import pytest

from kernel.ids import new_id
from tests.support.api import Api, assert_problem
from tests.support.feed import ago, event, new_code
from tests.support.officials import CENTRE, LAND_OFFICE, OFFICIALS, WARD
from tests.support.parts import SYSTEM

AGENCIES = (CENTRE, LAND_OFFICE, WARD)
QUERIES = ("", "q=nguyen", "q=H12", "q=dat+dai", "status=accepted", "status=processing", "q=nguyen&status=processing")


async def dossiers_everywhere(api: Api) -> dict[str, tuple[str, str, str]]:
    """One for each way through three agencies and two statuses; answers receiving, deciding and status of each id."""
    told = list(product(AGENCIES, AGENCIES, ("accepted", "processing")))
    events = [
        event(new_code(received), status, ago(minutes=n % 4 + 1), receivingAgency=received, decidingAgency=decided)
        for n, (received, decided, status) in enumerate(told)
    ]
    return {result["dossierId"]: facts for result, facts in zip((await api.tell(*events))["results"], told, strict=True)}


async def walk(api: Api, who: str, query: str, limit: int, cursor: str = "") -> list[str]:
    """Every id of the list, page by page."""
    found: list[str] = []
    while True:
        answer = await api.get(who, f"/v1/staff/dossiers?{query}&limit={limit}" + (f"&cursor={cursor}" if cursor else ""))
        assert answer.status_code == 200, answer.text
        found += [item["id"] for item in answer.json()["items"]]
        if not (cursor := answer.json().get("nextCursor", "")):
            return found


@pytest.mark.proves("SEC-48")
@pytest.mark.parametrize("who", ["hoa", "minh", "phuc", "be"])
async def test_a_list_holds_all_of_ones_own_agency_and_nothing_else(api: Api, who: str) -> None:
    [agency] = OFFICIALS[who].agencies
    facts = await dossiers_everywhere(api)
    for query, limit in product(QUERIES, (3, 100)):
        statuses = [status for status in ("accepted", "processing") if f"status={status}" in query] or ["accepted", "processing"]
        own = {
            dossier
            for dossier, (received, decided, status) in facts.items()
            if agency in (received, decided) and status in statuses
        }
        found = await walk(api, who, query, limit)
        assert (len(found), set(found)) == (len(own), own), query


@pytest.mark.proves("SEC-48")
async def test_a_cursor_of_another_agency_opens_only_ones_own(api: Api) -> None:
    facts = await dossiers_everywhere(api)
    cursor = (await api.get("hoa", "/v1/staff/dossiers?limit=1")).json()["nextCursor"]
    for dossier in await walk(api, "phuc", "", 2, cursor):
        assert WARD in facts[dossier][:2]


@pytest.mark.proves("SEC-43")
async def test_a_dossier_that_moves_to_another_agency_leaves_the_sight_of_the_first(api: Api) -> None:
    code = new_code()
    dossier = await api.told(event(code, "accepted", ago(hours=2), receivingAgency=WARD, decidingAgency=CENTRE))
    assert (await api.get("hoa", f"/v1/staff/dossiers/{dossier}")).status_code == 200
    await api.tell(event(code, "processing", ago(hours=1), receivingAgency=WARD, decidingAgency=LAND_OFFICE))
    assert_problem(await api.get("hoa", f"/v1/staff/dossiers/{dossier}"), 404, "dossier_not_found")
    assert (await api.get("phuc", f"/v1/staff/dossiers/{dossier}")).status_code == 200


@pytest.mark.proves("SEC-51")
async def test_an_agency_code_that_is_an_operator_is_a_word_like_any_other(api: Api) -> None:
    strange = event(new_code(), receivingAgency="$ne", decidingAgency='{"$gt":""}')
    answer = await api.call(SYSTEM, "POST", "/v1/integration/dossier-events", json={"events": [strange]})
    dossier = answer.json()["results"][0]["dossierId"]
    for who in ("hoa", "phuc"):
        assert_problem(await api.get(who, f"/v1/staff/dossiers/{dossier}"), 404, "dossier_not_found")
        assert_problem(await api.get(who, f"/v1/staff/dossiers/{new_id()}"), 404, "dossier_not_found")
