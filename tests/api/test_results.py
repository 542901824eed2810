"""A result goes in once and comes out byte for byte, to whom it belongs."""

import base64
import hashlib
import random
from typing import Any

import pytest

from tests.support.api import PDF, Api, assert_problem
from tests.support.feed import ago, event, new_code

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
JPEG = b"\xff\xd8\xff\xe0" + bytes(100)
# Larger than two chunks of the store, and like no other file.
LONG_PDF = PDF + random.Random(7).randbytes(600_000)


async def dossier_in(api: Api, *statuses: str) -> str:
    code = new_code()
    return await api.told(*(event(code, status, ago(hours=len(statuses) - n)) for n, status in enumerate(statuses)))


@pytest.mark.parametrize(
    ("content", "media_type"),
    [(LONG_PDF, "application/pdf"), (PNG, "image/png"), (JPEG, "image/jpeg")],
    ids=["PDF", "PNG", "JPEG"],
)
@pytest.mark.proves("SEC-60")
async def test_a_published_result_comes_out_byte_for_byte(api: Api, content: bytes, media_type: str) -> None:
    dossier = await dossier_in(api, "accepted")
    published = (await api.publish("minh", dossier, content, "Kết quả số 1.pdf")).json()
    assert published["status"]["name"] == "finished"
    assert (published["result"]["size"], published["result"]["mediaType"]) == (len(content), media_type)
    assert published["result"]["sha256"] == hashlib.sha256(content).hexdigest()
    seen = (await api.get("lan", f"/v1/dossiers/{dossier}")).json()
    for who, href in (("lan", seen["result"]["href"]), ("hoa", published["result"]["href"])):
        answer = await api.get(who, href)
        assert answer.content == content
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        assert answer.headers["repr-digest"] == f"sha-256=:{digest}:"
        assert answer.headers["content-length"] == str(len(content))
        # What it is stands in `mediaType`; on the way it is bytes that no browser opens by itself.
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"] == (
            "attachment; filename=\"ket-qua-so-1.pdf\"; filename*=UTF-8''K%E1%BA%BFt%20qu%E1%BA%A3%20s%E1%BB%91%201.pdf"
        )
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"].startswith("sandbox")
        assert answer.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize(
    ("name", "plain", "shown"),
    [
        ('a"; filename=x.exe', "a-filename-x.exe", "a%22%3B%20filename%3Dx.exe"),
        ("a\u202efdp.exe", "afdp.exe", "afdp.exe"),
        ("../../etc/passwd", "etc-passwd", "..%2F..%2Fetc%2Fpasswd"),
        ("x" * 300, "x" * 120, "x" * 120),
        ("\u200b", "result", "result"),
    ],
    ids=["quotes", "turned around", "path", "long", "invisible"],
)
@pytest.mark.proves("SEC-60")
async def test_a_hostile_file_name_stays_a_name(api: Api, name: str, plain: str, shown: str) -> None:
    dossier = await dossier_in(api, "accepted")
    assert (await api.publish("minh", dossier, PDF, name)).status_code == 201
    download = await api.get("lan", f"/v1/dossiers/{dossier}/result")
    assert download.headers["content-disposition"] == f"attachment; filename=\"{plain}\"; filename*=UTF-8''{shown}"


@pytest.mark.parametrize("content", [b"MZ\x90", b"%PD", b" %PDF-1.4", b"GIF89a"])
async def test_what_is_no_pdf_png_or_jpeg_is_refused_whatever_it_is_called(api: Api, content: bytes) -> None:
    dossier = await dossier_in(api, "accepted")
    assert_problem(await api.publish("minh", dossier, content, "ket-qua.pdf"), 400, "file_not_accepted")
    assert (await api.get("lan", f"/v1/dossiers/{dossier}")).json()["hasResult"] is False


@pytest.mark.parametrize(
    ("request_", "status", "code"),
    [
        ({"json": {"data": "x"}}, 400, "invalid"),
        ({"files": {"data": ("", PDF)}}, 400, "invalid"),
        ({"files": {"other": ("a.pdf", PDF)}}, 400, "invalid"),
        ({"files": {"data": (None, b"text")}}, 400, "invalid"),
        ({"files": {"data": (None, b"\xff\xfe")}}, 400, "invalid"),
        ({"files": [("data", ("a.pdf", PDF)), ("data", ("b.pdf", PDF))]}, 400, "invalid"),
        ({"files": {"data": ("a.pdf", PDF), "more": ("b.pdf", PDF)}}, 400, "invalid"),
        ({"data": {"data": "text"}}, 400, "invalid"),
        ({"content": b"garbage", "headers": {"content-type": "multipart/form-data; boundary=x"}}, 400, "invalid"),
        ({"content": b"garbage", "headers": {"content-type": "multipart/form-data"}}, 400, "invalid"),
        ({}, 400, "invalid"),
    ],
    ids=[
        "JSON",
        "no name",
        "another field",
        "text for a file",
        "no text either",
        "two files",
        "a file too many",
        "form",
        "no parts",
        "no boundary",
        "nothing",
    ],
)
async def test_a_request_without_the_file_is_a_clear_problem(api: Api, request_: dict[str, Any], status: int, code: str) -> None:
    dossier = await dossier_in(api, "accepted")
    answer = await api.call("minh", "POST", f"/v1/staff/dossiers/{dossier}/result", **request_)
    assert_problem(answer, status, code)


async def test_a_result_is_published_from_where_the_table_allows_it(api: Api) -> None:
    for statuses in (["accepted", "not_accepted"], ["accepted", "awaiting_papers"], ["accepted", "stopped"]):
        dossier = await dossier_in(api, *statuses)
        assert_problem(await api.publish("minh", dossier), 409, "move_not_allowed")


async def test_a_result_is_never_replaced(api: Api) -> None:
    dossier = await dossier_in(api, "accepted")
    await api.publish("minh", dossier)
    assert_problem(await api.publish("minh", dossier, PNG), 409, "result_already_published")
    assert (await api.get("lan", f"/v1/dossiers/{dossier}/result")).content == PDF
