"""kill -9 in the middle of an import: run again, it ends as if nothing had happened."""

import asyncio
import json
import os
import sys
from pathlib import Path

from backend.app.parts import Parts
from tests.support.exports import large_export
from tests.support.live_world import ROOT, environment
from tests.support.waiting import until

DOSSIERS = 1_500


async def importing(parts: Parts, path: Path) -> asyncio.subprocess.Process:
    variables = {"MOTCUA_MONGODB_URI": parts.settings.mongodb_uri, "MOTCUA_DATABASE": parts.settings.database}
    command = [sys.executable, "-m", "backend", "import", "dossiers", str(path), "--json"]
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(*command, cwd=ROOT, env={**environment(), **variables}, stdout=pipe, stderr=pipe)


async def test_an_import_that_was_killed_and_run_again_has_every_dossier_once_and_names_every_broken_line(
    parts: Parts, tmp_path: Path
) -> None:
    path, broken = large_export(tmp_path / "export.csv", DOSSIERS)
    good, dossiers = DOSSIERS - len(broken), parts.db["dossiers"]

    async def begun() -> bool:
        return await dossiers.count_documents({}) > DOSSIERS // 10

    first = await importing(parts, path)
    await until(begun)
    first.kill()
    await first.communicate()
    assert 0 < await dossiers.count_documents({}) < good

    second = await importing(parts, path)
    said, complaint = await second.communicate()
    assert second.returncode == os.EX_OK, complaint.decode()
    report = json.loads(said)
    assert report["applied"] + report["known"] == 2 * good
    assert min(report["applied"], report["known"]) > 0
    named = [json.loads(line)["line"] for line in path.with_name("export.csv.rejected.jsonl").read_text().splitlines()]
    assert (report["rejectedLines"], sorted(named)) == (len(broken), broken)
    assert await dossiers.count_documents({}) == good
    assert await dossiers.count_documents({"timeline": {"$size": 2}, "status": "finished"}) == good
