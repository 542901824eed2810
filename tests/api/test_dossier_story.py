"""One dossier from the counter to the result, over Tết: papers missing, supplied, late, apologised for; explained at each step."""

from datetime import datetime, timedelta
from typing import Any

from backend.dossiers.documents import Dossier
from kernel.clock import VIETNAM
from tests.api.test_new_dates import extend, reminded
from tests.api.test_papers import words
from tests.api.test_staff_dossiers import taken_in
from tests.api.test_supplements import ITEMS, step, supply, upload
from tests.support.api import Api

REASON = "Thiếu bản sao giấy tờ tùy thân"


async def at(api: Api, when: str) -> None:
    """Let it be this moment; who was signed in signs in anew."""
    clock = api.parts.clock
    clock.advance(datetime.fromisoformat(when).replace(tzinfo=VIETNAM) - clock.now())  # type: ignore[attr-defined]
    api.sign_everybody_out()


async def explained(api: Api, dossier_id: str) -> dict[str, Any]:
    """What the citizen reads; the date is the one that is stored."""
    found = (await api.get("lan", f"/v1/dossiers/{dossier_id}/deadline")).json()
    stored = await Dossier.get(dossier_id)
    assert stored
    assert ("dueAt" in found) == (stored.due_at is not None)
    if stored.due_at:
        assert datetime.fromisoformat(found["dueAt"]) == stored.due_at
    return dict(found)


async def test_over_tet_from_the_counter_to_the_result(api: Api) -> None:
    await at(api, "2027-02-01T09:00")
    made = (await api.call("hoa", "POST", "/v1/staff/dossiers", json=taken_in())).json()
    dossier_id = made["id"]
    promised = await explained(api, dossier_id)
    assert (promised["source"], promised["term"]["amount"]) == ("counted", 20)
    assert promised["remaining"]["text"] == "còn 20 ngày làm việc"

    await at(api, "2027-02-03T07:00")
    await step(api, dossier_id, "hoa", "request_papers", reason=REASON, items=ITEMS)
    waiting = await explained(api, dossier_id)
    assert waiting["remaining"]["text"] == "còn 19 ngày làm việc"
    assert waiting["pauses"][0]["status"]["name"] == "awaiting_papers"

    await at(api, "2027-02-22T07:00")
    sent = await supply(api, dossier_id, 1, {1: [await upload(api)], 2: [await upload(api)]})
    assert sent.json()["status"]["name"] == "processing"
    going_on = await explained(api, dossier_id)
    assert going_on["remaining"]["text"] == "còn 19 ngày làm việc", "the pause cost nothing"
    assert any(day["kind"] == "holiday" for day in going_on["days"]), "Tết is told of"
    assert sum(day["counted"] == "PT8H" for day in going_on["days"]) == 20

    due = datetime.fromisoformat(going_on["dueAt"])
    await at(api, (due.astimezone(VIETNAM) + timedelta(hours=1)).replace(tzinfo=None).isoformat())
    late = await explained(api, dossier_id)
    assert (late["overdue"], late["remaining"]["text"]) == (True, "hết thời hạn")
    await reminded(api, api.parts.clock.now())
    reminders = (await api.get("minh", "/v1/staff/reminders")).json()["items"]
    assert "overdue" in {item["kind"] for item in reminders}

    assert (await extend(api, dossier_id)).status_code == 201
    again = await explained(api, dossier_id)
    assert (again["overdue"], len(again["extensions"])) == (False, 1)
    assert again["extensions"][0]["document"] in "12/TB-TTPVHCC"
    assert (await api.publish("minh", dossier_id)).status_code == 201
    done = await explained(api, dossier_id)
    assert "remaining" not in done

    papers = f"/v1/dossiers/{dossier_id}/documents"
    assert [one["number"] for one in (await api.get("lan", papers)).json()["items"]] == ["01", "02-1", "04-1", "06"]
    assert f"{due.astimezone(VIETNAM):%d/%m/%Y}" in await words(api, "lan", f"{papers}/04-1")
    assert made["code"] in await words(api, "lan", f"{papers}/01")
