"""From the last byte to the receipt: nobody loads what has not been checked."""

import asyncio
import hashlib
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pikepdf
import pytest
from PIL import Image

from backend.dev.clamd import EICAR, Clamd, running_clamd
from backend.dev.paper import one_page_pdf
from backend.uploads import queries
from backend.uploads.actions.check import check_next
from backend.uploads.gateways.clamd import scanner_at
from tests.support.api import Api, assert_problem
from tests.support.samples import GPS, photo_with_place, picture
from tests.support.tus import begun, checked, sent, uploaded

PDF = one_page_pdf("Đơn xin")


@pytest.fixture
async def clamd(api: Api, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Clamd]:
    """The API asks a scanner."""
    async with running_clamd() as clamd:
        scanner = scanner_at(clamd.address)
        monkeypatch.setattr(api.parts.uploads.desk, "checking", replace(api.parts.uploads.checking, scanner=scanner))
        yield clamd


async def rested(api: Api) -> None:
    """As if every lease and every rest were over."""
    long_ago = {"check.until": datetime(2000, 1, 1, tzinfo=UTC)}
    await api.parts.db["uploads"].update_many({"check": {"$exists": True}}, {"$set": long_ago})


@pytest.mark.proves("SEC-57", "SEC-62")
async def test_the_receipt_tells_what_was_sent_and_what_is_kept(api: Api) -> None:
    content = photo_with_place()
    receipt = await uploaded(api, "lan", content, "Ảnh hiện trường.JPG", filetype="image/jpeg", purpose="feedback")
    assert (receipt["name"], receipt["purpose"], receipt["state"]) == (
        "Ảnh hiện trường.JPG",
        "feedback",
        {"name": "ready", "label": "Sẵn sàng"},
    )
    assert (receipt["size"], receipt["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    kept = await api.get("lan", receipt["file"]["href"])
    assert (receipt["file"]["size"], receipt["file"]["sha256"]) == (len(kept.content), hashlib.sha256(kept.content).hexdigest())
    with Image.open(io.BytesIO(kept.content)) as seen:
        assert dict(seen.getexif().get_ifd(GPS)) == {}
    # The bytes as they came are not kept anywhere.
    assert await api.parts.db["upload_segments"].count_documents({}) == 0


@pytest.mark.proves("SEC-60")
async def test_a_file_is_loaded_back_as_an_attachment_by_its_owner_alone(api: Api) -> None:
    receipt = await uploaded(api, "lan", PDF, "đơn <xin>.pdf")
    href = receipt["file"]["href"]
    answer = await api.get("lan", href)
    assert answer.content == PDF
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == (
        "attachment; filename=\"don-xin-.pdf\"; filename*=UTF-8''%C4%91%C6%A1n%20%3Cxin%3E.pdf"
    )
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("sandbox")
    assert "repr-digest" in answer.headers
    for who in ("nam", "hoa"):
        assert_problem(await api.get(who, href), 404, "upload_not_found")


async def test_an_office_that_wants_paper_gets_a_sheet(api: Api) -> None:
    receipt = await uploaded(api, "hoa", picture("PNG"), "a.png")
    answer = await api.get("hoa", receipt["file"]["href"] + "?as=pdf")
    assert answer.headers["content-disposition"].endswith("a.pdf")
    with pikepdf.open(io.BytesIO(answer.content)) as made:
        assert len(made.pages) == 1
    receipt = await uploaded(api, "hoa", PDF, "b.pdf")
    assert (await api.get("hoa", receipt["file"]["href"] + "?as=pdf")).content == PDF


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [(b"MZ\x90\0" * 9, "a.jpg", "type_not_accepted"), (b"", "a.jpg", "empty"), (PDF[:-30], "a.pdf", "damaged")],
)
@pytest.mark.proves("SEC-56")
async def test_a_refused_file_says_why_and_is_gone(api: Api, content: bytes, name: str, reason: str) -> None:
    if content:
        receipt = await uploaded(api, "lan", content, name)
    else:
        receipt = await checked(api, "lan", await begun(api, "lan", 0, filename=name))
    assert (receipt["state"]["name"], receipt["reason"]["code"]) == ("refused", reason)
    english = await api.get("lan", f"/v1/uploads/{receipt['id']}", headers={"accept-language": "en"})
    assert english.json()["reason"]["detail"] != receipt["reason"]["detail"]
    assert_problem(await api.get("lan", f"/v1/uploads/{receipt['id']}/content"), 409, "upload_not_ready")
    assert await api.parts.db["upload_segments"].count_documents({}) == 0
    assert await api.parts.db["files.files"].count_documents({}) == 0


@pytest.mark.proves("SEC-61")
async def test_a_virus_is_refused(api: Api, clamd: Clamd) -> None:
    infected = await uploaded(api, "lan", picture() + EICAR, "a.jpg")
    assert (infected["state"]["name"], infected["reason"]["code"]) == ("refused", "virus")
    assert (await uploaded(api, "lan", picture(), "a.jpg"))["state"]["name"] == "ready"
    assert clamd.scanned == 2


@pytest.mark.parametrize("fault", ["hang_up", "error", "nonsense"])
@pytest.mark.proves("SEC-61")
async def test_without_an_answer_of_the_scanner_nobody_gets_the_file_and_it_is_not_lost(api: Api, clamd: Clamd, fault: str) -> None:
    clamd.fail(fault)  # type: ignore[arg-type]
    receipt = await uploaded(api, "lan", PDF, "a.pdf")
    assert receipt["state"]["name"] == "checking"
    assert receipt["reason"]["code"] == "scanner_unavailable"
    href = f"/v1/uploads/{receipt['id']}/content"
    assert_problem(await api.get("lan", href), 409, "upload_not_ready")
    assert await queries.waiting_for_scanner() == 1
    clamd.fail("")
    # It rests before it is tried again; then any worker takes it up.
    assert not await check_next(api.parts.uploads.desk.checking)
    await rested(api)
    assert await check_next(api.parts.uploads.desk.checking)
    assert (await api.get("lan", href)).content == PDF
    assert await queries.waiting_for_scanner() == 0


async def test_a_check_left_behind_by_a_dead_process_is_taken_up(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = api.parts.uploads.desk
    monkeypatch.setattr(desk, "begin_check", lambda _: None)
    address = await begun(api, "lan", len(PDF), filename="a.pdf")
    await sent(api, "lan", address, 0, PDF)
    assert (await api.get("lan", address)).json()["state"]["name"] == "checking"
    assert await check_next(desk.checking)
    assert (await api.get("lan", address)).json()["state"]["name"] == "ready"
    assert not await check_next(desk.checking)


async def test_two_who_check_the_same_upload_do_it_once(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = api.parts.uploads.desk
    monkeypatch.setattr(desk, "begin_check", lambda _: None)
    address = await begun(api, "lan", len(PDF), filename="a.pdf")
    await sent(api, "lan", address, 0, PDF)
    done = await asyncio.gather(*(check_next(desk.checking) for _ in range(4)))
    assert sorted(done) == [False, False, False, True]
    assert await api.parts.db["files.files"].count_documents({}) == 1


async def test_who_checked_too_slowly_decides_nothing(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = api.parts.uploads.desk

    class Slow:
        async def inspect(self, content: bytes, *, name: str, media_type: str):
            await rested(api)
            assert await check_next(api.parts.uploads.checking)
            return await api.parts.uploads.checking.inspector.inspect(b"", name=name, media_type=media_type)

    monkeypatch.setattr(desk, "checking", replace(desk.checking, inspector=Slow(), room=asyncio.Semaphore(2)))
    receipt = await uploaded(api, "lan", PDF, "a.pdf")
    assert receipt["state"]["name"] == "ready"
    assert await api.parts.db["files.files"].count_documents({}) == 1
