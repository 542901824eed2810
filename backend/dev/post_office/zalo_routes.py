"""Zalo: its token endpoint, and its notification service, which answers 200 whatever went wrong."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from backend.dev.post_office.faults import Fault
from backend.dev.post_office.office import PostOffice
from backend.dev.post_office.sms_routes import Answer, hang_up
from backend.dev.post_office.zalo_tokens import APP_ID, APP_SECRET, LIVES_S
from kernel.ids import new_id

TEMPLATE = "100001"


class Zns(msgspec.Struct, forbid_unknown_fields=True):
    """One message of a template."""

    phone: Annotated[str, msgspec.Meta(pattern="^84[0-9]{9}$")]
    template_id: str
    template_data: dict[str, str]
    tracking_id: Annotated[str, msgspec.Meta(max_length=48)]


@post("/zalo/v4/oa/access_token", status_code=200)
async def refresh(request: Request[Any, Any, Any], office: NamedDependency[PostOffice]) -> Answer:
    """Exchange a refresh token."""
    form = await request.form()
    fault = office.faults.take("zalo", "token") or Fault(channel="zalo")
    if fault.drop == "before":
        return await hang_up(request)
    if fault.code or fault.status or fault.body is not None:
        return _said(fault)
    if request.headers.get("secret_key") != APP_SECRET or form.get("app_id") != APP_ID:
        return _no(-14002, "Invalid app or secret")
    given = office.zalo.refresh(str(form.get("refresh_token")))
    if given is None:
        return _no(-14014, "Invalid refresh token")
    if fault.drop == "after":
        return await hang_up(request)
    # As a text: so does Zalo.
    return Response({"access_token": given[0], "refresh_token": given[1], "expires_in": str(LIVES_S)})


@post("/zalo/message/template", status_code=200)
async def send_zns(request: Request[Any, Any, Any], data: JSONBody[Zns], office: NamedDependency[PostOffice]) -> Answer:
    """Send one."""
    if not office.zalo.takes(request.headers.get("access_token", "")):
        return _no(-124, "Access token invalid")
    if data.template_id != TEMPLATE or set(data.template_data) != {"title"}:
        return _no(-112, "Template data invalid")
    fault = office.faults.take("zalo", "send", f"+{data.phone}") or Fault(channel="zalo")
    if fault.drop == "before":
        return await hang_up(request)
    answer = _said(fault) if fault.code or fault.status or fault.body is not None else _taken(data, office)
    return await hang_up(request) if fault.drop == "after" else answer


def _taken(zns: Zns, office: PostOffice) -> Answer:
    name, raw = new_id(), msgspec.json.encode(zns).decode()
    text = f"{zns.template_data['title']}\nMở ứng dụng Một Cửa để xem."
    office.journal.put(at=office.clock.now(), channel="zalo", to=f"+{zns.phone}", title="Một Cửa", text=text, raw=raw)
    return Response({"error": 0, "message": "Success", "data": {"msg_id": name, "sent_time": "0"}})


def _said(fault: Fault) -> Answer:
    if fault.body is not None:
        return Response(fault.body.encode(), status_code=fault.status or 200, media_type="application/json")
    return Response({"error": fault.code, "message": fault.text or "As you wish"}, status_code=fault.status or 200)


def _no(code: int, message: str) -> Answer:
    return Response({"error": code, "message": message})
