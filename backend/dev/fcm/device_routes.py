"""What a device, a person watching it, and a test ask of the simulator."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import msgspec
from litestar import Request, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.response import ServerSentEvent, ServerSentEventMessage

from backend.dev.fcm.alert import Platform
from backend.dev.fcm.device import Device, DeviceView, Event, Received
from backend.dev.fcm.faults import Fault
from backend.dev.fcm.journal import Entry
from backend.dev.fcm.simulator import Simulator
from backend.dev.loopback import from_this_machine
from kernel.errors import NotFound

HEARTBEAT_SECONDS = 15.0


class NewDevice(msgspec.Struct, forbid_unknown_fields=True):
    """A fresh installation of the app."""

    platform: Platform = "android"
    name: str = ""
    locale: str = "vi"


class NoSuchDevice(NotFound):
    """There is no such device; it may have been removed, or the simulator started anew."""

    vi = "Không có thiết bị này: có thể đã bị gỡ, hoặc máy chủ mô phỏng vừa khởi động lại."


@post("/devices", status_code=201, sync_to_thread=False)
def register_device(data: JSONBody[NewDevice], fcm: NamedDependency[Simulator]) -> DeviceView:
    """Install the app: the answer holds both kinds of target, `fid` and `token`."""
    device = Device(data.platform, data.name or data.platform, data.locale, fcm.now())
    fcm.devices.add(device)
    return device.view()


@get("/devices", sync_to_thread=False)
def list_devices(fcm: NamedDependency[Simulator]) -> list[DeviceView]:
    """Every device, oldest first."""
    return [device.view() for device in fcm.devices]


@get("/devices/{installation_id:str}", sync_to_thread=False)
def show_device(installation_id: FromPath[str], fcm: NamedDependency[Simulator]) -> DeviceView:
    """One device."""
    return _find(fcm, installation_id).view()


@delete("/devices/{installation_id:str}", sync_to_thread=False)
def remove_device(installation_id: FromPath[str], fcm: NamedDependency[Simulator]) -> None:
    """Uninstall the app: sends answer 404 UNREGISTERED from now on."""
    fcm.devices.remove(_find(fcm, installation_id))


@get("/devices/{installation_id:str}/messages", sync_to_thread=False)
def list_messages(installation_id: FromPath[str], fcm: NamedDependency[Simulator]) -> list[Received]:
    """What the device got, newest last; `visible` says which alerts are on its screen now."""
    return list(_find(fcm, installation_id).messages)


@get("/devices/{installation_id:str}/stream", sync_to_thread=False)
def stream_device(
    request: Request[Any, Any, Any], installation_id: FromPath[str], fcm: NamedDependency[Simulator], after: FromQuery[int] = 0
) -> ServerSentEvent:
    """Server-sent events of one device: `message` (as in its list) and `unregistered`.

    First comes what the device has kept, from the sequence number `after` on, then what happens. A browser that lost the connection
    sends the last number it saw (Last-Event-ID) and misses nothing, nor gets anything twice.
    """
    device = _find(fcm, installation_id)
    last_seen = request.headers.get("last-event-id", "")
    return ServerSentEvent(_device_events(fcm, device, int(last_seen) if last_seen.isdecimal() else after))


@get("/stream", sync_to_thread=False)
def stream_all(fcm: NamedDependency[Simulator]) -> ServerSentEvent:
    """Server-sent events of all devices, for the page."""
    return ServerSentEvent(_all_events(fcm))


@get("/service-account.json", guards=[from_this_machine], sync_to_thread=False)
def service_account(fcm: NamedDependency[Simulator]) -> dict[str, str]:
    """The file a sender signs in with."""
    return fcm.service_account


@get("/log", sync_to_thread=False)
def show_log(fcm: NamedDependency[Simulator]) -> list[Entry]:
    """Every request to Google's routes, oldest first, with its time and answer."""
    return list(fcm.journal.entries)


@delete("/log", sync_to_thread=False)
def clear_log(fcm: NamedDependency[Simulator]) -> None:
    """Begin a new page."""
    fcm.journal.entries.clear()


@post("/_control/faults", status_code=204, guards=[from_this_machine], sync_to_thread=False)
def arm_fault(data: JSONBody[Fault], fcm: NamedDependency[Simulator]) -> None:
    """Append a line to the script."""
    fcm.faults.arm(data)


@delete("/_control/faults", guards=[from_this_machine], sync_to_thread=False)
def clear_faults(fcm: NamedDependency[Simulator]) -> None:
    """Tear the script up."""
    fcm.faults.clear()


def _find(fcm: Simulator, installation_id: str) -> Device:
    device = fcm.devices.get(installation_id)
    if device is None:
        raise NoSuchDevice
    return device


async def _device_events(fcm: Simulator, device: Device, after: int) -> AsyncIterator[ServerSentEventMessage]:
    kept = [received for received in device.messages if received.sequence > after]
    async for event in _events(fcm):
        while kept:
            received = kept.pop(0)
            yield _sse("message", received, received.sequence)
        if event is None:
            yield ServerSentEventMessage(data=None, comment="here")
        elif event.installation_id == device.installation_id and event.kind != "registered":
            yield _sse(event.kind, event.received, event.received.sequence if event.received else None)


async def _all_events(fcm: Simulator) -> AsyncIterator[ServerSentEventMessage]:
    async for event in _events(fcm):
        yield ServerSentEventMessage(data=None, comment="here") if event is None else _sse(event.kind, event, None)


async def _events(fcm: Simulator) -> AsyncIterator[Event | None]:
    """What happens, as it happens; None at once and after every quiet quarter of a minute, to notice a dead connection."""
    with fcm.devices.watch() as queue:
        yield None
        while True:
            try:
                yield await asyncio.wait_for(queue.get(), HEARTBEAT_SECONDS)
            except TimeoutError:
                yield None


def _sse(kind: str, content: object, number: int | None) -> ServerSentEventMessage:
    return ServerSentEventMessage(event=kind, id=number, data=msgspec.json.encode(content))
