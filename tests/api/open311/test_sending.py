"""What a partner's app sends becomes a report like any other, with no more of a person in it than it needs."""

import uuid
from typing import Any

import pytest

from kernel.http.limits import LIMITS
from tests.support.api import Api
from tests.support.georeport import FORM, V2, code_of, post, publish, sent
from tests.support.parts import PARTNER, PARTNER_KEY
from tests.support.reports import AN_XUYEN, told

PERSON = {"first_name": "Lan", "last_name": "Nguyễn Thị", "phone": "0912 000 001", "email": "lan@example.org"}


async def token(api: Api, form: str = "json", key: str | None = None, **change: str | None) -> str:
    headers = {"idempotency-key": key} if key else {}
    answer = await post(api, sent(**change), form, **headers)
    assert answer.status_code == 201, answer.text
    [request] = answer.json()
    return str(request["token"])


async def stored(api: Api, feedback_id: str) -> dict[str, Any]:
    row = await api.parts.db["feedback"].find_one({"_id": feedback_id})
    assert row
    return dict(row)


async def seen_by_staff(api: Api, feedback_id: str) -> dict[str, Any]:
    answer = await api.get("minh", f"/v1/staff/feedback/{feedback_id}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_it_is_a_report_with_code_promises_event_and_record(api: Api) -> None:
    answer = await post(
        api, sent(**{"attribute[commune]": AN_XUYEN, "attribute[urgency][]": "urgent", "address_string": "Gần chợ"})
    )
    assert (answer.status_code, answer.headers["content-type"]) == (201, "application/json; charset=utf-8")
    [request] = answer.json()
    assert set(request) == {"token", "service_notice", "account_id"}, "a token, and therefore no service_request_id"
    row = await stored(api, request["token"])
    assert row["code"] in request["service_notice"]
    assert [promise["what"] for promise in row["promises"]] == ["dispatch"]
    assert [(step["move"], step["by"], step["actor"]) for step in row["timeline"]] == [("send", "citizen", PARTNER)]
    assert [event["kind"] for event in row["outbox"]] == ["feedback.received"]
    [act] = await api.parts.audit.trail.records.find({"object": f"feedback:{request['token']}"}).to_list()
    assert (act["action"], act["actor"]["id"], act["actor"]["kind"]) == ("feedback.sent", PARTNER, "system")
    assert "chợ" not in str(act)
    report = await seen_by_staff(api, request["token"])
    assert (report["text"], report["landmark"], report["urgency"]) == (
        "Đèn đường trước chợ không sáng đã ba đêm",
        "Gần chợ",
        "urgent",
    )
    assert report["category"]["code"] == "power_lighting"


@pytest.mark.proves("SEC-72")
async def test_a_place_is_kept_no_better_than_everybody_may_know_it(api: Api) -> None:
    feedback_id = await token(api)
    row = await stored(api, feedback_id)
    assert row["spot"]["coordinates"] == [105.152, 9.177]
    place = (await seen_by_staff(api, feedback_id))["place"]
    assert (place["lat"], place["lon"]) == (9.177, 105.152)
    assert "accuracy" not in place


@pytest.mark.proves("SEC-72")
async def test_whoever_sent_it_is_sealed_masked_and_told_nothing(api: Api) -> None:
    feedback_id = await token(api, **PERSON, device_id="d-1", account_id="a-1")
    row = await stored(api, feedback_id)
    assert "reporter" not in row
    assert row["anonymous_to_staff"] is False
    for word in ("Lan", "Nguyễn", "0912", "lan@example.org", "d-1", "a-1", "chợ"):
        assert word not in str(row), f"{word} lies in the clear"
    report = await seen_by_staff(api, feedback_id)
    assert "Nguyễn Thị Lan" not in str(report)
    unmasked = await api.call("minh", "POST", f"/v1/staff/feedback/{feedback_id}/unmask", json={"purpose": "feedback_handling"})
    assert (unmasked.json()["name"], unmasked.json()["phone"]) == ("Nguyễn Thị Lan", "0912 000 001")
    assert await told(api) == {}


async def test_half_an_address_of_a_person_is_none(api: Api) -> None:
    for half in ({"phone": "0912 000 001"}, {"first_name": "Lan"}, {}):
        row = await stored(api, await token(api, **half))
        assert row["anonymous_to_staff"] is True
        assert not {"reporter_name", "reporter_phone", "reporter"} & set(row)


async def test_a_token_has_an_id_once_the_report_is_public(api: Api) -> None:
    feedback_id = await token(api)
    address = f"{V2}/tokens/{feedback_id}"
    assert (await api.get("", f"{address}.json")).json() == [{"service_request_id": None, "token": feedback_id}]
    assert "<service_request_id /><token>" in (await api.get("", f"{address}.xml")).text
    await publish(api, feedback_id)
    code = await code_of(api, feedback_id)
    assert (await api.get("", f"{address}.json")).json() == [{"service_request_id": code, "token": feedback_id}]
    [told_now] = (await api.get("", f"{V2}/requests/{code}.json")).json()
    assert (told_now["lat"], told_now["long"]) == (9.177, 105.152)


async def test_its_code_and_secret_open_the_citizens_page(api: Api) -> None:
    [request] = (await post(api, sent())).json()
    row = await stored(api, request["token"])
    secret = request["service_notice"].split("mã bí mật ")[1].split(":")[0]
    followed = await api.call("", "POST", "/v1/feedback/follow", json={"code": row["code"], "secret": secret})
    assert followed.status_code == 200, followed.text


@pytest.mark.proves("R-A1", "I12")
async def test_the_same_sent_again_is_one_report_and_one_answer(api: Api) -> None:
    headers = {"idempotency-key": str(uuid.uuid4())}
    answers = [await post(api, sent(), **headers) for _ in range(3)]
    assert len({answer.content for answer in answers}) == 1
    assert await api.parts.db["feedback"].count_documents({}) == 1
    await token(api, key=str(uuid.uuid4()))
    assert await token(api) != await token(api), "without a key two are two"
    assert await api.parts.db["feedback"].count_documents({}) == 4


async def test_no_more_is_asked_than_the_specification_asks(api: Api) -> None:
    least = {"api_key": PARTNER_KEY, "service_code": "water", "address_string": "Đường Phan Ngọc Hiển"}
    [request] = (await post(api, least)).json()
    report = await seen_by_staff(api, request["token"])
    assert report["text"] == "Cấp thoát nước: (không có mô tả)"
    assert "place" not in report
    assert (await post(api, {**least, "address_string": "", "address_id": AN_XUYEN})).status_code == 201
    with_media = await token(api, media_url="https://photos.example/1.jpg", description="Rò")
    assert (await seen_by_staff(api, with_media))["text"] == "Điện, chiếu sáng: Rò\nhttps://photos.example/1.jpg"


async def test_the_answer_is_there_in_xml(api: Api) -> None:
    answer = await post(api, sent(), "xml")
    assert (answer.status_code, answer.headers["content-type"]) == (201, "text/xml; charset=utf-8")
    assert "<service_requests><request><token>" in answer.text
    assert "<account_id /></request></service_requests>" in answer.text


async def test_sending_has_a_limit_of_its_own(api: Api) -> None:
    handlers = [h for r in api.app.routes for h in getattr(r, "route_handlers", []) if h.operation_id == "sendOpen311Request"]
    assert handlers[0].opt[LIMITS] == ("open311",)
    answer = await api.call("", "POST", f"{V2}/requests.json", content=b"", headers=FORM)
    assert answer.headers["ratelimit-policy"].startswith('"open311"')
