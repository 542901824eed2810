"""Whoever holds code and secret sees how a report stands, and nothing of who sent it or what it says."""

import pytest

from backend.feedback import code as codes
from tests.support.api import Api, assert_problem
from tests.support.callers import NAMES, NUMBERS
from tests.support.reports import ENOUGH, in_state, seen


async def follow(api: Api, code: str, secret: str):
    return await api.call("", "POST", "/v1/feedback/follow", json={"code": code, "secret": secret})


async def test_code_and_secret_open_the_state_the_promises_and_the_answer(api: Api) -> None:
    feedback = await in_state(api, "reopened")
    key = (await seen(api, feedback))["follow"]
    answer = await follow(api, key["code"].lower().replace("-", " "), key["secret"].lower())
    assert answer.status_code == 200, answer.text
    followed = answer.json()
    assert followed["state"]["name"] == "reopened"
    assert [step["text"] for step in followed["timeline"] if "text" in step] == [ENOUGH]
    for word in (NAMES["lan"], "Đèn đường", "chưa sáng", "0912", feedback):
        assert word not in answer.text


@pytest.mark.proves("SEC-45")
async def test_a_wrong_secret_and_an_unknown_code_are_the_same_answer(api: Api) -> None:
    key = (await seen(api, await in_state(api, "received")))["follow"]
    wrong = await follow(api, key["code"], codes.new_secret())
    unknown = await follow(api, codes.new_code(), key["secret"])
    for answer in (wrong, unknown):
        assert_problem(answer, 404, "follow_code_unknown")
    assert {**wrong.json(), "traceId": ""} == {**unknown.json(), "traceId": ""}


async def test_a_code_with_a_slip_in_it_is_called_so(api: Api) -> None:
    code = codes.new_code()
    slipped = code[:-1] + next(c for c in codes.ALPHABET if c != code[-1])
    assert_problem(await follow(api, slipped, codes.new_secret()), 400, "follow_code_malformed")


async def test_after_an_erasure_the_code_opens_nothing(api: Api) -> None:
    from backend.feedback.personal_data import erase

    key = (await seen(api, await in_state(api, "received")))["follow"]
    await erase(await api.parts.subjects.of(NUMBERS["lan"]), api.parts.clock.now())
    assert_problem(await follow(api, key["code"], key["secret"]), 404, "follow_code_unknown")
