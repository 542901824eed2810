"""Who may act for a citizen: as what, with what, and for how long."""

from collections.abc import Collection
from datetime import timedelta
from typing import Literal, get_args

from auth.lifetimes import ACT_FOR
from kernel.http.access import ACT_FOR as ACT_FOR_SCOPE
from kernel.http.access import DOSSIERS, REPORTS
from kernel.principal import Principal

Relation = Literal["assistant", "proxy", "guardian"]
Scope = Literal["dossiers:read", "feedback:write"]

SCOPES: tuple[str, ...] = get_args(Scope)
assert set(SCOPES) == {DOSSIERS, REPORTS}
# The role of the community digital team in the staff directory.
ASSISTANT = "assistant"


def open_to(helper: Principal) -> tuple[Relation, ...]:
    """As what this caller may act for a citizen: an official in the role for it, or another citizen; nobody who already does."""
    if helper.acting is not None or helper.session_id is None:
        return ()
    if helper.kind == "staff":
        return ("assistant",) if ASSISTANT in helper.roles else ()
    return ("proxy", "guardian") if helper.kind == "citizen" else ()


def longest(relation: Relation) -> timedelta:
    """How long it may last at most."""
    return ACT_FOR[relation]


def scope_of(allowed: Collection[str]) -> str:
    """The scope of the helper's tokens."""
    return " ".join([ACT_FOR_SCOPE, *(scope for scope in SCOPES if scope in allowed)])
