"""`motcua audit`: what an operator types."""

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from backend.audit.actions.anchor import anchor
from backend.audit.actions.record import AuditLog
from backend.audit.documents import AuditTrail
from backend.audit.gateways.copy_file import FileCopy
from backend.audit.gateways.day_archive import DayArchive
from kernel.clock import TestClock
from tests.support.audit_trail import DAY, EVENING, LAN, NAM, stored, viewed
from tests.support.guarded_mongod import guarded_mongod
from tests.support.officials import HOA

pytestmark = pytest.mark.anyio


@pytest.fixture
def environment(trail: AuditTrail, mongodb_uri: str) -> dict[str, str]:
    return {"MOTCUA_MONGODB_URI": mongodb_uri, "MOTCUA_DATABASE": trail.records.database.name.removesuffix("_audit")}


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    exit_code: int | None
    output: str


async def motcua_audit(environment: dict[str, str], *words: str) -> Done:
    """The command as a process of its own."""
    command = [sys.executable, "-m", "backend", "audit", *words]
    pipe = asyncio.subprocess.PIPE
    running = await asyncio.create_subprocess_exec(*command, env={**os.environ, **environment}, stdout=pipe, stderr=pipe)
    output, complaint = await running.communicate()
    return Done(running.returncode, (output + complaint).decode())


@pytest.mark.proves("SEC-68")
async def test_verify_ends_with_1_and_names_the_place(trail: AuditTrail, environment: dict[str, str]) -> None:
    await AuditLog(trail, TestClock(EVENING)).record(HOA, viewed(1), viewed(2))
    whole = await motcua_audit(environment, "verify")
    assert (whole.exit_code, "nothing was changed: 2 records in 1 chains" in whole.output) == (0, True), whole.output
    await trail.records.update_one({"seq": 2}, {"$set": {"purpose": "another"}})
    chain = (await stored(trail))[0]["chain"]
    bent = await motcua_audit(environment, "verify")
    assert (bent.exit_code, f"altered {DAY}/{chain}/2" in bent.output) == (1, True), bent.output
    told = json.loads((await motcua_audit(environment, "verify", "--day", DAY, "--json")).output)
    assert [finding["kind"] for finding in told["findings"]] == ["altered"]
    assert (await motcua_audit(environment, "verify", "--day", "2026-11-19")).exit_code == 0


@pytest.mark.proves("SEC-70")
async def test_verify_holds_the_trail_against_a_copy(trail: AuditTrail, environment: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    await AuditLog(trail, TestClock(EVENING), FileCopy(file)).record(HOA, viewed(1), viewed(2))
    assert (await motcua_audit(environment, "verify", "--copy", str(file))).exit_code == 0
    await trail.records.delete_one({"seq": 2})
    assert (await motcua_audit(environment, "verify")).exit_code == 0
    assert "missing" in (await motcua_audit(environment, "verify", "--copy", str(file))).output


async def test_query_prints_what_is_asked_for(trail: AuditTrail, environment: dict[str, str]) -> None:
    await AuditLog(trail, TestClock(EVENING)).record(HOA, viewed(1), viewed(2, subject=NAM))
    rows = (await motcua_audit(environment, "query", "--subject", LAN, "--json")).output.splitlines()
    assert [json.loads(row)["object"] for row in rows] == ["dossier:d1"]
    lines = (await motcua_audit(environment, "query", "--actor", HOA.id, "--since", "2026-11-20")).output.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("2026-11-20 14:00:00  dossier.viewed")
    assert (await motcua_audit(environment, "query", "--since", "2026-11-21")).output == ""


async def test_role_prints_how_to_create_the_user() -> None:
    async with guarded_mongod() as root:
        done = await motcua_audit({"MOTCUA_DATABASE": "motcua"}, "role", "--admin-uri", root)
    assert done.exit_code == 0, done.output
    assert 'roles: [{role: "motcua_audit", db: "motcua_audit"}]' in done.output


@pytest.mark.proves("SEC-79")
async def test_retire_is_a_dry_run_until_told_otherwise_and_verify_passes_after_it(
    trail: AuditTrail, environment: dict[str, str], tmp_path: Path
) -> None:
    long_ago = EVENING - timedelta(days=4_000)
    await AuditLog(trail, TestClock(long_ago)).record(HOA, viewed(1), viewed(2))
    await anchor(trail, now=long_ago)
    await AuditLog(trail, TestClock(EVENING)).record(HOA, viewed(3))
    folder = ("--archive", str(tmp_path))
    dry = await motcua_audit(environment, "retire", *folder)
    assert (dry.exit_code, "1 days are due. Nothing was done: add --do." in dry.output) == (0, True), dry.output
    assert len(await stored(trail)) == 3
    done = await motcua_audit(environment, "retire", *folder, "--do")
    assert (done.exit_code, "2015-12-08  2 records" in done.output) == (0, True), done.output
    assert [row["object"] for row in await stored(trail)] == ["dossier:d3"]
    whole = await motcua_audit(environment, "verify", *folder)
    assert (whole.exit_code, "nothing was changed" in whole.output) == (0, True), whole.output
    DayArchive(tmp_path).path("2015-12-08").unlink()
    lost = await motcua_audit(environment, "verify", *folder)
    assert (lost.exit_code, "archive_missing" in lost.output) == (1, True), lost.output
