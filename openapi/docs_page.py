"""The contract as a page to read: plain HTML made on the server, no script, no foreign host, quick on any phone."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from openapi.document import PROBLEM_TYPE, Document, media, operations, resolved

_ENVIRONMENT = Environment(
    loader=PackageLoader("openapi"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


def render(document: Document, *, base_url: str, problems: Sequence[Mapping[str, Any]]) -> str:
    """The whole page. `problems` are rows of code, status, title, en, vi."""
    by_tag: dict[str, list[dict[str, Any]]] = {tag["name"]: [] for tag in document.get("tags", [])}
    for path, method, operation in operations(document):
        tag = operation.get("tags", ["Other"])[0]
        shown = {"answers": answers_of(document, operation), "asked": bodies_of(document, operation.get("requestBody", {}))}
        # Those that come with every request are shown once.
        own = [parameter for parameter in operation.get("parameters", []) if "$ref" not in parameter]
        by_tag.setdefault(tag, []).append({"path": path, "method": method, **operation, **shown, "parameters": own})
    described = {tag["name"]: tag.get("description", "") for tag in document.get("tags", [])}
    template = _ENVIRONMENT.get_template("docs.html.j2")
    return template.render(
        document=document,
        groups=[(name, described.get(name, ""), found) for name, found in by_tag.items() if found],
        schemas=document["components"]["schemas"],
        base_url=base_url,
        problems=problems,
        webhooks=webhooks_of(document),
        type_of=type_of,
        curl=curl,
        anchor=lambda text: re.sub(r"\W+", "-", text.lower()).strip("-"),
    )


def answers_of(document: Document, operation: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each answer with its bodies, its headers, and the codes of the problems it may be."""
    found = []
    for status, given in operation["responses"].items():
        answer = resolved(document, given)
        problems = list(answer.get("content", {}).get(PROBLEM_TYPE, {}).get("examples", {}))
        headers = [(name, resolved(document, header).get("description", "")) for name, header in answer.get("headers", {}).items()]
        row = {"status": status, "description": answer.get("description", ""), "problems": problems, "headers": headers}
        found.append({**row, "bodies": bodies_of(document, answer)})
    return found


def bodies_of(document: Document, body: Document) -> list[dict[str, Any]]:
    """Each media type with its schema and its examples, as text."""
    return [
        {"media": kind, "schema": content.get("schema", {}), "examples": list(_shown(document, content))}
        for kind, content in media(body)
    ]


def _shown(document: Document, content: Document) -> Iterator[tuple[str, str]]:
    if "example" in content:
        yield "Example", _as_text(content["example"])
    for name, given in content.get("examples", {}).items():
        example = resolved(document, given)
        yield example.get("summary", name), _as_text(example["value"])


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)


def webhooks_of(document: Document) -> list[dict[str, Any]]:
    """What a phone gets pushed: name, what is said of it, its schema and its example."""
    found = []
    for name, item in document.get("webhooks", {}).items():
        push = item["post"]
        found.append({"name": name, **push, "push": push["x-push"], "asked": bodies_of(document, push["requestBody"])})
    return found


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
