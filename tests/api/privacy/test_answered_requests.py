"""A citizen hears that what they asked of their data was answered; a restriction reaches the rooms that hold exact places."""

from typing import Any

import pytest

from backend.app.worker import make_relay
from tests.support.api import Api, assert_problem
from tests.support.reports import CONSENTED, a_report, posted

pytestmark = pytest.mark.anyio

MINE = "/v1/me/data-requests"
REASON = {"reason": "Đã thực hiện theo yêu cầu."}
PLACE: dict[str, Any] = {"place": {"lat": 9.176912, "lon": 105.152431}, **CONSENTED}


async def asked(api: Api, path: str, **body: Any) -> str:
    answer = await api.call("lan", "POST", path, **body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def answered(api: Api, path: str, *steps: str) -> None:
    for step in steps:
        body = {} if step == "acknowledgement" else {"json": REASON}
        answer = await api.call("khoa", "POST", f"{path.replace('/me/', '/staff/')}/{step}", **body)
        assert answer.status_code == 200, answer.text


async def told(api: Api) -> list[tuple[str, str]]:
    """What stands in lan's inbox: which message, and where a tap leads."""
    for _ in range(2):
        # Heard twice, it is told once.
        await make_relay(api.parts).drain()
    items = (await api.get("lan", "/v1/inbox")).json()["items"]
    return sorted((item["message"], item["link"]) for item in items)


@pytest.mark.proves("SEC-77")
async def test_each_answer_is_told_once_and_says_nothing_of_what_was_asked(api: Api) -> None:
    body = {"kind": "rectification", "wish": "Sai ngày sinh trong hồ sơ"}
    request = await asked(api, MINE, json=body)
    assert await told(api) == []
    await answered(api, f"{MINE}/{request}", "acknowledgement", "extension", "fulfilment")
    assert await told(api) == [("privacy.request_answered", "/account/data-requests")] * 3
    erasure = await asked(api, "/v1/me/erasure-requests")
    await answered(api, f"/v1/me/erasure-requests/{erasure}", "refusal")
    assert (await told(api))[3:] == [("privacy.request_answered", "/account/erasure")], "sorted by where it leads"
    assert "ngày sinh" not in str(await api.parts.db["inbox"].find().to_list())


@pytest.mark.proves("SEC-76")
async def test_a_report_of_a_restricted_citizen_is_taken_without_its_exact_place(api: Api) -> None:
    request = await asked(api, MINE, json={"kind": "restriction", "wish": "Tạm ngừng"})
    await answered(api, f"{MINE}/{request}", "acknowledgement", "fulfilment")
    refused = await posted(api, "lan", a_report(**PLACE), **{"accept-language": "km"})
    assert_problem(refused, 409, "processing_restricted")
    assert "ដាក់កម្រិត" in refused.json()["detail"]
    assert (await posted(api, "lan", a_report())).status_code == 201
    assert (await api.call("lan", "DELETE", f"{MINE}/{request}")).is_success
    assert (await posted(api, "lan", a_report(**PLACE))).status_code == 201
