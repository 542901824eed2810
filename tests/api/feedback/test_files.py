"""Files of reports: what a citizen sends, what an answer shows, who can load it; and writes on reports that are sent again."""

import uuid
from typing import Any

import pytest

from kernel.audit import AuditEntry
from kernel.errors import AuditUnavailable
from kernel.http.preconditions import version_of
from kernel.principal import Principal
from tests.support.api import Api, assert_problem
from tests.support.reports import ENOUGH, QUESTION, a_report, citizen, in_state, posted, seen, send, staff
from tests.support.samples import picture
from tests.support.tus import begun, uploaded


async def a_photo(api: Api, who: str = "lan", name: str = "den-duong.jpg", **facts: str) -> str:
    """An upload that has been checked; answers its id."""
    receipt = await uploaded(api, who, picture(), name, **facts)
    assert receipt["state"]["name"] == "ready", receipt
    return str(receipt["id"])


@pytest.mark.proves("SEC-56", "SEC-60")
async def test_a_photo_is_seen_and_loaded_by_its_citizen_and_by_the_office_and_by_nobody_else(api: Api) -> None:
    upload = await a_photo(api, purpose="feedback_report")
    feedback = await in_state(api, "assigned", uploads=[upload])
    report = await seen(api, feedback)
    [file] = report["files"]
    assert (file["id"], file["name"], file["mediaType"]) == (upload, "den-duong.jpg", "image/jpeg")
    assert file["href"] == f"/v1/feedback/{feedback}/files/{upload}"
    mine = await api.get("lan", file["href"])
    assert (mine.status_code, len(mine.content)) == (200, file["size"])
    assert mine.headers["content-disposition"].startswith("attachment")

    [shown] = (await api.get("hoa", f"/v1/staff/feedback/{feedback}")).json()["files"]
    theirs = await api.get("hoa", shown["href"])
    assert (theirs.status_code, theirs.content) == (200, mine.content)
    assert_problem(await api.get("nam", file["href"]), 404, "feedback_not_found")
    assert_problem(await api.get("phuc", shown["href"]), 404, "feedback_not_found")
    assert_problem(await api.get("lan", f"/v1/feedback/{feedback}/files/none"), 404, "feedback_file_not_found")
    receipt = (await api.get("lan", f"/v1/uploads/{upload}")).json()
    assert receipt["state"]["name"] == "attached"


@pytest.mark.proves("SEC-71")
async def test_no_file_leaves_for_an_official_before_it_is_on_record(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = await a_photo(api)
    feedback = await in_state(api, "assigned", uploads=[upload])
    href = f"/v1/staff/feedback/{feedback}/files/{upload}"
    recorded: list[AuditEntry] = []
    record = api.parts.audit.log.record

    async def listen(actor: Principal, entry: AuditEntry) -> None:
        recorded.append(entry)
        await record(actor, entry)

    async def no_record(*_: object, **__: object) -> None:
        raise AuditUnavailable

    monkeypatch.setattr(api.parts.audit.log, "record", listen)
    assert (await api.get("hoa", href)).status_code == 200
    assert [(entry.action, entry.fields) for entry in recorded] == [("feedback.file_downloaded", ("files",))]
    monkeypatch.setattr(api.parts.audit.log, "record", no_record)
    assert_problem(await api.get("hoa", href), 503, "audit_unavailable")


async def test_an_answer_shows_its_evidence_once_it_has_gone_out(api: Api) -> None:
    feedback = await in_state(api, "in_progress", category="law_violation")
    evidence = await a_photo(api, "hoa", "da-sua.jpg", purpose="feedback_answer")
    answered = await staff(api, "hoa", feedback, "answer", publicText=ENOUGH, uploads=[evidence])
    assert answered.status_code == 200, answered.text
    [waiting] = answered.json()["draft"]["files"]
    assert (await api.get("minh", waiting["href"])).status_code == 200
    href = f"/v1/feedback/{feedback}/files/{evidence}"
    assert_problem(await api.get("lan", href), 404, "feedback_file_not_found")
    assert (await staff(api, "minh", feedback, "approve")).status_code == 200
    last = (await seen(api, feedback))["timeline"][-1]
    assert [(file["name"], file["href"]) for file in last["files"]] == [("da-sua.jpg", href)]
    assert (await api.get("lan", href)).status_code == 200


@pytest.mark.proves("SEC-56")
async def test_a_report_takes_five_files_of_its_citizen_in_all(api: Api) -> None:
    uploads = [await a_photo(api) for _ in range(6)]
    assert_problem(await posted(api, "lan", a_report(uploads=uploads)), 400, "invalid")
    feedback = await in_state(api, "awaiting_reporter", uploads=uploads[:4])
    two = await citizen(api, "lan", feedback, "messages", text="Ảnh cột đèn", uploads=uploads[4:])
    assert_problem(two, 422, "too_many_files")
    assert (await citizen(api, "lan", feedback, "messages", text="Ảnh cột đèn", uploads=uploads[4:5])).status_code == 201
    [replied] = [step for step in (await seen(api, feedback))["timeline"] if step.get("text") == "Ảnh cột đèn"]
    assert [file["id"] for file in replied["files"]] == uploads[4:5]


async def test_what_is_somebody_elses_or_for_something_else_or_not_ready_is_not_taken(api: Api) -> None:
    theirs, other_purpose = await a_photo(api, "nam"), await a_photo(api, purpose="dossier_paper")
    unfinished = (await begun(api, "lan", 10)).rpartition("/")[2]
    for upload, status, code in (
        (theirs, 404, "upload_not_found"),
        (other_purpose, 409, "upload_purpose_differs"),
        (unfinished, 409, "upload_not_ready"),
    ):
        assert_problem(await posted(api, "lan", a_report(uploads=[upload])), status, code)
    used = await a_photo(api)
    await send(api, uploads=[used])
    assert_problem(await posted(api, "lan", a_report(uploads=[used])), 409, "upload_attached")


async def forget_answers(api: Api) -> None:
    """As if every process had died between its write and its answer, and the leases had run out since."""
    await api.parts.db["idempotency_keys"].update_many({}, {"$unset": {"answer": ""}, "$set": {"token": "of the dead"}})


@pytest.mark.proves("R-A1", "R-A2")
async def test_a_report_with_a_photo_whose_answer_was_lost_is_one_report_with_one_photo(api: Api) -> None:
    body, key = a_report(uploads=[await a_photo(api)]), str(uuid.uuid4())
    first = await posted(api, "lan", body, **{"idempotency-key": key})
    again = await posted(api, "lan", body, **{"idempotency-key": key})
    assert (first.status_code, first.content) == (201, again.content)
    assert again.headers["idempotency-replayed"] == "true"
    await forget_answers(api)
    third = await posted(api, "lan", body, **{"idempotency-key": key})
    assert (third.status_code, third.json()["id"]) == (201, first.json()["id"])
    assert len(third.json()["files"]) == 1
    without = await api.call("lan", "POST", "/v1/feedback", json=body)
    assert_problem(without, 400, "idempotency_key_missing")


STEPS: list[tuple[str, str, str, dict[str, Any]]] = [
    ("awaiting_reporter", "lan", "messages", {"text": "Cột số 12"}),
    ("answered", "lan", "reopen", {"reason": "Đèn vẫn chưa sáng, xin xem lại"}),
    ("answered", "lan", "rating", {"liked": True}),
    ("received", "lan", "withdraw", {}),
    ("received", "minh", "classify", {}),
    ("in_progress", "hoa", "ask", {"publicText": QUESTION}),
    ("in_progress", "hoa", "answer", {"publicText": ENOUGH, "whyNoPicture": "Trời mưa lớn nên chưa chụp được"}),
    ("assigned", "hoa", "notes", {"text": "Đã gọi Điện lực"}),
]


@pytest.mark.proves("R-A1", "R-A3")
@pytest.mark.parametrize(("state", "who", "step", "body"), STEPS, ids=[step for _, _, step, _ in STEPS])
async def test_a_step_whose_answer_was_lost_is_taken_once(api: Api, state: str, who: str, step: str, body: dict[str, Any]) -> None:
    feedback = await in_state(api, state)
    place = "/v1/feedback" if who == "lan" else "/v1/staff/feedback"
    version = (await api.get(who, f"{place}/{feedback}")).json()["version"]
    seen_version = {"if-match": f'"{version}"'} if who != "lan" and step != "notes" else {}
    headers = {"idempotency-key": str(uuid.uuid4()), **seen_version}
    sent = {"json": body} if body or who != "lan" else {}
    first = await api.call(who, "POST", f"{place}/{feedback}/{step}", headers=headers, **sent)
    assert first.status_code in (200, 201), first.text
    await forget_answers(api)
    again = await api.call(who, "POST", f"{place}/{feedback}/{step}", headers=headers, **sent)
    assert again.status_code == first.status_code, again.text
    for part in ("version", "timeline", "ratings", "notes"):
        assert again.json().get(part) == first.json().get(part)


@pytest.mark.proves("R-A3")
async def test_who_saw_an_older_version_is_told_the_present_one_and_gets_their_words_back(api: Api) -> None:
    feedback = await in_state(api, "in_progress")
    tag = (await api.get("hoa", f"/v1/staff/feedback/{feedback}")).headers["etag"]
    assert (await staff(api, "minh", feedback, "forward", publicText=ENOUGH)).status_code == 200
    body = {"publicText": ENOUGH, "whyNoPicture": "Trời mưa lớn nên chưa chụp được"}
    late = await api.call("hoa", "POST", f"/v1/staff/feedback/{feedback}/answer", json=body, headers={"if-match": tag})
    problem = assert_problem(late, 412, "precondition_failed")
    present = (await api.get("hoa", f"/v1/staff/feedback/{feedback}")).json()["version"]
    assert version_of(late.headers["etag"]) == present
    assert problem["errors"] == [{"pointer": "/publicText", "code": "not_sent", "detail": ENOUGH}]


@pytest.mark.proves("R-B2")
async def test_a_phone_hears_of_its_reports_and_of_what_they_were_merged_into(api: Api) -> None:
    first, second = await in_state(api, "in_progress"), await send(api, "nam")
    page = (await api.get("nam", "/v1/sync")).json()
    assert [copy["id"] for copy in page["changes"]["feedback"]["upserted"]] == [second]
    assert "overdue" not in page["changes"]["feedback"]["upserted"][0]
    await staff(api, "minh", second, "merge", into=first)
    page = (await api.get("nam", f"/v1/sync?since={page['nextSince']}")).json()
    [merged] = page["changes"]["feedback"]["upserted"]
    assert (merged["id"], merged["state"]["name"]) == (second, "merged")
    before = (await api.get("nam", f"/v1/feedback/{second}")).headers["etag"]
    await staff(api, "hoa", first, "answer", publicText=ENOUGH, whyNoPicture="Trời mưa lớn nên chưa chụp được")
    after = await api.get("nam", f"/v1/feedback/{second}", headers={"if-none-match": before})
    assert (after.status_code, after.json()["continuedBy"]["answer"]) == (200, ENOUGH)
    assert "feedback" not in (await api.get("hoa", "/v1/sync")).text
