"""The contract as it is served: a valid document for tools, a page that loads nothing foreign for people."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml
from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

from backend.app.docs import problem_table
from tests.support.api import Api

COMMITTED = Path(__file__).parents[2] / "openapi" / "openapi.json"


async def test_what_is_served_is_valid_and_what_is_committed(api: Api) -> None:
    answer = await api.get("", "/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    assert list(OpenAPIV31SpecValidator(answer.json()).iter_errors()) == []
    assert answer.content == COMMITTED.read_bytes()


async def test_the_profile_for_generators_is_served_and_valid(api: Api) -> None:
    answer = await api.get("", "/openapi.sdk.json")
    assert list(OpenAPIV30SpecValidator(answer.json()).iter_errors()) == []
    assert answer.content == (COMMITTED.parent / "openapi.sdk.json").read_bytes()


async def test_yaml_is_the_same_contract(api: Api) -> None:
    answer = await api.get("", "/openapi.yaml")
    assert answer.headers["content-type"] == "application/yaml"
    assert yaml.safe_load(answer.text) == json.loads(COMMITTED.read_bytes())


@pytest.mark.parametrize("path", ["/openapi.json", "/openapi.yaml", "/openapi.sdk.json"])
async def test_a_tool_asks_again_for_nothing(api: Api, path: str) -> None:
    etag = (await api.get("", path)).headers["etag"]
    unchanged = await api.get("", path, headers={"if-none-match": etag})
    assert (unchanged.status_code, unchanged.content, unchanged.headers["etag"]) == (304, b"", etag)
    assert (await api.get("", path, headers={"if-none-match": '"another"'})).status_code == 200


async def test_any_page_may_read_the_contract(api: Api) -> None:
    answer = await api.get("", "/openapi.json", headers={"origin": "https://editor.example"})
    assert answer.headers["access-control-allow-origin"] == "*"


class Page(HTMLParser):
    """What a page loads, and where one can jump to in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.loaded: set[str] = set()
        self.anchors: list[str] = []
        self.jumps: set[str] = set()
        self.inline: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.add(tag)
        self.inline += [name for name in given if name == "style" or name.startswith("on")]
        if "id" in given:
            self.anchors.append(str(given["id"]))
        if tag == "a" and str(given.get("href")).startswith("#"):
            self.jumps.add(str(given["href"])[1:])
        if tag in ("link", "img", "script", "iframe"):
            self.loaded.add(str(given.get("href") or given.get("src")))


@pytest.mark.proves("R-C10")
async def test_the_page_loads_nothing_foreign_under_a_strict_policy(api: Api) -> None:
    answer = await api.get("", "/docs")
    policy, page = answer.headers["content-security-policy"], Page(answer.text)
    assert policy.startswith("default-src 'none'; style-src 'self';")
    assert "unsafe" not in policy
    assert page.tags.isdisjoint({"script", "style", "iframe", "object", "form"})
    assert page.inline == []
    assert page.loaded == {"/docs/docs.css", "/openapi.json"}
    assert answer.headers["link"] == '</openapi.json>; rel="service-desc"'
    css = await api.get("", "/docs/docs.css")
    assert css.headers["content-type"].startswith("text/css")
    assert not re.search(r"@import|url\(\s*['\"]?(https?:)?//", css.text)


async def test_every_jump_in_the_page_arrives(api: Api) -> None:
    page = Page((await api.get("", "/docs")).text)
    assert page.jumps - set(page.anchors) == set()
    assert sorted(page.anchors) == sorted(set(page.anchors))


async def test_the_type_of_every_problem_is_a_place_in_the_page(api: Api) -> None:
    page = Page((await api.get("", "/docs")).text)
    codes = {row["code"] for row in problem_table()}
    assert {"invalid", "dossier_not_found", "token_invalid", "internal_error"} <= codes
    assert codes - set(page.anchors) == set()


async def test_the_page_names_every_operation_of_the_contract(api: Api) -> None:
    page = Page((await api.get("", "/docs")).text)
    contract = json.loads(COMMITTED.read_bytes())
    operations = {operation["operationId"] for item in contract["paths"].values() for operation in item.values()}
    assert operations <= set(page.anchors)


async def test_the_page_shows_what_can_go_wrong_what_is_pushed_and_how_things_look(api: Api) -> None:
    text = (await api.get("", "/docs")).text
    page = Page(text)
    assert {"result_already_published", "export_not_ready"} <= page.jumps
    assert "push-dossierResultReady" in page.anchors
    assert "H12.13-260615-0007" in text
    assert "X-Trace-Id" in text


async def test_a_host_header_cannot_write_into_the_page(api: Api) -> None:
    answer = await api.get("", "/docs", headers={"host": 'x"><script>alert(1)</script>'})
    assert answer.status_code == 400 or "<script>" not in answer.text
