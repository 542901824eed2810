"""How often one may call, over real sockets and with the real numbers (R-C12, SEC-63)."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta

import httpx2
import pytest

from backend.app.parts import Parts
from backend.app.told import callers_of, handlers_of
from backend.dev.sockets import bound_socket, url_of
from kernel.clock import TestClock
from kernel.http.idempotency import KEY_REQUIRED, OPT
from kernel.http.limits import LIMITS, TABLE
from kernel.http.windows import COLLECTION
from kernel.ids import new_id
from tests.api.access_table import CONSOLE, bodies
from tests.support.api import Api, assert_problem, running_api
from tests.support.reports import a_report, keyed, posted
from tests.support.waiting import until


@pytest.fixture(scope="module")
async def real(anyio_backend: str, mongodb_uri: str, clock: TestClock) -> AsyncIterator[Api]:
    """The API with the limits it has in production."""
    async with running_api(mongodb_uri, clock, limits_scale=1) as api:
        yield api


@pytest.fixture
async def counting(real: Api, clock: TestClock) -> Api:
    """Nothing has been counted yet, and what a process has leased is over."""
    clock.advance(timedelta(hours=25))
    await real.parts.db[COLLECTION].delete_many({})
    real._tokens.clear()
    return real


def test_the_routes_that_have_limits_name_them(api: Api) -> None:
    named = {
        str(handler.operation_id): handler.opt[LIMITS]
        for route in api.app.routes
        for handler in getattr(route, "route_handlers", [])
        if handler.opt.get(LIMITS)
    }
    decided = {
        "authorize": ("authorize",),
        "finishSignIn": ("callback",),
        "issueToken": ("token",),
        "revokeToken": ("token",),
        "receiveLogout": ("backchannel",),
        "registerPushTarget": ("push_registration",),
        "requestExport": ("export",),
        "requestErasure": ("erasure",),
        "askAboutMyData": ("data_request",),
        "recordDossierEvents": ("feed",),
        "receiveSecurityEvent": ("backchannel",),
        "unlockAccount": ("unlock",),
        "introspectToken": ("introspect",),
        "pushAuthorization": ("par",),
        "lockMyAccount": ("lock",),
        "allowHelp": ("help",),
        "replyFeedback": ("message",),
        "supplyPapers": ("message",),
        "followReport": ("follow",),
        "unmaskReporter": ("unmask",),
    }
    assert {name: named.get(name) for name in decided} == decided


# What is shown this once, or is somebody's name, or counts for one: no rule sees it in a signature.
SENSITIVE = {
    "lockMyAccount",
    "allowHelp",
    "unmaskReporter",
    "followReport",
    "requestExport",
    "requestErasure",
    "askAboutMyData",
    "registerPushTarget",
}


@pytest.mark.proves("SEC-63")
def test_whatever_strangers_send_and_citizens_lay_before_others_is_counted_to_the_request(api: Api) -> None:
    """A general budget is for reading: it is leased in blocks, and wide enough to guess a secret or to fill somebody's desk."""
    sensitive = set(SENSITIVE)
    named: dict[str, tuple[str, ...]] = {}
    for handler in handlers_of(api.app):
        named[str(handler.operation_id)] = handler.opt.get(LIMITS, ())
        if handler.operation_id in CONSOLE:
            # It calls the API as its client: what it asks there is counted there.
            continue
        writes = handler.http_methods & {"POST", "PUT", "PATCH", "DELETE"}
        callers = callers_of(handler)
        if writes and (not callers or ("citizen" in callers and handler.opt.get(OPT) == KEY_REQUIRED[OPT])):
            sensitive.add(str(handler.operation_id))
    assert {"unlockAccount", "introspectToken", "issueToken", "followFeedback", "replyFeedback", "sendFeedback"} <= sensitive
    assert {operation for operation in sensitive if not named[operation]} == set(), "opt=limited(...), kernel/http/limits.py"
    assert {name for operation in sensitive for name in named[operation] if TABLE[name].leased > 1} == set()


@pytest.mark.proves("SEC-63")
async def test_who_tries_codes_for_a_locked_account_waits_longer_and_longer(counting: Api) -> None:
    most, waits = TABLE["unlock"].most, []
    for _ in range(most):
        tried = await counting.call("", "POST", "/auth/unlock", json={"unlockCode": new_id()})
        assert tried.status_code not in (204, 429)
    for _ in range(2):
        refused = await counting.call("", "POST", "/auth/unlock", json={"unlockCode": new_id()})
        assert_problem(refused, 429, "too_many")
        waits.append(int(refused.headers["retry-after"]))
    assert 60 <= waits[0] < waits[1]


@pytest.mark.proves("R-C12", "SEC-63")
async def test_the_last_token_allowed_is_allowed_and_the_next_is_not(counting: Api) -> None:
    most = TABLE["token"].most
    answers = [await counting.call("", "POST", "/oauth/token", data={"grant_type": "x"}) for _ in range(most + 1)]
    assert [answer.status_code for answer in answers[:most]] == [400] * most
    assert answers[0].headers["ratelimit-policy"] == f'"token";q={most};w=60'
    assert answers[0].headers["ratelimit"] == f'"token";r={most - 1};t=60'
    problem = assert_problem(answers[most], 429, "too_many")
    assert problem["detail"] == "Quá nhiều yêu cầu: vui lòng chờ một lát."
    assert answers[most].headers["ratelimit"] == '"token";r=0;t=60'
    assert answers[most].headers["retry-after"] == "60"


@pytest.mark.proves("R-C12")
async def test_who_has_waited_may_again(counting: Api, clock: TestClock) -> None:
    installation, body = new_id(), bodies()["registerPushTarget"].json

    async def register(phone: str = installation, who: str = "lan") -> httpx2.Response:
        return await counting.call(who, "PUT", f"/v1/push-targets/{phone}", json=body)

    most = TABLE["push_registration"].most
    assert [(await register()).status_code for _ in range(most)] == [200] * most
    refused = await register()
    assert_problem(refused, 429, "too_many")
    # Another phone of hers is not locked out with it.
    assert (await register(new_id())).status_code == 200
    clock.advance(timedelta(seconds=int(refused.headers["retry-after"])))
    counting._tokens.clear()
    assert (await register()).status_code == 200


@pytest.mark.proves("R-C12", "R-A1")
async def test_a_write_counts_once_however_often_a_bad_network_makes_a_phone_send_it(counting: Api) -> None:
    most = TABLE["feedback"].most
    report, key = a_report(), keyed()
    answers = [await counting.call("lan", "POST", "/v1/feedback", json=report, headers=key) for _ in range(most + 2)]
    assert [answer.status_code for answer in answers] == [201] * len(answers)
    assert f'"feedback";r={most - 1};' in answers[0].headers["ratelimit"]
    assert answers[-1].headers["ratelimit"].startswith(f'"caller";r={TABLE["caller"].most - most - 2};')
    others = [await posted(counting, "lan", a_report()) for _ in range(most)]
    assert [answer.status_code for answer in others] == [201] * (most - 1) + [429]
    assert_problem(others[-1], 429, "too_many")
    # What happened already is still answered.
    assert (await counting.call("lan", "POST", "/v1/feedback", json=report, headers=key)).content == answers[0].content


async def test_who_was_refused_for_the_limit_may_send_the_same_again_when_it_is_over(counting: Api, clock: TestClock) -> None:
    for _ in range(TABLE["feedback"].most):
        await posted(counting, "lan", a_report())
    report, key = a_report(), keyed()
    refused = await counting.call("lan", "POST", "/v1/feedback", json=report, headers=key)
    assert_problem(refused, 429, "too_many")
    clock.advance(timedelta(seconds=int(refused.headers["retry-after"])))
    counting.sign_everybody_out()
    assert (await counting.call("lan", "POST", "/v1/feedback", json=report, headers=key)).status_code == 201


@pytest.mark.proves("R-C12", "SEC-63")
async def test_a_concurrent_burst_never_gets_more(counting: Api) -> None:
    async def ask() -> int:
        return (await counting.call("", "POST", "/oauth/token", data={"grant_type": "x"})).status_code

    statuses = await asyncio.gather(*(ask() for _ in range(2 * TABLE["token"].most)))
    assert statuses.count(400) == TABLE["token"].most
    assert statuses.count(429) == TABLE["token"].most


async def test_a_plain_read_spends_from_its_callers_budget_and_writes_nothing(counting: Api) -> None:
    answers = [await counting.get("lan", "/v1/me") for _ in range(5)]
    most = TABLE["caller"].most
    assert [answer.headers["ratelimit"].partition(";t=")[0] for answer in answers] == [
        f'"caller";r={most - n}' for n in range(1, 6)
    ]
    windows = await counting.parts.db[COLLECTION].find().to_list()
    assert [row["count"] for row in windows] == [TABLE["caller"].leased]


async def test_who_tries_bad_tokens_spends_a_visitors_budget(counting: Api) -> None:
    refused = await counting.get("", "/v1/me", headers={"authorization": "Bearer nonsense"})
    assert_problem(refused, 401, "token_invalid")
    assert refused.headers["ratelimit"].startswith(f'"visitor";r={TABLE["visitor"].most - 1};')


@pytest.mark.proves("SEC-64")
async def test_a_spoofed_address_is_no_way_out(counting: Api) -> None:
    spoofed = [
        {"x-forwarded-for": f"198.51.100.{n}", "forwarded": f"for=198.51.100.{n}"} for n in range(TABLE["authorize"].most + 1)
    ]
    answers = [await counting.get("", "/oauth/authorize?client_id=nobody", headers=headers) for headers in spoofed]
    assert {answer.status_code for answer in answers[:-1]} == {400}
    assert answers[-1].status_code == 429
    # A browser is told on a page.
    assert answers[-1].headers["content-type"].startswith("text/html")
    assert int(answers[-1].headers["retry-after"]) > 60


async def test_health_is_asked_without_end(counting: Api) -> None:
    answers = [await counting.get("", "/health/live") for _ in range(30)]
    assert all("ratelimit" not in answer.headers for answer in answers)
    assert await counting.parts.db[COLLECTION].count_documents({}) == 0


@contextmanager
def another_process(parts: Parts) -> Iterator[str]:
    """The API over the same database in a process of its own; answers its address."""
    settings = parts.settings
    named = {
        "MOTCUA_MONGODB_URI": settings.mongodb_uri,
        "MOTCUA_DATABASE": settings.database,
        "MOTCUA_PUBLIC_URL": settings.public_url,
        "MOTCUA_CLIENTS_FILE": str(settings.clients_file),
        "MOTCUA_LOG_LEVEL": "ERROR",
    }
    with bound_socket() as sock:
        command = [
            sys.executable,
            "-m",
            "uvicorn",
            "--factory",
            "--fd",
            str(sock.fileno()),
            "--no-proxy-headers",
            "--no-access-log",
        ]
        child = subprocess.Popen(
            [*command, "backend.app.serving:app_from_environment"], env={**os.environ, **named}, pass_fds=[sock.fileno()]
        )
        try:
            yield url_of(sock)
        finally:
            child.terminate()
            child.wait(10)


@pytest.mark.proves("R-C12", "SEC-63")
async def test_two_processes_share_one_count(counting: Api) -> None:
    most = TABLE["token"].most
    with another_process(counting.parts) as one, another_process(counting.parts) as two:
        async with httpx2.AsyncClient(base_url=one, timeout=30) as first, httpx2.AsyncClient(base_url=two, timeout=30) as second:

            async def alive() -> bool:
                try:
                    return all([(await http.get("/health/live")).status_code == 200 for http in (first, second)])
                except httpx2.TransportError:
                    return False

            await until(alive)
            asked = [http.post("/oauth/token", data={"grant_type": "x"}) for _ in range(most) for http in (first, second)]
            statuses = [answer.status_code for answer in await asyncio.gather(*asked)]
    assert (statuses.count(400), statuses.count(429)) == (most, most)
