"""Contacts over the wire: a code by e-mail, masked in every answer, on record by reference, for who signed in just now (SEC-36)."""

from typing import Any

import httpx2
import pytest

from tests.api.test_on_record import differences, records
from tests.api.test_where_reached import a_sign_in
from tests.support.api import Api, assert_problem, running_api

PATH = "/v1/me/contacts"
ADDRESS = "lan@example.com"


async def enter(api: Api, address: str = ADDRESS, who: str = "lan", kind: str = "email") -> httpx2.Response:
    return await api.call(who, "PUT", f"{PATH}/{kind}", json={"address": address})


def code_in(api: Api, address: str = ADDRESS) -> str:
    return api.office.journal.among("email", address)[-1].title[-6:]


async def say(api: Api, code: str) -> httpx2.Response:
    return await api.call("lan", "POST", f"{PATH}/email/confirmation", json={"code": code})


async def test_an_address_is_entered_confirmed_shown_masked_and_forgotten(api: Api) -> None:
    entered = await enter(api)
    assert entered.json() == {"kind": "email", "pending": "l***@example.com", "unreachable": False}
    said = await say(api, code_in(api))
    assert said.json() == {
        "kind": "email",
        "address": "l***@example.com",
        "confirmedAt": said.json()["confirmedAt"],
        "unreachable": False,
    }
    assert (await api.get("lan", PATH)).json() == {"items": [said.json()]}
    assert (await api.get("nam", PATH)).json() == {"items": []}
    assert (await api.call("lan", "DELETE", f"{PATH}/email")).status_code == 204
    assert (await api.get("lan", PATH)).json() == {"items": []}


@pytest.mark.proves("SEC-36")
async def test_a_token_of_an_old_sign_in_neither_enters_nor_removes(api: Api) -> None:
    await enter(api)
    held = await a_sign_in(api)
    await held.grows_old()
    before = len(api.office.journal.among("email"))
    for method, body in (("PUT", {"json": {"address": "thief@example.com"}}), ("DELETE", {})):
        refused = await api.call("", method, f"{PATH}/email", headers=held.headers, **body)
        assert_problem(refused, 401, "step_up_required")
    assert len(api.office.journal.among("email")) == before


@pytest.mark.parametrize(
    ("kind", "address", "status", "code"),
    [
        ("email", "not an address", 400, "contact_malformed"),
        ("phone", "0212 345 678", 400, "contact_malformed"),
        ("fax", "0212345678", 400, "invalid"),
    ],
)
async def test_what_is_no_address_is_refused(api: Api, kind: str, address: str, status: int, code: str) -> None:
    assert_problem(await enter(api, address, kind=kind), status, code)


async def test_a_wrong_code_and_no_code_are_told_apart(api: Api) -> None:
    assert_problem(await say(api, "000000"), 404, "contact_not_found")
    await enter(api)
    right = code_in(api)
    assert_problem(await say(api, f"{(int(right) + 1) % 10**6:06}"), 422, "code_wrong")
    assert (await say(api, right)).status_code == 200
    assert_problem(await say(api, right), 410, "code_spent")


async def test_what_the_mail_server_says_reaches_the_reader_as_words_of_ours(api: Api) -> None:
    from backend.dev.post_office.faults import Fault

    api.office.faults.arm(Fault(channel="email", code=550, text="5.1.1 nobody", times=1))
    assert_problem(await enter(api), 422, "contact_unreachable")
    api.office.faults.arm(Fault(channel="email", code=451, text="4.3.0 later", times=1))
    problem = assert_problem(await enter(api), 503, "code_not_sent")
    assert "4.3.0" not in str(problem)


@pytest.mark.proves("SEC-67", "SEC-72")
async def test_it_is_on_record_by_reference(api: Api) -> None:
    await enter(api)
    await say(api, code_in(api))
    await api.call("lan", "DELETE", f"{PATH}/email")
    told = (await records(api, "contact:email"))[-3:]
    assert [row["action"] for row in told] == ["contact.entered", "contact.confirmed", "contact.removed"]
    assert ADDRESS not in str(told)
    assert (await differences(api, told[1]))["address"] == (None, ADDRESS)


@pytest.mark.proves("SEC-63")
async def test_nobody_has_many_codes_sent(mongodb_uri: str, clock: Any) -> None:
    async with running_api(mongodb_uri, clock, limits_scale=1.0) as api:
        answers = [await enter(api) for _ in range(6)]
        assert [answer.status_code for answer in answers] == [200] * 5 + [429]
        assert len(api.office.journal.among("email")) == 5
