"""Figures: how much there is, how late it is, how it was found. Counts only, and of what the official may see."""

from typing import Any

from litestar import Controller, Response, get

from backend.console import queries
from backend.console.api.edge import AS_PAGES, PAGE
from backend.console.pages import page
from backend.console.visit import TheVisit
from backend.feedback.categories import CATEGORIES
from backend.feedback.states import STATES
from kernel.http.access import everybody


class Figures(Controller):
    """Where we stand."""

    path = "/console/figures"
    guards = (everybody,)
    include_in_schema = False
    opt = PAGE
    exception_handlers = AS_PAGES

    @get("/", operation_id="showFigures", summary="Figures")
    async def show(self, visit: TheVisit) -> Response[str]:
        """States, categories, lateness, satisfaction; the response rate beside the score, without which a score says nothing."""
        found = await queries.figures(visit.reads, visit.official, visit.now)
        language = visit.look.language
        by_state = {row["_id"]: row["many"] for row in found["states"]}
        categories = sorted(found["categories"], key=lambda row: -row["many"])
        answered = _first(found["answered"]).get("many", 0)
        return page(
            visit,
            "figures.html",
            open=_first(found["open"]),
            states=[(name, state.words.said(language), by_state[name]) for name, state in STATES.items() if name in by_state],
            most=max(by_state.values(), default=1),
            categories=[(row, CATEGORIES[row["_id"]].words.said(language)) for row in categories if row["_id"] in CATEGORIES],
            answered=answered,
            ratings=_first(found["ratings"]),
        )


def _first(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return rows[0] if rows else {}
