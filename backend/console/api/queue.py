"""My work: the reports of my agencies, what is due first in front; filters are the address, so that a bookmark is a saved view."""

from urllib.parse import urlencode

from litestar import Controller, Response, get
from litestar.di import NamedDependency

from backend.agencies.queries import AgencyNames
from backend.console.api.edge import AS_PAGES, PAGE
from backend.console.pages import page
from backend.console.visit import TheVisit
from backend.feedback.categories import CATEGORIES
from backend.feedback.states import STATES
from kernel.http.access import everybody
from kernel.ids import new_id

FILTERS = ("state", "category", "agency", "unassigned")
PER_PAGE = "25"
# Whom the API lets move many at once; the page shows others no boxes to tick.
AT_A_DESK = ("dispatcher", "approver")
# Views most people want, by name; what they ask for is in their addresses.
VIEWS: tuple[tuple[str, dict[str, str]], ...] = (
    ("queue.view.open", {}),
    ("queue.view.new", {"state": "received"}),
    ("queue.view.unassigned", {"unassigned": "true"}),
    ("queue.view.approve", {"state": "submitted_for_approval"}),
    ("queue.view.reopened", {"state": "reopened"}),
    ("queue.view.answered", {"state": "answered"}),
)


class MyWork(Controller):
    """The first page."""

    path = "/console"
    guards = (everybody,)
    include_in_schema = False
    opt = PAGE
    exception_handlers = AS_PAGES

    @get("/", operation_id="showMyWork", summary="My work")
    async def queue(self, visit: TheVisit, agencies: NamedDependency[AgencyNames]) -> Response[str]:
        """One page of the queue; who works at a desk may tick many of it."""
        asked = visit.request.query_params
        wanted = {name: asked[name] for name in FILTERS if asked.get(name)}
        paged = {"cursor": asked["cursor"]} if asked.get("cursor") else {}
        found = await visit.get("/v1/staff/feedback", **wanted, **paged, limit=PER_PAGE)
        further = f"/console/?{urlencode({**wanted, 'cursor': found['nextCursor']})}" if "nextCursor" in found else ""
        language = visit.look.language
        return page(
            visit,
            "queue.html",
            items=found["items"],
            further=further,
            wanted=wanted,
            is_first=not paged,
            views=[(name, f"/console/?{urlencode(view)}" if view else "/console/", view == wanted) for name, view in VIEWS],
            states=[(name, state.words.said(language)) for name, state in STATES.items()],
            many=visit.may(*AT_A_DESK),
            key=new_id(),
            agencies=(await agencies.load()).listed(),
            categories=[(code, category.words.said(language)) for code, category in CATEGORIES.items()],
        )
