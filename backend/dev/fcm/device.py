"""Devices: app installations that receive messages, keep the last two hundred, and show them to whoever watches."""

import asyncio
import base64
import secrets
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import msgspec

from backend.dev.fcm.alert import Alert, Platform, drawn
from backend.dev.fcm.message import Target
from kernel.ids import new_id

KEPT = 200


class Received(msgspec.Struct, rename="camel"):
    """One message on one device."""

    sequence: int
    message_id: str
    received_at: datetime
    message: dict[str, Any]
    alert: Alert | None
    visible: bool
    """Whether its alert is on the screen: false for a data message, and once a later alert has replaced it."""


class DeviceView(msgspec.Struct, rename="camel"):
    """A device as the outside sees it."""

    installation_id: str
    platform: Platform
    name: str
    locale: str
    fid: str
    token: str
    registered_at: datetime
    received: int


class Event(msgspec.Struct, rename="camel"):
    """Something a watcher hears."""

    kind: str
    """registered | message | unregistered"""
    installation_id: str
    received: Received | None = None


class Device:
    """One installation of the app."""

    def __init__(self, platform: Platform, name: str, locale: str, at: datetime) -> None:
        self.installation_id = new_id()
        self.platform: Platform = platform
        self.name = name
        self.locale = locale
        self.fid = _new_fid()
        self.token = f"{self.fid}:APA91b{secrets.token_urlsafe(100)}"
        self.registered_at = at
        self.messages: deque[Received] = deque(maxlen=KEPT)
        self._count = 0

    def receive(self, message_id: str, message: dict[str, Any], at: datetime) -> Received:
        """Keep a message and draw its alert in the place of the one it replaces."""
        alert = drawn(message, self.platform)
        if alert and alert.replaces:
            for earlier in self.messages:
                if earlier.alert and earlier.alert.replaces == alert.replaces:
                    earlier.visible = False
        self._count += 1
        received = Received(self._count, message_id, at, message, alert, visible=alert is not None)
        self.messages.append(received)
        return received

    def view(self) -> DeviceView:
        return DeviceView(
            self.installation_id, self.platform, self.name, self.locale, self.fid, self.token, self.registered_at, self._count
        )


class Devices:
    """All of them, and those who watch."""

    def __init__(self) -> None:
        self._by_id: dict[str, Device] = {}
        self._watchers: set[asyncio.Queue[Event]] = set()

    def __iter__(self) -> Iterator[Device]:
        return iter(self._by_id.values())

    def get(self, installation_id: str) -> Device | None:
        return self._by_id.get(installation_id)

    def of(self, target: Target) -> Device | None:
        """The device a token or an installation id leads to."""
        return next((device for device in self if target.value == (device.fid if target.kind == "fid" else device.token)), None)

    def add(self, device: Device) -> None:
        self._by_id[device.installation_id] = device
        self.tell(Event("registered", device.installation_id))

    def remove(self, device: Device) -> None:
        """The app is uninstalled."""
        del self._by_id[device.installation_id]
        self.tell(Event("unregistered", device.installation_id))

    def tell(self, event: Event) -> None:
        for watcher in self._watchers:
            watcher.put_nowait(event)

    @contextmanager
    def watch(self) -> Iterator[asyncio.Queue[Event]]:
        """Everything that happens inside the block."""
        queue: asyncio.Queue[Event] = asyncio.Queue()
        self._watchers.add(queue)
        try:
            yield queue
        finally:
            self._watchers.discard(queue)


def _new_fid() -> str:
    """An installation id as Firebase makes it: 17 random bytes, the first four bits 0111, as 22 characters of base64url."""
    first, *rest = secrets.token_bytes(17)
    raw = bytes([0b0111_0000 | first & 0b0000_1111, *rest])
    return base64.urlsafe_b64encode(raw).decode()[:22]
