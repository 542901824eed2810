"""Everything about a citizen in one archive, offered once and for a day."""

import asyncio
import io
import json
import zipfile
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from auth.errors import StepUpRequired
from backend.privacy import states
from backend.privacy.actions import build_export
from backend.privacy.actions.build_export import LEASE, MOST_ATTEMPTS, build_next, expire_offers
from backend.privacy.actions.decide_consent import decide_consent
from backend.privacy.actions.request_export import request_export
from backend.privacy.actions.sweep_archives import sweep_archives
from backend.privacy.actions.take_export import take_export
from backend.privacy.documents import Export
from backend.privacy.errors import ExportExpired, ExportNotFound, ExportNotReady, ExportUsed
from backend.privacy.jobs import keep_privacy_jobs
from backend.privacy.personal_data import PERSONAL_DATA
from backend.privacy.purposes import PURPOSES
from kernel.errors import AuditUnavailable, StaleVersion
from kernel.principal import Principal
from kernel.privacy.field import Plain
from kernel.slice import PersonalData
from tests.unit.privacy_slice.keeper import NAME, NOTES, RESULT, TEXT, Keeper, erase_notes, until


async def asked(keeper: Keeper) -> Export:
    return await request_export(keeper.citizen(), now=keeper.clock.now(), calendar=keeper.holdings.calendar(), audit=keeper.audit)


async def built(keeper: Keeper) -> Export:
    """An export that waits to be taken."""
    export = await asked(keeper)
    assert await build_next(keeper.holdings)
    return await stored(export)


async def stored(export: Export) -> Export:
    found = await Export.get(export.id)
    assert found
    return found


async def taken(keeper: Keeper, export: Export) -> bytes:
    file, content = await take_export(keeper.citizen(), export.id, keeper.holdings)
    read = b"".join([part async for part in content])
    assert len(read) == file["size"]
    return read


async def archive(keeper: Keeper) -> zipfile.ZipFile:
    """The archive in the citizen's hands."""
    return zipfile.ZipFile(io.BytesIO(await taken(keeper, await built(keeper))))


async def test_the_archive_holds_every_slices_rows_in_the_clear(keeper: Keeper) -> None:
    await keeper.note()
    shown = PURPOSES["precise_place"].text_version
    await decide_consent(
        keeper.citizen(), "precise_place", granted=True, shown_version=shown, now=keeper.clock.now(), audit=keeper.audit
    )
    told = json.loads((await archive(keeper)).read("du-lieu.json"))
    sections = {section["name"]: section["rows"] for section in told["sections"]}
    assert sections["notes"][0]["name"] == NAME
    assert sections["notes"][0]["text"] == TEXT
    assert sections["consents"][0]["purpose"] == "precise_place"
    assert set(sections) == {part.name for part in keeper.holdings.personal_data}


async def test_the_archive_holds_the_files_and_no_key_of_them(keeper: Keeper) -> None:
    await keeper.note()
    packed = await archive(keeper)
    told = json.loads(packed.read("du-lieu.json"))["sections"][0]["rows"][0]["file"]
    assert packed.read(told["path"]) == RESULT
    assert told["name"] == "giấy/khai\\sinh.pdf"
    assert told["path"] == "tep/001-giấy_khai_sinh.pdf"
    assert {"id", "key"}.isdisjoint(told)


async def test_a_lost_file_does_not_lose_the_rest(keeper: Keeper) -> None:
    await keeper.note()
    await keeper.db["files.files"].delete_many({})
    told = json.loads((await archive(keeper)).read("du-lieu.json"))["sections"][0]["rows"][0]
    assert (told["name"], told["file"]["path"]) == (NAME, "not_found")


async def test_somebody_elses_data_are_not_in_it(keeper: Keeper) -> None:
    await keeper.note(whose="s_other", name=Plain("Trần Văn Nam"))
    assert "Nam" not in (await archive(keeper)).read("du-lieu.json").decode()


@pytest.mark.proves("SEC-72")
async def test_the_archive_itself_lies_sealed(keeper: Keeper) -> None:
    await keeper.note()
    await built(keeper)
    raw = b"".join([bytes(chunk["data"]) async for chunk in keeper.db["files.chunks"].find({})])
    assert b"du-lieu.json" not in raw
    assert NAME not in str(await keeper.dump())


async def test_a_sign_in_that_is_too_weak_or_too_long_ago_is_asked_to_step_up(keeper: Keeper) -> None:
    export = await built(keeper)
    for actor in (keeper.citizen(minutes_ago=5.1), keeper.citizen(assurance=1)):
        with pytest.raises(StepUpRequired):
            await request_export(actor, now=keeper.clock.now(), calendar=keeper.holdings.calendar(), audit=keeper.audit)
        with pytest.raises(StepUpRequired):
            await take_export(actor, export.id, keeper.holdings)
    assert await taken(keeper, export), "and none of that has used it up"


async def test_it_is_handed_out_once(keeper: Keeper) -> None:
    export = await built(keeper)
    await taken(keeper, export)
    with pytest.raises(ExportUsed):
        await taken(keeper, export)
    assert "file" not in await keeper.db["exports"].find_one({}), "its key is gone, so the archive cannot be opened any more"
    assert keeper.audit.actions() == ["export.requested", "export.built", "export.taken"]


async def bytes_left(keeper: Keeper) -> int:
    return await keeper.db["files.chunks"].count_documents({})


@pytest.mark.proves("SEC-79")
async def test_the_bytes_of_a_used_archive_are_removed_when_nobody_can_be_reading_them(keeper: Keeper) -> None:
    export = await built(keeper)
    assert await sweep_archives(keeper.holdings.files, keeper.clock.now()) == 0, "it is still on offer"
    await taken(keeper, export)
    assert await sweep_archives(keeper.holdings.files, keeper.clock.now()) == 0, "it may be on its way"
    keeper.clock.advance(timedelta(hours=1))
    assert await sweep_archives(keeper.holdings.files, keeper.clock.now()) == 1
    assert (await bytes_left(keeper), await keeper.db["files.files"].count_documents({})) == (0, 0)
    assert await sweep_archives(keeper.holdings.files, keeper.clock.now()) == 0
    assert (await stored(export)).taken_at, "that it was taken is still known"


@pytest.mark.proves("SEC-79")
async def test_the_bytes_of_an_archive_nobody_took_or_of_an_erased_citizen_are_removed(keeper: Keeper) -> None:
    await built(keeper)
    keeper.clock.advance(timedelta(hours=24))
    await expire_offers(keeper.clock.now())
    assert await sweep_archives(keeper.holdings.files, keeper.clock.now()) == 1
    await built(keeper)
    [withdraw] = [part.erase for part in PERSONAL_DATA if part.name == "exports"]
    await withdraw(keeper.subject, keeper.clock.now())
    assert await sweep_archives(keeper.holdings.files, keeper.clock.now()) == 1
    assert await bytes_left(keeper) == 0


async def test_what_a_slow_worker_built_for_nothing_leaves_no_bytes(keeper: Keeper) -> None:
    await asked(keeper)
    claimed = await build_export._claim(keeper.clock.now())
    assert claimed
    await keeper.db["exports"].update_one({}, {"$inc": {"version": 1}})
    with pytest.raises(StaleVersion):
        await build_export._build(claimed, keeper.holdings)
    assert await bytes_left(keeper) == 0


async def test_of_two_at_the_same_moment_one_gets_it(keeper: Keeper) -> None:
    export = await built(keeper)
    outcomes = await asyncio.gather(*(taken(keeper, export) for _ in range(3)), return_exceptions=True)
    assert sum(isinstance(outcome, bytes) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, ExportUsed) for outcome in outcomes) == 2


@pytest.mark.proves("SEC-71")
async def test_without_audit_nothing_is_handed_out_and_the_offer_stands(keeper: Keeper) -> None:
    export = await built(keeper)
    keeper.audit.broken = True
    with pytest.raises(AuditUnavailable):
        await taken(keeper, export)
    keeper.audit.broken = False
    assert await taken(keeper, export)


async def test_after_a_day_the_offer_is_over(keeper: Keeper) -> None:
    export = await built(keeper)
    keeper.clock.advance(timedelta(hours=24))
    with pytest.raises(ExportExpired):
        await taken(keeper, export)
    assert await expire_offers(keeper.clock.now()) == 1
    assert (await stored(export)).file is None
    with pytest.raises(ExportExpired):
        await taken(keeper, export)
    assert (await asked(keeper)).id != export.id


async def test_asking_twice_makes_one_archive(keeper: Keeper) -> None:
    first, *others = await asyncio.gather(*(asked(keeper) for _ in range(3)))
    assert {first.id} == {other.id for other in others}
    with pytest.raises(ExportNotReady):
        await taken(keeper, first)
    assert await build_next(keeper.holdings)
    assert not await build_next(keeper.holdings)
    assert (await asked(keeper)).id == first.id


async def test_another_citizens_archive_does_not_exist(keeper: Keeper) -> None:
    export = await built(keeper)
    somebody = Principal(
        id="p", kind="citizen", client_id="app", citizen_key="s_other", assurance=2, authenticated_at=keeper.clock.now()
    )
    with pytest.raises(ExportNotFound):
        await take_export(somebody, export.id, keeper.holdings)


async def test_what_a_dead_worker_left_is_built_by_the_next_one(keeper: Keeper) -> None:
    export = await asked(keeper)
    claimed = await build_export._claim(keeper.clock.now())
    assert claimed
    assert not await build_next(keeper.holdings), "it is somebody's as long as the lease lasts"
    keeper.clock.advance(LEASE)
    assert await build_next(keeper.holdings)
    # The first one was only slow: what it brings late counts for nothing.
    first_built = await stored(export)
    await build_export._give_up(claimed)
    assert (await stored(export)).model_dump() == first_built.model_dump()
    assert first_built.state == states.READY


async def test_what_fails_three_times_is_given_up(keeper: Keeper) -> None:
    async def fail(subject: str) -> list[dict[str, Any]]:
        raise RuntimeError(subject)

    export = await asked(keeper)
    broken = replace(keeper.holdings, personal_data=[PersonalData("notes", "", "", fail, erase_notes)])
    for _ in range(MOST_ATTEMPTS):
        assert (await stored(export)).open
        assert await build_next(broken)
        keeper.clock.advance(LEASE)
    assert ((await stored(export)).state, (await stored(export)).open) == (states.FAILED, None)
    assert (await asked(keeper)).id != export.id


async def test_of_an_erased_citizen_no_archive_is_made(keeper: Keeper) -> None:
    export = await asked(keeper)
    await keeper.holdings.vault.erase(keeper.subject, now=keeper.clock.now())
    assert await build_next(keeper.holdings)
    assert (await stored(export)).state == states.FAILED


async def test_the_worker_makes_what_is_asked_for_while_it_runs(keeper: Keeper) -> None:
    stop = asyncio.Event()
    working = asyncio.create_task(keep_privacy_jobs(keeper.holdings, stop))
    export = await asked(keeper)

    async def ready() -> bool:
        return (await stored(export)).state == states.READY

    await until(ready)
    stop.set()
    await working


async def test_a_value_of_any_kind_can_be_told(keeper: Keeper) -> None:
    async def odd(_: str) -> list[dict[str, Any]]:
        return [{"at": datetime(2026, 7, 1, 2, tzinfo=keeper.clock.now().tzinfo), "raw": b"\x01", "none": [], "yes": True}]

    parts = [PersonalData("odd", "Lạ", "Odd", odd, erase_notes), NOTES]
    house = replace(keeper, holdings=replace(keeper.holdings, personal_data=parts))
    packed = await archive(house)
    assert "09:00 01/07/2026" in packed.read("index.html").decode()
    assert json.loads(packed.read("du-lieu.json"))["sections"][0]["rows"][0]["yes"] is True
