"""The inbox and the phone over the API."""

from datetime import timedelta

import pytest

from backend.app.worker import make_relay
from notifications.documents import PushTarget
from tests.support.api import Api, assert_problem
from tests.support.feed import event, new_code

TARGET = {"platform": "ios", "target": {"kind": "fid", "value": "an-address-of-firebase"}, "locale": "vi", "appVersion": "1.2.3"}
INSTALLATION = "installation-of-one-phone"


async def notified(api: Api, *statuses: str, whose: str = "lan") -> None:
    """As many notices as statuses, each of a dossier of its own."""
    for status in statuses:
        await api.told(event(new_code(), status, whose=whose))
        await make_relay(api.parts).drain()
        api.parts.clock.advance(timedelta(milliseconds=5))  # type: ignore[attr-defined]


async def test_what_a_citizen_was_told_is_there_newest_first_in_their_language(api: Api) -> None:
    await notified(api, "accepted", "finished")
    vi = (await api.get("lan", "/v1/inbox")).json()
    en = (await api.get("lan", "/v1/inbox", headers={"accept-language": "en"})).json()
    assert [item["message"] for item in vi["items"]] == ["dossier.result_ready", "dossier.accepted"]
    assert (vi["items"][0]["title"], en["items"][0]["title"]) == ("Đã có kết quả hồ sơ", "Your result is ready")
    assert "H12.13-260615-" in vi["items"][0]["body"]
    assert (vi["unreadCount"], "nextCursor" in vi, "readAt" in vi["items"][0]) == (2, False, False)
    dossier = (await api.get("lan", "/v1" + vi["items"][0]["link"])).json()
    assert dossier["status"]["name"] == "finished"


async def test_read_once_it_stays_read_from_then_until_it_is_unread_again(api: Api) -> None:
    await notified(api, "accepted")
    [item] = (await api.get("lan", "/v1/inbox")).json()["items"]
    path = f"/v1/inbox/{item['id']}/read"
    first = (await api.call("lan", "PUT", path)).json()
    api.parts.clock.advance(timedelta(seconds=1))  # type: ignore[attr-defined]
    assert (await api.call("lan", "PUT", path)).json()["readAt"] == first["readAt"]
    assert (await api.get("lan", "/v1/inbox")).json()["unreadCount"] == 0
    assert "readAt" not in (await api.call("lan", "DELETE", path)).json()
    assert (await api.get("lan", "/v1/inbox")).json()["unreadCount"] == 1


@pytest.mark.proves("SEC-43")
async def test_another_citizens_notice_does_not_exist(api: Api) -> None:
    await notified(api, "accepted")
    [item] = (await api.get("lan", "/v1/inbox")).json()["items"]
    assert (await api.get("nam", "/v1/inbox")).json()["items"] == []
    for method in ("PUT", "DELETE"):
        assert_problem(await api.call("nam", method, f"/v1/inbox/{item['id']}/read"), 404, "inbox_item_not_found")
    assert "readAt" not in (await api.get("lan", "/v1/inbox")).json()["items"][0]


async def test_a_phone_registers_refreshes_and_leaves(api: Api) -> None:
    path = f"/v1/push-targets/{INSTALLATION}"
    made = await api.call("lan", "PUT", path, json=TARGET)
    assert made.status_code == 200, made.text
    assert (made.json()["installationId"], made.json()["platform"]) == (INSTALLATION, "ios")
    assert "an-address-of-firebase" not in made.text
    again = (await api.call("lan", "PUT", path, json=TARGET)).json()
    assert again["registeredAt"] == made.json()["registeredAt"]
    assert_problem(await api.call("nam", "DELETE", path), 404, "push_target_not_found")
    assert (await api.call("lan", "DELETE", path)).status_code == 204
    assert_problem(await api.call("lan", "DELETE", path), 404, "push_target_not_found")


@pytest.mark.proves("I16")
async def test_a_phone_that_changes_hands_belongs_to_the_last(api: Api) -> None:
    for who in ("lan", "nam"):
        assert (await api.call(who, "PUT", f"/v1/push-targets/{INSTALLATION}", json=TARGET)).status_code == 200
    await notified(api, "finished")
    assert await api.parts.db["deliveries"].count_documents({}) == 0
    device = await PushTarget.get(INSTALLATION)
    assert device
    assert device.recipient == await api.parts.subjects.of("096099000002")


@pytest.mark.parametrize("installation", ["short", "a" * 65, "with space in it.....", "dollar$dollar$dollar$"])
async def test_an_installation_has_an_id_nobody_guesses(api: Api, installation: str) -> None:
    assert_problem(await api.call("lan", "PUT", f"/v1/push-targets/{installation}", json=TARGET), 400, "invalid")


@pytest.mark.parametrize(
    "change",
    [
        {"platform": "toaster"},
        {"target": {"kind": "email", "value": "a" * 10}},
        {"target": {"kind": "fid", "value": "short"}},
        {"locale": "x" * 17},
    ],
)
async def test_a_target_that_cannot_be_is_refused(api: Api, change: dict[str, object]) -> None:
    answer = await api.call("lan", "PUT", f"/v1/push-targets/{INSTALLATION}", json={**TARGET, **change})
    assert_problem(answer, 400, "invalid")


@pytest.mark.proves("I33")
async def test_a_phone_reports_what_it_showed_and_only_its_own(api: Api) -> None:
    await api.call("lan", "PUT", f"/v1/push-targets/{INSTALLATION}", json=TARGET)
    await notified(api, "finished")
    [item] = (await api.get("lan", "/v1/inbox")).json()["items"]
    shown = {"noticeId": item["id"], "installationId": INSTALLATION, "stage": "displayed", "at": "2026-07-01T08:00:00+07:00"}
    unknown = {**shown, "noticeId": "another"}
    for _ in range(2):
        assert (await api.call("lan", "POST", "/v1/receipts", json={"receipts": [shown, unknown]})).json() == {"known": 1}
    assert (await api.call("nam", "POST", "/v1/receipts", json={"receipts": [shown]})).json() == {"known": 0}
    delivery = await api.parts.db["deliveries"].find_one({})
    assert delivery
    assert delivery["seen"]["level"] == 2
    for wrong in ([], [{**shown, "stage": "sold"}], [{**shown, "at": "2026-07-01T08:00:00"}], [shown] * 101):
        assert (await api.call("lan", "POST", "/v1/receipts", json={"receipts": wrong})).status_code == 400
