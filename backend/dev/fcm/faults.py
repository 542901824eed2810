"""Saying no on demand, as a script: the first armed fault that matches a request answers it, and is gone after `times` requests.

    match           what it applies to, every condition has to hold; left out: every message
      endpoint      send (when left out) | token
      device        an installationId        platform   android | ios | web
      fid, token    a target as sent         data       {"key": "value"} that the message's data must hold
    detail          INVALID_TOKEN (400, the target is at fault) | INVALID_ARGUMENT (400, the payload is) | UNAUTHENTICATED |
                    THIRD_PARTY_AUTH_ERROR | SENDER_ID_MISMATCH | PERMISSION_DENIED | UNREGISTERED | NOT_FOUND |
                    QUOTA_EXCEEDED (of the device) | RATE_LIMIT_EXCEEDED (of the project) | INTERNAL | UNAVAILABLE
    status          another HTTP status than the detail's, or one without any detail
    retryAfter      the Retry-After header, seconds or a date
    body            these very bytes instead of Google's JSON, for example an HTML page or {"error": "a string"}
    delayMs         wait that long first
    deliver         true: the message arrives although the answer says no
    dropConnection  before: close the connection, the message never arrives; after: it arrives, and its answer is lost
    times           how many requests; left out: until DELETE

A fault with none of detail, status, body and dropConnection only delays.
"""

from typing import Any, Literal

import msgspec

from backend.dev.fcm.device import Device
from backend.dev.fcm.message import Target
from backend.dev.fcm.rejection import BY_NAME, Rejection

Detail = Literal[
    "INVALID_TOKEN",
    "INVALID_ARGUMENT",
    "UNAUTHENTICATED",
    "THIRD_PARTY_AUTH_ERROR",
    "SENDER_ID_MISMATCH",
    "PERMISSION_DENIED",
    "UNREGISTERED",
    "NOT_FOUND",
    "QUOTA_EXCEEDED",
    "RATE_LIMIT_EXCEEDED",
    "INTERNAL",
    "UNAVAILABLE",
]


class Match(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a fault applies to."""

    endpoint: Literal["send", "token"] = "send"
    device: str | None = None
    platform: str | None = None
    fid: str | None = None
    token: str | None = None
    data: dict[str, str] = {}

    def holds(self, endpoint: str, message: Any, target: Target | None, device: Device | None) -> bool:
        data = (message.get("data") if isinstance(message, dict) else None) or {}
        return (
            self.endpoint == endpoint
            and (self.device is None or (device is not None and device.installation_id == self.device))
            and (self.platform is None or (device is not None and device.platform == self.platform))
            and (self.fid is None or target == Target("fid", self.fid))
            and (self.token is None or target == Target("token", self.token))
            and self.data.items() <= data.items()
        )


class Fault(msgspec.Struct, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """One line of the script."""

    match: Match = Match()
    detail: Detail | None = None
    status: int | None = None
    retry_after: str | None = None
    body: str | None = None
    delay_ms: int = 0
    deliver: bool = False
    drop_connection: Literal["before", "after"] | None = None
    times: int | None = None

    def answers(self) -> bool:
        """Whether it takes the place of the real answer."""
        return bool(self.detail or self.status or self.body is not None)

    def rejection(self) -> Rejection:
        """What it says."""
        named = BY_NAME[self.detail] if self.detail else Rejection(self.status or 200, "Simulated fault")
        return Rejection(self.status or named.status, named.message, named.details)


class Faults:
    """The script."""

    def __init__(self) -> None:
        self._script: list[Fault] = []

    def arm(self, fault: Fault) -> None:
        self._script.append(fault)

    def clear(self) -> None:
        self._script.clear()

    def take(self, endpoint: str, message: Any = None, target: Target | None = None, device: Device | None = None) -> Fault:
        """The line that applies to this request, used up by asking; one that does nothing when none does."""
        fault = next((line for line in self._script if line.match.holds(endpoint, message, target, device)), None)
        if fault is None:
            return Fault()
        if fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                self._script.remove(fault)
        return fault
