"""A write that is sent again, at the routes there are: one dossier, one step, one result, one answer; what an erasure leaves."""

import uuid
from typing import Any

import httpx2
import pytest
from litestar.handlers import HTTPRouteHandler

from backend.app.openapi import contract
from backend.app.told import callers_of
from kernel.http.idempotency import OPT
from openapi.document import operations
from tests.api.access_table import bodies
from tests.support.api import PDF, Api, assert_problem
from tests.support.callers import NUMBERS
from tests.support.feed import event, new_code
from tests.support.parts import LIMITED, ORIGIN

STAFF = "/v1/staff/dossiers"
pytestmark = pytest.mark.proves("R-A1", "I12")


def keyed(key: str | None = None, **headers: str) -> dict[str, str]:
    return {"idempotency-key": key or str(uuid.uuid4()), **headers}


async def take_in(api: Api, headers: dict[str, str], who: str = "hoa", **change: Any) -> httpx2.Response:
    return await api.call(who, "POST", STAFF, json={**bodies()["createDossier"].json, **change}, headers=headers)


async def crash_after_the_write(api: Api) -> None:
    """As if the process had died between the last write and its answer, and its lease had run out since."""
    done = await api.parts.db["idempotency_keys"].update_many({}, {"$unset": {"answer": ""}, "$set": {"token": "of the dead"}})
    assert done.modified_count == 1


async def test_a_dossier_taken_in_twice_is_one_with_one_number(api: Api) -> None:
    headers = keyed()
    first, second = await take_in(api, headers), await take_in(api, headers)
    assert (first.status_code, first.content) == (201, second.content)
    assert second.headers["idempotency-replayed"] == "true"
    await crash_after_the_write(api)
    third = await take_in(api, headers)
    assert (third.json()["id"], third.json()["code"]) == (first.json()["id"], first.json()["code"])
    assert await api.parts.db["dossiers"].count_documents({}) == 1
    assert_problem(await take_in(api, headers, procedureCode="1.999999"), 422, "idempotency_key_reused")
    assert_problem(await take_in(api, {"idempotency-key": "short"}), 400, "idempotency_key_malformed")


async def test_without_a_key_two_are_two(api: Api) -> None:
    assert (await take_in(api, {})).json()["id"] != (await take_in(api, {})).json()["id"]


@pytest.mark.proves("R-A3")
async def test_a_step_is_taken_once_also_when_its_answer_was_lost_and_the_version_has_moved_on(api: Api) -> None:
    dossier = await api.told(event(new_code()))
    version = (await api.get("minh", f"{STAFF}/{dossier}")).json()["version"]
    body = bodies()["transitionDossier"].json

    async def step(headers: dict[str, str]) -> httpx2.Response:
        return await api.call("hoa", "POST", f"{STAFF}/{dossier}/transitions", json=body, headers=headers)

    headers = keyed(**{"if-match": f'"{version}"'})
    first = await step(headers)
    assert (first.status_code, (await step(headers)).content) == (200, first.content)
    await crash_after_the_write(api)
    again = await step(headers)
    assert (again.status_code, again.json()["version"]) == (200, first.json()["version"])
    assert len(again.json()["timeline"]) == 2

    stale = await step(keyed(**{"if-match": f'"{version}"'}))
    assert_problem(stale, 412, "precondition_failed")
    assert stale.headers["etag"] == f'"{first.json()["version"]}"'
    assert_problem(await step(keyed()), 409, "move_not_allowed")


@pytest.mark.proves("R-A3")
async def test_a_result_is_published_once_though_every_form_has_a_boundary_of_its_own(api: Api) -> None:
    dossier = await api.told(event(new_code()))
    path = f"{STAFF}/{dossier}/result"

    async def publish(headers: dict[str, str], content: bytes = PDF) -> httpx2.Response:
        files = {"data": ("ket-qua.pdf", content, "application/pdf")}
        return await api.call("minh", "POST", path, files=files, headers=headers)

    await api.call("hoa", "POST", f"{STAFF}/{dossier}/transitions", json=bodies()["transitionDossier"].json)
    version = (await api.get("minh", f"{STAFF}/{dossier}")).json()["version"]
    assert_problem(await publish(keyed(**{"if-match": '"1-x"'})), 412, "precondition_failed")
    headers = keyed(**{"if-match": f'"{version}"'})
    first, second = await publish(headers), await publish(headers)
    assert (first.status_code, first.content) == (201, second.content)
    assert first.request.headers["content-type"] != second.request.headers["content-type"]
    assert_problem(await publish(headers, PDF + b"%"), 422, "idempotency_key_reused")
    await crash_after_the_write(api)
    assert (await publish(headers)).status_code == 201
    assert_problem(await publish(keyed()), 409, "result_already_published")


@pytest.mark.proves("SEC-72", "SEC-75")
async def test_what_was_answered_about_a_citizen_is_erased_with_them(api: Api) -> None:
    headers = keyed()
    first = await take_in(api, headers)
    lan = await api.parts.subjects.of(NUMBERS["lan"])
    [row] = await api.parts.db["idempotency_keys"].find().to_list()
    assert row["subject"] == lan
    for name in (first.json()["applicantName"], LIMITED):
        assert name.encode() not in repr(row).encode()
    now = api.parts.clock.now()
    await api.parts.vault.erase(lan, now=now)
    assert_problem(await take_in(api, headers), 410, "answer_erased")
    for part in api.parts.privacy.holdings.personal_data:
        await part.erase(lan, now)
    await api.parts.subjects.forget(lan, now=now)
    assert await api.parts.db["idempotency_keys"].count_documents({}) == 0
    again = await take_in(api, headers)
    assert (again.status_code, again.json()["id"]) == (201, first.json()["id"])
    assert again.json()["applicantName"] != first.json()["applicantName"]
    assert await api.parts.db["idempotency_keys"].count_documents({}) == 0, "for the erased nothing is kept"


async def test_a_request_for_erasure_and_for_a_copy_is_answered_alike(api: Api) -> None:
    for path in ("/v1/me/erasure-requests", "/v1/me/exports"):
        headers = keyed()
        first, second = [await api.call("nam", "POST", path, headers=headers) for _ in range(2)]
        assert first.is_success
        assert first.content == second.content
        assert second.headers["idempotency-replayed"] == "true"


def test_a_key_is_only_asked_of_who_is_somebody(module_api: Api) -> None:
    handlers = [handler for route in module_api.app.routes for handler in getattr(route, "route_handlers", [])]
    with_key = [handler for handler in handlers if isinstance(handler, HTTPRouteHandler) and OPT in handler.opt]
    assert len(with_key) >= 5
    assert [handler.operation_id for handler in with_key if not callers_of(handler)] == []
    documented = {
        operation["operationId"]: {parameter.get("name") for parameter in operation["parameters"]}
        for _, _, operation in operations(contract(module_api.app))
    }
    assert [handler.operation_id for handler in with_key if "Idempotency-Key" not in documented[str(handler.operation_id)]] == []


def names(header: str) -> set[str]:
    return set(header.replace(" ", "").split(","))


async def test_a_web_page_may_send_a_key_and_read_that_an_answer_is_an_old_one(api: Api) -> None:
    asked = {"origin": ORIGIN, "access-control-request-method": "POST"}
    answer = await api.call("", "OPTIONS", STAFF, headers={**asked, "access-control-request-headers": "idempotency-key,if-match"})
    assert {"idempotency-key", "if-match"} <= names(answer.headers["access-control-allow-headers"])
    seen = await api.get("", "/health/live", headers={"origin": ORIGIN})
    assert {"idempotency-replayed", "etag", "location"} <= names(seen.headers["access-control-expose-headers"])
