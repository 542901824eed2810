"""A TypeScript client: it passes the strict compiler, decodes every example, and reads from the running server."""

import asyncio
import json
import shutil
from pathlib import Path

import pytest

from tests.peers.node import modules, run, script
from tests.support.api import Api
from tests.support.callers import NAMES
from tests.support.feed import ago, event, new_code

PROGRAMS = Path(__file__).parent / "typescript"


@pytest.fixture(scope="session")
def built(clients: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The client and our programs, compiled to JavaScript."""
    folder = tmp_path_factory.mktemp("typescript")
    shutil.copytree(PROGRAMS, folder, dirs_exist_ok=True)
    shutil.copytree(clients["typescript-fetch"], folder / "client")
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "node_modules").symlink_to(modules())
    # The generator writes imports as they were before modules had to be named in full.
    for file in (folder / "client").rglob("*.ts"):
        file.write_text(named_in_full(file.read_text(encoding="utf-8"), file), encoding="utf-8")
    done = run("typescript/bin/tsc", "--project", folder)
    assert done.returncode == 0, done.stdout[-4_000:]
    return folder / "built"


def named_in_full(source: str, file: Path) -> str:
    lines = []
    for line in source.splitlines():
        before, quote, rest = line.rpartition(" from '") if line.rstrip().endswith(("';", "'")) else ("", "", line)
        target = rest.rstrip("';")
        if quote and target.startswith("."):
            whole = f"{target}/index" if (file.parent / target).is_dir() else target
            lines.append(f"{before} from '{whole}.js';")
        else:
            lines.append(line)
    return "\n".join(lines) + "\n"


@pytest.mark.proves("R-C5", "R-C7")
def test_every_example_decodes_and_so_does_one_with_words_of_tomorrow(built: Path, cases: Path) -> None:
    done = run(str(built / "decode.js"), cases)
    assert done.returncode == 0, done.stderr[-2_000:]
    assert done.stdout.split() == [case["model"] for case in json.loads(cases.read_bytes())]


async def test_an_app_reads_what_is_open_and_what_is_its_own(api: Api, built: Path) -> None:
    code = new_code()
    await api.told(event(code, "accepted", ago(minutes=2)), event(code, "processing"))
    token = await api.callers.token("lan")
    command = [*script(str(built / "read.js")), api.url, token]
    process = await asyncio.create_subprocess_exec(*command, stdout=-1, stderr=-1)
    out, complaint = await process.communicate()
    assert process.returncode == 0, complaint.decode()[-2_000:]
    procedure = (await api.get("", "/v1/procedures?limit=5")).json()["items"][0]["name"]
    assert json.loads(out) == {
        "procedure": procedure,
        "refused": 401,
        "me": NAMES["lan"],
        "code": code,
        "status": "processing",
        "steps": 2,
        "changedAt": True,
        "unread": 0,
        "missing": "dossier_not_found",
    }
