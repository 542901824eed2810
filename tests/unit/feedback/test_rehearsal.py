"""Routing rules on trial: counted on what has come, beside the rules of today; nothing is changed."""

import asyncio
import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from backend.agencies.actions.catalogue import shipped_catalogue
from backend.app.parts import Parts
from backend.feedback.categories import CATEGORIES
from backend.feedback.queries import routed
from backend.feedback.rehearsal import Rehearsal, unknown
from backend.feedback.routing import RULES, Rule, Rules, agency_for
from kernel.ids import new_id

AN_XUYEN = "32002"
HEALTH, POLICE = "H12.6", "H12.17"
ON_TRIAL = Rules(RULES.desk, (Rule(("power_lighting",), HEALTH), *RULES.rules), RULES.otherwise)


async def received(parts: Parts, category: str, *, days_ago: int = 1, agency: str | None = None) -> None:
    row = {
        "_id": new_id(),
        "code": new_id(),
        "category": category,
        "commune": AN_XUYEN,
        "received_at": parts.clock.now() - timedelta(days=days_ago),
    }
    await parts.db["feedback"].insert_one({**row, "agency": agency} if agency else row)


async def rehearse(rules: Rules, since: datetime) -> Rehearsal:
    told = Rehearsal()
    async for report in routed(since):
        told.take(report, rules)
    return told


async def test_what_would_have_gone_elsewhere_is_counted_and_what_dispatchers_did_beside_it(parts: Parts) -> None:
    lights = agency_for("power_lighting", AN_XUYEN)
    await received(parts, "power_lighting", agency=lights)
    await received(parts, "power_lighting", agency=HEALTH)
    await received(parts, "power_lighting")
    await received(parts, "health", agency=HEALTH)
    await received(parts, "power_lighting", days_ago=40)
    before = await parts.db["feedback"].find({}, {"_id": 0}).to_list()
    told = await rehearse(ON_TRIAL, parts.clock.now() - timedelta(days=30))
    assert (told.reports, dict(told.moved)) == (4, {("power_lighting", lights, HEALTH): 3})
    assert (told.decided, told.agreed_today, told.agreed_then) == (3, 2, 2)
    assert await parts.db["feedback"].find({}, {"_id": 0}).to_list() == before


async def test_the_rules_of_today_move_nothing(parts: Parts) -> None:
    for category in CATEGORIES:
        await received(parts, category)
    told = await rehearse(RULES, parts.clock.now() - timedelta(days=30))
    assert (told.reports, told.moved.total()) == (len(CATEGORIES), 0)


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        (RULES, []),
        (Rules("H99", RULES.rules, "H98"), ["there is no agency H98", "there is no agency H99"]),
        (
            Rules(RULES.desk, (Rule(("lamps",), "commune"), Rule(("health",), "H97")), POLICE),
            ["there is no agency H97", "there is no category lamps"],
        ),
    ],
)
def test_rules_that_name_what_is_not_there_are_refused_by_name(rules: Rules, said: list[str]) -> None:
    assert unknown(rules, {row.code for row in shipped_catalogue()}, CATEGORIES) == said


async def test_an_operator_reads_a_table(parts: Parts, mongodb_uri: str, tmp_path: Path) -> None:
    await received(parts, "power_lighting", agency=HEALTH)
    file = tmp_path / "rules.json"
    settings = {"MOTCUA_MONGODB_URI": mongodb_uri, "MOTCUA_DATABASE": parts.settings.database, "COLUMNS": "120"}

    async def types(rules: bytes) -> tuple[int | None, str]:
        file.write_bytes(rules)
        command, pipe = [sys.executable, "-m", "backend", "reports", "rehearse-routing", str(file)], asyncio.subprocess.PIPE
        running = await asyncio.create_subprocess_exec(*command, env={**os.environ, **settings}, stdout=pipe, stderr=pipe)
        output, complaint = await running.communicate()
        return running.returncode, (output + complaint).decode()

    code, said = await types(msgspec.json.encode(ON_TRIAL))
    assert code == 0, said
    assert "1 would have gone elsewhere" in said
    assert "today's rules name for 0, and these for 1" in said
    for broken in (b"{", msgspec.json.encode(msgspec.structs.replace(ON_TRIAL, desk="H99"))):
        code, said = await types(broken)
        assert code == 1
        assert "rules.json" in said or "there is no agency H99" in said
