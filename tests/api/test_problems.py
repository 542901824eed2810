"""What every answer has in common: a trace id, the reader's language, no inner life, and nothing for foreign browser pages."""

import logging
from typing import Any

import pytest
from pymongo.errors import ServerSelectionTimeoutError

from backend.dossiers import queries
from kernel.ids import new_id
from tests.support.api import Api, assert_problem
from tests.support.parts import ORIGIN

INNER_LIFE = "db7.inner.example:27017 /srv/motcua/queries.py"


async def test_every_answer_has_a_trace_id_of_its_own(api: Api) -> None:
    answers = [await api.get(who, path) for who in ("", "lan") for path in ("/health/live", "/v1/dossiers", "/nowhere", "/v1/me")]
    ids = [answer.headers["x-trace-id"] for answer in answers]
    assert len(set(ids)) == len(answers)
    assert all(ids)


async def test_the_callers_trace_goes_on(api: Api) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    answer = await api.get("", "/v1/dossiers", headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01"})
    assert assert_problem(answer, 401, "unauthenticated")["traceId"] == trace


@pytest.mark.parametrize("given", ["", "x", "00-short-00f067aa0ba902b7-01", f"00-{'Z' * 32}-{'0' * 16}-01", "00-" + "0" * 5_000])
async def test_a_trace_that_is_none_is_replaced(api: Api, given: str) -> None:
    answer = await api.get("", "/health/live", headers={"traceparent": given})
    assert answer.headers["x-trace-id"] not in ("", given)


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        (None, "vi"),
        ("vi", "vi"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("vi;q=0.5,en;q=0.8", "en"),
        ("km", "km"),
        ("fr,km;q=0.5", "km"),
        ("*", "vi"),
    ],
)
async def test_a_problem_is_told_in_the_readers_language_and_its_code_in_none(api: Api, asked: str | None, language: str) -> None:
    headers = {"accept-language": asked} if asked else {}
    answer = await api.get("lan", f"/v1/dossiers/{new_id()}", headers=headers)
    problem = assert_problem(answer, 404, "dossier_not_found")
    words = {"vi": "Không tìm thấy hồ sơ.", "en": "There is no such dossier that you may see.", "km": "រកមិនឃើញសំណុំឯកសារទេ។"}
    detail = words[language]
    assert (problem["detail"], answer.headers["content-language"]) == (detail, language)


def fails_with(error: Exception) -> Any:
    async def failing(*_: Any, **__: Any) -> None:
        raise error

    return failing


@pytest.mark.proves("SEC-55")
async def test_what_breaks_inside_stays_inside(
    api: Api, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(queries, "page_of_dossiers", fails_with(RuntimeError(INNER_LIFE)))
    with caplog.at_level(logging.ERROR):
        answer = await api.get("lan", "/v1/dossiers")
    assert_problem(answer, 500, "internal_error")
    assert "inner" not in answer.text
    assert "Traceback" not in answer.text
    printed = capsys.readouterr()
    assert INNER_LIFE in printed.out + printed.err + caplog.text, "the cause belongs in the log"


@pytest.mark.proves("SEC-55")
async def test_a_database_that_does_not_answer_is_a_pause_and_no_riddle(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "page_of_dossiers", fails_with(ServerSelectionTimeoutError(INNER_LIFE)))
    answer = await api.get("lan", "/v1/dossiers")
    assert_problem(answer, 503, "unavailable")
    assert int(answer.headers["retry-after"]) > 0
    assert "inner" not in answer.text


async def preflight(api: Api, origin: str, path: str = "/v1/dossiers") -> Any:
    asked = {"origin": origin, "access-control-request-method": "GET", "access-control-request-headers": "authorization"}
    return await api.call("", "OPTIONS", path, headers=asked)


async def test_a_browser_app_of_ours_may_ask_and_read(api: Api) -> None:
    answer = await preflight(api, ORIGIN)
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert "authorization" in answer.headers["access-control-allow-headers"].lower()
    read = await api.get("lan", "/v1/dossiers", headers={"origin": ORIGIN})
    assert read.headers["access-control-allow-origin"] == ORIGIN
    assert "x-trace-id" in read.headers["access-control-expose-headers"].lower()


async def test_a_browser_app_of_ours_can_read_what_went_wrong(api: Api) -> None:
    answer = await api.get("", "/v1/dossiers", headers={"origin": ORIGIN})
    assert_problem(answer, 401, "unauthenticated")
    assert answer.headers["access-control-allow-origin"] == ORIGIN


@pytest.mark.parametrize("origin", ["https://evil.example", "https://app.example.evil.example", "http://app.example", "null"])
async def test_a_foreign_page_may_not(api: Api, origin: str) -> None:
    answer = await preflight(api, origin)
    assert "access-control-allow-origin" not in answer.headers
    read = await api.get("lan", "/v1/dossiers", headers={"origin": origin})
    assert "access-control-allow-origin" not in read.headers
    assert "access-control-allow-credentials" not in read.headers


async def test_an_address_names_all_the_methods_it_takes(api: Api) -> None:
    answer = await api.call("lan", "OPTIONS", "/v1/me/erasure-requests")
    assert answer.headers["allow"] == "GET, OPTIONS, POST"
