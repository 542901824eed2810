"""What a device draws of a message: the alert, and which earlier alert it replaces. Pure."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

Platform = Literal["android", "ios", "web"]


class Alert(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """What a person sees on a locked phone. Localisation keys are as sent: the app on the device has the texts."""

    title: str | None = None
    body: str | None = None
    title_loc_key: str | None = None
    title_loc_args: list[str] | None = None
    body_loc_key: str | None = None
    body_loc_args: list[str] | None = None
    replaces: str | None = None
    """Android tag, apns-collapse-id or web tag: of all alerts with the same one only the last is visible."""


def drawn(message: Mapping[str, Any], platform: Platform) -> Alert | None:
    """The alert on such a device; None for a message that only wakes the app."""
    shared = _part(message, "notification")
    if platform == "ios":
        return _on_ios(shared, _part(message, "apns"))
    own = _part(_part(message, "android" if platform == "android" else "webpush"), "notification")
    if not shared and not own:
        return None
    both = {**shared, **own}
    return Alert(
        title=both.get("title"),
        body=both.get("body"),
        title_loc_key=_either(own, "title_loc_key", "titleLocKey"),
        title_loc_args=_either(own, "title_loc_args", "titleLocArgs"),
        body_loc_key=_either(own, "body_loc_key", "bodyLocKey"),
        body_loc_args=_either(own, "body_loc_args", "bodyLocArgs"),
        replaces=own.get("tag"),
    )


def _on_ios(shared: Mapping[str, Any], apns: Mapping[str, Any]) -> Alert | None:
    alert = _part(_part(apns, "payload"), "aps").get("alert")
    own: Mapping[str, Any] = {"body": alert} if isinstance(alert, str) else alert or {}
    if not shared and not own:
        return None
    return Alert(
        title=own.get("title", shared.get("title")),
        body=own.get("body", shared.get("body")),
        title_loc_key=own.get("title-loc-key"),
        title_loc_args=own.get("title-loc-args"),
        body_loc_key=own.get("loc-key"),
        body_loc_args=own.get("loc-args"),
        replaces=_part(apns, "headers").get("apns-collapse-id"),
    )


def _part(message: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = message.get(name)
    return part if isinstance(part, dict) else {}


def _either(part: Mapping[str, Any], *names: str) -> Any:
    """JSON of a protocol buffer may spell a field either way."""
    return next((part[name] for name in names if name in part), None)
