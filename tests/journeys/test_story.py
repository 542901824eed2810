"""The commands a newcomer and an operator type: the story as they read it and as a script does, the import of the procedures."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from backend.dev.sockets import LOOPBACK, free_port
from kernel.ids import new_id
from kernel.mongo.client import connect
from tests.support.live_world import LiveWorld, motcua

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(180)]

NATIONAL_LIST = Path(__file__).parents[3] / "shared" / "data" / "procedures-national-2026-07.jsonl.gz"
STEPS = [
    "source system tells of a dossier: accepted, in process",
    "citizen signs in through the official account",
    "citizen finds the dossier and follows it",
    "citizen agrees to pushes through a service abroad",
    "phone registers for push",
    "staff sign in with their official mail",
    "staff publish the result",
    "from commit to push on the phone",
    "phone opens the notice, which leads to the dossier",
    "result file opens, SHA-256 as announced",
]


def test_the_story_goes_well_from_the_first_step_to_the_last(live_world: LiveWorld) -> None:
    run = motcua("story", "--world", live_world.file, "--json")
    assert run.returncode == 0, run.stdout + run.stderr
    story = json.loads(run.stdout)
    assert story["ok"]
    assert [step["name"] for step in story["steps"]] == STEPS
    assert all(step["ok"] and step["ms"] > 0 for step in story["steps"])


def test_a_person_reads_every_step_with_its_milliseconds(live_world: LiveWorld) -> None:
    run = motcua("story", "--world", live_world.file)
    assert run.returncode == 0, run.stdout + run.stderr
    told = [line for line in run.stdout.splitlines() if line.startswith("✓")]
    assert [line.removeprefix("✓ ").rsplit(maxsplit=2)[0] for line in told] == STEPS
    assert all(line.endswith(" ms") for line in told)


@pytest.mark.parametrize(("down", "ends_at"), [("api", 0), ("fcm", 4)])
def test_a_story_without_a_part_of_its_world_ends_there_and_not_well(
    live_world: LiveWorld, tmp_path: Path, down: str, ends_at: int
) -> None:
    nobody = f"http://{LOOPBACK}:{free_port()}"
    file = world_with(live_world.facts, tmp_path, **{down: nobody})
    run = motcua("story", "--world", file, "--json")
    assert run.returncode == 1
    story = json.loads(run.stdout)
    assert not story["ok"]
    assert [step["ok"] for step in story["steps"]] == [True] * ends_at + [False]
    assert story["steps"][-1]["name"] == STEPS[ends_at]
    assert "ConnectError" in story["steps"][-1]["detail"]


def test_a_story_without_a_world_says_so_in_a_sentence(tmp_path: Path) -> None:
    run = motcua("story", "--world", tmp_path / "world.json")
    assert run.returncode == 2
    assert "does not exist" in run.stderr
    assert "Traceback" not in run.stderr


async def test_procedures_are_imported_once_however_often_and_the_api_finds_them(live_world: LiveWorld, tmp_path: Path) -> None:
    limits = "Hình thức nộpThời gianPhí, lệ phíMô tảTrực tuyến7 Ngày làm việc100,000 Việt Nam Đồng"
    rows = [
        {"ma_thu_tuc": f"9.90000{n}", "ten_thu_tuc": f"Cấp giấy phép nuôi tôm thử nghiệm số {n}", "cach_thuc_thuc_hien": limits}
        for n in (1, 2)
    ]
    file = tmp_path / "sample.jsonl"
    file.write_text("\n".join([*(json.dumps(row, ensure_ascii=False) for row in rows), "{broken"]), encoding="utf-8")

    first, second = (imported(file, "--world", live_world.file) for _ in range(2))

    assert (first["read"], first["created"], first["brokenLines"], first["broken"][0]["line"]) == (3, 2, 1, 3)
    assert (first["withLimit"], first["withFee"]) == (2, 2)
    assert (second["created"], second["updated"], second["unchanged"]) == (0, 0, 2)
    async with httpx2.AsyncClient(base_url=live_world.facts["api"]) as http:
        found = (await http.get("/v1/procedures", params={"q": "nuoi tom thu nghiem"})).json()
    assert {procedure["code"] for procedure in found["items"]} == {"9.900001", "9.900002"}


@pytest.mark.skipif(not NATIONAL_LIST.exists(), reason="the real national list is not here")
async def test_the_real_list_is_imported_whole_and_the_second_run_changes_nothing(own_database: dict[str, str]) -> None:
    first, second = (imported(NATIONAL_LIST, **own_database) for _ in range(2))
    assert (first["read"], first["created"], first["brokenLines"]) == (1_601, 1_601, 0)
    assert (second["created"], second["updated"], second["unchanged"]) == (0, 0, 1_601)


@pytest.fixture
async def own_database(mongodb_uri: str) -> AsyncIterator[dict[str, str]]:
    """The variables that lead a command to a database of this test's own."""
    name = f"test_{new_id()}"
    yield {"MOTCUA_MONGODB_URI": mongodb_uri, "MOTCUA_DATABASE": name}
    async with connect(mongodb_uri) as client:
        await client.drop_database(name)


def imported(file: Path, *arguments: str | Path, **variables: str) -> dict[str, Any]:
    """What an import has counted."""
    run = motcua("import", "procedures", file, "--json", *arguments, **variables)
    assert run.returncode == 0, run.stderr
    return dict(json.loads(run.stdout))


def world_with(facts: dict[str, Any], folder: Path, **addresses: str) -> Path:
    """The same world, but for these addresses."""
    file = folder / "world.json"
    file.write_text(json.dumps({**facts, **addresses}), encoding="utf-8")
    return file
