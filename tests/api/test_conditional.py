"""Nobody is sent twice what they have: every JSON GET has a tag, and asking with it costs one read (R-B1)."""

from collections.abc import Iterator
from datetime import timedelta

import httpx2
import pytest

from kernel.clock import TestClock
from kernel.http.conditional import UNTAGGED
from tests.api.access_table import CONSOLE, OAUTH
from tests.api.routes import ROUTES, Route, own_things, routes_of
from tests.support.api import Api, assert_problem
from tests.support.commands import Counted, counted_commands
from tests.support.feed import event, new_code

VARY = {"accept-encoding", "accept-language", "authorization"}
# Whoever hands out files hands them out whole, with a digest for a tag.
FILES = {
    "downloadResult",
    "downloadStaffResult",
    "takeExport",
    "downloadUpload",
    "downloadFeedbackFile",
    "downloadStaffFeedbackFile",
    "getDeadlineFile",
    "downloadSupplied",
    "downloadDocument",
    "downloadStaffDocument",
}
# The place in the feed is its tag, and a stream has none: tests/api/sync.
SYNC = {"getChanges", "followChanges"}
# Pages are made for each reader; a style sheet is kept by its age.
PAGES = {"readDocs", "getDocsStyle", "authorize", "finishSignIn"} | CONSOLE
HEALTH = {"getLiveness", "getReadiness"}
# Read once, for an answer; each look is put on record, and nothing of it is to be kept.
SEEN_ONCE = {"readDataRequest"}
TAGGED = [r for r in ROUTES if r.method == "GET" and r.operation not in FILES | PAGES | HEALTH | SYNC | SEEN_ONCE]
# What is known without asking the database at all.
KNOWN_BY_HEART = {"getAppBootstrap", "getContract", "getServerMetadata", "getOpenIdMetadata", "getSigningKeys"} | {
    "listFeedbackCategories",
    "listFeedbackDoors",
    "listAnswerTemplates",
    "getSdkContract",
    "getContractAsYaml",
    "getAssetLinks",
    "getAppleAppSiteAssociation",
    "readOpen311Discovery",
    "readOpen311Service",
}
# An official's look is recorded before it is answered, also with "nothing has changed": one write more (SEC-71).
RECORDED = {"getStaffDeadline", "listStaffDocuments"}
RECORDED |= {"listStaffDossiers", "getStaffDossier", "listStaffFeedback", "getStaffFeedback", "listAuditRecords"}
# Which agencies an administrator answers for is read beside: few of them, rarely asking.
READS_MORE = {"listMyDelegations": 2, "listStaffMembers": 2, "getStaffMember": 2, "listDirectoryAgencies": 3}


# Autouse, and so before any client is made.
@pytest.fixture(scope="module", autouse=True)
def counted() -> Iterator[Counted]:
    """Listens to every client made after it."""
    with counted_commands() as listener:
        yield listener


@pytest.fixture
def watched(counted: Counted, api: Api) -> tuple[Api, Counted]:
    return api, counted


def name(route: Route) -> str:
    return route.operation


async def ask(api: Api, route: Route, path: str, **headers: str) -> httpx2.Response:
    who = "" if route.operation in OAUTH else route.who_may
    return await api.get(who, path, headers=headers)


def test_every_json_get_has_a_tag_or_says_why_not(api: Api) -> None:
    without = {
        str(handler.operation_id)
        for route in api.app.routes
        for handler in getattr(route, "route_handlers", [])
        if "GET" in handler.http_methods and handler.opt.get(UNTAGGED)
    }
    assert without == HEALTH | SEEN_ONCE
    reads = {route.operation for route in routes_of(api.app) if route.method == "GET"}
    # The console's forms are pages, too, and no reads.
    assert reads == {*(route.operation for route in TAGGED), *FILES, *PAGES & reads, *HEALTH, *SYNC, *SEEN_ONCE}


async def test_the_contract_says_where_304_is_an_answer(api: Api) -> None:
    contract = (await api.get("", "/openapi.json")).json()
    reads = {path["get"]["operationId"]: path["get"] for path in contract["paths"].values() if "get" in path}
    said = {operation for operation, told in reads.items() if "304" in told["responses"]}
    assert said == {"getChanges", *(route.operation for route in TAGGED)} & set(reads)
    for told in (reads[operation] for operation in said):
        assert [p["required"] for p in told["parameters"] if p.get("name") == "If-None-Match"] == [False]
        assert all("ETag" in told["responses"][status]["headers"] for status in ("200", "304"))


@pytest.mark.proves("R-B1")
@pytest.mark.parametrize("route", TAGGED, ids=name)
async def test_who_has_the_present_version_is_told_so_after_one_read(watched: tuple[Api, Counted], route: Route) -> None:
    api, counted = watched
    path = route.filled(await own_things(api, route))
    first = await ask(api, route, path)
    tag = first.headers["etag"]
    assert first.status_code == 200
    assert tag.startswith('"')
    assert first.headers["cache-control"].startswith(("private, no-cache", "public, max-age="))
    assert {v.strip().lower() for v in first.headers["vary"].split(",")} >= VARY

    counted.sent.clear()
    again = await ask(api, route, path, **{"if-none-match": tag})
    reads = counted.reads()
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag
    assert again.headers["vary"] == first.headers["vary"]
    assert again.headers["cache-control"].startswith(("private, no-cache", "public, max-age="))
    assert "content-length" not in again.headers or again.headers["content-length"] == "0"
    assert len(reads) == (0 if route.operation in KNOWN_BY_HEART else READS_MORE.get(route.operation, 1)), reads
    writes = [name for name, _ in counted.sent if name in {"insert", "update", "findAndModify", "delete"}]
    assert bool(writes) == (route.operation in RECORDED)

    counted.sent.clear()
    assert (await ask(api, route, path)).status_code == 200
    assert len(counted.reads()) == len(reads), "who has nothing costs one read, too"


@pytest.mark.proves("R-B1")
# At an upload HEAD is a method of tus, and has an answer of its own.
@pytest.mark.parametrize("route", [route for route in TAGGED if route.operation != "getUpload"], ids=name)
async def test_head_is_get_without_the_body(api: Api, route: Route) -> None:
    path = route.filled(await own_things(api, route))
    who = "" if route.operation in OAUTH else route.who_may
    whole, head = await api.get(who, path), await api.call(who, "HEAD", path)
    assert (head.status_code, head.content) == (200, b"")
    for header in ("content-type", "etag", "vary", "cache-control", "content-encoding"):
        assert head.headers.get(header) == whole.headers.get(header)
    assert int(head.headers["content-length"]) > 0
    known = await api.call(who, "HEAD", path, headers={"if-none-match": whole.headers["etag"]})
    assert known.status_code == 304


async def test_head_never_uses_up_what_a_get_hands_out_once(api: Api) -> None:
    route = next(route for route in ROUTES if route.operation == "takeExport")
    path = route.filled(await own_things(api, route))
    refused = await api.call("lan", "HEAD", path)
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET")
    assert (await api.get("lan", path)).status_code == 200


@pytest.mark.proves("R-B1")
@pytest.mark.parametrize(
    "form", ["{tag}", "W/{tag}", '"another", {tag}', '{tag},"another"', '"a" , W/"b",  {tag}', "*"], ids=lambda form: form
)
async def test_a_tag_is_found_in_every_form_the_header_has(api: Api, form: str) -> None:
    path = f"/v1/dossiers/{await api.told(event(new_code()))}"
    tag = (await api.get("lan", path)).headers["etag"]
    assert (await api.get("lan", path, headers={"if-none-match": form.format(tag=tag)})).status_code == 304


@pytest.mark.parametrize("given", ['"another"', "another", '"', "", 'W/"', '"a","b"', "null", "*,*"])
async def test_what_is_not_the_present_tag_brings_the_whole(api: Api, given: str) -> None:
    path = f"/v1/dossiers/{await api.told(event(new_code()))}"
    assert (await api.get("lan", path, headers={"if-none-match": given})).status_code == 200


async def test_nobody_learns_from_a_tag_what_is_not_theirs(api: Api) -> None:
    path = f"/v1/dossiers/{await api.told(event(new_code()))}"
    tag = (await api.get("lan", path)).headers["etag"]
    assert_problem(await api.get("nam", path, headers={"if-none-match": tag}), 404, "dossier_not_found")
    assert_problem(await api.get("nam", path, headers={"if-none-match": "*"}), 404, "dossier_not_found")
    assert_problem(await api.get("", path, headers={"if-none-match": tag}), 401, "unauthenticated")


@pytest.mark.proves("R-B1")
async def test_the_version_stands_first_and_moves_with_the_dossier(api: Api) -> None:
    code = new_code()
    path = f"/v1/dossiers/{await api.told(event(code))}"
    before = await api.get("lan", path)
    assert before.headers["etag"].strip('"').split("-")[0] == str(before.json()["version"])
    await api.tell(event(code, status="processing"))
    after = await api.get("lan", path, headers={"if-none-match": before.headers["etag"]})
    assert after.status_code == 200
    assert after.headers["etag"].strip('"').split("-")[0] == str(after.json()["version"])
    assert after.json()["version"] > before.json()["version"]


@pytest.mark.proves("R-B1")
async def test_another_language_is_another_tag(api: Api) -> None:
    path = f"/v1/dossiers/{await api.told(event(new_code()))}"
    vietnamese = await api.get("lan", path, headers={"accept-language": "vi"})
    english = await api.get("lan", path, headers={"accept-language": "en", "if-none-match": vietnamese.headers["etag"]})
    assert english.status_code == 200
    assert (vietnamese.headers["content-language"], english.headers["content-language"]) == ("vi", "en")
    assert vietnamese.headers["etag"] != english.headers["etag"]


@pytest.mark.proves("R-B1")
async def test_what_only_time_has_changed_is_another_tag(api: Api, clock: TestClock) -> None:
    due = (clock.now() + timedelta(minutes=4)).isoformat()
    dossier = await api.told(event(new_code(), status="processing", dueAt=due))
    for path in (f"/v1/dossiers/{dossier}", "/v1/dossiers"):
        tag = (await api.get("lan", path)).headers["etag"]
        assert (await api.get("lan", path, headers={"if-none-match": tag})).status_code == 304
    tags = {path: (await api.get("lan", path)).headers["etag"] for path in (f"/v1/dossiers/{dossier}", "/v1/dossiers")}
    clock.advance(timedelta(minutes=5))
    for path, tag in tags.items():
        late = await api.get("lan", path, headers={"if-none-match": tag})
        assert late.status_code == 200
        assert '"overdue":true' in late.text


@pytest.mark.proves("R-B1")
async def test_another_name_of_an_agency_is_another_tag(api: Api, clock: TestClock) -> None:
    path = f"/v1/dossiers/{await api.told(event(new_code()))}"
    before = await api.get("lan", path)
    agency = before.json()["decidingAgency"]
    agencies = api.parts.db["agencies"]
    await agencies.update_one({"_id": agency["code"]}, {"$set": {"name": "Tên mới"}})
    try:
        clock.advance(timedelta(minutes=2))
        after = await api.get("lan", path, headers={"if-none-match": before.headers["etag"]})
        assert after.status_code == 200
        assert after.json()["decidingAgency"]["name"] == "Tên mới"
    finally:
        await agencies.update_one({"_id": agency["code"]}, {"$set": {"name": agency["name"]}})


async def test_an_inbox_is_another_one_when_a_notice_beyond_the_page_was_read(api: Api) -> None:
    route = next(route for route in ROUTES if route.operation == "markNoticeRead")
    older = await own_things(api, route)
    await own_things(api, route)
    page = await api.get("lan", "/v1/inbox?limit=1")
    assert page.json()["unreadCount"] == 2
    await api.call("lan", "PUT", route.filled(older))
    again = await api.get("lan", "/v1/inbox?limit=1", headers={"if-none-match": page.headers["etag"]})
    assert (again.status_code, again.json()["unreadCount"]) == (200, 1)


async def test_a_compressed_copy_is_known_by_its_own_tag_and_confirmed_by_it(api: Api) -> None:
    codes = [new_code() for _ in range(6)]
    for code in codes:
        await api.told(event(code))
    tags = {}
    for coding in ("identity", "zstd", "br", "gzip"):
        answer = await api.get("lan", "/v1/dossiers", headers={"accept-encoding": coding})
        assert answer.headers.get("content-encoding", "identity") == coding
        tags[coding] = answer.headers["etag"]
    assert len(set(tags.values())) == 4
    for coding, tag in tags.items():
        known = await api.get("lan", "/v1/dossiers", headers={"accept-encoding": coding, "if-none-match": tag})
        assert (known.status_code, known.headers["etag"]) == (304, tag)
    # A copy the caller could not decode any more is no copy.
    no_longer = await api.get("lan", "/v1/dossiers", headers={"accept-encoding": "gzip", "if-none-match": tags["zstd"]})
    assert (no_longer.status_code, no_longer.headers["content-encoding"]) == (200, "gzip")


@pytest.mark.proves("SEC-80")
async def test_what_nobody_may_keep_says_so(api: Api) -> None:
    dossier = await api.told(event(new_code()))
    await api.publish("minh", dossier)
    answers = [
        await api.get("lan", f"/v1/dossiers/{dossier}/result"),
        await api.get("lan", "/v1/dossiers/none"),
        await api.get("", "/v1/me"),
        await api.get("", "/health/live"),
        await api.call("", "POST", "/oauth/token", data={}),
        await api.call("lan", "POST", "/v1/me/exports"),
    ]
    assert ["no-store" in answer.headers["cache-control"] for answer in answers] == [True] * len(answers)
