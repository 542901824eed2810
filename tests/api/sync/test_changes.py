"""One call brings everything of mine that a phone keeps, and then what has changed of it (R-B2)."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import httpx2
import pytest
import zstandard

from backend.dossiers.documents import visible_to
from backend.privacy.actions.retain import carry_out_rule
from backend.privacy.retention import RULES
from backend.sync.personal_data import erase
from kernel.http.language import LANGUAGES
from kernel.ids import new_id
from notifications.documents import mine
from notifications.inbox.post import Notices
from notifications.notice import Notice
from tests.support.api import Api, assert_problem
from tests.support.busy_citizen import DOSSIERS, fifty_dossiers
from tests.support.callers import NUMBERS
from tests.support.feed import event, new_code
from tests.support.officials import citizen
from tests.support.waiting import until

pytestmark = pytest.mark.proves("R-B2")

MOST_BYTES, MOST_BYTES_AT_FIRST = 300, 12_000


async def sync(api: Api, since: str | None = None, who: str = "lan", **query: Any) -> dict[str, Any]:
    answer = await api.get(who, "/v1/sync", params={**({"since": since} if since else {}), **query})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def a_notice(api: Api, who: str = "lan") -> str:
    recipient = await api.parts.subjects.of(NUMBERS[who])
    return await Notices(api.parts.clock).post(Notice(recipient, "dossier.accepted", {"code": "H12.13"}, "/dossiers/x", new_id()))


async def test_first_everything_then_what_has_changed(api: Api) -> None:
    code = new_code()
    dossier, notice = await api.told(event(code)), await a_notice(api)
    await api.told(event(new_code(), whose="nam"))
    first = await sync(api)
    assert (first["reset"], first["hasMore"]) == (True, False)
    assert [copy["id"] for copy in first["changes"]["dossier"]["upserted"]] == [dossier]
    assert [copy["id"] for copy in first["changes"]["notification"]["upserted"]] == [notice]
    assert await sync(api, first["nextSince"]) == {"changes": {}, "nextSince": first["nextSince"], "hasMore": False, "reset": False}
    await api.told(event(code, "processing"))
    second = await sync(api, first["nextSince"])
    [copy] = second["changes"]["dossier"]["upserted"]
    assert (copy["id"], copy["status"]["name"], copy["version"]) == (dossier, "processing", 2)
    assert "notification" not in second["changes"]
    assert not second["reset"]


async def test_a_copy_says_what_the_list_says_and_nothing_that_goes_stale_by_itself(api: Api) -> None:
    dossier = await api.told(event(new_code()))
    assert (await api.publish("minh", dossier)).status_code == 201
    [copy] = (await sync(api))["changes"]["dossier"]["upserted"]
    whole = (await api.get("lan", f"/v1/dossiers/{dossier}")).json()
    assert {name: whole[name] for name in copy} == copy
    assert "overdue" not in copy


async def test_a_notice_read_or_unread_on_one_device_is_so_on_the_others(api: Api) -> None:
    notice = await a_notice(api)
    since = (await sync(api))["nextSince"]
    for method, read in (("PUT", True), ("DELETE", False)):
        assert (await api.call("lan", method, f"/v1/inbox/{notice}/read")).status_code == 200
        page = await sync(api, since)
        [copy] = page["changes"]["notification"]["upserted"]
        assert ("readAt" in copy) is read
        since = page["nextSince"]
    await api.call("lan", "DELETE", f"/v1/inbox/{notice}/read")
    assert (await sync(api, since))["nextSince"] == since, "unread it was already"


async def test_what_the_clock_throws_away_is_thrown_away_everywhere(api: Api) -> None:
    notice = await a_notice(api)
    since = (await sync(api))["nextSince"]
    rule = next(rule for rule in RULES if rule.collection == "inbox")
    assert await carry_out_rule(rule, api.parts.db, api.parts.clock.now() + timedelta(days=rule.keep_days + 1)) == 1
    assert await api.parts.db["inbox"].count_documents({}) == 0
    assert (await sync(api, since))["changes"] == {"notification": {"upserted": [], "deleted": [notice]}}


async def test_one_kind_alone_and_once_chosen_it_stays(api: Api) -> None:
    await api.told(event(new_code()))
    await a_notice(api)
    chosen = await sync(api, types="notification")
    assert set(chosen["changes"]) == {"notification"}
    await api.told(event(new_code()))
    assert (await sync(api, chosen["nextSince"]))["changes"] == {}
    assert (await sync(api, chosen["nextSince"], types="notification"))["changes"] == {}
    answer = await api.get("lan", "/v1/sync", params={"since": chosen["nextSince"], "types": "dossier,notification"})
    assert_problem(answer, 410, "sync_token_expired")
    unknown = await api.get("lan", "/v1/sync", params={"types": "dossier,horoscope"})
    assert assert_problem(unknown, 400, "sync_type_unknown")["errors"][0]["pointer"] == "types"


async def test_page_after_page_while_others_write_loses_nothing(api: Api) -> None:
    codes = [new_code() for _ in range(7)]
    ids = {await api.told(event(code)) for code in codes}
    page = await sync(api, limit=3)
    seen = {copy["id"]: copy for copy in page["changes"]["dossier"]["upserted"]}
    assert page["hasMore"]
    await api.told(event(codes[0], "processing"))
    ids.add(await api.told(event(new_code())))
    while page["hasMore"]:
        page = await sync(api, page["nextSince"], limit=3)
        assert not page["reset"]
        seen |= {copy["id"]: copy for copy in page["changes"]["dossier"]["upserted"]}
    assert set(seen) == ids
    assert sum(copy["version"] == 2 for copy in seen.values()) == 1


@pytest.mark.parametrize("since", ["x", "A" * 80, "ố", "$ne"])
async def test_what_is_no_token_is_an_expired_one(api: Api, since: str) -> None:
    assert_problem(await api.get("lan", "/v1/sync", params={"since": since}), 410, "sync_token_expired")


async def test_a_token_of_somebody_else_is_an_expired_one(api: Api) -> None:
    await api.told(event(new_code()))
    token = (await sync(api))["nextSince"]
    assert_problem(await api.get("nam", "/v1/sync", params={"since": token}), 410, "sync_token_expired")


async def test_after_an_erasure_the_feed_is_gone_and_its_token_with_it(api: Api) -> None:
    await api.told(event(new_code()))
    token = (await sync(api))["nextSince"]
    lan = await api.parts.subjects.of(NUMBERS["lan"])
    await erase(lan, api.parts.clock.now())
    assert_problem(await api.get("lan", "/v1/sync", params={"since": token}), 410, "sync_token_expired")
    assert "sync" in {part.name for part in api.parts.privacy.holdings.personal_data}, "an erasure carries it out"


async def test_what_was_told_before_the_first_sign_in_is_there_at_it(api: Api) -> None:
    dossier = await api.told(event(new_code(), whose="nam"))
    assert [copy["id"] for copy in (await sync(api, who="nam"))["changes"]["dossier"]["upserted"]] == [dossier]


async def test_words_come_in_the_readers_language(api: Api) -> None:
    await a_notice(api)
    titles = set()
    for language in LANGUAGES:
        answer = await api.get("lan", "/v1/sync", headers={"accept-language": language})
        titles.add(answer.json()["changes"]["notification"]["upserted"][0]["title"])
    assert len(titles) == len(LANGUAGES)


async def test_nothing_new_is_one_round_trip_of_three_hundred_bytes(api: Api) -> None:
    await api.told(event(new_code()))
    first = await api.get("lan", "/v1/sync")
    token, etag = first.json()["nextSince"], first.headers["etag"]
    answer = await api.get("lan", "/v1/sync", params={"since": token}, headers={"if-none-match": etag})
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", etag)
    assert head_bytes(answer) <= MOST_BYTES, dict(answer.headers)

    await api.told(event(new_code()))
    changed = await api.get("lan", "/v1/sync", params={"since": token}, headers={"if-none-match": etag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != etag
    anew = await api.get("lan", "/v1/sync", headers={"if-none-match": changed.headers["etag"]})
    assert anew.status_code == 200, "a snapshot is always told"


async def test_the_first_sight_of_fifty_dossiers_is_two_round_trips_of_twelve_kilobytes(api: Api) -> None:
    await fifty_dossiers(api)
    size = 0
    for path in ("/v1/app/bootstrap", "/v1/sync"):
        headers = {**await api.bearer("lan"), "accept-encoding": "zstd, br, gzip", "accept-language": "vi"}
        async with api.http.stream("GET", path, headers=headers) as answer:
            body = b"".join([part async for part in answer.aiter_raw()])
        size += head_bytes(answer) + len(body)
    page = json.loads(zstandard.decompress(body))
    assert (len(page["changes"]["dossier"]["upserted"]), page["hasMore"]) == (DOSSIERS, False)
    assert size <= MOST_BYTES_AT_FIRST


def head_bytes(answer: httpx2.Response) -> int:
    """As it is on the wire, the status line included."""
    status = f"HTTP/1.1 {answer.status_code} {answer.reason_phrase}\r\n"
    return len(status) + sum(len(name) + len(value) + 4 for name, value in answer.headers.raw) + 2


async def test_no_copy_is_found_by_scanning(api: Api) -> None:
    dossier, notice = await api.told(event(new_code())), await a_notice(api)
    lan = await api.parts.subjects.of(NUMBERS["lan"])
    asked = {
        "dossiers": {"_id": {"$in": [dossier, "x"]}, **visible_to(citizen(lan))},
        "inbox": {"_id": {"$in": [notice]}, **mine(lan)},
    }
    for collection, wanted in asked.items():
        explained = await api.parts.db.command({"explain": {"find": collection, "filter": wanted}, "verbosity": "executionStats"})
        assert "COLLSCAN" not in str(explained["queryPlanner"]["winningPlan"])
        assert explained["executionStats"]["totalDocsExamined"] <= 2


async def waiting(api: Api, number: int) -> None:
    async def there() -> bool:
        return api.parts.sync.bells.waiting == number

    await until(there)


async def test_who_waits_is_answered_when_something_changes_and_nobody_else(api: Api) -> None:
    await api.told(event(new_code()))
    mine, theirs = (await sync(api))["nextSince"], (await sync(api, who="nam"))["nextSince"]
    lan = asyncio.create_task(sync(api, mine, wait=25))
    nam = asyncio.create_task(sync(api, theirs, who="nam", wait=25))
    await waiting(api, 2)
    dossier = await api.told(event(new_code()))
    async with asyncio.timeout(3):
        page = await lan
    assert [copy["id"] for copy in page["changes"]["dossier"]["upserted"]] == [dossier]
    assert not nam.done()
    nam.cancel()
    await asyncio.wait({nam})
    await waiting(api, 0)


async def test_what_changed_before_the_wait_is_answered_at_once_and_a_snapshot_never_waits(api: Api) -> None:
    async with asyncio.timeout(5):
        token = (await sync(api, wait=25))["nextSince"]
        await api.told(event(new_code()))
        assert (await sync(api, token, wait=25))["changes"]


async def test_a_wait_that_ends_in_nothing_is_unchanged(api: Api) -> None:
    first = await api.get("lan", "/v1/sync")
    query = {"since": first.json()["nextSince"], "wait": 1}
    answer = await api.get("lan", "/v1/sync", params=query, headers={"if-none-match": first.headers["etag"]})
    assert answer.status_code == 304


async def test_a_kind_nobody_asked_for_wakes_nobody(api: Api) -> None:
    token = (await sync(api, types="notification"))["nextSince"]
    asked = asyncio.create_task(sync(api, token, wait=25))
    await waiting(api, 1)
    await api.told(event(new_code()))
    notice = await a_notice(api)
    async with asyncio.timeout(3):
        page = await asked
    assert page["changes"] == {"notification": {"upserted": page["changes"]["notification"]["upserted"], "deleted": []}}
    assert page["changes"]["notification"]["upserted"][0]["id"] == notice


async def test_who_hangs_up_waits_no_longer(api: Api) -> None:
    token = (await sync(api))["nextSince"]
    asked = asyncio.create_task(sync(api, token, wait=25))
    await waiting(api, 1)
    asked.cancel()
    await asyncio.wait({asked})
    async with asyncio.timeout(1):
        await waiting(api, 0)
