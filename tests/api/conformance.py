"""Is an answer what the contract says of its operation: status, media type, schema (R-C6)?"""

from functools import cache
from typing import Any

import httpx2
from jsonschema import Draft202012Validator
from litestar import Litestar

from backend.app.openapi import contract
from openapi.document import PROBLEM_TYPE, operations, resolved


@cache
def _contract(app: Litestar) -> dict[str, Any]:
    return contract(app)


@cache
def _documented(app: Litestar) -> dict[str, dict[str, Any]]:
    return {operation["operationId"]: operation for _, _, operation in operations(_contract(app))}


def assert_documented(app: Litestar, operation: str, answer: httpx2.Response) -> None:
    """The contract foresees this answer, and a problem by its code. Operations it leaves out (pages, itself) promise nothing."""
    described = _documented(app).get(operation)
    if described is None:
        return
    responses, status = described["responses"], str(answer.status_code)
    assert status in responses, f"{operation} answers {status}, and its contract does not: {answer.text[:200]}"
    content = resolved(_contract(app), responses[status]).get("content", {})
    if not content:
        assert answer.content == b"", f"{operation} answers {status} with a body, and its contract does not"
        return
    media_type = answer.headers["content-type"].partition(";")[0]
    if "application/octet-stream" in content:
        return
    assert media_type in content, f"{operation} answers {media_type}"
    if media_type in {"text/event-stream", "text/calendar"}:
        return
    assert_schema(app, content[media_type]["schema"], answer.json())
    if media_type == PROBLEM_TYPE:
        code = answer.json()["code"]
        # Read off the code below the handler; where that fails, a `Raises:` in the handler's docstring says it (app/raised.py).
        assert code in content[media_type]["examples"], f"{operation} answers {code}, and its contract does not"


def assert_schema(app: Litestar, schema: dict[str, Any], value: Any) -> None:
    """The value fits, references followed into the contract's components."""
    root = {**schema, "components": _contract(app)["components"]}
    problems = [f"{error.json_path}: {error.message}" for error in Draft202012Validator(root).iter_errors(value)]
    assert problems == []
