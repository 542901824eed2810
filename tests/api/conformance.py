"""Is an answer what the contract says of its operation: status, media type, schema (R-C6)?"""

from functools import cache
from typing import Any

import httpx2
from jsonschema import Draft202012Validator
from litestar import Litestar

from backend.app.openapi import contract
from openapi.document import operations

PROBLEM = {"$ref": "#/components/schemas/ProblemView"}


@cache
def _contract(app: Litestar) -> dict[str, Any]:
    return contract(app)


@cache
def _documented(app: Litestar) -> dict[str, dict[str, Any]]:
    return {operation["operationId"]: operation for _, _, operation in operations(_contract(app))}


def assert_documented(app: Litestar, operation: str, answer: httpx2.Response) -> None:
    """The contract foresees this answer. Operations it leaves out (pages, the contract itself) promise nothing."""
    described = _documented(app).get(operation)
    if described is None:
        return
    responses = described["responses"]
    status = str(answer.status_code)
    if status not in responses:
        assert answer.status_code >= 400, f"{operation} answers {status}, and its contract does not"
        assert_schema(app, PROBLEM, answer.json())
        return
    content = responses[status].get("content", {})
    if not content:
        assert answer.content == b"", f"{operation} answers {status} with a body, and its contract does not"
        return
    media_type = answer.headers["content-type"].partition(";")[0]
    if "application/octet-stream" in content:
        return
    assert media_type in content, f"{operation} answers {media_type}"
    assert_schema(app, content[media_type]["schema"], answer.json())


def assert_schema(app: Litestar, schema: dict[str, Any], value: Any) -> None:
    """The value fits, references followed into the contract's components."""
    root = {**schema, "components": _contract(app)["components"]}
    problems = [f"{error.json_path}: {error.message}" for error in Draft202012Validator(root).iter_errors(value)]
    assert problems == []
