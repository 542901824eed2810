"""XML and JSON say the same, whatever is said."""

import json
from typing import Any
from xml.etree import ElementTree as ET

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from backend.open311 import schemas
from backend.open311.formats import FORMATS, ITEMS, JSON, XML, named

ROOTS = {
    "services": list[schemas.Service],
    "service_definition": schemas.ServiceDefinition,
    "service_requests": list[schemas.ServiceRequest],
    "service_request_updates": list[schemas.RequestUpdate],
    "errors": list[schemas.Fault],
    "discovery": schemas.Discovery,
}


def of_struct(kind: type[msgspec.Struct]) -> st.SearchStrategy[Any]:
    """Any value of this struct; hypothesis does not know msgspec's."""
    fields = {field.name: of_type(field.type) for field in msgspec.structs.fields(kind)}
    return st.fixed_dictionaries(fields).map(lambda values: kind(**values))


def of_type(kind: Any) -> st.SearchStrategy[Any]:
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return of_struct(kind)
    if getattr(kind, "__origin__", None) is list:
        return st.lists(of_type(kind.__args__[0]), max_size=3)
    known: dict[Any, st.SearchStrategy[Any]] = {
        str: st.text(),
        bool: st.booleans(),
        int: st.integers(0, 10_000),
        float: st.floats(-180, 180).map(lambda degrees: round(degrees, 3)),
        type(None): st.none(),
    }
    return known[kind] if kind in known else st.one_of(*(known[part] for part in kind.__args__))


def read_back(element: ET.Element, kind: Any) -> Any:
    """An XML answer as the JSON one has it, told which types its fields have."""
    if getattr(kind, "__origin__", None) is list:
        assert {child.tag for child in element} <= {ITEMS[element.tag]}
        return [read_back(child, kind.__args__[0]) for child in element]
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        types = {field.encode_name: field.type for field in msgspec.structs.fields(kind)}
        return {child.tag: read_back(child, types[child.tag]) for child in element}
    if kind is bool:
        return {"true": True, "false": False}[element.text or ""]
    if kind in (int, float):
        return kind(element.text)
    if element.text is None:
        return ""
    return float(element.text) if kind == float | None else element.text


def without_nothing(value: Any) -> Any:
    """XML does not tell an empty text from nothing."""
    if isinstance(value, dict):
        return {name: without_nothing(child) for name, child in value.items()}
    if isinstance(value, list):
        return [without_nothing(child) for child in value]
    return "" if value is None else value


@given(st.sampled_from(sorted(ROOTS)).flatmap(lambda root: st.tuples(st.just(root), of_type(ROOTS[root]))))
def test_xml_and_json_say_the_same(said: tuple[str, Any]) -> None:
    root, value = said
    xml = XML.write(root, value)
    element = ET.fromstring(xml)
    assert element.tag == root
    assert read_back(element, ROOTS[root]) == without_nothing(json.loads(JSON.write(root, value)))


def test_an_answer_in_xml_declares_itself_and_names_no_namespace() -> None:
    written = XML.write("errors", [schemas.Fault(code=404, description="<b>&\x00\r đường")]).decode()
    assert written.startswith('<?xml version="1.0" encoding="utf-8"?>\n<errors>')
    assert "<description>&lt;b&gt;&amp; đường</description>" in written
    assert "xmlns" not in written


def test_booleans_are_lower_case_in_xml_and_booleans_in_json() -> None:
    attribute = schemas.Attribute(
        variable=True, code="c", datatype="text", required=False, datatype_description=None, order=1, description="d", values=[]
    )
    definition = schemas.ServiceDefinition(service_code="001", attributes=[attribute])
    assert b"<variable>true</variable>" in XML.write("service_definition", definition)
    assert b"<required>false</required>" in XML.write("service_definition", definition)
    assert b'"variable":true' in JSON.write("service_definition", definition)
    assert b'"service_code":"001"' in JSON.write("service_definition", definition), "an id is a text, though it looks like a number"


def test_an_address_names_its_form() -> None:
    assert named("requests.xml") == ("requests", XML)
    assert named("PA-7KQ3-M9XT-C.json") == ("PA-7KQ3-M9XT-C", JSON)
    for address in ("requests", "requests.yaml", "requests.XML", ".", ""):
        assert named(address)[1] is None
    assert list(FORMATS) == ["xml", "json"], "XML is required, JSON is optional"
