"""Walking a contract: its operations, its schemas, and what points to what."""

from collections.abc import Iterator
from typing import Any

Document = dict[str, Any]

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
JSON = "application/json"
PROBLEM_TYPE = "application/problem+json"
SCHEMA = "#/components/schemas/"
# What stands under these is data and no description, whatever it looks like.
_DATA = {"example", "examples", "default", "value", "enum", "const"}


def operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    """Path, method and operation of each operation."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def nodes(node: Any) -> Iterator[Document]:
    """Every object of a description, the outer before the inner; data in it is passed over."""
    if isinstance(node, dict):
        yield node
        for name, child in node.items():
            # A property may be called "example"; only its schema is a child then.
            if name not in _DATA or _describes(child):
                yield from nodes(child)
    elif isinstance(node, list):
        for child in node:
            yield from nodes(child)


def _describes(child: Any) -> bool:
    return isinstance(child, dict) and ("type" in child or "$ref" in child) and not {"value", "summary"} & set(child)


def name_of(ref: str) -> str:
    """The last word of a reference."""
    return ref.rsplit("/", 1)[-1]


def resolved(document: Document, node: Any) -> Any:
    """What a reference stands for; anything else is itself."""
    while isinstance(node, dict) and "$ref" in node:
        found: Any = document
        for part in str(node["$ref"]).removeprefix("#/").split("/"):
            found = found[part.replace("~1", "/").replace("~0", "~")]
        node = found
    return node


def media(body: Document) -> Iterator[tuple[str, Document]]:
    """Media type and description of each content of a body or an answer."""
    yield from body.get("content", {}).items()


def answers(operation: Document) -> Iterator[tuple[str, Document]]:
    """Status and answer of each success."""
    for status, answer in operation["responses"].items():
        if status < "400":
            yield status, answer


def schemas_reached(document: Document, *roots: Any) -> set[str]:
    """Names of the component schemas that these parts lead to."""
    found: set[str] = set()
    waiting = list(roots)
    while waiting:
        for node in nodes(waiting.pop()):
            ref = node.get("$ref")
            if isinstance(ref, str) and ref.startswith(SCHEMA) and name_of(ref) not in found:
                found.add(name_of(ref))
                waiting.append(document["components"]["schemas"].get(name_of(ref), {}))
    return found


def sent_and_answered(document: Document) -> tuple[set[str], set[str]]:
    """Component schemas that callers send, and those the server sends: in answers and in pushes."""
    sent = [operation.get("requestBody", {}) for _, _, operation in operations(document)]
    answered = [operation["responses"] for _, _, operation in operations(document)]
    pushed = document.get("webhooks", {})
    return schemas_reached(document, *sent), schemas_reached(document, *answered, pushed)
