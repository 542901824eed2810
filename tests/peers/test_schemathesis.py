"""Schemathesis asks the running server whatever the contract allows and much that it does not, signed in as a citizen and as staff.

Nothing it can think of is answered with a status, a media type, a header or a body the contract does not describe, and nothing
makes the server fail (R-C6). It follows what it is answered from operation to operation; the bound is time.
"""

import asyncio
import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from openapi.document import Document, operations
from tests.support.api import Api
from tests.support.feed import event, new_code

SECONDS, STEPS_SECONDS = 20, 20
CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
]
# They end the session whose token all the other requests carry; tests/api calls them.
SELF_DEFEATING = ["endMySession", "endMySessions", "lockMyAccount"]
# Bodies of bytes and of a JWT it cannot make, and a stream does not end: tests/api/uploads, auth and sync are about them.
UNSPEAKABLE = ["createUpload", "appendToUpload", "overrideUploadMethod", "receiveSecurityEvent", "followChanges"]
# Whoever is refused is answered nothing the next step could ask about: each goes where they are let in.
WAYS = {"lan": "--exclude-path-regex=^/v1/staff/", "hoa": "--include-path-regex=^/v1/staff/"}
_SCENARIOS = re.compile(r"Scenarios:\s+(\d+)")
_LINKS = re.compile(r"API Links:\s+(\d+) covered")

# Served there for clients that may send nothing but POST, and kept out of the contract, so that no generator offers it.
UPLOAD, OVERRIDE = (
    "/v1/uploads/{upload_id}",
    {"post": {"operationId": "overrideUploadMethod", "responses": {"204": {"description": ""}}}},
)


def without_default(document: Document) -> Document:
    """The contract to the letter: a status that only `default` foresees is none that was foreseen."""
    strict: Document = json.loads(json.dumps(document))
    for _, _, operation in operations(strict):
        del operation["responses"]["default"]
    strict["paths"][UPLOAD] |= OVERRIDE
    return strict


async def schemathesis(api: Api, contract: Path, who: str, cwd: Path, *options: str) -> tuple[int, str]:
    """One run; answers how it ended and what it said."""
    header = (await api.bearer(who))["authorization"]
    told = [f"--url={api.url}", f"--header=Authorization: {header}", f"--checks={','.join(CHECKS)}"]
    told += ["--seed=1", "--workers=1", "--no-color", "--warnings=off", "--generation-database=none", "--max-failures=20"]
    told += ["--suppress-health-check=all", "--request-timeout=10", "--continue-on-failure", *options]
    told += [f"--exclude-operation-id={operation}" for operation in (*SELF_DEFEATING, *UNSPEAKABLE)]
    command = [sys.executable, "-m", "schemathesis.cli", "run", str(contract), *told]
    process = await asyncio.create_subprocess_exec(*command, cwd=cwd, stdout=-1, stderr=-1)
    out, complaint = await process.communicate()
    assert process.returncode is not None
    return process.returncode, (out + complaint).decode()


async def both(api: Api, document: Document, cwd: Path, *options: str, ways: Mapping[str, str] | None = None) -> list[str]:
    """A citizen's run and an official's, side by side, with something for both to find; what each said. Neither found a fault."""
    await api.told(event(new_code(), "accepted"), event(new_code(), "processing"))
    contract = cwd / "contract.json"
    contract.write_text(json.dumps(without_default(document)), encoding="utf-8")
    own = {who: [ways[who]] if ways else [] for who in WAYS}
    runs = await asyncio.gather(*(schemathesis(api, contract, who, cwd, *options, *own[who]) for who in WAYS))
    found = [said for code, said in runs if code != 0]
    assert not found, "\n".join(found)
    return [said for _, said in runs]


@pytest.mark.proves("R-C6")
async def test_nothing_is_answered_that_the_contract_does_not_describe(api: Api, document: Document, tmp_path: Path) -> None:
    await both(api, document, tmp_path, f"--max-time={SECONDS}", "--phases=examples,coverage,fuzzing")


@pytest.mark.proves("R-C6")
async def test_nothing_is_answered_so_step_after_step_either(api: Api, document: Document, tmp_path: Path) -> None:
    """What one operation answers is what the next is asked: for certain in a citizen's run, an official seldom gets so far."""
    followed = 0
    for said in await both(api, document, tmp_path, f"--max-time={STEPS_SECONDS}", "--phases=stateful", ways=WAYS):
        scenarios, links = _SCENARIOS.search(said), _LINKS.search(said)
        assert scenarios, said
        assert links, said
        assert int(scenarios[1]) > 0
        followed += int(links[1])
    assert followed > 0


async def test_a_status_nobody_foresaw_is_found(api: Api, document: Document, tmp_path: Path) -> None:
    forgetful = without_default(document)
    del forgetful["paths"]["/v1/dossiers/{dossier_id}"]["get"]["responses"]["404"]
    contract = tmp_path / "forgetful.json"
    contract.write_text(json.dumps(forgetful), encoding="utf-8")
    options = ("--include-operation-id=getDossier", "--phases=fuzzing", "--mode=positive", "--max-examples=5")
    code, said = await schemathesis(api, contract, "lan", tmp_path, *options)
    assert code == 1
    assert "Undocumented status code" in said


async def test_every_method_of_an_upload_that_is_served_is_known(api: Api, document: Document, tmp_path: Path) -> None:
    contract = tmp_path / "contract.json"
    contract.write_text(json.dumps(without_default(document)), encoding="utf-8")
    code, said = await schemathesis(api, contract, "lan", tmp_path, f"--include-path={UPLOAD}", "--phases=coverage")
    assert code == 0, said
