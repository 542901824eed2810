"""What Firebase is given for a push, as schemas: strings, ids and localisation keys, and nothing besides."""

from openapi.document import SCHEMA, Document
from openapi.told import PushFacts

NOTICE = "6w1t8r3q5y0m2k7h4d9c1x6z8v"
WORDS = {"type": "string", "minLength": 1}


def data_schema(push: PushFacts) -> Document:
    """The data an app gets with a push of this message."""
    return {
        "type": "object",
        "description": f"The data of a push of `{push.message}`: strings, and no more than these.",
        "properties": {
            "nid": {
                **WORDS,
                "maxLength": 64,
                "description": "Id of the notice: `GET /v1/inbox` has it, with its words and its link.",
            },
            "category": {
                "type": "string",
                "enum": [push.category],
                "description": "Group of the message: the notification channel.",
            },
        },
        "required": ["nid", "category"],
        "additionalProperties": False,
    }


def push_schema(push: PushFacts, data: str) -> Document:
    """The whole message; `data` names the schema of its data."""
    return {
        "type": "object",
        "description": f"What Firebase is given for `{push.message}`, but for the address of the phone.",
        "properties": {
            "data": {"$ref": SCHEMA + data},
            "android": {"$ref": f"{SCHEMA}AndroidPush"},
            "apns": {"$ref": f"{SCHEMA}ApplePush"},
        },
        "required": ["data", "android", "apns"],
        "additionalProperties": False,
    }


def example_of(push: PushFacts) -> Document:
    """A push of this message, as Firebase is given it."""
    return {
        "data": {"nid": NOTICE, "category": push.category},
        "android": {
            "priority": "high" if push.urgent else "normal",
            "ttl": f"{push.ttl_s}s",
            "notification": {
                "title_loc_key": push.title_key,
                "body_loc_key": push.body_key,
                "tag": NOTICE,
                "channel_id": push.category,
                "visibility": "PRIVATE",
            },
        },
        "apns": {
            "headers": {
                "apns-priority": "10" if push.urgent else "5",
                "apns-push-type": "alert",
                "apns-collapse-id": NOTICE,
                "apns-expiration": "1782000000",
            },
            "payload": {
                "aps": {
                    "alert": {"title-loc-key": push.title_key, "loc-key": push.body_key},
                    "mutable-content": 1,
                    "thread-id": push.category,
                }
            },
        },
    }


def _object(description: str, properties: Document) -> Document:
    return {
        "type": "object",
        "description": description,
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


_KEY = {"type": "string", "pattern": "^[a-z0-9_]+_(title|body)$"}
ALERT = _object(
    "The words, by the keys under which the app has them in its own language files.",
    {
        "title_loc_key": {**_KEY, "description": "Key of the title."},
        "body_loc_key": {**_KEY, "description": "Key of the text."},
        "tag": {**WORDS, "description": "Id of the notice: a second push of it replaces the first."},
        "channel_id": {**WORDS, "description": "Notification channel: the category."},
        "visibility": {
            "type": "string",
            "enum": ["PRIVATE"],
            "description": "A locked screen says that there is something, not what.",
        },
    },
)
ANDROID = _object(
    "The part of a push for Android.",
    {
        "priority": {"type": "string", "examples": ["normal", "high"]},
        "ttl": {"type": "string", "pattern": "^[0-9]+(\\.[0-9]+)?s$", "description": "How long it may still arrive."},
        "notification": {"$ref": f"{SCHEMA}AndroidAlert"},
    },
)
APPLE = _object(
    "The part of a push for iOS.",
    {
        "headers": {"type": "object", "additionalProperties": {"type": "string"}, "description": "APNs headers, by name."},
        "payload": {"type": "object", "additionalProperties": True, "description": "The `aps` dictionary: alert keys, thread."},
    },
)
