"""A citizen sees who looked, and only at their own data; an inspector sees their own agencies, and is seen."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from backend.audit.actions.record import AuditLog
from backend.audit.documents import AuditTrail
from kernel.audit import AuditEntry
from kernel.clock import TestClock
from kernel.ids import new_id
from kernel.mongo.client import connect
from kernel.principal import Principal
from tests.support.api import assert_problem
from tests.support.audit_api import AuditApi, audit_api
from tests.support.audit_trail import EVENING, INSPECTOR, LAN, NAM, viewed
from tests.support.officials import HOA, WARD, citizen

pytestmark = pytest.mark.anyio

ADMINISTRATOR = Principal(
    id="staff-root", kind="staff", client_id="app", roles=frozenset({"administrator"}), agencies=frozenset({WARD})
)
SOURCE = Principal(id="one-stop", kind="system", client_id="one-stop")
STRANGER = Principal(id="person-x", kind="citizen", client_id="app")
PEOPLE = {
    "lan": citizen(LAN),
    "nam": citizen(NAM),
    "stranger": STRANGER,
    "hoa": HOA,
    "thu": INSPECTOR,
    "administrator": ADMINISTRATOR,
    "source": SOURCE,
}


@pytest.fixture
async def clock() -> TestClock:
    return TestClock(EVENING)


@pytest.fixture
async def served(mongodb_uri: str, clock: TestClock) -> AsyncIterator[AuditApi]:
    async with connect(mongodb_uri) as client:
        database = f"test_{new_id()}"
        async with audit_api(client, database, clock, PEOPLE) as served:
            yield served
        await client.drop_database(served.auditing.trail.records.database.name)


@pytest.mark.proves("SEC-67")
async def test_a_citizen_reads_which_office_looked_in_which_role_at_what_when_and_why(served: AuditApi) -> None:
    await served.auditing.log.record(HOA, viewed(7))
    answer = await served.get("lan", "/v1/me/access-log")
    assert answer.status_code == 200
    (item,) = answer.json()["items"]
    assert item.pop("id")
    assert item == {
        "at": "2026-11-20T14:00:00Z",
        "action": {"code": "dossier.viewed", "label": "Viewed a dossier"},
        "object": "dossier:d7",
        "who": {
            "kind": {"code": "staff", "label": "An official"},
            "office": {"code": "H12.13", "label": "Trung tâm Phục vụ hành chính công"},
            "roles": [{"code": "handler", "label": "Handler"}, {"code": "intake_officer", "label": "Intake officer"}],
        },
        "fields": [{"code": "applicant_name", "label": "Name"}],
        "result": "ok",
        "purpose": {"code": "dossier_handling", "label": "Handling of the dossier"},
    }
    vietnamese = (await served.get("lan", "/v1/me/access-log", language="vi")).json()["items"][0]
    assert vietnamese["purpose"]["label"] == "Giải quyết thủ tục hành chính"
    assert "Hòa" not in answer.text


async def test_the_log_shows_only_what_concerns_the_caller(served: AuditApi) -> None:
    log = served.auditing.log
    await log.record(HOA, viewed(1, subject=LAN), viewed(2, subject=NAM))
    await log.record(HOA, AuditEntry(action="dossier.listed", object="dossiers", subjects=(NAM, LAN)))
    await log.record(HOA, AuditEntry(action="staff.enrolled", object="staff:x"))

    async def objects(who: str) -> list[str]:
        return [item["object"] for item in (await served.get(who, "/v1/me/access-log")).json()["items"]]

    assert sorted(await objects("lan")) == ["dossier:d1", "dossiers"]
    assert sorted(await objects("nam")) == ["dossier:d2", "dossiers"]
    assert await objects("stranger") == []
    # What the list was about besides is nobody else's business.
    assert NAM not in (await served.get("lan", "/v1/me/access-log")).text


async def test_a_citizen_is_you_and_a_system_is_a_system(served: AuditApi) -> None:
    own = AuditEntry(action="consent.given", object="consent:push", subjects=(LAN,))
    for who in ("lan", "nam", "source"):
        await served.auditing.log.record(PEOPLE[who], own)
    items = (await served.get("lan", "/v1/me/access-log")).json()["items"]
    assert sorted(item["who"]["kind"]["code"] for item in items) == ["citizen", "system", "you"]


async def test_the_log_is_read_page_by_page_without_loss(served: AuditApi, clock: TestClock) -> None:
    for number in range(25):
        await served.auditing.log.record(HOA, viewed(number))
        if number % 3 == 0:
            clock.advance(timedelta(seconds=1))
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await served.get("lan", "/v1/me/access-log", limit=7, **cursor)).json()
        seen += [item["object"] for item in page["items"]]
        if "nextCursor" not in page:
            break
        cursor = {"cursor": page["nextCursor"]}
    assert len(seen) == 25
    assert set(seen) == {f"dossier:d{number}" for number in range(25)}
    assert_problem(await served.get("lan", "/v1/me/access-log", cursor="rubbish"), 400, "cursor_malformed")


@pytest.mark.parametrize(("who", "path", "status", "code"), [
    ("", "/v1/me/access-log", 401, "unauthenticated"),
    ("hoa", "/v1/me/access-log", 403, "forbidden"),
    ("", "/v1/staff/audit", 401, "unauthenticated"),
    ("lan", "/v1/staff/audit", 403, "forbidden"),
    ("source", "/v1/staff/audit", 403, "forbidden"),
    ("hoa", "/v1/staff/audit", 403, "role_missing"),
])  # fmt: skip
async def test_nobody_else_reads_the_trail(served: AuditApi, who: str, path: str, status: int, code: str) -> None:
    assert_problem(await served.get(who, path), status, code)


async def test_an_inspector_reads_their_own_agencies_and_an_administrator_all(served: AuditApi) -> None:
    await served.auditing.log.record(HOA, viewed(1), viewed(2, agency=WARD), AuditEntry(action="keys.rewrapped", object="keys"))
    own = (await served.get("thu", "/v1/staff/audit")).json()["items"]
    assert [(item["object"], item["actor"]["name"], item["office"]["code"]) for item in own] == [
        ("dossier:d1", "Trần Thị Hòa", "H12.13")
    ]
    everything = (await served.get("administrator", "/v1/staff/audit")).json()["items"]
    assert {item["object"] for item in everything} == {"dossier:d1", "dossier:d2", "keys", "audit:records"}


async def test_the_trail_is_searched_by_subject_actor_object_action_and_time(served: AuditApi, clock: TestClock) -> None:
    await served.auditing.log.record(HOA, viewed(1))
    clock.advance(timedelta(hours=1))
    await served.auditing.log.record(INSPECTOR, viewed(2, subject=NAM))
    later = datetime(2026, 11, 20, 14, 30, tzinfo=UTC).isoformat()
    found = [
        [item["object"] for item in (await served.get("thu", "/v1/staff/audit", **wanted)).json()["items"]]
        for wanted in (
            {"subject": NAM}, {"actor": "staff-hoa"}, {"object": "dossier:d2"}, {"since": later}, {"until": later},
            {"action": "dossier.listed"},
        )
    ]  # fmt: skip
    assert found == [["dossier:d2"], ["dossier:d1"], ["dossier:d2"], ["dossier:d2"], ["dossier:d1"], []]


@pytest.mark.proves("SEC-67")
async def test_reading_the_trail_is_recorded(served: AuditApi) -> None:
    assert (await served.get("thu", "/v1/staff/audit")).status_code == 200
    row = await served.auditing.trail.records.find_one({"action": "audit.read"})
    assert row
    assert row["actor"]["id"] == INSPECTOR.id
    assert len(row["trace_id"]) >= 26


@pytest.mark.proves("SEC-67")
async def test_a_citizen_sees_that_their_trail_was_read(served: AuditApi) -> None:
    await served.auditing.log.record(HOA, viewed(1), viewed(2, subject=NAM))
    for wanted in ({"subject": LAN}, {"object": "dossier:d1"}, {"subject": "Nguyễn Thị Lan"}):
        assert (await served.get("thu", "/v1/staff/audit", **wanted)).status_code == 200
    items = (await served.get("lan", "/v1/me/access-log")).json()["items"]
    told = [(item["action"]["code"], item["purpose"]["code"]) for item in items]
    assert told == [("audit.read", "oversight"), ("dossier.viewed", "dossier_handling")]
    assert [item["object"] for item in (await served.get("nam", "/v1/me/access-log")).json()["items"]] == ["dossier:d2"]
    reads = await served.auditing.trail.records.find({"action": "audit.read"}).to_list()
    assert "Nguyễn" not in str([row.get("subjects") for row in reads]), "a word that is nobody is not kept"


@pytest.mark.proves("SEC-71")
async def test_the_trail_is_not_read_when_that_cannot_be_recorded(served: AuditApi, monkeypatch: pytest.MonkeyPatch) -> None:
    await served.auditing.log.record(HOA, viewed(1))

    async def refused(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(AuditLog, "_append", refused)
    answer = await served.get("thu", "/v1/staff/audit")
    assert_problem(answer, 503, "audit_unavailable")
    assert answer.headers["retry-after"]
    assert "dossier:d1" not in answer.text


async def test_an_export_tells_the_same_and_an_erasure_leaves_it(served: AuditApi) -> None:
    trail: AuditTrail = served.auditing.trail
    await served.auditing.log.record(HOA, viewed(1), viewed(2, subject=NAM))
    (port,) = served.auditing.slice.personal_data
    (row,) = await port.export(LAN)
    assert (row["object"], row["by"], row["purpose"]) == ("dossier:d1", "staff", "Giải quyết thủ tục hành chính")
    assert await port.erase(LAN, EVENING) == 0
    assert await trail.records.count_documents({"subjects": LAN}) == 1
