"""What a client of GeoReport v2 reads: what officers have made public, in the form of the specification, and nothing else."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, cast
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator
from litestar.di import Provide

from backend.feedback.categories import CATEGORIES
from backend.open311.queries import MOST
from kernel.ids import new_id
from tests.support import georeport_schemas as schemas
from tests.support.api import Api
from tests.support.callers import NAMES, NUMBERS
from tests.support.commands import Counted, counted_commands
from tests.support.georeport import IN_PUBLIC, V2, code_of, publish, published
from tests.support.officials import OFFICIALS
from tests.support.reports import AN_XUYEN, AT_A_PLACE, ENOUGH, PHONES, ahead, in_state, keyed, send


# Autouse, and so before any client is made.
@pytest.fixture(scope="module", autouse=True)
def counted() -> Iterator[Counted]:
    with counted_commands() as listener:
        yield listener


def switch_on(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """As with MOTCUA_OPEN311_UPDATES=true."""
    site = cast("Provide", api.app.dependencies["open311"]).dependency()
    monkeypatch.setitem(vars(site), "updates", True)


async def plans_of(api: Api, counted: Counted, address: str) -> list[str]:
    """How the database found what was asked for, as it says itself."""
    counted.sent.clear()
    assert (await api.get("", address)).status_code == 200
    finds = [dict(command) for name, command in counted.sent if name == "find" and command["find"] == "feedback"]
    told = [{name: value for name, value in find.items() if name[0] not in "$l" or name == "limit"} for find in finds]
    explained = [await api.parts.db.command("explain", find, verbosity="queryPlanner") for find in told]
    return [json.dumps(one["queryPlanner"]["winningPlan"], default=str) for one in explained]


async def read(api: Api, address: str, **asked: str) -> Any:
    answer = await api.get("", f"{V2}/{address}", params=asked, headers={"accept-language": "en"})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def ids(api: Api, **asked: str) -> list[str]:
    return [row["service_request_id"] for row in await read(api, "requests.json", **asked)]


def valid(schema: Any, value: Any) -> None:
    assert [error.message for error in Draft202012Validator(schema).iter_errors(value)] == []


async def test_discovery_says_everything_it_has_to_in_both_forms(api: Api) -> None:
    found = (await api.get("", "/open311/discovery.json")).json()
    assert set(found) == {"changeset", "contact", "key_service", "endpoints"}
    [endpoint] = found["endpoints"]
    assert endpoint == {
        "specification": "http://wiki.open311.org/GeoReport_v2",
        "url": f"{api.url}{V2}",
        "changeset": found["changeset"],
        "type": "test",
        "formats": ["text/xml", "application/json"],
    }
    xml = await api.get("", "/open311/discovery.xml")
    assert xml.headers["content-type"] == "text/xml; charset=utf-8"
    assert [element.text for element in ET.fromstring(xml.content).iter("format")] == endpoint["formats"]


async def test_services_are_the_categories_that_are_about_places(api: Api) -> None:
    services = await read(api, "services.json")
    valid(schemas.SERVICES, services)
    assert [service["service_code"] for service in services] == [code for code in CATEGORIES if code != "ideas"]
    for service in services:
        definition = await read(api, f"services/{service['service_code']}.json")
        valid(schemas.SERVICE_DEFINITION, definition)
        assert {attribute["code"] for attribute in definition["attributes"]} == {"commune", "urgency"}


async def test_a_public_report_is_told_field_by_field(api: Api) -> None:
    feedback_id = await published(api)
    code = await code_of(api, feedback_id)
    [told] = await read(api, f"requests/{code}.json")
    valid(schemas.REQUESTS, [told])
    promised = (await api.get("minh", f"/v1/staff/feedback/{feedback_id}")).json()["promises"]
    due = next(promise["dueAt"] for promise in promised if promise["what"] == "answer")
    assert told == {
        "service_request_id": code,
        "status": "open",
        "status_notes": "Assigned",
        "service_name": "Power and street lighting",
        "service_code": "power_lighting",
        "description": IN_PUBLIC,
        "agency_responsible": "Trung tâm Phục vụ hành chính công tỉnh Cà Mau",
        "service_notice": None,
        "requested_datetime": told["requested_datetime"],
        "updated_datetime": told["updated_datetime"],
        "expected_datetime": due.partition(".")[0].removesuffix("Z") + "Z",
        "address": "Phường An Xuyên",
        "address_id": AN_XUYEN,
        "zipcode": None,
        # The street, not the house.
        "lat": 9.177,
        "long": 105.152,
        "media_url": None,
    }
    assert await read(api, "requests.json", service_request_id=code.lower()) == [told]


async def test_xml_says_what_json_says(api: Api) -> None:
    await published(api)
    for address, root, item in (("services", "services", "service"), ("requests", "service_requests", "request")):
        xml = await api.get("", f"{V2}/{address}.xml", headers={"accept-language": "en"})
        assert xml.headers["content-type"] == "text/xml; charset=utf-8"
        assert xml.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
        element = ET.fromstring(xml.content)
        assert (element.tag, {child.tag for child in element}) == (root, {item})
        plain = [{field.tag: field.text for field in child} for child in element]
        in_json = await read(api, f"{address}.json")
        said = {True: "true", False: "false", None: None}
        assert plain == [{name: said.get(value, str(value)) for name, value in row.items()} for row in in_json]


@pytest.mark.proves("SEC-43", "SEC-72")
async def test_what_is_not_public_cannot_be_told_from_what_never_was(api: Api) -> None:
    hidden = await in_state(api, "assigned", **AT_A_PLACE)
    code = await code_of(api, hidden)
    for form in ("json", "xml"):
        unknown = await api.get("", f"{V2}/requests/PA-0000-0000-0.{form}")
        refused = await api.get("", f"{V2}/requests/{code}.{form}")
        assert (refused.status_code, refused.content) == (404, unknown.content)
    assert await ids(api) == []
    assert await ids(api, service_request_id=code) == []
    await publish(api, hidden)
    assert await ids(api) == [code]
    assert (await api.call("minh", "DELETE", f"/v1/staff/feedback/{hidden}/public")).status_code == 200
    assert await ids(api) == []
    assert (await api.get("", f"{V2}/requests/{code}.json")).status_code == 404


@pytest.mark.proves("SEC-72")
async def test_nothing_of_a_person_and_nothing_a_citizen_wrote_is_in_any_answer(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    switch_on(api, monkeypatch)
    feedback_id = await published(api, "reopened")
    code = await code_of(api, feedback_id)
    for address in (f"requests/{code}", "requests", "servicerequestupdates", f"tokens/{feedback_id}"):
        for form in ("json", "xml"):
            text = (await api.get("", f"{V2}/{address}.{form}")).text
            assert code in text
            secrets = [*NAMES.values(), *NUMBERS.values(), *PHONES.values(), *(one.name for one in OFFICIALS.values()), ENOUGH]
            for word in (*secrets, "Đèn đường trước nhà văn hóa", "văn hóa ấp", "chưa sáng", "9.1768", "105.1524"):
                assert word not in text, (address, word)


async def test_a_closed_report_was_updated_when_it_was_closed(api: Api) -> None:
    feedback_id = await published(api, "answered")
    [answered] = await read(api, f"requests/{await code_of(api, feedback_id)}.json")
    assert (answered["status"], answered["status_notes"], answered["expected_datetime"]) == ("closed", "Answered", None)
    row = await api.parts.db["feedback"].find_one({"_id": feedback_id})
    ahead(api, days=1)
    rated = await api.call("lan", "POST", f"/v1/feedback/{feedback_id}/rating", json={"liked": True}, headers=keyed())
    assert rated.status_code == 201
    [later] = await read(api, f"requests/{await code_of(api, feedback_id)}.json")
    assert later["updated_datetime"] == row["timeline"][-1]["at"].strftime("%Y-%m-%dT%H:%M:%SZ")


async def test_filters_take_lists_and_what_is_empty_is_absent(api: Api) -> None:
    lamp = await code_of(api, await published(api))
    water = await code_of(api, await published(api, "answered", category="water"))
    everything = {lamp, water}
    assert set(await ids(api)) == everything
    assert set(await ids(api, service_code="", status="", start_date="", jurisdiction_id="camau.gov.vn", page="1")) == everything
    assert set(await ids(api, service_code="water, power_lighting", status="open,closed")) == everything
    assert await ids(api, service_code="water") == await ids(api, status="closed") == [water]
    assert await ids(api, service_code="health") == []
    twice = await api.get("", f"{V2}/requests.json?status=open&status=closed")
    assert len(twice.json()) == len(everything)
    # It overrides everything, also what makes no sense.
    assert await ids(api, service_request_id=f"{lamp},nonsense", status="closed", start_date="yesterday") == [lamp]
    assert await ids(api, service_request_id=",") == []


async def test_without_dates_it_is_the_last_ninety_days_to_the_second(api: Api) -> None:
    code = await code_of(api, await published(api))
    received = (await read(api, "requests.json"))[0]["requested_datetime"]
    assert await ids(api, start_date=received, end_date=received) == [code]
    ahead(api, days=89)
    assert await ids(api) == [code]
    ahead(api, days=2)
    assert await ids(api) == []
    assert await ids(api, start_date=received) == [code]
    assert await ids(api, service_request_id=code) == [code]


async def test_a_thousand_are_the_most_and_the_latest_come_first(api: Api) -> None:
    feedback_id = await published(api)
    reports = api.parts.db["feedback"]
    row = await reports.find_one({"_id": feedback_id})
    assert row
    later = [
        {**row, "_id": new_id(), "code": f"C{n}", "received_at": row["received_at"] - timedelta(seconds=n)}
        for n in range(1, MOST + 5)
    ]
    await reports.insert_many(later)
    found = await ids(api)
    assert (len(found), found[0], found[1], found[-1]) == (MOST, row["code"], "C1", f"C{MOST - 1}")


async def test_every_read_is_one_and_goes_by_an_index(api: Api, counted: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    switch_on(api, monkeypatch)
    code = await code_of(api, token := await published(api))
    for address in (
        *("requests.json", "requests.json?status=open", "requests.json?service_code=water,health&status=closed"),
        *(
            f"requests/{code}.json",
            f"requests.json?service_request_id={code},x",
            f"tokens/{token}.json",
            "servicerequestupdates.json",
        ),
    ):
        [plan] = await plans_of(api, counted, f"{V2}/{address}")
        assert "IXSCAN" in plan or "IDHACK" in plan, (address, plan)
        assert '"COLLSCAN"' not in plan, address
        assert '"SORT"' not in plan, address


async def test_steps_are_told_where_the_extension_is_switched_on(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    code = await code_of(api, await published(api, "answered"))
    assert (await api.get("", f"{V2}/servicerequestupdates.json")).status_code == 404
    switch_on(api, monkeypatch)
    steps = await read(api, "servicerequestupdates.json")
    assert [(step["service_request_id"], step["status"], step["description"]) for step in steps] == [
        (code, "open", "Received"),
        (code, "open", "Assigned"),
        (code, "open", "In progress"),
        (code, "closed", "Answered"),
    ]
    assert len({step["update_id"] for step in steps}) == len(steps)
    await send(api)
    assert await read(api, "servicerequestupdates.json") == steps
    # It asks by time alone.
    assert await read(api, "servicerequestupdates.json", service_request_id="nonsense") == steps
    assert await read(api, "servicerequestupdates.json", end_date="2020-01-01T00:00:00Z") == []
