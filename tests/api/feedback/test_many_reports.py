"""Many reports moved at once: each for itself, each on record, none twice."""

from tests.support.api import Api, assert_problem
from tests.support.officials import CENTRE
from tests.support.reports import in_state, keyed, send


async def test_each_has_its_own_outcome_and_stops_none_of_the_others(api: Api) -> None:
    ready = [await in_state(api, "classified") for _ in range(2)]
    over = await in_state(api, "answered")
    body = {"ids": [ready[0], "unheard-of", over, ready[1], ready[0]], "step": "assign", "agency": CENTRE}
    answer = await api.call("minh", "POST", "/v1/staff/feedback/bulk", json=body)
    items = answer.json()["items"]
    assert [item["id"] for item in items] == [ready[0], "unheard-of", over, ready[1]]
    assert [item.get("state", item.get("code")) for item in items] == [
        "assigned",
        "feedback_not_found",
        "move_not_allowed",
        "assigned",
    ]
    records = api.parts.audit.trail.records
    for report in ready:
        assert await records.count_documents(
            {"object": f"feedback:{report}", "action": "feedback.moved", "actor": {"$exists": True}}
        )


async def test_sent_again_nothing_is_moved_twice(api: Api) -> None:
    report = await in_state(api, "classified")
    body, key = {"ids": [report], "step": "assign", "agency": CENTRE}, keyed()
    first = await api.call("minh", "POST", "/v1/staff/feedback/bulk", json=body, headers=key)
    again = await api.call("minh", "POST", "/v1/staff/feedback/bulk", json=body, headers=key)
    assert again.json() == first.json()
    whole = (await api.get("minh", f"/v1/staff/feedback/{report}")).json()
    assert [step["state"]["name"] for step in whole["timeline"]].count("assigned") == 1


async def test_only_the_desk_moves_many_and_no_more_than_a_hundred(api: Api) -> None:
    report = await send(api)
    body = {"ids": [report], "step": "classify", "urgency": "urgent"}
    assert_problem(await api.call("hoa", "POST", "/v1/staff/feedback/bulk", json=body), 403, "role_missing")
    many = {**body, "ids": [str(n) for n in range(101)]}
    assert_problem(await api.call("minh", "POST", "/v1/staff/feedback/bulk", json=many), 400, "invalid")
