"""What a source system tells over the API: a thousand at once, each with its own answer."""

import pytest

from tests.support.api import Api
from tests.support.feed import ago, event, new_code
from tests.support.parts import SYSTEM


async def test_every_event_is_answered_in_its_place_and_counted(api: Api) -> None:
    code, other = new_code(), new_code()
    accepted, skipped = event(code, "accepted", ago(hours=3)), event(other, "returned", ago(hours=2))
    broken = event(code, "exploded")
    answer = await api.tell(accepted, broken, accepted, skipped)
    assert [(r["eventId"], r["outcome"]) for r in answer["results"]] == [
        (accepted["eventId"], "applied"),
        (broken["eventId"], "invalid"),
        (accepted["eventId"], "duplicate"),
        (skipped["eventId"], "irregular"),
    ]
    assert {name: answer[name] for name in ("applied", "irregular", "duplicate", "invalid")} == dict.fromkeys(
        ("applied", "irregular", "duplicate", "invalid"), 1
    )
    problem = answer["results"][1]["problem"]
    assert (problem["code"], problem["status"]) == ("status_unknown", 400)
    assert "dossierId" not in answer["results"][1]


@pytest.mark.parametrize("field", ["eventId", "source", "note", "procedureName", "receivingAgency"])
async def test_an_endless_field_refuses_its_event_and_no_other(api: Api, field: str) -> None:
    good, endless = event(new_code()), event(new_code(), **{field: "x" * 5_000})
    answer = await api.tell(good, endless)
    assert [r["outcome"] for r in answer["results"]] == ["applied", "invalid"]
    assert answer["results"][1]["problem"]["code"] == "event_malformed"


async def test_a_thousand_are_taken_and_once(api: Api) -> None:
    batch = [event(new_code(), note="Đã chuyển hồ sơ sang bước tiếp theo. " * 20) for _ in range(1000)]
    assert (await api.tell(*batch))["applied"] == 1000
    assert (await api.tell(*batch))["duplicate"] == 1000


@pytest.mark.proves("SEC-46")
async def test_the_answer_repeats_nothing_personal(api: Api) -> None:
    answer = await api.call(SYSTEM, "POST", "/v1/integration/dossier-events", json={"events": [event(new_code())]})
    assert not [word for word in ("096199000001", "Nguyễn", "c_") if word in answer.text]


async def test_a_problem_of_one_event_is_told_in_the_readers_language(api: Api) -> None:
    events = {"events": [event(new_code(), at="yesterday")]}
    headers = {"accept-language": "en"}
    answer = await api.call(SYSTEM, "POST", "/v1/integration/dossier-events", json=events, headers=headers)
    assert answer.json()["results"][0]["problem"]["detail"].startswith("A time is RFC 3339")
