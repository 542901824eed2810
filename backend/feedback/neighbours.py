"""Which reports somebody else is offered before they send the same."""

from typing import Any

from backend.feedback.categories import CATEGORIES

# About people rather than about things: shown to nobody else before an officer has put it into words for everybody.
DELICATE = frozenset(code for code, category in CATEGORIES.items() if category.approval) | {"security_order"}


def open_to_neighbours() -> dict[str, Any]:
    """The filter of what somebody near by is offered: open, of a thing at a place, delicate only once it is public."""
    return {
        "open": True,
        "kind": {"$eq": "field_report"},
        "spot": {"$exists": True},
        "$or": [{"category": {"$nin": sorted(DELICATE)}}, {"public.at": {"$exists": True}}],
    }
