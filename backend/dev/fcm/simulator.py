"""The simulator behind the routes: one project, its service account, its devices, and what is to go wrong."""

import asyncio
import secrets
import uuid
from datetime import datetime
from typing import Any

from backend.dev.fcm import rejection
from backend.dev.fcm.accounts import ServiceAccount
from backend.dev.fcm.app_check import AppCheck
from backend.dev.fcm.device import Device, Devices, Event
from backend.dev.fcm.faults import Fault, Faults
from backend.dev.fcm.journal import Entry, Journal
from backend.dev.fcm.message import check
from kernel.clock import Clock, SystemClock

PROJECT = "motcua-dev"


class FaultAnswers(Exception):
    """A fault answers in place of the truth."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.detail or str(fault.status))
        self.fault = fault


class ConnectionDropped(Exception):
    """The answer is to close the connection."""


class Simulator:
    """State in memory, for the life of the process. `base_url` is the address it will be served at, without a slash at its end."""

    def __init__(self, base_url: str, *, project: str = PROJECT, debug_token: str = "", clock: Clock | None = None) -> None:
        self.base_url = base_url
        self.project = project
        self.account = ServiceAccount(base_url, project)
        self.app_check = AppCheck(project, debug_token or str(uuid.uuid4()))
        self.devices = Devices()
        self.faults = Faults()
        self.journal = Journal()
        self._clock = clock or SystemClock()

    @property
    def send_url(self) -> str:
        """For `firebase_admin.messaging._MessagingService.FCM_URL`, to be set before the first message."""
        return f"{self.base_url}/v1/projects/{{0}}/messages:send"

    @property
    def service_account(self) -> dict[str, str]:
        """For `firebase_admin.credentials.Certificate`."""
        return self.account.file()

    def now(self) -> datetime:
        return self._clock.now()

    async def send(self, project: str, authorization: str | None, request: Any, entry: Entry) -> str:
        """Take one message: the name FCM gives it.

        Raises:
            Rejection: it is not taken.
            FaultAnswers, ConnectionDropped: as a test has asked for.
        """
        if not self.account.accepts(authorization, self.now()):
            raise rejection.unauthenticated()
        if project != self.project:
            raise rejection.wrong_project(project)
        if not isinstance(request, dict):
            raise rejection.Rejection(400, "Invalid JSON payload received.")
        message: dict[str, Any] = request.get("message", {})
        target = check(message)
        device = self.devices.of(target)
        entry.kind, entry.target = target.kind, target.value
        entry.installation_id = device.installation_id if device else None
        fault = self.faults.take("send", message, target, device)
        await before_arrival(fault)
        if device is None and target.kind in {"token", "fid"}:
            raise rejection.unregistered()
        entry.message_id = f"projects/{project}/messages/0:{secrets.token_hex(8)}"
        if device and not request.get("validate_only"):
            self._deliver(device, entry.message_id, message)
        after_arrival(fault)
        return entry.message_id

    def _deliver(self, device: Device, message_id: str, message: dict[str, Any]) -> None:
        received = device.receive(message_id, message, self.now())
        self.devices.tell(Event("message", device.installation_id, received))


async def before_arrival(fault: Fault) -> None:
    """What a fault does to a message on its way."""
    await asyncio.sleep(fault.delay_ms / 1000)
    if fault.drop_connection == "before":
        raise ConnectionDropped
    if fault.answers() and not fault.deliver:
        raise FaultAnswers(fault)


def after_arrival(fault: Fault) -> None:
    """What a fault does to the answer."""
    if fault.drop_connection == "after":
        raise ConnectionDropped
    if fault.answers():
        raise FaultAnswers(fault)
