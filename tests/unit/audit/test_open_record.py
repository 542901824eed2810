"""Personal values in the trail are opened by an administrator, for a purpose, one record at a time, and that is on record first."""

import asyncio
import os
import sys

import pytest

from backend.app.parts import Parts
from backend.audit.actions.open_record import MARK_OF_THE_ERASED, NotOpened, open_record
from kernel.audit import AuditEntry, Change
from kernel.ids import new_id
from kernel.principal import Principal
from kernel.privacy.field import Plain
from tests.support.officials import HOA, OFFICIALS

pytestmark = [pytest.mark.anyio, pytest.mark.proves("SEC-67", "SEC-71")]

KHOA = OFFICIALS["khoa"].principal()
WAS, IS = "Ng. T. C. Yến", "Nguyễn Thị Chim Yến"


async def renamed(parts: Parts, whose: str) -> str:
    """The id of a record that somebody's name was corrected."""
    what = f"dossier:{new_id()}"
    changes = (Change(field="applicant_name", before=Plain(WAS), after=Plain(IS)), Change(field="status", after="accepted"))
    await parts.audit.log.record(HOA, AuditEntry(action="dossier.recorded", object=what, subjects=(whose,), changes=changes))
    row = await parts.audit.trail.records.find_one({"object": what})
    assert row
    assert "Yến" not in str(row)
    return str(row["_id"])


async def opened(parts: Parts, record: str, by: Principal = KHOA, purpose: str = "oversight") -> dict[str, tuple[object, object]]:
    given = {"trail": parts.audit.trail, "vault": parts.vault, "audit": parts.audit.log}
    return {one.field: (one.before, one.after) for one in await open_record(by, record, purpose, **given)}


async def test_an_administrator_with_a_purpose_reads_it_and_stands_in_the_citizens_log(parts: Parts) -> None:
    whose = f"s_{new_id()}"
    record = await renamed(parts, whose)
    assert await opened(parts, record) == {"applicant_name": (WAS, IS), "status": (None, "accepted")}
    [*_, told] = await parts.audit.trail.records.find({"subjects": whose}).sort([("at", 1), ("seq", 1)]).to_list()
    assert (told["action"], told["object"], told["purpose"]) == ("audit.opened", f"audit:{record}", "oversight")
    assert (told["actor"]["name"], told["fields"], told["subjects"]) == (KHOA.name, ["applicant_name"], [whose])


@pytest.mark.parametrize("purpose", ["", "curiosity"])
async def test_without_a_purpose_nothing_is_opened_nor_by_anybody_else(parts: Parts, purpose: str) -> None:
    record = await renamed(parts, "s_lan")
    before = await parts.audit.trail.records.count_documents({})
    with pytest.raises(NotOpened, match="say what for"):
        await opened(parts, record, purpose=purpose)
    with pytest.raises(NotOpened, match="administrator"):
        await opened(parts, record, by=HOA)
    with pytest.raises(NotOpened, match="no such record"):
        await opened(parts, "2026-01-01/nobody/1")
    assert await parts.audit.trail.records.count_documents({}) == before


async def test_who_has_been_erased_stays_closed(parts: Parts) -> None:
    whose = f"s_{new_id()}"
    record = await renamed(parts, whose)
    await parts.vault.erase(whose, now=parts.clock.now())
    assert (await opened(parts, record))["applicant_name"] == (MARK_OF_THE_ERASED, MARK_OF_THE_ERASED)


async def test_the_command_wants_a_purpose_and_shows_the_values(parts: Parts) -> None:
    record, by = await renamed(parts, f"s_{new_id()}"), OFFICIALS["khoa"].email
    code, said = await motcua_audit_open(parts, record, "--by", by, "--purpose", "oversight")
    assert (code, IS in said) == (0, True), said
    for words in (
        ["--by", by],
        ["--by", OFFICIALS["hoa"].email, "--purpose", "oversight"],
        ["--by", "nobody", "--purpose", "oversight"],
    ):
        code, said = await motcua_audit_open(parts, record, *words)
        assert (code != 0, IS in said) == (True, False), said


async def motcua_audit_open(parts: Parts, *words: str) -> tuple[int | None, str]:
    given = {"MOTCUA_MONGODB_URI": parts.settings.mongodb_uri, "MOTCUA_DATABASE": parts.settings.database}
    given["MOTCUA_CLIENTS_FILE"] = str(parts.settings.clients_file)
    command, pipe = [sys.executable, "-m", "backend", "audit", "open", *words], asyncio.subprocess.PIPE
    running = await asyncio.create_subprocess_exec(*command, env={**os.environ, **given}, stdout=pipe, stderr=pipe)
    output, complaint = await running.communicate()
    return running.returncode, (output + complaint).decode()
