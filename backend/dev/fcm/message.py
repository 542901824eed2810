"""What a message must be before FCM takes it: the SDK lets through what FCM refuses (reserved keys, too many bytes)."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from backend.dev.fcm.rejection import Rejection, bad_payload, bad_target

Kind = Literal["token", "fid", "topic", "condition"]
KINDS: tuple[Kind, ...] = ("token", "fid", "topic", "condition")
FIELDS = {*KINDS, "name", "data", "notification", "android", "apns", "webpush", "fcmOptions", "fcm_options"}

MAX_BYTES = 4096
MAX_TOPIC_BYTES = 2048
MAX_TTL_SECONDS = 2_419_200
MAX_COLLAPSE_ID_BYTES = 64

# FCM reference, Message.data: 'The key should not be a reserved word ("from", "message_type", or any word starting with "google."
# or "gcm.notification.")'; the guide widens that to every word starting with "google" or "gcm", and so do we.
RESERVED = re.compile(r"from|message_type|collapse_key|google.*|gcm.*")
# An installation id is 17 bytes whose first four bits are 0111, as base64url.
FID = re.compile(r"[c-f][A-Za-z0-9_-]{21}")
TOKEN = re.compile(r"[A-Za-z0-9_-]+:APA91b[A-Za-z0-9_-]{20,}")
TOPIC = re.compile(r"[a-zA-Z0-9-_.~%]+")
DURATION = re.compile(r"(\d+)(\.\d{1,9})?s")


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a message is for."""

    kind: Kind
    value: str


def check(message: Any) -> Target:
    """The target of a well-formed message.

    Raises:
        Rejection: 400, with the detail that says whether the target or the payload is at fault.
    """
    if not isinstance(message, dict):
        raise bad_payload("message", "Message is not set.")
    if unknown := sorted(set(message) - FIELDS):
        description = f"Invalid JSON payload received. Unknown name \"{unknown[0]}\" at 'message': Cannot find field."
        raise bad_payload("message", description)
    target = _target(message)
    _check_data(message.get("data"), "message.data")
    _check_android(message.get("android"))
    _check_apns(message.get("apns"))
    limit = MAX_BYTES if target.kind in {"token", "fid"} else MAX_TOPIC_BYTES
    if size(message) > limit:
        raise bad_payload("message", f"Message is too big: at most {limit} bytes are allowed.")
    return target


def size(message: Mapping[str, Any]) -> int:
    """Bytes of what would reach the device with the larger payload: keys and values of the data, and what is drawn."""
    shared = _data_bytes(message.get("data")) + _json_bytes(message.get("notification"))
    android, apns = _part(message, "android"), _part(message, "apns")
    for_android = _data_bytes(android.get("data")) + _json_bytes(android.get("notification"))
    return shared + max(for_android, _json_bytes(apns.get("payload")))


def _target(message: Mapping[str, Any]) -> Target:
    given = [kind for kind in KINDS if message.get(kind)]
    if len(given) != 1:
        raise bad_payload("message", "Exactly one of token, fid, topic and condition has to be set.")
    kind, value = given[0], message[given[0]]
    form = {"token": TOKEN, "fid": FID, "topic": TOPIC}.get(kind)
    if not isinstance(value, str):
        raise bad_payload(f"message.{kind}", "Invalid value (TYPE_STRING)")
    if form and not form.fullmatch(value):
        raise _malformed(kind)
    return Target(kind, value)


def _malformed(kind: Kind) -> Rejection:
    return bad_payload("message.topic", "Malformed topic name") if kind == "topic" else bad_target()


def _check_data(data: Any, where: str) -> None:
    if data is None:
        return
    if not isinstance(data, dict):
        raise bad_payload(where, "Invalid value (a map of strings is expected)")
    for key, value in data.items():
        if not isinstance(value, str):
            raise bad_payload(f"{where}[{key}]", f"Invalid value at '{where}[{key}]' (TYPE_STRING)")
        if RESERVED.fullmatch(key):
            raise bad_payload(f"{where}.{key}", f"Invalid data payload key: {key}")


def _check_android(android: Any) -> None:
    if android is None:
        return
    if not isinstance(android, dict):
        raise bad_payload("message.android", "Invalid value")
    _check_data(android.get("data"), "message.android.data")
    if (ttl := android.get("ttl")) is not None:
        seconds = DURATION.fullmatch(str(ttl))
        if not seconds or int(seconds[1]) > MAX_TTL_SECONDS:
            raise bad_payload("message.android.ttl", f"Invalid TTL: 0 to {MAX_TTL_SECONDS} seconds are allowed")
    if str(android.get("priority", "normal")).lower() not in {"normal", "high"}:
        raise bad_payload("message.android.priority", "Invalid value at 'message.android.priority'")


def _check_apns(apns: Any) -> None:
    if apns is None:
        return
    headers = apns.get("headers", {}) if isinstance(apns, dict) else None
    if not isinstance(headers, dict) or not all(isinstance(value, str) for value in headers.values()):
        raise bad_payload("message.apns.headers", "Invalid value (a map of strings is expected)")
    if headers.get("apns-priority", "10") not in {"5", "10"}:
        raise bad_payload("message.apns.headers", "Invalid apns-priority")
    if len(headers.get("apns-collapse-id", "").encode()) > MAX_COLLAPSE_ID_BYTES:
        raise bad_payload("message.apns.headers", f"apns-collapse-id is longer than {MAX_COLLAPSE_ID_BYTES} bytes")


def _part(message: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = message.get(name)
    return part if isinstance(part, dict) else {}


def _data_bytes(data: Any) -> int:
    return sum(len(key.encode()) + len(value.encode()) for key, value in (data or {}).items())


def _json_bytes(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()) if value else 0
