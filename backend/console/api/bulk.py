"""The same step for the reports that were ticked in the queue: each has an outcome of its own."""

from typing import Any

from litestar import Controller, Response, post

from backend.console.api.edge import AS_PAGES, PAGE
from backend.console.pages import page
from backend.console.showing import ADDRESS
from backend.console.visit import TheVisit
from backend.console.wording import words
from kernel.http.access import everybody

BLANKS = {"assign": ("agency",), "classify": ("category", "urgency")}


class ManyReports(Controller):
    """Forty reports of one storm."""

    path = "/console/bulk"
    guards = (everybody,)
    include_in_schema = False
    opt = PAGE
    exception_handlers = AS_PAGES

    @post("/", operation_id="moveTickedReports", summary="The same step for many", status_code=200)
    async def move(self, visit: TheVisit) -> Response[str]:
        """What became of each; one that could not be moved says why, and stopped none of the others."""
        form = await visit.form()
        # A box says which report, and what people call it.
        ticked = dict(str(one).partition(" ")[::2] for one in form.get("ticked", []))
        if not ticked:
            return page(visit, "bulk.html", outcomes=[], nothing=words("bulk.nothing", visit.look.language), status=400)
        step = str(form.get("step", ""))
        body: dict[str, Any] = {"ids": list(ticked), "step": step}
        body |= {blank: str(form[blank]) for blank in BLANKS.get(step, ()) if form.get(blank)}
        told = await visit.post(f"{ADDRESS}/bulk", body, key=str(form.get("key", "")))
        outcomes = [{**one, "name": ticked[one["id"]] or one["id"]} for one in told["items"]]
        return page(visit, "bulk.html", outcomes=outcomes, nothing="")
