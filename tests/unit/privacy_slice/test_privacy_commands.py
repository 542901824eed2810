"""`motcua privacy`: what an operator types."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backend.app.parts import Parts, make_parts
from backend.privacy import states
from backend.privacy.documents import ErasureRequest
from backend.settings import Settings
from kernel.clock import SystemClock
from kernel.mongo.client import Database

NOW = SystemClock().now()


@dataclass(frozen=True)
class Operator:
    """Somebody with a shell."""

    parts: Parts
    environment: dict[str, str]

    async def types(self, *words: str) -> tuple[int | None, str]:
        """Run `motcua privacy ...` as a process of its own; answers how it ended and what it said."""
        command, pipe = [sys.executable, "-m", "backend", "privacy", *words], asyncio.subprocess.PIPE
        environment = {**os.environ, **self.environment, "COLUMNS": "200"}
        running = await asyncio.create_subprocess_exec(*command, env=environment, stdout=pipe, stderr=pipe)
        output, complaint = await running.communicate()
        return running.returncode, (output + complaint).decode()


@pytest.fixture
async def operator(mongodb_uri: str, database: Database) -> AsyncIterator[Operator]:
    async with _parts(mongodb_uri, database.name) as parts:
        yield Operator(parts, {"MOTCUA_MONGODB_URI": mongodb_uri, "MOTCUA_DATABASE": database.name})
    for name in ("keys", "audit"):
        await database.client.drop_database(f"{database.name}_{name}")


@asynccontextmanager
async def _parts(mongodb_uri: str, database: str) -> AsyncIterator[Parts]:
    parts = make_parts(Settings(mongodb_uri=mongodb_uri, database=database))
    await parts.open(build_indexes=True)
    try:
        yield parts
    finally:
        await parts.auth.stop()
        await parts.close()


async def waiting(subject: str) -> ErasureRequest:
    """A request whose waiting period ended a minute ago."""
    ago = NOW - timedelta(minutes=1)
    request = ErasureRequest(
        subject=subject, open=True, state=states.WAITING, requested_at=ago, acknowledge_by=ago, due_by=ago, waits_until=ago
    )
    return await request.commit()


@pytest.mark.proves("SEC-75")
async def test_an_erasure_is_carried_out_listed_and_repeated_after_a_restore(operator: Operator, tmp_path: Path) -> None:
    subject = await operator.parts.subjects.of("096199000001")
    request = await waiting(subject)
    before = await operator.parts.db["subjects"].find_one({"_id": subject})
    assert before

    code, said = await operator.types("erase-due")
    assert (code, "1 erasures are due" in said, "Nothing was done" in said) == (0, True, True), said
    code, said = await operator.types("erase-due", "--do")
    assert (code, "1 citizens erased" in said) == (0, True), said
    done = await ErasureRequest.get(request.id)
    assert done
    assert done.state == states.DONE

    code, ledger = await operator.types("erasures")
    assert (code, json.loads(ledger)["subject"]) == (0, subject)
    (tmp_path / "ledger.jsonl").write_text(ledger)

    # Data and keys come back from before the erasure; only the operator's own list knows of it.
    await operator.parts.db["subjects"].replace_one({"_id": subject}, before)
    await operator.parts.db["erasure_requests"].delete_many({})
    await operator.parts.vault.keys.delete_many({})
    code, said = await operator.types("reapply-erasures", "--ledger", str(tmp_path / "ledger.jsonl"))
    assert (code, "1 erasures repeated" in said) == (0, True), said
    assert await operator.parts.subjects.of("096199000001") != subject


async def test_a_ledger_that_is_none_is_refused(operator: Operator, tmp_path: Path) -> None:
    (tmp_path / "ledger.jsonl").write_text("a list\n")
    code, said = await operator.types("reapply-erasures", "--ledger", str(tmp_path / "ledger.jsonl"))
    # The sentence is in a box whose lines are broken by the length of the path.
    assert (code, "is not what `motcua privacy erasures` prints" in " ".join(said.replace("│", " ").split())) == (1, True), said


@pytest.mark.proves("SEC-79")
async def test_retention_is_a_dry_run_until_told_otherwise(operator: Operator) -> None:
    old = {"_id": "old", "recipient": "s_x", "created_at": NOW - timedelta(days=800)}
    await operator.parts.db["inbox"].insert_many([old, {**old, "_id": "new", "created_at": NOW}])
    code, said = await operator.types("retention")
    assert (code, "Nothing was done" in said) == (0, True), said
    assert await operator.parts.db["inbox"].count_documents({}) == 2
    code, said = await operator.types("retention", "--do")
    assert (code, "inbox" in said) == (0, True), said
    assert [row["_id"] async for row in operator.parts.db["inbox"].find({})] == ["new"]


def test_every_row_of_the_retention_table_names_something_that_is_stored() -> None:
    from backend.privacy.retention import RULES

    parts = make_parts(Settings())
    stored = {d.Settings.name: d.model_fields for part in parts.slices for d in part.documents}
    assert [rule.collection for rule in RULES if rule.collection not in stored] == []
    assert [rule for rule in RULES if not {rule.field, *rule.unset} <= set(stored[rule.collection])] == []
    asyncio.run(parts.close())


@pytest.mark.proves("SEC-78")
async def test_a_breach_is_entered_drafted_and_told(operator: Operator) -> None:
    code, said = await operator.types("breach", "open", "--what", "Mất máy tính", "--category", "họ tên", "--people", "3",
                                      "--detected-at", "2026-07-01T08:30+0700")  # fmt: skip
    assert (code, "2026-07-04 08:30" in said) == (0, True), said
    breach = said.split()[1].rstrip(":")
    code, listed = await operator.types("breach", "list")
    assert (code, "late by" in listed) == (1, True) or datetime(2026, 7, 4, tzinfo=UTC) > NOW
    assert (await operator.types("breach", "amend", breach, "--people", "41", "--measures", "đã khóa"))[0] == 0
    code, draft = await operator.types("breach", "notice", breach, "--sent")
    assert (code, "Mất máy tính" in draft, "41 người" in draft, "đã khóa" in draft) == (0, True, True, True), draft
    assert (await operator.types("breach", "amend", "nothing", "--people", "1"))[0] == 1
    code, listed = await operator.types("breach", "list")
    assert (code, "told" in listed) == (0, True), "a script may ask whether a notice presses"
    assert (await operator.types("breach", "notice", "nothing"))[0] == 1
