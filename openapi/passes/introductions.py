"""What an app says of itself with every request: which it is, and whom it speaks to (R-B6, R-B7).

Middleware looks at these headers, so there is no signature to read them off. Described once, named wherever they are looked at. A
generated client sets them once for all its calls, so the profile for generators goes without them (`openapi.sdk`).
"""

import copy

from openapi.document import Document, operations

LOCATION = "#/components/parameters/"
TOO_OLD = "426"
INTRODUCTIONS: Document = {
    "AcceptLanguage": {
        "name": "Accept-Language",
        "in": "header",
        "required": False,
        "schema": {"type": "string", "maxLength": 1024},
        "description": "The reader's language: `vi` (unless said), `en` or `km`; `label`, `title` and `detail` follow it.",
        "example": "vi",
    },
    "AppPlatform": {
        "name": "X-App-Platform",
        "in": "header",
        "required": False,
        "schema": {"type": "string", "maxLength": 20},
        "description": "`ios` or `android`: with it and `X-App-Version` a version that is no longer served hears so (426).",
        "example": "android",
    },
    "AppVersion": {
        "name": "X-App-Version",
        "in": "header",
        "required": False,
        "schema": {"type": "string", "maxLength": 40},
        "description": "The app's version, up to three numbers with dots between.",
        "example": "1.4.0",
    },
}


def introductions_are_said(document: Document) -> None:
    """The language everywhere, for every operation has problems to tell of; the app where one that is too old is sent away."""
    document["components"]["parameters"] = copy.deepcopy(INTRODUCTIONS)
    for _, _, operation in operations(document):
        said = ["AcceptLanguage", *(["AppPlatform", "AppVersion"] if TOO_OLD in operation["responses"] else [])]
        operation["parameters"] = [*operation.get("parameters", []), *({"$ref": LOCATION + name} for name in said)]


def introductions_gone(document: Document) -> None:
    """For generators, which would ask for them at every call."""
    del document["components"]["parameters"]
    for _, _, operation in operations(document):
        kept = [parameter for parameter in operation["parameters"] if not parameter.get("$ref", "").startswith(LOCATION)]
        operation["parameters"] = kept
        if not kept:
            del operation["parameters"]
