"""What staff do over the API: find, take in, move, publish."""

import pytest

from tests.support.api import PDF, Api, assert_problem
from tests.support.callers import NUMBERS
from tests.support.feed import ago, event, new_code
from tests.support.parts import LIMITED

REASON = "Thiếu bản sao giấy tờ tùy thân"


def taken_in(**change: object) -> dict[str, object]:
    applicant = {"personalNumber": NUMBERS["lan"], "name": "Nguyễn Thị Lan"}
    usual = {"procedureCode": LIMITED, "applicant": applicant, "receivingAgency": "H12.13", "decidingAgency": "H12.13"}
    return {**usual, **change}


async def test_from_the_counter_to_the_result_in_the_citizens_hand(api: Api) -> None:
    answer = await api.call("hoa", "POST", "/v1/staff/dossiers", json=taken_in())
    assert answer.status_code == 201, answer.text
    dossier = answer.json()
    assert (dossier["status"]["name"], dossier["applicantName"]) == ("accepted", "Nguyễn Thị Lan")
    assert dossier["dueAt"]
    path = f"/v1/staff/dossiers/{dossier['id']}"
    assert {step["name"] for step in dossier["allowedActions"]} >= {"start_processing", "request_papers"}
    moved = (await api.call("hoa", "POST", f"{path}/transitions", json={"action": "start_processing"})).json()
    assert moved["status"]["name"] == "processing"
    published = (await api.publish("minh", dossier["id"])).json()
    assert (published["status"]["name"], published["hasResult"]) == ("finished", True)
    mine = (await api.get("lan", f"/v1/dossiers/{dossier['id']}")).json()
    assert mine["hasResult"]
    assert (await api.get("lan", mine["result"]["href"])).content == PDF
    returned = await api.call("hoa", "POST", f"{path}/transitions", json={"action": "return_result"})
    assert returned.json()["status"]["name"] == "returned"
    assert "096199000001" not in returned.text


@pytest.mark.parametrize(
    ("who", "step", "status", "code"),
    [
        ("hoa", {"action": "return_result"}, 409, "move_not_allowed"),
        ("hoa", {"action": "no_such_step"}, 409, "move_not_allowed"),
        ("hoa", {"action": "stop", "reason": REASON}, 403, "role_missing"),
        ("be", {"action": "start_processing"}, 403, "role_missing"),
        ("minh", {"action": "stop"}, 400, "reason_missing"),
        ("minh", {"action": "stop", "reason": "too short"}, 400, "reason_missing"),
        ("minh", {"action": "publish_result"}, 409, "move_not_allowed"),
    ],
)
async def test_a_step_that_cannot_be_taken_says_why(api: Api, who: str, step: dict[str, str], status: int, code: str) -> None:
    dossier_id = await api.told(event(new_code()))
    assert_problem(await api.call(who, "POST", f"/v1/staff/dossiers/{dossier_id}/transitions", json=step), status, code)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (taken_in(receivingAgency="H12.101"), 403, "not_your_agency"),
        (taken_in(procedureCode="9.999999"), 404, "procedure_not_found"),
        (taken_in(applicant={"personalNumber": "0961990000", "name": "Lan"}), 400, "personal_number_malformed"),
        (taken_in(applicant={"personalNumber": NUMBERS["lan"], "name": ""}), 400, "invalid"),
    ],
)
async def test_a_dossier_that_cannot_be_taken_in_says_why(api: Api, body: dict[str, object], status: int, code: str) -> None:
    assert_problem(await api.call("hoa", "POST", "/v1/staff/dossiers", json=body), status, code)


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("nguyen thi lan", True),
        ("Nguyễn", True),
        ("NGUYỄN THỊ LAN", True),
        ("lan nguyen", True),
        ("dat dai", True),
        ("ĐẤT", True),
        ("ngu", True),
        ("guyen", False),
        ("nguyen xyz", False),
        (".*", False),
        ("$ne", False),
    ],
)
async def test_a_dossier_is_found_without_diacritics(api: Api, q: str, found: bool) -> None:
    code = new_code()
    await api.told(event(code))
    items = (await api.get("hoa", "/v1/staff/dossiers", params={"q": q})).json()["items"]
    assert [item["code"] for item in items] == ([code] if found else [])


async def test_a_dossier_is_found_by_its_code_whole_or_begun(api: Api) -> None:
    one, two = new_code(), new_code()
    await api.tell(event(one), event(two))
    for q, codes in (
        (one, {one}),
        (one.lower(), {one}),
        (one[:-1], {one, two} if one[:-1] == two[:-1] else {one}),
        ("H12.13-26", {one, two}),
    ):
        items = (await api.get("hoa", "/v1/staff/dossiers", params={"q": q})).json()["items"]
        assert {item["code"] for item in items} == codes, q


async def test_a_list_is_narrowed_by_status_and_pages_keep_the_filter(api: Api) -> None:
    codes = [new_code() for _ in range(3)]
    await api.tell(*(event(code, "accepted", ago(hours=n + 2)) for n, code in enumerate(codes)))
    await api.tell(event(new_code(), "stopped"))
    first = (await api.get("hoa", "/v1/staff/dossiers?status=accepted&limit=2")).json()
    rest = (await api.get("hoa", f"/v1/staff/dossiers?status=accepted&limit=2&cursor={first['nextCursor']}")).json()
    assert [item["code"] for item in first["items"] + rest["items"]] == codes
    assert "nextCursor" not in rest


async def test_both_the_receiving_and_the_deciding_agency_see_it(api: Api) -> None:
    """A commune may take any dossier of the province (Decree 118/2025)."""
    code = new_code()
    await api.told(event(code, receivingAgency="H12.101", decidingAgency="H12.13"))
    for who in ("phuc", "hoa"):
        assert [item["code"] for item in (await api.get(who, "/v1/staff/dossiers")).json()["items"]] == [code], who
