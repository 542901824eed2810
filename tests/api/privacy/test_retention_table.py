"""The retention table as it fits the house: a row for every collection, and what it promises happens (SEC-79)."""

from datetime import timedelta

import pytest

from backend.app.worker import make_relay
from backend.privacy.actions.retain import carry_out_rule
from backend.privacy.retention import TABLE, Rule
from tests.support.api import Api
from tests.support.reports import send

pytestmark = pytest.mark.proves("SEC-79")

ROWS = {rule.collection: rule for rule in TABLE}
# A worker clears them away, bytes first: backend/uploads/jobs.py.
BY_A_WORKER = {"uploads"}


async def test_every_collection_has_a_row_and_every_row_a_collection(api: Api) -> None:
    stored = {document.get_settings().name for part in api.parts.slices for document in part.documents}
    assert {*stored, *await api.parts.db.list_collection_names()} - ROWS.keys() == set()
    # Only the trail, the counters and the settings are nobody's documents.
    assert ROWS.keys() - stored == {"audit", "limit_windows"}


async def test_what_expires_by_itself_has_the_index_that_does_it(api: Api) -> None:
    for rule in (rule for rule in TABLE if rule.then == "expire" and rule.collection not in BY_A_WORKER):
        indexes = [index async for index in await api.parts.db[rule.collection].list_indexes()]
        lives = {next(iter(index["key"])): index["expireAfterSeconds"] for index in indexes if "expireAfterSeconds" in index}
        assert lives.get(rule.field) == rule.keep.total_seconds(), rule.collection


async def aged(api: Api, collection: str, one: str) -> Rule:
    """A document of this collection has had its time."""
    rule = ROWS[collection]
    old = api.parts.clock.now() - rule.keep - timedelta(days=1)
    await api.parts.db[collection].update_one({"_id": one}, {"$set": {rule.field: old}})
    return rule


async def test_after_five_years_nobody_knows_who_sent_a_closed_report(api: Api) -> None:
    report = await send(api)
    reports, now = api.parts.db["feedback"], api.parts.clock.now()
    since = (await api.get("lan", "/v1/sync")).json()["nextSince"]
    rule = await aged(api, "feedback", report)
    assert await carry_out_rule(rule, api.parts.db, now) == 0, "it is still open"
    await reports.update_one({"_id": report}, {"$set": {"open": False}})
    assert await carry_out_rule(rule, api.parts.db, now) == 1
    row = await reports.find_one({"_id": report})
    assert row
    assert row.keys() & set(rule.unset) == set()
    assert row["text"], "what was broken is still known"
    # The phone that has a copy is told to throw it away.
    await make_relay(api.parts).drain()
    changes = (await api.get("lan", "/v1/sync", params={"since": since})).json()["changes"]
    assert changes["feedback"] == {"upserted": [], "deleted": [report]}
    assert (await api.get("lan", f"/v1/feedback/{report}")).status_code == 404


async def test_an_account_nobody_uses_goes_and_one_its_owner_locked_stays_locked(api: Api) -> None:
    people, now = api.parts.db["people"], api.parts.clock.now()
    for who in ("lan", "nam"):
        await api.bearer(who)
    locked, unused = [row["_id"] for row in await people.find({}, {"_id": 1}).limit(2).to_list()]
    await people.update_one({"_id": locked}, {"$set": {"locked_at": now}})
    for person in (locked, unused):
        rule = await aged(api, "people", person)
    assert await carry_out_rule(rule, api.parts.db, now) == 1
    assert await people.find_one({"_id": unused}) is None
    assert await people.find_one({"_id": locked}) is not None
