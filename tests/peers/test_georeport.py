"""PyPI's `georeport`, a client of GeoReport v2 that is not ours, against the running server: JSON and XML say the same."""

from functools import partial
from typing import Any

import pytest
from anyio.to_thread import run_sync
from georeport import GeoReport
from requests import HTTPError

from tests.support.api import Api
from tests.support.georeport import IN_PUBLIC, V2, code_of, post, publish, published, sent

FORMS = ["json", "xml"]


async def ask(api: Api, form: str, call: str, *args: Any, **asked: Any) -> Any:
    """The client is a blocking one, and the server is in this process."""
    client = GeoReport(f"{api.url}{V2}/", output_format=form)
    return await run_sync(partial(getattr(client, call), *args, **asked))


def as_text(value: Any) -> Any:
    """What XML says of it: truths, numbers and nothing are no types there."""
    match value:
        case dict():
            return {name: as_text(child) for name, child in value.items()}
        case list():
            return [as_text(child) for child in value]
        case bool():
            return str(value).lower()
    return value if value is None else str(value)


@pytest.mark.parametrize("form", FORMS)
async def test_it_lists_services_and_reads_each_definition(api: Api, form: str) -> None:
    services = await ask(api, form, "get_service_list")
    assert len(services) == 9
    assert {(service["metadata"], service["type"]) for service in services} == {(True if form == "json" else "true", "batch")}
    for service in services:
        definition = await ask(api, form, "get_service_definition", service["service_code"])
        assert definition["service_code"] == service["service_code"]


async def test_both_forms_are_the_same_to_it(api: Api) -> None:
    codes = [await code_of(api, await published(api, state)) for state in ("assigned", "answered")]
    in_json, in_xml = [await ask(api, form, "get_service_requests") for form in FORMS]
    assert as_text(in_json) == in_xml
    assert {request["service_request_id"] for request in in_json} == set(codes)
    in_json, in_xml = [await ask(api, form, "get_service_list") for form in FORMS]
    assert as_text(in_json) == in_xml


@pytest.mark.parametrize("form", FORMS)
async def test_it_finds_what_it_asks_for(api: Api, form: str) -> None:
    first = await code_of(api, await published(api))
    second = await code_of(api, await published(api, "answered", category="water"))
    third = await code_of(api, await published(api, "answered", category="water"))
    one = await ask(api, form, "get_service_request", first)
    assert (one["service_request_id"], one["description"]) == (first, IN_PUBLIC)
    both = await ask(api, form, "get_service_requests", service_code="water", status="closed")
    # Received at one moment of the test's clock: neither is the later.
    assert {request["service_request_id"] for request in both} == {third, second}
    some = await ask(api, form, "get_service_requests", service_request_id=f"{first},{second}", status="nonsense")
    assert {request["service_request_id"] for request in some} == {first, second}
    received = one["requested_datetime"]
    then = await ask(api, form, "get_service_requests", start_date=received)
    assert len(then) == 3


@pytest.mark.parametrize("form", FORMS)
async def test_it_finds_what_a_partner_sent_once_it_is_public(api: Api, form: str) -> None:
    [request] = (await post(api, sent())).json()
    code = await code_of(api, request["token"])
    with pytest.raises(HTTPError, match="404"):
        await ask(api, form, "get_service_request", code)
    await publish(api, request["token"])
    assert (await ask(api, form, "get_service_request", code))["status"] == "open"
