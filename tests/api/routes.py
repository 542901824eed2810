"""The app's routes as data, so that a test can walk all of them and nobody has to keep a list."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from backend.agencies.actions.members import enrol
from backend.app.factory import create_app
from backend.app.parts import make_parts
from backend.dev.paper import one_page_pdf
from backend.dossiers.lookup import Secrets
from backend.privacy.actions.build_export import build_next
from backend.settings import Settings
from kernel.ids import new_id
from notifications.inbox.post import Notices
from notifications.notice import Notice
from tests.api.access_table import ANSWERS, ASKED, CALLERS, OPEN311, READY, bodies
from tests.support import georeport, reports
from tests.support.api import Api
from tests.support.callers import NUMBERS
from tests.support.feed import ago, event, new_code
from tests.support.officials import CENTRE
from tests.support.parts import LIMITED
from tests.support.tus import begun, uploaded

_PARAMETER = re.compile(r"\{(\w+):str\}")


@dataclass(frozen=True)
class Route:
    """One method of one address."""

    operation: str
    method: str
    path: str

    @property
    def parameters(self) -> list[str]:
        """Names of the path's blanks."""
        return _PARAMETER.findall(self.path)

    @property
    def who_may(self) -> str:
        """The first in the table who succeeds; empty where nobody has to be anybody."""
        who = next(who for who in CALLERS if ANSWERS[self.operation][who].isdigit())
        return "" if who == "nobody" else who

    def filled(self, values: dict[str, str]) -> str:
        """The path with its blanks filled."""
        return _PARAMETER.sub(lambda blank: values[blank[1]], self.path)


def routes_of(app: Litestar) -> list[Route]:
    """Every route, sorted. OPTIONS tells everybody the same, and HEAD what GET or its own test tells."""
    found = [
        Route(str(handler.operation_id), method, route.path)
        for route in app.routes
        for handler in getattr(route, "route_handlers", [])
        if isinstance(handler, HTTPRouteHandler)
        for method in handler.http_methods - {"OPTIONS", "HEAD"}
    ]
    return sorted(found, key=lambda route: (route.path, route.method))


# Looked at and never started: nothing is connected, so nothing has to be closed.
ROUTES = routes_of(create_app(make_parts(Settings())))


def body_of(route: Route) -> dict[str, Any]:
    """What to send along, as `Api.call` takes it; nothing where the route takes nothing."""
    body = bodies().get(route.operation)
    return body.sent if body else {}


async def own_things(api: Api, route: Route) -> dict[str, str]:
    """Fresh things of lan's for the blanks of this path."""
    makers = {
        "dossier_id": _DOSSIERS.get(route.operation, _dossier),
        "notice_id": _notice,
        "session_id": _session,
        "delegation_id": _delegation,
        "installation_id": _phone,
        "code": _agency if "directory" in route.path else _procedure,
        "member_id": _member,
        "request_id": _asked(route),
        "export_id": _export,
        "purpose": _purpose,
        "kind": _new_contact if route.operation == "enterContact" else _contact,
        "number": _first if "supplements" in route.path else _form,
        "upload_id": _ready_upload if "download" in route.operation else _upload,
    }
    if route.operation in reports.NEEDS:
        await reports.known_report(api)
    if "feedback_id" in route.parameters and "upload_id" in route.parameters:
        return await reports.with_photo(api)
    if route.operation == "downloadSupplied":
        return await _supplied_paper(api)
    if route.operation == "lookUpDossier":
        await _slip(api)
    if route.operation in OPEN311:
        return await georeport.named(api, route.operation)
    if "feedback_id" in route.parameters:
        placed = reports.PLACED.get(route.operation, {})
        return {"feedback_id": await reports.in_state(api, reports.BEGINS[route.operation], **placed)}
    return {name: await makers[name](api) for name in route.parameters}


async def _dossier(api: Api) -> str:
    return await api.told(event(new_code()))


async def _dossier_with_result(api: Api) -> str:
    dossier = await _dossier(api)
    assert (await api.publish("minh", dossier)).status_code == 201
    return dossier


async def _ended_dossier(api: Api) -> str:
    return await api.told(event(new_code(), "finished"))


async def _due_dossier(api: Api) -> str:
    return await api.told(event(new_code(), dueAt="2099-06-15T17:00:00+07:00"))


async def _soon_due_dossier(api: Api) -> str:
    return await api.told(event(new_code(), dueAt=ago(days=-20)))


async def _dossier_missing_papers(api: Api) -> str:
    dossier = await _dossier(api)
    asked = {"action": "request_papers", "reason": "Thiếu bản sao giấy tờ tùy thân", "items": ["Bản sao căn cước"]}
    assert (await api.call("hoa", "POST", f"/v1/staff/dossiers/{dossier}/transitions", json=asked)).status_code == 200
    READY["upload"] = await _ready_upload(api)
    return dossier


async def _slip(api: Api) -> None:
    READY["code"] = new_code()
    dossier = await api.told(event(READY["code"]))
    READY["secret"] = Secrets(api.parts.settings.key_secret.encode()).of(dossier)


async def _supplied_paper(api: Api) -> dict[str, str]:
    dossier = await _dossier_missing_papers(api)
    body = bodies()["supplyPapers"]
    answer = await api.call("lan", "POST", f"/v1/dossiers/{dossier}/supplements/1", json=body.json, headers=body.headers)
    assert answer.status_code == 200, answer.text
    return {"dossier_id": dossier, "file_id": answer.json()["supplements"][0]["items"][0]["files"][0]}


# In which situation a route finds its dossier, where any would not do.
_DOSSIERS = {
    "downloadResult": _dossier_with_result,
    "downloadStaffResult": _dossier_with_result,
    "getDeadlineFile": _due_dossier,
    "extendDeadline": _soon_due_dossier,
    "supplyPapers": _dossier_missing_papers,
    "rateDossier": _ended_dossier,
}


async def _notice(api: Api) -> str:
    lan = await api.parts.subjects.of(NUMBERS["lan"])
    return await Notices(api.parts.clock).post(Notice(lan, "dossier.accepted", {"code": "H12.13"}, "/dossiers/x", new_id()))


async def _session(api: Api) -> str:
    token = await api.callers.token("lan")
    answer = await api.get("", "/v1/me", headers={"authorization": f"Bearer {token}"})
    return str(answer.json()["sessionId"])


async def _delegation(api: Api) -> str:
    return str((await api.call("lan", "POST", "/v1/me/delegations", json=bodies()["allowHelp"].json)).json()["id"])


async def _phone(api: Api) -> str:
    installation = new_id()
    body = bodies()["registerPushTarget"].json
    assert (await api.call("lan", "PUT", f"/v1/push-targets/{installation}", json=body)).status_code == 200
    return installation


async def _erasure_request(api: Api) -> str:
    return str((await api.call("lan", "POST", "/v1/me/erasure-requests")).json()["id"])


def _asked(route: Route) -> Callable[[Api], Awaitable[str]]:
    if "data-requests" not in route.path:
        return _erasure_request
    return _acknowledged if route.operation == "fulfilDataRequest" else _data_request


async def _data_request(api: Api) -> str:
    asked = {"kind": "restriction", "wish": "Tạm ngừng"}
    return str((await api.call("lan", "POST", "/v1/me/data-requests", json=asked)).json()["id"])


async def _acknowledged(api: Api) -> str:
    request = await _data_request(api)
    await api.call("khoa", "POST", f"/v1/staff/data-requests/{request}/acknowledgement")
    return request


async def _export(api: Api) -> str:
    asked = await api.call("lan", "POST", "/v1/me/exports")
    await build_next(api.parts.privacy.holdings)
    return str(asked.json()["id"])


async def _upload(api: Api) -> str:
    return (await begun(api, "lan", 3)).rpartition("/")[2]


async def _ready_upload(api: Api) -> str:
    return (await uploaded(api, "lan", one_page_pdf("Giấy tờ"), "giay-to.pdf"))["id"]


async def _new_contact(_: Api) -> str:
    return "email"


async def _contact(api: Api) -> str:
    answer = await api.call("lan", "PUT", "/v1/me/contacts/email", json=bodies()["enterContact"].json)
    assert answer.status_code == 200, answer.text
    READY["contact_code"] = api.office.journal.among("email")[-1].title[-6:]
    return "email"


async def _purpose(_: Api) -> str:
    return ASKED


async def _form(_: Api) -> str:
    return "01"


async def _first(_: Api) -> str:
    return "1"


async def _agency(_: Api) -> str:
    return CENTRE


async def _member(_: Api) -> str:
    return (await enrol(f"{new_id()}@camau.gov.vn", "Cán bộ", agencies=[CENTRE], roles=["assistant"])).id


async def _procedure(_: Api) -> str:
    return LIMITED
