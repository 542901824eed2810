"""Who gets into the console, with what, and what a stranger's form does: nothing."""

from datetime import timedelta

import pytest

from backend.console.documents import ConsoleSession
from backend.console.secrecy import name_of
from tests.api.access_table import CONSOLE
from tests.api.routes import ROUTES, Route
from tests.support.api import Api
from tests.support.console import Browser, signed_in
from tests.support.reports import ENOUGH, in_state

pytestmark = pytest.mark.anyio

# What is there for whoever stands outside.
OUTSIDE = {"showConsoleSignIn", "startConsoleSignIn", "finishConsoleSignIn", "getConsoleAsset"}
INSIDE = [route for route in ROUTES if route.operation in CONSOLE - OUTSIDE]
BLANKS = dict.fromkeys(("feedback_id", "dossier_id", "member_id", "upload_id", "file_id", "act", "name"), "answer")


def name(route: Route) -> str:
    return route.operation


@pytest.mark.proves("SEC-44")
@pytest.mark.parametrize("route", INSIDE, ids=name)
async def test_nobody_is_inside_without_a_session_and_no_token_opens_it(api: Api, route: Route) -> None:
    for who in ("", "lan", "minh"):
        answer = await api.call(who, route.method, route.filled(BLANKS))
        assert answer.status_code == 303, (who, answer.text)
        assert answer.headers["location"].startswith("/console/sign-in?next=%2Fconsole")
        assert answer.headers["cache-control"] == "no-store"


async def test_a_citizens_token_is_no_session_of_the_console(api: Api) -> None:
    browser = await signed_in(api, "lan")
    assert (await browser.get("/console/")).status_code == 303


@pytest.mark.parametrize("route", [route for route in INSIDE if route.method == "POST"], ids=name)
async def test_a_form_that_is_not_from_the_console_changes_nothing(api: Api, route: Route) -> None:
    browser = await signed_in(api, "minh")
    path = route.filled({**BLANKS, "feedback_id": await in_state(api, "received")})
    for form, headers in (
        ({}, {}),
        ({"form_token": "0" * 64}, {}),
        ({"form_token": "ký tự lạ"}, {}),
    ):
        answer = await browser.post(path, {"public_text": ENOUGH, **form}, **headers)
        assert answer.status_code == 403, answer.text
    form = await browser.form("/console/", "/console/sign-out")
    answer = await browser.post(path, form.filled(), **{"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403


async def test_the_token_of_one_session_is_none_of_another(api: Api) -> None:
    mine, other = await signed_in(api, "minh"), await signed_in(api, "hoa")
    form = await mine.form("/console/", "/console/sign-out")
    assert (await other.post("/console/sign-out", form.filled())).status_code == 403


async def test_the_database_alone_signs_nobody_in_and_tells_no_draft(api: Api) -> None:
    browser = await signed_in(api, "hoa")
    report = await in_state(api, "in_progress")
    form = await browser.form(f"/console/reports/{report}", f"/console/reports/{report}/acts/answer")
    kept = await browser.post(f"/console/reports/{report}/drafts", form.filled(public_text=ENOUGH))
    assert kept.status_code == 200

    row = await ConsoleSession.get_pymongo_collection().find_one({"_id": name_of(browser.cookie)})
    assert row
    stored = repr(row)
    access = (await api.bearer("hoa"))["authorization"].removeprefix("Bearer ")
    assert browser.cookie not in stored
    assert access not in stored
    assert ENOUGH not in stored
    assert (await Browser(api, row["_id"]).get("/console/")).status_code == 303
    assert ENOUGH in (await browser.get(f"/console/reports/{report}")).text


async def test_a_session_whose_token_cannot_be_renewed_is_over(api: Api) -> None:
    browser = await signed_in(api, "minh", good_for=timedelta(seconds=10))
    assert (await browser.get("/console/")).status_code == 303


async def test_what_was_typed_comes_back_when_the_session_is_over(api: Api) -> None:
    report = await in_state(api, "in_progress")
    answer = await Browser(api, "gone").post(f"/console/reports/{report}/acts/answer", {"public_text": ENOUGH})
    assert answer.status_code == 401
    assert ENOUGH in answer.text


async def test_nobody_is_sent_elsewhere_after_signing_in(api: Api) -> None:
    from backend.console.api.sign_in import inside

    assert inside("/console/reports/x?done=note") == "/console/reports/x?done=note"
    for elsewhere in (
        "https://evil.example",
        "//evil.example",
        "/console//evil.example",
        "/console/\\evil",
        "/console/ x",
        "/v1/me",
        "",
    ):
        assert inside(elsewhere) == "/console/"


@pytest.mark.parametrize("query", ["", "?code=x", "?code=x&state=&iss=", "?error=access_denied&state=x"])
async def test_a_sign_in_that_nobody_began_here_is_refused(api: Api, query: str) -> None:
    answer = await api.call("", "GET", f"/console/callback{query}")
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers
