"""A citizen says how it went with their dossier: once it has ended, and to be thought over for a week."""

from datetime import timedelta
from typing import Any, cast

import httpx2
import pytest

from kernel.clock import TestClock
from tests.support.api import Api, assert_problem
from tests.support.feed import ago, event, new_code

WEEK = timedelta(days=7)
GLAD = {"stars": 5, "reasons": ["on_time", "from_home", "on_time"], "text": "  Nhanh\u200b, không phải đi lại "}


async def rated(api: Api, dossier: str, body: dict[str, Any] | None = None, who: str = "lan", **headers: str) -> httpx2.Response:
    sent = GLAD if body is None else body
    return await api.call(who, "PUT", f"/v1/dossiers/{dossier}/rating", json=sent, headers={"accept-language": "en", **headers})


@pytest.mark.parametrize("status", ["finished", "returned", "stopped", "not_accepted"])
async def test_what_has_ended_is_rated_by_its_citizen_and_seen_by_its_office(api: Api, status: str) -> None:
    dossier = await api.told(event(new_code(), status))
    before = (await api.get("lan", f"/v1/dossiers/{dossier}")).json()
    assert (before["mayRate"], "rating" in before) == (True, False)
    answer = (await rated(api, dossier)).json()
    shown = answer["rating"]
    assert (shown["stars"], [reason["code"] for reason in shown["reasons"]]) == (5, ["on_time", "from_home"])
    assert shown["reasons"][1]["label"] == "Done from home"
    assert shown["text"] == "Nhanh, không phải đi lại"
    purpose = {"x-access-purpose": "dossier_handling"}
    assert (await api.get("hoa", f"/v1/staff/dossiers/{dossier}", headers=purpose)).json()["rating"]["stars"] == 5


async def test_what_still_goes_on_is_not_rated(api: Api) -> None:
    dossier = await api.told(event(new_code(), "processing"))
    assert (await api.get("lan", f"/v1/dossiers/{dossier}")).json()["mayRate"] is False
    assert_problem(await rated(api, dossier), 409, "dossier_not_over")


async def test_another_rating_takes_its_place_for_a_week_and_the_week_does_not_begin_anew(api: Api) -> None:
    dossier = await api.told(event(new_code(), "finished"))
    first = (await rated(api, dossier)).json()["rating"]
    clock = cast("TestClock", api.parts.clock)
    clock.advance(WEEK)
    api.sign_everybody_out()
    second = (await rated(api, dossier, {"stars": 2})).json()["rating"]
    assert (second["stars"], second["reasons"], "text" in second) == (2, [], False)
    assert (second["at"], second["editableUntil"]) == (first["at"], first["editableUntil"])
    clock.advance(timedelta(seconds=1))
    assert_problem(await rated(api, dossier, {"stars": 5}), 409, "rating_closed")
    assert (await api.get("lan", f"/v1/dossiers/{dossier}")).json()["rating"]["stars"] == 2


async def test_a_rating_meant_for_an_older_version_changes_nothing(api: Api) -> None:
    code = new_code()
    dossier = await api.told(event(code, "finished", ago(minutes=2)))
    version = (await api.get("lan", f"/v1/dossiers/{dossier}")).json()["version"]
    await api.tell(event(code, "returned", ago(minutes=1)))
    refused = await rated(api, dossier, **{"if-match": f'"{version}"'})
    assert_problem(refused, 412, "precondition_failed")
    assert "rating" not in (await api.get("lan", f"/v1/dossiers/{dossier}")).json()


@pytest.mark.proves("SEC-72")
async def test_the_words_are_sealed_and_told_to_their_citizen(api: Api) -> None:
    dossier = await api.told(event(new_code(), "finished"))
    await rated(api, dossier)
    row = await api.parts.db["dossiers"].find_one({"_id": dossier})
    assert row
    assert "Nhanh" not in str(row["rating"])
    assert row["rating"]["stars"] == 5


@pytest.mark.parametrize(
    "body", [{"stars": 0}, {"stars": 6}, {}, {"stars": 3, "reasons": ["nonsense"]}, {"stars": 3, "text": "x" * 1_001}]
)
async def test_a_rating_that_makes_no_sense_is_refused(api: Api, body: dict[str, Any]) -> None:
    assert_problem(await rated(api, await api.told(event(new_code(), "finished")), body), 400, "invalid")
