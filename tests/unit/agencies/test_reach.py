"""Whatever officials there are and whoever asks: a page of the directory holds all within reach and nobody else (SEC-48)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.agencies.actions.members import enrol, found
from backend.agencies.directory import agencies_of, page_of_staff
from backend.agencies.documents import StaffMember
from backend.agencies.errors import StaffMemberNotFound
from backend.app.parts import Parts
from kernel.principal import Principal

pytestmark = pytest.mark.anyio

# Two offices of one province and a ward with an office below it.
TREE = {"H12": ["H12", "H12.13", "H12.15", "H12.101"], "H12.13": ["H12.13"], "H12.15": ["H12.15"], "H12.101": ["H12.101"]}
CODES = st.sets(st.sampled_from(sorted(TREE)), max_size=3)


def administrator(agencies: set[str]) -> Principal:
    return Principal(id="khoa", kind="staff", client_id="app", roles=frozenset({"administrator"}), agencies=frozenset(agencies))


@pytest.mark.proves("SEC-48")
@settings(max_examples=25)
@given(officials=st.lists(CODES, max_size=8), own=CODES, limit=st.integers(1, 4), agency=st.none() | st.sampled_from(sorted(TREE)))
async def test_a_page_holds_all_within_reach_and_nobody_else(
    module_parts: Parts, officials: list[set[str]], own: set[str], limit: int, agency: str | None
) -> None:
    await StaffMember.find_all().delete()
    members = [await enrol(f"o{n}@camau.gov.vn", "O", agencies=codes, roles=["handler"]) for n, codes in enumerate(officials)]
    actor = administrator(own)
    within = {office.id for office, _ in await agencies_of(actor)}
    assert {code for top in own for code in TREE[top]} <= within
    assert "H12" in own or "H12" not in within
    expected = {m.id for m in members if m.agencies and set(m.agencies) <= within and (agency is None or agency in m.agencies)}
    seen: list[str] = []
    cursor = None
    while True:
        rows, cursor = await page_of_staff(actor, limit=limit, cursor=cursor, agency=agency)
        seen += [row.id for row in rows]
        if cursor is None:
            break
    assert (len(seen), set(seen)) == (len(expected), expected)
    for member in members:
        if member.agencies and set(member.agencies) <= within:
            assert (await found(actor, member.id)).id == member.id
        else:
            with pytest.raises(StaffMemberNotFound):
                await found(actor, member.id)
