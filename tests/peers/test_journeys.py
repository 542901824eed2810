"""The journeys of `openapi/journeys.arazzo.json`, walked against the running server by Redocly's respect (R-C9).

Getting a token needs a browser and a person in front of it; here it is an input. A journey whose operations do not exist yet waits.
"""

import asyncio
import json
import uuid
from pathlib import Path
from typing import Any

import pytest

from kernel.ids import new_id
from notifications.inbox.post import Notices
from notifications.notice import Notice
from openapi.document import Document, operations
from tests.architecture.house import ROOT
from tests.peers.node import environment, script
from tests.support.api import PDF, Api
from tests.support.callers import NUMBERS
from tests.support.feed import event, new_code

JOURNEYS = ROOT / "openapi" / "journeys.arazzo.json"
REDOCLY = "@redocly/cli/bin/cli.js"
# Their routes are on the way. Whoever adds the last one takes the journey out of here.
WAITING = {"firstSync", "reportWithPhoto"}


def journeys(document: Document) -> tuple[dict[str, Any], set[str]]:
    """The file with the journeys that can be made, and the names of the others."""
    arazzo = json.loads(JOURNEYS.read_bytes())
    there = {operation["operationId"] for _, _, operation in operations(document)}
    possible = [w for w in arazzo["workflows"] if {step["operationId"] for step in w["steps"]} <= there]
    missing = {w["workflowId"] for w in arazzo["workflows"]} - {w["workflowId"] for w in possible}
    return {**arazzo, "workflows": possible}, missing


async def inputs(api: Api) -> dict[str, str]:
    """A citizen with a finished dossier and a notice of it."""
    dossier = await api.told(event(new_code(), "accepted"))
    assert (await api.publish("minh", dossier)).status_code == 201
    lan = await api.parts.subjects.of(NUMBERS["lan"])
    await Notices(api.parts.clock).post(Notice(lan, "dossier.result_ready", {"code": "H12.13"}, f"/dossiers/{dossier}", new_id()))
    return {
        "token": (await api.bearer("lan"))["authorization"].removeprefix("Bearer "),
        "installationId": new_id(),
        "clientId": "01970000-0000-7000-8000-000000000001",
        "uploadKey": str(uuid.uuid4()),
        "reportKey": str(uuid.uuid4()),
        "category": "lighting",
        "photo": PDF.decode(),
        "photoSize": str(len(PDF)),
        "metadata": "filename YW5oLnBkZg==,filetype YXBwbGljYXRpb24vcGRm",
    }


async def walk(api: Api, arazzo: dict[str, Any], contract: Path, folder: Path) -> tuple[int, str]:
    """Respect's verdict."""
    arazzo["sourceDescriptions"][0]["url"] = str(contract)
    file = folder / "journeys.arazzo.json"
    file.write_text(json.dumps(arazzo, ensure_ascii=False), encoding="utf-8")
    given = [f"--input={name}={value}" for name, value in (await inputs(api)).items()]
    command = [*script(REDOCLY), "respect", str(file), f"--server=motcua={api.url}", *given]
    process = await asyncio.create_subprocess_exec(*command, cwd=folder, env=environment(), stdout=-1, stderr=-1)
    out, complaint = await process.communicate()
    assert process.returncode is not None
    return process.returncode, (out + complaint).decode()


@pytest.mark.proves("R-C9")
async def test_every_journey_can_be_made(api: Api, document: Document, profiles: dict[str, Path], tmp_path: Path) -> None:
    arazzo, missing = journeys(document)
    assert missing <= WAITING
    assert len(arazzo["workflows"]) >= 4
    code, said = await walk(api, arazzo, profiles["openapi.json"], tmp_path)
    assert code == 0, said[-4_000:]


async def test_a_journey_that_leads_nowhere_is_found(
    api: Api, document: Document, profiles: dict[str, Path], tmp_path: Path
) -> None:
    arazzo, _ = journeys(document)
    arazzo["workflows"] = [workflow for workflow in arazzo["workflows"] if workflow["workflowId"] == "signIn"]
    arazzo["workflows"][0]["steps"][1]["successCriteria"] = [{"condition": "$response.body#/kind == 'staff'"}]
    code, said = await walk(api, arazzo, profiles["openapi.json"], tmp_path)
    assert code == 1, said
