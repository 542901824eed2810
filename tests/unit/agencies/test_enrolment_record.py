"""Giving somebody rights, or taking them, is on record with what they had before (SEC-67)."""

from typing import Any

import pytest

from backend.agencies.actions.members import enrol
from backend.app.parts import Parts
from kernel.ids import new_id
from kernel.principal import Principal

ROOT = Principal(id="staff-root", kind="staff", client_id="app", name="Lê Văn Gốc", roles=frozenset({"administrator"}))


async def records(parts: Parts, member: str) -> list[dict[str, Any]]:
    return await parts.audit.trail.records.find({"object": f"staff:{member}"}).sort("seq", 1).to_list()


@pytest.mark.proves("SEC-67")
async def test_a_change_of_roles_says_which_they_were(parts: Parts) -> None:
    address = f"{new_id()}@camau.gov.vn"

    async def grant(*roles: str) -> str:
        member = await enrol(address, "Cao Thị Mới", agencies=["H12.13"], roles=roles, by=ROOT, audit=parts.audit.log)
        return str(member.id)

    member = await grant("handler")
    await grant("handler")
    await grant("handler", "approver")
    _, enrolled, _, changed = await records(parts, member)
    assert (enrolled["action"], changed["action"]) == ("staff.enrolled", "staff.roles_changed")
    assert changed["changes"] == [{"field": "roles", "before": ["handler"], "after": ["approver", "handler"]}]
    assert changed["actor"]["id"] == "staff-root"
