"""What is new in the contract since the last release, for openapi/CHANGELOG.md: read off the difference, breaking nobody (R-C4)."""

import json
import re
from collections import defaultdict

from backend.app.factory import create_app
from backend.app.openapi import contract
from backend.app.parts import make_parts
from backend.settings import Settings
from openapi.changes import Change, changes
from openapi.document import Document, operations
from tests.architecture.house import ROOT

RELEASED = ROOT / "openapi" / "released" / "openapi.json"
# What is new at more operations than this is counted and not named.
NAMED = 4
_OPERATION = re.compile(r"(?P<operation>[A-Z]+ /\S*)(?: (?P<place>.+))?")


def released() -> Document:
    """The contract of the last release."""
    return dict(json.loads(RELEASED.read_bytes()))


def present() -> Document:
    """The contract as the code has it."""
    return contract(create_app(make_parts(Settings())))


def render() -> str:
    """New operations with their summaries, new pushes, then what came to operations that were there."""
    document = present()
    summaries = {f"{method.upper()} {path}": operation["summary"] for path, method, operation in operations(document)}
    new, pushes, elsewhere = [], [], defaultdict[str, list[str]](list)
    for change in (change for change in changes(released(), document) if not change.breaking):
        operation, place = _parted(change)
        if operation is None:
            pushes.append(f"- `{change}`")
        elif place is None and change.what == "added":
            new.append(f"- `{operation}` {summaries[operation]}")
        else:
            elsewhere[f"`{place or 'the operation'}: {change.what}`"].append(operation)
    known = [_where(what, sorted(set(where))) for what, where in sorted(elsewhere.items())]
    parts = [("New operations", new), ("New pushes", pushes), ("New at operations that were there", known)]
    return "\n\n".join("\n".join([f"### {heading}", "", *lines]) for heading, lines in parts)


def _parted(change: Change) -> tuple[str | None, str | None]:
    found = _OPERATION.fullmatch(change.where)
    if found is None or found["operation"].startswith("PUSH"):
        return None, None
    return found["operation"], found["place"]


def _where(what: str, where: list[str]) -> str:
    named = ", ".join(f"`{operation}`" for operation in where) if len(where) <= NAMED else f"{len(where)} operations"
    return f"- {what} at {named}"
