"""Prism mocks the SDK profile: an app developer starts without our backend, and gets for each operation every named example."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from openapi.document import JSON, PROBLEM_TYPE, Document, media, operations, resolved
from tests.peers.node import environment, script

MOCK = "@stoplight/prism-cli/dist/index.js"
LISTENING = re.compile(r"listening on (http://\S+)")


@pytest.fixture(scope="module")
def mock(profiles: dict[str, Path]) -> Iterator[httpx2.Client]:
    command = [*script(MOCK), "mock", str(profiles["openapi.sdk.json"]), "--port", "0", "--multiprocess", "false"]
    process = subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout
    address = next((found[1] for line in process.stdout if (found := LISTENING.search(line))), None)
    assert address, "Prism did not come up"
    # What it says from now on is left to a reader of its own, or it would wait for one.
    reader = subprocess.Popen(["cat"], stdin=process.stdout, stdout=subprocess.DEVNULL)
    process.stdout.close()
    with httpx2.Client(base_url=address, timeout=30) as http:
        yield http
    process.terminate()
    process.wait(10)
    reader.wait(10)


def one_of(schema: Document) -> str:
    """A value that will do: the first of a closed list, or anything."""
    return str(schema.get("enum", ["x" * 20])[0])


def request_of(document: Document, path: str, method: str, operation: Document) -> dict[str, Any]:
    """A right request, made of examples."""
    parameters = [resolved(document, parameter) for parameter in operation.get("parameters", [])]
    given = {p["name"]: str(p.get("example", one_of(p["schema"]))) for p in parameters if p.get("required")}
    query = {p["name"]: given[p["name"]] for p in parameters if p["in"] == "query" and p["name"] in given}
    headers = {p["name"]: given[p["name"]] for p in parameters if p["in"] == "header" and p["name"] in given}
    headers["authorization"] = "Bearer a-token"
    url = re.sub(r"\{(\w+)\}", lambda blank: given[blank[1]], path)
    request: dict[str, Any] = {"method": method.upper(), "url": url, "params": query, "headers": headers}
    for kind, content in media(operation.get("requestBody", {})):
        example = content["example"] if "example" in content else next(iter(content["examples"].values()))["value"]
        if kind.endswith("json"):
            request["json"] = example
            headers["content-type"] = kind
        elif kind == "multipart/form-data":
            request["files"] = {name: ("file.pdf", value.encode(), "application/pdf") for name, value in example.items()}
        elif kind == "application/x-www-form-urlencoded":
            request["data"] = example
        else:
            request["content"] = str(example).encode()
            headers["content-type"] = kind
    return request


def wanted(document: Document, operation: Document) -> Iterator[tuple[str, str, str, Any]]:
    """Status, media type, name and value of each example of each answer."""
    for status, answer in operation["responses"].items():
        for kind, content in media(resolved(document, answer)):
            for name, example in content.get("examples", {}).items():
                if status != "default":
                    yield status, kind, name, resolved(document, example)["value"]


@pytest.mark.proves("R-C13")
def test_every_operation_answers_with_each_of_its_named_examples(mock: httpx2.Client, document: Document) -> None:
    wrong: list[str] = []
    asked = 0
    for path, method, operation in operations(document):
        if operation["operationId"] == "followChanges":
            # Prism knows no event streams.
            continue
        request = request_of(document, path, method, operation)
        successes = [status for status in operation["responses"] if status < "400"]
        if min(successes) >= "300":
            # Prism answers with a redirect only when asked for it.
            request["headers"]["prefer"] = f"code={min(successes)}"
        plain = mock.request(**request)
        if str(plain.status_code) not in successes:
            wrong.append(f"{operation['operationId']}: {plain.status_code} {plain.text[:200]}")
        for status, kind, name, value in wanted(document, operation):
            asked += 1
            headers = {**request["headers"], "prefer": f"code={status}, example={name}", "accept": kind}
            answer = mock.request(**{**request, "headers": headers})
            # An answer to HEAD has no body.
            same = answer.json() == value if kind in (JSON, PROBLEM_TYPE) and method != "head" else True
            if (str(answer.status_code), same) != (status, True):
                wrong.append(f"{operation['operationId']} {status} {name}: {answer.status_code} {answer.text[:200]}")
    assert wrong == []
    assert asked > 100
