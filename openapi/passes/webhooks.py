"""What a phone gets pushed, as webhooks (R-C8): ids and localisation keys, not one personal word.

A push is a hint. The app takes `nid`, the id of the notice, from `data`, and reads the rest in the inbox; the words it shows at
once it has itself, under the localisation keys. So two pushes of one notice are one on the screen, and a lost push loses nothing.
"""

from openapi.document import JSON, SCHEMA, Document
from openapi.passes.push_schemas import ALERT, ANDROID, APPLE, data_schema, example_of, push_schema
from openapi.told import PushFacts, Told

DEEP_LINK = "^/[a-z-]+(/[A-Za-z0-9_-]+)*$"


def pushes_are_webhooks(document: Document, told: Told) -> None:
    """One webhook a message, with the schema of its data and what the channel does with it."""
    if not told.pushes:
        return
    schemas = document["components"]["schemas"]
    schemas |= {"AndroidAlert": ALERT, "AndroidPush": ANDROID, "ApplePush": APPLE}
    document["webhooks"] = {}
    for push in told.pushes:
        name = webhook_name(push.message)
        schema = name[0].upper() + name[1:]
        schemas[f"{schema}Data"] = data_schema(push)
        schemas[f"{schema}Push"] = push_schema(push, f"{schema}Data")
        document["webhooks"][name] = {"post": _webhook(push, name, f"{schema}Push")}


def webhook_name(message: str) -> str:
    """`dossier.result_ready` as operations are named: `dossierResultReady`."""
    first, *rest = message.replace(".", "_").split("_")
    return first + "".join(word.capitalize() for word in rest)


def _webhook(push: PushFacts, name: str, schema: str) -> Document:
    example = {"summary": push.title, "description": push.body, "value": example_of(push)}
    content = {"schema": {"$ref": SCHEMA + schema}, "examples": {push.category: example}}
    return {
        "operationId": f"on{name[0].upper()}{name[1:]}",
        "tags": ["Push"],
        "summary": push.title,
        "description": f"Pushed when: {push.body} Open the notice `nid` of the inbox and follow its `link`.",
        "security": [],
        "requestBody": {"required": True, "content": {JSON: content}},
        "responses": {"200": {"description": "A phone answers nothing; that a notice was read is told with `markNoticeRead`."}},
        "x-push": {
            "message": push.message,
            "titleKey": push.title_key,
            "bodyKey": push.body_key,
            "priority": "high" if push.urgent else "normal",
            "ttlSeconds": push.ttl_s,
            "collapseKey": "data.nid",
            "deepLink": {"from": "InboxEntry.link", "pattern": DEEP_LINK},
        },
    }
