"""Whoever is refused what they asked for is on record, and nobody can fill the trail without signing in (SEC-67)."""

from typing import Any

import pytest

from kernel.errors import AuditUnavailable
from tests.support.api import Api, assert_problem
from tests.support.callers import NAMES

pytestmark = pytest.mark.proves("SEC-67")


async def denials(api: Api) -> list[dict[str, Any]]:
    return await api.parts.audit.trail.records.find({"action": "auth.denied"}).sort("seq", 1).to_list()


async def test_a_refusal_is_on_record_with_who_where_and_why(api: Api) -> None:
    before = len(await denials(api))
    assert_problem(await api.get("lan", "/v1/staff/dossiers"), 403, "forbidden")
    assert_problem(await api.get("be", "/v1/staff/audit"), 403, "role_missing")
    of_citizen, of_official = (await denials(api))[before:]
    assert (of_citizen["actor"]["kind"], of_citizen["object"], of_citizen["result"]) == (
        "citizen",
        "route:listStaffDossiers",
        "refused",
    )
    assert of_citizen["changes"] == [{"field": "code", "after": "forbidden"}, {"field": "method", "after": "GET"}]
    assert (of_official["actor"]["kind"], of_official["object"]) == ("staff", "route:listAuditRecords")
    assert of_official["network"] == "127.0.0.0/24"
    assert of_official["trace_id"]
    assert NAMES["lan"] not in str(of_citizen)


async def test_who_is_not_signed_in_leaves_no_record(api: Api) -> None:
    before = len(await denials(api))
    assert_problem(await api.get("", "/v1/staff/dossiers"), 401, "unauthenticated")
    assert_problem(await api.get("lan", "/v1/dossiers/nothing"), 404, "dossier_not_found")
    assert len(await denials(api)) == before


async def test_what_is_refused_stays_refused_although_it_cannot_be_recorded(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    async def no_record(*_: Any) -> None:
        raise AuditUnavailable

    monkeypatch.setattr(api.parts.audit.log, "_append", no_record)
    assert_problem(await api.get("lan", "/v1/staff/dossiers"), 403, "forbidden")
