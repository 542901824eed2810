"""The story of a light that stays dark: answered, reopened, answered, before the leader, and the last word; with each notice."""

from datetime import datetime, timedelta

from backend.app.worker import make_relay
from backend.feedback.jobs import look_at_the_clock
from kernel.state_calendar import calendar_at
from tests.support.api import Api, assert_problem
from tests.support.reports import ENOUGH, NO_PICTURE, QUESTION, ahead, citizen, in_state, seen, send, staff, told

REASON = "Đèn vẫn chưa sáng, xin xem lại giúp"


async def news(api: Api, known: set[str], who: str = "lan") -> list[str]:
    """The messages that are new in the inbox since last asked; every notice leads to a report."""
    await make_relay(api.parts).drain()
    notices = await told(api, who)
    new = [notices[notice] for notice in notices.keys() - known]
    known.update(notices)
    assert all(link.startswith("/feedback/") for _, link in new)
    return sorted(message for message, _ in new)


async def clock_looks(api: Api) -> int:
    now = api.parts.clock.now()
    return await look_at_the_clock(now, calendar_at(now))


async def test_a_dissatisfied_citizen_is_heard_to_the_end(api: Api) -> None:
    known: set[str] = set()
    feedback = await send(api)
    assert await news(api, known) == ["feedback.received"]
    await staff(api, "yen", feedback, "classify")
    assert await news(api, known) == [], "how the office sorts its work is its own business"
    await staff(api, "yen", feedback, "assign", agency="H12.13")
    assert await news(api, known) == ["feedback.assigned"]
    await staff(api, "hoa", feedback, "start")
    await staff(api, "hoa", feedback, "ask", publicText=QUESTION)
    assert await news(api, known) == ["feedback.more_info"]
    await citizen(api, "lan", feedback, "messages", text="Cột số 12")
    await staff(api, "hoa", feedback, "answer", publicText=ENOUGH, whyNoPicture=NO_PICTURE)
    assert await news(api, known) == ["feedback.answered"]
    await citizen(api, "lan", feedback, "rating", liked=False, stars=1, reasons=["not_solved"])

    # It is not true: it is open again, by right, with a new promise.
    ahead(api, days=2)
    again = await citizen(api, "lan", feedback, "reopen", reason=REASON)
    assert (again.json()["state"]["name"], again.json()["round"]) == ("reopened", 2)
    assert datetime.fromisoformat(again.json()["dueAt"]) > api.parts.clock.now()
    assert await news(api, known) == ["feedback.reopened_ack"]
    await staff(api, "hoa", feedback, "answer", publicText=ENOUGH, whyNoPicture=NO_PICTURE)
    assert await news(api, known) == ["feedback.answered"]

    # And again not: now it lies before the leader, whom the office that answered cannot go round.
    ahead(api, days=2)
    twice = await citizen(api, "lan", feedback, "reopen", reason=REASON)
    assert twice.json()["state"]["name"] == "reopen_requested"
    assert await news(api, known) == ["feedback.reopened_ack"]
    row = (await api.get("minh", f"/v1/staff/feedback/{feedback}")).json()
    assert (row["escalated"], row["escalatedWhy"]) == (True, "reopened_again")
    assert_problem(await staff(api, "hoa", feedback, "reopening", grant=False, publicText=ENOUGH), 403, "role_missing")
    assert_problem(await staff(api, "minh", feedback, "reopening", grant=False), 400, "words_missing")
    granted = await staff(api, "minh", feedback, "reopening", grant=True)
    assert (granted.json()["state"]["name"], granted.json()["round"]) == ("reopened", 3)
    assert await news(api, known) == ["feedback.reopened_ack"]
    await staff(api, "hoa", feedback, "answer", publicText=ENOUGH, whyNoPicture=NO_PICTURE)
    assert await news(api, known) == ["feedback.answered"]

    # A third time there is none, and after a week the clock closes it without another word.
    assert_problem(await citizen(api, "lan", feedback, "reopen", reason=REASON), 409, "reopenings_spent")
    ahead(api, days=7, minutes=1)
    assert await clock_looks(api) == 1
    end = await seen(api, feedback)
    assert (end["state"]["name"], [step["by"] for step in end["timeline"]][-1]) == ("closed", "clock")
    assert await news(api, known) == []


async def test_a_leader_who_says_no_says_why_and_that_is_the_end(api: Api) -> None:
    feedback = await in_state(api, "reopen_requested")
    known: set[str] = set()
    await news(api, known)
    words = "Đã kiểm tra lại tại chỗ, đèn sáng; tắt theo lịch tiết kiệm."
    declined = await staff(api, "minh", feedback, "reopening", grant=False, publicText=words)
    assert declined.json()["state"]["name"] == "closed"
    assert await news(api, known) == ["feedback.closed"]
    assert (await seen(api, feedback))["timeline"][-1]["text"] == words
    assert_problem(await citizen(api, "lan", feedback, "reopen", reason=REASON), 409, "reopening_too_late")


async def test_a_question_nobody_answers_times_out_and_the_office_goes_on(api: Api) -> None:
    feedback = await in_state(api, "awaiting_reporter")
    ahead(api, days=6, hours=23)
    assert await clock_looks(api) == 0
    ahead(api, hours=1)
    assert await clock_looks(api) == 1
    report = await seen(api, feedback)
    assert (report["state"]["name"], report["state"]["clock"]) == ("in_progress", "running")
    assert timedelta() < datetime.fromisoformat(report["dueAt"]) - api.parts.clock.now() <= timedelta(hours=24)
    assert await clock_looks(api) == 0


async def test_what_is_late_comes_before_the_leader_once_a_promise(api: Api) -> None:
    feedback = await in_state(api, "in_progress")
    known: set[str] = set()
    await news(api, known)
    ahead(api, days=2)
    assert (await seen(api, feedback))["overdue"] is True
    assert await clock_looks(api) == 1
    assert await clock_looks(api) == 0
    [item] = (await api.get("minh", "/v1/staff/feedback")).json()["items"]
    assert (item["overdue"], item["escalated"]) == (True, True)
    row = await api.parts.db["feedback"].find_one({"_id": feedback})
    assert row
    [event] = [event for event in row["outbox"] if event["kind"] != "kernel.changed"]
    assert (event["kind"], event["why"], event["agency"]) == ("feedback.escalated", "late", "H12.13")
    assert await news(api, known) == [], "the citizen is not told that the leader was"
    await staff(api, "hoa", feedback, "answer", publicText=ENOUGH, whyNoPicture=NO_PICTURE)
    answered = await seen(api, feedback)
    assert [promise["overdue"] for promise in answered["promises"] if promise["what"] == "answer"] == [True], "late stays late"


async def test_a_follower_hears_of_the_answer_at_their_own_report(api: Api) -> None:
    first, second = await in_state(api, "in_progress"), await send(api, "nam")
    await staff(api, "minh", second, "merge", into=first)
    known: set[str] = set()
    await news(api, known, "nam")
    await staff(api, "hoa", first, "answer", publicText=ENOUGH, whyNoPicture=NO_PICTURE)
    assert await news(api, known, "nam") == ["feedback.answered"]
    assert ("feedback.answered", f"/feedback/{second}") in (await told(api, "nam")).values()


async def test_passing_it_from_agency_to_agency_is_told_once(api: Api) -> None:
    feedback = await in_state(api, "assigned")
    await staff(api, "minh", feedback, "assign", agency="H12.101")
    known: set[str] = set()
    assert await news(api, known) == ["feedback.assigned", "feedback.received"]


async def test_the_rejected_and_the_redirected_are_told(api: Api) -> None:
    known: set[str] = set()
    words = "Sự việc xảy ra ở tỉnh khác, mời gửi nơi đó."
    await staff(api, "yen", await send(api), "reject", reason="outside_the_province", publicText=words)
    await staff(api, "yen", await send(api), "redirect", door="denunciation", publicText=words)
    assert await news(api, known) == ["feedback.received"] * 2 + ["feedback.rejected"] * 2
