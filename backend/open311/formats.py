"""One answer, two forms: JSON by the Spark convention (bare lists, no wrapper), and XML without a namespace (GeoReport v2).

Both are written from the same plain value, so that they cannot say different things. XML is written here and parsed nowhere.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

import msgspec

# What the elements of a list are called, by the name of the list.
ITEMS = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}
_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
# XML 1.0, 2.2, without the carriage return, which a reader of XML would turn into another character.
_NO_CHARACTER = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Format:
    """A form of an answer. `write(root, value)`: `root` names the outermost element, which JSON leaves out."""

    suffix: str
    media_type: str
    write: Callable[[str, Any], bytes]


def plain(value: Any) -> Any:
    """A struct as lists, objects, texts, numbers, truths and nothing; characters that XML does not have are left out."""
    return _legal(msgspec.to_builtins(value))


def _legal(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _legal(child) for name, child in value.items()}
    if isinstance(value, list):
        return [_legal(child) for child in value]
    return _NO_CHARACTER.sub("", value) if isinstance(value, str) else value


def _json(_: str, value: Any) -> bytes:
    return msgspec.json.encode(plain(value))


def _xml(root: str, value: Any) -> bytes:
    element = ET.Element(root)
    _fill(element, plain(value))
    return (_DECLARATION + ET.tostring(element, encoding="unicode")).encode()


def _fill(element: ET.Element, value: Any) -> None:
    """Nothing is an empty element, as in the examples of the specification."""
    if isinstance(value, dict):
        for name, child in value.items():
            _fill(ET.SubElement(element, name), child)
    elif isinstance(value, list):
        for child in value:
            _fill(ET.SubElement(element, ITEMS[element.tag]), child)
    elif isinstance(value, bool):
        element.text = "true" if value else "false"
    elif value is not None:
        element.text = str(value)


# Litestar itself says of whatever is text in which charset it is.
XML = Format("xml", "text/xml", _xml)
JSON = Format("json", "application/json; charset=utf-8", _json)
FORMATS: Mapping[str, Format] = {one.suffix: one for one in (XML, JSON)}


def named(address: str) -> tuple[str, Format | None]:
    """`requests.json` as what is asked for and in which form; None where it names no form of ours."""
    name, _, suffix = address.rpartition(".")
    return name, FORMATS.get(suffix)
