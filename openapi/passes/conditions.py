"""Requests under a condition: a read for who may have it already, a change of what one saw, a write that may come twice.

Middleware and dependencies look at these headers, so there is no signature to read them off.
"""

from openapi.document import Document, answers, operations
from openapi.told import Told

TAG = {"type": "string", "maxLength": 1024}
IF_NONE_MATCH: Document = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "schema": TAG,
    "description": "`ETag` of what you have: the answer is 304, without a body, while it is still that.",
}
IF_MATCH: Document = {
    "name": "If-Match",
    "in": "header",
    "schema": TAG,
    "description": "`ETag` of what you saw: the change is refused (412) when it is no longer that.",
}
IDEMPOTENCY_KEY: Document = {
    "name": "Idempotency-Key",
    "in": "header",
    "schema": {"type": "string", "minLength": 16, "maxLength": 130},
    "description": "A fresh UUID for this write, sent again with each repetition of it: it happens once.",
    "example": "3f2b8c1e-7d54-4a0e-9b1c-6a2f0d9e8c77",
}
NOT_MODIFIED = "You have the present version."


def conditions_are_said(document: Document, told: Told) -> None:
    """The header as a parameter, what comes of it as an answer or a header of one."""
    for _, _, operation in operations(document):
        name = operation["operationId"]
        if name in told.conditional:
            _parameter(operation, IF_NONE_MATCH)
            operation["responses"].setdefault("304", {"description": NOT_MODIFIED})
            for _, answer in answers(operation):
                answer.setdefault("headers", {}).setdefault("ETag", {"$ref": "#/components/headers/Tag"})
        if name in told.versioned:
            _parameter(operation, {**IF_MATCH, "required": told.versioned[name]})
        if name in told.repeatable:
            _parameter(operation, {**IDEMPOTENCY_KEY, "required": told.repeatable[name]})
            for _, answer in answers(operation):
                answer.setdefault("headers", {}).setdefault("Idempotency-Replayed", {"$ref": "#/components/headers/Replayed"})


def _parameter(operation: Document, wanted: Document) -> None:
    """What the framework knows of the header already is replaced: it cannot know that the header is required."""
    others = [p for p in operation.get("parameters", []) if p.get("name", "").lower() != wanted["name"].lower()]
    operation["parameters"] = [*others, wanted]
