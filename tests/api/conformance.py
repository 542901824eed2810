"""Is an answer what the contract says of its operation: status, headers, media type, schema (R-C6)?"""

from functools import cache
from typing import Any

import httpx2
from jsonschema import Draft202012Validator
from litestar import Litestar

from backend.app.openapi import contract
from openapi.document import PROBLEM_TYPE, operations, resolved

# What HTTP and the edge say of any answer, whatever was asked (RFC 9110, 9111), and nothing an app acts on.
SAID_OF_ALL = {
    *("date", "server", "content-type", "content-length", "content-encoding", "vary", "cache-control"),
    # For proxies and browsers.
    *("transfer-encoding", "x-accel-buffering", "x-content-type-options", "content-security-policy"),
    # tus 1.0.0: "MUST be included in every request and response".
    "tus-resumable",
    # How the limits stand is described where all is well, and where they were exceeded.
    *("ratelimit", "ratelimit-policy"),
}


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
    assert_headers_documented(app, operation, answer)
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


def assert_headers_documented(app: Litestar, operation: str, answer: httpx2.Response) -> None:
    """Every header that says something of its own is named where it comes."""
    described = resolved(_contract(app), _documented(app)[operation]["responses"][str(answer.status_code)])
    named = {name.lower() for name in described.get("headers", {})}
    unnamed = set(answer.headers) - named - SAID_OF_ALL
    assert unnamed == set(), f"{operation} answers {answer.status_code} with {unnamed}, and its contract does not name them"


def assert_schema(app: Litestar, schema: dict[str, Any], value: Any) -> None:
    """The value fits, references followed into the contract's components."""
    root = {**schema, "components": _contract(app)["components"]}
    problems = [f"{error.json_path}: {error.message}" for error in Draft202012Validator(root).iter_errors(value)]
    assert problems == []
