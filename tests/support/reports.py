"""Reports as citizens send them and staff move them, along the real way."""

import uuid
from datetime import timedelta
from typing import Any, cast

import httpx2

from backend.dev.paper import one_page_pdf
from backend.feedback import code as codes
from backend.privacy.purposes import PURPOSES
from kernel.clock import TestClock
from tests.support.api import Api
from tests.support.callers import NAMES
from tests.support.officials import CENTRE
from tests.support.tus import uploaded

PHONES = {"lan": "0912 000 001", "nam": "0912 000 002"}
AN_XUYEN = "32002"
ENOUGH = "Đã thay bóng đèn mới lúc 9 giờ sáng, đèn sáng bình thường."
NO_PICTURE = "Trời mưa lớn nên chưa chụp được ảnh"
QUESTION = "Anh chị cho biết cột đèn số mấy trên đường này?"


def ahead(api: Api, **how_far: float) -> None:
    """Time passes; access tokens do not live as long as reports, so everybody gets another one."""
    cast("TestClock", api.parts.clock).advance(timedelta(**how_far))
    api.sign_everybody_out()


def uuid7() -> str:
    """A UUID of version 7, as a phone makes one."""
    bits = uuid.uuid4().int & ~(0xF << 76) | (7 << 76)
    return str(uuid.UUID(int=bits))


def a_report(who: str = "lan", **change: Any) -> dict[str, Any]:
    """A right body; `change` replaces fields, and None leaves one out."""
    usual = {
        "clientId": uuid7(),
        "kind": "field_report",
        "category": "power_lighting",
        "text": "Đèn đường trước nhà văn hóa không sáng đã ba đêm",
        "commune": AN_XUYEN,
        "landmark": "Gần nhà văn hóa ấp",
        "contact": {"name": NAMES[who], "phone": PHONES[who]},
    }
    return {name: value for name, value in {**usual, **change}.items() if value is not None}


def keyed() -> dict[str, str]:
    """The header of a write that has not been sent before."""
    return {"idempotency-key": str(uuid.uuid4())}


async def posted(api: Api, who: str, body: dict[str, Any], **headers: str) -> httpx2.Response:
    """A report is sent; the answer."""
    return await api.call(who, "POST", "/v1/feedback", json=body, headers={**keyed(), **headers})


async def send(api: Api, who: str = "lan", **change: Any) -> str:
    """A citizen sends a report; answers its id."""
    answer = await posted(api, who, a_report(who, **change))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def staff(api: Api, who: str, feedback_id: str, step: str, **body: Any) -> httpx2.Response:
    """An official takes a step, as the console does; with `version`, on what they have seen."""
    seen = {"if-match": f'"{body.pop("version")}"'} if "version" in body else {}
    return await api.call(who, "POST", f"/v1/staff/feedback/{feedback_id}/{step}", json=body, headers=seen)


async def citizen(api: Api, who: str, feedback_id: str, step: str, **body: Any) -> httpx2.Response:
    """A citizen takes a step."""
    sent = {"json": body} if body else {}
    return await api.call(who, "POST", f"/v1/feedback/{feedback_id}/{step}", headers=keyed(), **sent)


async def seen(api: Api, feedback_id: str, who: str = "lan") -> dict[str, Any]:
    """What the citizen sees of it, in English."""
    answer = await api.get(who, f"/v1/feedback/{feedback_id}", headers={"accept-language": "en"})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


# How a report comes into each state, one step after the other: who, which step, with what.
WAYS: dict[str, list[tuple[str, str, dict[str, Any]]]] = {"received": []}
WAYS["classified"] = [*WAYS["received"], ("minh", "classify", {})]
WAYS["assigned"] = [*WAYS["classified"], ("minh", "assign", {"agency": CENTRE})]
WAYS["in_progress"] = [*WAYS["assigned"], ("hoa", "start", {})]
WAYS["awaiting_reporter"] = [*WAYS["in_progress"], ("hoa", "ask", {"publicText": QUESTION})]
WAYS["forwarded_external"] = [*WAYS["in_progress"], ("hoa", "forward", {"publicText": "Đã chuyển Điện lực xử lý theo phân cấp."})]
WAYS["submitted_for_approval"] = [*WAYS["in_progress"], ("hoa", "answer", {"publicText": ENOUGH, "whyNoPicture": NO_PICTURE})]
WAYS["answered"] = WAYS["submitted_for_approval"]
WAYS["reopened"] = [*WAYS["answered"], ("lan", "reopen", {"reason": "Đèn vẫn chưa sáng, xin xem lại"})]
WAYS["reopen_requested"] = [
    *WAYS["reopened"],
    ("hoa", "answer", {"publicText": ENOUGH, "whyNoPicture": NO_PICTURE}),
    ("lan", "reopen", {"reason": "Đèn vẫn chưa sáng, xin xem lại"}),
]
APPROVED = {"submitted_for_approval": "law_violation"}


async def in_state(api: Api, state: str, **change: Any) -> str:
    """A report of lan's at the centre that has come into this state."""
    if state in APPROVED:
        change = {"category": APPROVED[state], **change}
    feedback_id = await send(api, **change)
    for who, step, body in WAYS[state]:
        take = citizen if who == "lan" else staff
        answer = await take(api, who, feedback_id, step, **body)
        assert answer.status_code in (200, 201), (step, answer.text)
    return feedback_id


async def with_photo(api: Api) -> dict[str, str]:
    """A report of lan's at the centre with a file of theirs."""
    upload = (await uploaded(api, "lan", one_page_pdf("Giấy tờ"), "giay-to.pdf", purpose="feedback_report"))["id"]
    return {"feedback_id": await in_state(api, "assigned", uploads=[upload]), "upload_id": upload}


async def told(api: Api, who: str = "lan") -> dict[str, tuple[str, str]]:
    """What the citizen's inbox says of reports: message and link of each notice, by its id."""
    items = (await api.get(who, "/v1/inbox?limit=100")).json()["items"]
    return {item["id"]: (item["message"], item["link"]) for item in items}


# In which state a report has to be for each operation on it.
BEGINS = {
    "getFeedback": "answered",
    "replyFeedback": "awaiting_reporter",
    "withdrawFeedback": "received",
    "reopenFeedback": "answered",
    "rateFeedback": "answered",
    "followReport": "assigned",
    "unfollowReport": "assigned",
    "publishFeedback": "assigned",
    "unpublishFeedback": "assigned",
    "getStaffFeedback": "assigned",
    "addStaffNote": "assigned",
    "unmaskReporter": "assigned",
    "classifyFeedback": "received",
    "assignFeedback": "in_progress",
    "rejectFeedback": "classified",
    "redirectFeedback": "assigned",
    "mergeFeedback": "in_progress",
    "startFeedback": "assigned",
    "askReporter": "in_progress",
    "forwardFeedback": "in_progress",
    "takeBackFeedback": "forwarded_external",
    "answerFeedback": "in_progress",
    "approveAnswer": "submitted_for_approval",
    "sendBackAnswer": "submitted_for_approval",
    "decideReopening": "reopen_requested",
}
# Where the reports of these operations are: only what is at a place is shown to neighbours.
CONSENTED: dict[str, Any] = {"placeConsent": True, "placeConsentText": PURPOSES["precise_place"].text_version}
AT_A_PLACE = {"place": {"lat": 9.17682, "lon": 105.15242, "accuracy": 12}, **CONSENTED}
PLACED = {"followReport": AT_A_PLACE}
# What is known beforehand of one report: its id, and its code with the secret.
NEEDS = {"followFeedback", "mergeFeedback", "moveReports"}
GOES_ON, FOLLOWED, SECRET = "report-that-goes-on", codes.printed("00000000" + codes.check_character("00000000")), "23456789ABCDEFGH"


async def known_report(api: Api) -> None:
    """A report that is handled at the centre, under an id, a code and a secret that can be written into a table."""
    feedback = await in_state(api, "assigned")
    reports = api.parts.db["feedback"]
    row = await reports.find_one({"_id": feedback})
    assert row
    await reports.delete_many({"_id": {"$in": [feedback, GOES_ON]}})
    await reports.insert_one({**row, "_id": GOES_ON, "code": FOLLOWED, "follow_hash": codes.fingerprint(SECRET)})
