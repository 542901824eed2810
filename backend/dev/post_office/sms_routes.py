"""The SMS gateway: takes what fits the alphabet of telephones, counts segments, knows a reference again."""

import asyncio
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from backend.dev.post_office.faults import Fault
from backend.dev.post_office.office import PostOffice
from backend.dev.sockets import DROP_CONNECTION
from kernel.ids import derived_id
from notifications.channels.gsm7 import folded, segments

TOKEN = "sms-gateway-of-the-development-world"

Answer = Response[dict[str, Any] | bytes]


class Sms(msgspec.Struct, rename={"sender": "from"}, forbid_unknown_fields=True):
    """One text."""

    to: Annotated[str, msgspec.Meta(pattern="^84[0-9]{9}$")]
    sender: str
    text: str
    reference: str


@post("/sms/messages", status_code=202)
async def send_sms(request: Request[Any, Any, Any], data: JSONBody[Sms], office: NamedDependency[PostOffice]) -> Answer:
    """Send one."""
    if request.headers.get("authorization") != f"Bearer {TOKEN}":
        return Response({"error": "unauthorized"}, status_code=401)
    if folded(data.text) != data.text:
        return Response({"error": "not_gsm7"}, status_code=400)
    fault = office.faults.take("sms", "send", f"+{data.to}") or Fault(channel="sms")
    if fault.drop == "before":
        return await hang_up(request)
    answer = said(fault) if fault.code else _taken(data, office)
    return await hang_up(request) if fault.drop == "after" else answer


def _taken(sms: Sms, office: PostOffice) -> Answer:
    if known := office.references.get(sms.reference):
        return Response({"id": known, "error": "duplicate_reference"}, status_code=409)
    office.references[sms.reference] = name = derived_id("sms", sms.reference)
    parts, raw = segments(sms.text), msgspec.json.encode(sms).decode()
    title, to = f"{sms.sender} · {parts} SMS", f"+{sms.to}"
    office.journal.put(at=office.clock.now(), channel="sms", to=to, title=title, text=sms.text, raw=raw)
    return Response({"id": name, "segments": parts}, status_code=202)


def said(fault: Fault) -> Answer:
    """What the script says."""
    headers = {"retry-after": fault.retry_after} if fault.retry_after else {}
    content: Any = fault.body.encode() if fault.body is not None else {"error": fault.text or "as_you_wish"}
    return Response(content, status_code=fault.code or 200, headers=headers, media_type="application/json")


async def hang_up(request: Request[Any, Any, Any]) -> Answer:
    """Cut the connection; nobody reads the answer any more."""
    drop: Any = (request.scope.get("extensions") or {})[DROP_CONNECTION]
    drop()
    await asyncio.sleep(0)
    return Response({}, status_code=500)
