"""What others see of a report: near by, on the map, and what comes of what they follow. Never who sent it."""

from datetime import timedelta
from typing import Any

import pytest

from backend.app.worker import make_relay
from tests.support.api import Api, assert_problem
from tests.support.callers import NAMES, NUMBERS
from tests.support.reports import AT_A_PLACE, ENOUGH, NO_PICTURE, PHONES, a_report, citizen, in_state, posted, send, staff, told

HERE = {"lat": 9.17690, "lon": 105.15250}
WORDS = "Đèn đường trước nhà văn hóa không sáng."


async def near(api: Api, who: str = "nam", **change: Any) -> list[dict[str, Any]]:
    answer = await api.call(who, "POST", "/v1/feedback/nearby", json={**HERE, **change})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def published(api: Api, report: str, text: str = WORDS, who: str = "hoa") -> None:
    answer = await api.call(who, "PUT", f"/v1/staff/feedback/{report}/public", json={"publicText": text})
    assert answer.status_code == 200, answer.text
    assert answer.json()["publicText"] == text


async def the_map(api: Api, **query: Any) -> list[dict[str, Any]]:
    answer = await api.get("", "/v1/feedback/map", params=query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["features"])


async def test_an_open_report_near_by_is_offered_without_anything_of_who_sent_it(api: Api) -> None:
    report = await send(api, **AT_A_PLACE)
    await send(api, **{**AT_A_PLACE, "place": {"lat": 9.3, "lon": 105.15242}})
    await send(api)
    [seen] = await near(api)
    assert seen["id"] == report
    assert (seen["mine"], seen["following"], seen["followers"]) == (False, False, 0)
    # The middle of what is known of it, about a hundred metres: the street, not the house.
    assert (seen["lat"], seen["lon"]) == (9.177, 105.152)
    assert 0 <= seen["distanceM"] <= 150
    assert "text" not in seen, "what a citizen wrote is nobody's to read before an officer has put it into words"
    [own] = await near(api, "lan")
    assert own["mine"] is True


async def test_the_nearest_comes_first_and_a_category_narrows_it(api: Api) -> None:
    far = await send(api, **{**AT_A_PLACE, "place": {"lat": 9.1790, "lon": 105.1524}})
    close = await send(api, **AT_A_PLACE, category="water")
    assert [one["id"] for one in await near(api, radiusM=1_000)] == [close, far]
    assert [one["id"] for one in await near(api, radiusM=1_000, category="power_lighting")] == [far]
    assert [one["id"] for one in await near(api, radiusM=50, lat=9.2)] == []


async def test_what_is_about_people_or_over_is_offered_to_nobody(api: Api) -> None:
    delicate = await in_state(api, "received", **AT_A_PLACE, category="law_violation")
    await in_state(api, "answered", **AT_A_PLACE)
    assert await near(api) == []
    refused = await api.call("nam", "PUT", f"/v1/feedback/{delicate}/follow")
    assert_problem(refused, 404, "feedback_not_found")


async def test_me_too_is_told_what_was_answered_and_reads_it(api: Api) -> None:
    report = await in_state(api, "in_progress", **AT_A_PLACE)
    for _ in range(2):
        followed = await api.call("nam", "PUT", f"/v1/feedback/{report}/follow")
        assert (followed.json()["following"], followed.json()["followers"]) == (True, 1)
    assert (await staff(api, "hoa", report, "answer", publicText=ENOUGH, whyNoPicture=NO_PICTURE)).status_code == 200
    await make_relay(api.parts).drain()
    assert ("feedback.answered", "/feedback/followed") in (await told(api, "nam")).values()
    [seen] = (await api.get("nam", "/v1/feedback/followed")).json()["items"]
    assert (seen["id"], seen["state"]["name"], seen["answer"]) == (report, "answered", ENOUGH)
    assert (await api.get("nam", f"/v1/feedback/{report}")).status_code == 404, "it is not theirs"
    assert (await api.call("nam", "DELETE", f"/v1/feedback/{report}/follow")).status_code == 204
    assert (await api.get("nam", "/v1/feedback/followed")).json()["items"] == []


async def test_to_follow_ones_own_changes_nothing(api: Api) -> None:
    report = await send(api, **AT_A_PLACE)
    own = await api.call("lan", "PUT", f"/v1/feedback/{report}/follow")
    assert (own.json()["mine"], own.json()["followers"]) == (True, 0)


async def test_the_map_shows_what_an_officer_has_put_into_words_and_nothing_else(api: Api) -> None:
    report = await in_state(api, "assigned", **AT_A_PLACE)
    await send(api, **AT_A_PLACE)
    assert await the_map(api) == []
    await published(api, report)
    [feature] = await the_map(api)
    assert (feature["geometry"], feature["properties"]["text"]) == ({"type": "Point", "coordinates": [105.152, 9.177]}, WORDS)
    everything = (await api.get("", "/v1/feedback/map")).text
    for word in (NAMES["lan"], NUMBERS["lan"], PHONES["lan"], a_report()["text"], a_report()["landmark"]):
        assert word not in everything
    [seen] = [one for one in await near(api) if one["id"] == report]
    assert seen["text"] == WORDS


async def test_the_map_of_a_part_of_the_province_and_of_some_days(api: Api) -> None:
    report = await in_state(api, "assigned", **AT_A_PLACE)
    await published(api, report)
    assert len(await the_map(api, bbox="105.1,9.1,105.2,9.2")) == 1
    assert await the_map(api, bbox="105.2,9.1,105.3,9.2") == []
    old = api.parts.clock.now() - timedelta(days=40)
    await api.parts.db["feedback"].update_one({"_id": report}, {"$set": {"received_at": old}})
    assert await the_map(api, days=30) == []
    assert len(await the_map(api, days=50)) == 1


@pytest.mark.parametrize("box", ["1,2,3", "a,b,c,d", "106,9,105,10", "105,10,106,9", "105,9,106,91", "nan,9,106,10"])
async def test_a_box_that_is_none_is_refused(api: Api, box: str) -> None:
    assert_problem(await api.get("", "/v1/feedback/map", params={"bbox": box}), 400, "box_malformed")


async def test_what_is_no_longer_public_is_on_no_map(api: Api) -> None:
    report = await in_state(api, "assigned", **AT_A_PLACE)
    await published(api, report)
    gone = await api.call("hoa", "DELETE", f"/v1/staff/feedback/{report}/public")
    assert "publicText" not in gone.json()
    assert await the_map(api) == []
    again = await in_state(api, "received", **AT_A_PLACE)
    await published(api, again, who="minh")
    assert (await citizen(api, "lan", again, "withdraw")).status_code == 200
    assert await the_map(api) == []
    turned_away = await in_state(api, "classified", **AT_A_PLACE)
    await published(api, turned_away, who="minh")
    rejected = await staff(api, "minh", turned_away, "reject", reason="outside_the_province", publicText=ENOUGH)
    assert rejected.status_code == 200, rejected.text
    assert await the_map(api) == [], "whoever ended it"
    refused = await api.call("minh", "PUT", f"/v1/staff/feedback/{again}/public", json={"publicText": WORDS})
    assert_problem(refused, 409, "not_for_the_public")


async def test_the_original_stays_with_the_office_and_the_act_is_on_record(api: Api) -> None:
    report = await in_state(api, "assigned", **AT_A_PLACE)
    await published(api, report)
    whole = (await api.get("hoa", f"/v1/staff/feedback/{report}")).json()
    assert whole["text"] == a_report()["text"]
    rows = await api.parts.audit.trail.records.find({"object": f"feedback:{report}"}).to_list()
    assert [row["action"] for row in rows if "public.text" in str(row)] == ["feedback.published"]


async def test_a_report_without_a_place_is_taken_and_shown_to_no_neighbour(api: Api) -> None:
    answer = await posted(api, "lan", a_report())
    assert answer.status_code == 201
    assert await near(api) == []
