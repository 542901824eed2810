"""tus 1.0.0, header by header."""

import base64
import hashlib
import uuid
from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest

from backend.uploads.limits import MAX_BYTES, UNFINISHED_FOR
from kernel.ids import new_id
from tests.support.api import Api, assert_problem
from tests.support.parts import ORIGIN
from tests.support.tus import BYTES, TUS, begun, key, offset_of, sent, told

pytestmark = pytest.mark.proves("R-A4")
CONTENT = bytes(range(256)) * 1_000


async def test_anybody_may_ask_what_the_address_speaks(api: Api) -> None:
    answer = await api.call("", "OPTIONS", "/v1/uploads")
    assert answer.status_code == 204
    assert answer.headers["tus-version"] == "1.0.0"
    assert answer.headers["tus-extension"] == "creation,creation-with-upload,termination,expiration,checksum"
    assert answer.headers["tus-max-size"] == str(MAX_BYTES)
    assert answer.headers["tus-checksum-algorithm"] == "sha1,sha256"


async def test_an_upload_begins_with_a_place_and_a_time(api: Api) -> None:
    answer = await api.call("lan", "POST", "/v1/uploads", headers={**TUS, **key(), "upload-length": "9", **told(filename="a.jpg")})
    assert answer.status_code == 201
    assert answer.headers["tus-resumable"] == "1.0.0"
    # Without a host: right behind whatever proxy the client came through.
    assert answer.headers["location"].startswith("/v1/uploads/")
    left = parsedate_to_datetime(answer.headers["upload-expires"]) - api.parts.clock.now()
    assert abs(left - UNFINISHED_FOR) < timedelta(seconds=2)
    assert answer.content == b""
    head = await api.call("lan", "HEAD", answer.headers["location"], headers=TUS)
    assert (head.headers["upload-offset"], head.headers["upload-length"]) == ("0", "9")
    assert head.headers["cache-control"] == "no-store"
    assert head.headers["upload-metadata"] == told(filename="a.jpg")["upload-metadata"]


async def test_bytes_move_the_offset(api: Api) -> None:
    address = await begun(api, "lan", len(CONTENT))
    answer = await sent(api, "lan", address, 0, CONTENT[:70_000])
    assert (answer.status_code, answer.headers["upload-offset"]) == (204, "70000")
    assert "upload-expires" in answer.headers
    assert await offset_of(api, "lan", address) == 70_000
    answer = await sent(api, "lan", address, 70_000, CONTENT[70_000:])
    assert (answer.status_code, answer.headers["upload-offset"]) == (204, str(len(CONTENT)))
    # Its answer got lost: the same end is said again.
    again = await sent(api, "lan", address, len(CONTENT), b"")
    assert (again.status_code, again.headers["upload-offset"]) == (204, str(len(CONTENT)))


async def test_a_wrong_offset_changes_nothing(api: Api) -> None:
    address = await begun(api, "lan", 10)
    for offset in (1, 10, 11):
        assert_problem(await sent(api, "lan", address, offset, b"x"), 409, "offset_mismatch")
    assert await offset_of(api, "lan", address) == 0


@pytest.mark.parametrize("method", ["POST", "HEAD", "PATCH", "DELETE"])
@pytest.mark.parametrize("version", [{}, {"tus-resumable": "0.2.2"}], ids=["none", "another"])
async def test_another_version_is_refused_with_ours(api: Api, method: str, version: dict[str, str]) -> None:
    address = "/v1/uploads" if method == "POST" else await begun(api, "lan", 10)
    fields = {**BYTES, "upload-offset": "0", "upload-length": "10", **version}
    answer = await api.call("lan", method, address, headers=fields, content=b"x" if method == "PATCH" else None)
    assert (answer.status_code, answer.headers["tus-version"]) == (412, "1.0.0")
    assert answer.headers["tus-resumable"] == "1.0.0"


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({}, 400, "upload_header_malformed"),
        ({"upload-length": "-1"}, 400, "upload_header_malformed"),
        ({"upload-length": "1e3"}, 400, "upload_header_malformed"),
        ({"upload-defer-length": "1"}, 400, "upload_header_malformed"),
        ({"upload-length": "9", "upload-metadata": "filename §§"}, 400, "upload_header_malformed"),
        ({"upload-length": "9", "upload-metadata": "a YQ==,a YQ=="}, 400, "upload_header_malformed"),
        ({"upload-length": "9", **told(purpose="Cái gì?")}, 400, "upload_header_malformed"),
        ({"upload-length": str(MAX_BYTES + 1)}, 413, "upload_too_large"),
    ],
    ids=["nothing", "negative", "float", "deferred", "no base64", "twice", "purpose", "too large"],
)
async def test_an_upload_that_cannot_be_is_refused(api: Api, headers: dict[str, str], status: int, code: str) -> None:
    fields = [(name, value.encode()) for name, value in {**TUS, **key(), **headers}.items()]
    answer = await api.http.post("/v1/uploads", headers=[*fields, *(await api.bearer("lan")).items()])
    problem = assert_problem(answer, status, code)
    assert answer.headers["tus-resumable"] == "1.0.0"
    assert problem["detail"]


async def test_a_body_of_another_type_is_refused(api: Api) -> None:
    address = await begun(api, "lan", 10)
    answer = await sent(api, "lan", address, 0, b"{}", **{"content-type": "application/json"})
    assert_problem(answer, 415, "unsupported_media_type")
    fields = {**TUS, **key(), "upload-length": "3", "content-type": "text/plain"}
    assert_problem(await api.call("lan", "POST", "/v1/uploads", headers=fields, content=b"abc"), 415, "unsupported_media_type")


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "chunked"])
async def test_more_than_was_announced_is_refused(api: Api, announced: bool) -> None:
    address = await begun(api, "lan", 10)

    async def parts():
        yield b"x" * 6
        yield b"y" * 6

    answer = await sent(api, "lan", address, 0, b"x" * 12 if announced else parts())
    assert_problem(answer, 413, "upload_too_large")
    assert await offset_of(api, "lan", address) < 10


async def test_the_first_bytes_may_come_with_the_beginning(api: Api) -> None:
    fields = {**TUS, **BYTES, **key(), "upload-length": str(len(CONTENT))}
    answer = await api.call("lan", "POST", "/v1/uploads", headers=fields, content=CONTENT[:1_000])
    assert (answer.status_code, answer.headers["upload-offset"]) == (201, "1000")
    assert await offset_of(api, "lan", answer.headers["location"]) == 1_000


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
async def test_a_body_that_does_not_fit_its_checksum_leaves_no_trace(api: Api, algorithm: str) -> None:
    address = await begun(api, "lan", len(CONTENT))

    def summed(content: bytes) -> dict[str, str]:
        digest = base64.b64encode(hashlib.new(algorithm, content).digest()).decode()
        return {"upload-checksum": f"{algorithm} {digest}"}

    wrong = await sent(api, "lan", address, 0, CONTENT[:-1] + b"!", **summed(CONTENT))
    assert_problem(wrong, 460, "checksum_mismatch")
    assert await offset_of(api, "lan", address) == 0
    assert (await sent(api, "lan", address, 0, CONTENT[:500], **summed(CONTENT[:500]))).status_code == 204
    assert await offset_of(api, "lan", address) == 500


@pytest.mark.parametrize("checksum", ["md5 AAAA", "sha1", "sha1 §", "sha1 AAA"])
async def test_a_checksum_of_another_kind_is_refused(api: Api, checksum: str) -> None:
    address = await begun(api, "lan", 10)
    answer = await sent(api, "lan", address, 0, b"x", **{"upload-checksum": checksum.encode()})  # type: ignore[arg-type]
    assert answer.status_code in (400, 460)
    assert await offset_of(api, "lan", address) == 0


async def test_an_upload_given_up_is_gone_with_its_bytes(api: Api) -> None:
    address = await begun(api, "lan", len(CONTENT))
    await sent(api, "lan", address, 0, CONTENT[:200_000])
    assert await api.parts.db["upload_segments"].count_documents({}) == 3
    assert (await api.call("lan", "DELETE", address, headers=TUS)).status_code == 204
    assert (await api.call("lan", "HEAD", address, headers=TUS)).status_code == 404
    assert_problem(await sent(api, "lan", address, 200_000, b"x"), 404, "upload_not_found")
    assert await api.parts.db["upload_segments"].count_documents({}) == 0


async def test_who_can_only_post_says_what_is_meant(api: Api) -> None:
    address = await begun(api, "lan", 10)
    fields = {**TUS, **BYTES, "upload-offset": "0", "x-http-method-override": "PATCH"}
    answer = await api.call("lan", "POST", address, headers=fields, content=b"abc")
    assert (answer.status_code, answer.headers["upload-offset"]) == (204, "3")
    fields["x-http-method-override"] = "PUT"
    assert_problem(await api.call("lan", "POST", address, headers=fields), 400, "upload_header_malformed")


@pytest.mark.proves("SEC-43")
async def test_an_upload_of_others_and_one_that_never_was_cannot_be_told_apart(api: Api) -> None:
    address = await begun(api, "lan", 10)
    for where in (address, f"/v1/uploads/{new_id()}"):
        assert (await api.call("nam", "HEAD", where, headers=TUS)).status_code == 404
        assert_problem(await sent(api, "nam", where, 0, b"x"), 404, "upload_not_found")
        assert_problem(await api.call("nam", "DELETE", where, headers=TUS), 404, "upload_not_found")
        assert_problem(await api.get("nam", where), 404, "upload_not_found")
    assert await offset_of(api, "lan", address) == 0


async def test_the_same_key_begins_one_upload(api: Api) -> None:
    fields = {**TUS, **BYTES, "upload-length": "10", **key()}
    first = await api.call("lan", "POST", "/v1/uploads", headers=fields, content=b"abc")
    again = await api.call("lan", "POST", "/v1/uploads", headers=fields, content=b"abc")
    assert first.headers["location"] == again.headers["location"]
    assert (again.status_code, again.headers["idempotency-replayed"], again.headers["upload-offset"]) == (201, "true", "3")
    other = await api.call("nam", "POST", "/v1/uploads", headers=fields, content=b"abc")
    assert other.headers["location"] != first.headers["location"]
    fields["upload-length"] = "11"
    assert_problem(await api.call("lan", "POST", "/v1/uploads", headers=fields), 422, "idempotency_key_reused")


@pytest.mark.proves("R-A1")
async def test_a_key_is_the_same_with_and_without_quotes(api: Api) -> None:
    name = str(uuid.uuid4())
    fields = {**TUS, "upload-length": "10"}
    bare = await api.call("lan", "POST", "/v1/uploads", headers={**fields, "idempotency-key": name})
    quoted = await api.call("lan", "POST", "/v1/uploads", headers={**fields, "idempotency-key": f'"{name}"'})
    assert (bare.status_code, quoted.status_code) == (201, 201)
    assert bare.headers["location"] == quoted.headers["location"]


@pytest.mark.proves("R-A1")
@pytest.mark.parametrize("bad", ["", "x", "photo-1", '"photo-1"', "0123456789abcdef", f'"{"x" * 129}"', '"no end to this one'])
async def test_a_key_is_what_it_is_for_every_write(api: Api, bad: str) -> None:
    answer = await api.call("lan", "POST", "/v1/uploads", headers={**TUS, "upload-length": "10", "idempotency-key": bad})
    assert_problem(answer, 400, "idempotency_key_malformed")


async def test_without_a_key_nothing_is_begun(api: Api) -> None:
    answer = await api.call("lan", "POST", "/v1/uploads", headers={**TUS, "upload-length": "10"})
    assert_problem(answer, 400, "idempotency_key_missing")


async def test_a_page_in_a_browser_can_read_what_it_needs(api: Api) -> None:
    asked = {"origin": ORIGIN, "access-control-request-method": "PATCH", "access-control-request-headers": "upload-offset"}
    preflight = await api.call("", "OPTIONS", f"/v1/uploads/{new_id()}", headers=asked)
    assert "upload-offset" in preflight.headers["access-control-allow-headers"]
    answer = await api.call("lan", "POST", "/v1/uploads", headers={**TUS, **key(), "upload-length": "3", "origin": ORIGIN})
    exposed = answer.headers["access-control-expose-headers"].replace(" ", "").split(",")
    assert {"location", "upload-offset", "tus-resumable", "upload-expires"} <= set(exposed)


@pytest.mark.proves("SEC-56")
async def test_who_has_uploaded_enough_for_a_day_goes_on_tomorrow(api: Api) -> None:
    for _ in range(20):
        await begun(api, "lan", MAX_BYTES)
    answer = await api.call("lan", "POST", "/v1/uploads", headers={**TUS, **key(), "upload-length": "1"})
    assert_problem(answer, 429, "upload_quota_exceeded")
    assert "retry-after" in answer.headers
    await begun(api, "nam", MAX_BYTES)


async def test_also_a_stranger_hears_the_version(api: Api) -> None:
    address = await begun(api, "lan", 10)
    for answer in (await sent(api, "", address, 0, b"abc"), await api.call("", "HEAD", address, headers=TUS)):
        assert (answer.status_code, answer.headers["tus-resumable"]) == (401, "1.0.0")
    assert await offset_of(api, "lan", address) == 0


async def test_bytes_sent_to_where_none_are_taken_do_no_harm(api: Api) -> None:
    fields = {**TUS, **BYTES}
    assert_problem(
        await api.call("lan", "PUT", "/v1/me/consents/foreign_push", headers=fields, content=b"abc"), 415, "unsupported_media_type"
    )
    assert (await api.call("lan", "GET", await begun(api, "lan", 10), headers=fields)).status_code == 200
