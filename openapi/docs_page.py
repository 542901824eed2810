"""The contract as a page to read: plain HTML made on the server, no script, no foreign host, quick on any phone."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from openapi.document import Document, operations

_ENVIRONMENT = Environment(
    loader=PackageLoader("openapi"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


def render(document: Document, *, base_url: str, problems: Sequence[Mapping[str, Any]]) -> str:
    """The whole page. `problems` are rows of code, status, title, en, vi."""
    by_tag: dict[str, list[dict[str, Any]]] = {tag["name"]: [] for tag in document.get("tags", [])}
    for path, method, operation in operations(document):
        tag = operation.get("tags", ["Other"])[0]
        by_tag.setdefault(tag, []).append({"path": path, "method": method, **operation})
    described = {tag["name"]: tag.get("description", "") for tag in document.get("tags", [])}
    template = _ENVIRONMENT.get_template("docs.html.j2")
    return template.render(
        document=document,
        groups=[(name, described.get(name, ""), found) for name, found in by_tag.items() if found],
        schemas=document["components"]["schemas"],
        base_url=base_url,
        problems=problems,
        type_of=type_of,
        curl=curl,
        anchor=lambda text: re.sub(r"\W+", "-", text.lower()).strip("-"),
    )


def type_of(schema: Mapping[str, Any]) -> str:
    """A schema in a word: `integer (int64)`, `DossierView`, `DossierSummary[]`."""
    if ref := schema.get("$ref"):
        return str(ref).rsplit("/", 1)[-1]
    if schema.get("type") == "array":
        return type_of(schema.get("items", {})) + "[]"
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if branches := schema.get("oneOf") or schema.get("anyOf"):
        return " | ".join(type_of(branch) for branch in branches)
    kind = schema.get("type", "any")
    word = "/".join(kind) if isinstance(kind, list) else str(kind)
    return f"{word} ({schema['format']})" if "format" in schema else word


def curl(base_url: str, operation: Mapping[str, Any]) -> str:
    """A command line that calls the operation."""
    parts = ["curl"]
    if operation["method"] != "get":
        parts.append(f"-X {operation['method'].upper()}")
    if operation.get("security"):
        parts.append('-H "Authorization: Bearer $TOKEN"')
    body = operation.get("requestBody", {}).get("content", {})
    if "application/json" in body:
        parts.append("-H 'Content-Type: application/json' -d @body.json")
    elif "multipart/form-data" in body:
        parts.append("-F data=@result.pdf")
    return " ".join([*parts, f"'{base_url}{operation['path']}'"])
