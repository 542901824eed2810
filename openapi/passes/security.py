"""Each operation says whether it needs a token, and whose."""

from openapi.document import Document, operations
from openapi.told import Told

SCHEMES = {
    "oauth": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "An access token (RFC 9068) from `/oauth/token`, ten minutes at most.",
    }
}


def security_is_explicit(document: Document, told: Told) -> None:
    """An empty list where nobody has to be anybody: silence would mean the same and look like an oversight."""
    document["components"]["securitySchemes"] = SCHEMES
    for _, _, operation in operations(document):
        kinds = list(told.callers.get(operation["operationId"], ()))
        operation["security"] = [{"oauth": []}] if kinds else []
        operation["x-callers"] = kinds or ["everybody"]
