"""What staff see and do: queues by agency, the reporter behind a mask, notes that stay inside, answers with evidence."""

import asyncio
from itertools import pairwise
from typing import Any

import pytest

from kernel.errors import AuditUnavailable
from kernel.ids import new_id
from tests.support.api import Api, assert_problem
from tests.support.callers import NAMES
from tests.support.officials import CENTRE, WARD
from tests.support.reports import (
    ENOUGH,
    NO_PICTURE,
    QUESTION,
    ahead,
    citizen,
    in_state,
    seen,
    send,
    staff,
)


async def queue(api: Api, who: str, query: str = "") -> list[dict[str, Any]]:
    """Every item of the queue, page by page."""
    found, cursor = [], ""
    while True:
        answer = await api.get(who, f"/v1/staff/feedback?limit=2&{query}" + (f"&cursor={cursor}" if cursor else ""))
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        if not (cursor := answer.json().get("nextCursor", "")):
            return found


async def test_what_is_due_first_stands_first_and_what_waits_for_the_citizen_last(api: Api) -> None:
    waiting = await in_state(api, "awaiting_reporter")
    ahead(api, minutes=1)
    calm = await send(api)
    ahead(api, minutes=1)
    urgent = await send(api, urgency="urgent")
    complaint = await send(api, kind="procedure_complaint")
    listed = await queue(api, "yen")
    assert listed[-1]["id"] == waiting
    assert {item["id"] for item in listed} == {waiting, calm, urgent, complaint}
    due = [item["dueAt"] for item in listed[:-1]]
    assert due == sorted(due)
    assert all(before["id"] != after["id"] for before, after in pairwise(listed))


@pytest.mark.proves("SEC-48")
async def test_an_agency_sees_what_it_was_given_and_the_desk_what_arrives(api: Api) -> None:
    new, given = await send(api), await in_state(api, "assigned")
    elsewhere = await in_state(api, "classified")
    assert (await staff(api, "minh", elsewhere, "assign", agency=WARD)).status_code == 200
    everything = {new, given, elsewhere}
    for who, sees in (
        *(("yen", everything), ("minh", everything)),
        *(("hoa", {given}), ("be", {given}), ("phuc", {elsewhere})),
    ):
        assert {item["id"] for item in await queue(api, who)} == sees, who
        for feedback in everything:
            answer = await api.get(who, f"/v1/staff/feedback/{feedback}")
            assert answer.status_code == (200 if feedback in sees else 404), (who, feedback)


async def test_a_queue_is_filtered_by_state_category_agency_and_what_nobody_has_begun(api: Api) -> None:
    answered = await in_state(api, "answered")
    begun, waiting = await in_state(api, "in_progress"), await in_state(api, "assigned", category="health")
    for query, found in (
        ("", {begun, waiting}),
        ("state=answered", {answered}),
        ("state=nonsense", set()),
        ("category=health", {waiting}),
        ("unassigned=true", {waiting}),
        (f"agency={WARD}", set()),
        (f"agency={CENTRE}&category=power_lighting", {begun}),
    ):
        assert {item["id"] for item in await queue(api, "yen", query)} == found, query


async def test_a_queue_names_nobody_and_opens_nothing(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    await send(api)

    async def closed(*_: Any) -> None:
        raise AssertionError("a queue has nothing to open")

    monkeypatch.setattr(api.parts.vault, "_opened", closed)
    text = (await api.get("yen", "/v1/staff/feedback")).text
    assert "reporter" not in text


async def test_the_reporter_is_masked_until_somebody_says_what_for_and_the_citizen_reads_that(api: Api) -> None:
    feedback = await in_state(api, "in_progress")
    shown = (await api.get("hoa", f"/v1/staff/feedback/{feedback}")).json()
    assert shown["reporter"] == {"anonymous": False, "name": "N. T. L.", "phone": "091*******01"}
    assert_problem(await staff(api, "hoa", feedback, "unmask", purpose="curiosity"), 400, "invalid")
    lifted = await staff(api, "hoa", feedback, "unmask", purpose="citizen_service")
    assert lifted.json() == {"name": NAMES["lan"], "phone": "0912 000 001"}
    log = (await api.get("lan", "/v1/me/access-log?limit=100", headers={"accept-language": "en"})).json()["items"]
    looks = [item for item in log if item["object"] == f"feedback:{feedback}" and item["action"]["code"] == "feedback.unmasked"]
    [look] = looks
    assert look["purpose"] == {"code": "citizen_service", "label": "Answering the citizen"}
    assert [field["code"] for field in look["fields"]] == ["reporter_name", "reporter_phone"]


@pytest.mark.proves("SEC-71")
async def test_without_a_record_nothing_is_shown_and_nothing_done(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    feedback = await in_state(api, "in_progress")

    async def no_record(*_: Any) -> None:
        raise AuditUnavailable

    with monkeypatch.context() as broken:
        broken.setattr(api.parts.audit.log, "record", no_record)
        answers = [
            await api.get("hoa", f"/v1/staff/feedback/{feedback}"),
            await staff(api, "hoa", feedback, "unmask", purpose="citizen_service"),
            await staff(api, "hoa", feedback, "answer", publicText=ENOUGH, whyNoPicture=NO_PICTURE),
            await staff(api, "hoa", feedback, "notes", text="Đã gọi điện"),
        ]
    for answer in answers:
        assert_problem(answer, 503, "audit_unavailable")
        assert NAMES["lan"] not in answer.text
    shown = (await api.get("hoa", f"/v1/staff/feedback/{feedback}")).json()
    assert (shown["state"]["name"], shown["notes"]) == ("in_progress", [])


async def test_whoever_is_anonymous_to_staff_stays_so_and_left_nothing_to_find(api: Api) -> None:
    feedback = await in_state(api, "in_progress", anonymousToStaff=True)
    assert (await api.get("hoa", f"/v1/staff/feedback/{feedback}")).json()["reporter"] == {"anonymous": True}
    assert_problem(await staff(api, "hoa", feedback, "unmask", purpose="citizen_service"), 403, "reporter_stays_anonymous")
    row = await api.parts.db["feedback"].find_one({"_id": feedback})
    assert row
    assert not {"reporter_name", "reporter_phone"} & set(row)


async def test_a_report_from_the_field_is_answered_with_a_picture_or_a_reason_in_words_that_say_something(api: Api) -> None:
    feedback = await in_state(api, "in_progress")
    for body, status, code in (
        ({"publicText": "Đã xử lý", "whyNoPicture": NO_PICTURE}, 400, "words_missing"),
        ({"publicText": ENOUGH}, 422, "evidence_missing"),
        ({"publicText": ENOUGH, "whyNoPicture": "mưa"}, 422, "evidence_missing"),
        ({"publicText": ENOUGH, "uploads": ["u1"]}, 404, "upload_not_found"),
    ):
        assert_problem(await staff(api, "hoa", feedback, "answer", **body), status, code)
    assert (await staff(api, "hoa", feedback, "answer", publicText=ENOUGH, whyNoPicture=NO_PICTURE)).status_code == 200
    [*_, last] = (await seen(api, feedback))["timeline"]
    assert (last["text"], last["whyNoPicture"], last["officer"]) == (ENOUGH, NO_PICTURE, "Trần Thị Hòa")


async def test_an_idea_needs_no_picture_but_a_second_pair_of_eyes(api: Api) -> None:
    feedback = await in_state(api, "in_progress", kind="idea", category="ideas")
    # The leader writes it: then another leader has to look.
    assert (await staff(api, "minh", feedback, "answer", publicText=ENOUGH)).json()["state"]["name"] == "submitted_for_approval"
    assert_problem(await staff(api, "minh", feedback, "approve"), 403, "second_pair_of_eyes")
    assert "text" not in (await seen(api, feedback))["timeline"][-1]
    back = await staff(api, "minh", feedback, "send-back", reason="Viết lại cho rõ ràng hơn")
    assert [note["text"] for note in back.json()["notes"]] == ["Viết lại cho rõ ràng hơn", ENOUGH]
    await staff(api, "hoa", feedback, "answer", publicText=ENOUGH)
    assert (await staff(api, "minh", feedback, "approve")).json()["state"]["name"] == "answered"
    [*_, last] = (await seen(api, feedback))["timeline"]
    assert (last["text"], last["officer"]) == (ENOUGH, "Lê Văn Minh")


async def test_allowed_actions_are_exactly_the_steps_that_succeed(api: Api) -> None:
    feedback = await in_state(api, "in_progress")
    for who, names in (
        ("hoa", ["ask_reporter", "forward", "answer", "merge"]),
        ("minh", ["assign", "ask_reporter", "forward", "answer", "merge"]),
        ("be", []),
    ):
        shown = (await api.get(who, f"/v1/staff/feedback/{feedback}")).json()
        assert [action["name"] for action in shown["allowedActions"]] == names
    other = await in_state(api, "in_progress", category="law_violation")
    shown = (await api.get("hoa", f"/v1/staff/feedback/{other}")).json()
    assert "submit_answer" in [action["name"] for action in shown["allowedActions"]]


async def test_calling_it_urgent_shortens_the_promise_and_calling_it_normal_again_does_not_lengthen_it(api: Api) -> None:
    feedback = await send(api)
    await staff(api, "yen", feedback, "classify", urgency="urgent")
    urgent = (await seen(api, feedback))["dueAt"]
    shown = (await api.get("minh", f"/v1/staff/feedback/{feedback}")).json()
    assert (shown["escalated"], shown["escalatedWhy"]) == (True, "urgent"), "the leader is told at once"
    await staff(api, "yen", feedback, "classify", urgency="normal")
    assert (await seen(api, feedback))["dueAt"] == urgent


async def test_the_rules_suggest_an_agency_and_the_dispatcher_has_the_last_word(api: Api) -> None:
    feedback = await send(api)
    shown = (await staff(api, "yen", feedback, "classify", category="health")).json()
    assert (shown["category"]["code"], shown["suggestedAgency"]["code"]) == ("health", "H12.6")
    assert_problem(await staff(api, "yen", feedback, "classify", category="ideas"), 400, "category_unknown")
    assert_problem(await staff(api, "yen", feedback, "classify", agency="H99"), 400, "agency_unknown")
    assert_problem(await staff(api, "yen", feedback, "assign", agency="H99"), 400, "agency_unknown")
    assert (await staff(api, "yen", feedback, "classify", agency=CENTRE)).json()["suggestedAgency"]["code"] == CENTRE
    assert (await staff(api, "yen", feedback, "assign")).json()["agency"]["code"] == CENTRE


async def test_nobody_on_duty_is_seen_heard_and_passes_when_somebody_is(api: Api) -> None:
    feedback = await in_state(api, "classified")
    nowhere = (await staff(api, "yen", feedback, "assign", agency="H12.7")).json()
    assert nowhere["nobodyOnDuty"] is True
    row = await api.parts.db["feedback"].find_one({"_id": feedback})
    assert row
    [event] = [entry for entry in row["outbox"] if entry["kind"] == "feedback.nobody_on_duty"]
    assert (event["agency"], event["roles"]) == ("H12.7", ["handler", "approver"])
    assert (await staff(api, "yen", feedback, "assign", agency=CENTRE)).json()["nobodyOnDuty"] is False


async def test_turning_away_names_a_reason_and_shows_the_door(api: Api) -> None:
    refused, shown_on = await send(api), await send(api)
    words = "Sự việc xảy ra ở tỉnh khác, mời gửi nơi đó."
    assert (await staff(api, "yen", refused, "reject", reason="outside_the_province", publicText=words)).status_code == 200
    assert (await staff(api, "yen", shown_on, "redirect", door="procedure_complaint", publicText=words)).status_code == 200
    for feedback, state, code in ((refused, "rejected", "outside_the_province"), (shown_on, "redirected", "procedure_complaint")):
        report = await seen(api, feedback)
        assert (report["state"]["name"], report["state"]["open"]) == (state, False)
        assert (report["timeline"][-1]["reason"]["code"], report["timeline"][-1]["text"]) == (code, words)
        assert [action["name"] for action in report["allowedActions"]] == ["rate"]
    assert_problem(await staff(api, "yen", await send(api), "reject", reason="abusive", publicText="Không"), 400, "words_missing")


async def test_notes_are_read_by_colleagues_in_the_order_they_were_written(api: Api) -> None:
    feedback = await in_state(api, "in_progress")
    for who, text in (("hoa", "Đã gọi Điện lực"), ("minh", "Nhớ chụp ảnh")):
        ahead(api, seconds=1)
        await staff(api, who, feedback, "notes", text=text)
    notes = (await api.get("be", f"/v1/staff/feedback/{feedback}")).json()["notes"]
    assert [(note["officer"], note["text"]) for note in notes] == [
        ("Trần Thị Hòa", "Đã gọi Điện lực"),
        ("Lê Văn Minh", "Nhớ chụp ảnh"),
    ]
    stored = str(await api.parts.db["feedback_notes"].find().to_list())
    assert "Điện lực" not in stored


async def test_what_somebody_changed_meanwhile_is_not_overwritten(api: Api) -> None:
    feedback = await in_state(api, "in_progress")
    version = (await api.get("hoa", f"/v1/staff/feedback/{feedback}")).json()["version"]
    assert (await staff(api, "minh", feedback, "ask", publicText=QUESTION, version=version)).status_code == 200
    for step, body in (
        ("answer", {"publicText": ENOUGH, "whyNoPicture": NO_PICTURE}),
        ("start", {}),
        ("merge", {"into": new_id()}),
    ):
        assert_problem(await staff(api, "hoa", feedback, step, version=version, **body), 412, "precondition_failed")


async def test_of_fifty_officers_who_answer_at_once_one_does_and_the_others_are_told_to_look_again(api: Api) -> None:
    feedback = await in_state(api, "in_progress")
    version = (await api.get("hoa", f"/v1/staff/feedback/{feedback}")).json()["version"]
    texts = [f"{ENOUGH} Tổ sửa chữa số {n}." for n in range(50)]
    who = ["hoa", "minh"] * 25
    answers = await asyncio.gather(
        *(
            staff(api, name, feedback, "answer", publicText=text, whyNoPicture=NO_PICTURE, version=version)
            for name, text in zip(who, texts, strict=True)
        )
    )
    won = [n for n, answer in enumerate(answers) if answer.status_code == 200]
    assert len(won) == 1
    for n, answer in enumerate(answers):
        if n not in won:
            problem = assert_problem(answer, 412, "precondition_failed")
            assert problem["errors"] == [{"pointer": "/publicText", "code": "not_sent", "detail": texts[n]}], (
                "nothing typed is lost"
            )
    report = await seen(api, feedback)
    assert [step["text"] for step in report["timeline"] if step["state"]["name"] == "answered"] == [texts[won[0]]]


async def test_a_report_merged_into_another_is_carried_along_and_its_citizen_reads_the_answer(api: Api) -> None:
    first, second, third = await in_state(api, "in_progress"), await send(api, "nam"), await send(api)
    for feedback in (second, third):
        assert (await staff(api, "minh", feedback, "merge", into=first)).status_code == 200
    shown = (await api.get("hoa", f"/v1/staff/feedback/{first}")).json()
    assert shown["followers"] == 1, "lan follows her own report anyway"
    await staff(api, "hoa", first, "answer", publicText=ENOUGH, whyNoPicture=NO_PICTURE)
    merged = await seen(api, second, "nam")
    assert merged["state"]["name"] == "merged"
    assert merged["continuedBy"]["answer"] == ENOUGH
    assert merged["continuedBy"]["state"]["name"] == "answered"
    assert NAMES["lan"] not in str(merged)
    for into in (second, first, new_id()):
        refused = await staff(api, "minh", await send(api), "merge", into=into)
        assert refused.json()["code"] in ("merge_not_possible", "feedback_not_found")
    alone = await send(api)
    assert_problem(await staff(api, "minh", alone, "merge", into=alone), 409, "merge_not_possible")


async def test_a_chain_of_merges_ends_at_the_last_report(api: Api) -> None:
    one, two, three = await send(api, "nam"), await send(api), await in_state(api, "in_progress")
    await staff(api, "minh", one, "merge", into=two)
    await staff(api, "minh", two, "merge", into=three)
    await staff(api, "hoa", three, "answer", publicText=ENOUGH, whyNoPicture=NO_PICTURE)
    assert (await seen(api, one, "nam"))["continuedBy"]["answer"] == ENOUGH


async def test_a_citizens_withdrawal_and_an_officers_step_do_not_both_happen(api: Api) -> None:
    feedback = await in_state(api, "assigned")
    taken, withdrawn = await asyncio.gather(staff(api, "hoa", feedback, "start"), citizen(api, "lan", feedback, "withdraw"))
    assert sorted([taken.status_code, withdrawn.status_code]) == [200, 409]


async def test_the_queue_and_the_citizens_list_are_index_ranges_and_sort_nothing(api: Api) -> None:
    from backend.feedback import queries
    from backend.feedback.documents import visible_to
    from tests.support.officials import HOA, MINH
    from tests.support.officials import citizen as a_citizen

    await in_state(api, "in_progress")
    for wanted, sort in (
        (visible_to(a_citizen()), queries._LATEST_FIRST),
        (queries.queue_filter(HOA), queries._DUE_FIRST),
        (queries.queue_filter(MINH, state="received", category="health"), queries._DUE_FIRST),
    ):
        plan = await api.parts.db["feedback"].find(wanted).sort(sort).limit(21).explain()
        stages = str(plan["queryPlanner"]["winningPlan"])
        assert "IXSCAN" in stages
        assert "COLLSCAN" not in stages
        assert "'stage': 'SORT'" not in stages, stages
