"""A citizen takes everything home, is erased, and yesterday's backup comes back: nothing of them is readable, the case counts.

The whole house on a socket, with a clock that can be moved: an erasure takes days.
"""

import io
import json
import uuid
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument

from backend.app.worker import make_relay, readers_of_the_trail
from backend.audit.actions.anchor import anchor
from backend.audit.actions.follow import follow
from backend.audit.actions.verify import verify
from backend.feedback.attachments import ANSWER_EVIDENCE, REPORT
from backend.privacy.actions.build_export import build_next
from backend.privacy.actions.erase import erase_again
from backend.privacy.jobs import look_at_erasures
from backend.privacy.purposes import PURPOSES
from backend.privacy.queries import TELL_ME, erased_subjects
from kernel.clock import TestClock
from kernel.privacy.field import TYPES, Sealed
from kernel.privacy.vault import ERASED
from kernel.privacy.walk import each
from tests.support.api import Api, assert_problem, running_api
from tests.support.callers import NUMBERS
from tests.support.canaries import Heap, canary
from tests.support.feed import ago, event, new_code
from tests.support.reports import CONSENTED, ENOUGH, NO_PICTURE, PHONES, WAYS, citizen, send, staff
from tests.support.samples import picture
from tests.support.tus import uploaded

pytestmark = [pytest.mark.timeout(300), pytest.mark.proves("SEC-75", "SEC-77", "SEC-68", "I27")]

Backup = dict[str, list[RawBSONDocument]]

LATITUDE, LONGITUDE = 9.176912, 105.152431
# What Lan wrote, or was written to her; and what the office wrote for itself, or only lends her a name for.
TAKEN_HOME = (
    *("name", "note", "file_name", "content", "reason", "reporter", "report", "landmark", "answer", "rating"),
    *("unattached", "attached", "shown", "device", "why_not"),
)
OF_THE_OFFICE = ("colleague",)
# By which field a collection knows whose its rows are; nothing of hers is left in any of them.
HELD_BY = {
    **dict.fromkeys(("inbox", "push_targets", "deliveries", "preferences"), "recipient"),
    "people": "citizen_key",
    "idempotency_keys": "subject",
    "feedback": "reporter",
    "feedback_notes": "subject",
    "sessions": "named_by",
}


@pytest.fixture
async def house(mongodb_uri: str) -> AsyncIterator[Api]:
    async with running_api(mongodb_uri, TestClock(datetime.now(UTC))) as api:
        yield api


def later(house: Api, **time: float) -> None:
    """So much later; whoever calls after that signs in anew."""
    cast("TestClock", house.parts.clock).advance(timedelta(**time))
    house._tokens.clear()


async def dumped(house: Api) -> Backup:
    """A backup of the data, byte for byte; the keys are backed up apart."""
    raw: CodecOptions[RawBSONDocument] = CodecOptions(RawBSONDocument)
    db = house.parts.db
    return {name: await db.get_collection(name, raw).find().to_list() for name in await db.list_collection_names()}  # type: ignore[arg-type]


async def restored(house: Api, backup: Backup) -> None:
    """The data are what they were, and nothing else."""
    for name in {*await house.parts.db.list_collection_names(), *backup}:
        await house.parts.db[name].delete_many({})
        if rows := backup.get(name):
            await house.parts.db[name].insert_many(rows)  # type: ignore[arg-type]


async def reported(house: Api, words: dict[str, str]) -> str:
    """Lan has reported something with a place and her name, was answered, and rated that; a note among colleagues is about her."""
    contact = {"name": f"Đỗ {words['reporter']}", "phone": PHONES["lan"]}
    told = {"text": f"Đèn đường không sáng, {words['report']}", "landmark": f"Cạnh nhà {words['landmark']}", "contact": contact}
    photo = await pictured(house, "lan", words["attached"], REPORT)
    feedback = await send(house, place={"lat": LATITUDE, "lon": LONGITUDE}, **CONSENTED, uploads=[photo], **told)
    for who, step, body in WAYS["in_progress"]:
        assert (await staff(house, who, feedback, step, **body)).is_success
    assert (await staff(house, "hoa", feedback, "notes", text=f"Bà ấy tên {words['colleague']}")).is_success
    evidence = await pictured(house, "hoa", words["shown"], ANSWER_EVIDENCE)
    why_not = f"{NO_PICTURE} {words['why_not']}"
    answer = {"publicText": f"{ENOUGH} {words['answer']}", "whyNoPicture": why_not, "uploads": [evidence]}
    assert (await staff(house, "hoa", feedback, "answer", **answer)).is_success
    rated = await citizen(house, "lan", feedback, "rating", liked=True, stars=5, text=f"Cảm ơn {words['rating']}")
    assert rated.is_success, rated.text
    return feedback


async def pictured(house: Api, who: str, name: str, purpose: str = "") -> str:
    """A photo has been uploaded and checked; answers its id."""
    receipt = await uploaded(house, who, picture(), f"{name}.jpg", **({"purpose": purpose} if purpose else {}))
    assert receipt["state"]["name"] == "ready", receipt
    return str(receipt["id"])


async def chosen(house: Api, words: dict[str, str]) -> None:
    """She has uploaded a file for nothing, chosen how to be told, and given this phone a name; her app has synced."""
    await pictured(house, "lan", words["unattached"])
    headers = {"content-type": "application/merge-patch+json", "if-match": "*"}
    assert (await house.call("lan", "PATCH", "/v1/me/preferences", json={"language": "km"}, headers=headers)).is_success
    session = (await house.get("lan", "/v1/me")).json()["sessionId"]
    assert (await house.call("lan", "PUT", f"/v1/me/sessions/{session}/name", json={"name": words["device"]})).is_success
    assert (await house.get("lan", "/v1/sync")).is_success


async def lived(house: Api, words: dict[str, str]) -> list[str]:
    """Lan has two dossiers, one with a result that an official has seen, a phone, notices, a consent; answers the dossiers."""
    dossiers = []
    for _ in range(2):
        code, who = new_code(), {"personalNumber": NUMBERS["lan"], "name": f"Đỗ {words['name']}"}
        dossiers.append(await house.told(event(code, "processing", ago(minutes=9), applicant=who, note=f"Cháu {words['note']}")))
    phone = {"platform": "android", "target": {"kind": "fid", "value": "f" * 22}, "locale": "vi", "appVersion": "1.0.0"}
    assert (await house.call("lan", "PUT", "/v1/push-targets/installation-of-lan", json=phone)).is_success
    yes = {"granted": True, "textVersion": PURPOSES[TELL_ME].text_version}
    assert (await house.call("lan", "PUT", f"/v1/me/consents/{TELL_ME}", json=yes)).is_success
    content = f"%PDF-1.4\n% {words['content']}\n%%EOF\n".encode()
    assert (await house.publish("minh", dossiers[0], content, f"{words['file_name']}.pdf")).is_success
    stopped = {"action": "stop", "reason": f"Trùng hồ sơ {words['reason']}"}
    # With a key, so that the answer, which holds her name, is kept.
    key = {"idempotency-key": str(uuid.uuid4())}
    assert (await house.call("minh", "POST", f"/v1/staff/dossiers/{dossiers[1]}/transitions", json=stopped, headers=key)).is_success
    await house.get("minh", f"/v1/staff/dossiers/{dossiers[0]}")
    await make_relay(house.parts).drain()
    await follow(house.parts.audit.trail, house.parts.db, "who_looked", readers_of_the_trail(house.parts)["who_looked"])
    return dossiers


async def taken_home(house: Api) -> tuple[dict[str, Any], bytes]:
    """The citizen's copy: what it says, and all of its bytes."""
    export = (await house.call("lan", "POST", "/v1/me/exports")).json()
    assert await build_next(house.parts.privacy.holdings)
    archive = zipfile.ZipFile(io.BytesIO((await house.get("lan", f"/v1/me/exports/{export['id']}/file")).content))
    return json.loads(archive.read("du-lieu.json")), b"".join(archive.read(name) for name in archive.namelist())


async def erased(house: Api, dossiers: list[str]) -> None:
    """Asked for, answered by an administrator, waited for, done by the worker."""
    for dossier in dossiers:
        status = (await house.get("hoa", f"/v1/staff/dossiers/{dossier}")).json()["status"]["name"]
        if status == "finished":
            done = await house.call("hoa", "POST", f"/v1/staff/dossiers/{dossier}/transitions", json={"action": "return_result"})
            assert done.is_success, done.text
    request = (await house.call("lan", "POST", "/v1/me/erasure-requests")).json()
    answered = await house.call("khoa", "POST", f"/v1/staff/erasure-requests/{request['id']}/acknowledgement")
    assert answered.json()["state"] == "waiting", answered.text
    later(house, days=15)
    assert (await look_at_erasures(house.parts.privacy.holdings)).erased == 1


async def opened(house: Api, subject: str) -> tuple[str, set[bool]]:
    """Everything the data hold of dossiers, people and files, opened as far as it opens; and whether each value said nothing.

    But for what an official uploaded: its receipt came back with the backup, and goes when the erasures are said again.
    """
    rows = [row for name in await house.parts.db.list_collection_names() for row in await of(house, name)]
    rows = [row for row in rows if row.get("owner", subject) == subject]
    whole = str(await house.parts.vault.open(rows))
    return whole, {await house.parts.vault.open_one(sealed) is ERASED for sealed in each(rows, Sealed)}


async def of(house: Api, name: str) -> list[dict[str, Any]]:
    typed: CodecOptions[dict[str, Any]] = CodecOptions(type_registry=TYPES)
    return await house.parts.db.get_collection(name, typed).find().to_list()


async def test_exported_erased_and_restored_nothing_can_be_read_the_dossier_counts_and_the_chain_is_valid(house: Api) -> None:
    words = {what: canary() for what in TAKEN_HOME}
    office = {what: canary() for what in OF_THE_OFFICE}
    dossiers = await lived(house, words)
    feedback = await reported(house, words | office)
    await chosen(house, words)
    await make_relay(house.parts).drain()
    subject = await house.parts.subjects.of(NUMBERS["lan"])

    copy, everything = await taken_home(house)
    assert [what for what, word in words.items() if word.encode() not in everything] == [], "all of it comes home"
    assert str(LATITUDE).encode() in everything
    assert str(LONGITUDE).encode() in everything
    assert not [what for what, word in office.items() if word.encode() in everything]
    words |= office
    sections = {section["name"]: section["rows"] for section in copy["sections"]}
    assert {"dossiers", "feedback", "uploads", "notices", "account", "access_log", "consents", "exports"} <= set(sections)
    pictures = {one["file"]["name"]: one["file"]["path"] for row in sections["feedback"] for one in row["files"]}
    assert sorted(pictures) == sorted(f"{words[name]}.jpg" for name in ("attached", "shown")), "hers, and the office's answer"
    assert all(path.startswith("tep/") for path in pictures.values()), "and the pictures themselves"
    assert any(row["what"] == "delivery" for row in sections["notices"])
    assert next(row for row in sections["notices"] if row["what"] == "preferences")["language"] == "km"
    told = {row.get("message") for row in sections["notices"]}
    assert {"dossier.result_ready", "privacy.seen"} <= told
    assert next(row for row in sections["notices"] if row["what"] == "phone")["target"]["value"] == "f" * 22
    assert any(change["field"] == "applicant_name" for row in sections["access_log"] for change in row.get("changes", []))

    await anchor(house.parts.audit.trail, now=house.parts.clock.now())
    yesterday = await dumped(house)
    lies_in_it = Heap(b"".join(row.raw for rows in yesterday.values() for row in rows))
    assert not [what for what, word in words.items() if lies_in_it.holds(word)]
    assert not lies_in_it.holds(str(LATITUDE))
    assert not lies_in_it.holds_number(LATITUDE)
    assert {"idempotency_keys", "sync_feeds", "uploads", "feedback", "preferences"} <= {
        name for name, rows in yesterday.items() if rows
    }

    await erased(house, dossiers)
    await restored(house, yesterday)
    house.parts.vault._living.clear()

    text, said_nothing = await opened(house, subject)
    assert said_nothing == {True}, "not one sealed value of the restored data opens"
    assert not [what for what, word in words.items() if word.lower() in text.lower()]
    assert not [word for word in (NUMBERS["lan"], "Nguyễn Thị Lan", PHONES["lan"], str(LATITUDE)) if word in text]

    # What every restore ends with: the erasures said again, and the look-ups are gone too.
    for one in await erased_subjects(house.parts.vault):
        await erase_again(one, house.parts.privacy.holdings)
    assert await house.parts.subjects.of(NUMBERS["lan"]) != subject
    for name, how in HELD_BY.items():
        assert await house.parts.db[name].count_documents({how: subject}) == 0, name
    assert await house.parts.db["uploads"].count_documents({"owner": subject, "key": {"$exists": True}}) == 0
    [feed] = await house.parts.db["sync_feeds"].find({"_id": subject}).to_list()
    assert set(feed) == {"_id", "erased_at"}
    later(house, minutes=1)
    assert (await house.get("lan", "/v1/dossiers")).json()["items"] == [], "who comes back is somebody new"

    assert await house.parts.db["dossiers"].count_documents({}) == 2
    seen = (await house.get("minh", f"/v1/staff/dossiers/{dossiers[0]}")).json()
    assert (seen["status"]["name"], seen["applicantName"]) == ("finished", "(đã xóa)")
    assert_problem(await house.get("minh", f"/v1/staff/dossiers/{dossiers[0]}/result"), 410, "file_erased")

    [report] = (await house.get("minh", "/v1/staff/feedback?state=answered")).json()["items"]
    assert report["id"] == feedback, "the report counts, too"
    shown = (await house.get("minh", f"/v1/staff/feedback/{feedback}")).json()
    assert shown["text"] == "(đã xóa)"
    for upload in await house.parts.db["feedback"].distinct("files.upload", {"_id": feedback}):
        assert_problem(await house.get("minh", f"/v1/staff/feedback/{feedback}/files/{upload}"), 410, "file_erased")
        # Hòa took one of them to show what was done: she has no way to it either.
        assert_problem(await house.get("hoa", f"/v1/uploads/{upload}/content"), 404, "upload_not_found")
    assert_problem(await house.get("lan", f"/v1/feedback/{feedback}"), 404, "feedback_not_found")

    verdict = await verify(house.parts.audit.trail, now=house.parts.clock.now())
    assert verdict.whole
    assert verdict.records > 10
    trail = await house.parts.audit.trail.records.find().to_list()
    assert any("sealed" in str(row.get("changes")) for row in trail)
    written_down = Heap(str(trail).encode())
    assert not [what for what, word in words.items() if written_down.holds(word)]
