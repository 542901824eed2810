"""How a citizen wants to be told: read with its version, changed by merge patch, never over a change one has not seen."""

import asyncio
from typing import Any

import httpx2
import pytest

from kernel.http.preconditions import version_of
from tests.support.api import Api, assert_problem

PATH = "/v1/me/preferences"
PATCH = "application/merge-patch+json"


async def choose(
    api: Api, change: dict[str, Any], etag: str | None = '"0"', who: str = "lan", kind: str = PATCH
) -> httpx2.Response:
    headers = {"content-type": kind, **({"if-match": etag} if etag else {})}
    return await api.call(who, "PATCH", PATH, json=change, headers=headers)


async def test_who_chose_nothing_has_everything_as_it_comes(api: Api) -> None:
    answer = await api.get("lan", PATH)
    assert (answer.status_code, version_of(answer.headers["etag"])) == (200, 0)
    assert answer.json() == {
        "language": "vi",
        "detail": "full",
        "quietHours": {"on": True, "begins": "21:00", "ends": "07:00"},
        "muted": {"push": [], "fallback": []},
        "fallback": ["email", "zalo", "sms"],
        "categories": answer.json()["categories"],
        "mandatory": ["account", "action_required", "result_ready"],
        "version": 0,
    }
    assert {"dossier", "action_required", "result_ready"} <= set(answer.json()["categories"])


@pytest.mark.proves("R-A3")
async def test_a_patch_changes_what_it_names_and_null_brings_back_what_there_was(api: Api) -> None:
    first = await choose(api, {"language": "km", "quietHours": {"begins": "22:30"}, "muted": {"push": ["dossier"]}})
    assert (first.status_code, first.headers["etag"]) == (200, '"1"')
    assert first.json()["quietHours"] == {"on": True, "begins": "22:30", "ends": "07:00"}
    second = await choose(api, {"quietHours": None, "detail": "anonymous"}, '"1"')
    assert second.headers["etag"] == '"2"'
    assert (second.json()["quietHours"]["begins"], second.json()["language"]) == ("21:00", "km")
    assert (second.json()["muted"], second.json()["detail"]) == ({"push": ["dossier"], "fallback": []}, "anonymous")
    assert (await api.get("lan", PATH)).json() == second.json()
    assert (await api.get("nam", PATH)).json()["version"] == 0


@pytest.mark.proves("R-A3", "SEC-54")
async def test_a_change_has_to_say_what_it_changes(api: Api) -> None:
    assert_problem(await choose(api, {"language": "en"}, None), 428, "precondition_required")
    await choose(api, {"language": "en"})
    stale = await choose(api, {"language": "km"})
    assert_problem(stale, 412, "precondition_failed")
    assert stale.headers["etag"] == '"1"'
    assert_problem(await choose(api, {"language": "km"}, 'W/"1"'), 412, "precondition_failed")
    assert_problem(await choose(api, {"language": "km"}, "1"), 400, "if_match_malformed")
    assert (await choose(api, {"language": "km"}, '"7", "1-vi-br"')).status_code == 200
    assert (await choose(api, {"language": "en"}, "*")).status_code == 200


@pytest.mark.proves("R-A3", "SEC-54")
async def test_of_two_phones_that_choose_at_once_one_has_to_look_again(api: Api) -> None:
    for etag in ('"0"', '"1"'):
        answers = await asyncio.gather(*(choose(api, {"language": language}, etag) for language in ("vi", "en", "km") * 3))
        assert sorted(answer.status_code for answer in answers) == [200, *[412] * 8]
        present = version_of((await api.get("lan", PATH)).headers["etag"])
        assert {version_of(answer.headers["etag"]) for answer in answers} == {present}


@pytest.mark.proves("R-A3")
@pytest.mark.parametrize("kind", ["application/json", "application/json-patch+json", "text/plain"])
async def test_a_patch_of_another_kind_is_told_which_kind_is_right(api: Api, kind: str) -> None:
    answer = await choose(api, {"language": "en"}, kind=kind)
    assert_problem(answer, 415, "unsupported_media_type")
    assert answer.headers["accept-patch"] == PATCH


async def test_a_patch_is_no_json_for_a_route_that_takes_json(api: Api) -> None:
    headers = {"content-type": PATCH}
    answer = await api.call("lan", "PUT", "/v1/me/consents/foreign_push", json={}, headers=headers)
    assert_problem(answer, 415, "unsupported_media_type")
    assert "accept-patch" not in answer.headers


@pytest.mark.proves("R-A3", "SEC-50")
@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"colour": "red"}, "/colour", "unknown_field"),
        ({"quietHours": {"from": "21:00"}}, "/quietHours/from", "unknown_field"),
        ({"quietHours": {"a/b~c": 1}}, "/quietHours/a~1b~0c", "unknown_field"),
        ({"quietHours": {"begins": "24:00"}}, "/quietHours/begins", "invalid"),
        ({"muted": {"push": ["dossier", "weather"]}}, "/muted/push/1", "invalid"),
        ({"language": "fr"}, "/language", "invalid"),
    ],
)
async def test_what_a_patch_cannot_mean_is_told_with_its_place(api: Api, change: dict[str, Any], pointer: str, code: str) -> None:
    problem = assert_problem(await choose(api, change), 400, "invalid")
    assert [(error["pointer"], error["code"]) for error in problem["errors"]] == [(pointer, code)]
    assert (await api.get("lan", PATH)).json()["version"] == 0


@pytest.mark.proves("I29")
async def test_what_has_to_be_read_cannot_be_muted(api: Api) -> None:
    problem = assert_problem(await choose(api, {"muted": {"push": ["dossier", "result_ready"]}}), 422, "must_be_read")
    assert [error["pointer"] for error in problem["errors"]] == ["/muted/push/1"]
