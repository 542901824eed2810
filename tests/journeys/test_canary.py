"""The canary: words that occur nowhere else go through the whole main job, and are then looked for wherever they must not be."""

import base64
import secrets
import unicodedata
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin

import pytest
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo import AsyncMongoClient

from backend.dev.app_user import AppUser
from kernel.text import fold
from tests.faults.scene import Scene, scene, until
from tests.support.canaries import Heap, canary, degrees, found, written
from tests.support.feed import ago, new_code
from tests.support.live_world import LiveWorld
from tests.support.reports import CONSENTED, a_report
from tests.support.samples import picture
from tests.support.tus import BYTES, TUS, told

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(900), pytest.mark.proves("SEC-72", "SEC-80", "I27")]

LATITUDE, LONGITUDE, PHONE = degrees(9), degrees(105), f"0912{secrets.randbelow(10**8):08}"
WORDS = (
    *("name", "note", "file_name", "content", "reason"),
    *("report", "landmark", "reporter", "question", "reply", "colleague", "answer", "picture", "rating", "reopening"),
    *("upload", "device", "refused", "wish", "granted"),
)


async def test_no_personal_word_is_in_data_files_dumps_logs_figures_or_pushes(live_world: LiveWorld) -> None:
    words = {what: canary() for what in WORDS}
    async with scene(live_world, "tuyet") as the, AsyncMongoClient[Any](live_world.facts["mongodb_uri"]) as client:
        phone = await the.phone()
        await main_job(the, words)
        await report_and_answer(the, words)
        await request_and_answer(the, words)
        refusals = await refused(the, words)
        await until(lambda: the.sends(phone), "the push has left")
        pushes = (await the.http.get(f"{live_world.facts['fcm']}/log")).content
        figures = (await the.http.get(live_world.figures())).content
        control = canary()
        await client["canary"]["control"].insert_one({"word": control, "place": LATITUDE})
        await client.admin.command("fsync")
        dump = await dumped(client)
        await client.drop_database("canary")
        # No word of the test's own making, and looked for all the same: she has it in every one of her requests.
        words["number"] = the.person.personal_number
    words |= {"latitude": str(LATITUDE), "longitude": str(LONGITUDE), "phone": PHONE[1:]}
    heaps = {
        "dump": Heap(dump),
        "pushes": Heap(pushes),
        "refusals": Heap(refusals),
        "figures": Heap(figures),
        "copy of the audit": Heap(live_world.audit_file.read_bytes()),
        **{path.name: Heap(path.read_bytes()) for path in live_world.data_dir.glob("*.log")},
        **{f"mongod/{path.name}": Heap(written(path)) for path in files_of(live_world)},
    }
    exact = {("place in binary", where) for where, heap in heaps.items() if heap.holds_number(LONGITUDE)}
    assert found(words, heaps) | exact == set()
    # The search would have found it: what was stored in the clear is there.
    stored = {where for _, where in found({"control": control}, heaps)}
    assert "dump" in stored
    assert any(where.startswith("mongod/") for where in stored)
    assert heaps["dump"].holds_number(LATITUDE)
    assert {"serve.log", "worker.log", "up.log"} <= set(heaps)
    assert b"motcua_push_outcomes" in figures
    assert b"feedback.answered" in heaps["copy of the audit"].data


async def main_job(the: Scene, words: dict[str, str]) -> None:
    """Told with a name and a note, found by the name, asked for papers, published, read: everything a name goes through."""
    code, name = new_code(), f"Đỗ {words['name']}"
    told = the.told(code, "accepted", ago(minutes=3))
    told |= {"applicant": {"personalNumber": the.person.personal_number, "name": name}, "note": f"Ghi chú {words['note']}"}
    [outcome] = await the.tell(told)
    path, desk_path = f"/v1/dossiers/{outcome['dossierId']}", f"/v1/staff/dossiers/{outcome['dossierId']}"
    await the.tell(the.told(code, "processing", ago(minutes=2)))

    [found] = (await the.desk.get(f"/v1/staff/dossiers?q={quote(words['name'][:8])}"))["items"]
    assert found["code"] == code
    assert words["name"] in str(await the.desk.get(desk_path))
    assert words["note"] in str(await the.citizen.get(path))
    for step in ({"action": "request_papers", "reason": f"Thiếu {words['reason']}"}, {"action": "papers_received"}):
        # With a key, so that the answer, which holds all of it, is kept.
        headers = {**the.desk._headers(), "idempotency-key": str(uuid.uuid4())}
        taken = await the.http.post(f"{the.world.facts['api']}{desk_path}/transitions", json=step, headers=headers)
        assert taken.status_code == 200, taken.text

    content = f"%PDF-1.4\n% {words['content']}\n%%EOF\n".encode()
    await the.desk.upload(f"{desk_path}/result", f"{words['file_name']}.pdf", content)
    assert await the.citizen.download(f"{path}/result") == content
    shown = str(await the.citizen.get(path))
    assert [word for word in ("note", "reason", "file_name") if words[word] not in shown] == []


async def report_and_answer(the: Scene, words: dict[str, str]) -> None:
    """A report with every field there is, answered, noted about and rated; an upload, a name for the phone, a sync."""
    desk, officer = [AppUser(the.world.facts, the.http) for _ in range(2)]
    await desk.sign_in("yen", "staff")
    await officer.sign_in("linh", "staff")
    sent = await the.citizen.post(
        "/v1/feedback",
        a_report(
            text=f"Đèn đường không sáng, {words['report']}",
            landmark=f"Cạnh nhà {words['landmark']}",
            contact={"name": f"Đỗ {words['reporter']}", "phone": PHONE},
            place={"lat": LATITUDE, "lon": LONGITUDE},
            **CONSENTED,
        ),
    )
    staff, own = f"/v1/staff/feedback/{sent['id']}", f"/v1/feedback/{sent['id']}"
    for step in ("classify", "assign"):
        await desk.post(f"{staff}/{step}", {})
    await officer.post(f"{staff}/start", {})
    await officer.post(f"{staff}/ask", {"publicText": f"Cột đèn số mấy vậy, bà {words['question']}?"})
    await the.citizen.post(f"{own}/messages", {"text": f"Số 7, tôi là {words['reply']}"})
    await officer.post(f"{staff}/notes", {"text": f"Bà {words['colleague']} gọi hỏi hoài"})
    await officer.post(f"{staff}/unmask", {"purpose": "citizen_service"})
    answer = {"publicText": f"Đã thay bóng đèn, bà {words['answer']} ạ.", "whyNoPicture": f"Nhà bà {words['picture']} đóng cửa"}
    await officer.post(f"{staff}/answer", answer)
    await the.citizen.post(f"{own}/rating", {"liked": False, "stars": 1, "text": f"Chưa sáng {words['rating']}"})
    await the.citizen.post(f"{own}/reopen", {"reason": f"Đèn lại tắt rồi, {words['reopening']}"})
    await uploaded(the, f"{words['upload']}.jpg")
    session = (await the.citizen.get("/v1/me"))["sessionId"]
    named = await the.http.put(
        f"{the.world.facts['api']}/v1/me/sessions/{session}/name", json={"name": words["device"]}, headers=the.citizen._headers()
    )
    assert named.status_code == 204, named.text
    shown = str(await the.citizen.get(own)) + str(await officer.get(staff)) + str(await the.citizen.get("/v1/sync"))
    assert [what for what in ("report", "question", "reply", "colleague", "answer", "rating") if words[what] not in shown] == []


async def request_and_answer(the: Scene, words: dict[str, str]) -> None:
    """What a citizen asks of her data, in words of her own, and what she is answered."""
    administrator = AppUser(the.world.facts, the.http)
    await administrator.sign_in("admin", "staff")
    asked = await the.citizen.post("/v1/me/data-requests", {"kind": "rectification", "wish": f"Tôi là {words['wish']}"})
    own, desk = f"/v1/me/data-requests/{asked['id']}", f"/v1/staff/data-requests/{asked['id']}"
    assert words["wish"] in str(await administrator.get(desk))
    await administrator.post(f"{desk}/acknowledgement", {})
    await administrator.post(f"{desk}/fulfilment", {"reason": f"Đã sửa tên bà {words['granted']}"})
    assert words["granted"] in str(await the.citizen.get(own))


async def uploaded(the: Scene, name: str) -> None:
    """A picture under a telling name, as the phone sends it."""
    content, headers = picture(), {**the.citizen._headers(), **TUS}
    begun = {**headers, "upload-length": str(len(content)), "idempotency-key": str(uuid.uuid4()), **told(filename=name)}
    created = await the.http.post(f"{the.world.facts['api']}/v1/uploads", headers=begun)
    assert created.status_code == 201, created.text
    address = created.headers["location"]
    sent = await the.http.patch(
        urljoin(the.world.facts["api"], address), content=content, headers={**headers, **BYTES, "upload-offset": "0"}
    )
    assert sent.status_code == 204, sent.text


async def refused(the: Scene, words: dict[str, str]) -> bytes:
    """What is answered to bodies and addresses that are wrong and have a personal word in them."""
    wrong: list[tuple[str, str, Any]] = [
        ("POST", "/v1/feedback", a_report(text=words["refused"], kind="denunciation")),
        ("POST", "/v1/feedback", a_report(text=words["refused"], category=words["refused"])),
        ("POST", "/v1/feedback", {**a_report(), "contact": words["refused"]}),
        ("POST", "/v1/feedback", a_report(contact={"name": words["refused"], "phone": 7})),
        ("PUT", "/v1/me/consents/" + quote(words["refused"]), {"granted": True}),
        ("GET", "/v1/dossiers/" + quote(words["refused"]), None),
        ("GET", "/v1/inbox?limit=" + quote(words["refused"]), None),
        ("PATCH", "/v1/me/preferences", {"language": words["refused"]}),
        ("POST", "/v1/me/data-requests", {"kind": words["refused"], "wish": words["refused"]}),
        ("POST", "/v1/me/data-requests", {"kind": "objection", "wish": words["refused"]}),
        ("GET", f"/v1/{quote(words['refused'])}", None),
        ("GET", "/v1/staff/audit?subject=" + quote(words["refused"]), None),
        ("POST", "/oauth/token", {"code": words["refused"]}),
        ("GET", "/oauth/authorize?client_id=" + quote(words["refused"]), None),
        ("POST", "/auth/unlock", {"unlockCode": words["refused"]}),
    ]
    answers = []
    for method, path, body in wrong:
        headers = {**the.citizen._headers(), "if-match": "*", "idempotency-key": str(uuid.uuid4())}
        if method == "PATCH":
            headers["content-type"] = "application/merge-patch+json"
        answer = await the.http.request(method, f"{the.world.facts['api']}{path}", json=body, headers=headers)
        assert 400 <= answer.status_code < 500, (path, answer.text)
        answers.append(answer.content)
    return b"".join(answers)


async def dumped(client: AsyncMongoClient[Any]) -> bytes:
    """Every document of every database, as it lies there, the log of operations included."""
    as_it_lies: CodecOptions[RawBSONDocument] = CodecOptions(RawBSONDocument)
    parts = [
        document.raw
        for database in await client.list_database_names()
        for collection in await client[database].list_collection_names(filter={"type": "collection"})
        async for document in client[database].get_collection(collection, as_it_lies).find()
    ]
    return b"".join(parts)


def files_of(world: LiveWorld) -> list[Path]:
    return [path for path in (world.data_dir / "mongod").rglob("*") if path.is_file()]


def test_the_search_finds_a_word_however_it_is_written() -> None:
    word = canary()
    for written_down in (word, fold(word), word.upper(), unicodedata.normalize("NFD", word)):
        assert Heap(f"x {written_down} x".encode()).holds(word)
        assert Heap(f"x {written_down} x".encode("utf-16")).holds(word)
    for text in (word, str(degrees(9))):
        for before in range(5):
            for encode in (base64.b64encode, base64.urlsafe_b64encode):
                assert Heap(b"\0" + encode(b"." * before + text.encode() + b"...") + b"\0").holds(text)
    assert not Heap(canary().encode()).holds(word)


def test_a_word_beside_blocks_that_hold_nothing_is_found(tmp_path: Path) -> None:
    word, file = canary(), tmp_path / "journal"
    for before in (4090, 4096, 8191, 8192):
        file.write_bytes(bytes(before) + word.encode() + bytes(100 * 4096))
        assert Heap(written(file)).holds(word)
        assert len(written(file)) <= 3 * 4096
