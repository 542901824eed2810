"""The staff directory over the API: within one's own reach, with a fresh sign-in, and never without handler or approver."""

import asyncio
import re
from datetime import date, timedelta
from typing import Any

import pytest
from litestar.routes import HTTPRoute

from auth.documents import Session
from backend.agencies.actions.members import enrol, off_board
from backend.agencies.api.staff import MANAGE
from backend.agencies.documents import Agency, StaffMember
from backend.agencies.errors import LastOfTheirRole
from backend.agencies.queries import in_place_of
from kernel.principal import Principal
from tests.api.access_table import bodies
from tests.support.api import Api, assert_problem
from tests.support.feed import event, new_code
from tests.support.officials import CENTRE, LAND_OFFICE, OFFICIALS, WARD

pytestmark = pytest.mark.anyio

DIRECTORY = "/v1/staff/directory"


@pytest.fixture(autouse=True)
async def directory_as_it_was(api: Api):
    yield
    known = [official.email for official in OFFICIALS.values()]
    await StaffMember.find({"email": {"$nin": known}}).delete()
    for official in OFFICIALS.values():
        await enrol(official.email, official.name, agencies=official.agencies, roles=official.roles)


async def member_of(api: Api, login: str) -> str:
    found = await StaffMember.find_one({"email": OFFICIALS[login].email})
    assert found
    return found.id


def what(**changes: Any) -> dict[str, Any]:
    return {"name": "Trần Thị Hòa", "agencyCodes": [CENTRE], "roles": ["intake_officer", "handler"], **changes}


@pytest.mark.proves("SEC-33", "SEC-47", "SEC-49")
async def test_who_leaves_is_out_at_once_on_every_device(api: Api) -> None:
    tokens = [await api.callers.token("thu") for _ in range(2)]
    left = await api.call("khoa", "POST", f"{DIRECTORY}/members/{await member_of(api, 'thu')}/off-boarding")
    assert (left.status_code, left.json()["active"]) == (200, False), left.text
    for token in tokens:
        answer = await api.get("", "/v1/me", headers={"authorization": f"Bearer {token}"})
        assert_problem(answer, 401, "session_ended")
    listed = (await api.get("khoa", f"{DIRECTORY}/members", params={"agency": CENTRE})).json()["items"]
    assert [row["active"] for row in listed if row["email"] == OFFICIALS["thu"].email] == [False]


@pytest.mark.proves("SEC-47")
async def test_a_change_of_roles_acts_on_open_sessions(api: Api, clock: Any) -> None:
    be = await member_of(api, "be")
    assert (await api.get("be", "/v1/me")).json()["roles"] == []
    changed = await api.call("khoa", "PUT", f"{DIRECTORY}/members/{be}", json=what(name="Thạch Thị Bé", roles=["dispatcher"]))
    assert (changed.status_code, changed.json()["roles"]) == (200, ["dispatcher"])
    clock.advance(timedelta(seconds=5))
    assert (await api.get("be", "/v1/me")).json()["roles"] == ["dispatcher"]


async def test_an_agency_never_loses_its_last_handler_or_approver(api: Api) -> None:
    minh = await member_of(api, "minh")
    refused = await api.call("khoa", "POST", f"{DIRECTORY}/members/{minh}/off-boarding")
    assert assert_problem(refused, 409, "last_of_their_role")["errors"][0]["detail"] == f"{CENTRE}: approver"
    for roles in ([], ["handler"]):
        changed = await api.call("khoa", "PUT", f"{DIRECTORY}/members/{minh}", json=what(name="Lê Văn Minh", roles=roles))
        assert_problem(changed, 409, "last_of_their_role")
    new = await api.call("khoa", "POST", f"{DIRECTORY}/members", json=what(email="Moi@CaMau.gov.vn", roles=["approver"]))
    assert (new.status_code, new.json()["email"]) == (201, "moi@camau.gov.vn")
    assert (await api.call("khoa", "POST", f"{DIRECTORY}/members/{minh}/off-boarding")).status_code == 200
    agencies = (await api.get("khoa", f"{DIRECTORY}/agencies")).json()["items"]
    assert {row["code"]: row["missingRoles"] for row in agencies}[CENTRE] == []


@pytest.mark.proves("SEC-37")
async def test_every_change_needs_a_fresh_sign_in(api: Api, clock: Any) -> None:
    token = await api.callers.token("khoa")
    headers = {"authorization": f"Bearer {token}"}
    clock.advance(timedelta(minutes=4, seconds=59))
    assert (await api.get("", f"{DIRECTORY}/members", headers=headers)).status_code == 200
    paths = (
        ("POST", "/members", what(email="x@camau.gov.vn")),
        ("PUT", f"/members/{await member_of(api, 'be')}", what()),
        ("POST", f"/members/{await member_of(api, 'be')}/off-boarding", None),
        ("POST", f"/agencies/{CENTRE}/closing", {"validTo": "2099-01-01", "successor": LAND_OFFICE}),
        ("PUT", f"/agencies/{CENTRE}/units", {"units": []}),
        ("PUT", f"/agencies/{CENTRE}/papers", {"picturesAsPdf": True}),
    )
    stale = {"authorization": f"Bearer {await stale_token(api, clock)}"}
    for method, path, body in paths:
        answer = await api.call("", method, DIRECTORY + path, json=body, headers=stale)
        assert_problem(answer, 401, "step_up_required")
        assert answer.headers["www-authenticate"] == 'Bearer error="insufficient_user_authentication", max_age="300"'


@pytest.mark.proves("SEC-49")
async def test_an_administrators_everyday_token_rules_nobody(api: Api) -> None:
    """All that rules others lies under one prefix, and is for apps that asked for its scope; there is nothing of it elsewhere."""
    everyday = {"authorization": f"Bearer {await api.callers.token('khoa', scope='openid')}"}
    asking = set()
    for route in api.app.routes:
        for handler in route.route_handlers if isinstance(route, HTTPRoute) else ():
            if any(getattr(guard, "scope", "") == MANAGE for guard in handler.resolve_guards()):
                asking |= {(method, route.path) for method in handler.http_methods & {"GET", "POST", "PUT", "PATCH", "DELETE"}}
    assert (len(asking), {path.startswith(f"{DIRECTORY}/") for _, path in asking}) == (9, {True})
    for method, path in asking:
        answer = await api.call("", method, re.sub(r"\{.*?\}", "x", path), headers=everyday)
        assert_problem(answer, 403, "scope_missing")
    assert (await api.get("", "/v1/staff/dossiers", headers=everyday)).status_code == 200


async def stale_token(api: Api, clock: Any) -> str:
    """A token refreshed by somebody who signed in more than five minutes ago."""
    token = await api.callers.token("khoa")
    principal = await api.parts.auth.tokens.verify(token)
    sessions = Session.get_pymongo_collection()
    past = clock.now() - timedelta(minutes=5, seconds=1)
    await sessions.update_one({"_id": principal.session_id}, {"$set": {"authenticated_at": past}})
    api.parts.auth.tokens._remembered.clear()
    return token


@pytest.mark.proves("SEC-43", "SEC-48")
async def test_another_agencys_officials_are_not_there(api: Api) -> None:
    phuc, elsewhere = await member_of(api, "phuc"), f"{DIRECTORY}/members"
    both = await enrol("both@camau.gov.vn", "Hai nơi", agencies=[CENTRE, WARD], roles=["handler"])
    nowhere = await enrol("nowhere@camau.gov.vn", "Không nơi nào", agencies=[], roles=[])
    listed = (await api.get("khoa", elsewhere, params={"limit": 100})).json()["items"]
    assert {row["agencyCodes"][0] for row in listed} == {CENTRE}
    assert not {phuc, both.id, nowhere.id} & {row["id"] for row in listed}
    for member in (phuc, both.id, nowhere.id, "unheard-of"):
        assert_problem(await api.get("khoa", f"{elsewhere}/{member}"), 404, "staff_member_not_found")
        assert_problem(await api.call("khoa", "PUT", f"{elsewhere}/{member}", json=what()), 404, "staff_member_not_found")
        assert_problem(await api.call("khoa", "POST", f"{elsewhere}/{member}/off-boarding"), 404, "staff_member_not_found")
    assert (await api.get("khoa", elsewhere, params={"agency": WARD})).json()["items"] == []
    reaching = what(email="x@camau.gov.vn", agencyCodes=[CENTRE, WARD])
    assert_problem(await api.call("khoa", "POST", elsewhere, json=reaching), 403, "outside_your_agencies")
    for path, body in (("units", {"units": []}), ("papers", {"picturesAsPdf": True})):
        answer = await api.call("khoa", "PUT", f"{DIRECTORY}/agencies/{WARD}/{path}", json=body)
        assert_problem(answer, 404, "agency_not_found")


async def test_what_makes_no_sense_is_refused(api: Api) -> None:
    for bent in ({"roles": ["boss"]}, {"agencyCodes": []}, {"agencyCodes": "H12"}, {"name": ""}, {"admin": True}):
        answer = await api.call("khoa", "POST", f"{DIRECTORY}/members", json=what(email="x@camau.gov.vn", **bent))
        assert answer.status_code == 400, bent
    for email in ("no-address", "a b@camau.gov.vn", "x@localhost"):
        answer = await api.call("khoa", "POST", f"{DIRECTORY}/members", json=what(email=email))
        assert_problem(answer, 400, "invalid")
    twice = await api.call("khoa", "POST", f"{DIRECTORY}/members", json=what(email=OFFICIALS["be"].email.upper()))
    assert_problem(twice, 409, "already_enrolled")


async def test_an_agency_closes_into_a_successor_that_is_there(api: Api) -> None:
    for successor in (CENTRE, "H12.999"):
        body = {"validTo": "2099-01-01", "successor": successor}
        assert_problem(
            await api.call("khoa", "POST", f"{DIRECTORY}/agencies/{CENTRE}/closing", json=body), 400, "successor_missing"
        )
    body = {"validTo": "2099-01-01", "successor": LAND_OFFICE}
    closed = await api.call("khoa", "POST", f"{DIRECTORY}/agencies/{CENTRE}/closing", json=body)
    assert (closed.json()["validTo"], closed.json()["successor"]) == ("2099-01-01", LAND_OFFICE)
    agency = await Agency.get(CENTRE)
    assert agency
    agency.valid_to = agency.successor = None
    await agency.commit()


@pytest.mark.proves("SEC-27")
async def test_a_role_at_one_agency_opens_nothing_at_another(api: Api, clock: Any) -> None:
    """hoa passes reports on at the centre and handles at the ward: at the centre she takes no step of a handler."""
    dossier = await api.told(event(new_code(), "accepted"))
    assert (await api.get("hoa", f"/v1/staff/dossiers/{dossier}")).json()["allowedActions"]
    posts = [{"agencyCode": CENTRE, "roles": ["dispatcher"]}, {"agencyCode": WARD, "roles": ["handler"]}]
    who = OFFICIALS["hoa"]
    told = [(post["agencyCode"], post["roles"]) for post in posts]
    await enrol(who.email, who.name, agencies=[CENTRE, WARD], roles=["dispatcher", "handler"], posts=told)
    clock.advance(timedelta(seconds=5))
    assert (await api.get("hoa", "/v1/me")).json()["roles"] == ["dispatcher", "handler"]
    seen = await api.get("hoa", f"/v1/staff/dossiers/{dossier}")
    assert (seen.status_code, seen.json()["allowedActions"]) == (200, [])
    step = {"action": "start_processing", "reason": "Hồ sơ đã đủ giấy tờ"}
    refused = await api.call("hoa", "POST", f"/v1/staff/dossiers/{dossier}/transitions", json=step)
    assert_problem(refused, 403, "role_missing")


async def test_posts_are_told_and_shown_and_have_to_make_sense(api: Api) -> None:
    be = f"{DIRECTORY}/members/{await member_of(api, 'be')}"
    posts = [{"agencyCode": CENTRE, "roles": ["handler"]}]
    said = what(name="Thạch Thị Bé", roles=["handler", "dispatcher"], posts=posts)
    assert (await api.call("khoa", "PUT", be, json=said)).json()["posts"] == posts
    for bent in ([{"agencyCode": WARD, "roles": ["handler"]}], [{"agencyCode": CENTRE, "roles": ["approver"]}]):
        assert_problem(await api.call("khoa", "PUT", be, json={**said, "posts": bent}), 400, "invalid")
    assert "posts" not in (await api.call("khoa", "PUT", be, json=what(name="Thạch Thị Bé"))).json()


async def test_the_last_two_who_leave_at_once_do_not_both_leave(api: Api) -> None:
    two = [await enrol(f"a{n}@camau.gov.vn", "A", agencies=[LAND_OFFICE], roles=["approver"]) for n in range(2)]
    root = Principal(id="r", kind="staff", client_id="app", roles=frozenset({"administrator"}), agencies=frozenset({LAND_OFFICE}))
    outcomes = await asyncio.gather(
        *(off_board(root, member.id, today=date(2026, 7, 1), audit=api.parts.audit.log) for member in two), return_exceptions=True
    )
    assert any(isinstance(outcome, LastOfTheirRole) for outcome in outcomes)
    active = await StaffMember.find({"agencies": LAND_OFFICE, "roles": "approver", "active": True}).count()
    assert active >= 1


@pytest.mark.proves("SEC-67")
async def test_a_change_is_on_record_before_it_is_made(api: Api) -> None:
    be = await member_of(api, "be")
    body = what(name="Thạch Thị Bé", roles=["dispatcher"])
    assert (await api.call("khoa", "PUT", f"{DIRECTORY}/members/{be}", json=body)).status_code == 200
    records = api.parts.audit.trail.records.find({"object": f"staff:{be}"}).sort("seq", 1)
    assert [row["result"] for row in await records.to_list()][-2:] == ["attempted", "ok"]


@pytest.mark.proves("SEC-43", "SEC-47")
async def test_from_its_last_day_on_an_agency_is_its_successors(api: Api, clock: Any) -> None:
    """The land office goes into the centre: its own people are nobody there any more, and what it had is the centre's to see."""
    await enrol("dat@camau.gov.vn", "Đất", agencies=[LAND_OFFICE], roles=["handler"])
    directory = api.parts.auth.tokens._directory
    office = await Agency.get(LAND_OFFICE)
    assert office
    office.valid_to, office.successor = clock.now().date().isoformat(), CENTRE
    await office.commit()
    clock.advance(timedelta(seconds=5))
    try:
        dat, hoa, phuc = [await directory.active_grant(f"{login}@camau.gov.vn") for login in ("dat", "hoa", "phuc")]
        assert (dat.agencies, dat.roles) == (frozenset(), frozenset())
        assert hoa.agencies == {CENTRE, LAND_OFFICE}
        assert phuc.agencies == {WARD}
        today = clock.now().date()
        assert [await in_place_of(code, today) for code in (LAND_OFFICE, CENTRE, "H12.999")] == [CENTRE, CENTRE, None]
        # What another took over is worked off, and takes nothing in.
        body = {**bodies()["createDossier"].json, "receivingAgency": LAND_OFFICE}
        assert_problem(await api.call("hoa", "POST", "/v1/staff/dossiers", json=body), 403, "not_your_agency")
        # Nobody is enrolled where nothing is any more; who administrates the successor administrates what it took over.
        late = await api.call("khoa", "POST", f"{DIRECTORY}/members", json=what(email="l@camau.gov.vn", agencyCodes=[LAND_OFFICE]))
        assert_problem(late, 400, "invalid")
    finally:
        office.valid_to = office.successor = None
        await office.commit()
        clock.advance(timedelta(seconds=5))
