"""What is written by hand because no signature says it: bodies that are read as bytes, headers a handler sets by itself.

A file of `openapi/overlays` tells of operations by their operationId; what it says is laid over what was generated.
"""

from collections.abc import Mapping
from typing import Any

from openapi.document import Document, operations


def laid_over(document: Document, overlays: Mapping[str, Any]) -> None:
    """Objects are merged, anything else is replaced; parameters go by their name."""
    for _, _, operation in operations(document):
        if operation["operationId"] in overlays:
            _lay(operation, overlays[operation["operationId"]])


def _lay(under: Document, over: Mapping[str, Any]) -> None:
    for name, value in over.items():
        if name == "parameters":
            hidden = {parameter["name"] for parameter in value}
            under[name] = [p for p in under.get(name, []) if p.get("name") not in hidden] + list(value)
        elif isinstance(value, dict) and isinstance(under.get(name), dict):
            _lay(under[name], value)
        else:
            under[name] = value
