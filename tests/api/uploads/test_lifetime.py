"""How an upload ends: attached once, expired, or erased; and what it costs to find one."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from backend.dev.paper import one_page_pdf
from backend.privacy.actions.build_export import gather
from backend.uploads.actions.attach import attach
from backend.uploads.actions.clear import expire
from backend.uploads.documents import own
from backend.uploads.errors import UploadAttached, UploadExpired, UploadNotFound, UploadNotReady, UploadPurposeDiffers
from backend.uploads.limits import UNFINISHED_FOR, UNUSED_FOR
from backend.uploads.personal_data import PERSONAL_DATA
from kernel.ids import new_id
from kernel.mongo.files import StoredFile
from kernel.principal import Principal
from kernel.privacy.field import Plain
from tests.support.api import Api, assert_problem
from tests.support.callers import NUMBERS
from tests.support.officials import citizen
from tests.support.samples import picture
from tests.support.tus import TUS, begun, offset_of, sent, uploaded

PDF = one_page_pdf("Đơn")


async def lan(api: Api) -> Principal:
    return citizen(await api.parts.subjects.of(NUMBERS["lan"]))


async def taken(api: Api, *ids: str, to: str = "feedback:1", purpose: str = "feedback") -> list[StoredFile]:
    return await attach(await lan(api), ids, purpose, to=to, vault=api.parts.vault, now=api.parts.clock.now())


async def left(api: Api) -> dict[str, int]:
    names = ("uploads", "upload_segments", "files.files", "files.chunks")
    return {name: await api.parts.db[name].count_documents({}) for name in names}


async def test_attached_files_come_in_order_with_names_and_keys_to_be_sealed_anew(api: Api) -> None:
    one, two = [(await uploaded(api, "lan", PDF, name, purpose="feedback"))["id"] for name in ("một.pdf", "hai.pdf")]
    files = await taken(api, two, one)
    assert [file.name for file in files] == [Plain("hai.pdf"), Plain("một.pdf")]
    content = await api.parts.uploads.checking.files.read({"id": files[0].id, "key": files[0].key.reveal()})  # type: ignore[union-attr]
    assert b"".join([part async for part in content]) == PDF
    assert (await api.get("lan", f"/v1/uploads/{one}")).json()["state"]["name"] == "attached"
    # The same call again, after a crash of the caller: the same answer.
    assert [file.id for file in await taken(api, two, one)] == [file.id for file in files]
    assert_problem(await api.call("lan", "DELETE", f"/v1/uploads/{one}", headers=TUS), 409, "upload_attached")


async def test_an_upload_is_attached_once_or_not_at_all(api: Api) -> None:
    one, two = [(await uploaded(api, "lan", PDF, "a.pdf"))["id"] for _ in range(2)]
    await taken(api, two)
    with pytest.raises(UploadAttached):
        await taken(api, one, two, to="feedback:2")
    # All or none: the first of the two is as it was.
    assert (await api.get("lan", f"/v1/uploads/{one}")).json()["state"]["name"] == "ready"
    racing = [taken(api, one, to=f"feedback:{n}") for n in range(3, 9)]
    outcomes = await asyncio.gather(*racing, return_exceptions=True)
    assert sum(isinstance(outcome, list) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, UploadAttached) for outcome in outcomes) == 5


async def test_only_what_is_ready_and_mine_and_meant_for_it_is_attached(api: Api) -> None:
    ready = (await uploaded(api, "lan", PDF, "a.pdf", purpose="dossier"))["id"]
    begun_only = (await begun(api, "lan", 9)).rpartition("/")[2]
    others = (await uploaded(api, "nam", PDF, "a.pdf"))["id"]
    for upload_id, problem in (
        (begun_only, UploadNotReady),
        (others, UploadNotFound),
        (new_id(), UploadNotFound),
        (ready, UploadPurposeDiffers),
    ):
        with pytest.raises(problem):
            await taken(api, upload_id)
    assert len(await taken(api, ready, purpose="dossier")) == 1


async def test_what_nobody_finishes_is_gone_after_a_day(api: Api) -> None:
    address = await begun(api, "lan", 300_000)
    await sent(api, "lan", address, 0, bytes(200_000))
    await grow_older(api, UNFINISHED_FOR - timedelta(minutes=5))
    assert await clear(api) == 0
    assert await offset_of(api, "lan", address) == 200_000
    await grow_older(api, timedelta(minutes=6))
    assert_problem(await sent(api, "lan", address, 200_000, b"x"), 410, "upload_expired")
    assert (await api.call("lan", "HEAD", address, headers=TUS)).status_code == 410
    assert await clear(api) == 1
    assert (await api.call("lan", "HEAD", address, headers=TUS)).status_code == 404
    assert set((await left(api)).values()) == {0}


async def test_what_nobody_uses_is_gone_after_a_week_and_what_is_attached_is_not(api: Api) -> None:
    unused, used = [(await uploaded(api, "lan", PDF, "a.pdf"))["id"] for _ in range(2)]
    await taken(api, used)
    await grow_older(api, UNUSED_FOR + timedelta(minutes=1))
    with pytest.raises(UploadExpired):
        await taken(api, unused)
    assert await clear(api) == 1
    assert await left(api) == {"uploads": 1, "upload_segments": 0, "files.files": 1, "files.chunks": 1}
    await grow_older(api, timedelta(days=31))
    await clear(api)
    # The receipt is gone; the file lives on where it was attached.
    assert await left(api) == {"uploads": 0, "upload_segments": 0, "files.files": 1, "files.chunks": 1}


async def grow_older(api: Api, by: timedelta) -> None:
    """As if so much time had passed: tokens would not outlive a clock that is set forward."""
    ago = {"$subtract": ["$expires_at", int(by.total_seconds() * 1000)]}
    await api.parts.db["uploads"].update_many({}, [{"$set": {"expires_at": ago}}])


async def clear(api: Api) -> int:
    checking = api.parts.uploads.checking
    return await expire(api.parts.clock.now(), files=checking.files, segments=checking.segments)


@pytest.mark.proves("SEC-72")
async def test_names_and_contents_lie_sealed(api: Api) -> None:
    address = await begun(api, "lan", 200_000, filename="Nguyễn Thị Lan.pdf")
    await sent(api, "lan", address, 0, b"MOTCUA-CANARY" * 10_000)
    for name in ("uploads", "upload_segments"):
        rows = str(await api.parts.db[name].find({}).to_list()).encode("unicode_escape")
        assert b"CANARY" not in rows
        assert b"Lan" not in rows
    [row] = await api.parts.db["uploads"].find({}).to_list()
    assert b"CANARY" not in row["tail"]


async def test_a_citizen_takes_their_uploads_home_and_leaves_none_behind(api: Api) -> None:
    me = (await lan(api)).recipient
    await uploaded(api, "lan", picture(), "Ảnh.jpg")
    await begun(api, "lan", 9, filename="dở dang.pdf")
    sections, attached = await gather(me, api.parts.privacy.holdings)
    rows = next(section.rows for section in sections if section.name == "uploads")
    assert {row["name"] for row in rows} == {"Ảnh.jpg", "dở dang.pdf"}
    assert len(attached) == 1
    assert await PERSONAL_DATA.erase(me, api.parts.clock.now()) == 2
    assert await PERSONAL_DATA.erase(me, api.parts.clock.now()) == 0
    await clear(api)
    assert set((await left(api)).values()) == {0}


def _stages(plan: Any) -> set[str]:
    if isinstance(plan, dict):
        found = {plan["stage"]} if "stage" in plan else set()
        return found.union(*(_stages(value) for value in plan.values())) if plan else found
    if isinstance(plan, list):
        return set().union(*(_stages(value) for value in plan))
    return set()


async def test_no_look_walks_through_a_whole_collection(api: Api) -> None:
    now, me = datetime.now().astimezone(), await lan(api)
    filters: list[tuple[str, dict[str, Any], list[tuple[str, int]] | None]] = [
        ("uploads", own(me, new_id()), None),
        ("uploads", {**own(me, new_id()), "state": "receiving", "offset": {"$eq": 0}, "expires_at": {"$gt": now}}, None),
        ("uploads", {"owner": {"$eq": me.recipient}, "created_at": {"$gt": now}}, None),
        ("uploads", {"owner": {"$eq": me.recipient}, "state": {"$ne": "attached"}}, [("created_at", 1)]),
        ("uploads", {"state": "checking", "check.until": {"$exists": False}}, [("expires_at", 1)]),
        ("uploads", {"state": {"$in": ["receiving", "ready", "refused"]}, "expires_at": {"$lte": now}}, None),
        ("uploads", {"state": "expired"}, None),
        ("upload_segments", {"_id": {"$gte": "x:", "$lt": "x;"}}, None),
    ]
    for name, wanted, sort in filters:
        command = {"find": name, "filter": wanted, **({"sort": dict(sort)} if sort else {})}
        plan = await api.parts.db.command({"explain": command, "verbosity": "queryPlanner"})
        assert not {"COLLSCAN", "SORT"} & _stages(plan["queryPlanner"]["winningPlan"]), (name, wanted)
