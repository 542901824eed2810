"""Papers asked for and supplied, item by item; dossiers taken back; reasons that say something."""

import base64
import hashlib
from typing import Any

import pytest

from backend.dev.paper import one_page_pdf
from kernel.ids import new_id
from tests.support.api import Api, assert_problem
from tests.support.feed import CENTRE, event, new_code
from tests.support.samples import picture
from tests.support.tus import uploaded

REASON = "Thiếu bản sao giấy tờ tùy thân"
ITEMS = ["Bản sao căn cước", "Sơ đồ thửa đất"]


async def step(api: Api, dossier_id: str, who: str, action: str, **said: Any) -> Any:
    return await api.call(who, "POST", f"/v1/staff/dossiers/{dossier_id}/transitions", json={"action": action, **said})


async def supply(api: Api, dossier_id: str, number: int, items: dict[int, list[str]], *, key: str = "", who: str = "lan") -> Any:
    body = {"items": [{"number": n, "uploads": ids} for n, ids in items.items()]}
    headers = {"idempotency-key": f'"{key or new_id()}"'}
    return await api.call(who, "POST", f"/v1/dossiers/{dossier_id}/supplements/{number}", json=body, headers=headers)


async def upload(api: Api) -> str:
    return str((await uploaded(api, "lan", one_page_pdf("Giấy tờ"), "can-cuoc-lan.pdf"))["id"])


async def asked(api: Api, *statuses: str, **change: Any) -> str:
    dossier_id = await api.told(*(event(code, status, **change) for code in [new_code()] for status in statuses or ("accepted",)))
    answer = await step(api, dossier_id, "hoa", "request_papers", reason=REASON, items=ITEMS, respondBy="2099-01-05")
    if answer.status_code != 200:
        answer = await step(api, dossier_id, "hoa", "request_papers", reason=REASON, items=ITEMS)
    assert answer.status_code == 200, answer.text
    return dossier_id


async def test_once_nothing_is_missing_the_dossier_goes_on_and_staff_see_the_files(api: Api) -> None:
    dossier_id = await asked(api)
    seen = (await api.get("lan", f"/v1/dossiers/{dossier_id}")).json()
    [request] = seen["supplements"]
    assert ([item["text"] for item in request["items"]], request["reason"]) == (ITEMS, REASON)
    assert {"supply_papers", "request_withdrawal"} == {action["name"] for action in seen["allowedActions"]}
    half = (await supply(api, dossier_id, 1, {1: [await upload(api)]})).json()
    assert half["status"]["name"] == "awaiting_papers", "one paper is still missing"
    key, second = new_id(), await upload(api)
    whole = await supply(api, dossier_id, 1, {2: [second]}, key=key)
    assert whole.json()["status"]["name"] == "processing"
    assert whole.json()["supplements"][0]["suppliedAt"]
    assert (await supply(api, dossier_id, 1, {2: [second]}, key=key)).json() == whole.json()
    staff = (await api.get("hoa", f"/v1/staff/dossiers/{dossier_id}")).json()
    assert staff["warnings"] == []
    [file] = staff["supplements"][0]["items"][0]["files"]
    paper = await api.get("hoa", f"/v1/staff/dossiers/{dossier_id}/supplied/{file}")
    assert paper.content.startswith(b"%PDF")
    assert_problem(await supply(api, dossier_id, 1, {1: [second]}), 409, "supplement_closed")


@pytest.mark.proves("R-A4")
async def test_a_photo_is_handed_over_as_a_sheet_where_the_deciding_agency_wants_one(api: Api) -> None:
    dossier_id = await asked(api, decidingAgency=CENTRE)
    photo = (await uploaded(api, "lan", picture(), "can-cuoc.jpg", filetype="image/jpeg"))["id"]
    await supply(api, dossier_id, 1, {1: [str(photo)], 2: [await upload(api)]})
    staff = (await api.get("hoa", f"/v1/staff/dossiers/{dossier_id}")).json()
    [sent, already] = [f"/v1/staff/dossiers/{dossier_id}/supplied/{item['files'][0]}" for item in staff["supplements"][0]["items"]]
    agency = f"/v1/staff/directory/agencies/{CENTRE}"
    assert (await api.get("hoa", sent)).content.startswith(b"\xff\xd8"), "as it was checked, unless the agency says otherwise"
    pdf = await api.get("hoa", already)
    chosen = await api.call("khoa", "PUT", f"{agency}/papers", json={"picturesAsPdf": True})
    assert chosen.json()["picturesAsPdf"] is True
    sheet = await api.get("hoa", sent)
    digest = base64.b64encode(hashlib.sha256(sheet.content).digest()).decode()
    assert (sheet.content[:5], sheet.headers["repr-digest"]) == (b"%PDF-", f"sha-256=:{digest}:")
    assert 'filename="can-cuoc.pdf"' in sheet.headers["content-disposition"]
    assert (await api.get("hoa", already)).content == pdf.content, "what is paper already stays as it is"
    await api.call("khoa", "PUT", f"{agency}/papers", json={"picturesAsPdf": False})
    assert (await api.get("hoa", sent)).content.startswith(b"\xff\xd8")


async def test_before_its_acceptance_the_desk_looks_first(api: Api) -> None:
    dossier_id = await asked(api, "registered")
    sent = (await supply(api, dossier_id, 1, {1: [await upload(api)], 2: [await upload(api)]})).json()
    assert (sent["status"]["name"], bool(sent["supplements"][0]["suppliedAt"])) == ("awaiting_papers", True)
    taken = await step(api, dossier_id, "hoa", "accept_supplemented")
    assert taken.json()["status"]["name"] == "accepted"


async def test_asking_again_is_for_an_approver_and_warns(api: Api) -> None:
    dossier_id = await asked(api)
    await step(api, dossier_id, "hoa", "papers_received")
    again: dict[str, Any] = {"reason": REASON, "items": ["Biên lai nộp thuế"]}
    assert_problem(await step(api, dossier_id, "hoa", "request_papers", **again), 403, "supplement_needs_approver")
    answer = (await step(api, dossier_id, "minh", "request_papers", **again)).json()
    assert "2.1" in answer["warnings"][0]
    assert len(answer["supplements"]) == 2


@pytest.mark.parametrize(
    ("number", "items", "status", "code"),
    [
        (2, {1: ["x"]}, 404, "supplement_not_found"),
        (1, {3: ["x"]}, 400, "supplement_item_unknown"),
        (1, {1: ["x"]}, 404, "upload_not_found"),
    ],
)
async def test_what_cannot_be_supplied_says_why(api: Api, number: int, items: dict[int, list[str]], status: int, code: str) -> None:
    assert_problem(await supply(api, await asked(api), number, items), status, code)


async def test_a_dossier_is_taken_back_with_a_reason_and_the_office_grants_it(api: Api) -> None:
    dossier_id = await api.told(event(new_code()))
    path, reason = f"/v1/dossiers/{dossier_id}/withdrawal", "Tôi đã tìm được giấy tờ cũ"
    back = (await api.call("lan", "POST", path, json={"reason": reason})).json()
    assert back["status"]["name"] == "withdrawal_requested"
    assert back["timeline"][-1]["note"] == reason
    assert_problem(await api.call("nam", "POST", path, json={"reason": reason}), 404, "dossier_not_found")
    granted = await step(api, dossier_id, "minh", "grant_withdrawal")
    assert granted.json()["status"]["name"] == "stopped"
    assert_problem(await api.call("lan", "POST", path, json={"reason": reason}), 409, "move_not_allowed")


@pytest.mark.parametrize(
    "reason", ["..........................", "[ghi rõ lý do tại đây]", "Không đúng quy định", "{reason} goes here"]
)
async def test_a_templates_blank_is_no_reason(api: Api, reason: str) -> None:
    dossier_id = await api.told(event(new_code(), "registered"))
    assert_problem(await step(api, dossier_id, "hoa", "refuse", reason=reason), 400, "reason_missing")
