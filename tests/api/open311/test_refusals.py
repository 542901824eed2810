"""Whatever is wrong is told as a list of errors, in the form that was asked for (GeoReport v2, Errors)."""

from typing import Any
from xml.etree import ElementTree as ET

import httpx2
import pytest
from jsonschema import Draft202012Validator
from pymongo.errors import ServerSelectionTimeoutError

from backend.open311.api.georeport import MAX_FORM_BYTES
from kernel.errors import TooMany
from kernel.http.limiter import Limits
from tests.support import georeport_schemas as schemas
from tests.support.api import Api
from tests.support.georeport import FORM, V2, post, sent

STRANGE = ["no-such-thing", "%24ne", "%7B%22%24ne%22%3Anull%7D", "%00", "%F0%9F%92%A5", "x" * 3_000]
READS = {
    "service": ("services/nothing", 404),
    "idea": ("services/ideas", 404),
    "token": ("tokens/nothing", 404),
    "request": ("requests/nothing", 404),
    "resource": ("problems", 404),
    "discovery here": ("discovery", 404),
    "extension": ("servicerequestupdates", 404),
}
QUESTIONS = {
    "status": ({"status": "late"}, 400),
    "service": ({"service_code": "water,nothing"}, 404),
    "no zone": ({"start_date": "2026-01-01T00:00:00"}, 400),
    "no date": ({"end_date": "tomorrow"}, 400),
    "91 days": ({"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-04-02T00:00:01Z"}, 400),
    "backwards": ({"start_date": "2026-01-02T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"}, 400),
    "too many": ({"service_request_id": ",".join(f"c{n}" for n in range(1_001))}, 400),
}
FORMS: dict[str, tuple[dict[str, Any], int, str]] = {
    "no key": ({"api_key": None}, 403, "api_key"),
    "empty key": ({"api_key": ""}, 403, "api_key"),
    "wrong key": ({"api_key": "x" * 40}, 403, "api_key"),
    "no service": ({"service_code": None}, 400, "service_code"),
    "unknown service": ({"service_code": "nothing"}, 404, "service_code"),
    "a service that is no place's": ({"service_code": "ideas"}, 404, "service_code"),
    "no place": ({"lat": None, "long": None}, 400, "location"),
    "half a place": ({"long": None}, 400, "lat"),
    "empty half": ({"lat": ""}, 400, "lat"),
    "no number": ({"lat": "north"}, 400, "lat"),
    "not on earth": ({"lat": "91"}, 400, "lat"),
    "nowhere": ({"long": "nan"}, 400, "lat"),
    "no commune of ours": ({"address_id": "00000"}, 400, "address_id"),
    "unknown attribute": ({"attribute[size]": "big"}, 400, "attribute"),
    "unknown value": ({"attribute[urgency]": "very"}, 400, "attribute"),
    "too long": ({"description": "x" * 4_001}, 400, "description"),
    "a long name": ({"first_name": "x" * 101, "phone": "1" * 31}, 400, "first_name"),
}


def faults(answer: httpx2.Response, status: int) -> list[str]:
    """They are errors as the specification has them; answers what they say."""
    assert answer.status_code == status, answer.text
    assert answer.headers["cache-control"] == "no-store"
    if answer.headers["content-type"] == "application/json; charset=utf-8":
        told = answer.json()
    else:
        assert answer.headers["content-type"] == "text/xml; charset=utf-8"
        element = ET.fromstring(answer.content)
        assert (element.tag, {child.tag for child in element}) == ("errors", {"error"})
        told = [{field.tag: field.text for field in child} for child in element]
        told = [{**one, "code": int(one["code"] or "")} for one in told]
    assert list(Draft202012Validator(schemas.ERRORS).iter_errors(told)) == []
    assert {one["code"] for one in told} == {status}
    assert all(one["description"] for one in told)
    return [str(one["description"]) for one in told]


@pytest.mark.parametrize("form", ["json", "xml"])
@pytest.mark.parametrize("what", READS)
async def test_what_is_not_there(api: Api, what: str, form: str) -> None:
    address, status = READS[what]
    faults(await api.get("", f"{V2}/{address}.{form}"), status)


@pytest.mark.parametrize("form", ["json", "xml"])
@pytest.mark.parametrize("what", QUESTIONS)
async def test_what_cannot_be_asked(api: Api, what: str, form: str) -> None:
    asked, status = QUESTIONS[what]
    faults(await api.get("", f"{V2}/requests.{form}", params=asked), status)


@pytest.mark.parametrize("form", ["json", "xml"])
@pytest.mark.parametrize("what", FORMS)
async def test_what_cannot_be_sent(api: Api, what: str, form: str) -> None:
    change, status, word = FORMS[what]
    answer = await post(api, sent(**change), form, **{"accept-language": "en"})
    assert word in " ".join(faults(answer, status))
    assert await api.parts.db["feedback"].count_documents({}) == 0


async def test_everything_that_is_too_long_is_told_at_once(api: Api) -> None:
    answer = await post(api, sent(description="x" * 4_001, phone="1" * 31))
    assert [told.split(":")[0] for told in faults(answer, 400)] == ["description", "phone"]


@pytest.mark.parametrize("address", ["request", "requests.yaml", "requests.", ".json.", "services/water", "requests/x.pdf"])
async def test_a_form_we_do_not_write_is_refused_in_xml(api: Api, address: str) -> None:
    answer = await api.get("", f"{V2}/{address}")
    assert faults(answer, 404)
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"


async def test_an_unknown_document_beside_discovery(api: Api) -> None:
    for document in ("discovery.yaml", "services.json", "v1"):
        faults(await api.get("", f"/open311/{document}"), 404)


async def test_what_is_sent_has_to_be_a_form(api: Api) -> None:
    address = f"{V2}/requests.json"
    for content, kind in ((b"{}", "application/json"), (b"<a/>", "text/xml"), (b"", ""), (b"a=%ff", FORM["content-type"])):
        headers = {"content-type": kind} if kind else {}
        faults(await api.call("", "POST", address, content=content, headers=headers), 400)
    faults(await post(api, [*sent().items(), ("lat", "1")]), 400)
    faults(await post(api, {"description": "x" * MAX_FORM_BYTES}), 400)
    faults(await post(api, sent(), **{"idempotency-key": "short"}), 400)
    for resource in ("services", "tokens", "servicerequestupdates"):
        faults(await api.call("", "POST", f"{V2}/{resource}.json", content=b"", headers=FORM), 404)


@pytest.mark.proves("SEC-51")
@pytest.mark.parametrize("strange", STRANGE, ids=lambda strange: strange[:8])
async def test_an_id_of_nothing_is_not_found(api: Api, strange: str) -> None:
    for resource in ("services", "requests", "tokens"):
        faults(await api.get("", f"{V2}/{resource}/{strange}.json"), 404)


@pytest.mark.proves("SEC-55")
@pytest.mark.parametrize("form", ["json", "xml"])
async def test_our_own_failures_say_nothing_of_the_inside(api: Api, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object, **__: object) -> None:
        raise ServerSelectionTimeoutError("db7.inner.example")

    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("db7.inner.example")

    monkeypatch.setattr(api.parts.reads, "many", away, raising=False)
    answer = await api.get("", f"{V2}/requests.{form}")
    assert "inner" not in str(faults(answer, 503))
    assert int(answer.headers["retry-after"]) > 0
    monkeypatch.setattr(api.parts.reads, "many", broken, raising=False)
    assert "inner" not in str(faults(await api.get("", f"{V2}/requests.{form}"), 500))


async def test_who_sends_too_much_is_told_to_wait(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    async def enough(*_: object, **__: object) -> None:
        raise TooMany

    monkeypatch.setattr(Limits, "take_all", enough)
    faults(await post(api, sent()), 429)


async def test_a_token_of_ours_is_neither_needed_nor_looked_at(api: Api) -> None:
    for header in ("Bearer nonsense", "Basic eDp5"):
        answer = await api.get("", f"{V2}/services.json", headers={"authorization": header})
        assert answer.status_code == 200


async def test_a_refusal_is_in_the_readers_language(api: Api) -> None:
    for language, words in (("en", "The token was not found."), ("vi", "Không có token này.")):
        answer = await api.get("", f"{V2}/tokens/x.json", headers={"accept-language": language})
        assert faults(answer, 404) == [words]
        assert answer.headers["content-language"] == language
