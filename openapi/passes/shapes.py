"""Schemas as every generator understands them: no null, no empty body, no bare number, no object without a name."""

import re
from http import HTTPStatus
from typing import Any

from openapi.document import SCHEMA, Document, answers, media, nodes, operations
from openapi.told import Told

NULL = {"type": "null"}
DONE = {"200": "What was asked for.", "201": "It is made.", "202": "It is taken on, and done later.", "204": "Done."}


def framework_errors_gone(document: Document) -> None:
    """The framework documents errors in a form of its own that is never sent (Q5)."""
    for _, _, operation in operations(document):
        operation["responses"] = {
            status: answer for status, answer in operation["responses"].items() if not _is_the_frameworks(status, answer)
        }


def _is_the_frameworks(status: str, answer: Document) -> bool:
    bodies = [body.get("schema", {}) for _, body in media(answer)]
    branches = [branch for schema in bodies for branch in schema.get("oneOf", [schema])]
    return status >= "400" and any("status_code" in branch.get("properties", {}) for branch in branches)


def empty_bodies_gone(document: Document) -> None:
    """An answer without a body has no content, rather than content of type null or of no media type (Q1)."""
    for _, _, operation in operations(document):
        for answer in operation["responses"].values():
            content = {kind: body for kind, body in media(answer) if kind and body.get("schema") != NULL}
            answer.pop("content", None)
            if content:
                answer["content"] = content


def successes_are_described(document: Document) -> None:
    """The framework takes the standard's phrases, and "URL follows" promises a header that does not always come."""
    for _, _, operation in operations(document):
        for status, answer in answers(operation):
            if status in DONE and answer.get("description") == HTTPStatus(int(status)).description:
                answer["description"] = DONE[status]


def optional_means_absent(document: Document) -> None:
    """`oneOf: [X, null]` becomes X, and so does a `oneOf` of one (Q3, Q12): nothing of ours is ever null."""
    for node in nodes(document):
        for union in ("oneOf", "anyOf"):
            branches = node.get(union)
            if isinstance(branches, list):
                real = [branch for branch in branches if branch != NULL]
                if len(real) == 1:
                    del node[union]
                    node.update(real[0])
                else:
                    node[union] = real
        if isinstance(node.get("enum"), list):
            node["enum"] = [value for value in node["enum"] if value is not None]
        if isinstance(node.get("type"), list):
            kinds = [kind for kind in node["type"] if kind != "null"]
            node["type"] = kinds[0] if len(kinds) == 1 else kinds


def numbers_have_a_format(document: Document) -> None:
    """Without one, a generated Kotlin client takes 32 bits and overflows (Q10)."""
    for node in nodes(document):
        if node.get("type") == "integer":
            node.setdefault("format", "int64")
        elif node.get("type") == "number":
            node.setdefault("format", "double")


def objects_have_a_name(document: Document) -> None:
    """An object written inline in a body gets a name from its operation, so that clients do not invent one each."""
    schemas = document["components"]["schemas"]
    for _, _, operation in operations(document):
        stem = operation["operationId"][0].upper() + operation["operationId"][1:]
        bodies = [(f"{stem}Form", operation.get("requestBody", {}))]
        bodies += [(f"{stem}Answer" if status < "400" else f"{stem}Error", a) for status, a in operation["responses"].items()]
        for name, body in bodies:
            for _, content in media(body):
                schema = content.get("schema", {})
                if _is_object(schema):
                    named = str(schema.get("title") or name)
                    schemas[named] = {"title": named, **schema}
                    content["schema"] = {"$ref": SCHEMA + named}


def _is_object(schema: Any) -> bool:
    return schema.get("type") == "object" or "properties" in schema


def objects_say_what_they_are(document: Document, told: Told) -> None:
    """The sentence of their class, and whether they take a property nobody asked for."""
    for name, schema in document["components"]["schemas"].items():
        if name in told.meanings:
            schema.setdefault("description", told.meanings[name])
        if name in told.strict:
            schema["additionalProperties"] = False


def files_are_binary(document: Document) -> None:
    """A file in an answer is bytes: it has no type, but a media type (OpenAPI 3.1, 4.8.14.3)."""
    for _, _, operation in operations(document):
        for answer in operation["responses"].values():
            for kind, content in media(answer):
                if kind == "application/octet-stream" and not content.get("schema"):
                    content["schema"] = {"contentMediaType": kind}


def descriptions_are_for_callers(document: Document) -> None:
    """What a docstring says it raises is read by `backend.app.raised`, and said again where it belongs."""
    for _, _, operation in operations(document):
        description = str(operation.get("description", ""))
        operation["description"] = re.split(r"\n\s*Raises:", description)[0].strip()


def plain_schemas_need_no_title(document: Document) -> None:
    """A title that repeats a component's name is noise; a file in a form is binary in both versions of the standard."""
    for name, schema in document["components"]["schemas"].items():
        if schema.get("title") in (name, ""):
            del schema["title"]
        if schema.get("required") == []:
            del schema["required"]
