"""The journeys of `openapi/journeys.arazzo.json`, walked against the running server by Redocly's respect (R-C9).

Getting a token needs a browser and a person in front of it; here it is an input.
"""

import asyncio
import json
import uuid
from pathlib import Path
from typing import Any

import pytest

from kernel.ids import derived_id, new_id
from notifications.inbox.post import Notices
from notifications.notice import Notice
from openapi.document import Document, operations
from tests.architecture.house import ROOT
from tests.peers.node import environment, script
from tests.support.api import Api
from tests.support.callers import NAMES, NUMBERS
from tests.support.feed import event, new_code
from tests.support.samples import picture
from tests.support.tus import told

JOURNEYS = ROOT / "openapi" / "journeys.arazzo.json"
REDOCLY = "@redocly/cli/bin/cli.js"
PHOTO = picture()


def journeys() -> dict[str, Any]:
    """The file."""
    return dict(json.loads(JOURNEYS.read_bytes()))


async def inputs(api: Api) -> dict[str, str]:
    """A citizen with a finished dossier and a notice of it."""
    dossier = await api.told(event(new_code(), "accepted"))
    assert (await api.publish("minh", dossier)).status_code == 201
    lan = await api.parts.subjects.of(NUMBERS["lan"])
    await Notices(api.parts.clock).post(Notice(lan, "dossier.result_ready", {"code": "H12.13"}, f"/dossiers/{dossier}", new_id()))
    upload_key = str(uuid.uuid4())
    return {
        "token": (await api.bearer("lan"))["authorization"].removeprefix("Bearer "),
        "installationId": new_id(),
        "clientId": "01970000-0000-7000-8000-000000000001",
        "uploadKey": upload_key,
        "uploadId": derived_id("upload", lan, upload_key),
        "reportKey": str(uuid.uuid4()),
        "category": "power_lighting",
        "photoSize": str(len(PHOTO)),
        # Respect cuts an input at its second `=`: names whose base64 needs none.
        "metadata": told(filename="den-duong-1.jpg", purpose="feedback_report")["upload-metadata"],
        "name": NAMES["lan"],
        "phone": "0912 000 001",
    }


async def walk(api: Api, arazzo: dict[str, Any], contract: Path, folder: Path) -> tuple[int, str]:
    """Respect's verdict."""
    arazzo["sourceDescriptions"][0]["url"] = str(contract)
    file = folder / "journeys.arazzo.json"
    (folder / "photo.jpg").write_bytes(PHOTO)
    file.write_text(json.dumps(arazzo, ensure_ascii=False), encoding="utf-8")
    given = [f"--input={name}={value}" for name, value in (await inputs(api)).items()]
    command = [*script(REDOCLY), "respect", str(file), f"--server=motcua={api.url}", *given]
    process = await asyncio.create_subprocess_exec(*command, cwd=folder, env=environment(), stdout=-1, stderr=-1)
    out, complaint = await process.communicate()
    assert process.returncode is not None
    return process.returncode, (out + complaint).decode()


@pytest.mark.proves("R-C9")
async def test_every_journey_can_be_made(api: Api, document: Document, profiles: dict[str, Path], tmp_path: Path) -> None:
    arazzo = journeys()
    there = {operation["operationId"] for _, _, operation in operations(document)}
    assert {step["operationId"] for workflow in arazzo["workflows"] for step in workflow["steps"]} <= there
    assert len(arazzo["workflows"]) >= 5
    code, said = await walk(api, arazzo, profiles["openapi.json"], tmp_path)
    assert code == 0, said[-4_000:]


async def test_a_journey_that_leads_nowhere_is_found(api: Api, profiles: dict[str, Path], tmp_path: Path) -> None:
    arazzo = journeys()
    arazzo["workflows"] = [workflow for workflow in arazzo["workflows"] if workflow["workflowId"] == "signIn"]
    arazzo["workflows"][0]["steps"][1]["successCriteria"] = [{"condition": "$response.body#/kind == 'staff'"}]
    code, said = await walk(api, arazzo, profiles["openapi.json"], tmp_path)
    assert code == 1, said
