"""Who sees a citizen's data at a desk is on record before they see it, and the citizen can read that (SEC-71)."""

import base64
from datetime import timedelta
from typing import Any, cast

import httpx2
import pytest

from kernel.clock import TestClock
from kernel.errors import AuditUnavailable
from kernel.privacy.field import Sealed
from tests.api.access_table import bodies
from tests.support.api import Api, assert_problem
from tests.support.callers import NAMES
from tests.support.feed import ago, event, new_code
from tests.support.officials import CENTRE, WARD

pytestmark = pytest.mark.proves("SEC-71")


async def ask(api: Api, who: str, path: str, method: str = "GET", **request: Any) -> httpx2.Response:
    """A request to the desk, a millisecond after the one before."""
    cast("TestClock", api.parts.clock).advance(timedelta(milliseconds=1))
    return await api.call(who, method, f"/v1/staff/dossiers{path}", **request)


async def log_of(api: Api, who: str, dossier: str = "dossiers:page") -> list[dict[str, Any]]:
    """What the citizen reads of officials and this dossier, oldest first; the source system's words are not looked at here."""
    page = await api.get(who, "/v1/me/access-log?limit=100", headers={"accept-language": "en"})
    assert page.status_code == 200, page.text
    items = [item for item in reversed(page.json()["items"]) if item["who"]["kind"]["code"] != "system"]
    return [item for item in items if item["object"] in (dossier, f"dossier:{dossier}")]


def acts(log: list[dict[str, Any]]) -> list[str]:
    return [item["action"]["code"] for item in log]


async def test_every_look_at_a_dossier_and_every_step_is_in_its_citizens_log(api: Api) -> None:
    dossier = (await ask(api, "hoa", "", "POST", json=bodies()["createDossier"].json)).json()["id"]
    await ask(api, "be", f"/{dossier}")
    await ask(api, "hoa", f"/{dossier}/transitions", "POST", json={"action": "start_processing"})
    await ask(api, "minh", f"/{dossier}/result", "POST", **bodies()["publishResult"].sent)
    await ask(api, "hoa", f"/{dossier}/result")
    log = await log_of(api, "lan", dossier)
    assert acts(log) == [
        "dossier.created",
        "dossier.viewed",
        "dossier.transitioned",
        "dossier.result_published",
        "dossier.result_downloaded",
    ]
    assert [[role["code"] for role in item["who"]["roles"]] for item in log] == [
        ["handler", "intake_officer"],
        [],
        ["handler", "intake_officer"],
        ["approver"],
        ["handler", "intake_officer"],
    ]
    assert {item["purpose"]["code"] for item in log} == {"dossier_handling"}
    assert [field["code"] for field in log[1]["fields"]] == ["applicant_name", "text"]
    assert await log_of(api, "nam", dossier) == []


async def test_one_record_of_a_list_names_every_citizen_on_it_and_nobody_else(api: Api) -> None:
    await api.tell(event(new_code(), whose="lan"), event(new_code(), "stopped", whose="nam"))
    before = {who: len(await log_of(api, who)) for who in ("lan", "nam")}
    for query in ("", "?q=nguyen", "?q=nobody+of+that+name"):
        await ask(api, "hoa", query)
    new = {who: (await log_of(api, who))[before[who] :] for who in ("lan", "nam")}
    assert acts(new["lan"]) == ["dossier.listed", "dossier.searched"]
    assert acts(new["nam"]) == ["dossier.listed"]


async def test_the_office_on_record_is_the_officials_own_wherever_the_dossier_is_decided(api: Api) -> None:
    dossier = await api.told(event(new_code(), receivingAgency=WARD, decidingAgency=CENTRE))
    for who in ("hoa", "phuc"):
        await ask(api, who, f"/{dossier}")
    looks = await log_of(api, "lan", dossier)
    assert [look["who"]["office"]["code"] for look in looks] == [CENTRE, WARD]


async def test_an_official_may_say_what_for_and_the_citizen_reads_it(api: Api) -> None:
    dossier = await api.told(event(new_code()))
    await ask(api, "hoa", f"/{dossier}", headers={"x-access-purpose": "citizen_service"})
    [look] = await log_of(api, "lan", dossier)
    assert look["purpose"] == {"code": "citizen_service", "label": "Answering the citizen"}


@pytest.mark.parametrize("purpose", ["x", "curiosity", "Citizen_service", "a b c", "a" * 41, "<script>"])
async def test_a_purpose_that_is_none_is_refused(api: Api, purpose: str) -> None:
    dossier = await api.told(event(new_code()))
    answer = await ask(api, "hoa", f"/{dossier}", headers={"x-access-purpose": purpose})
    assert_problem(answer, 400, "invalid")
    assert await log_of(api, "lan", dossier) == []


async def test_who_was_not_shown_anything_is_not_in_the_log(api: Api) -> None:
    dossier = await api.told(event(new_code()))
    assert_problem(await ask(api, "phuc", f"/{dossier}"), 404, "dossier_not_found")
    assert_problem(await ask(api, "", f"/{dossier}"), 401, "unauthenticated")
    assert await log_of(api, "lan", dossier) == []


async def test_without_a_record_nothing_is_shown(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = await api.told(event(new_code(), receivingAgency=CENTRE, note="Cháu bị ốm"))
    await api.publish("minh", dossier)

    async def disk_full(_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(api.parts.audit.log, "_append", disk_full)
    for path in ("", "?q=nguyen", f"/{dossier}", f"/{dossier}/result"):
        answer = await ask(api, "hoa", path)
        assert_problem(answer, 503, "audit_unavailable")
        assert not [word for word in (NAMES["lan"], "ốm", "disk", "%PDF") if word in answer.text]
    monkeypatch.undo()
    assert (await ask(api, "hoa", f"/{dossier}")).json()["applicantName"] == NAMES["lan"]
    assert acts(await log_of(api, "lan", dossier)) == ["dossier.result_published", "dossier.viewed"]


async def test_a_citizen_reads_their_own_dossiers_without_a_record(api: Api) -> None:
    dossier = await api.told(event(new_code()))
    await api.get("lan", "/v1/dossiers")
    await api.get("lan", f"/v1/dossiers/{dossier}")
    assert await log_of(api, "lan", dossier) == []


async def test_a_step_that_cannot_be_recorded_is_not_taken(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = await api.told(event(new_code(), "accepted"))

    async def no_record(*_: Any) -> None:
        raise AuditUnavailable

    with monkeypatch.context() as broken:
        broken.setattr(api.parts.audit.log, "record", no_record)
        step = await ask(api, "hoa", f"/{dossier}/transitions", "POST", json={"action": "start_processing"})
        result = await ask(api, "minh", f"/{dossier}/result", "POST", **bodies()["publishResult"].sent)
    for answer in (step, result):
        assert_problem(answer, 503, "audit_unavailable")
    seen = (await ask(api, "hoa", f"/{dossier}")).json()
    assert (seen["status"]["name"], len(seen["timeline"])) == ("accepted", 1)


async def changes_of(api: Api, action: str, dossier: str) -> dict[str, tuple[Any, Any]]:
    """Before and after, by field, of the latest such act that was done."""
    wanted = {"object": f"dossier:{dossier}", "action": action, "result": "ok"}
    row = await api.parts.audit.trail.records.find_one(wanted, sort=[("at", -1), ("seq", -1)])
    assert row
    return {change["field"]: (change.get("before"), change.get("after")) for change in row.get("changes", [])}


@pytest.mark.proves("SEC-67")
async def test_a_step_is_on_record_with_what_it_changed_and_its_reason_only_as_a_reference(api: Api) -> None:
    dossier = (await ask(api, "hoa", "", "POST", json=bodies()["createDossier"].json)).json()["id"]
    created = await changes_of(api, "dossier.created", dossier)
    assert created["status"] == (None, "accepted")
    assert set(created["applicant_name"][1]) == {"sealed"}
    await ask(api, "hoa", f"/{dossier}/transitions", "POST", json={"action": "start_processing"})
    assert (await changes_of(api, "dossier.transitioned", dossier))["status"] == ("accepted", "processing")
    reason = {"action": "request_papers", "reason": "Thiếu giấy ra viện của cháu"}
    await ask(api, "hoa", f"/{dossier}/transitions", "POST", json=reason)
    stepped = await changes_of(api, "dossier.transitioned", dossier)
    assert stepped["status"] == ("processing", "awaiting_papers")
    [note] = [after for field, (_, after) in stepped.items() if field.endswith(".note")]
    assert await api.parts.vault.open_one(Sealed(base64.b64decode(note["sealed"]))) == reason["reason"]
    assert not [field for field in stepped if field in ("applicant_name", "procedure_code")], "only what changed"


@pytest.mark.proves("SEC-67")
async def test_what_a_source_system_changes_is_on_record_with_before_and_after(api: Api) -> None:
    code = new_code()
    dossier = await api.told(event(code, "accepted"))
    await api.told(event(code, "processing", ago(seconds=1), decidingAgency=WARD, note="Cháu bị ốm"))
    changes = await changes_of(api, "dossier.recorded", dossier)
    assert changes["status"] == ("accepted", "processing")
    assert changes["deciding_agency"][1] == WARD
    record = await api.parts.audit.trail.records.find_one({"object": f"dossier:{dossier}"})
    assert record
    assert "ốm" not in str(record)
    assert record["network"] == "127.0.0.0/24"
    assert record["trace_id"]


async def test_a_refused_step_is_an_attempt_for_inspectors_and_nothing_for_the_citizen(api: Api) -> None:
    dossier = await api.told(event(new_code(), "accepted"))
    await ask(api, "hoa", f"/{dossier}/transitions", "POST", json={"action": "return_result"})
    wanted = {"object": f"dossier:{dossier}", "actor.kind": "staff"}
    records = await api.parts.audit.trail.records.find(wanted).to_list()
    assert [(row["action"], row["result"]) for row in records] == [("dossier.transitioned", "attempted")]
    assert await log_of(api, "lan", dossier) == []
