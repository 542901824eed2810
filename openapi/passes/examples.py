"""What it looks like: every body gets the named examples of its schema, written by hand and kept beside it.

An example may be made of others: `{"$example": "AgencyRef/so_tai_nguyen"}` stands for that one.
"""

from collections.abc import Mapping
from typing import Any

from openapi.document import SCHEMA, Document, media, name_of, operations

Examples = Mapping[str, Mapping[str, Any]]

# A file or a page says nothing about itself in JSON; this is how one begins.
OF_MEDIA = {
    "application/octet-stream": {"file": {"summary": "The file, byte for byte", "value": "%PDF-1.7 ..."}},
    "text/html": {"page": {"summary": "A page for the person in front of the browser", "value": "<!doctype html>..."}},
}


def bodies_have_examples(document: Document, examples: Examples) -> None:
    """Of the operation, if it has some of its own; else of the schema; else of the media type."""
    for _, _, operation in operations(document):
        own = operation["operationId"]
        bodies = [("request", operation.get("requestBody", {}))]
        bodies += [(status, answer) for status, answer in operation["responses"].items() if "$ref" not in answer]
        for which, body in bodies:
            for kind, content in media(body):
                if "examples" in content or "example" in content:
                    continue
                found = examples.get(f"{own} {which}") or examples.get(_schema_of(content)) or OF_MEDIA.get(kind)
                if found:
                    content["examples"] = {name: whole(example, examples) for name, example in found.items()}


def _schema_of(content: Document) -> str:
    ref = str(content.get("schema", {}).get("$ref", ""))
    return name_of(ref) if ref.startswith(SCHEMA) else ""


def whole(example: Any, examples: Examples) -> Any:
    """The example with what it is made of put in.

    Raises:
        KeyError: it is made of one that does not exist.
    """
    if isinstance(example, list):
        return [whole(child, examples) for child in example]
    if not isinstance(example, dict):
        return example
    made_of = {name: whole(child, examples) for name, child in example.items() if name != "$example"}
    if "$example" not in example:
        return made_of
    schema, _, name = example["$example"].partition("/")
    return {**whole(examples[schema][name]["value"], examples), **made_of}
