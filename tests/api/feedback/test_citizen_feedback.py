"""A citizen's reports, as the phone sends and sees them."""

from datetime import datetime, timedelta

import pytest

from kernel.ids import new_id
from tests.support.api import Api, assert_problem
from tests.support.callers import NAMES, NUMBERS
from tests.support.reports import (
    AT_A_PLACE,
    CONSENTED,
    ENOUGH,
    NO_PICTURE,
    PHONES,
    QUESTION,
    a_report,
    ahead,
    citizen,
    in_state,
    posted,
    seen,
    send,
    staff,
    uuid7,
)


async def test_a_report_comes_back_with_its_code_its_secret_and_both_promises(api: Api) -> None:
    answer = await posted(api, "lan", a_report(), **{"accept-language": "en"})
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert made["state"] == {"name": "received", "label": "Received", "open": True, "clock": "running"}
    assert made["code"].startswith("PA-")
    assert made["follow"]["code"] == made["code"]
    assert len(made["follow"]["secret"]) == 16
    dispatch, answered = made["promises"]
    assert (dispatch["what"], dispatch["firm"], answered["what"], answered["firm"]) == ("dispatch", True, "answer", False)
    assert datetime.fromisoformat(dispatch["dueAt"]) < datetime.fromisoformat(answered["dueAt"])
    assert "17/2022" in dispatch["basis"]
    assert made["commune"] == {"code": "32002", "label": "Phường An Xuyên"}
    assert [action["name"] for action in made["allowedActions"]] == ["withdraw"]
    assert [step["state"]["name"] for step in made["timeline"]] == ["received"]


@pytest.mark.proves("R-A2")
async def test_the_same_client_id_is_the_same_report_however_often_it_is_sent(api: Api) -> None:
    body = a_report()
    first = await posted(api, "lan", body)
    again = await posted(api, "lan", {**body, "clientId": body["clientId"].upper()})
    assert again.json() == first.json()
    assert len((await api.get("lan", "/v1/feedback")).json()["items"]) == 1
    other = await posted(api, "nam", {**a_report("nam"), "clientId": body["clientId"]})
    assert other.status_code == 201
    assert other.json()["id"] != first.json()["id"]


@pytest.mark.proves("R-A2")
async def test_twenty_phones_sending_the_same_report_at_once_make_one(api: Api) -> None:
    import asyncio

    body = a_report()
    answers = await asyncio.gather(*(posted(api, "lan", body) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert await api.parts.db["feedback"].count_documents({}) == 1


async def test_a_report_made_offline_keeps_when_it_was_seen(api: Api) -> None:
    observed = (api.parts.clock.now() - timedelta(days=2)).isoformat()
    report = await seen(api, await send(api, observedAt=observed))
    assert datetime.fromisoformat(report["observedAt"]) == datetime.fromisoformat(observed)
    assert datetime.fromisoformat(report["receivedAt"]) == api.parts.clock.now()
    later = (api.parts.clock.now() + timedelta(hours=2)).isoformat()
    assert_problem(await posted(api, "lan", a_report(observedAt=later)), 400, "observed_in_future")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"kind": "denunciation"}, 422, "wrong_door"),
        ({"category": "ideas"}, 400, "category_unknown"),
        ({"category": "no_such"}, 400, "category_unknown"),
        ({"commune": "99999"}, 400, "commune_unknown"),
        ({"commune": "ấp 3"}, 400, "invalid"),
        ({"contact": None}, 400, "contact_missing"),
        ({"place": {"lat": 9.17682, "lon": 105.15242}}, 400, "place_without_consent"),
        ({**AT_A_PLACE, "placeConsentText": None}, 400, "place_without_consent"),
        ({**AT_A_PLACE, "placeConsentText": "0123456789abcdef"}, 409, "consent_text_changed"),
        ({"uploads": ["u1"]}, 404, "upload_not_found"),
        ({"clientId": "0190a9a0-0000-4000-8000-000000000000"}, 400, "invalid"),
        ({"text": "ngắn"}, 400, "invalid"),
        ({"text": "\u200b" * 12}, 400, "words_missing"),
        ({"urgency": "now"}, 400, "invalid"),
        ({"nonsense": 1}, 400, "invalid"),
    ],
)
async def test_what_cannot_be_taken_is_refused_by_name_and_nothing_is_kept(api: Api, change: dict, status: int, code: str) -> None:
    assert_problem(await posted(api, "lan", a_report(**change)), status, code)
    assert await api.parts.db["feedback"].count_documents({}) == 0


async def test_the_right_door_is_told_before_anything_is_written_and_again_when_the_wrong_one_was_taken(api: Api) -> None:
    doors = (await api.get("", "/v1/feedback/doors", headers={"accept-language": "en"})).json()["doors"]
    assert {door["kind"]: door["openHere"] for door in doors} == {
        "field_report": True,
        "idea": True,
        "procedure_complaint": True,
        "denunciation": False,
    }
    assert "address" in next(door for door in doors if door["kind"] == "procedure_complaint")
    refused = await posted(api, "lan", a_report(kind="denunciation"))
    [where] = refused.json()["errors"]
    assert (where["pointer"], where["code"]) == ("/kind", "wrong_door")


async def test_an_exact_place_is_taken_with_consent_and_seen_by_its_citizen_and_the_agency_alone(api: Api) -> None:
    place = {"lat": 9.176912, "lon": 105.152431, "accuracy": 12.5}
    feedback = await send(api, place=place, **CONSENTED)
    assert (await seen(api, feedback))["place"] == place
    [kept] = await api.parts.db["consents"].find({"purpose": "precise_place"}).to_list()
    assert (kept["granted"], kept["text_version"]) == (True, CONSENTED["placeConsentText"])
    assert (await api.get("minh", f"/v1/staff/feedback/{feedback}")).json()["place"] == place
    assert "9.1769" not in (await api.get("minh", "/v1/staff/feedback")).text
    assert_problem(await api.get("nam", f"/v1/feedback/{feedback}"), 404, "feedback_not_found")


@pytest.mark.proves("SEC-72")
async def test_on_disk_there_is_neither_a_name_nor_a_phone_nor_a_word_nor_a_place(api: Api) -> None:
    await in_state(api, "reopen_requested", place={"lat": 9.176912, "lon": 105.152431}, **CONSENTED)
    stored = str(await api.parts.db["feedback"].find().to_list())
    for word in (
        NAMES["lan"],
        PHONES["lan"],
        NUMBERS["lan"],
        "9.1769",
        "Đèn đường",
        "nhà văn hóa",
        ENOUGH,
        "chưa sáng",
        NO_PICTURE,
    ):
        assert word not in stored


async def test_the_list_is_mine_and_begins_with_the_latest_change(api: Api) -> None:
    first = await send(api)
    ahead(api, minutes=1)
    second = await send(api)
    await send(api, "nam")
    ahead(api, minutes=1)
    await citizen(api, "lan", first, "withdraw")
    page = (await api.get("lan", "/v1/feedback?limit=1")).json()
    assert [item["id"] for item in page["items"]] == [first]
    rest = (await api.get("lan", f"/v1/feedback?limit=5&cursor={page['nextCursor']}")).json()
    assert [item["id"] for item in rest["items"]] == [second]
    assert "nextCursor" not in rest


async def test_a_question_pauses_the_promise_and_the_reply_lets_it_run_again(api: Api) -> None:
    feedback = await in_state(api, "in_progress")
    due = datetime.fromisoformat((await seen(api, feedback))["dueAt"])
    ahead(api, minutes=30)
    assert (await staff(api, "hoa", feedback, "ask", publicText=QUESTION)).status_code == 200
    waiting = await seen(api, feedback)
    assert (waiting["state"]["name"], waiting["state"]["clock"], waiting["overdue"]) == ("awaiting_reporter", "paused", False)
    assert "dueAt" not in waiting
    assert [action["name"] for action in waiting["allowedActions"]] == ["reply"]
    assert waiting["timeline"][-1]["text"] == QUESTION
    ahead(api, days=3)
    replied = await citizen(api, "lan", feedback, "messages", text="Cột số 12, cạnh quán cà phê")
    assert replied.status_code == 201, replied.text
    after = await seen(api, feedback)
    assert after["state"]["name"] == "in_progress"
    assert datetime.fromisoformat(after["dueAt"]) == due + timedelta(days=3)
    assert after["timeline"][-1]["text"] == "Cột số 12, cạnh quán cà phê"


async def test_a_message_nobody_asked_for_and_a_late_withdrawal_are_no_steps_of_the_table(api: Api) -> None:
    feedback = await in_state(api, "in_progress")
    assert_problem(await citizen(api, "lan", feedback, "messages", text="Xin hỏi thăm"), 409, "move_not_allowed")
    assert_problem(await citizen(api, "lan", feedback, "withdraw"), 409, "move_not_allowed")


async def test_an_answer_is_rated_once_and_a_new_answer_anew(api: Api) -> None:
    feedback = await in_state(api, "in_progress")
    assert_problem(await citizen(api, "lan", feedback, "rating", liked=True), 409, "not_to_be_rated")
    feedback = await in_state(api, "answered")
    body = {"liked": False, "stars": 2, "reasons": ["not_solved", "not_solved"], "text": "Đèn chưa sáng", "mayCall": True}
    rated = await citizen(api, "lan", feedback, "rating", **body)
    assert rated.status_code == 201, rated.text
    [rating] = rated.json()["ratings"]
    assert (rating["liked"], rating["stars"], rating["mayCall"], rating["text"]) == (False, 2, True, "Đèn chưa sáng")
    assert [reason["code"] for reason in rating["reasons"]] == ["not_solved"]
    assert "rate" not in [action["name"] for action in rated.json()["allowedActions"]]
    assert_problem(await citizen(api, "lan", feedback, "rating", liked=True), 409, "rated_already")
    await citizen(api, "lan", feedback, "reopen", reason="Đèn vẫn chưa sáng, xin xem lại")
    await staff(api, "hoa", feedback, "answer", publicText=ENOUGH, whyNoPicture=NO_PICTURE)
    assert (await citizen(api, "lan", feedback, "rating", liked=True, stars=5)).status_code == 201
    assert [rating["round"] for rating in (await seen(api, feedback))["ratings"]] == [1, 2]


@pytest.mark.parametrize(
    "body", [{}, {"liked": True, "stars": 0}, {"liked": True, "stars": 6}, {"liked": True, "reasons": ["other"]}]
)
async def test_a_rating_that_is_none_is_refused(api: Api, body: dict) -> None:
    feedback = await in_state(api, "answered")
    answer = await api.call("lan", "POST", f"/v1/feedback/{feedback}/rating", json=body)
    assert_problem(answer, 400, "invalid")


async def test_after_seven_days_an_answer_stands(api: Api) -> None:
    feedback = await in_state(api, "answered")
    ahead(api, days=7, seconds=1)
    assert [action["name"] for action in (await seen(api, feedback))["allowedActions"]] == ["rate"]
    late = await citizen(api, "lan", feedback, "reopen", reason="Đèn vẫn chưa sáng, xin xem lại")
    assert_problem(late, 409, "reopening_too_late")


async def test_what_is_the_offices_own_is_in_nothing_a_citizen_gets(api: Api) -> None:
    feedback = await in_state(api, "submitted_for_approval")
    await staff(api, "hoa", feedback, "notes", text="Người dân này hay phàn nàn")
    await staff(api, "minh", feedback, "send-back", reason="Viết lại cho rõ ràng hơn")
    for who, path in (("lan", "/v1/feedback"), ("lan", f"/v1/feedback/{feedback}")):
        text = (await api.get(who, path)).text
        for word in (
            "phàn nàn",
            "Viết lại",
            ENOUGH,
            "submitted",
            "assignee",
            "actor",
            "reporter",
            "seenBy",
            "notes",
            "draft",
            "desk",
        ):
            assert word not in text
    assert (await seen(api, feedback))["state"]["name"] == "in_progress"


async def test_a_report_of_others_and_one_that_never_was_cannot_be_told_apart(api: Api) -> None:
    feedback = await in_state(api, "answered")
    for step, body in (
        ("messages", {"text": "xin chào"}),
        ("withdraw", {}),
        ("reopen", {"reason": "một lý do đủ dài"}),
        ("rating", {"liked": True}),
    ):
        for target in (feedback, new_id()):
            assert_problem(await citizen(api, "nam", target, step, **body), 404, "feedback_not_found")


async def test_labels_follow_the_language_and_names_do_not(api: Api) -> None:
    feedback = await send(api, category="other", clientId=uuid7())
    for language, label in (("vi", "Lĩnh vực khác"), ("en", "Anything else")):
        shown = (await api.get("lan", f"/v1/feedback/{feedback}", headers={"accept-language": language})).json()
        assert shown["category"] == {"code": "other", "label": label}
