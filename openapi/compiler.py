"""Mends the generated OpenAPI document, one named pass for each thing that is wrong with it. Deterministic, byte for byte.

Every pass takes the document and changes it in place; `compile_contract` is their order.
"""

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Document = dict[str, Any]

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
PROBLEM_TYPE = "application/problem+json"
SCHEMES = {
    "oauth": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "An access token (RFC 9068) from `/oauth/token`, ten minutes at most.",
    }
}


def compile_contract(generated: Mapping[str, Any], *, callers: Mapping[str, Sequence[str]]) -> Document:
    """The contract. `callers` says for each operationId which kinds of caller get in; nobody named means everybody."""
    document: Document = copy.deepcopy(dict(generated))
    problems_as_they_are(document)
    optional_means_absent(document)
    integers_have_a_format(document)
    security_is_explicit(document, callers)
    ordered(document)
    return document


def operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    """Path, method and operation of each operation."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def problems_as_they_are(document: Document) -> None:
    """The framework documents errors as JSON of its own; what is really sent is a problem (RFC 9457), whatever the status."""
    components = document.setdefault("components", {})
    components.setdefault("responses", {})["Problem"] = {
        "description": "Something is wrong: `code` is stable, `detail` is for the reader in their language.",
        "content": {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemView"}}},
    }
    for _, _, operation in operations(document):
        kept = {status: _without_null(answer) for status, answer in operation["responses"].items() if status < "400"}
        operation["responses"] = {**kept, "default": {"$ref": "#/components/responses/Problem"}}


def _without_null(answer: Document) -> Document:
    """An answer without a body has no content, rather than content of type null."""
    content = {media: body for media, body in answer.get("content", {}).items() if body.get("schema") != {"type": "null"}}
    return {**{name: part for name, part in answer.items() if name != "content"}, **({"content": content} if content else {})}


def optional_means_absent(node: Any) -> None:
    """`oneOf: [X, null]` becomes X: nothing of ours is ever null, and generators drop or garble the null branch."""
    if isinstance(node, dict):
        branches = node.get("oneOf")
        if isinstance(branches, list):
            real = [branch for branch in branches if branch != {"type": "null"}]
            if len(real) == 1:
                del node["oneOf"]
                node.update(real[0])
        for child in node.values():
            optional_means_absent(child)
    elif isinstance(node, list):
        for child in node:
            optional_means_absent(child)


def integers_have_a_format(node: Any) -> None:
    """Without one, a generated Kotlin client takes 32 bits and overflows."""
    if isinstance(node, dict):
        if node.get("type") == "integer":
            node.setdefault("format", "int64")
        for child in node.values():
            integers_have_a_format(child)
    elif isinstance(node, list):
        for child in node:
            integers_have_a_format(child)


def security_is_explicit(document: Document, callers: Mapping[str, Sequence[str]]) -> None:
    """Each operation says whether it needs a token, and whose."""
    document["components"]["securitySchemes"] = SCHEMES
    for _, _, operation in operations(document):
        kinds = list(callers.get(operation["operationId"], ()))
        operation["security"] = [{"oauth": []}] if kinds else []
        operation["x-callers"] = kinds or ["everybody"]


def ordered(document: Document) -> None:
    """Paths and components by name, so that a difference between two versions is a difference in content."""
    document["paths"] = dict(sorted(document["paths"].items()))
    for kind, members in document["components"].items():
        document["components"][kind] = dict(sorted(members.items()))
